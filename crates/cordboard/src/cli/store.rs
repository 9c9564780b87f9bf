//! `cordboard store`: backs up, restores, checks and repairs a node's database.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use model::{JournalId, Seq};
use serde::Serialize;
use store::sqlite::{self, Damage, Position};

use crate::{
    assemble::{STORE_FILE, files},
    output::{Out, Table},
};

const EXAMPLES: &str = "\
Examples:
  cordboard store backup /var/lib/cordboard /backup/monday.db
  cordboard store check /backup/monday.db
  cordboard store restore /backup/monday.db /var/lib/cordboard
  cordboard store repair /var/lib/cordboard";

/// Back up, restore, check and repair a database.
///
/// A backup is made while the node runs. For everything else the node must be
/// stopped. Run these commands as the user of the node: the files belong to the
/// user who runs them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Store {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Copy the database while the node runs, and check the copy.
    ///
    /// The copy is one file with the state of one moment. It gets its name when
    /// it is complete, correct and durable.
    Backup {
        /// The folder of the database: `path` of [store].
        folder: PathBuf,
        /// The file of the copy. It must not exist.
        target: PathBuf,
    },
    /// Put a backup in the place of the database.
    ///
    /// The backup is checked first, and the replaced database is kept beside
    /// it. The journal gets a new ID, so that clients load a snapshot again.
    Restore {
        /// The backup.
        backup: PathBuf,
        /// The folder of the database: `path` of [store]. It is created if
        /// necessary.
        folder: PathBuf,
        /// Restore even if the folder has another journal, or events that the
        /// backup does not have.
        #[arg(long)]
        overwrite: bool,
    },
    /// Read everything in the database, or in a backup, and list what is damaged.
    Check {
        /// The folder of the database: `path` of [store]; or a backup.
        #[arg(value_name = "FOLDER or FILE")]
        place: PathBuf,
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
            What::Backup { folder, target } => backup(&folder, &target, out),
            What::Restore { backup, folder, overwrite } => restore(&backup, &folder, overwrite, out),
            What::Check { place } => check(&place, out),
            What::Repair { folder } => repair(&folder, out),
        }
    }
}

fn backup(folder: &Path, target: &Path, out: Out) -> Result<()> {
    let path = folder.join(STORE_FILE);
    let made = sqlite::backup(&path, target).with_context(|| format!("cannot back up {}", path.display()))?;
    let bytes = fs::metadata(target).map_or(0, |file| file.len());
    let made = Made { file: target, bytes, journal: made.journal, events: made.last };
    out.one(&made, |made| {
        format!("{} has {} events in {} bytes, and no damage", target.display(), made.events, made.bytes)
    })?;
    Ok(())
}

/// A backup, for output.
#[derive(Serialize)]
struct Made<'a> {
    file: &'a Path,
    bytes: u64,
    journal: Option<JournalId>,
    events: Seq,
}

fn restore(backup: &Path, folder: &Path, overwrite: bool, out: Out) -> Result<()> {
    let path = folder.join(STORE_FILE);
    let cannot = || format!("cannot restore {} to {}", backup.display(), path.display());
    files::private_folder(folder)?;
    let restore = sqlite::Restore::prepare(backup, &path).with_context(cannot)?;
    if restore.loses() && !overwrite {
        let has = restore.replaced().map(words).unwrap_or_default();
        bail!(
            "{} has {has}, and the backup has {}; nothing was changed. Restore it with --overwrite if the difference can be lost",
            path.display(),
            words(restore.backup())
        );
    }
    let done = restore.run().with_context(cannot)?;
    let done = Done { database: path, journal: done.journal, events: done.last, kept: done.kept };
    out.one(&done, Done::text)?;
    Ok(())
}

/// How far a store goes, in words.
fn words(position: Position) -> String {
    match position.journal {
        Some(journal) => format!("journal {journal} with {} events", position.last),
        None => format!("a journal with {} events", position.last),
    }
}

/// A restored database, for output.
#[derive(Serialize)]
struct Done {
    database: PathBuf,
    journal: JournalId,
    events: Seq,
    /// Where the replaced database is.
    kept: Option<PathBuf>,
}

impl Done {
    fn text(&self) -> String {
        let mut lines = vec![format!("{} has {} events", self.database.display(), self.events)];
        lines.extend(self.kept.iter().map(|kept| format!("the replaced database is {}", kept.display())));
        lines.push(format!(
            "the journal has a new ID, {}: clients that come back get a snapshot with \"resync\":true",
            self.journal
        ));
        lines.join("\n")
    }
}

fn check(place: &Path, out: Out) -> Result<()> {
    let is_folder = place.is_dir();
    let path = if is_folder { place.join(STORE_FILE) } else { place.to_owned() };
    let damage = if is_folder { sqlite::check(&path) } else { sqlite::check_backup(&path) };
    let damage = damage.with_context(|| format!("cannot check {}", path.display()))?;
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
