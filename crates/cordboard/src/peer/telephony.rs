//! We are the softphone: EBS sends its callouts here, and gets events from here.

use anyhow::{Context, Result};
use axum::body::Body;
use http::{Method, Request};
use http_body_util::BodyExt;
use hub::driver::{HttpLimits, HttpWay, Inlet};
use model::{Data, Number, SwitchId};
use serde_json::json;
use settings::Address;
use simulated::{Caller, PhoneAction, SwitchSession};
use uwq::{TelephonyConfig, TelephonySession};

use super::{
    Agent, at,
    lines::{Typed, not_understood},
    listening, small_node,
    spy::Spy,
};
use crate::{
    assemble::{instance, signal},
    output,
    output::Out,
};

/// What can be typed at the phone.
pub(super) const PHONE_HELP: &str =
    "  ring [NUMBER] [KEY=VALUE]...    somebody calls the queue; rings when the agent is ready
  direct [NUMBER] [KEY=VALUE]...  somebody calls the extension
  answer, reject, hangup          at the agent's phone
  Ctrl-C                          ends";

/// What the switch is called in the small node.
const SWITCH: &str = "simulated";

/// Who calls when nothing is typed.
const CALLER: &str = "+14155550100";

/// Plays the telephony end until a signal ends it.
pub(crate) async fn telephony(listen: Address, agent: Agent, out: Out) -> Result<()> {
    let switch = SwitchId::new(SWITCH)?;
    let node = small_node(&agent, switch.clone()).await?;
    let phones = SwitchSession::new(phones(&agent))?;
    let phones = node.attach_switch(switch, Box::new(phones), HttpWay::Inlet(HttpLimits::default())).await?;
    let session = Spy::new(TelephonySession::new(TelephonyConfig::default(), instance()?)?, out);
    let bound =
        node.attach("uwq-telephony", Box::new(session), at(listen)).await.map(|attached| attached.address);
    out.say(&format!(
        "taking callouts at http://{}; what can be typed:\n{PHONE_HELP}",
        listening(bound, listen)?
    ))?;
    let person = Person::new(phones.inlet, agent);
    tokio::select! {
        signal = signal::stop() => drop(signal?),
        ended = person.type_along() => ended?,
    }
    Ok(node.stop().await?)
}

/// A switch with the agent's phone and queue.
pub(super) fn phones(agent: &Agent) -> simulated::Config {
    let (devices, queues) = (vec![agent.extension.clone()], vec![agent.queue.clone()]);
    simulated::Config { devices, queues, ..simulated::Config::default() }
}

/// The person at the terminal, as callers and as the hand at the agent's phone.
pub(super) struct Person {
    inlet: Inlet,
    agent: Agent,
}

impl Person {
    pub(super) fn new(inlet: Inlet, agent: Agent) -> Self {
        Self { inlet, agent }
    }

    pub(super) async fn type_along(self) -> Result<()> {
        let mut typed = Typed::new();
        loop {
            let line = typed.next().await;
            let words: Vec<&str> = line.iter().map(String::as_str).collect();
            let done = match words.as_slice() {
                ["ring", rest @ ..] => self.call(self.agent.queue.as_str(), rest).await,
                ["direct", rest @ ..] => self.call(self.agent.extension.as_str(), rest).await,
                ["answer"] => self.phone(PhoneAction::Answer).await,
                ["reject"] => self.phone(PhoneAction::Reject).await,
                ["hangup"] => self.phone(PhoneAction::Hangup).await,
                _ => {
                    not_understood(&line, PHONE_HELP);
                    Ok(())
                }
            };
            if let Err(error) = done {
                output::complain(&format!("error: {error:#}"));
            }
        }
    }

    async fn call(&self, to: &str, words: &[&str]) -> Result<()> {
        let (pairs, numbers): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.contains('='));
        let mut data = Data::new();
        for (name, value) in pairs.iter().filter_map(|pair| pair.split_once('=')) {
            data.set(name, value)?;
        }
        let from = Some(Number::new(numbers.first().unwrap_or(&CALLER))?);
        let to = Number::new(to)?;
        let caller =
            Caller { from, to, name: None, data, patience_ms: None, talk_ms: None, answer_after_ms: None };
        self.ask("/calls", serde_json::to_vec(&caller)?).await
    }

    async fn phone(&self, action: PhoneAction) -> Result<()> {
        let path = format!("/phones/{}", self.agent.extension);
        self.ask(&path, serde_json::to_vec(&json!({ "action": action }))?).await
    }

    /// Asks the switch; its "no" is an error.
    async fn ask(&self, path: &str, body: Vec<u8>) -> Result<()> {
        let request = Request::builder().method(Method::POST).uri(path).body(Body::from(body))?;
        let nobody = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let response = self.inlet.call(nobody, request).await;
        if response.status().is_success() {
            return Ok(());
        }
        let body =
            response.into_body().collect().await.context("the switch's answer cannot be read")?.to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        anyhow::bail!("{}", problem["detail"].as_str().unwrap_or("the switch refused"))
    }
}
