//! API tokens: what they authenticate, and when they were last used.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::{AccountName, Code, Principal, Rejection, Secret, Timestamp};
use store::{ApiToken, Credential};
use tokio::sync::watch;

use super::{
    fingerprints::Fingerprint,
    tokens::{Holder, fingerprint},
};
use crate::node::ids::random;

/// How every API token begins, so that scanners find one that was published by mistake: this, then 64 hexadecimal digits.
pub const API_TOKEN_PREFIX: &str = "cordboard_";

/// How the account names of API tokens begin, in events and in the audit trail. No other account may have such a name.
pub const TOKEN_ACCOUNT_PREFIX: &str = "token:";

/// How many API tokens there may be. Our choice.
const API_TOKENS_MAX: usize = 200;

/// How many random bytes an API token has.
const TOKEN_BYTES: usize = 32;

/// How exactly the time of the last use is stored. Our choice: a write for each use would cost more than the use.
const USE_STORED_EVERY: Duration = Duration::from_secs(60 * 60);

/// The API tokens that are not revoked, by fingerprint.
#[derive(Default)]
pub(super) struct ApiTokens(Mutex<HashMap<Fingerprint, ApiTokenEntry>>);

struct ApiTokenEntry {
    token: ApiToken,
    principal: Principal,
    until: Instant,
    /// Dropped with the entry, which notifies its receivers immediately.
    ends: watch::Sender<()>,
}

/// Whether a text looks like an API token.
pub(super) fn is_api_token(text: &str) -> bool {
    text.starts_with(API_TOKEN_PREFIX)
}

/// A new API token, and the fingerprint under which it is stored.
pub(crate) fn make_api_token() -> (Secret, [u8; 32]) {
    let mut bytes = [0; TOKEN_BYTES];
    random(&mut bytes);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("{API_TOKEN_PREFIX}{digits}");
    let fingerprint = fingerprint(&text);
    (Secret::new(text), fingerprint)
}

/// The account name under which an API token acts.
pub(crate) fn token_account(name: &AccountName) -> Result<AccountName, Rejection> {
    let account = AccountName::new(format!("{TOKEN_ACCOUNT_PREFIX}{name}"));
    account.map_err(|error| Rejection::new(Code::Invalid, format!("the name of the token: {error}")))
}

impl ApiTokens {
    /// Adds a token. It replaces one with the same name.
    pub(super) fn add(&self, token: ApiToken, now: Timestamp) -> Result<(), Rejection> {
        let account = token_account(&token.name)?;
        let principal = Principal { account, role: token.role, agent: token.agent.clone() };
        let until = Instant::now() + token.until.since(now);
        let mut table = self.lock();
        table.retain(|_, entry| entry.token.name != token.name);
        if table.len() >= API_TOKENS_MAX {
            return Err(too_many());
        }
        let ends = watch::Sender::new(());
        table.insert(token.fingerprint, ApiTokenEntry { token, principal, until, ends });
        Ok(())
    }

    /// Refuses another token when there are too many.
    pub(super) fn check_room(&self) -> Result<(), Rejection> {
        if self.lock().len() < API_TOKENS_MAX { Ok(()) } else { Err(too_many()) }
    }

    pub(super) fn find(&self, text: &str) -> Option<Holder> {
        let table = self.lock();
        let entry = table.get(&fingerprint(text)).filter(|entry| entry.until > Instant::now())?;
        let (principal, scopes) = (entry.principal.clone(), Some(entry.token.scopes.clone()));
        Some(Holder { principal, credential: Credential::ApiToken, scopes })
    }

    /// A receiver that closes when the token is revoked; `None` if there is no such token.
    pub(super) fn watch(&self, text: &str) -> Option<watch::Receiver<()>> {
        self.lock().get(&fingerprint(text)).map(|entry| entry.ends.subscribe())
    }

    /// Notes that a token is used. Returns it when this is to be stored.
    pub(super) fn used(&self, text: &str, now: Timestamp) -> Option<ApiToken> {
        let mut table = self.lock();
        let token = &mut table.get_mut(&fingerprint(text))?.token;
        if token.used_at.is_some_and(|stored| now.since(stored) < USE_STORED_EVERY) {
            return None;
        }
        token.used_at = Some(now);
        Some(token.clone())
    }

    /// Revokes the token with this name. Returns whether there was one.
    pub(super) fn revoke(&self, name: &AccountName) -> bool {
        let mut table = self.lock();
        let before = table.len();
        table.retain(|_, entry| entry.token.name != *name);
        table.len() < before
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Fingerprint, ApiTokenEntry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn too_many() -> Rejection {
    let text = format!("there are already {API_TOKENS_MAX} API tokens; revoke one first");
    Rejection::new(Code::TooMany, text)
}

#[cfg(test)]
mod tests {
    use model::{Role, Scope};

    use super::*;

    fn token(name: &str, fingerprint: [u8; 32]) -> ApiToken {
        ApiToken {
            name: AccountName::new(name).unwrap(),
            fingerprint,
            role: Role::Integration,
            agent: None,
            scopes: [Scope::Read].into(),
            created_at: Timestamp(0),
            created_by: AccountName::new("admin").unwrap(),
            until: Timestamp(60_000),
            used_at: None,
        }
    }

    #[test]
    fn a_token_is_found_by_scanners_and_by_its_text_only() {
        let tokens = ApiTokens::default();
        let (text, fingerprint) = make_api_token();
        assert_eq!((text.reveal().len(), is_api_token(text.reveal())), (74, true));
        tokens.add(token("crm", fingerprint), Timestamp(0)).unwrap();
        let holder = tokens.find(text.reveal()).unwrap();
        assert_eq!(holder.principal.account.as_str(), "token:crm");
        assert_eq!(holder.scopes, Some([Scope::Read].into()));
        assert_eq!(tokens.find(make_api_token().0.reveal()), None);
        assert!(tokens.revoke(&AccountName::new("crm").unwrap()));
        assert_eq!(tokens.find(text.reveal()), None);
        assert!(!tokens.revoke(&AccountName::new("crm").unwrap()));
    }

    #[test]
    fn an_expired_token_is_not_valid() {
        let tokens = ApiTokens::default();
        let (text, fingerprint) = make_api_token();
        tokens.add(token("crm", fingerprint), Timestamp(60_000)).unwrap();
        assert_eq!(tokens.find(text.reveal()), None);
    }

    #[test]
    fn the_last_use_is_stored_once_an_hour() {
        let tokens = ApiTokens::default();
        let (text, fingerprint) = make_api_token();
        tokens.add(token("crm", fingerprint), Timestamp(0)).unwrap();
        let hour = 60 * 60 * 1_000;
        let stored = |at| tokens.used(text.reveal(), Timestamp(at)).map(|token| token.used_at.unwrap().0);
        assert_eq!(
            [5, 6, hour + 4, hour + 5, hour + 6].map(stored),
            [Some(5), None, None, Some(hour + 5), None]
        );
    }

    #[test]
    fn the_number_of_tokens_is_limited() {
        let tokens = ApiTokens::default();
        let add = |index: usize| {
            let fingerprint = make_api_token().1;
            tokens.add(token(&format!("t{index}"), fingerprint), Timestamp(0)).map_err(|refused| refused.code)
        };
        (0..API_TOKENS_MAX).for_each(|index| add(index).unwrap());
        assert_eq!(add(API_TOKENS_MAX), Err(Code::TooMany));
        assert_eq!(add(0), Ok(()), "it replaces the one with its name");
    }
}
