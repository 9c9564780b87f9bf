//! The person at the terminal, as the agent's desk.

use anyhow::Result;
use hub::Handle;
use model::{Command, CommandId, Principal, Role, Verb};

use super::{
    Agent, agent_id,
    lines::{Typed, not_understood},
};
use crate::output;

/// Who types what the agent's desk would ask for.
pub(super) struct Typist {
    handle: Handle,
    agent: Agent,
    typed: u64,
}

impl Typist {
    pub(super) fn new(handle: Handle, agent: Agent) -> Self {
        Self { handle, agent, typed: 0 }
    }

    /// Asks for what each line says; `help` is written for one that says nothing.
    pub(super) async fn type_along(
        mut self,
        help: &str,
        verb: impl Fn(&[String]) -> Option<Result<Verb>>,
    ) -> Result<()> {
        let mut typed = Typed::new();
        loop {
            let line = typed.next().await;
            match verb(&line) {
                Some(Ok(verb)) => self.ask(verb).await?,
                Some(Err(error)) => output::complain(&format!("error: {error}")),
                None => not_understood(&line, help),
            }
        }
    }

    /// Asks; a "no" is written and does no harm.
    pub(super) async fn ask(&mut self, verb: Verb) -> Result<()> {
        self.typed += 1;
        let agent = agent_id(&self.agent)?;
        let by =
            Principal { account: agent.as_str().parse()?, role: Role::Agent, agent: Some(agent.clone()) };
        let id = CommandId::new(format!("typed-{}", self.typed))?;
        if let Err(no) = self.handle.command(Command { id, by, agent, interaction: None, verb }).await {
            output::complain(&format!("refused: {no}"));
        }
        Ok(())
    }
}
