//! The agent's session.

use serde_json::json;

use super::{
    Script, r,
    talk::{ack, events},
};
use crate::{
    Step,
    max::event::{self, ACK},
};

impl Script<'_> {
    /// Registers before the agent signs in, where that is possible.
    pub(super) async fn signs_in(&mut self) -> Option<()> {
        if self.talk.opens().await.is_none() {
            self.talk.run.findings.deviates(r::ACCEPTS, "the page in a frame of MAX", "no page was opened");
            return None;
        }
        let first = self.talk.accepted(r::ACCEPTS, &json!({ "subscriptionTypes": ["all"] })).await?;
        let is_in = events(&first)
            .iter()
            .any(|event| event::name(event) == "AgentState" && event["CurrentState"] != "LoggedOut");
        if is_in {
            let why = "the agent was signed in already";
            self.talk.run.findings.not_reached(&[r::STARTS], why);
        } else if self.talk.run.step(Step::SignIn, &[r::STARTS]).await {
            let is = |name: &'static str| move |event: &serde_json::Value| event::name(event) == name;
            let (_, start) = self.talk.event(r::STARTS, "AgentSessionStart", is("AgentSessionStart")).await?;
            for name in ["AgentState", "SessionInfo"] {
                if !events(&start).iter().any(is(name)) {
                    self.talk.event(r::STARTS, name, is(name)).await;
                }
            }
        }
        self.talk.rest().await;
        Some(())
    }

    pub(super) async fn registers_twice(&mut self) {
        self.talk.register(&json!({ "subscriptionTypes": ["all"] }));
        self.talk.silent(r::SECOND).await;
        self.talk.unregister();
        self.talk.silent(r::UNREGISTERS).await;
        self.talk.unregister();
        self.talk.silent(r::NOT_REGISTERED).await;
    }

    /// The end of the session.
    pub(super) async fn signs_out(&mut self) -> Option<()> {
        self.talk.accepted(r::ACCEPTS, &json!({ "subscriptionTypes": ["all"] })).await?;
        if !self.talk.run.step(Step::SignOut, &[r::ENDS]).await {
            return None;
        }
        let fits = |event: &serde_json::Value| {
            ["AgentSessionEnd", "RemoteAgentSessionEnd"].contains(&event::name(event))
        };
        let (end, message) = self.talk.event(r::ENDS, "AgentSessionEnd", fits).await?;
        let whole = end["Success"].is_string() && end["Message"].is_string();
        self.talk.check(r::ENDS, whole, "Success and Message", &message);
        Some(())
    }

    /// What is not for MAX.
    pub(super) async fn ignores(&mut self) {
        let lower = json!({ "messageType": "registerforclientevents", "subscriptionTypes": ["all"] });
        self.talk.post(&lower);
        self.talk.silent(r::EXACT_CASE).await;
        self.talk.post(&json!({ "messageType": "ConformUnknown", "subscriptionTypes": ["all"] }));
        self.talk.silent(r::UNKNOWN).await;
        let no_objects = [json!(null), json!("RegisterForClientEvents"), json!(7), json!([lower])];
        no_objects.iter().for_each(|one| self.talk.post(one));
        self.talk.silent(r::NO_OBJECT).await;
        // The agent has no call.
        if let Some(first) = self.talk.accepted(r::ACCEPTS, &json!({ "subscriptionTypes": ["all"] })).await {
            let is_first = events(&first).first().is_some_and(|event| event::name(event) == ACK);
            self.talk.check(r::ACK_FIRST, is_first && !ack(&first).is_null(), "it first", &first);
            for button in ["AnswerEvent", "RefuseEvent", "HoldEvent", "MuteEvent", "HangupEvent"] {
                self.talk.press(button);
            }
            self.talk.silent(r::NO_BUTTON).await;
            self.talk.unregister();
        }
    }
}
