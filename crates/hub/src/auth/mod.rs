//! Authentication: accounts, passwords and tokens. Sessions and the API both use it.
//!
//! Authorization is elsewhere: [`model::authorize`] for verbs, `http::access` for routes.

mod accounts;
mod api_tokens;
mod check_queue;
mod delay;
mod fingerprints;
pub mod oidc;
mod second_factor;
mod sign_in_log;
mod tokens;
mod verified;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
    time::{Duration, Instant},
};

use model::{AccountName, AgentId, Code, Floor, Principal, Rejection, Role, Secret, Timestamp};
use session::Login;
use store::{Account, Credential, SecondFactor, SignInOrigin};

pub use accounts::{
    AccountsError, check_accounts, hash_password, hash_password_with, is_password_hash, salt_of,
    verify_password,
};
pub use api_tokens::{API_TOKEN_PREFIX, TOKEN_ACCOUNT_PREFIX};
pub(crate) use api_tokens::{make_api_token, token_account};
pub(crate) use delay::network;
pub use second_factor::Enrollment;
pub(crate) use tokens::SignInSession;
pub use tokens::{Holder, Token};

use accounts::Accounts;
use api_tokens::{ApiTokens, is_api_token};
use check_queue::CheckQueue;
use delay::{Delays, Source};
use second_factor::SecondFactors;
use sign_in_log::SignInLog;
use tokens::{Given, Tokens};
use verified::VerifiedPasswords;

/// The longest password that is checked. Bytes. Our choice.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// A successful sign-in.
pub(crate) struct SignedIn {
    pub(crate) token: Token,
    /// The second factor whose code was used, to store.
    pub(crate) factor: Option<SecondFactor>,
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
    api_tokens: ApiTokens,
    second_factors: SecondFactors,
    check_queue: CheckQueue,
    log: SignInLog,
    /// Accounts that are kept only until their agent has finished live work.
    finishing: Mutex<Vec<AccountName>>,
    /// The provider whose persons can sign in.
    provider: OnceLock<String>,
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
            api_tokens: ApiTokens::default(),
            second_factors: SecondFactors::default(),
            check_queue: CheckQueue::new(cores),
            log: SignInLog::default(),
            finishing: Mutex::default(),
            provider: OnceLock::new(),
        }
    }

    /// Authenticates a login with a password alone. Refuses accounts that need a second factor. An unknown name takes as long as a wrong
    /// password and gets the same answer.
    pub async fn authenticate(
        &self,
        login: &Login,
        secret: &Secret,
        from: SocketAddr,
    ) -> Result<Principal, Rejection> {
        let principal = self.check_password(login, secret, from).await?;
        if self.second_factors.is_needed(&principal) {
            let text = format!(
                "account {} needs a second factor, so a password alone is refused",
                principal.account
            );
            return Err(Rejection::new(Code::Forbidden, text));
        }
        Ok(principal)
    }

    /// Checks a password alone. The caller must check the second factor.
    pub(crate) async fn check_password(
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
        let origin = SignInOrigin::default();
        let signed_in = self.sign_in_or_notify(login, secret, None, from, origin).await;
        signed_in.map(|signed_in| signed_in.token).map_err(|refused| refused.rejection)
    }

    /// Signs in like [`Auth::sign_in`], and says what the agent of the account should know about its other sign-ins.
    pub(crate) async fn sign_in_or_notify(
        &self,
        login: &Login,
        secret: &Secret,
        code: Option<&Secret>,
        from: SocketAddr,
        mut origin: SignInOrigin,
    ) -> Result<SignedIn, SignInRefused> {
        let refused = |rejection| SignInRefused { rejection, notify: None };
        let principal = self.check_password(login, secret, from).await.map_err(refused)?;
        let source = Source::new(login, from.ip());
        let factor = self.check_code(&principal, code, &source, origin.since).map_err(refused)?;
        if factor.is_some() {
            origin.credential = Credential::PasswordAndCode;
        }
        self.give_or_notify(principal, factor, from, origin)
    }

    /// Returns a token for a principal that is authenticated, like [`Auth::sign_in_or_notify`].
    pub(crate) fn give_or_notify(
        &self,
        principal: Principal,
        factor: Option<SecondFactor>,
        from: SocketAddr,
        origin: SignInOrigin,
    ) -> Result<SignedIn, SignInRefused> {
        let (account, from) = (&principal.account, from.ip());
        match self.tokens.give(principal.clone(), origin, TOKEN_LIFE, Instant::now()) {
            Ok(Given { token, replaced }) => {
                let notify = replaced.is_some() && self.log.replaced(account, from);
                Ok(SignedIn { token, factor, replaced, notify: principal.agent.filter(|_| notify) })
            }
            Err(rejection) => {
                let notify = self.log.crowded(account, from);
                Err(SignInRefused { rejection, notify: principal.agent.filter(|_| notify) })
            }
        }
    }

    /// Logs that the sign-in of a person through the provider failed.
    pub(crate) fn log_refused(&self, from: SocketAddr, rejection: &Rejection) {
        self.log.refused(from.ip(), rejection);
    }

    /// The form in which a token is stored, so that it is valid after a restart too.
    pub fn kept(&self, token: &Token, now: Timestamp) -> Option<store::Token> {
        let account = token.principal.account.clone();
        let accounts = self.accounts();
        let same = accounts.find(&Login::Account(account.clone()));
        let same = same.filter(|same| principal(same) == token.principal).map(account_fingerprint);
        let of_person = || Some(person_fingerprint(&token.principal, self.provider.get()?));
        let account_fingerprint = same.or_else(of_person)?;
        let fingerprint = tokens::fingerprint(token.text.reveal());
        let (until, origin) = (now + token.life, token.origin.clone());
        Some(store::Token { fingerprint, account, account_fingerprint, until, origin })
    }

    /// Accepts persons of this provider from now on, and restores their stored tokens. The store has no role and no agent of a person, only
    /// a fingerprint of them: so this tries the roles, and the agents that a person has without a claim of its own. Others sign in again.
    pub(crate) fn restore_persons(&self, provider: &str, tokens: &[store::Token], now: Timestamp) {
        if self.provider.set(provider.to_owned()).is_err() {
            return;
        }
        let accounts = self.accounts();
        for token in tokens {
            let own = accounts.find(&Login::Account(token.account.clone()));
            let agents = [
                AgentId::new(token.account.as_str()).ok(),
                own.and_then(|account| account.agent.clone()),
                None,
            ];
            let persons = agents.iter().flat_map(|agent| {
                let person = |role| Principal { account: token.account.clone(), role, agent: agent.clone() };
                [Role::Agent, Role::Supervisor, Role::Admin].map(person)
            });
            let is_same =
                |person: &Principal| person_fingerprint(person, provider) == token.account_fingerprint;
            if let (Some(life), Some(person)) = (left(token, now), persons.into_iter().find(is_same)) {
                let origin = token.origin.clone();
                self.tokens.restore(token.fingerprint, person, origin, life, Instant::now());
            }
        }
    }

    /// Restores a stored token. It is valid while its account is unchanged.
    fn restore(&self, token: &store::Token, now: Timestamp) {
        let accounts = self.accounts();
        let account = accounts.find(&Login::Account(token.account.clone()));
        let account = account.filter(|account| account_fingerprint(account) == token.account_fingerprint);
        if let (Some(life), Some(account)) = (left(token, now), account) {
            let (principal, origin) = (principal(account), token.origin.clone());
            self.tokens.restore(token.fingerprint, principal, origin, life, Instant::now());
        }
    }

    /// Returns a token without a password: for tools that run as the same operating system user.
    pub fn give(
        &self,
        principal: Principal,
        origin: SignInOrigin,
        life: Duration,
    ) -> Result<Token, Rejection> {
        self.tokens.give(principal, origin, life, Instant::now()).map(|given| given.token)
    }

    /// The principal of a signed-in client's token, while it is valid. API tokens are not accepted: see [`Auth::holder`].
    pub fn bearer(&self, token: &str) -> Option<Principal> {
        self.tokens.find(token, Instant::now()).map(|holder| holder.principal)
    }

    /// The principal of a token, while it is valid, and how it signed in. For an API token the caller must check the scopes.
    pub fn holder(&self, token: &str) -> Option<Holder> {
        match is_api_token(token) {
            true => self.api_tokens.find(token),
            false => self.tokens.find(token, Instant::now()),
        }
    }

    /// Refuses another API token when there are too many.
    pub(crate) fn check_room_for_api_token(&self) -> Result<(), Rejection> {
        self.api_tokens.check_room()
    }

    /// Accepts an API token from now on. It replaces one with the same name.
    pub(crate) fn add_api_token(&self, token: store::ApiToken, now: Timestamp) -> Result<(), Rejection> {
        self.api_tokens.add(token, now)
    }

    /// Revokes the API token with this name, and ends its sockets. Returns whether there was one.
    pub(crate) fn revoke_api_token(&self, name: &AccountName) -> bool {
        self.api_tokens.revoke(name)
    }

    /// Notes that an API token is used. Returns it when this is to be stored.
    pub(crate) fn api_token_used(&self, token: &str, now: Timestamp) -> Option<store::ApiToken> {
        self.api_tokens.used(token, now)
    }

    /// The valid sign-ins.
    pub(crate) fn sessions(&self) -> Vec<SignInSession> {
        self.tokens.sessions(Instant::now())
    }

    /// The ID of the sign-in with this token.
    pub(crate) fn session_id(&self, token: &str) -> String {
        tokens::session_id(&tokens::fingerprint(token))
    }

    /// Ends the sign-ins that `ends` selects by ID and principal, and their sockets. Returns them, with the fingerprints under which they are
    /// stored.
    pub(crate) fn end_sessions(&self, ends: impl Fn(&str, &Principal) -> bool) -> Vec<([u8; 32], Principal)> {
        self.tokens.end(ends)
    }

    /// The account that a login names.
    pub(crate) fn named(&self, login: &Login) -> Option<Principal> {
        self.accounts().find(login).map(principal)
    }

    /// Whether a failed sign-in is to be written to the audit trail, and how many were not since the last one that was.
    pub(crate) fn audits_failure(&self) -> Option<u64> {
        self.log.audits_failure()
    }

    /// Waits until a token is revoked, by signing out or because its account changed. Does not wait for its expiry.
    pub fn token_ends(&self, token: &str) -> impl Future<Output = ()> + Send + use<> {
        let ends = match is_api_token(token) {
            true => self.api_tokens.watch(token),
            false => self.tokens.watch(token),
        };
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
        // With a second factor, the sign-in succeeds with the code.
        if !self.second_factors.is_confirmed(&account.name) {
            self.delays.succeeded(source, Instant::now());
        }
        self.verified.keep(account, secret, Instant::now());
        Ok(principal(account))
    }
}

impl Auth {
    /// Checks the code of a second factor after the password. Wrong codes delay like wrong passwords.
    fn check_code(
        &self,
        principal: &Principal,
        code: Option<&Secret>,
        source: &Source,
        now: Timestamp,
    ) -> Result<Option<SecondFactor>, Rejection> {
        if code.is_some() && self.second_factors.is_confirmed(&principal.account) {
            self.delays.check(source, Instant::now())?;
        }
        let checked = self.second_factors.check(principal, code, now);
        match &checked {
            Ok(Some(_)) => self.delays.succeeded(source, Instant::now()),
            Err(Rejection { code: Code::Unauthenticated, .. }) => {
                self.log.failed(Some(&principal.account), source.address(), Code::Unauthenticated);
                self.delays.failed(source, Instant::now());
            }
            Ok(None) | Err(_) => {}
        }
        checked
    }

    /// Loads second factors, and whether accounts with the role admin need one.
    pub fn load_second_factors(&self, factors: Vec<SecondFactor>, required_for_admins: bool) {
        self.second_factors.load(factors, required_for_admins);
    }

    pub(crate) fn second_factors(&self) -> &SecondFactors {
        &self.second_factors
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

/// A fingerprint of a person of a provider: it changes with the name, role or agent, and with the provider.
fn person_fingerprint(person: &Principal, provider: &str) -> [u8; 32] {
    let Principal { account, role, agent } = person;
    let agent = agent.as_ref().map_or("", |agent| agent.as_str());
    let role = format!("{role:?}");
    fingerprints::fingerprint(&["person", provider, account.as_str(), &role, agent].map(str::as_bytes))
}

/// How long a stored token is still valid, if it is.
fn left(token: &store::Token, now: Timestamp) -> Option<Duration> {
    let life = Duration::from_millis(token.until.0.saturating_sub(now.0)).min(TOKEN_LIFE);
    Some(life).filter(|life| !life.is_zero())
}

fn refused() -> Rejection {
    Rejection::new(Code::Unauthenticated, "the account name or the password is wrong")
}

/// How long a token is valid. Our choice: one shift.
pub(crate) const TOKEN_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

#[cfg(test)]
mod tests {
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
        let token = auth.give(principal(&ann), SignInOrigin::default(), TOKEN_LIFE).unwrap();
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

    #[test]
    fn a_kept_token_of_a_person_has_the_same_rights_after_a_restart_and_none_without_the_provider() {
        let ann = Account { role: Role::Admin, ..account("1001", "right") };
        let person = |role, agent: Option<&str>| {
            let agent = agent.map(|agent| AgentId::new(agent).unwrap());
            Principal { account: ann.name.clone(), role, agent }
        };
        let now = Timestamp(1_000);
        for (person, provider, restored) in [
            (person(Role::Agent, Some("1001")), Some("p"), true),
            (person(Role::Supervisor, None), Some("p"), true),
            (person(Role::Agent, Some("1001")), Some("other"), false),
            (person(Role::Agent, Some("1001")), None, false),
            // The agent is from a claim of its own.
            (person(Role::Agent, Some("1002")), Some("p"), false),
        ] {
            let before = Auth::with_accounts(vec![ann.clone()]);
            before.restore_persons("p", &[], now);
            let token = before.give(person.clone(), SignInOrigin::default(), TOKEN_LIFE).unwrap();
            let kept = [before.kept(&token, now).unwrap()];
            let after = Auth::new(vec![ann.clone()], &kept, now);
            assert_eq!(after.bearer(token.text.reveal()), None, "not with the rights of the account");
            if let Some(provider) = provider {
                after.restore_persons(provider, &kept, now);
            }
            assert_eq!(after.bearer(token.text.reveal()), restored.then_some(person));
        }
    }
}
