//! `cordboard audit`: shows and verifies the audit trail.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use model::{AccountName, Timestamp};
use serde::Serialize;
use settings::Span;
use store::{AuditEntry, AuditHash, AuditHead, VerifiedAudit, sqlite};

use super::{NodeArgs, ago, in_runtime, query_string};
use crate::{
    assemble::STORE_FILE,
    output::{Iso, Out, Table, Zone, word},
};

const EXAMPLES: &str = "\
Examples:
  cordboard audit list --since 8h
  cordboard audit list --account boss --action history-read
  cordboard audit head
      the newest entry: keep its hash on another machine
  cordboard audit verify /var/lib/cordboard --head HASH
      check every entry, and that the one with this hash is among them";

/// Show who changed or looked at what, and check that nobody changed it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show entries of the audit trail, the newest first.
    List(List),
    /// Show the newest entry of the audit trail: its number and its hash.
    ///
    /// The hash stands for all entries up to it. Keep it on another machine,
    /// and give it to `cordboard audit verify` later.
    Head {
        #[command(flatten)]
        at: NodeArgs,
    },
    /// Check the audit trail in a database file.
    ///
    /// The node may run or be stopped. Names the first entry that is wrong.
    /// Without --head it cannot be seen that entries were deleted at the end,
    /// or that somebody replaced all of them.
    Verify {
        /// The folder of the database: `path` of [store].
        folder: PathBuf,
        /// The hash of an entry that must be there, from `cordboard audit head`.
        #[arg(long, value_name = "HASH")]
        head: Option<AuditHash>,
    },
}

#[derive(Debug, Args)]
struct List {
    /// Only what this account did.
    #[arg(long)]
    account: Option<AccountName>,
    /// Only entries with this action, such as floor-applied.
    #[arg(long)]
    action: Option<String>,
    /// Only the time from this long ago until now, such as 8h.
    #[arg(long, value_name = "TIME")]
    since: Option<Span>,
    /// Only entries before this number.
    #[arg(long, value_name = "NUMBER")]
    before: Option<u64>,
    /// Show at most this many.
    #[arg(long, default_value_t = 20)]
    limit: u16,
    #[command(flatten)]
    at: NodeArgs,
}

/// The parameters of the API request.
#[derive(Serialize)]
struct Query {
    account: Option<AccountName>,
    action: Option<String>,
    from: Option<Timestamp>,
    before: Option<u64>,
    limit: u16,
}

impl Audit {
    pub(super) fn run(self, out: Out) -> Result<()> {
        match self.what {
            What::List(list) => in_runtime(list.run(out)),
            What::Head { at } => in_runtime(head(at, out)),
            What::Verify { folder, head } => verify(&folder, head, out),
        }
    }
}

impl List {
    async fn run(self, out: Out) -> Result<()> {
        let Self { account, action, since, before, limit, at } = self;
        let query = Query { account, action, from: since.map(ago), before, limit };
        let path = format!("/api/v1/audit{}", query_string(&query)?);
        let entries: Vec<Iso<AuditEntry>> = at.client()?.list(&path).await?;
        out.list(&entries, |entries| table(entries, &Zone::local()))?;
        Ok(())
    }
}

fn table(entries: &[Iso<AuditEntry>], zone: &Zone) -> Table {
    let empty =
        Table::new(["NO.", "AT", "ACCOUNT", "BY", "ADDRESS", "ACTION", "OBJECT", "DETAIL"], "no entries");
    entries.iter().fold(empty, |table, Iso(AuditEntry { number, event, .. })| {
        let actor = &event.actor;
        let dash = || "-".to_owned();
        table.row([
            number.to_string(),
            zone.moment(event.at),
            actor.account.as_ref().map_or_else(dash, ToString::to_string),
            word(&actor.credential),
            actor.address.map_or_else(dash, |address| address.to_string()),
            event.action.as_str().to_owned(),
            event.object.clone(),
            event.detail.to_string(),
        ])
    })
}

async fn head(at: NodeArgs, out: Out) -> Result<()> {
    let head: AuditHead = at.client()?.get("/api/v1/audit/head").await?;
    out.one(&head, |head| format!("{} {}", head.number, head.hash))?;
    Ok(())
}

fn verify(folder: &Path, head: Option<AuditHash>, out: Out) -> Result<()> {
    let path = folder.join(STORE_FILE);
    let verified = sqlite::verify_audit_of(&path, head);
    let verified =
        verified.with_context(|| format!("cannot verify the audit trail in {}", path.display()))?;
    out.one(&verified, text)?;
    Ok(())
}

fn text(verified: &VerifiedAudit) -> String {
    let VerifiedAudit { entries, first, head, expected } = verified;
    let found = expected.map(|number| format!("; the given hash is the one of entry {number}"));
    let range = if *entries == 0 { String::new() } else { format!(", {first} to {}", head.number) };
    format!(
        "{entries} entries{range}, no fault{}\nhead: {} {}",
        found.unwrap_or_default(),
        head.number,
        head.hash
    )
}
