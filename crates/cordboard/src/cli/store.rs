//! `cordboard store`: finds and removes damage of a node's database.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
use store::sqlite::{self, Damage};

use crate::{
    assemble::STORE_FILE,
    output::{Out, Table},
};

const EXAMPLES: &str = "\
Examples:
  cordboard store check /var/lib/cordboard
  cordboard store repair /var/lib/cordboard";

/// Find and remove damage of a database.
///
/// The node must be stopped.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Store {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Read everything in the database and list what is damaged.
    Check {
        /// The folder of the database: `path` of [store].
        folder: PathBuf,
    },
    /// Remove damaged rows that the node can do without.
    ///
    /// These are snapshots and events that another snapshot or the journal
    /// replaces, accounts, contacts, and rows of the history. A copy of the
    /// database is kept beside it first. If other damage is left, restore a
    /// backup.
    Repair {
        /// The folder of the database: `path` of [store].
        folder: PathBuf,
    },
}

/// A damaged row, for output.
#[derive(Serialize)]
struct Row {
    table: &'static str,
    row: String,
    what: String,
    state: &'static str,
}

impl Row {
    fn of(damage: Damage, state: &'static str) -> Self {
        let Damage { table, row, what, .. } = damage;
        Self { table, row, what, state }
    }
}

impl Store {
    pub(super) fn run(self, out: Out) -> Result<()> {
        match self.what {
            What::Check { folder } => check(&folder, out),
            What::Repair { folder } => repair(&folder, out),
        }
    }
}

fn check(folder: &Path, out: Out) -> Result<()> {
    let path = folder.join(STORE_FILE);
    let damage = sqlite::check(&path).with_context(|| format!("cannot check {}", path.display()))?;
    let state = |removable| if removable { "repairable" } else { "needs a backup" };
    let rows: Vec<Row> = damage.into_iter().map(|one| (state(one.is_removable), one)).map(row).collect();
    out.list(&rows, table)?;
    if rows.is_empty() {
        return Ok(());
    }
    bail!("{} is damaged; see `cordboard store repair --help`, or restore a backup", path.display())
}

fn repair(folder: &Path, out: Out) -> Result<()> {
    let path = folder.join(STORE_FILE);
    let copy = free_name(folder)?;
    let done = sqlite::repair(&path, &copy).with_context(|| format!("cannot repair {}", path.display()))?;
    let left = done.left.len();
    if !done.removed.is_empty() {
        out.note(&format!("the database as it was is in {}", copy.display()))?;
    }
    let removed = done.removed.into_iter().map(|one| ("removed", one));
    let rows: Vec<Row> =
        removed.chain(done.left.into_iter().map(|one| ("needs a backup", one))).map(row).collect();
    out.list(&rows, table)?;
    if left == 0 {
        return Ok(());
    }
    bail!("{} is still damaged; restore a backup", path.display())
}

fn row((state, damage): (&'static str, Damage)) -> Row {
    Row::of(damage, state)
}

fn table(rows: &[Row]) -> Table {
    let table = Table::new(["TABLE", "ROW", "STATE", "DAMAGE"], "no damage found");
    rows.iter().fold(table, |table, row| {
        table.row([row.table.to_owned(), row.row.clone(), row.state.to_owned(), row.what.clone()])
    })
}

/// A name for the copy that is not used yet.
fn free_name(folder: &Path) -> Result<PathBuf> {
    let name = |number| folder.join(format!("damaged-{number}.db"));
    let free = (1..1_000).map(name).find(|path| !path.exists());
    free.with_context(|| format!("{} has too many copies of damaged databases", folder.display()))
}
