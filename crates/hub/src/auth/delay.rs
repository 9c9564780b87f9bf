//! Delays for clients whose sign-in failed.
//!
//! Two kinds of failures are counted, both by client address. Failures with one account: after a few of them, the next attempt is refused for
//! a time that doubles. Failures with any account: after many of them, attempts with accounts that have never signed in from that address
//! run one after the other with a pause in between. This stops a client that tries one password on every account. These attempts are not
//! refused: the right password is accepted. An account that has signed in from that address before is not slowed down.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use compact_str::CompactString;
use model::{Code, Rejection};
use session::Login;

use super::check_queue::overloaded;
use crate::throttle::Throttle;

/// How many failures from one address with one account are free. Our choice: a typing error or two.
const PAIR_FREE: u32 = 3;

/// How many failures from one address with any account are free. Our choice: many people may share an address.
const SOURCE_FREE: u32 = 30;

/// The pause between two attempts from an address above that limit. Our choice: 1,800 attempts an hour.
const PAUSE: Duration = Duration::from_secs(2);

/// How long such an attempt may wait. Our choice: less than most HTTP clients do.
const PAUSED_MAX: Duration = Duration::from_secs(20);

/// How many delayed attempts may be compared with recently verified passwords. Our choice: too few to guess a password.
const COMPARED_MAX: u32 = 10;

/// The longest delay. Our choice.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Failures are forgotten after this time without another one. Our choice.
const FORGET_AFTER: Duration = Duration::from_secs(15 * 60);

/// How many addresses and accounts are remembered. Our choice.
const SOURCES_MAX: usize = 20_000;

/// Where a sign-in attempt comes from: the client's address and the account that it names.
#[derive(Debug, Clone)]
pub(super) struct Source {
    address: IpAddr,
    login: CompactString,
}

impl Source {
    pub(super) fn new(login: &Login, address: IpAddr) -> Self {
        let login = match login {
            Login::Account(name) => CompactString::new(name.as_str()),
            Login::Agent(agent) => CompactString::new(agent.as_str()),
        };
        Self { address: network(address), login }
    }

    /// The client's address, or its network for IPv6.
    pub(super) fn address(&self) -> IpAddr {
        self.address
    }

    fn pair(&self) -> FailureKey {
        FailureKey { address: self.address, login: Some(self.login.clone()) }
    }

    fn any(&self) -> FailureKey {
        FailureKey { address: self.address, login: None }
    }
}

/// The network of a client: an IPv6 subscriber has a whole /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct FailureKey {
    address: IpAddr,
    login: Option<CompactString>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
    /// How many attempts were compared since the last failure.
    compared: u32,
    /// When the next slowed attempt from this address may run.
    next: Instant,
}

impl Failures {
    fn is_forgotten(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) > FORGET_AFTER
    }

    fn wait(&self) -> Duration {
        match self.count.checked_sub(PAIR_FREE) {
            None => Duration::ZERO,
            Some(over) => Duration::from_secs(1 << over.min(6)).min(WAIT_MAX),
        }
    }
}

/// Recent failures, and the accounts that have signed in from each address.
#[derive(Default)]
pub(super) struct Delays {
    tables: Mutex<Tables>,
    throttle: Throttle,
}

#[derive(Default)]
struct Tables {
    failures: HashMap<FailureKey, Failures>,
    /// Accounts that have signed in from an address, with the time of the last sign-in.
    known: HashMap<FailureKey, Instant>,
}

impl Delays {
    /// Refuses an attempt that comes before its delay has passed.
    pub(super) fn check(&self, source: &Source, now: Instant) -> Result<(), Rejection> {
        let tables = self.lock();
        let Some(failed) = tables.failures.get(&source.pair()) else { return Ok(()) };
        let left = (failed.last + failed.wait()).saturating_duration_since(now);
        if left.is_zero() {
            return Ok(());
        }
        let text = format!("too many failed sign-ins; try again in {} s", left.as_secs() + 1);
        Err(Rejection::new(Code::TooMany, text))
    }

    /// Whether an attempt may be compared with recently verified passwords, which is cheap.
    pub(super) fn may_compare(&self, source: &Source, now: Instant) -> bool {
        let mut tables = self.lock();
        let Some(failed) = tables.failures.get_mut(&source.pair()) else { return true };
        if failed.last + failed.wait() > now {
            failed.compared = failed.compared.saturating_add(1);
        }
        failed.compared <= COMPARED_MAX
    }

    /// How long an attempt must pause because its address fails often. Refuses it if too many are already waiting.
    pub(super) fn pause(&self, source: &Source, now: Instant) -> Result<Duration, Rejection> {
        let mut tables = self.lock();
        if tables.known.contains_key(&source.pair()) {
            return Ok(Duration::ZERO);
        }
        let slowed = |failed: &&mut Failures| failed.count > SOURCE_FREE && !failed.is_forgotten(now);
        let Some(failed) = tables.failures.get_mut(&source.any()).filter(slowed) else {
            return Ok(Duration::ZERO);
        };
        let pause = failed.next.saturating_duration_since(now);
        if pause > PAUSED_MAX {
            return Err(overloaded());
        }
        failed.next = now + pause + PAUSE;
        Ok(pause)
    }

    pub(super) fn failed(&self, source: &Source, now: Instant) {
        let mut tables = self.lock();
        make_room(&mut tables.failures, |failed| failed.last, now);
        let pair = tables.fail(source.pair(), now);
        let any = tables.fail(source.any(), now);
        drop(tables);
        self.warn(source, pair, any, now);
    }

    /// Forgets the failures of this address with this account. The address's own count stays, so one good account cannot hide attempts on
    /// others.
    pub(super) fn succeeded(&self, source: &Source, now: Instant) {
        let mut tables = self.lock();
        tables.failures.remove(&source.pair());
        make_room(&mut tables.known, |last| *last, now);
        tables.known.insert(source.pair(), now);
    }

    fn warn(&self, source: &Source, pair: u32, any: u32, now: Instant) {
        let (from, login) = (source.address, &source.login);
        if pair == PAIR_FREE
            && let Some(unlogged) = self.throttle.due("sign-in with one account", now)
        {
            tracing::warn!(%from, %login, unlogged, "wrong passwords: this account has to wait at this address; \
                if the address is a proxy's, name it in network.trusted_proxies");
        }
        if any > SOURCE_FREE
            && let Some(unlogged) = self.throttle.due("sign-in from one address", now)
        {
            tracing::warn!(%from, failures = any, unlogged, "wrong passwords: tries from this address are slowed; \
                if it is a proxy's, name it in network.trusted_proxies");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    /// Counts a failure and returns the new count.
    fn fail(&mut self, tried: FailureKey, now: Instant) -> u32 {
        let failed =
            self.failures.entry(tried).or_insert(Failures { count: 0, last: now, compared: 0, next: now });
        failed.count = if failed.is_forgotten(now) { 1 } else { failed.count.saturating_add(1) };
        (failed.last, failed.compared) = (now, 0);
        failed.count
    }
}

/// Removes old entries; if that is not enough, the older half.
fn make_room<T>(tries: &mut HashMap<FailureKey, T>, last: impl Fn(&T) -> Instant, now: Instant) {
    if tries.len() + 2 <= SOURCES_MAX {
        return;
    }
    tries.retain(|_, tried| now.saturating_duration_since(last(tried)) <= FORGET_AFTER);
    if tries.len() + 2 > SOURCES_MAX {
        let mut times: Vec<Instant> = tries.values().map(&last).collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        tries.retain(|_, tried| last(tried) > median);
    }
}

#[cfg(test)]
mod tests {
    use model::AccountName;

    use super::*;

    fn source(host: u32) -> Source {
        named("a", host)
    }

    fn named(account: &str, host: u32) -> Source {
        let login = Login::Account(AccountName::new(account).unwrap());
        Source::new(&login, IpAddr::V4(host.into()))
    }

    #[test]
    fn a_source_that_fails_a_lot_is_slowed_and_accounts_known_there_are_not() {
        let (delays, now) = (Delays::default(), Instant::now());
        delays.succeeded(&named("known", 1), now);
        for index in 0..=SOURCE_FREE {
            assert_eq!(delays.pause(&named("right", 1), now), Ok(Duration::ZERO));
            delays.failed(&named(&format!("made-up-{index}"), 1), now);
        }
        let pauses: Vec<_> = (0..4).map(|_| delays.pause(&named("right", 1), now).unwrap()).collect();
        assert_eq!(pauses, [Duration::ZERO, PAUSE, PAUSE * 2, PAUSE * 3]);
        let crowd = (0..100).map(|_| delays.pause(&named("other", 1), now));
        assert_eq!(crowd.last().unwrap().unwrap_err().code, Code::Overloaded);
        assert_eq!(delays.pause(&named("known", 1), now), Ok(Duration::ZERO));
        assert_eq!(delays.pause(&named("right", 2), now), Ok(Duration::ZERO));
        assert_eq!(delays.check(&named("right", 1), now), Ok(()));
        let later = now + FORGET_AFTER + Duration::from_secs(1);
        assert_eq!(delays.pause(&named("right", 1), later), Ok(Duration::ZERO));
    }

    #[test]
    fn the_wait_doubles_and_ends() {
        let (delays, now) = (Delays::default(), Instant::now());
        for _ in 0..PAIR_FREE {
            assert!(delays.check(&source(1), now).is_ok());
            delays.failed(&source(1), now);
        }
        assert!(delays.check(&source(1), now).is_err());
        assert!(delays.check(&source(1), now + Duration::from_secs(1)).is_ok());
        delays.failed(&source(1), now + Duration::from_secs(1));
        assert!(delays.check(&source(1), now + Duration::from_secs(2)).is_err());
        assert!(delays.check(&source(1), now + Duration::from_secs(3)).is_ok());
        assert!(Failures { count: u32::MAX, last: now, compared: 0, next: now }.wait() <= WAIT_MAX);
    }

    #[test]
    fn the_table_is_bounded() {
        let (delays, now) = (Delays::default(), Instant::now());
        for host in 0..30_000 {
            delays.failed(&source(host), now + Duration::from_millis(host.into()));
        }
        assert!(delays.lock().failures.len() <= SOURCES_MAX);
        for host in 0..30_000 {
            delays.succeeded(&source(host), now + Duration::from_millis(host.into()));
        }
        assert!(delays.lock().known.len() <= SOURCES_MAX);
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_source() {
        let (one, other) = ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
        assert_eq!(network(one), network(other));
        assert_ne!(network(one), network("2001:db8:0:1::1".parse().unwrap()));
    }
}
