//! How long whoever failed has to wait: longer each time.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use compact_str::CompactString;
use model::{Code, Rejection};
use session::Login;

/// How many failures of one source with one account cost nothing. Ours: a typing error or two.
const PAIR_FREE: u32 = 3;

/// How many failures of one source with any accounts cost nothing. Ours: many people may share an address.
const SOURCE_FREE: u32 = 30;

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

    fn tries(&self) -> [(Try, u32); 2] {
        let pair = Try { address: self.address, login: Some(self.login.clone()) };
        [(pair, PAIR_FREE), (Try { address: self.address, login: None }, SOURCE_FREE)]
    }
}

/// One IPv6 subscriber has a whole /64.
fn network(address: IpAddr) -> IpAddr {
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
}

impl Failures {
    fn wait(self, free: u32) -> Duration {
        match self.count.checked_sub(free) {
            None => Duration::ZERO,
            Some(over) => Duration::from_secs(1 << over.min(6)).min(WAIT_MAX),
        }
    }
}

/// Who failed lately.
#[derive(Default)]
pub(super) struct Delays(Mutex<HashMap<Try, Failures>>);

impl Delays {
    /// Refuses whoever has to wait.
    pub(super) fn check(&self, source: &Source, now: Instant) -> Result<(), Rejection> {
        let failures = self.lock();
        for (tried, free) in source.tries() {
            let Some(failed) = failures.get(&tried) else { continue };
            let left = (failed.last + failed.wait(free)).saturating_duration_since(now);
            if !left.is_zero() {
                let text = format!("too many failures, try again in {} s", left.as_secs() + 1);
                return Err(Rejection::new(Code::TooMany, text));
            }
        }
        Ok(())
    }

    pub(super) fn failed(&self, source: &Source, now: Instant) {
        let mut failures = self.lock();
        make_room(&mut failures, now);
        for (tried, _) in source.tries() {
            let failed = failures.entry(tried).or_insert(Failures { count: 0, last: now });
            let forgotten = now.saturating_duration_since(failed.last) > FORGET_AFTER;
            failed.count = if forgotten { 1 } else { failed.count.saturating_add(1) };
            failed.last = now;
        }
    }

    /// Forgets what the pair did wrong. The source's own count stays: one good account may not hide the trying of others.
    pub(super) fn succeeded(&self, source: &Source) {
        let [(pair, _), _] = source.tries();
        self.lock().remove(&pair);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Try, Failures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets what is old; when that is not enough, the oldest half.
fn make_room(failures: &mut HashMap<Try, Failures>, now: Instant) {
    if failures.len() + 2 <= SOURCES_MAX {
        return;
    }
    failures.retain(|_, failed| now.saturating_duration_since(failed.last) <= FORGET_AFTER);
    if failures.len() + 2 > SOURCES_MAX {
        let mut times: Vec<Instant> = failures.values().map(|failed| failed.last).collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        failures.retain(|_, failed| failed.last > median);
    }
}

#[cfg(test)]
mod tests {
    use model::AccountName;

    use super::*;

    fn source(host: u32) -> Source {
        let login = Login::Account(AccountName::new("a").unwrap());
        Source::new(&login, IpAddr::V4(host.into()))
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
        assert!(Failures { count: u32::MAX, last: now }.wait(PAIR_FREE) <= WAIT_MAX);
    }

    #[test]
    fn the_table_is_bounded() {
        let (delays, now) = (Delays::default(), Instant::now());
        for host in 0..30_000 {
            delays.failed(&source(host), now + Duration::from_millis(host.into()));
        }
        assert!(delays.lock().len() <= SOURCES_MAX);
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_source() {
        let (one, other) = ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
        assert_eq!(network(one), network(other));
        assert_ne!(network(one), network("2001:db8:0:1::1".parse().unwrap()));
    }
}
