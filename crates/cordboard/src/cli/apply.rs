//! `cordboard apply`: applies a floor file.

use std::{
    fmt,
    io::{self, BufRead, IsTerminal, Write},
    path::PathBuf,
};

use anyhow::{Result, bail};
use clap::Args;
use model::{AccountName, Contact, Retiring, Seq};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{NodeArgs, segment};
use crate::{
    client::Client,
    floor::{self, Change, Plan, Salts, State},
    output::Out,
};

const EXAMPLES: &str = "\
Examples:
  cordboard apply floor.toml             show the changes, ask, apply
  cordboard apply floor.toml --dry-run   show the changes only
  cordboard apply floor.toml --yes       apply without asking";

/// How many contacts one request reads.
const PAGE: usize = 1_000;

/// Apply a floor file to a running node.
///
/// Shows the changes first and asks. Agents, queues, reasons and dispositions
/// that are missing from the file are deleted. If the file has accounts,
/// accounts that are missing from it are deleted too. Contacts are never
/// deleted. An agent with a call finishes it first. A queue with waiting calls
/// is deleted when the last one has left. Unchanged passwords sign nobody out.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Apply {
    /// The floor file.
    floor: PathBuf,
    /// Apply without asking.
    #[arg(long)]
    yes: bool,
    /// Only show the changes.
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    #[command(flatten)]
    at: NodeArgs,
}

/// The node's answer to a floor that it applied.
#[derive(Serialize, Deserialize)]
struct Applied {
    seq: Seq,
    #[serde(default, skip_serializing_if = "Retiring::is_empty")]
    retiring: Retiring,
}

impl fmt::Display for Applied {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "applied; the last event is #{}", self.seq)?;
        for agent in &self.retiring.agents {
            write!(out, "\nagent {agent} finishes its interactions and is then signed out and deleted")?;
        }
        for queue in &self.retiring.queues {
            write!(out, "\nqueue {queue} is deleted when no call waits in it")?;
        }
        Ok(())
    }
}

impl Apply {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let plan = floor::load(&self.floor)?;
        for warning in floor::warnings(&self.floor, &plan.floor) {
            writeln!(io::stderr(), "warning: {warning}")?;
        }
        let client = self.at.client()?;
        let (state, salts) = state(&client).await?;
        let changes = floor::compare(&state, &plan);
        changes.iter().try_for_each(|change| out.one(change, Change::to_string))?;
        if changes.is_empty() || self.dry_run {
            return Ok(out.note(if changes.is_empty() { "no changes" } else { "nothing was applied" })?);
        }
        if !self.yes && !confirmed()? {
            return Ok(out.note("nothing was applied")?);
        }
        let applied = put(&client, plan, &salts).await?;
        out.one(&applied, Applied::to_string)?;
        Ok(())
    }
}

/// The state of the node, and the salts of its password hashes.
async fn state(client: &Client) -> Result<(State, Salts)> {
    let floor = client.get("/api/v1/floor").await?;
    let mut accounts: Vec<Value> = client.list("/api/v1/accounts").await?;
    let salts = accounts.iter_mut().filter_map(take_salt).collect();
    let mut contacts: Vec<Contact> = Vec::new();
    loop {
        let after = contacts.last().map(|contact| format!("&after={}", segment(&contact.id)));
        let path = format!("/api/v1/contacts?limit={PAGE}{}", after.unwrap_or_default());
        let page: Vec<Contact> = client.list(&path).await?;
        let last = page.len() < PAGE;
        contacts.extend(page);
        if last {
            return Ok((State { floor, accounts, contacts }, salts));
        }
    }
}

/// Removes the salt from an account, which is compared without it.
fn take_salt(account: &mut Value) -> Option<(AccountName, String)> {
    let salt = account.as_object_mut()?.remove("password_salt")?;
    let name = AccountName::new(account["name"].as_str()?).ok()?;
    Some((name, salt.as_str()?.to_owned()))
}

async fn put(client: &Client, plan: Plan, salts: &Salts) -> Result<Applied> {
    let mut body = json!({ "floor": plan.floor, "contacts": plan.contacts });
    if !plan.accounts.is_empty() {
        body["accounts"] = json!(floor::hash_with(plan.accounts, salts)?);
    }
    Ok(client.put("/api/v1/floor", &body).await?)
}

fn confirmed() -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!(
            "standard input is not a terminal, so nobody can confirm; check with --dry-run, then use --yes"
        );
    }
    let mut err = io::stderr();
    write!(err, "Apply these changes? [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
