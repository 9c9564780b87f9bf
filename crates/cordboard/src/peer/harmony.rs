//! One end of Harmony's processor bridge, for the person at the terminal.

mod spy;

use std::collections::BTreeMap;

use anyhow::Result;
use compact_str::CompactString;
use harmony::{
    Credentials, DeskConfig, DeskSession, TelephonyConfig, TelephonySession, WireConfig, WordOverride,
};
use hub::driver::{ClientTls, HttpLimits, HttpWay, LinkLimits, ServerTls, StreamWay};
use model::{Data, Digits, Number, ReasonCode, SwitchId, Verb};
use settings::Address;
use simulated::SwitchSession;

use self::spy::Spy;
use super::{
    Agent, listening, small_node,
    telephony::{PHONE_HELP, Person, phones},
    typist::Typist,
};
use crate::{
    assemble::{instance, signal},
    output::Out,
};

const DESK_HELP: &str = "  signin, signout                 the agent comes to work, and leaves
  ready, notready [REASON]        the agent waits for calls, or takes none
  dial NUMBER                     calls somebody
  answer, reject, hangup          what rings, what goes on
  hold, retrieve                  parks the customer, and goes back
  consult NUMBER                  parks the customer and asks somebody
  alternate, cancel               swaps the two, hangs up on the one asked
  transfer [NUMBER], conference   joins them; with a number sends the customer on at once
  tones DIGITS, data KEY=VALUE    into the call, with the call
  Ctrl-C                          ends";

/// What the switch is called in the small node.
const SWITCH: &str = "peer";

/// What both ends have to agree on.
#[derive(Debug)]
pub(crate) struct Line {
    /// The processor's name.
    pub(crate) processor: CompactString,
    /// Words that the other end says otherwise, by their names in the table.
    pub(crate) words: BTreeMap<CompactString, CompactString>,
}

impl Line {
    fn wire(&self) -> WireConfig {
        let word = |(slot, text): (&CompactString, &CompactString)| WordOverride {
            slot: slot.clone(),
            text: text.clone(),
        };
        WireConfig { words: self.words.iter().map(word).collect(), ..WireConfig::default() }
    }
}

/// Plays the telephony end until a signal ends it: a CTI client with one phone, for a bridge.
pub(crate) async fn telephony(
    server: String,
    line: Line,
    tls: Option<ClientTls>,
    agent: Agent,
    out: Out,
) -> Result<()> {
    let switch = SwitchId::new(SWITCH)?;
    let node = small_node(&agent, switch.clone()).await?;
    let session = SwitchSession::new(phones(&agent))?;
    let phones = node.attach_switch(switch, Box::new(session), HttpWay::Inlet(HttpLimits::default())).await?;
    let wire = line.wire();
    let config = TelephonyConfig {
        processor: line.processor,
        server: server.clone(),
        wire,
        ..TelephonyConfig::default()
    };
    let session = Spy::new(TelephonySession::new(config, instance()?)?, out);
    let way = StreamWay::Dial { limits: LinkLimits::default(), tls };
    node.attach("harmony", Box::new(session), way).await?;
    out.say(&format!("connecting to the bridge at {server}; what can be typed:\n{PHONE_HELP}"))?;
    tokio::select! {
        signal = signal::stop() => drop(signal?),
        ended = Person::new(phones.inlet, agent).type_along() => ended?,
    }
    Ok(node.stop().await?)
}

/// Plays the desk end until a signal ends it: a bridge, for a CTI client.
pub(crate) async fn desk(
    listen: Address,
    line: Line,
    tls: Option<ServerTls>,
    agent: Agent,
    out: Out,
) -> Result<()> {
    let switch = SwitchId::new(SWITCH)?;
    let node = small_node(&agent, switch.clone()).await?;
    let credentials = Credentials { acd_id: agent.acd_id.clone(), password: agent.password.clone() };
    let (wire, processor) = (line.wire(), line.processor);
    let config =
        DeskConfig { processor: processor.clone(), agents: vec![credentials], wire, ..DeskConfig::default() };
    let session = Spy::new(DeskSession::new(config, switch.clone(), instance()?)?, out);
    let way = StreamWay::Accept { address: listen.socket(), limits: LinkLimits::default(), tls };
    let bound = node.attach_switch(switch, Box::new(session), way).await;
    let place = listening(bound, listen)?;
    out.say(&format!(
        "processor {processor} waits for its client at {place}; what can be typed:\n{DESK_HELP}"
    ))?;
    let typist = Typist::new(node.handle(), agent);
    tokio::select! {
        signal = signal::stop() => drop(signal?),
        ended = typist.type_along(DESK_HELP, verb) => ended?,
    }
    Ok(node.stop().await?)
}

/// What a line asks for.
fn verb(line: &[String]) -> Option<Result<Verb>> {
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    Some(match words.as_slice() {
        ["signin"] => Ok(Verb::SignIn { device: None, queues: None }),
        ["signout"] => Ok(Verb::SignOut { reason: None }),
        ["ready"] => Ok(Verb::Ready),
        ["notready"] => Ok(Verb::NotReady { reason: None }),
        ["notready", reason] => reason_of(reason).map(|reason| Verb::NotReady { reason: Some(reason) }),
        ["answer"] => Ok(Verb::Answer),
        ["reject"] => Ok(Verb::Reject),
        ["hangup"] => Ok(Verb::HangUp { leg: None }),
        ["hold"] => Ok(Verb::Hold { leg: None }),
        ["retrieve"] => Ok(Verb::Resume { leg: None }),
        ["alternate"] => Ok(Verb::Alternate),
        ["cancel"] => Ok(Verb::CancelConsult),
        ["transfer"] => Ok(Verb::CompleteTransfer),
        ["conference"] => Ok(Verb::Merge),
        ["dial", to] => number(to).map(|to| Verb::Dial { to, data: Data::new() }),
        ["consult", to] => number(to).map(|to| Verb::Consult { to, data: Data::new() }),
        ["transfer", to] => number(to).map(|to| Verb::Transfer { to }),
        ["tones", digits] => {
            Digits::new(digits).map(|digits| Verb::SendDigits { digits }).map_err(Into::into)
        }
        ["data", pair] => data(pair).map(|set| Verb::SetData { set, unset: Vec::new() }),
        _ => return None,
    })
}

fn number(text: &str) -> Result<Number> {
    Ok(Number::new(text)?)
}

fn reason_of(text: &str) -> Result<ReasonCode> {
    Ok(ReasonCode::new(text)?)
}

fn data(pair: &str) -> Result<Data> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let mut data = Data::new();
    data.set(name, value)?;
    Ok(data)
}
