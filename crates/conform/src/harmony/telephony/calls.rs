//! Interactions and conversations.

use serde_json::json;

use super::{Script, r, session::Channel};
use crate::Step;

/// The states of an interaction (harmony.md §10).
const STATES: [&str; 5] = ["ALERTING", "DIALING", "STARTED", "ENDED", "COMPLETED"];

/// An interaction with its primary conversation.
struct Call {
    interaction: String,
    primary: String,
    state: String,
}

impl Script<'_> {
    pub(super) async fn takes_a_call(&mut self, channel: &Channel) -> Option<()> {
        let needs = [
            r::ARRIVES,
            r::INTERACTION_INIT,
            r::PRIMARY,
            r::CONVERSATION_INIT,
            r::ANSWER,
            r::HOLD,
            r::RETRIEVE,
            r::DATA,
            r::NO_CONSULT,
            r::CONSULT,
            r::CONSULT_INIT,
            r::ALTERNATE,
        ];
        if !self.step(Step::Ring, &needs).await {
            return None;
        }
        let call = self.arrives(channel, "i1").await?;
        let (interaction, primary) = (call.interaction.clone(), call.primary.clone());
        self.causes(r::ANSWER, "conversation.request.answer", &primary, json!({}), "conversation.talking")
            .await?;
        self.peer.event(&mut self.findings, r::ANSWER, "interaction.started", &interaction).await?;
        self.causes(r::HOLD, "conversation.request.hold", &primary, json!({}), "conversation.held").await?;
        let name = "conversation.request.retrieve";
        self.causes(r::RETRIEVE, name, &primary, json!({}), "conversation.talking").await?;
        self.keeps_data(&interaction).await;
        let name = "interaction.request.consulttransfer";
        self.peer.fails(&mut self.findings, r::NO_CONSULT, name, &interaction, json!({})).await?;
        self.consults(&call).await;
        self.ends(&call).await
    }

    /// Creates and initializes the interaction that arrives, and its primary conversation.
    async fn arrives(&mut self, channel: &Channel, id: &str) -> Option<Call> {
        let findings = &mut self.findings;
        let event = self.peer.event(findings, r::ARRIVES, "channel.interaction", &channel.target).await?;
        let native = event.value("nativeid").to_owned();
        let whole = !native.is_empty() && event.value("type") == channel.kind;
        findings.check(r::ARRIVES, whole, &format!("nativeid and type = {}", channel.kind), &event.bytes);
        let interaction = format!("{}.{id}", channel.target);
        self.peer.creates(&interaction);
        let body = json!({ "id": id, "nativeid": native, "type": channel.kind, "target": interaction });
        let name = "channel.request.createinteraction";
        self.peer.done(findings, r::INTERACTION_INIT, name, &channel.target, body).await?;
        let name = "interaction.query.init";
        let init = self.peer.done(findings, r::INTERACTION_INIT, name, &interaction, json!({})).await?;
        let state = init.value("interaction-state").to_owned();
        let whole = STATES.contains(&state.as_str()) && init.body["interaction-data"].is_object();
        findings.check(r::INTERACTION_INIT, whole, "interaction-state and interaction-data", &init.bytes);
        let conversation = init.body["conversations"]["primary"]["id"].as_str().map(str::to_owned);
        findings.check(r::PRIMARY, conversation.is_some(), "conversations.primary.id", &init.bytes);
        let primary = self.creates_conversation(&interaction, "v1", &conversation?).await?;
        Some(Call { interaction, primary, state })
    }

    async fn creates_conversation(&mut self, interaction: &str, id: &str, native: &str) -> Option<String> {
        let findings = &mut self.findings;
        let target = format!("{interaction}.{id}");
        self.peer.creates(&target);
        let body = json!({ "id": id, "nativeid": native, "target": target });
        let name = "interaction.request.createconversation";
        self.peer.done(findings, r::CONVERSATION_INIT, name, interaction, body).await?;
        let name = "conversation.query.init";
        let init = self.peer.done(findings, r::CONVERSATION_INIT, name, &target, json!({})).await?;
        let texts = ["conversation-state", "direction"].iter().all(|key| !init.value(key).is_empty());
        let whole = texts && init.body["members"].is_array();
        findings.check(r::CONVERSATION_INIT, whole, "conversation-state, direction and members", &init.bytes);
        Some(target)
    }

    async fn keeps_data(&mut self, interaction: &str) -> Option<()> {
        let findings = &mut self.findings;
        let body = json!({ "interaction-data": { "Conform": "held" } });
        self.peer.done(findings, r::DATA, "interaction.request.setdata", interaction, body).await?;
        let name = "interaction.query.data";
        let data = self.peer.done(findings, r::DATA, name, interaction, json!({})).await?;
        let kept = data.body["interaction-data"]["Conform"] == "held";
        findings.check(r::DATA, kept, "Conform = held", &data.bytes);
        Some(())
    }

    async fn consults(&mut self, call: &Call) -> Option<()> {
        let interaction = &call.interaction;
        let body = json!({ "destination": self.client.agent.number });
        let findings = &mut self.findings;
        let name = "interaction.request.consult";
        let response = self.peer.done(findings, r::CONSULT, name, interaction, body).await?;
        let native = response.value("nativeid").to_owned();
        findings.check(r::CONSULT, !native.is_empty(), "nativeid", &response.bytes);
        let consult = self.creates_conversation(interaction, "v2", &native).await?;
        self.findings.held(r::CONSULT_INIT);
        self.peer.event(&mut self.findings, r::CONSULT_INIT, "conversation.talking", &consult).await?;
        let findings = &mut self.findings;
        let name = "interaction.request.alternate";
        self.peer.done(findings, r::ALTERNATE, name, interaction, json!({})).await?;
        self.peer.event(findings, r::ALTERNATE, "conversation.held", &consult).await?;
        self.peer.event(findings, r::ALTERNATE, "conversation.talking", &call.primary).await?;
        self.released(&consult).await
    }

    async fn released(&mut self, conversation: &str) -> Option<()> {
        let name = "conversation.request.release";
        self.causes(r::RELEASE, name, conversation, json!({}), "conversation.ended").await?;
        let event =
            self.peer.event(&mut self.findings, r::RELEASE, "conversation.disposed", conversation).await;
        event.map(drop)
    }

    async fn ends(&mut self, call: &Call) -> Option<()> {
        self.released(&call.primary).await?;
        let findings = &mut self.findings;
        self.peer.event(findings, r::ENDED, "interaction.ended", &call.interaction).await?;
        if !self.peer.has_event("interaction.completed", &call.interaction) {
            // After the wrap-up the client may have completed it by itself.
            let name = "interaction.request.complete";
            self.peer.request(findings, r::COMPLETED, name, &call.interaction, json!({})).await?;
        }
        self.peer.event(findings, r::COMPLETED, "interaction.completed", &call.interaction).await?;
        let event = self.peer.event(findings, r::COMPLETED, "interaction.disposed", &call.interaction).await;
        event.map(drop)
    }

    pub(super) async fn makes_a_call(&mut self, channel: &Channel) -> Option<()> {
        let body = json!({ "destination": self.client.agent.number });
        let name = "channel.request.dial";
        self.peer.done(&mut self.findings, r::DIAL, name, &channel.target, body).await?;
        let Some(call) = self.arrives(channel, "i2").await else {
            self.findings.deviates(r::DIAL, "a new interaction", "none that can be initialized");
            return None;
        };
        let state = call.state.as_str();
        let expected = "interaction-state = DIALING or STARTED";
        self.findings.check(r::DIALING, ["DIALING", "STARTED"].contains(&state), expected, state.as_bytes());
        self.ends(&call).await
    }
}
