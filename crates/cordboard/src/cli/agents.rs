//! `cordboard agents`: lists the agents.

use anyhow::Result;
use clap::Args;
use model::{AgentView, DeviceId, Floor, QueueId, Timestamp};
use serde::{Deserialize, Serialize};

use super::NodeArgs;
use crate::output::{Out, Table, Zone, state};

const EXAMPLES: &str = "\
Examples:
  cordboard agents
  cordboard agents --json | jq -r 'select(.state == \"ready\") | .id'";

/// List the agents and their states.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Agents {
    #[command(flatten)]
    at: NodeArgs,
}

impl Agents {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let client = self.at.client()?;
        let mut agents: Vec<Listed> = client.list("/api/v1/agents").await?;
        let floor: Floor = client.get("/api/v1/floor").await?;
        for agent in &mut agents {
            agent.retiring = floor.is_agent_retiring(&agent.view.id);
        }
        out.list(&agents, |agents| table(agents, &Zone::local()))?;
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

fn table(agents: &[Listed], zone: &Zone) -> Table {
    let table = Table::new(["AGENT", "NAME", "STATE", "SINCE", "PHONE", "QUEUES"], "the floor has no agents");
    agents.iter().fold(table, |table, agent| table.row(row(agent, zone)))
}

fn row(Listed { view: agent, retiring }: &Listed, zone: &Zone) -> [String; 6] {
    let queues: Vec<&str> = agent.queues.iter().map(QueueId::as_str).collect();
    let since = if agent.since == Timestamp(0) { String::new() } else { zone.moment(agent.since) };
    let phone = agent.device.as_ref().map(DeviceId::to_string).unwrap_or_default();
    let removed = if *retiring { ", being removed" } else { "" };
    let state = format!("{}{removed}", state(&agent.state));
    [agent.id.to_string(), agent.name.to_string(), state, since, phone, queues.join(" ")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_listed_in_a_table() {
        let agents: Vec<Listed> = serde_json::from_str(
            r#"[
            {"id":"1001","name":"Ann Archer","state":"not-ready","reason":"lunch","since":1795219200000,"device":"1001","queues":["7700","7710"],"can":[]},
            {"id":"1002","name":"Ben Baker","state":"signed-out","since":0,"device":"1002","queues":[],"can":[]},
            {"id":"1003","name":"Cleo Cole","state":"busy","since":1795219200000,"device":"1003","queues":[],"can":[],"retiring":true}
            ]"#,
        )
        .unwrap();
        insta::assert_snapshot!(table(&agents, &Zone::UTC).to_string(), @r"
        AGENT  NAME        STATE                SINCE                       PHONE  QUEUES
        1001   Ann Archer  not-ready (lunch)    2026-11-21 00:00:00 +00:00  1001   7700 7710
        1002   Ben Baker   signed-out                                       1002
        1003   Cleo Cole   busy, being removed  2026-11-21 00:00:00 +00:00  1003
        ");
    }
}
