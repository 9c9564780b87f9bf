//! One end of Harmony's processor bridge at the terminal.

mod recorder;

use std::collections::BTreeMap;

use anyhow::Result;
use compact_str::CompactString;
use harmony::{
    Credentials, DeskConfig, DeskSession, TelephonyConfig, TelephonySession, WireConfig, WordOverride,
};
use hub::driver::{ClientTls, HttpLimits, HttpTransport, LinkLimits, ServerTls, StreamTransport};
use model::{Data, Digits, Number, ReasonCode, SwitchId, Verb};
use settings::Address;
use simulated::SwitchSession;

use self::recorder::Recorder;
use super::{
    Agent, listening, small_node,
    telephony::{PHONE_HELP, Phones, phones},
    terminal::Terminal,
};
use crate::{
    assemble::{instance, signal},
    output::Out,
};

const DESK_HELP: &str = "  sign-in, sign-out              start or end work
  ready, not-ready [REASON]      accept calls, or accept none
  dial NUMBER                    start an outbound call
  answer, reject, hang-up        accept, refuse or leave a call
  hold, resume                   put the customer on hold, or take off hold
  consult NUMBER                 call somebody while the customer is on hold
  alternate                      switch between customer and consulted person
  cancel-consult                 hang up the consultation
  complete-transfer              connect customer and consulted person, leave
  transfer NUMBER                send the customer to a number
  merge                          connect customer, consulted person and agent
  send-digits DIGITS             send DTMF tones
  set-data KEY=VALUE             set data of the call
  Ctrl-C                         quit";

/// The ID of the switch in the small node.
const SWITCH: &str = "peer";

/// The settings that both ends must share.
#[derive(Debug)]
pub(crate) struct Protocol {
    /// The processor's name.
    pub(crate) processor: CompactString,
    /// Protocol words that the other end writes differently, by their names in docs/harmony.md.
    pub(crate) words: BTreeMap<CompactString, CompactString>,
}

impl Protocol {
    fn wire(&self) -> WireConfig {
        let word = |(slot, text): (&CompactString, &CompactString)| WordOverride {
            slot: slot.clone(),
            text: text.clone(),
        };
        WireConfig { words: self.words.iter().map(word).collect(), ..WireConfig::default() }
    }
}

/// Runs the telephony end until a signal ends it: a CTI client with one phone.
pub(crate) async fn telephony(
    server: String,
    protocol: Protocol,
    tls: Option<ClientTls>,
    agent: Agent,
    out: Out,
) -> Result<()> {
    let switch = SwitchId::new(SWITCH)?;
    let node = small_node(&agent, switch.clone()).await?;
    let session = SwitchSession::new(phones(&agent))?;
    let phones = node
        .attach_switch(switch, Box::new(session), HttpTransport::Forwarded(HttpLimits::default()))
        .await?;
    let wire = protocol.wire();
    let config = TelephonyConfig {
        processor: protocol.processor,
        server: server.clone(),
        wire,
        ..TelephonyConfig::default()
    };
    let session = Recorder::new(TelephonySession::new(config, instance()?)?, out);
    let way = StreamTransport::Dial { limits: LinkLimits::default(), tls };
    node.attach("harmony", Box::new(session), way).await?;
    out.note(&format!("connecting to the bridge at {server}; type a command:\n{PHONE_HELP}"))?;
    tokio::select! {
        signal = signal::stop() => drop(signal?),
        ended = Phones::new(phones.forwarder, node.handle(), agent).run() => ended?,
    }
    Ok(node.stop().await?)
}

/// Runs the desk end until a signal ends it: a bridge for a CTI client.
pub(crate) async fn desk(
    listen: Address,
    protocol: Protocol,
    tls: Option<ServerTls>,
    agent: Agent,
    out: Out,
) -> Result<()> {
    let switch = SwitchId::new(SWITCH)?;
    let node = small_node(&agent, switch.clone()).await?;
    let credentials = Credentials { acd_id: agent.acd_id.clone(), password: agent.password.clone() };
    let (wire, processor) = (protocol.wire(), protocol.processor);
    let config =
        DeskConfig { processor: processor.clone(), agents: vec![credentials], wire, ..DeskConfig::default() };
    let session = Recorder::new(DeskSession::new(config, switch.clone(), instance()?)?, out);
    let way = StreamTransport::Accept { address: listen.socket(), limits: LinkLimits::default(), tls };
    let bound = node.attach_switch(switch, Box::new(session), way).await;
    let place = listening(bound, listen)?;
    out.note(&format!(
        "processor {processor} waits for its client at {place}; type a command:\n{DESK_HELP}"
    ))?;
    let terminal = Terminal::new(node.handle(), agent);
    tokio::select! {
        signal = signal::stop() => drop(signal?),
        ended = terminal.run(DESK_HELP, verb) => ended?,
    }
    Ok(node.stop().await?)
}

/// The command in a line.
fn verb(line: &[String]) -> Option<Result<Verb>> {
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    Some(match words.as_slice() {
        ["sign-in" | "signin"] => Ok(Verb::SignIn { device: None, queues: None }),
        ["sign-out" | "signout"] => Ok(Verb::SignOut { reason: None }),
        ["ready"] => Ok(Verb::Ready),
        ["not-ready" | "notready"] => Ok(Verb::NotReady { reason: None }),
        ["not-ready" | "notready", reason] => {
            reason_of(reason).map(|reason| Verb::NotReady { reason: Some(reason) })
        }
        ["answer"] => Ok(Verb::Answer),
        ["reject"] => Ok(Verb::Reject),
        ["hang-up" | "hangup"] => Ok(Verb::HangUp { leg: None }),
        ["hold"] => Ok(Verb::Hold { leg: None }),
        ["resume" | "retrieve"] => Ok(Verb::Resume { leg: None }),
        ["alternate"] => Ok(Verb::Alternate),
        ["cancel-consult" | "cancel"] => Ok(Verb::CancelConsult),
        ["complete-transfer" | "transfer"] => Ok(Verb::CompleteTransfer),
        ["merge" | "conference"] => Ok(Verb::Merge),
        ["dial", to] => number(to).map(|to| Verb::Dial { to, data: Data::new() }),
        ["consult", to] => number(to).map(|to| Verb::Consult { to, data: Data::new() }),
        ["transfer", to] => number(to).map(|to| Verb::Transfer { to }),
        ["send-digits" | "tones", digits] => {
            Digits::new(digits).map(|digits| Verb::SendDigits { digits }).map_err(Into::into)
        }
        ["set-data" | "data", pair] => data(pair).map(|set| Verb::SetData { set, unset: Vec::new() }),
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
