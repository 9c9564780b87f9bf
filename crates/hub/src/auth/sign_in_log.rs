//! Log lines about sign-ins. Anyone can cause them, so their number is limited: after that, the next line says how many were left out.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use model::{AccountName, Code, Rejection};

use crate::throttle::Throttle;

/// How many failed sign-ins are logged in one period. Our choice: enough for tools that block addresses by the log.
const FAILED_MAX: u32 = 30;

/// The period.
const PERIOD: Duration = Duration::from_secs(60);

/// Writes the lines.
#[derive(Debug, Default)]
pub(super) struct SignInLog {
    failed: Mutex<Budget>,
    /// The same for entries of the audit trail.
    audited: Mutex<Budget>,
    throttle: Throttle,
}

/// How many lines were written in the current period.
#[derive(Debug, Default)]
struct Budget {
    began: Option<Instant>,
    written: u32,
    unlogged: u64,
}

impl SignInLog {
    /// A sign-in failed. The name is logged only if there is such an account: people type passwords in the wrong field.
    pub(super) fn failed(&self, account: Option<&AccountName>, from: IpAddr, code: Code) {
        let mut budget = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(unlogged) = budget.due(Instant::now()) else { return };
        let account = account.map_or("unknown", AccountName::as_str);
        tracing::warn!(%from, account, reason = code.as_str(), unlogged, "sign-in failed");
    }

    /// A sign-in through the provider failed.
    pub(super) fn refused(&self, from: IpAddr, rejection: &Rejection) {
        let mut budget = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(unlogged) = budget.due(Instant::now()) else { return };
        let (reason, detail) = (rejection.code.as_str(), &rejection.text);
        tracing::warn!(%from, reason, %detail, unlogged, "sign-in through the provider failed");
    }

    /// Whether a failed sign-in is to be written to the audit trail. Returns how many were left out before.
    pub(super) fn audits_failure(&self) -> Option<u64> {
        self.audited.lock().unwrap_or_else(PoisonError::into_inner).due(Instant::now())
    }

    /// A sign-in replaced an unused one of its account. Returns whether a line was due.
    pub(super) fn replaced(&self, account: &AccountName, from: IpAddr) -> bool {
        let due = self.throttle.due("replaced", Instant::now());
        if let Some(unlogged) = due {
            tracing::warn!(%from, %account, unlogged, "too many sign-ins of one account: the one unused the longest is revoked");
        }
        due.is_some()
    }

    /// A sign-in was refused because its account has too many. Returns whether a line was due.
    pub(super) fn crowded(&self, account: &AccountName, from: IpAddr) -> bool {
        let due = self.throttle.due("crowded", Instant::now());
        if let Some(unlogged) = due {
            tracing::warn!(%from, %account, unlogged, "too many sign-ins of one account: all are in use, and another one is refused");
        }
        due.is_some()
    }
}

impl Budget {
    /// Returns how many lines were left out before if a line may be written, else `None`.
    fn due(&mut self, now: Instant) -> Option<u64> {
        if self.began.is_none_or(|began| now.saturating_duration_since(began) >= PERIOD) {
            (self.began, self.written) = (Some(now), 0);
        }
        if self.written == FAILED_MAX {
            self.unlogged += 1;
            return None;
        }
        self.written += 1;
        Some(std::mem::take(&mut self.unlogged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_failures_writes_a_bounded_number_of_lines() {
        let (mut budget, now) = (Budget::default(), Instant::now());
        let lines = (0..10_000).filter(|_| budget.due(now).is_some()).count();
        assert_eq!(lines, FAILED_MAX as usize);
        assert_eq!(budget.due(now + PERIOD), Some(10_000 - u64::from(FAILED_MAX)));
        assert_eq!(budget.due(now + PERIOD), Some(0));
    }
}
