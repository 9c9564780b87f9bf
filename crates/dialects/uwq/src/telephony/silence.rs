//! EBS clients that are silent, and registrations that end (uwq.md §6.3).

use std::time::Duration;

use model::Verb;
use session::{Reason, ToHub};

use super::{
    Telephony,
    registration::{Key, Registration},
    requests::Ask,
};

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// An event is to be posted again.
    Retry,
    /// EBS has perhaps been silent for too long.
    Silence,
    /// Nobody has logged in at a registration for too long.
    Unproven,
}

impl Due {
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::Retry => "an event is to be posted again",
            Self::Silence => "ebs may have been silent for too long",
            Self::Unproven => "nobody has logged in at a registration",
        }
    }
}

impl Telephony {
    /// Does everything that is due.
    pub(super) fn due(&mut self) {
        while let Some((key, due)) = self.timers.take(self.out.now()) {
            match due {
                Due::Retry => self.post_next(key),
                Due::Silence => self.silence(key),
                Due::Unproven => self.unproven(key),
            }
        }
    }

    /// Looks at a registration's silence when it may have lasted too long. Callouts move no timer: most of them would do so in vain.
    pub(super) fn watch(&mut self, key: Key) {
        let Some(registration) = self.registrations.get(key) else { return };
        let patience = if registration.stale { self.drop_after() } else { self.config.stale_after() };
        if let Some(patience) = patience {
            self.timers.set((key, Due::Silence), self.registrations.seen(registration) + patience);
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

    /// Tells the hub whose client is there and whose is not: who is logged in, and not silent for too long, has a desk.
    pub(super) fn report_desks(&mut self) {
        for agent in self.registrations.take_changed() {
            let attended = self.registrations.is_attended(&agent);
            let changed = if attended { self.desks.insert(agent.clone()) } else { self.desks.remove(&agent) };
            if changed {
                self.out.say(ToHub::Desk { agent, attended });
            }
        }
    }

    /// How long a registration may be silent before it ends.
    fn drop_after(&self) -> Option<Duration> {
        let patience = self.config.stale_after().zip(self.config.drop_after_stale());
        patience.map(|(stale, drop)| stale + drop)
    }

    /// Ends a registration and signs its agent out.
    pub(super) fn drop_registration(&mut self, key: Key) {
        let registration = self.forget(key);
        if let Some((agent, by)) = registration.and_then(|known| known.agent.zip(known.login)) {
            self.command(by, agent, Verb::SignOut { reason: None }, Ask::Unasked);
        }
    }

    /// Ends a registration with its timers; answers that are still to come find nobody.
    pub(super) fn forget(&mut self, key: Key) -> Option<Registration> {
        let registration = self.registrations.remove(key)?;
        for due in [Due::Retry, Due::Silence, Due::Unproven] {
            self.timers.cancel(&(key, due));
        }
        Some(registration)
    }
}
