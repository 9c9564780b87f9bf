//! The tokens of signed-in clients.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::{AccountName, Code, Principal, Rejection, Secret};
use tokio::sync::watch;

use super::fingerprints::{self, Fingerprint};
use crate::node::ids::random;

/// How many tokens may be valid at the same time. Our choice.
const TOKENS_MAX: usize = 100_000;

/// How many tokens of one account may be valid at the same time. One more replaces the oldest. Our choice.
const PER_ACCOUNT_MAX: usize = 64;

/// How many random bytes a token has.
const TOKEN_BYTES: usize = 32;

/// A token as the client gets it. Only its fingerprint is kept.
#[derive(Debug, Clone)]
pub struct Token {
    /// The text of the token.
    pub text: Secret,
    /// How long it is valid.
    pub life: Duration,
    /// The principal that it authenticates.
    pub principal: Principal,
}

/// All valid tokens, as fingerprints.
#[derive(Default)]
pub(super) struct Tokens {
    good: Mutex<TokenTable>,
}

#[derive(Default)]
struct TokenTable {
    entries: HashMap<Fingerprint, TokenEntry>,
    by_account: HashMap<AccountName, Vec<Fingerprint>>,
}

struct TokenEntry {
    principal: Principal,
    until: Instant,
    /// Dropped with the token, which notifies its receivers immediately.
    ends: watch::Sender<()>,
}

impl TokenEntry {
    fn new(principal: Principal, until: Instant) -> Self {
        Self { principal, until, ends: watch::Sender::new(()) }
    }
}

impl Tokens {
    pub(super) fn give(
        &self,
        principal: Principal,
        life: Duration,
        now: Instant,
    ) -> Result<Token, Rejection> {
        let mut bytes = [0; TOKEN_BYTES];
        random(&mut bytes);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let entry = TokenEntry::new(principal.clone(), now + life);
        self.lock().insert(fingerprint(&text), entry, now)?;
        Ok(Token { text: Secret::new(text), life, principal })
    }

    /// Restores a token from an earlier run. If there is no room, it is ignored.
    pub(super) fn restore(
        &self,
        fingerprint: Fingerprint,
        principal: Principal,
        life: Duration,
        now: Instant,
    ) {
        let entry = TokenEntry::new(principal, now + life);
        if let Err(full) = self.lock().insert(fingerprint, entry, now) {
            tracing::debug!(text = %full.text, "stored token not restored")
        }
    }

    /// Finds a token by its fingerprint, so the time that this takes tells nothing about valid tokens.
    pub(super) fn find(&self, token: &str, now: Instant) -> Option<Principal> {
        let fingerprint = fingerprint(token);
        let good = self.lock();
        good.entries.get(&fingerprint).filter(|entry| entry.until > now).map(|entry| entry.principal.clone())
    }

    /// A receiver that closes when the token is revoked; `None` if it is not valid.
    pub(super) fn watch(&self, token: &str) -> Option<watch::Receiver<()>> {
        self.lock().entries.get(&fingerprint(token)).map(|entry| entry.ends.subscribe())
    }

    pub(super) fn revoke(&self, token: &str) {
        self.lock().remove(&fingerprint(token));
    }

    pub(super) fn forget(&self, accounts: &HashSet<AccountName>) {
        let mut good = self.lock();
        let theirs =
            accounts.iter().flat_map(|account| good.by_account.get(account).cloned().unwrap_or_default());
        let theirs: Vec<Fingerprint> = theirs.collect();
        theirs.iter().for_each(|fingerprint| good.remove(fingerprint));
    }

    fn lock(&self) -> MutexGuard<'_, TokenTable> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The fingerprint under which a token is kept.
pub(super) fn fingerprint(token: &str) -> Fingerprint {
    fingerprints::fingerprint(&[token.as_bytes()])
}

impl TokenTable {
    fn insert(&mut self, fingerprint: Fingerprint, entry: TokenEntry, now: Instant) -> Result<(), Rejection> {
        let own = self.by_account.get(&entry.principal.account);
        if let Some(oldest) =
            own.filter(|own| own.len() >= PER_ACCOUNT_MAX).and_then(|own| own.first().copied())
        {
            self.remove(&oldest);
        }
        if self.entries.len() >= TOKENS_MAX {
            self.sweep(now);
        }
        if self.entries.len() >= TOKENS_MAX {
            return Err(Rejection::new(
                Code::TooMany,
                format!("there are already {TOKENS_MAX} valid tokens"),
            ));
        }
        self.by_account.entry(entry.principal.account.clone()).or_default().push(fingerprint);
        self.entries.insert(fingerprint, entry);
        Ok(())
    }

    fn remove(&mut self, fingerprint: &Fingerprint) {
        let Some(entry) = self.entries.remove(fingerprint) else { return };
        let account = &entry.principal.account;
        let Some(own) = self.by_account.get_mut(account) else { return };
        own.retain(|other| other != fingerprint);
        if own.is_empty() {
            self.by_account.remove(account);
        }
    }

    fn sweep(&mut self, now: Instant) {
        let old = self.entries.iter().filter(|(_, entry)| entry.until <= now);
        let old: Vec<Fingerprint> = old.map(|(fingerprint, _)| *fingerprint).collect();
        old.iter().for_each(|fingerprint| self.remove(fingerprint));
    }
}

#[cfg(test)]
mod tests {
    use model::Role;

    use super::{super::TOKEN_LIFE, *};

    fn principal() -> Principal {
        Principal { account: AccountName::new("a").unwrap(), role: Role::Admin, agent: None }
    }

    #[test]
    fn a_token_ends() {
        let (tokens, now) = (Tokens::default(), Instant::now());
        let token = tokens.give(principal(), TOKEN_LIFE, now).unwrap();
        assert!(tokens.find(token.text.reveal(), now + TOKEN_LIFE / 2).is_some());
        assert!(tokens.find(token.text.reveal(), now + TOKEN_LIFE).is_none());
        assert!(tokens.find("", now).is_none());
    }

    #[test]
    fn an_account_has_a_bounded_number_of_tokens() {
        let (tokens, now) = (Tokens::default(), Instant::now());
        let given: Vec<Token> =
            (0..=PER_ACCOUNT_MAX).map(|_| tokens.give(principal(), TOKEN_LIFE, now).unwrap()).collect();
        assert!(tokens.find(given[0].text.reveal(), now).is_none());
        assert!(given[1..].iter().all(|token| tokens.find(token.text.reveal(), now).is_some()));
    }
}
