//! `cordboard apply`: takes a floor file on.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    path::PathBuf,
};

use anyhow::{Result, bail};
use clap::Args;
use model::{Contact, Seq};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{At, segment};
use crate::{
    client::Client,
    floor::{self, Change, Plan, State},
    output::Out,
};

const EXAMPLES: &str = "\
Examples:
  cordboard apply floor.toml                 shows what would change, asks, does it
  cordboard apply floor.toml --dry-run       shows what would change
  cordboard apply floor.toml --yes           does not ask";

/// How many contacts are read at a time.
const PAGE: usize = 1_000;

/// Make the floor what a floor file says: agents, queues, reasons, dispositions, accounts, contacts.
///
/// The difference is shown first. Agents, queues, reasons and dispositions that the file has not are removed. So are accounts, when the file has any.
/// Contacts that the file has not stay.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Apply {
    /// The floor file.
    floor: PathBuf,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Change nothing.
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// What a node took.
#[derive(Serialize, Deserialize)]
struct Taken {
    seq: Seq,
}

impl Apply {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let plan = floor::load(&self.floor)?;
        for warning in floor::warnings(&self.floor, &plan.floor) {
            writeln!(io::stderr(), "warning: {warning}")?;
        }
        let client = at.client()?;
        let changes = floor::compare(&state(&client).await?, &plan);
        changes.iter().try_for_each(|change| out.one(change, Change::to_string))?;
        if changes.is_empty() || self.dry_run {
            return Ok(out.say(if changes.is_empty() {
                "nothing to change"
            } else {
                "nothing was changed"
            })?);
        }
        if !self.yes && !agreed()? {
            return Ok(out.say("nothing was changed")?);
        }
        let taken = put(&client, plan).await?;
        out.one(&taken, |taken| format!("applied; the journal is at #{}", taken.seq))?;
        Ok(())
    }
}

/// What the node has.
async fn state(client: &Client) -> Result<State> {
    let floor = client.get("/api/v1/floor").await?;
    let accounts = client.list("/api/v1/accounts").await?;
    let mut contacts: Vec<Contact> = Vec::new();
    loop {
        let after = contacts.last().map(|contact| format!("&after={}", segment(&contact.id)));
        let path = format!("/api/v1/contacts?limit={PAGE}{}", after.unwrap_or_default());
        let page: Vec<Contact> = client.list(&path).await?;
        let last = page.len() < PAGE;
        contacts.extend(page);
        if last {
            return Ok(State { floor, accounts, contacts });
        }
    }
}

async fn put(client: &Client, plan: Plan) -> Result<Taken> {
    let mut body = json!({ "floor": plan.floor, "contacts": plan.contacts });
    if !plan.accounts.is_empty() {
        body["accounts"] = json!(floor::hash_all(plan.accounts, &[])?);
    }
    Ok(client.put("/api/v1/floor", &body).await?)
}

fn agreed() -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nobody can be asked here; look with --dry-run, then say --yes");
    }
    let mut err = io::stderr();
    write!(err, "apply this? [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
