//! EBS clients that are silent, and registrations that end (uwq.md §6.3).

use model::Verb;
use session::ToHub;

use super::{
    Telephony,
    answers::Ask,
    registration::{Key, Registration, Standing},
    timers::Due,
};

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
        let patience = match registration.stale {
            false => self.config.stale_after(),
            true => self
                .config
                .stale_after()
                .zip(self.config.drop_after_stale())
                .map(|(stale, drop)| stale + drop),
        };
        let at = patience.map(|patience| self.registrations.seen(registration) + patience);
        if let Some(registration) = self.registrations.get_mut(key) {
            registration.silence_at = at;
        }
        if let Some(at) = at {
            self.timers.set(at, key, Due::Silence);
        }
    }

    fn silence(&mut self, key: Key) {
        let Some(registration) = self.registrations.get(key) else { return };
        let silent = self.out.now().since(self.registrations.seen(registration));
        let was_stale = registration.stale;
        let is_stale = self.config.stale_after().is_some_and(|patience| silent >= patience);
        if was_stale && is_stale && self.is_past_drop(silent) {
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

    fn is_past_drop(&self, silent: std::time::Duration) -> bool {
        let patience = self.config.stale_after().zip(self.config.drop_after_stale());
        patience.is_some_and(|(stale, drop)| silent >= stale + drop)
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
        if let Some(at) = registration.silence_at {
            self.timers.cancel(at, key, Due::Silence);
        }
        if let Standing::Unproven(until) = registration.standing {
            self.timers.cancel(until, key, Due::Unproven);
        }
        if let Some(at) = registration.outbox.paused_until() {
            self.timers.cancel(at, key, Due::Retry);
        }
        Some(registration)
    }
}
