//! How long a client that failed has to wait.
//!
//! Two things are counted, both by client address. Failures with one account: after a few of them the next try is refused for a
//! while, longer each time. Failures with any accounts: after many of them tries with accounts that have never signed in from that
//! address go one after the other with a pause in between, which stops who tries one password on every account. They are not refused:
//! the right password gets in, and an account that has signed in from there before is not slowed at all.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use compact_str::CompactString;
use model::{Code, Rejection};
use session::Login;

use super::turns::overloaded;
use crate::throttle::Throttle;

/// How many failures of one source with one account cost nothing. Ours: a typing error or two.
const PAIR_FREE: u32 = 3;

/// How many failures of one source with any accounts cost nothing. Ours: many people may share an address.
const SOURCE_FREE: u32 = 30;

/// The pause between two tries of a source with more. Ours: 1,800 tries an hour.
const PAUSE: Duration = Duration::from_secs(2);

/// How long a try may have to wait for its turn among them. Ours: less than HTTP clients usually wait.
const PAUSED_MAX: Duration = Duration::from_secs(20);

/// How often a try that has to wait may be compared with what was proved lately. Ours: a guesser gains nothing by it.
const COMPARED_MAX: u32 = 10;

/// The longest wait. Ours.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// After how long without a failure all is forgotten. Ours.
const FORGET_AFTER: Duration = Duration::from_secs(15 * 60);

/// How many sources are remembered. Ours.
const SOURCES_MAX: usize = 20_000;

/// Who tries: a source, and the account that it names.
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

    /// The client's address, or its network.
    pub(super) fn address(&self) -> IpAddr {
        self.address
    }

    fn pair(&self) -> Try {
        Try { address: self.address, login: Some(self.login.clone()) }
    }

    fn any(&self) -> Try {
        Try { address: self.address, login: None }
    }
}

/// The network of a client: one IPv6 subscriber has a whole /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Try {
    address: IpAddr,
    login: Option<CompactString>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
    /// How many tries were compared since then.
    compared: u32,
    /// When the next slowed try of the source may go.
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

/// Who failed lately, and who got in from where.
#[derive(Default)]
pub(super) struct Delays {
    tables: Mutex<Tables>,
    throttle: Throttle,
}

#[derive(Default)]
struct Tables {
    failures: HashMap<Try, Failures>,
    /// Accounts that have signed in from an address, and when they last did.
    known: HashMap<Try, Instant>,
}

impl Delays {
    /// Refuses a source that has to wait before it tries this account again.
    pub(super) fn check(&self, source: &Source, now: Instant) -> Result<(), Rejection> {
        let tables = self.lock();
        let Some(failed) = tables.failures.get(&source.pair()) else { return Ok(()) };
        let left = (failed.last + failed.wait()).saturating_duration_since(now);
        if left.is_zero() {
            return Ok(());
        }
        let text = format!("too many failures, try again in {} s", left.as_secs() + 1);
        Err(Rejection::new(Code::TooMany, text))
    }

    /// Whether a try may be compared with passwords that were proved lately, which costs nothing.
    pub(super) fn may_compare(&self, source: &Source, now: Instant) -> bool {
        let mut tables = self.lock();
        let Some(failed) = tables.failures.get_mut(&source.pair()) else { return true };
        if failed.last + failed.wait() > now {
            failed.compared = failed.compared.saturating_add(1);
        }
        failed.compared <= COMPARED_MAX
    }

    /// How long the try has to pause because its source fails a lot. Where too many pause already it is to come again later.
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

    /// Forgets what the pair did wrong. The source's own count stays: one good account may not hide the trying of others.
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
    /// Counts a failure; gives how many there are.
    fn fail(&mut self, tried: Try, now: Instant) -> u32 {
        let failed =
            self.failures.entry(tried).or_insert(Failures { count: 0, last: now, compared: 0, next: now });
        failed.count = if failed.is_forgotten(now) { 1 } else { failed.count.saturating_add(1) };
        (failed.last, failed.compared) = (now, 0);
        failed.count
    }
}

/// Forgets what is old; when that is not enough, the oldest half.
fn make_room<T>(tries: &mut HashMap<Try, T>, last: impl Fn(&T) -> Instant, now: Instant) {
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
