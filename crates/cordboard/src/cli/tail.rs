//! `cordboard tail`: shows live events.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use model::{JournalId, Seq};

use super::NodeArgs;
use crate::{
    client::{Client, Cursor, Events, Message, StreamMessage},
    output::{self, Out, Zone, describe},
};

const EXAMPLES: &str = "\
Examples:
  cordboard tail
      start with a snapshot, then show every event
  cordboard tail --after 1200
      start with event 1201
  cordboard tail --json | jq 'select(.type == \"event\") | .event'";

/// How long to wait before a retry of a lost connection: the first and the longest time. Our choice.
const RETRY: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Show the events of a node as they happen.
///
/// When the connection is lost, it connects again and continues without a gap.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Tail {
    /// Start after the event with this sequence number, instead of with a snapshot.
    #[arg(long, value_name = "SEQ")]
    after: Option<u64>,
    /// The journal of --after, as a snapshot names it. Without it: the node's journal.
    #[arg(long, value_name = "ID", requires = "after")]
    journal: Option<JournalId>,
    /// Stop after this many events.
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
    #[command(flatten)]
    at: NodeArgs,
}

impl Tail {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let client = self.at.client()?;
        let mut events = client.events(self.cursor(&client).await?);
        let zone = Zone::local();
        let mut left = self.limit.unwrap_or(u64::MAX);
        // The first connection has to succeed: there is no retry for a wrong address.
        let mut message = events.next().await?;
        loop {
            out.line(&line(out, &message, &zone))?;
            left -= u64::from(matches!(message.content, StreamMessage::Event { .. }));
            if left == 0 {
                return Ok(());
            }
            message = again(&mut events).await?;
        }
    }

    async fn cursor(&self, client: &Client) -> Result<Option<Cursor>> {
        let Some(after) = self.after else { return Ok(None) };
        let journal = match self.journal {
            Some(journal) => journal,
            None => client.journal().await?,
        };
        Ok(Some(Cursor { journal, seq: Seq(after) }))
    }
}

/// The next message. Retries until the connection is back.
async fn again(events: &mut Events) -> Result<Message> {
    let (mut wait, wait_max) = RETRY;
    loop {
        match events.next().await {
            Ok(message) => return Ok(message),
            Err(error) if error.may_pass() => {
                output::complain(&format!("connection lost: {error}; retrying"));
                tokio::time::sleep(wait).await;
                wait = wait_max.min(wait * 2);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn line(out: Out, message: &Message, zone: &Zone) -> String {
    match (out.form(), &message.content) {
        (output::Form::Json, _) => message.json.clone(),
        (output::Form::Text, StreamMessage::Snapshot { seq, resync, reason, snapshot, .. }) => {
            let reason = reason.as_deref().unwrap_or("unknown");
            let why = if *resync { format!(", events were skipped: {reason}") } else { String::new() };
            let (agents, live) = (snapshot.agents.len(), snapshot.interactions.len());
            format!("-- snapshot at #{seq}: {agents} agents, {live} open interactions{why}")
        }
        (output::Form::Text, StreamMessage::Resumed { seq, .. }) => format!("-- continued after #{seq}"),
        (output::Form::Text, StreamMessage::Event { record, .. }) => describe(record, zone),
        (output::Form::Text, StreamMessage::Error { detail, .. }) => format!("-- {detail}"),
    }
}
