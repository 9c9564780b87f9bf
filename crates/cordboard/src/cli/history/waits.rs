//! `cordboard history --waits`: shows how long calls waited.

use anyhow::Result;
use model::{AgentId, CallId, Cause, QueueId, Timestamp, WaitingCaller};
use serde::{Deserialize, Serialize};

use super::{NodeArgs, query_string};
use crate::output::{Iso, Out, Table, Zone, party, took, word};

/// How long one call waited, as the API returns it.
#[derive(Debug, Serialize, Deserialize)]
struct Wait {
    queue: QueueId,
    at: Timestamp,
    waited_ms: u64,
    answered_by: Option<AgentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    call: Option<CallId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
    #[serde(flatten)]
    waiter: WaitingCaller,
}

/// The parameters of the API request.
#[derive(Serialize)]
struct Query {
    queue: Option<QueueId>,
    from: Option<Timestamp>,
    limit: u16,
}

pub(super) async fn show(
    at: &NodeArgs,
    out: Out,
    queue: Option<QueueId>,
    from: Option<Timestamp>,
    limit: u16,
) -> Result<()> {
    let path = format!("/api/v1/history/waits{}", query_string(&Query { queue, from, limit })?);
    let waits: Vec<Iso<Wait>> = at.client()?.list(&path).await?;
    out.list(&waits, |waits| table(waits, &Zone::local()))?;
    Ok(())
}

fn table(waits: &[Iso<Wait>], zone: &Zone) -> Table {
    let head = ["UNTIL", "QUEUE", "WAITED", "CALLER", "DIALED", "ANSWERED BY", "CAUSE", "CALL", "LINKAGE"];
    let empty = Table::new(head, "no call has waited");
    waits.iter().fold(empty, |table, Iso(wait)| table.row(row(wait, zone)))
}

fn row(wait: &Wait, zone: &Zone) -> [String; 9] {
    let WaitingCaller { caller, dialled, linkage, contact } = &wait.waiter;
    let caller = caller.as_ref().map(party).unwrap_or_default();
    [
        zone.moment(wait.at),
        wait.queue.to_string(),
        took(std::time::Duration::from_millis(wait.waited_ms)),
        contact.as_ref().map_or_else(|| caller.clone(), |contact| format!("{} ({caller})", contact.name)),
        dialled.as_ref().map(ToString::to_string).unwrap_or_default(),
        wait.answered_by.as_ref().map(ToString::to_string).unwrap_or_default(),
        wait.cause.as_ref().map(word).unwrap_or_default(),
        wait.call.as_ref().map(ToString::to_string).unwrap_or_default(),
        linkage.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_who_gave_up_is_shown() {
        let waits: Vec<Iso<Wait>> = serde_json::from_str(
            r#"[{"queue":"7700","at":1795219200000,"waited_ms":42000,"answered_by":null,"switch":"pbx","call":"sim-1","cause":"abandoned",
              "caller":{"at":{"outside":"+14155550100"}},"dialled":"7700","linkage":"019aa0c8-3f5e-7d52-b1f7-6a0e6f6f3a11",
              "contact":{"id":"c-1","name":"Dana","numbers":[]}},
             {"queue":"7700","at":1795219200000,"waited_ms":1000,"answered_by":"1001","switch":"pbx","call":"sim-2"}]"#,
        )
        .unwrap();
        let shown = table(&waits, &Zone::UTC).to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[1].contains("0:42") && lines[1].contains("Dana (+14155550100)"), "{shown}");
        assert!(lines[1].contains("abandoned") && lines[1].contains("sim-1"), "{shown}");
        assert!(lines[2].contains("1001"), "{shown}");
    }
}
