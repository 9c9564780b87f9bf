//! Second factors: time-based codes (RFC 6238: SHA-1, 6 digits, 30 s, which every authenticator supports) and recovery codes.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use model::{AccountName, Code, Principal, Rejection, Role, Secret, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::SecondFactor;
use totp_rs::{Builder, Totp};

use super::fingerprints::{Fingerprint, fingerprint};
use crate::node::ids::random;

/// The length of a secret. Bytes (RFC 4226, section 4: 160 bits are recommended).
const SECRET_BYTES: usize = 20;

/// How many recovery codes an account gets. Our choice.
const RECOVERY_CODES: usize = 10;

/// How many random bytes a recovery code has: nobody can guess 80 bits.
const RECOVERY_BYTES: usize = 10;

/// The longest code that is checked. Bytes.
const CODE_BYTES_MAX: usize = 64;

/// How many wrong codes of one account are allowed, from all addresses together. Our choice: a person who has the password can try 480 codes a
/// day, of which each is right with a chance of 3 in a million, and the audit trail shows it.
const FAILURES_MAX: u32 = 5;

/// For how long codes are refused after that. Our choice.
const REFUSED_FOR: Duration = Duration::from_secs(15 * 60);

/// The name of this service in an authenticator.
const ISSUER: &str = "Cordboard";

/// A new second factor that no code has confirmed yet.
#[derive(Debug, Clone)]
pub struct Enrollment {
    /// The secret in base32, to type into an authenticator.
    pub secret: Secret,
    /// The same as a URL, to make a QR code from.
    pub url: Secret,
}

/// The second factors of all accounts.
#[derive(Default)]
pub(crate) struct SecondFactors {
    table: Mutex<HashMap<AccountName, Entry>>,
    /// Whether accounts with the role admin must have one.
    required_for_admins: AtomicBool,
}

struct Entry {
    factor: SecondFactor,
    failures: u32,
    failed: Instant,
}

impl Entry {
    fn new(factor: SecondFactor) -> Self {
        Self { factor, failures: 0, failed: Instant::now() }
    }

    /// Refuses codes for a time after too many wrong ones.
    fn check_failures(&mut self) -> Result<(), Rejection> {
        if self.failed.elapsed() >= REFUSED_FOR {
            self.failures = 0;
        }
        if self.failures < FAILURES_MAX {
            return Ok(());
        }
        let left = REFUSED_FOR.saturating_sub(self.failed.elapsed()).as_secs() / 60 + 1;
        Err(Rejection::new(Code::TooMany, format!("too many wrong codes; try again in {left} minutes")))
    }

    /// Checks a code. An accepted one is not accepted again.
    fn check(&mut self, code: &Secret, now: Timestamp) -> Result<(), Rejection> {
        self.check_failures()?;
        if self.accept(code, now) {
            self.failures = 0;
            return Ok(());
        }
        (self.failures, self.failed) = (self.failures + 1, Instant::now());
        Err(wrong_code())
    }

    fn accept(&mut self, code: &Secret, now: Timestamp) -> bool {
        let text: String = code.reveal().chars().filter(|one| !one.is_whitespace() && *one != '-').collect();
        if text.len() > CODE_BYTES_MAX {
            return false;
        }
        if let Some(step) = totp(&self.factor.secret).check(&text, now.0 / 1_000) {
            let is_new = step > self.factor.last_step;
            self.factor.last_step = self.factor.last_step.max(step);
            return is_new;
        }
        let used = recovery_fingerprint(&text);
        let before = self.factor.recovery.len();
        self.factor.recovery.retain(|kept| *kept != used);
        self.factor.recovery.len() < before
    }
}

impl SecondFactors {
    pub(super) fn load(&self, factors: Vec<SecondFactor>, required_for_admins: bool) {
        let entries = factors.into_iter().map(|factor| (factor.account.clone(), Entry::new(factor)));
        *self.lock() = entries.collect();
        self.required_for_admins.store(required_for_admins, Ordering::Relaxed);
    }

    /// Whether a password alone is not enough for an account.
    pub(super) fn is_needed(&self, principal: &Principal) -> bool {
        self.is_confirmed(&principal.account) || self.is_required(principal)
    }

    pub(crate) fn is_confirmed(&self, account: &AccountName) -> bool {
        self.lock().get(account).is_some_and(|entry| entry.factor.confirmed)
    }

    fn is_required(&self, principal: &Principal) -> bool {
        principal.role == Role::Admin && self.required_for_admins.load(Ordering::Relaxed)
    }

    /// Checks the code of a sign-in whose password is right. Returns the changed factor, which must be stored before the sign-in succeeds;
    /// `None` if the account needs no code.
    pub(super) fn check(
        &self,
        principal: &Principal,
        code: Option<&Secret>,
        now: Timestamp,
    ) -> Result<Option<SecondFactor>, Rejection> {
        let mut table = self.lock();
        let entry = table.get_mut(&principal.account).filter(|entry| entry.factor.confirmed);
        let Some(entry) = entry else {
            return if self.is_required(principal) {
                Err(not_enrolled(&principal.account))
            } else {
                Ok(None)
            };
        };
        let Some(code) = code else {
            return Err(Rejection::new(Code::SecondFactorRequired, "send the code of the second factor too"));
        };
        entry.check(code, now)?;
        Ok(Some(entry.factor.clone()))
    }

    /// Makes a new factor for an account that has none, or only one that is not confirmed.
    pub(crate) fn enroll(
        &self,
        account: &AccountName,
        now: Timestamp,
    ) -> Result<(SecondFactor, Enrollment), Rejection> {
        if self.is_confirmed(account) {
            let text = format!("account {account} has a second factor already; remove it first");
            return Err(Rejection::new(Code::Conflict, text));
        }
        let mut secret = vec![0; SECRET_BYTES];
        random(&mut secret);
        let shown = totp_rs::Secret::from(secret.clone()).to_base32();
        let label = utf8_percent_encode(account.as_str(), NON_ALPHANUMERIC);
        let url = format!("otpauth://totp/{ISSUER}:{label}?secret={shown}&issuer={ISSUER}");
        let (account, recovery) = (account.clone(), Vec::new());
        let factor =
            SecondFactor { account, secret, enrolled_at: now, confirmed: false, last_step: 0, recovery };
        Ok((factor, Enrollment { secret: Secret::new(shown), url: Secret::new(url) }))
    }

    /// Confirms a factor with its first code. Returns it with new recovery codes.
    pub(crate) fn confirm(
        &self,
        account: &AccountName,
        code: &Secret,
        now: Timestamp,
    ) -> Result<(SecondFactor, Vec<Secret>), Rejection> {
        let mut table = self.lock();
        let entry = table.get_mut(account).filter(|entry| !entry.factor.confirmed);
        let entry = entry.ok_or_else(|| {
            let text = format!("account {account} has no second factor that waits for its first code");
            Rejection::new(Code::NotFound, text)
        })?;
        entry.check(code, now)?;
        let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
        let recovery =
            codes.iter().map(|code| recovery_fingerprint(&code.reveal().replace('-', ""))).collect();
        let factor = SecondFactor { confirmed: true, recovery, ..entry.factor.clone() };
        Ok((factor, codes))
    }

    /// Checks a code of a confirmed factor, to remove it.
    pub(crate) fn check_own(
        &self,
        account: &AccountName,
        code: &Secret,
        now: Timestamp,
    ) -> Result<(), Rejection> {
        let mut table = self.lock();
        let entry = table.get_mut(account).ok_or_else(|| none(account))?;
        entry.check(code, now)
    }

    /// Refuses an account that has no factor.
    pub(crate) fn expect(&self, account: &AccountName) -> Result<(), Rejection> {
        if self.lock().contains_key(account) { Ok(()) } else { Err(none(account)) }
    }

    /// Replaces the factor of an account, or removes it.
    pub(crate) fn put(&self, account: &AccountName, factor: Option<SecondFactor>) {
        let mut table = self.lock();
        match factor {
            Some(factor) => drop(table.insert(account.clone(), Entry::new(factor))),
            None => drop(table.remove(account)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountName, Entry>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn totp(secret: &[u8]) -> Totp {
    // Only a secret of less than 128 bits is noncompliant. These have 160.
    Builder::new().with_secret(secret.to_vec()).build_noncompliant()
}

fn recovery_code() -> Secret {
    let mut bytes = [0; RECOVERY_BYTES];
    random(&mut bytes);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let groups: Vec<&str> = (0..digits.len()).step_by(5).map(|at| &digits[at..at + 5]).collect();
    Secret::new(groups.join("-"))
}

fn recovery_fingerprint(code: &str) -> Fingerprint {
    fingerprint(&[b"recovery code", code.to_ascii_lowercase().as_bytes()])
}

fn wrong_code() -> Rejection {
    Rejection::new(
        Code::Unauthenticated,
        "the code of the second factor is wrong or was used already; wait for the next one",
    )
}

fn not_enrolled(account: &AccountName) -> Rejection {
    let text = format!(
        "account {account} must have a second factor; enroll it on the machine of the node: cordboard second-factor enroll {account}"
    );
    Rejection::new(Code::Forbidden, text)
}

fn none(account: &AccountName) -> Rejection {
    Rejection::new(Code::NotFound, format!("account {account} has no second factor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret, and the last six digits of the codes for SHA-1.
    const RFC_SECRET: &[u8] = b"12345678901234567890";
    const RFC_CODES: [(u64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    fn admin() -> Principal {
        Principal { account: AccountName::new("admin").unwrap(), role: Role::Admin, agent: None }
    }

    fn factors(recovery: Vec<[u8; 32]>) -> SecondFactors {
        let factors = SecondFactors::default();
        let factor = SecondFactor {
            account: admin().account,
            secret: RFC_SECRET.to_vec(),
            enrolled_at: Timestamp(0),
            confirmed: true,
            last_step: 0,
            recovery,
        };
        factors.load(vec![factor], false);
        factors
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp(seconds * 1_000)
    }

    fn check(factors: &SecondFactors, code: &str, seconds: u64) -> Result<(), Code> {
        factors.check(&admin(), Some(&Secret::new(code)), at(seconds)).map(drop).map_err(|no| no.code)
    }

    #[test]
    fn the_codes_of_the_rfc_are_accepted_once() {
        let factors = factors(Vec::new());
        for (seconds, code) in RFC_CODES {
            assert_eq!(check(&factors, code, seconds), Ok(()), "{seconds}");
            assert_eq!(check(&factors, code, seconds), Err(Code::Unauthenticated), "{seconds} again");
        }
    }

    #[test]
    fn a_code_is_accepted_one_step_early_or_late_and_no_older_one_after_it() {
        for (seconds, wanted) in [(29, Ok(())), (89, Ok(())), (119, Err(Code::Unauthenticated))] {
            assert_eq!(check(&factors(Vec::new()), "287 082", seconds), wanted, "{seconds}");
        }
        let factors = factors(Vec::new());
        assert_eq!(check(&factors, "050471", 1_111_111_111), Ok(()));
        assert_eq!(check(&factors, "081804", 1_111_111_111), Err(Code::Unauthenticated), "an earlier step");
    }

    #[test]
    fn guessing_is_stopped_for_the_account() {
        let factors = factors(Vec::new());
        for _ in 0..FAILURES_MAX {
            assert_eq!(check(&factors, "000000", 59), Err(Code::Unauthenticated));
        }
        assert_eq!(check(&factors, "287082", 59), Err(Code::TooMany), "also for the right code");
    }

    #[test]
    fn a_recovery_code_is_accepted_once_however_it_is_typed() {
        let factors = SecondFactors::default();
        let account = admin().account;
        let (factor, enrollment) = factors.enroll(&account, at(59)).unwrap();
        let secret = factor.secret.clone();
        let url = enrollment.url.reveal();
        assert!(url.starts_with("otpauth://totp/Cordboard:admin?secret="), "{url}");
        factors.put(&account, Some(factor));
        assert_eq!(factors.check(&admin(), None, at(59)), Ok(None), "it is not confirmed");
        let first = Secret::new(totp(&secret).generate(59).to_string());
        let (factor, codes) = factors.confirm(&account, &first, at(59)).unwrap();
        factors.put(&account, Some(factor));
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert_eq!(factors.check(&admin(), None, at(59)).unwrap_err().code, Code::SecondFactorRequired);
        assert_eq!(
            check(&factors, first.reveal(), 59),
            Err(Code::Unauthenticated),
            "it confirmed the factor"
        );
        let typed = codes[3].reveal().to_uppercase().replace('-', " ");
        assert_eq!(check(&factors, &typed, 59), Ok(()));
        assert_eq!(check(&factors, &typed, 59), Err(Code::Unauthenticated));
        assert_eq!(check(&factors, codes[4].reveal(), 59), Ok(()));
    }

    #[test]
    fn an_admin_without_a_factor_is_refused_where_one_is_required() {
        let factors = SecondFactors::default();
        factors.load(Vec::new(), true);
        assert_eq!(factors.check(&admin(), None, at(0)).unwrap_err().code, Code::Forbidden);
        let boss = Principal { role: Role::Supervisor, ..admin() };
        assert_eq!(factors.check(&boss, None, at(0)), Ok(None));
    }
}
