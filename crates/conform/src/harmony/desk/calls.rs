//! Interactions and conversations.

use serde_json::json;

use super::{Script, r, session::target_of};
use crate::Step;

/// The IDs of the run's call.
const NATIVE: &str = "conform-call-1";

impl Script<'_> {
    pub(super) async fn takes_a_call(&mut self, channel: &str) -> Option<()> {
        self.peer.bytes(&[0; 4]).await;
        self.peer.event("conform.event", channel, json!({ "conform": [1] })).await;
        let body = json!({ "nativeid": NATIVE, "type": "TELEPHONY", "conform": {} });
        self.peer.event("channel.interaction", channel, body).await;
        let findings = &mut self.findings;
        let name = "channel.request.createinteraction";
        let request = self.peer.expect(findings, r::INTERACTION, name).await?;
        findings.held(r::TOLERATES);
        let whole = request.value("nativeid") == NATIVE && request.value("type") == "TELEPHONY";
        let expected = format!("id, nativeid = {NATIVE} and type = TELEPHONY");
        findings.check(r::INTERACTION, whole && !request.value("id").is_empty(), &expected, &request.bytes);
        let interaction = target_of(&request);
        let name = "interaction.query.init";
        let request = self.peer.await_request(findings, r::INTERACTION_INIT, name).await?;
        let conversations = json!({ "primary": { "id": NATIVE } });
        let data = json!({ "AccountCode": "A-1" });
        let body = json!({ "interaction-state": "ALERTING", "interaction-data": data, "conversations": conversations });
        self.peer.answer(&request, body).await;
        let name = "interaction.request.createconversation";
        let request = self.peer.expect(findings, r::CONVERSATION, name).await?;
        let same = request.value("nativeid") == NATIVE;
        findings.check(r::CONVERSATION, same, &format!("nativeid = {NATIVE}"), &request.bytes);
        let conversation = target_of(&request);
        let name = "conversation.query.init";
        let request = self.peer.await_request(findings, r::CONVERSATION_INIT, name).await?;
        let members = json!([{ "id": "+14155550100", "name": "Carla" }]);
        let body = json!({ "conversation-state": "ALERTING", "direction": "INBOUND", "members": members });
        self.peer.answer(&request, body).await;
        self.talks(&interaction, &conversation).await;
        self.clears(&interaction, &conversation).await;
        Some(())
    }

    async fn talks(&mut self, interaction: &str, conversation: &str) -> Option<()> {
        // The bridge shows the call before anybody can answer it.
        self.peer.settle(&mut self.findings).await;
        if !self.step(Step::Answer, &[r::ANSWER, r::RELEASE]).await {
            return None;
        }
        self.peer.expect(&mut self.findings, r::ANSWER, "conversation.request.answer").await?;
        self.peer.event("conversation.talking", conversation, json!({})).await;
        self.peer.event("interaction.started", interaction, json!({})).await;
        self.peer.settle(&mut self.findings).await;
        if self.step(Step::HangUp, &[r::RELEASE]).await {
            self.peer.expect(&mut self.findings, r::RELEASE, "conversation.request.release").await?;
        }
        Some(())
    }

    async fn clears(&mut self, interaction: &str, conversation: &str) {
        for name in ["conversation.ended", "conversation.disposed"] {
            self.peer.event(name, conversation, json!({})).await;
        }
        for name in ["interaction.ended", "interaction.completed", "interaction.disposed"] {
            self.peer.event(name, interaction, json!({})).await;
        }
        self.peer.settle(&mut self.findings).await;
    }

    pub(super) async fn dials(&mut self) -> Option<()> {
        if !self.step(Step::Dial, &[r::DIAL]).await {
            return None;
        }
        let request = self.peer.await_request(&mut self.findings, r::DIAL, "channel.request.dial").await?;
        let named = !request.value("destination").is_empty();
        self.findings.check(r::DIAL, named, "destination", &request.bytes);
        self.peer.refuse(&request, "conform does not dial").await;
        self.peer.settle(&mut self.findings).await;
        Some(())
    }
}
