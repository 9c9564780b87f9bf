//! `cordboard call`: simulates a call.

use anyhow::Result;
use clap::Args;
use compact_str::CompactString;
use model::{AgentState, AgentView, CallId, Data, Floor, Number, QueueId, QueueView};
use serde::{Deserialize, Serialize};
use settings::Span;
use simulated::Caller;

use super::NodeArgs;
use crate::{
    client::{self, Client},
    output::{self, Out, state},
};

const EXAMPLES: &str = "\
Examples:
  cordboard call --from +14155550100 --to 7700
  cordboard call --from +14155550100 --to 7700 --data AccountCode=A-100
  cordboard call --to 7700 --patience 1m --talk 10s
      without a number; waits a minute, talks for ten seconds";

/// Simulate a call: a caller of the built-in simulated switch dials a number.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Call {
    /// The caller's number. Without it the number is withheld.
    #[arg(long, value_name = "NUMBER")]
    from: Option<Number>,
    /// The number to dial: a queue or a phone.
    #[arg(long, value_name = "NUMBER")]
    to: Number,
    /// The caller's name, as the switch shows it.
    #[arg(long)]
    name: Option<CompactString>,
    /// Data of the call, for example from an IVR. Can be given several times.
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    data: Vec<(String, String)>,
    /// How long the caller waits for an answer before hanging up.
    #[arg(long, value_name = "TIME", default_value = "30s")]
    patience: Span,
    /// How long the caller talks before hanging up. Without it the other end hangs up.
    #[arg(long, value_name = "TIME")]
    talk: Option<Span>,
    #[command(flatten)]
    at: NodeArgs,
}

#[derive(Serialize, Deserialize)]
struct Made {
    call: CallId,
}

impl Call {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let mut data = Data::new();
        self.data.iter().try_for_each(|(name, value)| data.set(name, value))?;
        let (patience_ms, talk_ms) = (Some(self.patience.as_ms()), self.talk.map(Span::as_ms));
        let Self { from, to, name, at, patience, .. } = self;
        let client = at.client()?;
        // The state before the call: afterwards an agent who was ready may be busy with it. Not every token may read it.
        let hint = hint(&client, &to, &at).await.unwrap_or_default();
        let caller = Caller { from, to, name, data, patience_ms, talk_ms, answer_after_ms: None };
        let made: Made = client.post("/api/v1/simulated/calls", &caller).await?;
        let from = caller.from.as_ref().map_or("a withheld number", Number::as_str);
        out.one(&made, |made| format!("call {} from {from} to {}", made.call, caller.to))?;
        if let Some(hint) = hint {
            let to = &caller.to;
            output::complain(&format!(
                "Nobody is ready in queue {to}; the caller waits up to {patience}.\n{hint}"
            ));
        }
        Ok(())
    }
}

/// What to do so that somebody answers, when the call goes to a queue in which nobody is ready.
async fn hint(client: &Client, to: &Number, at: &NodeArgs) -> Result<Option<String>, client::Error> {
    let queues: Vec<QueueView> = client.list("/api/v1/queues").await?;
    let called = queues.into_iter().find(|queue| queue.id.as_str() == to.as_str());
    let Some(queue) = called.filter(|queue| queue.ready == 0) else { return Ok(None) };
    let agents: Vec<AgentView> = client.list("/api/v1/agents").await?;
    let floor: Floor = client.get("/api/v1/floor").await?;
    Ok(Some(advice(&queue.id, &agents, &floor, at)))
}

fn advice(queue: &QueueId, agents: &[AgentView], floor: &Floor, at: &NodeArgs) -> String {
    let serving = |agent: &&AgentView| agent.queues.contains(queue);
    let can_be_ready = |agent: &&AgentView| match agent.state {
        AgentState::NotReady { .. } | AgentState::WrapUp => true,
        AgentState::SignedOut | AgentState::Ready | AgentState::Busy => false,
    };
    if let Some(agent) = agents.iter().filter(serving).find(can_be_ready) {
        let (id, line) = (&agent.id, at.line(&format!("agent {} ready", agent.id)));
        let state = match agent.state {
            AgentState::WrapUp => "is in wrap-up".to_owned(),
            AgentState::SignedOut | AgentState::NotReady { .. } | AgentState::Ready | AgentState::Busy => {
                format!("is {}", state(&agent.state))
            }
        };
        return format!("Agent {id} {state}. Choose Ready on the agent's page, or run: {line}");
    }
    let busy = agents.iter().filter(serving).find(|agent| agent.state == AgentState::Busy);
    if let Some(agent) = busy {
        return format!("Agent {} is busy; the call waits until an agent is ready.", agent.id);
    }
    match floor.agents.iter().find(|agent| agent.queues.contains(queue)) {
        Some(agent) => format!(
            "Sign in at {} as an agent of this queue, for example {}, and choose Ready.",
            at.url, agent.id
        ),
        None => format!("The floor has no agent with queue {queue}; add one to the floor file and apply it."),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn advice_with(agents: &serde_json::Value) -> String {
        let floor = json!({ "agents": [{ "id": "1001", "name": "Ann", "device": "1001", "switch": "s", "queues": ["7700"] }] });
        let (agents, floor) = (
            serde_json::from_value::<Vec<_>>(agents.clone()).unwrap(),
            serde_json::from_value(floor).unwrap(),
        );
        let at = NodeArgs { url: super::super::USUAL_URL.parse().unwrap(), ca: None };
        let advice = advice(&QueueId::new("7700").unwrap(), &agents, &floor, &at);
        advice.replace(&super::super::program(), "cordboard")
    }

    fn agent(state: &str) -> serde_json::Value {
        json!({ "id": "1001", "name": "Ann", "state": state, "reason": "call", "since": 0, "queues": ["7700"], "can": [] })
    }

    #[test]
    fn the_advice_fits_the_agents_of_the_queue() {
        let lines = [json!([agent("not-ready")]), json!([agent("busy")]), json!([])];
        insta::assert_snapshot!(lines.each_ref().map(advice_with).join("\n"), @r"
        Agent 1001 is not-ready (call). Choose Ready on the agent's page, or run: cordboard agent 1001 ready
        Agent 1001 is busy; the call waits until an agent is ready.
        Sign in at http://127.0.0.1:8080 as an agent of this queue, for example 1001, and choose Ready.
        ");
    }
}
