//! The desk end of UWQ at the terminal: acts as EBS, sends callouts to a softphone and listens for its events.

use anyhow::Result;
use model::{Number, SwitchId, Verb};
use settings::Address;
use uwq::{Credentials, DeskConfig, DeskSession};

use super::{Agent, at, listening, recorder::Recorder, small_node, terminal::Terminal};
use crate::{assemble::signal, output::Out};

const HELP: &str = "  sign-in        send Register and Login (done at the start)
  ready          send Ready
  not-ready      send NotReady
  dial NUMBER    send MakeCall
  sign-out       send Logout and UnRegister
  Ctrl-C         quit";

/// The ID of the switch in the small node.
const SWITCH: &str = "softphone";

/// Runs the desk end until a signal ends it.
pub(crate) async fn desk(url: String, listen: Address, agent: Agent, out: Out) -> Result<()> {
    let switch = SwitchId::new(SWITCH)?;
    let node = small_node(&agent, switch.clone()).await?;
    let session = DeskSession::new(config(url, listen, &agent), switch.clone())?;
    let bound = node
        .attach_switch(switch, Box::new(Recorder::new(session, out)), at(listen))
        .await
        .map(|attached| attached.address);
    out.note(&format!("listening for events at {}; type a command:\n{HELP}", listening(bound, listen)?))?;
    let mut terminal = Terminal::new(node.handle(), agent);
    let typing = async move {
        terminal.send(Verb::SignIn { device: None, queues: None }).await?;
        terminal.run(HELP, verb).await
    };
    tokio::select! {
        signal = signal::stop() => drop(signal?),
        ended = typing => ended?,
    }
    Ok(node.stop().await?)
}

fn config(url: String, listen: Address, agent: &Agent) -> DeskConfig {
    let queue = Some(agent.queue.as_str().into());
    let credentials = Credentials { acd_id: agent.acd_id.clone(), password: agent.password.clone(), queue };
    DeskConfig { url, listener: listen, agents: vec![credentials], ..DeskConfig::default() }
}

/// The command in a line.
fn verb(line: &[String]) -> Option<Result<Verb>> {
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["sign-in" | "login"] => Some(Ok(Verb::SignIn { device: None, queues: None })),
        ["ready"] => Some(Ok(Verb::Ready)),
        ["not-ready" | "notready"] => Some(Ok(Verb::NotReady { reason: None })),
        ["dial" | "call", number] => Some(
            Number::new(number).map(|to| Verb::Dial { to, data: model::Data::new() }).map_err(Into::into),
        ),
        ["sign-out" | "logout"] => Some(Ok(Verb::SignOut { reason: None })),
        _ => None,
    }
}
