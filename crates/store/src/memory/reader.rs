//! The reader of the store in memory.

use std::cmp::Reverse;

use model::{Contact, Country, Floor, InteractionId, InteractionSummary, JournalId, Number, Seq};
use numbers::ComparableNumber;

use super::{Memory, tables::Tables};
use crate::{
    Account, AgentTime, AgentTimeQuery, ApiToken, AuditEntry, AuditHead, AuditQuery, AuditRow,
    CANDIDATES_MAX, Entry, InteractionQuery, LIMIT_MAX, Reader, Result, SecondFactor, Token, Wait, WaitQuery,
    matching::{self, Search, folded},
};

/// Reads from a [`Memory`] store.
#[derive(Debug)]
pub struct MemoryReader {
    memory: Memory,
    generation: u64,
}

impl MemoryReader {
    pub(super) fn new(memory: Memory, generation: u64) -> Self {
        Self { memory, generation }
    }

    fn view<T>(&self, read: impl FnOnce(&Tables) -> T) -> Result<T> {
        self.memory.disk().tables(self.generation).map(read)
    }
}

impl Reader for MemoryReader {
    fn journal(&self) -> Result<JournalId> {
        let disk = self.memory.disk();
        disk.tables(self.generation)?;
        Ok(disk.journal())
    }

    fn last_seq(&self) -> Result<Seq> {
        self.view(Tables::last_seq)
    }

    fn first_seq(&self) -> Result<Seq> {
        self.view(Tables::first_seq)
    }

    fn read(&self, after: Seq, limit: usize) -> Result<Vec<Entry>> {
        self.view(|tables| {
            let begin = tables.journal.partition_point(|entry| entry.seq() <= after);
            tables.journal.range(begin..).take(limit).cloned().collect()
        })
    }

    fn newest_snapshot(&self) -> Result<Option<(Seq, Vec<u8>)>> {
        self.view(|tables| tables.snapshot.clone())
    }

    fn floor(&self) -> Result<Option<Floor>> {
        self.view(|tables| tables.floor.clone())
    }

    fn accounts(&self) -> Result<Vec<Account>> {
        self.view(|tables| tables.accounts.values().cloned().collect())
    }

    fn tokens(&self) -> Result<Vec<Token>> {
        let mut tokens: Vec<Token> = self.view(|tables| tables.tokens.values().cloned().collect())?;
        tokens.sort_by_key(|token| (token.until, token.fingerprint));
        Ok(tokens)
    }

    fn api_tokens(&self) -> Result<Vec<ApiToken>> {
        self.view(|tables| tables.api_tokens.values().cloned().collect())
    }

    fn second_factors(&self) -> Result<Vec<SecondFactor>> {
        self.view(|tables| tables.second_factors.values().cloned().collect())
    }

    fn contacts_by_number(&self, number: &Number, country: Option<Country>) -> Result<Vec<Contact>> {
        self.view(|tables| contacts_by_number(tables, number, country))
    }

    fn contact(&self, id: &str) -> Result<Option<Contact>> {
        self.view(|tables| tables.contacts.get(id).cloned())
    }

    fn contacts(&self, search: &str, after: Option<&str>, limit: usize) -> Result<Vec<Contact>> {
        self.view(|tables| contacts(tables, search, after, limit))
    }

    fn interaction(&self, id: InteractionId) -> Result<Option<InteractionSummary>> {
        self.view(|tables| tables.interactions.get(tables.numbers.get(&id)?).cloned())
    }

    fn interactions(&self, query: &InteractionQuery) -> Result<Vec<InteractionSummary>> {
        let limit = query.limit.min(LIMIT_MAX);
        let fits = |summary: &&InteractionSummary| fits(query, summary);
        self.view(|tables| tables.interactions.values().rev().filter(fits).take(limit).cloned().collect())
    }

    fn agent_times(&self, query: &AgentTimeQuery) -> Result<Vec<AgentTime>> {
        let fits = |time: &&AgentTime| {
            query.agent.as_ref().is_none_or(|agent| *agent == time.agent)
                && query.from.is_none_or(|from| time.until > from)
                && query.until.is_none_or(|until| time.from < until)
        };
        self.view(|tables| newest(tables.agent_times.iter().filter(fits), |time| time.until, query.limit))
    }

    fn waits(&self, query: &WaitQuery) -> Result<Vec<Wait>> {
        let fits = |wait: &&Wait| {
            query.queue.as_ref().is_none_or(|queue| *queue == wait.queue)
                && query.from.is_none_or(|from| wait.at >= from)
                && query.until.is_none_or(|until| wait.at < until)
        };
        self.view(|tables| newest(tables.waits.iter().filter(fits), |wait| wait.at, query.limit))
    }

    fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>> {
        let fits = |row: &&AuditRow| {
            query.account.as_ref().is_none_or(|account| row.account.as_deref() == Some(account.as_str()))
                && query.action.is_none_or(|action| row.action == action.as_str())
                && query.from.is_none_or(|from| row.at >= from)
                && query.until.is_none_or(|until| row.at < until)
                && query.before.is_none_or(|before| row.number < before)
        };
        let limit = query.limit.min(LIMIT_MAX);
        self.view(|tables| {
            tables.audit.values().rev().filter(fits).take(limit).map(AuditRow::entry).collect()
        })?
    }

    fn audit_head(&self) -> Result<AuditHead> {
        self.view(Tables::audit_head)
    }

    fn audit_rows(&self, after: u64, limit: usize) -> Result<Vec<AuditRow>> {
        self.view(|tables| tables.audit.range(after + 1..).take(limit).map(|(_, row)| row.clone()).collect())
    }
}

fn fits(query: &InteractionQuery, summary: &InteractionSummary) -> bool {
    let interaction = &summary.interaction;
    let contact = interaction.contact.as_ref().map(|contact| contact.id.as_str());
    let has_digits = |number: &Number| {
        matching::customer_digits(summary).is_some_and(|digits| digits == matching::digits(number.as_str()))
    };
    query.agent.as_ref().is_none_or(|agent| *agent == interaction.agent)
        && query.linkage.is_none_or(|linkage| linkage == interaction.linkage)
        && query.contact.as_deref().is_none_or(|id| contact == Some(id))
        && query.number.as_ref().is_none_or(has_digits)
        && query.from.is_none_or(|from| interaction.opened_at >= from)
        && query.until.is_none_or(|until| interaction.opened_at < until)
        && query.before.is_none_or(|before| interaction.number < before)
}

/// The newest items by `time`; with the same time, the last one in the journal first.
fn newest<'a, T: Clone + 'a, K: Ord>(
    rows: impl DoubleEndedIterator<Item = &'a T>,
    time: impl Fn(&T) -> K,
    limit: usize,
) -> Vec<T> {
    let mut rows: Vec<_> = rows.rev().collect();
    rows.sort_by_key(|row| Reverse(time(row)));
    rows.into_iter().take(limit.min(LIMIT_MAX)).cloned().collect()
}

fn contacts_by_number(tables: &Tables, number: &Number, country: Option<Country>) -> Vec<Contact> {
    let Some(wanted) = ComparableNumber::of(number, country) else { return Vec::new() };
    let has = |contact: &&Contact| contact.numbers.iter().any(|number| wanted.is(number));
    let mut found: Vec<_> = tables.contacts.values().filter(has).cloned().collect();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found.truncate(CANDIDATES_MAX);
    found
}

fn contacts(tables: &Tables, search: &str, after: Option<&str>, limit: usize) -> Vec<Contact> {
    let place = |contact: &Contact| (folded(&contact.name), contact.id.clone());
    let after = match after.map(|id| tables.contacts.get(id).map(place)) {
        Some(None) => return Vec::new(),
        other => other.flatten(),
    };
    let search = Search::new(search);
    let mut found: Vec<_> = tables.contacts.values().filter(|contact| search.finds(contact)).collect();
    found.retain(|contact| after.as_ref().is_none_or(|after| place(contact) > *after));
    found.sort_by_cached_key(|contact| place(contact));
    found.into_iter().take(limit.min(LIMIT_MAX)).cloned().collect()
}
