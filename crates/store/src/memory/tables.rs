//! The tables of the store in memory.

use std::collections::{BTreeMap, VecDeque};

use model::{AccountName, Contact, Floor, InteractionId, InteractionSummary, Seq, Timestamp};

use crate::{
    Account, AgentTime, ApiToken, AuditHead, AuditRow, Entry, SecondFactor, Token, Wait,
    history_update::HistoryUpdate,
};

/// One step of a write.
#[derive(Debug)]
pub(super) enum Change {
    Entry(Entry),
    Snapshot(Seq, Vec<u8>),
    Prune(Seq),
    Floor(Box<Floor>),
    Accounts(Vec<Account>),
    Token(Token),
    RemoveToken([u8; 32]),
    ForgetTokens(Timestamp),
    ApiToken(ApiToken),
    RemoveApiToken(AccountName),
    SecondFactor(SecondFactor),
    RemoveSecondFactor(AccountName),
    Contact(Box<Contact>),
    RemoveContact(String),
    Audit(AuditRow),
    PruneAudit(u64),
}

/// The data of the store after the last complete write.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) journal: VecDeque<Entry>,
    pub(super) snapshot: Option<(Seq, Vec<u8>)>,
    pub(super) floor: Option<Floor>,
    pub(super) accounts: BTreeMap<AccountName, Account>,
    /// By fingerprint.
    pub(super) tokens: BTreeMap<[u8; 32], Token>,
    pub(super) api_tokens: BTreeMap<AccountName, ApiToken>,
    pub(super) second_factors: BTreeMap<AccountName, SecondFactor>,
    pub(super) contacts: BTreeMap<String, Contact>,
    /// By number.
    pub(super) interactions: BTreeMap<u64, InteractionSummary>,
    pub(super) numbers: BTreeMap<InteractionId, u64>,
    /// In journal order.
    pub(super) agent_times: Vec<AgentTime>,
    /// In journal order.
    pub(super) waits: Vec<Wait>,
    /// By number.
    pub(super) audit: BTreeMap<u64, AuditRow>,
}

impl Tables {
    /// The last entry that was ever written. Pruned entries are covered by the snapshot.
    pub(super) fn last_seq(&self) -> Seq {
        let snapshot = self.snapshot.as_ref().map(|(seq, _)| *seq);
        self.journal.back().map(Entry::seq).or(snapshot).unwrap_or_default()
    }

    /// The first entry that exists, or the one after the last.
    pub(super) fn first_seq(&self) -> Seq {
        self.journal.front().map_or_else(|| self.last_seq().next(), Entry::seq)
    }

    /// The newest entry of the audit trail.
    pub(super) fn audit_head(&self) -> AuditHead {
        self.audit.last_key_value().map_or_else(AuditHead::default, |(_, row)| row.head())
    }

    pub(super) fn apply(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Entry(entry) => self.add(entry),
                Change::Snapshot(seq, state) => self.keep_snapshot(seq, state),
                Change::Prune(up_to) => self.prune(up_to),
                Change::Floor(floor) => self.floor = Some(*floor),
                Change::Accounts(accounts) => self.keep_accounts(accounts),
                Change::Token(token) => {
                    self.tokens.insert(token.fingerprint, token);
                }
                Change::RemoveToken(fingerprint) => {
                    self.tokens.remove(&fingerprint);
                }
                Change::ForgetTokens(now) => self.tokens.retain(|_, token| token.until >= now),
                Change::ApiToken(token) => {
                    self.api_tokens.insert(token.name.clone(), token);
                }
                Change::RemoveApiToken(name) => {
                    self.api_tokens.remove(&name);
                }
                Change::SecondFactor(factor) => {
                    self.second_factors.insert(factor.account.clone(), factor);
                }
                Change::RemoveSecondFactor(account) => {
                    self.second_factors.remove(&account);
                }
                Change::Contact(contact) => {
                    self.contacts.insert(contact.id.to_string(), *contact);
                }
                Change::RemoveContact(id) => {
                    self.contacts.remove(&id);
                }
                Change::Audit(row) => {
                    self.audit.insert(row.number, row);
                }
                Change::PruneAudit(last) => self.audit = self.audit.split_off(&(last + 1)),
            }
        }
    }

    fn add(&mut self, entry: Entry) {
        match HistoryUpdate::of(entry.record()) {
            None => {}
            Some(HistoryUpdate::Interaction(summary)) => self.keep_interaction(summary.clone()),
            Some(HistoryUpdate::Notes(id, event)) => {
                let number = self.numbers.get(&id);
                if let Some(summary) = number.and_then(|number| self.interactions.get_mut(number)) {
                    summary.apply(event);
                }
            }
            Some(HistoryUpdate::AgentTime(time)) => self.agent_times.push(time),
            Some(HistoryUpdate::Wait(wait)) => self.waits.push(*wait),
        }
        self.journal.push_back(entry);
    }

    fn keep_interaction(&mut self, summary: InteractionSummary) {
        let (id, number) = (summary.interaction.id, summary.interaction.number);
        if let Some(earlier) = self.numbers.insert(id, number) {
            self.interactions.remove(&earlier);
        }
        if let Some(other) = self.interactions.insert(number, summary) {
            self.numbers.remove(&other.interaction.id);
        }
    }

    fn keep_snapshot(&mut self, seq: Seq, state: Vec<u8>) {
        if self.snapshot.as_ref().is_none_or(|(newest, _)| *newest <= seq) {
            self.snapshot = Some((seq, state));
        }
    }

    fn prune(&mut self, up_to: Seq) {
        let Some((newest, _)) = self.snapshot else { return };
        while self.journal.front().is_some_and(|entry| entry.seq() <= up_to.min(newest)) {
            self.journal.pop_front();
        }
    }

    fn keep_accounts(&mut self, accounts: Vec<Account>) {
        self.accounts = accounts.into_iter().map(|account| (account.name.clone(), account)).collect();
    }
}
