//! `cordboard history`: shows completed interactions.

mod waits;

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use model::{AgentId, Interaction, InteractionId, InteractionSummary, LinkageId, Number, QueueId, Timestamp};
use serde::Serialize;
use settings::Span;

use super::{NodeArgs, ago, query_string};
use crate::output::{Iso, Out, Table, Zone, party, took, word};

const EXAMPLES: &str = "\
Examples:
  cordboard history
  cordboard history --agent 1001 --since 8h
  cordboard history --number +14155550100 --limit 5
  cordboard history --waits --queue 7700
      how long calls waited, who answered, who gave up
  cordboard history 019aa0c8-3f5e-7d52-b1f7-6a0e6f6f3a11
      one interaction with all its fields

Times are local, with the offset from UTC. JSON has times in UTC (ISO 8601).";

/// Show completed interactions, the newest first.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct History {
    /// The ID of one interaction: show all its fields.
    #[arg(conflicts_with_all = ["agent", "number", "contact", "linkage", "since", "limit", "waits"])]
    interaction: Option<InteractionId>,
    /// Only interactions of this agent.
    #[arg(long)]
    agent: Option<AgentId>,
    /// Only interactions with this customer number.
    #[arg(long)]
    number: Option<Number>,
    /// Only interactions with this contact of the directory.
    #[arg(long, value_name = "ID")]
    contact: Option<String>,
    /// Only interactions with this linkage: those of one customer call.
    #[arg(long, value_name = "ID")]
    linkage: Option<LinkageId>,
    /// Show waiting times instead: who called, who answered, or why the call left.
    #[arg(long, conflicts_with_all = ["agent", "number", "contact", "linkage"])]
    waits: bool,
    /// Only waiting times in this queue.
    #[arg(long, requires = "waits")]
    queue: Option<QueueId>,
    /// Only the time from this long ago until now, such as 8h.
    #[arg(long, value_name = "TIME")]
    since: Option<Span>,
    /// Show at most this many.
    #[arg(long, default_value_t = 20)]
    limit: u16,
    #[command(flatten)]
    at: NodeArgs,
}

/// The parameters of the API request.
#[derive(Serialize)]
struct Query {
    agent: Option<AgentId>,
    number: Option<Number>,
    contact: Option<String>,
    linkage: Option<LinkageId>,
    from: Option<Timestamp>,
    limit: u16,
}

impl History {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        if self.waits {
            return waits::show(&self.at, out, self.queue, self.since.map(ago), self.limit).await;
        }
        let Self { interaction, agent, number, contact, linkage, since, limit, at, .. } = self;
        let client = at.client()?;
        if let Some(id) = interaction {
            let summary: InteractionSummary =
                client.get(&format!("/api/v1/history/interactions/{id}")).await?;
            return Ok(out.line(&serde_json::to_string_pretty(&Iso(summary))?)?);
        }
        let query = Query { agent, number, contact, linkage, from: since.map(ago), limit };
        let path = format!("/api/v1/history/interactions{}", query_string(&query)?);
        let summaries: Vec<Iso<InteractionSummary>> = client.list(&path).await?;
        out.list(&summaries, |summaries| table(summaries, &Zone::local()))?;
        Ok(())
    }
}

fn table(summaries: &[Iso<InteractionSummary>], zone: &Zone) -> Table {
    let head =
        ["NO.", "OPENED", "AGENT", "DIRECTION", "WITH", "QUEUE", "TALKED", "HELD", "ENDED", "DISPOSITION"];
    let empty = Table::new(head, "no completed interactions");
    summaries.iter().fold(empty, |table, Iso(summary)| table.row(row(summary, zone)))
}

fn row(summary: &InteractionSummary, zone: &Zone) -> [String; 10] {
    let interaction = &summary.interaction;
    [
        interaction.number.to_string(),
        zone.moment(interaction.opened_at),
        interaction.agent.to_string(),
        word(&interaction.direction),
        interaction
            .contact
            .as_ref()
            .map_or_else(|| party(&interaction.customer), |contact| contact.name.to_string()),
        interaction.queue.as_ref().map(ToString::to_string).unwrap_or_default(),
        talked(interaction),
        if interaction.held_ms > 0 {
            took(Duration::from_millis(interaction.held_ms))
        } else {
            "-".to_owned()
        },
        ended(interaction),
        summary.disposition.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// How the interaction ended, who received the customer, and who was in the conference.
fn ended(interaction: &Interaction) -> String {
    let cause = interaction.cause.as_ref().map(word).unwrap_or_default();
    let to = interaction.transferred_to.as_ref().map(|to| format!(" to {}", party(to)));
    let others = interaction.conference.iter().filter(|party| party.at != interaction.customer.at);
    let others: Vec<String> = others.map(party).collect();
    let conference = (!others.is_empty()).then(|| format!(", conference with {}", others.join(", ")));
    [Some(cause), to, conference].into_iter().flatten().collect()
}

fn talked(interaction: &Interaction) -> String {
    match (interaction.started_at, interaction.ended_at) {
        (Some(started), Some(ended)) => took(ended.since(started)),
        (Some(_) | None, _) => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_is_shown_in_a_table() {
        let id = "019aa0c8-3f5e-7d52-b1f7-6a0e6f6f3a11";
        let base = format!(
            r#""id":"{id}","linkage":"{id}","agent":"1001","device":"1001","state":"completed","opened_at":1795219200000,
            "customer":{{"at":{{"outside":"+14155550100"}}}}"#
        );
        let summaries: Vec<Iso<InteractionSummary>> = serde_json::from_str(&format!(
            r#"[
            {{"interaction":{{{base},"number":2,"direction":"outbound","cause":"no-answer"}},"completed_at":0}},
            {{"interaction":{{{base},"number":1,"direction":"inbound","queue":"7700","cause":"transferred","held_ms":20000,
              "transferred_to":{{"at":{{"device":"1002"}},"name":"Bob"}},"started_at":1795219203000,
              "ended_at":1795219245000,"contact":{{"id":"C-1001","name":"Carla Customer"}}}},"completed_at":0,"disposition":"resolved"}}
            ]"#
        ))
        .unwrap();
        insta::assert_snapshot!(table(&summaries, &Zone::UTC).to_string(), @r"
        NO.  OPENED                      AGENT  DIRECTION  WITH            QUEUE  TALKED  HELD  ENDED                      DISPOSITION
        2    2026-11-21 00:00:00 +00:00  1001   outbound   +14155550100           -       -     no-answer
        1    2026-11-21 00:00:00 +00:00  1001   inbound    Carla Customer  7700   0:42    0:20  transferred to Bob (1002)  resolved
        ");
        let json = serde_json::to_value(&summaries[1]).unwrap();
        assert_eq!(json["interaction"]["opened_at"], "2026-11-21T00:00:00.000Z");
        assert_eq!(json["interaction"]["number"], 1);
    }

    #[test]
    fn a_query_has_the_parameters_with_a_value() {
        let number = Some(Number::new("+14155550100").unwrap());
        let query =
            Query { agent: None, number, contact: None, linkage: None, from: Some(Timestamp(5)), limit: 20 };
        assert_eq!(query_string(&query).unwrap(), "?from=5&limit=20&number=%2B14155550100");
    }
}
