//! The chain of hashes of the audit trail.
//!
//! The hash of an entry is the SHA-256 of the 32 bytes of the previous entry's hash, followed by the entry's JSON as it is stored. Before the
//! first entry the hash is 32 zero bytes. A change of an entry changes its hash and all later ones. A chain alone does not show that its last
//! entries were deleted, nor that somebody computed all hashes again: for this, compare it with a hash that was kept elsewhere.

use model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    Actor, AuditAction, AuditEntry, AuditEvent, AuditHash, AuditHead, AuditKept, AuditRow, Error, Result,
};

/// How many entries are checked at a time. Our choice.
const CHUNK: usize = 1_000;

/// The hash of an entry.
fn link(previous: &AuditHash, body: &str) -> AuditHash {
    AuditHash(Sha256::new().chain_update(previous.0).chain_update(body).finalize().into())
}

/// An entry without its hash, in the form that is stored.
#[derive(Serialize, Deserialize)]
struct Body<E> {
    number: u64,
    #[serde(flatten)]
    event: E,
}

impl AuditHead {
    /// The row that follows this one.
    pub(crate) fn next(self, event: &AuditEvent) -> Result<AuditRow> {
        let number = self.number + 1;
        let body = serde_json::to_string(&Body { number, event });
        let body = body.map_err(|error| Error::Encode(error.to_string()))?;
        let hash = link(&self.hash, &body);
        let account = event.actor.account.as_ref().map(|account| account.as_str().to_owned());
        Ok(AuditRow { number, at: event.at, account, action: event.action.as_str().to_owned(), body, hash })
    }
}

/// The rows that follow `head`, one for each event.
pub(crate) fn continued(mut head: AuditHead, events: &[AuditEvent]) -> Result<Vec<AuditRow>> {
    let next = |event| {
        let row = head.next(event)?;
        head = row.head();
        Ok(row)
    };
    events.iter().map(next).collect()
}

/// The event that reports that the entries up to `last` are deleted.
pub(crate) fn pruned(first: u64, last: AuditHead, now: Timestamp) -> AuditEvent {
    let detail = json!({ "up_to": last.number, "hash": last.hash, "deleted": last.number + 1 - first });
    AuditEvent::new(now, Actor::NODE, AuditAction::AuditPruned, "audit", detail)
}

/// The last number to delete: everything before `from`, the first entry that is recent enough, and everything that is too much.
pub(crate) fn last_pruned(recent: Option<u64>, last: u64, kept: AuditKept) -> u64 {
    let old = recent.map_or(last, |recent| recent.saturating_sub(1));
    old.max(last.saturating_sub(kept.entries_max)).min(last)
}

impl AuditRow {
    pub(crate) fn head(&self) -> AuditHead {
        AuditHead { number: self.number, hash: self.hash }
    }

    /// Parses the entry.
    pub(crate) fn entry(&self) -> Result<AuditEntry> {
        let body: Body<AuditEvent> = serde_json::from_str(&self.body)
            .map_err(|error| Error::Corrupt(format!("entry {} of the audit trail: {error}", self.number)))?;
        Ok(AuditEntry { number: body.number, event: body.event, hash: self.hash })
    }
}

/// An audit trail without a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VerifiedAudit {
    /// The number of entries.
    pub entries: u64,
    /// The first entry that still exists; 0 without entries.
    pub first: u64,
    /// The newest entry.
    pub head: AuditHead,
    /// The number of the entry with the expected hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
}

/// The first wrong entry of an audit trail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// An entry is wrong or missing.
    #[error("entry {number} of the audit trail {what}")]
    Entry {
        /// The number of the entry.
        number: u64,
        /// What is wrong.
        what: String,
    },
    /// No entry has the expected hash.
    #[error(
        "no entry of the audit trail has the hash {0}: entries were deleted at the end, or all of them were replaced"
    )]
    NotFound(AuditHash),
    /// The audit trail cannot be read.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Checks a whole audit trail. `read` returns the rows after a number, at most as many as the second argument says. If `expected` is given,
/// an entry must have this hash, or must have had it before it was pruned.
pub fn verify_audit(
    read: impl Fn(u64, usize) -> Result<Vec<AuditRow>>,
    expected: Option<AuditHash>,
) -> std::result::Result<VerifiedAudit, AuditFault> {
    let mut check = Check::new(expected);
    loop {
        let rows = read(check.head.number, CHUNK)?;
        if rows.is_empty() {
            return check.finish();
        }
        rows.iter().try_for_each(|row| check.row(row))?;
    }
}

/// The state of a verification.
struct Check {
    entries: u64,
    /// The first row of a trail that was pruned. The hash before it is in a later entry.
    first: Option<AuditRow>,
    first_number: u64,
    base: Option<AuditHash>,
    head: AuditHead,
    wanted: Option<AuditHash>,
    found: Option<u64>,
}

impl Check {
    fn new(wanted: Option<AuditHash>) -> Self {
        let head = AuditHead::default();
        let found = wanted.filter(|wanted| *wanted == head.hash).map(|_| 0);
        Self { entries: 0, first: None, first_number: 0, base: None, head, wanted, found }
    }

    fn row(&mut self, row: &AuditRow) -> std::result::Result<(), AuditFault> {
        let wrong = |what: String| AuditFault::Entry { number: row.number, what };
        if self.entries == 0 {
            self.first_number = row.number;
        } else if row.number != self.head.number + 1 {
            return Err(AuditFault::Entry { number: self.head.number + 1, what: "is missing".to_owned() });
        }
        let entry = columns(row).map_err(wrong)?;
        if self.entries == 0 && row.number > 1 {
            self.first = Some(row.clone());
        } else if link(&self.head.hash, &row.body) != row.hash {
            return Err(wrong("does not have the hash of its content and of the entry before it".to_owned()));
        }
        self.checkpoint(&entry);
        if self.wanted == Some(row.hash) {
            self.found = Some(row.number);
        }
        self.entries += 1;
        self.head = row.head();
        Ok(())
    }

    /// Keeps the hash of the last pruned entry.
    fn checkpoint(&mut self, entry: &AuditEntry) {
        if entry.event.action != AuditAction::AuditPruned {
            return;
        }
        let detail = &entry.event.detail;
        let hash = detail["hash"].as_str().and_then(|hash| hash.parse().ok());
        let Some((up_to, hash)) = detail["up_to"].as_u64().zip(hash) else { return };
        if up_to + 1 == self.first_number {
            self.base = Some(hash);
        }
        if self.wanted == Some(hash) {
            self.found = Some(up_to);
        }
    }

    fn finish(self) -> std::result::Result<VerifiedAudit, AuditFault> {
        if let Some(first) = &self.first {
            let wrong = |what: &str| AuditFault::Entry { number: first.number, what: what.to_owned() };
            let base = self.base.ok_or_else(|| {
                wrong("is the first one, and no entry says that the ones before it were pruned")
            })?;
            if link(&base, &first.body) != first.hash {
                return Err(wrong("does not have the hash of its content and of the pruned entry before it"));
            }
        }
        match (self.wanted, self.found) {
            (Some(wanted), None) => Err(AuditFault::NotFound(wanted)),
            (_, expected) => {
                let Self { entries, first_number: first, head, .. } = self;
                Ok(VerifiedAudit { entries, first, head, expected })
            }
        }
    }
}

/// The parsed entry of a row, whose columns must be those of its text.
fn columns(row: &AuditRow) -> std::result::Result<AuditEntry, String> {
    let value: Value =
        serde_json::from_str(&row.body).map_err(|error| format!("cannot be parsed: {error}"))?;
    let entry: Body<AuditEvent> =
        serde_json::from_str(&row.body).map_err(|error| format!("cannot be parsed: {error}"))?;
    let entry = AuditEntry { number: entry.number, event: entry.event, hash: row.hash };
    let is_same = entry.number == row.number
        && entry.event.at == row.at
        && value["actor"]["account"].as_str() == row.account.as_deref()
        && entry.event.action.as_str() == row.action;
    if is_same { Ok(entry) } else { Err("has columns that differ from its content".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::NotAuditHash;

    fn event(object: &str) -> AuditEvent {
        AuditEvent::new(Timestamp(5), Actor::NODE, AuditAction::FloorApplied, object, json!({}))
    }

    #[test]
    fn the_hash_is_the_one_that_other_programs_compute() {
        let row = AuditHead::default().next(&event("floor")).unwrap();
        let body = r#"{"number":1,"at":5,"actor":{"credential":"node"},"action":"floor-applied","object":"floor","detail":{}}"#;
        assert_eq!(row.body, body);
        // python3 -c 'import hashlib,sys; print(hashlib.sha256(bytes(32)+BODY).hexdigest())'
        assert_eq!(row.hash.to_string(), "4c9b021261886dfbdc03ac5c95000f731452d94cb4a91d1c3970486901a3de91");
    }

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let hash = AuditHash([0xa5; 32]);
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for wrong in ["", "a5", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(wrong.parse::<AuditHash>(), Err(NotAuditHash), "{wrong}");
        }
    }

    #[test]
    fn a_large_detail_is_left_out() {
        let detail = json!({ "text": "x".repeat(crate::DETAIL_BYTES_MAX) });
        let event = AuditEvent::new(Timestamp(5), Actor::NODE, AuditAction::FloorApplied, "floor", detail);
        assert!(event.detail["left_out_bytes"].as_u64() > Some(16 << 10));
    }

    #[test]
    fn every_action_has_its_name() {
        for action in AuditAction::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
        }
    }
}
