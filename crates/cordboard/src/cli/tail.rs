//! `cordboard tail`: live events.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use model::{JournalId, Seq};

use super::At;
use crate::{
    client::{Client, Cursor, Events, Message, Said},
    output::{self, Out, describe},
};

const EXAMPLES: &str = "\
Examples:
  cordboard tail
  cordboard tail --after 1200                 what came after event 1200, and all that follows
  cordboard --json tail | jq 'select(.type == \"event\") | .event'";

/// How long to wait before a lost connection is tried again, at first and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Follow the events of a node. When the connection is lost it is made again, and nothing is left out.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Tail {
    /// Begin after this event, not with the state of things.
    #[arg(long, value_name = "SEQ")]
    after: Option<u64>,
    /// The journal that --after is of, as a snapshot names it; the node's own when not given.
    #[arg(long, value_name = "ID", requires = "after")]
    journal: Option<JournalId>,
    /// Stop after so many events.
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
}

impl Tail {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let client = at.client()?;
        let mut events = client.events(self.cursor(&client).await?);
        let mut left = self.limit.unwrap_or(u64::MAX);
        // The first connection has to stand: a wrong address is no lost connection.
        let mut message = events.next().await?;
        loop {
            out.line(&line(out, &message))?;
            left -= u64::from(matches!(message.said, Said::Event { .. }));
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

/// The next message, however often the connection is lost meanwhile.
async fn again(events: &mut Events) -> Result<Message> {
    let (mut wait, wait_max) = RETRY;
    loop {
        match events.next().await {
            Ok(message) => return Ok(message),
            Err(error) if error.may_pass() => {
                output::complain(&format!("lost the node: {error}; trying again"));
                tokio::time::sleep(wait).await;
                wait = wait_max.min(wait * 2);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn line(out: Out, message: &Message) -> String {
    match (out.form(), &message.said) {
        (output::Form::Json, _) => message.json.clone(),
        (output::Form::Text, Said::Snapshot { seq, resync, reason, snapshot, .. }) => {
            let reason = reason.as_deref().unwrap_or("unknown");
            let why = if *resync { format!(", events were left out: {reason}") } else { String::new() };
            let (agents, live) = (snapshot.agents.len(), snapshot.interactions.len());
            format!("-- at #{seq}: {agents} agents, {live} interactions are open{why}")
        }
        (output::Form::Text, Said::Resumed { seq, .. }) => format!("-- after #{seq}"),
        (output::Form::Text, Said::Event { record, .. }) => describe(record),
        (output::Form::Text, Said::Error { detail, .. }) => format!("-- {detail}"),
    }
}
