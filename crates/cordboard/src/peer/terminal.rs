//! The agent's desk at the terminal: typed lines become commands.

use anyhow::Result;
use hub::Handle;
use model::{Command, CommandId, Principal, Role, Verb};

use super::{
    Agent, agent_id,
    input::{InputLines, unknown_command},
};
use crate::output;

/// Sends the commands that the user types.
pub(super) struct Terminal {
    handle: Handle,
    agent: Agent,
    sent: u64,
}

impl Terminal {
    pub(super) fn new(handle: Handle, agent: Agent) -> Self {
        Self { handle, agent, sent: 0 }
    }

    /// Sends the command of each line. For an unknown command it writes `help`.
    pub(super) async fn run(
        mut self,
        help: &str,
        verb: impl Fn(&[String]) -> Option<Result<Verb>>,
    ) -> Result<()> {
        let mut lines = InputLines::new();
        loop {
            let line = lines.next().await;
            match verb(&line) {
                Some(Ok(verb)) => self.send(verb).await?,
                Some(Err(error)) => output::complain(&format!("error: {error}")),
                None => unknown_command(&line, help),
            }
        }
    }

    /// Sends a command. A refusal is written to standard error.
    pub(super) async fn send(&mut self, verb: Verb) -> Result<()> {
        self.sent += 1;
        let agent = agent_id(&self.agent)?;
        let by =
            Principal { account: agent.as_str().parse()?, role: Role::Agent, agent: Some(agent.clone()) };
        let id = CommandId::new(format!("typed-{}", self.sent))?;
        if let Err(refusal) = self.handle.command(Command { id, by, agent, interaction: None, verb }).await {
            output::complain(&format!("refused: {refusal}"));
        }
        Ok(())
    }
}
