//! Tests of the audit trail.

use model::{AccountName, Floor, Principal, Role, Timestamp};
use serde_json::json;

use super::{StoreLocation, sample};
use crate::{
    Actor, AuditAction, AuditEvent, AuditFault, AuditHash, AuditHead, AuditKept, AuditQuery, Credential,
    DirectoryChange, LIMIT_MAX, Reader, VerifiedAudit, verify_audit,
};

fn event(at: u64, account: &str, action: AuditAction) -> AuditEvent {
    let principal = Principal { account: AccountName::new(account).unwrap(), role: Role::Admin, agent: None };
    let actor = Actor::new(&principal, Credential::Password, "192.0.2.1".parse().ok());
    AuditEvent::new(Timestamp(at), actor, action, "floor", json!({"agents": 2, "name": "Zoë \"Z\""}))
}

fn verified(reader: &dyn Reader, head: Option<AuditHash>) -> Result<VerifiedAudit, AuditFault> {
    verify_audit(|after, limit| reader.audit_rows(after, limit), head)
}

fn numbers(reader: &dyn Reader, query: &AuditQuery) -> Vec<u64> {
    reader.audit(query).unwrap().iter().map(|entry| entry.number).collect()
}

pub fn an_empty_trail_is_valid(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.append_audit(&[]).unwrap();
    assert_eq!(reader.audit_head(), Ok(AuditHead::default()));
    assert_eq!(numbers(&*reader, &AuditQuery::default()), [0; 0]);
    let wanted = VerifiedAudit { entries: 0, first: 0, head: AuditHead::default(), expected: None };
    assert_eq!(verified(&*reader, None), Ok(wanted));
    let other = AuditHash([1; 32]);
    assert_eq!(verified(&*reader, Some(other)), Err(AuditFault::NotFound(other)));
}

pub fn entries_are_numbered_and_chained(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let events = [event(5, "ann", AuditAction::SignedIn), event(6, "bob", AuditAction::SignedOut)];
    writer.append_audit(&events).unwrap();
    let early = reader.audit_head().unwrap();
    writer.append_audit(&[event(7, "ann", AuditAction::FloorApplied)]).unwrap();
    let read = reader.audit(&AuditQuery::default()).unwrap();
    assert_eq!(read.iter().map(|entry| entry.number).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!([read[2].event.clone(), read[1].event.clone()], events);
    let head = reader.audit_head().unwrap();
    assert_eq!((head.number, head.hash), (3, read[0].hash));
    let found = verified(&*reader, Some(early.hash)).unwrap();
    assert_eq!(found, VerifiedAudit { entries: 3, first: 1, head, expected: Some(2) });
}

pub fn a_reopened_trail_continues(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.append_audit(&[event(5, "ann", AuditAction::SignedIn)]).unwrap();
    drop((writer, reader));
    let (mut writer, reader) = place.open();
    writer.append_audit(&[event(6, "ann", AuditAction::SignedOut)]).unwrap();
    assert_eq!(verified(&*reader, None).unwrap().entries, 2);
}

pub fn entries_are_filtered_and_paged(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let actions = [AuditAction::SignedIn, AuditAction::SignedOut];
    let events: Vec<_> =
        (1..=8).map(|at| event(at, ["ann", "bob"][at as usize % 2], actions[(at > 4) as usize])).collect();
    writer.append_audit(&events).unwrap();
    let all = AuditQuery::default();
    let account = AccountName::new("ann").ok();
    assert_eq!(numbers(&*reader, &AuditQuery { account: account.clone(), ..all.clone() }), [8, 6, 4, 2]);
    let action = Some(AuditAction::SignedOut);
    assert_eq!(numbers(&*reader, &AuditQuery { account, action, ..all.clone() }), [8, 6]);
    let (from, until) = (Some(Timestamp(3)), Some(Timestamp(6)));
    assert_eq!(numbers(&*reader, &AuditQuery { from, until, ..all.clone() }), [5, 4, 3]);
    assert_eq!(numbers(&*reader, &AuditQuery { before: Some(5), limit: 2, ..all.clone() }), [4, 3]);
    let many: Vec<_> = (0..LIMIT_MAX).map(|at| event(at as u64, "ann", AuditAction::SignedIn)).collect();
    writer.append_audit(&many).unwrap();
    assert_eq!(numbers(&*reader, &AuditQuery { limit: usize::MAX, ..all }).len(), LIMIT_MAX);
    assert_eq!(verified(&*reader, None).unwrap().entries, 8 + LIMIT_MAX as u64);
}

pub fn a_floor_and_its_entry_are_written_together_or_not_at_all(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let audit = vec![event(5, "ann", AuditAction::FloorApplied)];
    let change =
        [DirectoryChange { floor: Floor::default().into(), accounts: None, contacts: Vec::new(), audit }];
    writer.append_with(&sample::notices(2, 2), &change).unwrap_err();
    assert_eq!(reader.audit_head(), Ok(AuditHead::default()));
    writer.append_with(&sample::notices(1, 1), &change).unwrap();
    assert_eq!(numbers(&*reader, &AuditQuery::default()), [1]);
    assert_eq!(verified(&*reader, None).unwrap().entries, 1);
}

pub fn what_was_pruned_leaves_a_trail_that_can_be_verified(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let events: Vec<_> = (1..=10).map(|at| event(at, "ann", AuditAction::SignedIn)).collect();
    writer.append_audit(&events).unwrap();
    let (head, rows) = (reader.audit_head().unwrap(), reader.audit_rows(0, 4).unwrap());
    writer.prune_audit(AuditKept { from: Timestamp(5), entries_max: 100 }, Timestamp(11)).unwrap();
    assert_eq!(numbers(&*reader, &AuditQuery::default()), [11, 10, 9, 8, 7, 6, 5]);
    let found = verified(&*reader, Some(head.hash)).unwrap();
    assert_eq!((found.entries, found.first, found.expected), (7, 5, Some(10)));
    let newest = &reader.audit(&AuditQuery::default()).unwrap()[0];
    assert_eq!(newest.event.action, AuditAction::AuditPruned);
    let wanted = json!({"up_to": 4, "hash": rows[3].hash.to_string(), "deleted": 4});
    assert_eq!(newest.event.detail, wanted);
    assert_eq!(verified(&*reader, Some(rows[3].hash)).unwrap().expected, Some(4), "it is known, not there");
    writer.prune_audit(AuditKept { from: Timestamp(0), entries_max: 2 }, Timestamp(12)).unwrap();
    assert_eq!(numbers(&*reader, &AuditQuery::default()), [12, 11, 10]);
    writer.prune_audit(AuditKept { from: Timestamp(99), entries_max: 100 }, Timestamp(13)).unwrap();
    assert_eq!(numbers(&*reader, &AuditQuery::default()), [13], "the entry about it is always kept");
    assert_eq!(verified(&*reader, None).unwrap().head.number, 13);
}

pub fn nothing_is_pruned_that_is_kept(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let kept = AuditKept { from: Timestamp(5), entries_max: 2 };
    writer.prune_audit(kept, Timestamp(11)).unwrap();
    let events = [5, 6].map(|at| event(at, "ann", AuditAction::SignedIn));
    writer.append_audit(&events).unwrap();
    writer.prune_audit(kept, Timestamp(11)).unwrap();
    assert_eq!(numbers(&*reader, &AuditQuery::default()), [2, 1]);
}
