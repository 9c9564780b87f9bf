//! `cordboard agent`: changes the state of an agent.

use anyhow::Result;
use clap::{Args, ValueEnum};
use model::{AgentId, AgentView, ReasonCode};
use serde_json::{Value, json};

use super::{NodeArgs, segment};
use crate::output::{Out, state};

const EXAMPLES: &str = "\
Examples:
  cordboard agent 1001 ready
  cordboard agent 1001 not-ready --reason lunch
  cordboard agent 1001 sign-out";

/// Change the state of an agent who is signed in.
///
/// During a call the change applies after the call. During wrap-up, ready and
/// not-ready complete the interaction.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Agent {
    /// The agent's ID.
    agent: AgentId,
    /// The new state.
    action: Action,
    /// The code of a reason, for not-ready and sign-out.
    #[arg(long, value_name = "CODE")]
    reason: Option<ReasonCode>,
    #[command(flatten)]
    at: NodeArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Action {
    /// Accept calls from queues.
    Ready,
    /// Accept no calls from queues.
    NotReady,
    /// End work.
    SignOut,
}

impl Agent {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let path = format!("/api/v1/agents/{}", segment(self.agent.as_str()));
        let client = self.at.client()?;
        let command = match self.action {
            Action::Ready => json!({ "verb": "ready" }),
            Action::NotReady => json!({ "verb": "not-ready", "reason": self.reason }),
            Action::SignOut => json!({ "verb": "sign-out", "reason": self.reason }),
        };
        let _: Value = client.post(&format!("{path}/commands"), &command).await?;
        let agent: AgentView = client.get(&path).await?;
        out.one(&agent, describe)?;
        Ok(())
    }
}

fn describe(agent: &AgentView) -> String {
    let next = agent.next.as_ref().map(|next| format!(", then {}", state(&next.clone().into())));
    format!("agent {} is {}{}", agent.id, state(&agent.state), next.unwrap_or_default())
}
