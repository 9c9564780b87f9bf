//! Silent EBS clients and the end of registrations (uwq.md §6.3).

use std::time::Duration;

use model::Verb;
use session::{Reason, ToHub};

use super::{
    TelephonySession,
    registration::{Key, Registration},
    requests::PendingCommand,
};

/// The kind of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TimerKind {
    /// Post an event again.
    Retry,
    /// Check whether EBS has been silent for too long.
    Silence,
    /// Remove a registration that is still unproven.
    Unproven,
    /// Answer a `MakeCall` although the switch has not answered.
    Dial,
}

impl TimerKind {
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::Retry => "post an event again",
            Self::Silence => "check whether ebs has been silent for too long",
            Self::Unproven => "remove a registration without a login",
            Self::Dial => "answer a call that the switch has not answered",
        }
    }
}

impl TelephonySession {
    /// Carries out everything that is due.
    pub(super) fn due(&mut self) {
        while let Some((key, due)) = self.timers.take(self.out.now()) {
            match due {
                TimerKind::Retry => self.post_next(key),
                TimerKind::Silence => self.silence(key),
                TimerKind::Unproven => self.unproven(key),
                TimerKind::Dial => self.dial_due(key),
            }
        }
    }

    /// Sets the timer for a registration's silence. Callouts do not move the timer, because most of them would do so for nothing.
    pub(super) fn watch(&mut self, key: Key) {
        let Some(registration) = self.registrations.get(key) else { return };
        let patience = if registration.stale { self.drop_after() } else { self.config.stale_after() };
        if let Some(patience) = patience {
            self.timers.set((key, TimerKind::Silence), self.registrations.seen(registration) + patience);
        }
    }

    fn silence(&mut self, key: Key) {
        let Some(registration) = self.registrations.get(key) else { return };
        let silent = self.out.now().since(self.registrations.seen(registration));
        let was_stale = registration.stale;
        let is_stale = self.config.stale_after().is_some_and(|patience| silent >= patience);
        if was_stale && is_stale && self.drop_after().is_some_and(|patience| silent >= patience) {
            return self.drop_registration(key);
        }
        if let Some(registration) = self.registrations.get_mut(key) {
            registration.stale = is_stale;
        }
        self.watch(key);
    }

    /// Reports desks to the hub: an agent has one while logged in from a client that is not silent for too long.
    pub(super) fn report_desks(&mut self) {
        for agent in self.registrations.take_changed() {
            let attended = self.registrations.is_attended(&agent);
            let changed = if attended { self.desks.insert(agent.clone()) } else { self.desks.remove(&agent) };
            if changed {
                self.out.push(ToHub::Desk { agent, attended });
            }
        }
    }

    /// How long a registration may be silent before it is removed.
    fn drop_after(&self) -> Option<Duration> {
        let patience = self.config.stale_after().zip(self.config.drop_after_stale());
        patience.map(|(stale, drop)| stale + drop)
    }

    /// Removes a registration and signs its agent out.
    pub(super) fn drop_registration(&mut self, key: Key) {
        let registration = self.forget(key);
        if let Some((agent, by)) = registration.and_then(|known| known.agent.zip(known.login)) {
            self.command(by, agent, Verb::SignOut { reason: None }, PendingCommand::NoReply);
        }
    }

    /// Removes a registration and its timers. Later answers for it are ignored.
    pub(super) fn forget(&mut self, key: Key) -> Option<Registration> {
        let registration = self.registrations.remove(key)?;
        for due in [TimerKind::Retry, TimerKind::Silence, TimerKind::Unproven] {
            self.timers.cancel(&(key, due));
        }
        Some(registration)
    }
}
