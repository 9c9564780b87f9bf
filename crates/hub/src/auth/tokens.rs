//! Tokens of those who signed in.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::{AccountName, Code, Principal, Rejection, Secret};
use tokio::sync::watch;

use super::keyed::{self, Fingerprint};
use crate::node::ids::random;

/// How many tokens are good at once. Ours.
const TOKENS_MAX: usize = 100_000;

/// How many tokens of one account are good at once; the oldest goes for another. Ours.
const PER_ACCOUNT_MAX: usize = 64;

/// What a token is made of. Bytes.
const TOKEN_BYTES: usize = 32;

/// A token as it is given out: once.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token.
    pub text: Secret,
    /// For how long it is good.
    pub life: Duration,
    /// Whose it is.
    pub principal: Principal,
}

/// Good tokens, as fingerprints.
#[derive(Default)]
pub(super) struct Tokens {
    good: Mutex<Good>,
}

#[derive(Default)]
struct Good {
    holders: HashMap<Fingerprint, Holder>,
    by_account: HashMap<AccountName, Vec<Fingerprint>>,
}

struct Holder {
    principal: Principal,
    until: Instant,
    /// Closed with the token: holders of the other end see it at once.
    ends: watch::Sender<()>,
}

impl Holder {
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
        let holder = Holder::new(principal.clone(), now + life);
        self.lock().insert(fingerprint(&text), holder, now)?;
        Ok(Token { text: Secret::new(text), life, principal })
    }

    /// Knows a token again that was given before the process began; where there is no room it is passed over.
    pub(super) fn restore(
        &self,
        fingerprint: Fingerprint,
        principal: Principal,
        life: Duration,
        now: Instant,
    ) {
        let holder = Holder::new(principal, now + life);
        if let Err(full) = self.lock().insert(fingerprint, holder, now) {
            tracing::debug!(text = %full.text, "a token is not known again");
        }
    }

    /// The table is searched by fingerprint: how long that takes says nothing about a token.
    pub(super) fn find(&self, token: &str, now: Instant) -> Option<Principal> {
        let fingerprint = fingerprint(token);
        let good = self.lock();
        good.holders
            .get(&fingerprint)
            .filter(|holder| holder.until > now)
            .map(|holder| holder.principal.clone())
    }

    /// Is closed when the token is taken back; `None` when it is not good.
    pub(super) fn watch(&self, token: &str) -> Option<watch::Receiver<()>> {
        self.lock().holders.get(&fingerprint(token)).map(|holder| holder.ends.subscribe())
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

    fn lock(&self) -> MutexGuard<'_, Good> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// By which a token is known.
pub(super) fn fingerprint(token: &str) -> Fingerprint {
    keyed::fingerprint(&[token.as_bytes()])
}

impl Good {
    fn insert(&mut self, fingerprint: Fingerprint, holder: Holder, now: Instant) -> Result<(), Rejection> {
        let own = self.by_account.get(&holder.principal.account);
        if let Some(oldest) =
            own.filter(|own| own.len() >= PER_ACCOUNT_MAX).and_then(|own| own.first().copied())
        {
            self.remove(&oldest);
        }
        if self.holders.len() >= TOKENS_MAX {
            self.sweep(now);
        }
        if self.holders.len() >= TOKENS_MAX {
            return Err(Rejection::new(Code::TooMany, format!("{TOKENS_MAX} tokens are in use")));
        }
        self.by_account.entry(holder.principal.account.clone()).or_default().push(fingerprint);
        self.holders.insert(fingerprint, holder);
        Ok(())
    }

    fn remove(&mut self, fingerprint: &Fingerprint) {
        let Some(holder) = self.holders.remove(fingerprint) else { return };
        let account = &holder.principal.account;
        let Some(own) = self.by_account.get_mut(account) else { return };
        own.retain(|other| other != fingerprint);
        if own.is_empty() {
            self.by_account.remove(account);
        }
    }

    fn sweep(&mut self, now: Instant) {
        let old = self.holders.iter().filter(|(_, holder)| holder.until <= now);
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
