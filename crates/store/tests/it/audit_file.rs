//! The audit trail of the SQLite store, changed by somebody who can write its file.

use std::path::{Path, PathBuf};

use cordboard_store::{
    Actor, AuditAction, AuditEvent, AuditFault, AuditHead, AuditKept, Error, Reader, Writer,
    sqlite::{self, verify_audit_of},
};
use model::Timestamp;
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

fn event(at: u64) -> AuditEvent {
    let detail = json!({"agents": at});
    AuditEvent::new(Timestamp(at), Actor::NODE, AuditAction::FloorApplied, "floor", detail)
}

/// A store with ten entries, closed.
fn place() -> (TempDir, PathBuf, AuditHead) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.append_audit(&(1..=10).map(event).collect::<Vec<_>>()).unwrap();
    let head = reader.audit_head().unwrap();
    (folder, path, head)
}

fn tamper(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_changed_entry_is_named() {
    let changes = [
        ("UPDATE audit SET body = replace(body, '\"agents\":4', '\"agents\":5') WHERE number = 4", 4),
        ("UPDATE audit SET body = replace(body, 'floor\"', 'other\"') WHERE number = 1", 1),
        ("UPDATE audit SET body = '{' WHERE number = 4", 4),
        ("UPDATE audit SET body = replace(body, '}', ' }') WHERE number = 4", 4),
        ("UPDATE audit SET hash = zeroblob(32) WHERE number = 4", 4),
        ("UPDATE audit SET at = 1 WHERE number = 4", 4),
        ("UPDATE audit SET account = 'ann' WHERE number = 4", 4),
        ("UPDATE audit SET action = 'signed-in' WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 1", 2),
        ("UPDATE audit SET number = 99 WHERE number = 10", 10),
        (
            "UPDATE audit SET (body, hash) = (SELECT body, hash FROM audit WHERE number = 3) WHERE number = 4",
            4,
        ),
    ];
    for (change, wanted) in changes {
        let (_folder, path, _) = place();
        tamper(&path, change);
        match verify_audit_of(&path, None) {
            Err(AuditFault::Entry { number, .. }) => assert_eq!(number, wanted, "{change}"),
            other => panic!("{change}: {other:?}"),
        }
    }
}

#[test]
fn only_a_head_that_was_kept_elsewhere_shows_that_the_end_was_cut() {
    let (_folder, path, head) = place();
    assert_eq!(verify_audit_of(&path, Some(head.hash)).unwrap().expected, Some(10));
    tamper(&path, "DELETE FROM audit WHERE number > 7");
    assert_eq!(verify_audit_of(&path, None).unwrap().entries, 7);
    assert_eq!(verify_audit_of(&path, Some(head.hash)), Err(AuditFault::NotFound(head.hash)));
}

#[test]
fn entries_that_were_pruned_without_an_entry_about_it_are_named() {
    let (_folder, path, _) = place();
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.prune_audit(AuditKept { from: Timestamp(4), entries_max: 100 }, Timestamp(11)).unwrap();
    drop((writer, reader));
    assert_eq!(verify_audit_of(&path, None).unwrap().first, 4);
    tamper(&path, "DELETE FROM audit WHERE number = 4");
    let fault = verify_audit_of(&path, None).unwrap_err();
    assert!(matches!(fault, AuditFault::Entry { number: 5, .. }), "{fault}");
}

#[test]
fn the_first_entry_after_pruned_ones_is_checked_too() {
    let (_folder, path, _) = place();
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    writer.prune_audit(AuditKept { from: Timestamp(4), entries_max: 100 }, Timestamp(11)).unwrap();
    drop((writer, reader));
    tamper(&path, "UPDATE audit SET body = replace(body, 'floor\"', 'other\"') WHERE number = 4");
    let fault = verify_audit_of(&path, None).unwrap_err();
    assert!(matches!(fault, AuditFault::Entry { number: 4, .. }), "{fault}");
}

#[test]
fn a_trail_is_verified_while_a_node_writes_it() {
    let (_folder, path, _) = place();
    let (mut writer, _reader) = sqlite::open(&path).unwrap();
    writer.append_audit(&[event(11)]).unwrap();
    assert_eq!(verify_audit_of(&path, None).unwrap().entries, 11);
    writer.append_audit(&[event(12)]).unwrap();
    assert_eq!(verify_audit_of(&path, None).unwrap().entries, 12);
}

#[test]
fn what_is_not_a_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    assert!(matches!(verify_audit_of(&path, None), Err(AuditFault::Store(Error::Storage(_)))));
    assert!(!path.exists());
    tamper(&path, include_str!("format_3.sql"));
    let found = verify_audit_of(&path, None).unwrap_err();
    assert_eq!(found, AuditFault::Store(Error::Format { found: 3, wanted: 4 }));
}
