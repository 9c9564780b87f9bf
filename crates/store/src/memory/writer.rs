//! The writer of the store in memory.

use model::{AccountName, Contact, Floor, Seq, Timestamp};

use super::{
    Memory,
    tables::{Change, Tables},
};
use crate::{
    Account, ApiToken, AuditEvent, AuditKept, AuditRow, DirectoryChange, Entry, Error, Result, SecondFactor,
    Token, Writer, audit_chain,
    entry::{continued, within},
};

/// Writes to a [`Memory`] store.
#[derive(Debug)]
pub struct MemoryWriter {
    memory: Memory,
    generation: u64,
    failure: Option<Error>,
}

impl MemoryWriter {
    pub(super) fn new(memory: Memory, generation: u64) -> Self {
        Self { memory, generation, failure: None }
    }

    /// Writes all changes or none, and remembers an error.
    fn write(&mut self, changes: impl FnOnce(&Tables) -> Result<Vec<Change>>) -> Result<()> {
        if let Some(failure) = &self.failure {
            return Err(failure.remembered());
        }
        let outcome = self.try_write(changes);
        self.failure = outcome.as_ref().err().filter(|error| error.ends_writing()).cloned();
        outcome
    }

    fn try_write(&self, changes: impl FnOnce(&Tables) -> Result<Vec<Change>>) -> Result<()> {
        let mut disk = self.memory.disk();
        let changes = changes(disk.tables(self.generation)?)?;
        disk.write(changes)
    }
}

/// The steps of a change of the directory.
fn of_directory(change: &DirectoryChange) -> impl Iterator<Item = Change> {
    let floor = Change::Floor(Box::new((*change.floor).clone()));
    let accounts = change.accounts.clone().map(Change::Accounts);
    let contacts = change.contacts.clone().into_iter().map(|contact| Change::Contact(Box::new(contact)));
    [floor].into_iter().chain(accounts).chain(contacts)
}

impl Writer for MemoryWriter {
    fn append_with(&mut self, batch: &[Entry], changes: &[DirectoryChange]) -> Result<()> {
        self.write(|tables| {
            continued(tables.last_seq(), batch)?;
            let entries = batch.iter().cloned().map(Change::Entry);
            let events: Vec<_> = changes.iter().flat_map(|change| change.audit.iter().cloned()).collect();
            let audit = audit_chain::continued(tables.audit_head(), &events)?.into_iter().map(Change::Audit);
            Ok(entries.chain(audit).chain(changes.iter().flat_map(of_directory)).collect())
        })
    }

    fn save_snapshot(&mut self, seq: Seq, state: &[u8]) -> Result<()> {
        self.write(|tables| {
            within(tables.last_seq(), seq)?;
            Ok(vec![Change::Snapshot(seq, state.to_vec())])
        })
    }

    fn prune(&mut self, up_to: Seq) -> Result<()> {
        self.write(|_| Ok(vec![Change::Prune(up_to)]))
    }

    fn put_floor(&mut self, floor: &Floor) -> Result<()> {
        self.write(|_| Ok(vec![Change::Floor(Box::new(floor.clone()))]))
    }

    fn put_accounts(&mut self, accounts: &[Account]) -> Result<()> {
        self.write(|_| Ok(vec![Change::Accounts(accounts.to_vec())]))
    }

    fn put_token(&mut self, token: &Token, now: Timestamp) -> Result<()> {
        self.write(|_| Ok(vec![Change::ForgetTokens(now), Change::Token(token.clone())]))
    }

    fn remove_token(&mut self, fingerprint: &[u8; 32]) -> Result<()> {
        self.write(|_| Ok(vec![Change::RemoveToken(*fingerprint)]))
    }

    fn put_api_token(&mut self, token: &ApiToken) -> Result<()> {
        self.write(|_| Ok(vec![Change::ApiToken(token.clone())]))
    }

    fn remove_api_token(&mut self, name: &AccountName) -> Result<()> {
        self.write(|_| Ok(vec![Change::RemoveApiToken(name.clone())]))
    }

    fn put_second_factor(&mut self, factor: &SecondFactor) -> Result<()> {
        self.write(|_| Ok(vec![Change::SecondFactor(factor.clone())]))
    }

    fn remove_second_factor(&mut self, account: &AccountName) -> Result<()> {
        self.write(|_| Ok(vec![Change::RemoveSecondFactor(account.clone())]))
    }

    fn put_contacts(&mut self, contacts: &[Contact]) -> Result<()> {
        let change = |contact: &Contact| Change::Contact(Box::new(contact.clone()));
        self.write(|_| Ok(contacts.iter().map(change).collect()))
    }

    fn remove_contacts(&mut self, ids: &[String]) -> Result<()> {
        self.write(|_| Ok(ids.iter().cloned().map(Change::RemoveContact).collect()))
    }
    fn append_audit(&mut self, events: &[AuditEvent]) -> Result<()> {
        self.write(|tables| {
            let rows = audit_chain::continued(tables.audit_head(), events)?;
            Ok(rows.into_iter().map(Change::Audit).collect())
        })
    }

    fn prune_audit(&mut self, kept: AuditKept, now: Timestamp) -> Result<()> {
        self.write(|tables| {
            let Some((oldest, _)) = tables.audit.first_key_value() else { return Ok(Vec::new()) };
            let recent = tables.audit.values().find(|row| row.at >= kept.from).map(|row| row.number);
            let head = tables.audit_head();
            let last = audit_chain::last_pruned(recent, head.number, kept);
            let Some(deleted) = tables.audit.get(&last).map(AuditRow::head) else { return Ok(Vec::new()) };
            let checkpoint = head.next(&audit_chain::pruned(*oldest, deleted, now))?;
            Ok(vec![Change::Audit(checkpoint), Change::PruneAudit(last)])
        })
    }
}
