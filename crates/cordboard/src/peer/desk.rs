//! We are EBS: a softphone takes our callouts, and we listen for its events.

use anyhow::Result;
use model::{Number, SwitchId, Verb};
use settings::Address;
use uwq::{Credentials, DeskConfig, DeskSession};

use super::{Agent, at, listening, small_node, spy::Spy, typist::Typist};
use crate::{assemble::signal, output::Out};

const HELP: &str = "  login          Register and Login; done at the start
  ready          the agent waits for calls
  notready       the agent takes none
  call NUMBER    MakeCall
  logout         Logout and Unregister
  Ctrl-C         ends";

/// What the switch is called in the small node.
const SWITCH: &str = "softphone";

/// Plays the desk end until a signal ends it.
pub(crate) async fn desk(url: String, listen: Address, agent: Agent, out: Out) -> Result<()> {
    let switch = SwitchId::new(SWITCH)?;
    let node = small_node(&agent, switch.clone()).await?;
    let session = DeskSession::new(config(url, listen, &agent), switch.clone())?;
    let bound = node
        .attach_switch(switch, Box::new(Spy::new(session, out)), at(listen))
        .await
        .map(|attached| attached.address);
    out.say(&format!("listening for events at {}; what can be typed:\n{HELP}", listening(bound, listen)?))?;
    let mut typist = Typist::new(node.handle(), agent);
    let typing = async move {
        typist.ask(Verb::SignIn { device: None, queues: None }).await?;
        typist.type_along(HELP, verb).await
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

/// What a line asks for.
fn verb(line: &[String]) -> Option<Result<Verb>> {
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["login"] => Some(Ok(Verb::SignIn { device: None, queues: None })),
        ["ready"] => Some(Ok(Verb::Ready)),
        ["notready"] => Some(Ok(Verb::NotReady { reason: None })),
        ["call", number] => Some(
            Number::new(number).map(|to| Verb::Dial { to, data: model::Data::new() }).map_err(Into::into),
        ),
        ["logout"] => Some(Ok(Verb::SignOut { reason: None })),
        _ => None,
    }
}
