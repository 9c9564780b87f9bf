//! Authentication: accounts, passwords and tokens. Sessions and the API both use it.
//!
//! Authorization is elsewhere: [`model::authorize`] for verbs, `http::access` for routes.

mod accounts;
mod check_queue;
mod delay;
mod fingerprints;
mod sign_in_log;
mod tokens;
mod verified;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use model::{AccountName, AgentId, Code, Floor, Principal, Rejection, Secret, Timestamp};
use session::Login;
use store::Account;

pub use accounts::{
    AccountsError, check_accounts, hash_password, hash_password_with, is_password_hash, salt_of,
    verify_password,
};
pub(crate) use delay::network;
pub use tokens::Token;

use accounts::Accounts;
use check_queue::CheckQueue;
use delay::{Delays, Source};
use sign_in_log::SignInLog;
use tokens::{Given, Tokens};
use verified::VerifiedPasswords;

/// The longest password that is checked. Bytes. Our choice.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// A successful sign-in.
pub(crate) struct SignedIn {
    pub(crate) token: Token,
    /// The fingerprint of the account's unused token that it replaced.
    pub(crate) replaced: Option<[u8; 32]>,
    /// The agent that gets a notice about that. Absent if there was one recently.
    pub(crate) notify: Option<AgentId>,
}

/// A refused sign-in.
pub(crate) struct SignInRefused {
    pub(crate) rejection: Rejection,
    /// The agent that gets a notice: its account is signed in too often, and the password was right. Absent if there was one recently.
    pub(crate) notify: Option<AgentId>,
}

/// The accounts, and the state of sign-ins and tokens.
pub struct Auth {
    accounts: RwLock<Arc<Accounts>>,
    verified: VerifiedPasswords,
    delays: Delays,
    tokens: Tokens,
    check_queue: CheckQueue,
    log: SignInLog,
    /// Accounts that are kept only until their agent has finished live work.
    finishing: Mutex<Vec<AccountName>>,
}

impl Auth {
    /// Loads accounts, and those stored tokens that are still valid.
    pub fn new(accounts: Vec<Account>, tokens: &[store::Token], now: Timestamp) -> Self {
        let auth = Self::with_accounts(accounts);
        tokens.iter().for_each(|token| auth.restore(token, now));
        auth
    }

    fn with_accounts(accounts: Vec<Account>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            accounts: RwLock::new(Arc::new(Accounts::new(accounts))),
            verified: VerifiedPasswords::default(),
            delays: Delays::default(),
            tokens: Tokens::default(),
            check_queue: CheckQueue::new(cores),
            log: SignInLog::default(),
            finishing: Mutex::default(),
        }
    }

    /// Authenticates a login. An unknown name takes as long as a wrong password and gets the same answer.
    pub async fn authenticate(
        &self,
        login: &Login,
        secret: &Secret,
        from: SocketAddr,
    ) -> Result<Principal, Rejection> {
        let accounts = self.accounts();
        let (account, source) = (accounts.find(login), Source::new(login, from.ip()));
        let checked = if secret.reveal().len() > PASSWORD_BYTES_MAX {
            Err(refused())
        } else if let Some(principal) = self.recently_verified(account, secret, &source) {
            Ok(principal)
        } else {
            self.check(account, secret, &source).await
        };
        if let Err(rejection) = &checked {
            self.log.failed(account.map(|account| &account.name), from.ip(), rejection.code);
        }
        checked
    }

    /// Signs in: returns a token for the account that the password belongs to.
    pub async fn sign_in(
        &self,
        login: &Login,
        secret: &Secret,
        from: SocketAddr,
    ) -> Result<Token, Rejection> {
        let signed_in = self.sign_in_or_notify(login, secret, from).await;
        signed_in.map(|signed_in| signed_in.token).map_err(|refused| refused.rejection)
    }

    /// Signs in like [`Auth::sign_in`], and says what the agent of the account should know about its other sign-ins.
    pub(crate) async fn sign_in_or_notify(
        &self,
        login: &Login,
        secret: &Secret,
        from: SocketAddr,
    ) -> Result<SignedIn, SignInRefused> {
        let principal = self.authenticate(login, secret, from).await;
        let principal = principal.map_err(|rejection| SignInRefused { rejection, notify: None })?;
        let (account, from) = (&principal.account, from.ip());
        match self.tokens.give(principal.clone(), TOKEN_LIFE, Instant::now()) {
            Ok(Given { token, replaced }) => {
                let notify = replaced.is_some() && self.log.replaced(account, from);
                Ok(SignedIn { token, replaced, notify: principal.agent.filter(|_| notify) })
            }
            Err(rejection) => {
                let notify = self.log.crowded(account, from);
                Err(SignInRefused { rejection, notify: principal.agent.filter(|_| notify) })
            }
        }
    }

    /// The form in which a token is stored, so that it is valid after a restart too.
    pub fn kept(&self, token: &Token, now: Timestamp) -> Option<store::Token> {
        let account = token.principal.account.clone();
        let account_fingerprint =
            account_fingerprint(self.accounts().find(&Login::Account(account.clone()))?);
        let fingerprint = tokens::fingerprint(token.text.reveal());
        Some(store::Token { fingerprint, account, account_fingerprint, until: now + token.life })
    }

    /// Restores a stored token. It is valid while its account is unchanged.
    fn restore(&self, token: &store::Token, now: Timestamp) {
        let accounts = self.accounts();
        let account = accounts.find(&Login::Account(token.account.clone()));
        let account = account.filter(|account| account_fingerprint(account) == token.account_fingerprint);
        let life = Duration::from_millis(token.until.0.saturating_sub(now.0)).min(TOKEN_LIFE);
        if let Some(account) = account.filter(|_| !life.is_zero()) {
            self.tokens.restore(token.fingerprint, principal(account), life, Instant::now());
        }
    }

    /// Returns a token without a password: for tools that run as the same operating system user.
    pub fn give(&self, principal: Principal, life: Duration) -> Result<Token, Rejection> {
        self.tokens.give(principal, life, Instant::now()).map(|given| given.token)
    }

    /// The principal of a token, while it is valid.
    pub fn bearer(&self, token: &str) -> Option<Principal> {
        self.tokens.find(token, Instant::now())
    }

    /// Waits until a token is revoked, by signing out or because its account changed. Does not wait for its expiry.
    pub fn token_ends(&self, token: &str) -> impl Future<Output = ()> + Send + use<> {
        let ends = self.tokens.watch(token);
        async move {
            let Some(mut ends) = ends else { return };
            while ends.changed().await.is_ok() {}
        }
    }

    /// Revokes a token and returns the fingerprint under which it was stored.
    pub fn sign_out(&self, token: &str) -> [u8; 32] {
        self.tokens.revoke(token);
        tokens::fingerprint(token)
    }

    /// Replaces the accounts. Tokens and verified passwords of accounts that are gone or changed become invalid. A `retiring` agent keeps its
    /// account until it is dismissed.
    pub fn replace_accounts(&self, mut accounts: Vec<Account>, retiring: &[AgentId]) {
        let before = self.accounts();
        let finishing = retiring.iter().filter_map(|agent| before.find(&Login::Agent(agent.clone())));
        let finishing = finishing.filter(|one| accounts.iter().all(|other| other.name != one.name));
        let finishing: Vec<Account> = finishing.cloned().collect();
        *self.finishing.lock().unwrap_or_else(PoisonError::into_inner) =
            finishing.iter().map(|account| account.name.clone()).collect();
        accounts.extend(finishing);
        self.know(accounts);
    }

    /// Removes the accounts that were kept for agents who are no longer on the floor.
    pub fn dismiss(&self, floor: &Floor) {
        let mut finishing = self.finishing.lock().unwrap_or_else(PoisonError::into_inner);
        if finishing.is_empty() {
            return;
        }
        let known = self.accounts();
        let is_gone = |name: &AccountName| {
            let account = known.find(&Login::Account(name.clone()));
            account
                .and_then(|account| account.agent.as_ref())
                .is_none_or(|agent| floor.agent(agent).is_none())
        };
        let (gone, left) = std::mem::take(&mut *finishing).into_iter().partition::<Vec<_>, _>(is_gone);
        *finishing = left;
        if !gone.is_empty() {
            let stays = |account: &&Account| !gone.contains(&account.name);
            self.know(known.iter().filter(stays).cloned().collect());
        }
    }

    fn know(&self, accounts: Vec<Account>) {
        let after = Arc::new(Accounts::new(accounts));
        let mut place = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *place, Arc::clone(&after));
        drop(place);
        let changed = before.changed(&after);
        self.verified.forget(&changed);
        self.tokens.forget(&changed);
    }

    fn accounts(&self) -> Arc<Accounts> {
        Arc::clone(&self.accounts.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The principal whose password was verified recently. Failures of others at the same address do not block this. Where the account itself
    /// must wait at this address, the number of comparisons is limited, so that nobody can guess a password this way.
    fn recently_verified(
        &self,
        account: Option<&Account>,
        secret: &Secret,
        source: &Source,
    ) -> Option<Principal> {
        let now = Instant::now();
        let account = account.filter(|_| self.delays.may_compare(source, now))?;
        self.verified.holds(account, secret, now).then(|| principal(account))
    }

    /// Checks a password against its hash, on a blocking thread.
    async fn check(
        &self,
        account: Option<&Account>,
        secret: &Secret,
        source: &Source,
    ) -> Result<Principal, Rejection> {
        self.delays.check(source, Instant::now())?;
        tokio::time::sleep(self.delays.pause(source, Instant::now())?).await;
        let _turn = self.check_queue.wait(source.address()).await?;
        // Meanwhile, others at the same address may have failed, or the same password may have been verified.
        if let Some(principal) = self.recently_verified(account, secret, source) {
            return Ok(principal);
        }
        self.delays.check(source, Instant::now())?;
        if !verify(account, secret).await {
            self.delays.failed(source, Instant::now());
            return Err(refused());
        }
        let account = account.ok_or_else(refused)?;
        self.delays.succeeded(source, Instant::now());
        self.verified.keep(account, secret, Instant::now());
        Ok(principal(account))
    }
}

/// Whether a password matches the account. Takes as long without an account.
async fn verify(account: Option<&Account>, secret: &Secret) -> bool {
    let hash = account.map(|account| account.password_hash.clone());
    let secret = secret.clone();
    let checked = tokio::task::spawn_blocking(move || accounts::verify(hash.as_deref(), &secret));
    checked.await.unwrap_or(false)
}

fn principal(account: &Account) -> Principal {
    Principal { account: account.name.clone(), role: account.role, agent: account.agent.clone() }
}

/// A fingerprint of an account: it changes with the name, password, role or agent.
fn account_fingerprint(account: &Account) -> [u8; 32] {
    let Account { name, role, agent, password_hash } = account;
    let agent = agent.as_ref().map_or("", |agent| agent.as_str());
    let role = format!("{role:?}");
    fingerprints::fingerprint(&[name.as_str(), &role, agent, password_hash].map(str::as_bytes))
}

fn refused() -> Rejection {
    Rejection::new(Code::Unauthenticated, "the account name or the password is wrong")
}

/// How long a token is valid. Our choice: one shift.
pub(crate) const TOKEN_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

#[cfg(test)]
mod tests {
    use model::Role;

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
        let auth = Auth::with_accounts(vec![account("1001", "right")]);
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
        let auth = Auth::with_accounts(vec![account("1001", "right")]);
        let login = Login::Agent(AgentId::new("1001").unwrap());
        assert!(auth.authenticate(&login, &Secret::new("right"), from()).await.is_ok());
    }

    #[tokio::test]
    async fn failures_with_one_account_delay_it_at_that_address_only() {
        let auth = Auth::with_accounts(vec![account("1001", "right")]);
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

    /// An account whose password check is fast.
    fn light(name: &str) -> Account {
        let params = argon2::Params::new(8, 1, 1, None).unwrap();
        let hasher = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let hash = argon2::PasswordHasher::hash_password(&hasher, b"right").unwrap();
        Account { password_hash: hash.to_string(), ..account(name, "unused") }
    }

    #[tokio::test]
    async fn made_up_names_refuse_nobody_else_at_the_same_address() {
        let auth = Auth::with_accounts(vec![account("1001", "right"), account("1002", "right")]);
        let right = Secret::new("right");
        auth.authenticate(&login("1001"), &right, from()).await.unwrap();
        for index in 0..35 {
            let (login, secret) = (login(&format!("made-up-{index}")), Secret::new("x"));
            let no = auth.authenticate(&login, &secret, from());
            // The last attempts are slowed down.
            if let Ok(no) = tokio::time::timeout(Duration::from_millis(500), no).await {
                assert_eq!(no.unwrap_err().code, Code::Unauthenticated);
            }
        }
        let began = Instant::now();
        auth.authenticate(&login("1001"), &right, from()).await.unwrap();
        auth.verified.forget(&[login_name("1001")].into());
        auth.authenticate(&login("1001"), &right, from()).await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        auth.authenticate(&login("1002"), &right, from()).await.unwrap();
    }

    fn login_name(name: &str) -> AccountName {
        AccountName::new(name).unwrap()
    }

    #[tokio::test]
    async fn a_proved_password_passes_while_others_guess_and_guessing_finds_none() {
        let auth = Auth::with_accounts(vec![account("1001", "right")]);
        let ask = async |secret: &str| {
            auth.authenticate(&login("1001"), &Secret::new(secret), from()).await.map_err(|no| no.code)
        };
        ask("right").await.unwrap();
        for _ in 0..5 {
            ask("wrong").await.unwrap_err();
        }
        assert!(ask("right").await.is_ok());
        for guess in 0..100 {
            assert_eq!(ask(&format!("guess {guess}")).await.unwrap_err(), Code::TooMany);
        }
        assert_eq!(ask("right").await.unwrap_err(), Code::TooMany);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_thousand_agents_sign_in_at_once() {
        let one = light("1");
        let named = |index: usize| Account {
            name: login_name(&index.to_string()),
            agent: Some(AgentId::new(index.to_string()).unwrap()),
            ..one.clone()
        };
        let auth = Arc::new(Auth::with_accounts((0..2_000).map(named).collect()));
        let tries = (0..2_000).map(|index: usize| {
            let auth = Arc::clone(&auth);
            // Half of the agents share a terminal server, the others have their own machines.
            let host = index.saturating_sub(1_000) as u8;
            let from = SocketAddr::from(([192, 0, 2, host], 4_000));
            tokio::spawn(async move {
                auth.sign_in(&login(&index.to_string()), &Secret::new("right"), from).await.map(drop)
            })
        });
        for tried in tries.collect::<Vec<_>>() {
            assert_eq!(tried.await.unwrap(), Ok(()));
        }
    }

    #[tokio::test]
    async fn a_proof_is_fast_and_ends_with_the_account() {
        let (same, other) = (account("1002", "x"), account("1001", "changed"));
        let auth = Auth::with_accounts(vec![account("1001", "right"), same.clone()]);
        let token = auth.sign_in(&login("1001"), &Secret::new("right"), from()).await.unwrap();
        let kept = auth.sign_in(&login("1002"), &Secret::new("x"), from()).await.unwrap();
        let began = Instant::now();
        for _ in 0..1_000 {
            auth.authenticate(&login("1001"), &Secret::new("right"), from()).await.unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        auth.replace_accounts(vec![other, same], &[]);
        assert_eq!(auth.bearer(token.text.reveal()), None);
        assert!(auth.bearer(kept.text.reveal()).is_some());
        assert!(auth.authenticate(&login("1001"), &Secret::new("right"), from()).await.is_err());
    }

    #[tokio::test]
    async fn an_agent_who_is_being_removed_keeps_its_account_until_it_is_gone() {
        let auth = Auth::with_accounts(vec![account("1001", "right"), account("1002", "x")]);
        let token = auth.sign_in(&login("1001"), &Secret::new("right"), from()).await.unwrap();
        auth.replace_accounts(vec![account("1002", "x")], &[AgentId::new("1001").unwrap()]);
        assert!(auth.bearer(token.text.reveal()).is_some());
        let plan = serde_json::json!({"id": "1001", "name": "a", "device": "1", "switch": "pbx"});
        auth.dismiss(&serde_json::from_value(serde_json::json!({"agents": [plan]})).unwrap());
        assert!(auth.bearer(token.text.reveal()).is_some());
        auth.dismiss(&Floor::default());
        assert_eq!(auth.bearer(token.text.reveal()), None);
        assert!(auth.authenticate(&login("1001"), &Secret::new("right"), from()).await.is_err());
    }

    #[test]
    fn the_same_password_with_the_same_salt_is_the_same_hash() {
        let hash = hash_password(&Secret::new("right"));
        let salt = salt_of(&hash).unwrap();
        assert!(hash.len() > salt.len() + 20, "nothing of the hash is in {salt}");
        assert_eq!(hash_password_with(salt, &Secret::new("right")), Some(hash.clone()));
        assert_ne!(hash_password_with(salt, &Secret::new("wrong")), Some(hash));
        assert_eq!(
            hash_password_with("$argon2id$v=19$m=9999999,t=2,p=1$c2FsdHNhbHQ", &Secret::new("x")),
            None
        );
    }

    #[test]
    fn a_kept_token_is_good_while_its_account_is_what_it_was() {
        let (ann, now) = (account("1001", "right"), Timestamp(1_000));
        let auth = Auth::with_accounts(vec![ann.clone()]);
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
