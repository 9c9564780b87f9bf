//! The SQLite store with files that are locked, foreign or damaged, and its backups.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use cordboard_store::{
    Entry, Error, Reader, Writer, entries,
    sqlite::{self, Restore},
    suite::sample,
};
use model::Seq;
use rusqlite::Connection;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Creates a store with entries 1 to 3, a snapshot and an interaction, and closes it.
fn store_at(path: &Path) {
    let (mut writer, _reader) = sqlite::open(path).unwrap();
    writer.append(&sample::notices(1, 2)).unwrap();
    writer.append(&sample::story(3, [sample::completed(sample::summary(1))])).unwrap();
    writer.save_snapshot(Seq(1), b"the state after one").unwrap();
}

/// The same with a snapshot that a node could have written.
fn undamaged_store_at(path: &Path) {
    store_at(path);
    let (mut writer, _reader) = sqlite::open(path).unwrap();
    writer.save_snapshot(Seq(1), b"{}").unwrap();
}

/// Changes a closed store with SQL.
fn tamper(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// The error or the last entry of reading the whole journal.
fn read_error(path: &Path) -> String {
    let (_writer, reader) = sqlite::open(path).unwrap();
    let read: Result<Vec<Entry>, _> = entries(&reader, Seq(0)).collect();
    let error = read.unwrap_err();
    assert!(matches!(error, Error::Corrupt(_)), "{error:?}");
    error.to_string()
}

#[test]
fn a_second_opener_is_refused_until_the_first_is_gone() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let (writer, reader) = sqlite::open(&path).unwrap();
    let refused = sqlite::open(&path).unwrap_err();
    assert_eq!(refused, Error::Locked { path: path.clone() });
    assert_eq!(
        refused.to_string(),
        format!("another node has opened the store {}; stop it first", path.display())
    );
    drop(writer);
    assert!(sqlite::open(&path).is_err(), "the reader has it still");
    drop(reader);
    sqlite::open(&path).unwrap();
}

#[test]
fn another_format_is_refused() {
    let folder = folder();
    let path = folder.path().join("store.db");
    store_at(&path);
    tamper(&path, "PRAGMA user_version = 9");
    let refused = sqlite::open(&path).unwrap_err();
    assert_eq!(refused, Error::Format { found: 9, wanted: 4 });
}

#[test]
fn a_foreign_file_is_refused_and_left_as_it_is() {
    let folder = folder();
    let path = folder.path().join("foreign.db");
    tamper(&path, "CREATE TABLE theirs (a)");
    let before = fs::read(&path).unwrap();
    assert_eq!(sqlite::open(&path).unwrap_err(), Error::Format { found: 0, wanted: 4 });
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::write(&path, "Dear diary, this is no database at all.".repeat(100)).unwrap();
    assert!(matches!(sqlite::open(&path), Err(Error::Corrupt(_))));
}

#[test]
fn a_flipped_bit_in_an_entry_is_reported_with_its_number() {
    // The first two leave the JSON of another event, which only the checksum detects.
    let flips = [
        "body = replace(body, '\"seq\":2', '\"seq\":3')",
        "body = replace(body, 'notice 2', 'notice 3')",
        "body = replace(body, '{', '[')",
        "body = substr(body, 1, 40)",
        "body = ''",
        "sum = sum + 1",
        "sum = -1",
    ];
    for flip in flips {
        let folder = folder();
        let path = folder.path().join("store.db");
        store_at(&path);
        tamper(&path, &format!("UPDATE journal SET {flip} WHERE seq = 2"));
        let error = read_error(&path);
        assert!(error.contains("entry 2"), "{flip}: {error}");
    }
}

#[test]
fn an_entry_that_is_missing_or_in_the_wrong_place_is_reported() {
    let cases = [
        ("DELETE FROM journal WHERE seq = 2", "entry 2 is missing"),
        (
            "UPDATE journal SET (body, sum) = (SELECT body, sum FROM journal WHERE seq = 1) WHERE seq = 2",
            "entry 2 holds the record 1",
        ),
    ];
    for (sql, wanted) in cases {
        let folder = folder();
        let path = folder.path().join("store.db");
        store_at(&path);
        tamper(&path, sql);
        assert_eq!(read_error(&path), format!("the store is damaged: {wanted}"));
    }
}

#[test]
fn a_read_from_a_missing_entry_is_reported_too() {
    let folder = folder();
    let path = folder.path().join("store.db");
    store_at(&path);
    tamper(&path, "DELETE FROM journal WHERE seq = 2");
    let (_writer, reader) = sqlite::open(&path).unwrap();
    assert_eq!(reader.read(Seq(1), 10).unwrap_err(), Error::Corrupt("entry 2 is missing".to_owned()));
}

#[test]
fn a_damaged_snapshot_and_a_damaged_history_are_reported() {
    let folder = folder();
    let path = folder.path().join("store.db");
    store_at(&path);
    tamper(&path, "UPDATE snapshots SET state = x'00'; UPDATE interactions SET summary = '{'");
    let (_writer, reader) = sqlite::open(&path).unwrap();
    let error = reader.newest_snapshot().unwrap_err().to_string();
    assert!(error.starts_with("the store is damaged: the snapshot of entry 1 has the checksum"), "{error}");
    assert!(matches!(reader.interaction(sample::interaction_id(1)), Err(Error::Corrupt(_))));
}

#[test]
fn damaged_pages_are_errors_and_no_panic() {
    let folder = folder();
    let path = folder.path().join("store.db");
    store_at(&path);
    let whole = fs::read(&path).unwrap();
    for position in (0..whole.len()).step_by(997) {
        let mut damaged = whole.clone();
        damaged[position] ^= 0x55;
        fs::write(&path, damaged).unwrap();
        // The result is either what was written or an error.
        let Ok((_writer, reader)) = sqlite::open(&path) else { continue };
        let Ok(read) = entries(&reader, Seq(0)).collect::<Result<Vec<_>, _>>() else { continue };
        for (entry, written) in read.iter().zip(sample::notices(1, 2)) {
            assert_eq!(entry.json(), written.json(), "byte {position}");
        }
    }
}

/// Copies the open store as a kill or a power failure would leave it, with the log cut off at `log_bytes`.
fn crash(path: &Path, to: &Path, log_bytes: usize) {
    fs::copy(path, to).unwrap();
    let log = fs::read(path.with_extension("db-wal")).unwrap();
    fs::write(to.with_extension("db-wal"), &log[..log_bytes.min(log.len())]).unwrap();
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let folder = folder();
    let (path, copy) = (folder.path().join("store.db"), folder.path().join("copy.db"));
    let (mut writer, _reader) = sqlite::open(&path).unwrap();
    for seq in 1..=20 {
        writer.append(&sample::notices(seq, seq)).unwrap();
    }
    crash(&path, &copy, usize::MAX);
    let (_writer, reader) = sqlite::open(&copy).unwrap();
    assert_eq!(entries(&reader, Seq(0)).map(Result::unwrap).count(), 20);
}

#[test]
fn a_log_that_was_cut_off_loses_whole_batches_at_its_end() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let (mut writer, _reader) = sqlite::open(&path).unwrap();
    let mut acknowledged = Vec::new();
    for batch in 0..10 {
        writer.append(&sample::notices(batch * 4 + 1, batch * 4 + 4)).unwrap();
        acknowledged.push(fs::metadata(path.with_extension("db-wal")).unwrap().len() as usize);
    }
    for log_bytes in (acknowledged[0]..acknowledged[9]).step_by(1_013) {
        let copy = folder.path().join(format!("copy{log_bytes}.db"));
        crash(&path, &copy, log_bytes);
        let (_writer, reader) = sqlite::open(&copy).unwrap();
        let batches = acknowledged.iter().filter(|bytes| **bytes <= log_bytes).count();
        let read = entries(&reader, Seq(0)).map(Result::unwrap).count();
        assert_eq!(read, batches * 4, "log of {log_bytes} bytes");
    }
}

#[test]
fn a_writer_that_met_a_failure_writes_nothing_more() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(1, 1)).unwrap();
    // A row of an uncommitted entry has the position of the next one.
    tamper(&path, "INSERT INTO journal VALUES (2, '', 0)");
    assert!(matches!(writer.append(&sample::notices(2, 3)), Err(Error::Storage(_))));
    assert!(matches!(writer.append(&sample::notices(2, 3)), Err(Error::Poisoned(_))));
    assert!(matches!(writer.append(&[]), Err(Error::Poisoned(_))));
    assert!(matches!(writer.prune(Seq(1)), Err(Error::Poisoned(_))));
    assert_eq!(reader.last_seq(), Ok(Seq(2)), "nothing of the batch is there");
}

#[test]
fn a_store_without_a_folder_is_an_error() {
    let folder = folder();
    let path = folder.path().join("no such folder").join("store.db");
    let error = sqlite::open(&path).unwrap_err();
    assert!(matches!(&error, Error::Storage(text) if text.contains("no such folder")), "{error:?}");
}

/// Saves a snapshot of 4 MiB several times.
fn write_snapshots(writer: &mut impl Writer, times: u32) {
    let state = vec![7; 4 << 20];
    (0..times).for_each(|_| writer.save_snapshot(Seq(1), &state).unwrap());
}

fn log_mib(path: &Path) -> u64 {
    fs::metadata(path.with_extension("db-wal")).unwrap().len() >> 20
}

#[test]
fn the_log_stays_short_while_the_writer_never_rests() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let (mut writer, _reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(1, 1)).unwrap();
    write_snapshots(&mut writer, 30);
    assert!(log_mib(&path) < 40, "120 MiB were written, the log has {}", log_mib(&path));
}

#[test]
fn a_reader_that_stays_holds_the_log_but_not_the_writer() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let (mut writer, _reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(1, 1)).unwrap();
    let long_reader = Connection::open(&path).unwrap();
    long_reader.execute_batch("BEGIN; SELECT count(*) FROM journal").unwrap();
    write_snapshots(&mut writer, 20);
    assert!(log_mib(&path) >= 80, "all of it is needed");
    long_reader.execute_batch("COMMIT").unwrap();
    write_snapshots(&mut writer, 20);
    drop(long_reader);
    let log_mib = log_mib(&path);
    assert!(log_mib <= 128, "80 MiB more were written, the log has {log_mib}");
}

#[test]
fn more_threads_than_connections_read_at_once() {
    let folder = folder();
    let (mut writer, reader) = sqlite::open(&folder.path().join("store.db")).unwrap();
    writer.append(&sample::notices(1, 100)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                (0..20).for_each(|_| assert_eq!(reader.read(Seq(0), 100).unwrap().len(), 100));
            });
        }
    });
}

#[test]
fn a_backup_is_a_store_of_its_own() {
    let folder = folder();
    let (path, copy) = (folder.path().join("store.db"), folder.path().join("copy.db"));
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(1, 3)).unwrap();
    reader.backup(&copy).unwrap();
    writer.append(&sample::notices(4, 4)).unwrap();
    let (mut restored, restored_reader) = sqlite::open(&copy).unwrap();
    assert_eq!(restored_reader.last_seq(), Ok(Seq(3)));
    restored.append(&sample::notices(4, 6)).unwrap();
    assert_eq!((restored_reader.last_seq(), reader.last_seq()), (Ok(Seq(6)), Ok(Seq(4))));
}

#[test]
fn a_backup_overwrites_nothing() {
    let folder = folder();
    let copy = folder.path().join("copy.db");
    let (_writer, reader) = sqlite::open(&folder.path().join("store.db")).unwrap();
    fs::write(&copy, "precious").unwrap();
    assert!(matches!(reader.backup(&copy), Err(Error::Storage(_))));
    assert_eq!(fs::read_to_string(&copy).unwrap(), "precious");
    assert!(!folder.path().join("copy.db.part").exists());
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let (mut writer, reader) = sqlite::open(&folder.path().join("store.db")).unwrap();
    writer.append(&sample::notices(1, 1)).unwrap();
    reader.backup(&folder.path().join("copy.db")).unwrap();
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 6, "the store, its log and index, its lock, its mark, and the copy: {files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

/// What a check finds: the tables and rows.
fn found(path: &Path) -> Vec<String> {
    let damage = sqlite::check(path).unwrap();
    damage.iter().map(|damage| format!("{} {} {}", damage.table, damage.row, damage.is_removable)).collect()
}

#[test]
fn after_a_stop_the_database_file_alone_is_complete() {
    let (folder, elsewhere) = (folder(), folder());
    let path = folder.path().join("store.db");
    store_at(&path);
    let copy = elsewhere.path().join("store.db");
    fs::copy(&path, &copy).unwrap();
    let (_writer, reader) = sqlite::open(&copy).unwrap();
    assert_eq!(reader.last_seq(), Ok(Seq(3)));
    assert!(reader.interaction(sample::interaction_id(1)).unwrap().is_some());
}

#[test]
fn a_damaged_snapshot_is_replaced_by_the_one_before_it() {
    let folder = folder();
    let path = folder.path().join("store.db");
    store_at(&path);
    sqlite::open(&path).unwrap().0.save_snapshot(Seq(3), b"3").unwrap();
    tamper(&path, "UPDATE snapshots SET state = x'00' WHERE seq = 3");
    let (writer, reader) = sqlite::open(&path).unwrap();
    assert_eq!(reader.newest_snapshot(), Ok(Some((Seq(1), b"the state after one".to_vec()))));
    drop((writer, reader));
    tamper(&path, "UPDATE snapshots SET state = CAST('1' AS BLOB), sum = 2212294583 WHERE seq = 1");
    assert_eq!(found(&path), ["snapshots 3 true"]);
    let copy = folder.path().join("copy.db");
    let done = sqlite::repair(&path, &copy).unwrap();
    assert_eq!((done.removed.len(), done.left.len()), (1, 0));
    assert_eq!(found(&copy), ["snapshots 3 true"], "the copy is as the store was");
    assert_eq!(found(&path), [""; 0]);
    let (_writer, reader) = sqlite::open(&path).unwrap();
    assert_eq!(reader.newest_snapshot(), Ok(Some((Seq(1), b"1".to_vec()))));
}

#[test]
fn a_repair_removes_damaged_rows_and_nothing_that_is_needed() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(1, 5)).unwrap();
    writer.append(&sample::story(6, [sample::completed(sample::summary(1))])).unwrap();
    writer.save_snapshot(Seq(3), b"3").unwrap();
    drop((writer, reader));
    tamper(
        &path,
        "UPDATE journal SET body = '{}' WHERE seq IN (2, 5);
         UPDATE interactions SET summary = '{\"half\":';
         INSERT INTO accounts VALUES ('1001', 'x');
         INSERT INTO contacts VALUES ('c1', 'x', 'x');",
    );
    let wanted = ["journal 2 true", "journal 5 false", "accounts 1001 true", "contacts c1 true"];
    let found_before = found(&path);
    assert_eq!(found_before[..4], wanted);
    assert!(
        found_before[4].starts_with("interactions") && found_before[4].ends_with("true"),
        "{found_before:?}"
    );
    let done = sqlite::repair(&path, &folder.path().join("copy.db")).unwrap();
    assert_eq!(done.removed.len(), 4);
    assert_eq!(found(&path), ["journal 5 false"], "no snapshot covers it");
    let refused = sqlite::repair(&path, &folder.path().join("copy.db")).unwrap();
    assert_eq!((refused.removed.len(), refused.left.len()), (0, 1));
}

#[test]
fn a_store_in_use_is_not_repaired() {
    let folder = folder();
    let path = folder.path().join("store.db");
    let _open = sqlite::open(&path).unwrap();
    assert_eq!(sqlite::check(&path), Err(Error::Locked { path: path.clone() }));
    let missing = folder.path().join("missing.db");
    assert!(sqlite::check(&missing).is_err());
    assert!(!missing.exists());
}

#[test]
fn a_store_in_use_is_backed_up_while_its_writer_continues() {
    let folder = folder();
    let (path, copy) = (folder.path().join("store.db"), folder.path().join("copy.db"));
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(1, 100)).unwrap();
    let journal = reader.journal().unwrap();
    let stop = AtomicBool::new(false);
    let made = thread::scope(|scope| {
        scope.spawn(|| {
            let mut seq = 100;
            while !stop.load(Ordering::Relaxed) {
                seq += 1;
                writer.append(&sample::notices(seq, seq)).unwrap();
            }
        });
        let made = sqlite::backup(&path, &copy);
        stop.store(true, Ordering::Relaxed);
        made.unwrap()
    });
    assert!(made.last >= Seq(100) && made.last <= reader.last_seq().unwrap());
    assert_eq!(made.journal, Some(journal));
    assert_eq!(sqlite::check_backup(&copy), Ok(vec![]));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("copy.db.")), "{left:?}");
    let (_writer, copied) = sqlite::open(&copy).unwrap();
    assert_eq!(copied.last_seq(), Ok(made.last));
    assert_eq!(entries(&copied, Seq(0)).map(Result::unwrap).count() as u64, made.last.0);
}

#[test]
fn a_damaged_store_has_no_backup_and_a_damaged_backup_is_not_restored() {
    let folder = folder();
    let (path, copy) = (folder.path().join("store.db"), folder.path().join("copy.db"));
    undamaged_store_at(&path);
    tamper(&path, "UPDATE journal SET sum = sum + 1 WHERE seq = 2");
    let refused = sqlite::backup(&path, &copy).unwrap_err();
    assert!(refused.to_string().contains("journal 2"), "{refused}");
    assert!(!copy.exists() && !folder.path().join("copy.db.part").exists());
    tamper(&path, "UPDATE journal SET sum = sum - 1 WHERE seq = 2");
    sqlite::backup(&path, &copy).unwrap();
    tamper(&copy, "UPDATE accounts SET body = 'x'; UPDATE interactions SET summary = '{'");
    let before = fs::read(&path).unwrap();
    assert!(matches!(Restore::prepare(&copy, &path), Err(Error::Corrupt(_))));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_backup_is_restored_with_a_new_journal_id_and_the_replaced_store_is_kept() {
    let folder = folder();
    let (path, copy) = (folder.path().join("store.db"), folder.path().join("copy.db"));
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(1, 3)).unwrap();
    let journal = reader.journal().unwrap();
    sqlite::backup(&path, &copy).unwrap();
    assert!(matches!(Restore::prepare(&copy, &path), Err(Error::Locked { .. })), "a node uses the store");
    drop((writer, reader));
    let same = Restore::prepare(&copy, &path).unwrap();
    assert!(!same.loses(), "nothing has happened since");
    drop(same);
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.append(&sample::notices(4, 5)).unwrap();
    drop((writer, reader));
    let restore = Restore::prepare(&copy, &path).unwrap();
    assert!(restore.loses(), "event 4 is not in the backup");
    let done = restore.run().unwrap();
    assert_eq!(done.last, Seq(3));
    let (_writer, reader) = sqlite::open(&path).unwrap();
    assert_eq!((reader.journal().unwrap(), reader.last_seq().unwrap()), (done.journal, Seq(3)));
    assert_ne!(done.journal, journal, "clients must not take new events for those that were lost");
    let (_writer, kept) = sqlite::open(&done.kept.unwrap()).unwrap();
    assert_eq!((kept.journal().unwrap(), kept.last_seq().unwrap()), (journal, Seq(5)));
}

#[test]
fn a_backup_is_restored_where_there_is_nothing_and_where_the_store_is_lost() {
    let (folder, other) = (folder(), folder());
    let (path, copy) = (folder.path().join("store.db"), folder.path().join("copy.db"));
    undamaged_store_at(&path);
    sqlite::backup(&path, &copy).unwrap();
    let restore = Restore::prepare(&copy, &other.path().join("store.db")).unwrap();
    assert_eq!((restore.replaced(), restore.loses()), (None, false));
    assert_eq!(restore.run().unwrap().kept, None);
    fs::remove_file(&path).unwrap();
    let restore = Restore::prepare(&copy, &path).unwrap();
    assert!(!restore.loses(), "the mark names no event that the backup does not have");
    restore.run().unwrap();
    assert_eq!(sqlite::check(&path), Ok(vec![]));
}

#[test]
fn a_restore_that_was_killed_does_not_start_as_an_empty_store() {
    let folder = folder();
    let (path, copy) = (folder.path().join("store.db"), folder.path().join("copy.db"));
    undamaged_store_at(&path);
    sqlite::backup(&path, &copy).unwrap();
    // The store is set aside, and the copy is not complete.
    fs::rename(&path, folder.path().join("store.db.replaced-1")).unwrap();
    fs::write(folder.path().join("store.db.part"), "half").unwrap();
    assert!(matches!(sqlite::open(&path), Err(Error::Lost { .. })));
    fs::remove_file(folder.path().join("store.db.part")).unwrap();
    assert_eq!(Restore::prepare(&copy, &path).unwrap().run().unwrap().last, Seq(3));
}
