//! `cordboard apply`: takes a floor file on.

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

use super::{At, segment};
use crate::{
    client::Client,
    floor::{self, Change, Plan, Salts, State},
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
/// Contacts that the file has not stay. An agent who is removed while it has a call finishes it first; a queue that is removed is still served until
/// nobody waits there. Passwords that stay the same sign nobody out.
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
    #[serde(default, skip_serializing_if = "Retiring::is_empty")]
    retiring: Retiring,
}

impl fmt::Display for Taken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "applied; the journal is at #{}", self.seq)?;
        for agent in &self.retiring.agents {
            write!(out, "\nagent {agent} finishes what it has and is then signed out and removed")?;
        }
        for queue in &self.retiring.queues {
            write!(out, "\nqueue {queue} is removed when nobody waits there any more")?;
        }
        Ok(())
    }
}

impl Apply {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let plan = floor::load(&self.floor)?;
        for warning in floor::warnings(&self.floor, &plan.floor) {
            writeln!(io::stderr(), "warning: {warning}")?;
        }
        let client = at.client()?;
        let (state, salts) = state(&client).await?;
        let changes = floor::compare(&state, &plan);
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
        let taken = put(&client, plan, &salts).await?;
        out.one(&taken, Taken::to_string)?;
        Ok(())
    }
}

/// What the node has, and the salts of its passwords.
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

/// Takes the salt out of an account, which is compared without it.
fn take_salt(account: &mut Value) -> Option<(AccountName, String)> {
    let salt = account.as_object_mut()?.remove("password_salt")?;
    let name = AccountName::new(account["name"].as_str()?).ok()?;
    Some((name, salt.as_str()?.to_owned()))
}

async fn put(client: &Client, plan: Plan, salts: &Salts) -> Result<Taken> {
    let mut body = json!({ "floor": plan.floor, "contacts": plan.contacts });
    if !plan.accounts.is_empty() {
        body["accounts"] = json!(floor::hash_with(plan.accounts, salts)?);
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
