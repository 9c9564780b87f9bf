//! Journal IDs in the SQLite store: of an older format, after a loss, and after a replacement.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cordboard_store::{
    Error, InteractionQuery, Reader, SignInOrigin, Token, WaitQuery, Writer, entries,
    sqlite::{self, Unexpected},
    suite::sample,
};
use model::{AccountName, JournalId, Seq, Timestamp};
use rusqlite::{Connection, params};
use tempfile::TempDir;

/// The tables of every earlier format.
const EARLIER: [&str; 3] =
    [include_str!("format_1.sql"), include_str!("format_2.sql"), include_str!("format_3.sql")];

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    (folder, path)
}

/// Opens the store, appends entries up to `last`, and closes it.
fn write_up_to(path: &Path, last: u64) -> JournalId {
    let (mut writer, reader) = sqlite::open(path).unwrap();
    let first = reader.last_seq().unwrap().0 + 1;
    writer.append(&sample::notices(first, last)).unwrap();
    reader.journal().unwrap()
}

fn remove_store(path: &Path) {
    for name in ["db", "db-wal", "db-shm"] {
        let _ = fs::remove_file(path.with_extension(name));
    }
}

/// A store of an earlier format with two entries, a wait and an interaction.
fn old_store(path: &Path, tables: &str) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(tables).unwrap();
    for entry in sample::notices(1, 2) {
        let json = entry.json();
        let (text, sum) = (std::str::from_utf8(json).unwrap(), i64::from(crc32fast::hash(json)));
        let insert = "INSERT INTO journal (seq, body, sum) VALUES (?, ?, ?)";
        connection.execute(insert, params![entry.seq().0 as i64, text, sum]).unwrap();
    }
    let insert =
        "INSERT INTO waits (seq, queue, at, waited_ms, answered_by) VALUES (1, '7700', 5000, 300, NULL)";
    connection.execute(insert, []).unwrap();
    let summary = sample::summary(1);
    let interaction = &summary.interaction;
    connection
        .execute(
            "INSERT INTO interactions (number, id, linkage, agent, opened_at, summary) VALUES (1, ?, ?, '1001', 1000, ?)",
            params![
                interaction.id.0.as_bytes(),
                interaction.linkage.0.as_bytes(),
                serde_json::to_string(&summary).unwrap()
            ],
        )
        .unwrap();
}

/// The statements that made the tables and indexes of a store, without line breaks and in one order.
fn tables(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut select = connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").unwrap();
    let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut tables: Vec<_> =
        rows.map(|sql| sql.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    tables.sort();
    tables
}

#[test]
fn a_store_of_every_earlier_format_is_brought_up_to_date_with_all_that_is_in_it() {
    let (_current, current) = place();
    write_up_to(&current, 1);
    for earlier in EARLIER {
        let (_folder, path) = place();
        old_store(&path, earlier);
        let (mut writer, reader) = sqlite::open(&path).unwrap();
        assert_eq!(entries(&reader, Seq(0)).map(Result::unwrap).count(), 2);
        let waits = reader.waits(&WaitQuery { limit: 10, ..WaitQuery::default() }).unwrap();
        assert_eq!((waits.len(), waits[0].waited_ms), (1, 300));
        let query = InteractionQuery { limit: 10, ..InteractionQuery::default() };
        assert_eq!(reader.interactions(&query).unwrap(), [sample::summary(1)]);
        let journal = reader.journal().unwrap();
        writer.append(&sample::story(3, [sample::left("7700", 5)])).unwrap();
        let token = sample_token();
        writer.put_token(&token, Timestamp(1)).unwrap();
        assert_eq!(reader.tokens().unwrap(), [token]);
        drop((writer, reader));
        let connection = Connection::open(&path).unwrap();
        let format: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(format, 4);
        drop(connection);
        // A column that is added later is written in another form.
        let is_extended = |sql: &str| sql.contains("TABLE waits") || sql.contains("TABLE tokens");
        let unextended =
            |path: &Path| tables(path).into_iter().filter(|sql| !is_extended(sql)).collect::<Vec<_>>();
        assert_eq!(unextended(&path), unextended(&current));
        let (_writer, reader) = sqlite::open(&path).unwrap();
        assert_eq!((reader.journal().unwrap(), reader.last_seq().unwrap()), (journal, Seq(3)));
    }
}

fn sample_token() -> Token {
    let account = AccountName::new("1001").unwrap();
    let (until, origin) = (Timestamp(4_000_000_000_000), SignInOrigin::default());
    Token { fingerprint: [7; 32], account, account_fingerprint: [8; 32], until, origin }
}

#[test]
fn two_journals_have_two_identities() {
    let ((_one, one), (_other, other)) = (place(), place());
    assert_ne!(write_up_to(&one, 1), write_up_to(&other, 1));
}

#[test]
fn a_store_that_is_missing_is_refused_and_nothing_is_put_in_its_place() {
    let (_folder, path) = place();
    let journal = write_up_to(&path, 5);
    remove_store(&path);
    let refused = sqlite::open(&path).unwrap_err();
    assert!(
        matches!(&refused, Error::Lost { journal: was, seq: Seq(5), .. } if *was == journal),
        "{refused}"
    );
    assert!(refused.to_string().contains("has no journal"), "{refused}");
    assert!(!path.exists());
    fs::write(&path, "").unwrap();
    assert!(matches!(sqlite::open(&path), Err(Error::Lost { .. })), "an empty file is none either");
}

#[test]
fn a_store_that_lost_its_log_is_refused() {
    let (folder, path) = place();
    let (mut writer, _reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(1, 1)).unwrap();
    // As after a kill: everything is in the log.
    let copy = folder.path().join("copy.db");
    fs::copy(&path, &copy).unwrap();
    fs::copy(folder.path().join("store.db.journal"), folder.path().join("copy.db.journal")).unwrap();
    assert!(matches!(sqlite::open(&copy), Err(Error::Lost { seq: Seq(1), .. })));
}

#[test]
fn an_older_copy_is_refused_and_a_newer_one_is_taken() {
    let (folder, path) = place();
    write_up_to(&path, 3);
    let older = folder.path().join("older.db");
    fs::copy(&path, &older).unwrap();
    let journal = write_up_to(&path, 9);
    fs::copy(&older, &path).unwrap();
    let refused = sqlite::open(&path).unwrap_err().to_string();
    assert!(refused.contains(&format!("has journal {journal} with 3 events")), "{refused}");
    assert!(refused.contains("with 9 events"), "{refused}");
}

#[test]
fn another_journal_is_refused() {
    let ((_one, one), (_other, other)) = (place(), place());
    write_up_to(&one, 3);
    let wanted = write_up_to(&other, 3);
    fs::copy(&one, &other).unwrap();
    let refused = sqlite::open(&other).unwrap_err();
    assert!(matches!(refused, Error::Lost { journal, .. } if journal == wanted));
}

#[test]
fn what_is_accepted_goes_on_under_an_identity_of_its_own() {
    let (folder, path) = place();
    write_up_to(&path, 3);
    fs::copy(&path, folder.path().join("older.db")).unwrap();
    let before = write_up_to(&path, 9);
    fs::copy(folder.path().join("older.db"), &path).unwrap();
    let (writer, reader) = sqlite::open_or(&path, Unexpected::Accept).unwrap();
    let after = reader.journal().unwrap();
    assert_ne!(after, before);
    assert_eq!(reader.last_seq(), Ok(Seq(3)));
    drop((writer, reader));
    let (writer, reader) = sqlite::open_or(&path, Unexpected::Accept).unwrap();
    assert_eq!(reader.journal(), Ok(after), "what was expected keeps its identity");
    drop((writer, reader));
    assert_eq!(sqlite::open(&path).unwrap().1.journal(), Ok(after));
}

#[test]
fn without_the_mark_a_missing_store_is_a_new_one() {
    let (folder, path) = place();
    let before = write_up_to(&path, 3);
    remove_store(&path);
    fs::remove_file(folder.path().join("store.db.journal")).unwrap();
    assert_ne!(write_up_to(&path, 1), before);
}
