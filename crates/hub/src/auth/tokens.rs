//! The tokens of signed-in clients.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::{AccountName, Code, Principal, Rejection, Scope, Secret};
use store::{Credential, SignInOrigin};
use tokio::sync::watch;

use super::fingerprints::{self, Fingerprint};
use crate::node::ids::random;

/// How many tokens may be valid at the same time. Our choice.
const TOKENS_MAX: usize = 100_000;

/// How many tokens of one account may be valid at the same time. One more replaces the one that has not been used for the longest time. Our
/// choice.
const PER_ACCOUNT_MAX: usize = 64;

/// How long a token must be unused, and without an open socket, before another sign-in of its account may replace it. Our choice: longer than
/// a page that reconnects takes.
const UNUSED_FOR: Duration = Duration::from_secs(10 * 60);

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
    /// When, where and how the account signed in.
    pub origin: SignInOrigin,
}

/// The account that a token authenticates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The principal.
    pub principal: Principal,
    /// How the account signed in.
    pub credential: Credential,
    /// What an API token may be used for; `None` for an account that signed in.
    pub scopes: Option<BTreeSet<Scope>>,
}

/// A sign-in that is valid.
#[derive(Debug, Clone)]
pub(crate) struct SignInSession {
    /// A part of the token's fingerprint, in hexadecimal digits.
    pub(crate) id: String,
    pub(crate) principal: Principal,
    pub(crate) origin: SignInOrigin,
    /// For how long it has not been used.
    pub(crate) unused: Duration,
    /// How long it is still valid.
    pub(crate) left: Duration,
    /// How many sockets are open with it.
    pub(crate) sockets: usize,
}

/// A new token.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) token: Token,
    /// The fingerprint of the unused token that it replaced, because its account had too many.
    pub(super) replaced: Option<Fingerprint>,
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
    origin: SignInOrigin,
    until: Instant,
    /// The last request with the token.
    used: Instant,
    /// Dropped with the token, which notifies its receivers immediately.
    ends: watch::Sender<()>,
}

impl TokenEntry {
    fn new(principal: Principal, origin: SignInOrigin, life: Duration, now: Instant) -> Self {
        Self { principal, origin, until: now + life, used: now, ends: watch::Sender::new(()) }
    }

    /// Whether it is a sign-in of a person or a peer, and not the token file of the node.
    fn is_listed(&self) -> bool {
        self.origin.credential != Credential::Local
    }

    /// Whether no client would notice the end of the token soon.
    fn is_unused(&self, now: Instant) -> bool {
        self.ends.receiver_count() == 0 && now.saturating_duration_since(self.used) >= UNUSED_FOR
    }
}

impl Tokens {
    pub(super) fn give(
        &self,
        principal: Principal,
        origin: SignInOrigin,
        life: Duration,
        now: Instant,
    ) -> Result<Given, Rejection> {
        let mut bytes = [0; TOKEN_BYTES];
        random(&mut bytes);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let entry = TokenEntry::new(principal.clone(), origin.clone(), life, now);
        let replaced = self.lock().insert(fingerprint(&text), entry, now)?;
        Ok(Given { token: Token { text: Secret::new(text), life, principal, origin }, replaced })
    }

    /// Restores a token from an earlier run. If there is no room, it is ignored.
    pub(super) fn restore(
        &self,
        fingerprint: Fingerprint,
        principal: Principal,
        origin: SignInOrigin,
        life: Duration,
        now: Instant,
    ) {
        let entry = TokenEntry::new(principal, origin, life, now);
        if let Err(full) = self.lock().insert(fingerprint, entry, now) {
            tracing::debug!(text = %full.text, "stored token not restored")
        }
    }

    /// Finds a token by its fingerprint, so the time that this takes tells nothing about valid tokens.
    pub(super) fn find(&self, token: &str, now: Instant) -> Option<Holder> {
        let fingerprint = fingerprint(token);
        let mut good = self.lock();
        let entry = good.entries.get_mut(&fingerprint).filter(|entry| entry.until > now)?;
        entry.used = now;
        let (principal, credential) = (entry.principal.clone(), entry.origin.credential);
        Some(Holder { principal, credential, scopes: None })
    }

    /// A receiver that closes when the token is revoked; `None` if it is not valid.
    pub(super) fn watch(&self, token: &str) -> Option<watch::Receiver<()>> {
        self.lock().entries.get(&fingerprint(token)).map(|entry| entry.ends.subscribe())
    }

    pub(super) fn revoke(&self, token: &str) {
        self.lock().remove(&fingerprint(token));
    }

    /// The valid sign-ins, without those of token files.
    pub(super) fn sessions(&self, now: Instant) -> Vec<SignInSession> {
        let table = self.lock();
        let listed = table.entries.iter().filter(|(_, entry)| entry.until > now && entry.is_listed());
        let session = |(fingerprint, entry): (&Fingerprint, &TokenEntry)| SignInSession {
            id: session_id(fingerprint),
            principal: entry.principal.clone(),
            origin: entry.origin.clone(),
            unused: now.saturating_duration_since(entry.used),
            left: entry.until.saturating_duration_since(now),
            sockets: entry.ends.receiver_count(),
        };
        listed.map(session).collect()
    }

    /// Revokes the sign-ins that `ends` selects. Returns them, with the fingerprints under which they are stored.
    pub(super) fn end(&self, ends: impl Fn(&str, &Principal) -> bool) -> Vec<(Fingerprint, Principal)> {
        let mut table = self.lock();
        let listed = table.entries.iter().filter(|(_, entry)| entry.is_listed());
        let ended = listed.filter(|(fingerprint, entry)| ends(&session_id(fingerprint), &entry.principal));
        let ended: Vec<_> =
            ended.map(|(fingerprint, entry)| (*fingerprint, entry.principal.clone())).collect();
        ended.iter().for_each(|(fingerprint, _)| table.remove(fingerprint));
        ended
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

/// The ID of a sign-in: the first 8 bytes of its fingerprint, from which neither the token nor the fingerprint can be computed.
pub(super) fn session_id(fingerprint: &Fingerprint) -> String {
    fingerprint.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The fingerprint under which a token is kept.
pub(super) fn fingerprint(token: &str) -> Fingerprint {
    fingerprints::fingerprint(&[token.as_bytes()])
}

impl TokenTable {
    /// Adds a token. Returns the fingerprint of the token that it replaced, if any.
    fn insert(
        &mut self,
        fingerprint: Fingerprint,
        entry: TokenEntry,
        now: Instant,
    ) -> Result<Option<Fingerprint>, Rejection> {
        let replaced = self.make_room_of(&entry.principal.account, now)?;
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
        Ok(replaced)
    }

    /// Removes an expired or unused token of an account that has too many.
    fn make_room_of(
        &mut self,
        account: &AccountName,
        now: Instant,
    ) -> Result<Option<Fingerprint>, Rejection> {
        let own = self.by_account.get(account).map_or(&[][..], Vec::as_slice);
        if own.len() < PER_ACCOUNT_MAX {
            return Ok(None);
        }
        let entries = own.iter().filter_map(|one| Some((one, self.entries.get(one)?)));
        let ended = |entry: &TokenEntry| entry.until <= now;
        let gone = entries.filter(|(_, entry)| ended(entry) || entry.is_unused(now));
        let Some((gone, entry)) = gone.min_by_key(|(_, entry)| (!ended(entry), entry.used)) else {
            let text = format!(
                "account {account} is signed in {PER_ACCOUNT_MAX} times already and uses every sign-in; sign out first, \
                 or keep one token for many requests"
            );
            return Err(Rejection::new(Code::TooMany, text));
        };
        let (gone, was_valid) = (*gone, !ended(entry));
        self.remove(&gone);
        Ok(was_valid.then_some(gone))
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

    fn give(tokens: &Tokens, now: Instant) -> Given {
        tokens.give(principal(), SignInOrigin::default(), TOKEN_LIFE, now).unwrap()
    }

    #[test]
    fn a_token_ends() {
        let (tokens, now) = (Tokens::default(), Instant::now());
        let token = give(&tokens, now).token;
        assert!(tokens.find(token.text.reveal(), now + TOKEN_LIFE / 2).is_some());
        assert!(tokens.find(token.text.reveal(), now + TOKEN_LIFE).is_none());
        assert!(tokens.find("", now).is_none());
    }

    #[test]
    fn one_sign_in_too_many_is_refused_while_all_others_are_in_use() {
        let (tokens, now) = (Tokens::default(), Instant::now());
        let given: Vec<Given> = (0..PER_ACCOUNT_MAX).map(|_| give(&tokens, now)).collect();
        let refused = tokens.give(principal(), SignInOrigin::default(), TOKEN_LIFE, now).unwrap_err();
        assert_eq!(refused.code, Code::TooMany);
        assert!(refused.text.contains("64 times"), "{}", refused.text);
        assert!(given.iter().all(|given| tokens.find(given.token.text.reveal(), now).is_some()));
    }

    #[test]
    fn one_sign_in_too_many_replaces_the_token_that_is_unused_the_longest() {
        let (tokens, now) = (Tokens::default(), Instant::now());
        let given: Vec<Given> = (0..PER_ACCOUNT_MAX).map(|_| give(&tokens, now)).collect();
        let text = |index: usize| given[index].token.text.reveal();
        let socket = tokens.watch(text(0)).unwrap();
        let later = now + UNUSED_FOR;
        tokens.find(text(1), later).unwrap();
        let fresh = give(&tokens, later);
        assert_eq!(fresh.replaced, Some(fingerprint(text(2))), "the first has a socket, the second was used");
        assert!(tokens.find(text(2), later).is_none());
        assert!(
            (0..PER_ACCOUNT_MAX).filter(|one| *one != 2).all(|one| tokens.find(text(one), later).is_some())
        );
        drop(socket);
    }

    #[test]
    fn expired_tokens_take_no_place() {
        let (tokens, now) = (Tokens::default(), Instant::now());
        (0..PER_ACCOUNT_MAX).for_each(|_| drop(give(&tokens, now)));
        let fresh = give(&tokens, now + TOKEN_LIFE);
        assert_eq!(fresh.replaced, None, "nobody misses an expired token");
    }
}
