//! Limits how many commands an account sends. Each command is written to the disk, so one client that repeats commands without end would
//! delay everybody.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use model::{AccountName, Code, Principal, Rejection, Role};

use crate::throttle::Throttle;

/// For how many seconds' worth of commands an account may send them at once. Our choice: a person who presses keys, or a page that catches up.
const BURST_S: u32 = 10;

/// The commands that each account may still send.
#[derive(Debug)]
pub(crate) struct CommandRates {
    /// How long it takes until an account may send one more command.
    each: Duration,
    /// When each account will have its full burst again. An account that is not here has it.
    full_at: Mutex<HashMap<AccountName, Instant>>,
    throttle: Throttle,
}

impl CommandRates {
    /// Allows this many commands a second.
    pub(crate) fn new(per_s: u32) -> Self {
        let each = Duration::from_secs(1) / per_s.max(1);
        Self { each, full_at: Mutex::default(), throttle: Throttle::default() }
    }

    /// Counts a command, or refuses it.
    pub(crate) fn take(&self, by: &Principal, now: Instant) -> Result<(), Rejection> {
        match by.role {
            Role::Integration => return Ok(()),
            Role::Agent | Role::Supervisor | Role::Admin => {}
        }
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full = full_at.get(&by.account).copied().unwrap_or(now).max(now) + self.each;
        let burst = Duration::from_secs(BURST_S.into());
        if full.saturating_duration_since(now) <= burst {
            if !full_at.contains_key(&by.account) {
                full_at.retain(|_, full| *full > now);
            }
            full_at.insert(by.account.clone(), full);
            return Ok(());
        }
        drop(full_at);
        Err(self.refuse(by, now))
    }

    fn refuse(&self, by: &Principal, now: Instant) -> Rejection {
        let (account, each) = (&by.account, self.each);
        if let Some(unlogged) = self.throttle.due("commands", now) {
            tracing::warn!(%account, unlogged, "an account sends too many commands; limits.commands_per_second is the limit");
        }
        let text = format!(
            "account {account} sends too many commands: at most one each {each:?}; try again in a second"
        );
        Rejection::new(Code::TooMany, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(account: &str, role: Role) -> Principal {
        Principal { account: AccountName::new(account).unwrap(), role, agent: None }
    }

    #[test]
    fn an_account_that_floods_is_limited_and_no_other() {
        let (rates, now) = (CommandRates::new(20), Instant::now());
        let flood = |by: &Principal, at| (0..3_366).filter(|_| rates.take(by, at).is_ok()).count();
        let (agent, other) = (by("1001", Role::Agent), by("1002", Role::Agent));
        assert_eq!(flood(&agent, now), 200);
        assert_eq!(flood(&agent, now + Duration::from_secs(1)), 20);
        assert!(rates.take(&other, now).is_ok());
        let refused = rates.take(&agent, now + Duration::from_secs(1)).unwrap_err();
        assert_eq!(refused.code, Code::TooMany);
        assert!(refused.text.contains("at most one each 50ms"), "{}", refused.text);
        assert_eq!(flood(&by("peer", Role::Integration), now), 3_366);
    }

    #[test]
    fn accounts_that_have_their_full_burst_again_need_no_memory() {
        let (rates, now) = (CommandRates::new(20), Instant::now());
        for index in 0..100 {
            rates.take(&by(&index.to_string(), Role::Agent), now).unwrap();
        }
        rates.take(&by("later", Role::Agent), now + Duration::from_secs(11)).unwrap();
        assert_eq!(rates.full_at.lock().unwrap().len(), 1);
    }
}
