//! Greeting, signing in, the channel and its states.

use serde_json::json;

use super::{Script, r};
use crate::{Step, harmony::message::Message};

/// The channel group and its channel, as the run lists them.
const GROUP: &str = "group-conform";

/// The requests with which a session begins.
const SIGN_IN: [&str; 3] =
    ["control.query.validateagent", "control.query.agentinfo", "control.request.createsession"];

impl Script<'_> {
    pub(super) async fn greets(&mut self) -> Option<()> {
        let control = self.control();
        let findings = &mut self.findings;
        let Some(status) = self.peer.next(findings, self.terms.timeout).await else {
            findings.deviates(r::STATUS, "control.request.status", "nothing in time");
            return None;
        };
        let first = status.name() == "control.request.status" && status.target() == control;
        findings.check(r::STATUS, first, &format!("control.request.status to {control}"), &status.bytes);
        // The query may come before the response to the request.
        let mut early = self.peer.next(findings, self.terms.silence).await;
        if let Some(message) = &early {
            let is = message.name() == "control.query.capabilities";
            findings.check(r::GREETING, is, "nothing besides control.query.capabilities", &message.bytes);
        }
        if let Some(message) = self.peer.next(findings, self.terms.silence).await {
            findings.check(r::GREETING, false, "nothing before both are answered", &message.bytes);
        }
        findings.held(r::GREETING);
        self.peer.answer_itself(&status).await;
        if early.is_none() {
            let name = "control.query.capabilities";
            early = self.peer.await_request(findings, r::CAPABILITIES, name).await;
        }
        let capabilities = early?;
        let is = capabilities.name() == "control.query.capabilities";
        findings.check(r::CAPABILITIES, is, "control.query.capabilities", &capabilities.bytes);
        self.peer.answer(&capabilities, json!({ "vendor": "conform", "capabilities": {} })).await;
        Some(())
    }

    /// Answers what a session begins with. Returns the target of the session.
    pub(super) async fn signs_in(&mut self) -> Option<String> {
        let agent = self.bridge.agent.clone();
        let findings = &mut self.findings;
        let request = self.peer.expect(findings, r::VALIDATES, SIGN_IN[0]).await?;
        let right = request.value("id") == agent.id && request.value("password") == agent.password;
        findings.check(r::VALIDATES, right, "id and password of the agent", &request.bytes);
        let request = self.peer.await_request(findings, r::INFO, SIGN_IN[1]).await?;
        findings.check(r::INFO, request.value("id") == agent.id, "the id of the agent", &request.bytes);
        let info = json!({ "id": agent.id, "extension": agent.extension });
        self.peer.answer(&request, info).await;
        let request = self.peer.await_request(findings, r::SESSION, SIGN_IN[2]).await?;
        let whole = !request.value("id").is_empty() && request.body["agent"]["id"] == agent.id.as_str();
        findings.check(r::SESSION, whole, "id and agent", &request.bytes);
        let ordered = self.peer.came_in_order(&SIGN_IN);
        findings.check(r::ORDER, ordered, &SIGN_IN.join(", "), &request.bytes);
        self.peer.answer(&request, json!({ "nativeid": agent.extension })).await;
        Some(target_of(&request))
    }

    /// Answers the bridge's queries about group and channel. Returns the target of the channel.
    pub(super) async fn opens_channel(&mut self, session: &str) -> Option<String> {
        let extension = self.bridge.agent.extension.clone();
        let channels = json!([{ "end-point": extension, "type": "TELEPHONY" }]);
        let findings = &mut self.findings;
        let request = self.peer.await_request(findings, r::SESSION_INIT, "session.query.init").await?;
        let media = ["chat", "email", "callback"].iter().all(|key| request.body[*key].is_boolean());
        let expected = format!("chat, email and callback, to {session}");
        findings.check(r::SESSION_INIT, media && request.target() == session, &expected, &request.bytes);
        let group = json!({ "id": GROUP, "name": "Telephony", "channels": channels });
        self.peer.answer(&request, json!({ "channel-groups": [group], "channels": [] })).await;
        let name = "session.request.createchannelgroup";
        let request = self.peer.expect(findings, r::GROUP, name).await?;
        let whole = request.value("nativeid") == GROUP && !request.value("id").is_empty();
        findings.check(r::GROUP, whole, &format!("id and nativeid = {GROUP}"), &request.bytes);
        let request = self.peer.await_request(findings, r::GROUP_INIT, "channelgroup.query.init").await?;
        self.peer.answer(&request, json!({ "channels": channels })).await;
        let name = "channelgroup.request.createchannel";
        let request = self.peer.expect(findings, r::CHANNEL, name).await?;
        let whole = request.value("nativeid") == extension && request.value("type") == "TELEPHONY";
        let expected = format!("nativeid = {extension} and type = TELEPHONY");
        findings.check(r::CHANNEL, whole && !request.value("id").is_empty(), &expected, &request.bytes);
        let channel = target_of(&request);
        let request = self.peer.await_request(findings, r::CHANNEL_INIT, "channel.query.init").await?;
        let expected = format!("the target {channel}");
        findings.check(r::CHANNEL_INIT, request.target() == channel, &expected, &request.bytes);
        self.peer
            .answer(&request, json!({ "login-state": "INACTIVE", "interactions": [], "reasons": [] }))
            .await;
        self.peer.expect(findings, r::ACTIVATE, "channel.request.activate").await?;
        self.peer.event("channel.activated", &channel, json!({})).await;
        self.peer.event("channel.notready", &channel, json!({ "reason": "" })).await;
        self.peer.settle(findings).await;
        Some(channel)
    }

    pub(super) async fn changes_state(&mut self, channel: &str) -> Option<()> {
        if self.step(Step::Ready, &[r::READY]).await {
            self.peer.expect(&mut self.findings, r::READY, "channel.request.ready").await?;
            self.peer.event("channel.ready", channel, json!({})).await;
        }
        if self.step(Step::NotReady, &[r::NOT_READY]).await {
            let name = "channel.request.notready";
            let request = self.peer.expect(&mut self.findings, r::NOT_READY, name).await?;
            let has_reason = request.body["reason"].is_string();
            self.findings.check(r::NOT_READY, has_reason, "reason", &request.bytes);
            self.peer.event("channel.notready", channel, json!({ "reason": request.value("reason") })).await;
        }
        self.peer.settle(&mut self.findings).await;
        Some(())
    }

    /// Stops and starts, so that the bridge begins its sessions again.
    pub(super) async fn restarts(&mut self) -> Option<()> {
        self.send_status("STOPPED").await;
        let findings = &mut self.findings;
        self.peer.expect(findings, r::STOPPED, "session.request.dispose").await;
        self.send_status("STARTED").await;
        let Some(session) = self.signs_in().await else {
            self.findings.deviates(r::RESTARTED, SIGN_IN[2], "no session after STARTED");
            return None;
        };
        self.findings.held(r::RESTARTED);
        self.opens_channel(&session).await.map(drop)
    }
}

/// The target of an object that a request creates.
pub(super) fn target_of(request: &Message) -> String {
    match request.value("target") {
        "" => format!("{}.{}", request.target(), request.value("id")),
        target => target.to_owned(),
    }
}
