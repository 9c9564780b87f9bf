//! `cordboard agents`: who does what.

use anyhow::Result;
use clap::Args;
use model::{AgentView, DeviceId, Floor, QueueId, Timestamp};
use serde::{Deserialize, Serialize};

use super::At;
use crate::output::{Out, Table, moment, state};

const EXAMPLES: &str = "\
Examples:
  cordboard agents
  cordboard --json agents | jq -r 'select(.state == \"ready\") | .id'";

/// Show the agents and what they are doing.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Agents {}

impl Agents {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let client = at.client()?;
        let mut agents: Vec<Listed> = client.list("/api/v1/agents").await?;
        let floor: Floor = client.get("/api/v1/floor").await?;
        for agent in &mut agents {
            agent.retiring = floor.is_agent_retiring(&agent.view.id);
        }
        out.list(&agents, table)?;
        Ok(())
    }
}

/// An agent, and whether it is being removed from the floor.
#[derive(Serialize, Deserialize)]
struct Listed {
    #[serde(flatten)]
    view: AgentView,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    retiring: bool,
}

fn table(agents: &[Listed]) -> Table {
    let table =
        Table::new(["AGENT", "NAME", "STATE", "SINCE (UTC)", "PHONE", "QUEUES"], "the floor has no agents");
    agents.iter().fold(table, |table, agent| table.row(row(agent)))
}

fn row(Listed { view: agent, retiring }: &Listed) -> [String; 6] {
    let queues: Vec<&str> = agent.queues.iter().map(QueueId::as_str).collect();
    let since = if agent.since == Timestamp(0) { String::new() } else { moment(agent.since) };
    let phone = agent.device.as_ref().map(DeviceId::to_string).unwrap_or_default();
    let removed = if *retiring { ", being removed" } else { "" };
    let state = format!("{}{removed}", state(&agent.state));
    [agent.id.to_string(), agent.name.to_string(), state, since, phone, queues.join(" ")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_stand_in_a_table() {
        let agents: Vec<Listed> = serde_json::from_str(
            r#"[
            {"id":"1001","name":"Ann Archer","state":"not-ready","reason":"lunch","since":1795219200000,"device":"1001","queues":["7700","7710"],"can":[]},
            {"id":"1002","name":"Ben Baker","state":"signed-out","since":0,"device":"1002","queues":[],"can":[]},
            {"id":"1003","name":"Cleo Cole","state":"busy","since":1795219200000,"device":"1003","queues":[],"can":[],"retiring":true}
            ]"#,
        )
        .unwrap();
        insta::assert_snapshot!(table(&agents).to_string(), @r"
        AGENT  NAME        STATE                SINCE (UTC)          PHONE  QUEUES
        1001   Ann Archer  not-ready (lunch)    2026-11-21 00:00:00  1001   7700 7710
        1002   Ben Baker   signed-out                                1002
        1003   Cleo Cole   busy, being removed  2026-11-21 00:00:00  1003
        ");
    }
}
