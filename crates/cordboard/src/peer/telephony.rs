//! The telephony end of UWQ at the terminal: acts as the softphone, receives callouts from EBS and sends events to it.

use anyhow::{Context, Result};
use axum::body::Body;
use http::{Method, Request};
use http_body_util::BodyExt;
use hub::{
    Handle,
    driver::{HttpForwarder, HttpLimits, HttpTransport},
};
use model::{AgentView, Data, Number, Principal, Role, SwitchId};
use serde_json::json;
use settings::Address;
use simulated::{Caller, PhoneAction, SwitchSession};
use uwq::{TelephonyConfig, TelephonySession};

use super::{
    Agent, at,
    input::{InputLines, unknown_command},
    listening,
    recorder::Recorder,
    small_node,
};
use crate::{
    assemble::{instance, signal},
    output,
    output::Out,
};

/// The commands at the phone.
pub(super) const PHONE_HELP: &str =
    "  ring [NUMBER] [KEY=VALUE]...    simulate a call to the queue; it rings when
                                  the agent is ready
  direct [NUMBER] [KEY=VALUE]...  simulate a call to the extension; the agent
                                  must be signed in
  answer, reject, hang-up         use the agent's phone
  Ctrl-C                          quit";

/// The ID of the switch in the small node.
const SWITCH: &str = "simulated";

/// The caller's number when none is typed.
const CALLER: &str = "+14155550100";

/// Runs the telephony end until a signal ends it.
pub(crate) async fn telephony(listen: Address, agent: Agent, out: Out) -> Result<()> {
    let switch = SwitchId::new(SWITCH)?;
    let node = small_node(&agent, switch.clone()).await?;
    let phones = SwitchSession::new(phones(&agent))?;
    let phones =
        node.attach_switch(switch, Box::new(phones), HttpTransport::Forwarded(HttpLimits::default())).await?;
    let session = Recorder::new(TelephonySession::new(TelephonyConfig::default(), instance()?)?, out);
    let bound =
        node.attach("uwq-telephony", Box::new(session), at(listen)).await.map(|attached| attached.address);
    out.note(&format!(
        "listening for callouts at http://{}; type a command:\n{PHONE_HELP}",
        listening(bound, listen)?
    ))?;
    let phones = Phones::new(phones.forwarder, node.handle(), agent);
    tokio::select! {
        signal = signal::stop() => drop(signal?),
        ended = phones.run() => ended?,
    }
    Ok(node.stop().await?)
}

/// The settings of a simulated switch with the agent's phone and queue.
pub(super) fn phones(agent: &Agent) -> simulated::Config {
    let (devices, queues) = (vec![agent.extension.clone()], vec![agent.queue.clone()]);
    simulated::Config { devices, queues, ..simulated::Config::default() }
}

/// The simulated switch at the terminal: typed lines become calls and actions at the agent's phone.
pub(super) struct Phones {
    forwarder: HttpForwarder,
    node: Handle,
    agent: Agent,
}

impl Phones {
    pub(super) fn new(forwarder: HttpForwarder, node: Handle, agent: Agent) -> Self {
        Self { forwarder, node, agent }
    }

    pub(super) async fn run(self) -> Result<()> {
        let mut lines = InputLines::new();
        loop {
            let line = lines.next().await;
            let words: Vec<&str> = line.iter().map(String::as_str).collect();
            let done = match words.as_slice() {
                ["ring", rest @ ..] => self.call(self.agent.queue.as_str(), rest).await,
                ["direct", rest @ ..] => self.direct(rest).await,
                ["answer"] => self.phone(PhoneAction::Answer).await,
                ["reject"] => self.phone(PhoneAction::Reject).await,
                ["hang-up" | "hangup"] => self.phone(PhoneAction::HangUp).await,
                _ => {
                    unknown_command(&line, PHONE_HELP);
                    Ok(())
                }
            };
            if let Err(error) = done {
                output::complain(&format!("error: {error:#}"));
            }
        }
    }

    /// Calls the extension. The hub has no interaction for a phone without an agent, so the peer would get no message of the call.
    async fn direct(&self, words: &[&str]) -> Result<()> {
        let extension = &self.agent.extension;
        let viewer = Principal { account: extension.as_str().parse()?, role: Role::Admin, agent: None };
        let at_phone = |agent: &AgentView| agent.device.as_ref() == Some(extension);
        let snapshot = self
            .node
            .snapshot(viewer)
            .await
            .map_err(|rejection| anyhow::anyhow!("{}", rejection.text))?
            .snapshot;
        let is_there = |agent: &AgentView| at_phone(agent) && agent.state.is_signed_in();
        if !snapshot.agents.iter().any(is_there) {
            anyhow::bail!(
                "nobody is signed in at {extension}; the call was not made, because it would not ring"
            );
        }
        self.call(extension.as_str(), words).await
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
        self.send("/calls", serde_json::to_vec(&caller)?).await
    }

    async fn phone(&self, action: PhoneAction) -> Result<()> {
        let path = format!("/phones/{}", self.agent.extension);
        self.send(&path, serde_json::to_vec(&json!({ "action": action }))?).await
    }

    /// Sends a request to the switch. A refusal is an error.
    async fn send(&self, path: &str, body: Vec<u8>) -> Result<()> {
        let request = Request::builder().method(Method::POST).uri(path).body(Body::from(body))?;
        let nobody = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let response = self.forwarder.call(nobody, request).await;
        if response.status().is_success() {
            return Ok(());
        }
        let body = response
            .into_body()
            .collect()
            .await
            .context("the answer of the switch cannot be read")?
            .to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        anyhow::bail!("{}", problem["detail"].as_str().unwrap_or("the switch refused without a reason"))
    }
}
