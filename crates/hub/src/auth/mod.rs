//! Who somebody is: accounts, passwords, tokens. The one place; sessions and the API come through here.
//!
//! What somebody may do is said elsewhere: [`model::may`] for verbs, `http::access` for routes.

mod accounts;
mod delay;
mod keyed;
mod proofs;
mod tokens;

use std::{
    net::SocketAddr,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use model::{Code, Principal, Rejection, Secret, Timestamp};
use session::Login;
use store::Account;
use tokio::sync::Semaphore;

pub use accounts::{AccountsError, check_accounts, hash_password, verify_password};
pub use tokens::Token;

use accounts::Accounts;
use delay::{Delays, Source};
use proofs::Proofs;
use tokens::Tokens;

/// How many passwords may wait to be checked. Ours: a second's worth of one core.
const WAITING_MAX: usize = 64;

/// The longest password that is looked at. Bytes. Ours.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// Who may sign in, who did, and who failed to.
pub struct Auth {
    accounts: RwLock<Arc<Accounts>>,
    proofs: Proofs,
    delays: Delays,
    tokens: Tokens,
    checks: Semaphore,
    waiting: AtomicUsize,
}

impl Auth {
    /// Knows these accounts, and of these tokens those that are still good.
    pub fn new(accounts: Vec<Account>, tokens: &[store::Token], now: Timestamp) -> Self {
        let auth = Self::knowing(accounts);
        tokens.iter().for_each(|token| auth.restore(token, now));
        auth
    }

    fn knowing(accounts: Vec<Account>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            accounts: RwLock::new(Arc::new(Accounts::new(accounts))),
            proofs: Proofs::default(),
            delays: Delays::default(),
            tokens: Tokens::default(),
            checks: Semaphore::new(cores),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Says who it is. A name that is not there takes as long as a wrong password, and is answered the same.
    pub async fn authenticate(
        &self,
        login: &Login,
        secret: &Secret,
        from: SocketAddr,
    ) -> Result<Principal, Rejection> {
        let source = Source::new(login, from.ip());
        self.delays.check(&source, Instant::now())?;
        if secret.reveal().len() > PASSWORD_BYTES_MAX {
            return Err(refused());
        }
        let accounts = self.accounts();
        let account = accounts.find(login);
        if let Some(account) = account.filter(|account| self.proofs.holds(account, secret, Instant::now())) {
            return Ok(principal(account));
        }
        self.check(account, secret, &source).await
    }

    /// Signs in: gives a token for whoever the password proves.
    pub async fn sign_in(
        &self,
        login: &Login,
        secret: &Secret,
        from: SocketAddr,
    ) -> Result<Token, Rejection> {
        let principal = self.authenticate(login, secret, from).await?;
        self.tokens.give(principal, TOKEN_LIFE, Instant::now())
    }

    /// What is to be kept of a token, so that it is good after a restart too.
    pub fn kept(&self, token: &Token, now: Timestamp) -> Option<store::Token> {
        let account = token.principal.account.clone();
        let account_fingerprint =
            account_fingerprint(self.accounts().find(&Login::Account(account.clone()))?);
        let fingerprint = tokens::fingerprint(token.text.reveal());
        Some(store::Token { fingerprint, account, account_fingerprint, until: now + token.life })
    }

    /// A token is good for as long as its account is what it was.
    fn restore(&self, token: &store::Token, now: Timestamp) {
        let accounts = self.accounts();
        let account = accounts.find(&Login::Account(token.account.clone()));
        let account = account.filter(|account| account_fingerprint(account) == token.account_fingerprint);
        let life = Duration::from_millis(token.until.0.saturating_sub(now.0)).min(TOKEN_LIFE);
        if let Some(account) = account.filter(|_| !life.is_zero()) {
            self.tokens.restore(token.fingerprint, principal(account), life, Instant::now());
        }
    }

    /// Gives a token without a password: for the tools of the process's own user.
    pub fn give(&self, principal: Principal, life: Duration) -> Result<Token, Rejection> {
        self.tokens.give(principal, life, Instant::now())
    }

    /// Whose token it is, while it is good.
    pub fn bearer(&self, token: &str) -> Option<Principal> {
        self.tokens.find(token, Instant::now())
    }

    /// Waits until a token is taken back: by signing out, or because its account changed. That it ends in time is not waited for.
    pub fn token_ends(&self, token: &str) -> impl Future<Output = ()> + Send + use<> {
        let ends = self.tokens.watch(token);
        async move {
            let Some(mut ends) = ends else { return };
            while ends.changed().await.is_ok() {}
        }
    }

    /// Takes a token back, and gives the fingerprint by which it was kept.
    pub fn sign_out(&self, token: &str) -> [u8; 32] {
        self.tokens.revoke(token);
        tokens::fingerprint(token)
    }

    /// Knows other accounts from here on. What was given to accounts that are gone or changed is good no longer.
    pub fn replace_accounts(&self, accounts: Vec<Account>) {
        let after = Arc::new(Accounts::new(accounts));
        let mut place = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *place, Arc::clone(&after));
        drop(place);
        let changed = before.changed(&after);
        self.proofs.forget(&changed);
        self.tokens.forget(&changed);
    }

    fn accounts(&self) -> Arc<Accounts> {
        Arc::clone(&self.accounts.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Checks a password the slow way, off the async threads.
    async fn check(
        &self,
        account: Option<&Account>,
        secret: &Secret,
        source: &Source,
    ) -> Result<Principal, Rejection> {
        let _place = Place::take(&self.waiting)?;
        let _turn = self.checks.acquire().await.map_err(|_| busy())?;
        // While this one waited others from the same source may have failed, or the same one have been proved.
        self.delays.check(source, Instant::now())?;
        if let Some(account) = account.filter(|account| self.proofs.holds(account, secret, Instant::now())) {
            return Ok(principal(account));
        }
        if !verify(account, secret).await {
            self.delays.failed(source, Instant::now());
            return Err(refused());
        }
        let account = account.ok_or_else(refused)?;
        self.delays.succeeded(source);
        self.proofs.keep(account, secret, Instant::now());
        Ok(principal(account))
    }
}

/// A place among those who wait; given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self, Rejection> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::AcqRel) >= WAITING_MAX { Err(busy()) } else { Ok(place) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Whether the password is the account's; as slow without an account.
async fn verify(account: Option<&Account>, secret: &Secret) -> bool {
    let hash = account.map(|account| account.password_hash.clone());
    let secret = secret.clone();
    let checked = tokio::task::spawn_blocking(move || accounts::verify(hash.as_deref(), &secret));
    checked.await.unwrap_or(false)
}

fn principal(account: &Account) -> Principal {
    Principal { account: account.name.clone(), role: account.role, agent: account.agent.clone() }
}

/// What an account is: another password, role or agent makes another one of it.
fn account_fingerprint(account: &Account) -> [u8; 32] {
    let Account { name, role, agent, password_hash } = account;
    let agent = agent.as_ref().map_or("", |agent| agent.as_str());
    let role = format!("{role:?}");
    keyed::fingerprint(&[name.as_str(), &role, agent, password_hash].map(str::as_bytes))
}

fn refused() -> Rejection {
    Rejection::new(Code::Unauthenticated, "account or password is wrong")
}

fn busy() -> Rejection {
    Rejection::new(Code::TooMany, format!("{WAITING_MAX} passwords wait to be checked"))
}

/// How long a token is good. Ours: a shift.
pub(crate) const TOKEN_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

#[cfg(test)]
mod tests {
    use model::{AccountName, AgentId, Role};

    use super::*;

    fn account(name: &str, password: &str) -> Account {
        let password_hash = hash_password(&Secret::new(password));
        let agent = Some(AgentId::new(name).unwrap());
        Account { name: AccountName::new(name).unwrap(), role: Role::Agent, agent, password_hash }
    }

    fn login(name: &str) -> Login {
        Login::Account(AccountName::new(name).unwrap())
    }

    fn from() -> SocketAddr {
        "192.0.2.1:4000".parse().unwrap()
    }

    #[tokio::test]
    async fn the_right_password_gives_a_token_and_a_wrong_one_none() {
        let auth = Auth::knowing(vec![account("1001", "right")]);
        let token = auth.sign_in(&login("1001"), &Secret::new("right"), from()).await.unwrap();
        assert_eq!(auth.bearer(token.text.reveal()).unwrap().account.as_str(), "1001");
        let wrong = auth.sign_in(&login("1001"), &Secret::new("wrong"), from()).await.unwrap_err();
        let unknown = auth.sign_in(&login("1002"), &Secret::new("right"), from()).await.unwrap_err();
        assert_eq!(wrong, unknown);
        assert_eq!(wrong.code, Code::Unauthenticated);
        auth.sign_out(token.text.reveal());
        assert_eq!(auth.bearer(token.text.reveal()), None);
    }

    #[tokio::test]
    async fn an_agent_may_be_named_instead_of_its_account() {
        let auth = Auth::knowing(vec![account("1001", "right")]);
        let login = Login::Agent(AgentId::new("1001").unwrap());
        assert!(auth.authenticate(&login, &Secret::new("right"), from()).await.is_ok());
    }

    #[tokio::test]
    async fn failures_delay_the_same_source_only() {
        let auth = Auth::knowing(vec![account("1001", "right")]);
        let mut codes = Vec::new();
        for _ in 0..5 {
            codes.push(
                auth.authenticate(&login("1001"), &Secret::new("wrong"), from()).await.unwrap_err().code,
            );
        }
        assert_eq!(codes.last(), Some(&Code::TooMany), "{codes:?}");
        let here = auth.authenticate(&login("1001"), &Secret::new("right"), from()).await;
        assert_eq!(here.unwrap_err().code, Code::TooMany);
        let elsewhere = "192.0.2.2:4000".parse().unwrap();
        assert!(auth.authenticate(&login("1001"), &Secret::new("right"), elsewhere).await.is_ok());
    }

    #[tokio::test]
    async fn a_proof_is_fast_and_ends_with_the_account() {
        let (same, other) = (account("1002", "x"), account("1001", "changed"));
        let auth = Auth::knowing(vec![account("1001", "right"), same.clone()]);
        let token = auth.sign_in(&login("1001"), &Secret::new("right"), from()).await.unwrap();
        let kept = auth.sign_in(&login("1002"), &Secret::new("x"), from()).await.unwrap();
        let began = Instant::now();
        for _ in 0..1_000 {
            auth.authenticate(&login("1001"), &Secret::new("right"), from()).await.unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        auth.replace_accounts(vec![other, same]);
        assert_eq!(auth.bearer(token.text.reveal()), None);
        assert!(auth.bearer(kept.text.reveal()).is_some());
        assert!(auth.authenticate(&login("1001"), &Secret::new("right"), from()).await.is_err());
    }

    #[test]
    fn a_kept_token_is_good_while_its_account_is_what_it_was() {
        let (ann, now) = (account("1001", "right"), Timestamp(1_000));
        let auth = Auth::knowing(vec![ann.clone()]);
        let token = auth.give(principal(&ann), TOKEN_LIFE).unwrap();
        let kept = [auth.kept(&token, now).unwrap()];
        let good = |accounts: Vec<Account>, now| {
            Auth::new(accounts, &kept, now).bearer(token.text.reveal()).is_some()
        };
        assert!(good(vec![ann.clone()], now));
        assert!(good(vec![ann.clone()], now + TOKEN_LIFE / 2));
        assert!(!good(vec![ann.clone()], now + TOKEN_LIFE));
        assert!(!good(vec![account("1001", "another")], now));
        assert!(!good(vec![Account { role: Role::Supervisor, ..ann }], now));
        assert!(!good(vec![], now));
    }
}
