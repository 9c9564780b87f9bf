//! Greeting, signing in, the channel and its states.

use serde_json::{Value, json};

use super::{Script, r};
use crate::harmony::message::Message;

/// The ID of an agent that does not exist.
const NOBODY: &str = "conform-nobody";

/// A channel of the run's session.
pub(super) struct Channel {
    pub(super) target: String,
    pub(super) kind: String,
    /// A reason that `notready` accepts.
    reason: String,
}

impl Script<'_> {
    fn control(&self) -> String {
        format!("{}.CONTROL", self.client.agent.processor)
    }

    pub(super) async fn greets(&mut self) -> Option<()> {
        let control = self.control();
        match self.peer.stray(&mut self.findings).await {
            None => self.findings.held(r::SILENT_START),
            Some(early) => {
                self.findings.check(r::SILENT_START, false, "nothing before the first request", &early.bytes);
            }
        }
        let findings = &mut self.findings;
        // A frame without a message comes before the first request.
        self.peer.bytes(&[0; 4]).await;
        self.peer.done(findings, r::STATUS, "control.request.status", &control, json!({})).await?;
        findings.held(r::EMPTY_FRAME);
        let status = self.peer.event(findings, r::STATUS, "control.status", &control).await?;
        let started = status.value("status") == "STARTED";
        findings.check(r::STARTED, started, "status = STARTED", &status.bytes);
        let name = "control.query.capabilities";
        self.peer.done(findings, r::CAPABILITIES, name, &control, json!({})).await?;
        self.peer.fails(findings, r::UNKNOWN_NAME, "control.request.conform", &control, json!({})).await?;
        let other = format!("{}.conform", self.client.agent.processor);
        self.peer.fails(findings, r::UNKNOWN_TARGET, "session.query.init", &other, json!({})).await?;
        Some(())
    }

    /// Creates the session of the agent. Returns its target.
    pub(super) async fn signs_in(&mut self) -> Option<String> {
        let (control, agent) = (self.control(), self.client.agent.clone());
        let findings = &mut self.findings;
        let name = "control.query.validateagent";
        let wrong = json!({ "id": agent.id, "password": "conform-wrong" });
        let text = self.peer.fails(findings, r::INVALID, name, &control, wrong).await?;
        let nobody = json!({ "id": NOBODY, "password": "conform-wrong" });
        let other = self.peer.fails(findings, r::INVALID, name, &control, nobody).await?;
        // The text may repeat the ID that was sent.
        let expected = text.replace(&agent.id, NOBODY);
        findings.check(r::SAME_TEXT, expected == other, &expected, other.as_bytes());
        let right = json!({ "id": agent.id, "password": agent.password });
        self.peer.done(findings, r::VALID, name, &control, right).await?;
        let request = json!({ "id": agent.id });
        let info =
            self.peer.done(findings, r::AGENT_INFO, "control.query.agentinfo", &control, request).await?;
        let same = info.value("id") == agent.id;
        findings.check(r::AGENT_INFO, same, &format!("id = {}", agent.id), &info.bytes);
        let target = format!("{}.s1", agent.processor);
        let who = json!({ "id": agent.id, "password": agent.password, "extension": agent.extension });
        let body = json!({ "id": "s1", "agent": who, "target": target });
        let name = "control.request.createsession";
        self.peer.creates(&target);
        let made = self.peer.done(findings, r::SESSION, name, &control, body).await?;
        findings.check(r::SESSION, !made.value("nativeid").is_empty(), "nativeid", &made.bytes);
        Some(target)
    }

    /// Initializes the session, its first group and its telephony channel.
    pub(super) async fn opens_channel(&mut self, session: &str) -> Option<Channel> {
        let findings = &mut self.findings;
        let media = json!({ "chat": false, "email": false, "callback": false });
        let init = self.peer.done(findings, r::SESSION_INIT, "session.query.init", session, media).await?;
        let group = &init.body["channel-groups"][0];
        let listed = group["id"].is_string() && group["channels"].is_array();
        findings.check(r::SESSION_INIT, listed, "channel-groups with id and channels", &init.bytes);
        let target = format!("{session}.g1");
        self.peer.creates(&target);
        let body = json!({ "id": "g1", "nativeid": group["id"], "target": target });
        let name = "session.request.createchannelgroup";
        let created = self.peer.request(findings, r::GROUP_INIT, name, session, body).await?;
        if !created.succeeded() {
            findings.check(r::GROUP_INIT, false, "SUCCESS to createchannelgroup", &created.bytes);
            return None;
        }
        let init =
            self.peer.done(findings, r::GROUP_INIT, "channelgroup.query.init", &target, json!({})).await?;
        let channels = init.body["channels"].as_array().cloned().unwrap_or_default();
        let whole = |one: &Value| one["end-point"].is_string() && one["type"].is_string();
        let listed = !channels.is_empty() && channels.iter().all(whole);
        findings.check(r::GROUP_INIT, listed, "channels with end-point and type", &init.bytes);
        self.creates_channel(&target, channels.first()?).await
    }

    async fn creates_channel(&mut self, group: &str, listed: &Value) -> Option<Channel> {
        let findings = &mut self.findings;
        let (target, kind) = (format!("{group}.c1"), listed["type"].as_str()?.to_owned());
        self.peer.creates(&target);
        let body = json!({ "id": "c1", "nativeid": listed["end-point"], "type": kind, "target": target });
        let name = "channelgroup.request.createchannel";
        self.peer.done(findings, r::CHANNEL_INIT, name, group, body).await?;
        let init =
            self.peer.done(findings, r::CHANNEL_INIT, "channel.query.init", &target, json!({})).await?;
        let state = init.value("login-state");
        let whole =
            ["INACTIVE", "UNAVAILABLE", "ACTIVE"].contains(&state) && init.body["interactions"].is_array();
        findings.check(r::CHANNEL_INIT, whole, "login-state and interactions", &init.bytes);
        if state == "INACTIVE" {
            let options = json!({ "options": {} });
            self.causes(r::ACTIVATED, "channel.request.activate", &target, options, "channel.activated")
                .await?;
        } else {
            self.findings.not_reached(&[r::ACTIVATED], &format!("the channel was {state}"));
        }
        let reason = init.body["reasons"][0]["code"].as_str().unwrap_or_default().to_owned();
        Some(Channel { target, kind, reason })
    }

    /// A request that causes an event of the same object. The event follows the response.
    pub(super) async fn causes(
        &mut self,
        of: &'static crate::Requirement,
        name: &str,
        target: &str,
        body: Value,
        event: &str,
    ) -> Option<Message> {
        let findings = &mut self.findings;
        let before = self.peer.has_event(event, target);
        let response = self.peer.done(findings, of, name, target, body).await?;
        if !before {
            let early = self.peer.has_event(event, target);
            let expected = format!("{event} after the response to {name}");
            findings.check(r::AFTER, !early, &expected, &response.bytes);
        }
        self.peer.event(findings, of, event, target).await
    }

    pub(super) async fn changes_state(&mut self, channel: &Channel) -> Option<()> {
        let target = &channel.target;
        // A repeated request is answered again and not done again.
        let (id, bytes) = self.peer.write("cti.request", "channel.request.ready", target, &json!({}));
        self.peer.repeat(&id, &bytes).await;
        let name = "channel.request.ready";
        let first = self.peer.response(&mut self.findings, r::READY, name, &id).await?;
        self.findings.check(r::READY, first.succeeded(), "SUCCESS", &first.bytes);
        let early = self.peer.has_event("channel.ready", target);
        self.findings.check(
            r::AFTER,
            !early,
            "channel.ready after the response to its request",
            &first.bytes,
        );
        self.peer.event(&mut self.findings, r::READY, "channel.ready", target).await?;
        self.peer.repeat(&id, &bytes).await;
        if let Some(again) = self.peer.response(&mut self.findings, r::AGAIN, name, &id).await {
            let same = first.body == again.body && again.succeeded();
            let expected = String::from_utf8_lossy(&first.bytes).into_owned();
            self.findings.check(r::AGAIN, same, &expected, &again.bytes);
        }
        let reason = json!({ "reason": channel.reason });
        self.causes(r::NOT_READY, "channel.request.notready", target, reason, "channel.notready").await?;
        self.causes(r::READY, name, target, json!({}), "channel.ready").await?;
        Some(())
    }

    pub(super) async fn signs_out(&mut self, session: &str) -> Option<()> {
        let reason = json!({ "reason": "" });
        self.peer.done(&mut self.findings, r::LOGOUT, "session.request.logout", session, reason).await?;
        while let Some(late) = self.peer.stray(&mut self.findings).await {
            let of_session = late.target().starts_with(session);
            self.findings.check(r::LOGOUT, !of_session, "no event of the session", &late.bytes);
        }
        Some(())
    }
}
