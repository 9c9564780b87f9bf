//! Whether the softphone is reachable (uwq.md §6.3).

use model::{SwitchEvent, Timestamp};

use super::{DeskSession, FEATURES};
use crate::wire::limits::{FAILURES_MAX, REANNOUNCE};

/// Whether the softphone is reachable.
#[derive(Debug, Default)]
pub(super) struct SoftphoneLink {
    up: bool,
    /// Failures since the last answer.
    failures: u32,
    /// When to query the status next. The initial value means now.
    poll_at: Timestamp,
}

impl SoftphoneLink {
    pub(super) fn is_up(&self) -> bool {
        self.up
    }

    pub(super) fn poll_at(&self) -> Option<Timestamp> {
        Some(self.poll_at)
    }

    /// Whether callouts other than `CheckStatus` may be sent: the softphone is reachable and answered the last callout.
    pub(super) fn is_open(&self) -> bool {
        self.up && self.failures == 0
    }
}

impl DeskSession {
    /// The softphone has answered a `CheckStatus`.
    pub(super) fn status_answered(&mut self, knows_us: bool) {
        let was_up = std::mem::replace(&mut self.link.up, true);
        self.link.failures = 0;
        self.link.poll_at = self.out.now() + self.config.status_period.duration();
        let forgot = !knows_us && self.registered().next().is_some();
        if forgot {
            self.expect_calls();
        }
        if !was_up || forgot {
            self.agents.restart();
        }
        if !was_up {
            let calls = self.calls.pictures();
            self.report(SwitchEvent::LinkUp { features: FEATURES.to_vec(), calls });
        }
    }

    /// Waits for the softphone to announce its calls again; the others will end.
    pub(super) fn expect_calls(&mut self) {
        self.calls.expect_again(self.out.now() + REANNOUNCE);
    }

    /// The softphone has answered a callout.
    pub(super) fn answered(&mut self) {
        self.link.failures = 0;
    }

    /// The softphone gave no answer, or an invalid one.
    pub(super) fn unanswered(&mut self, why: &str) {
        self.link.failures = self.link.failures.saturating_add(1);
        self.link.poll_at = self.out.now() + self.config.status_period_down.duration();
        if self.link.up && self.link.failures >= FAILURES_MAX {
            self.link.up = false;
            // Waiting calls are not made later, when nobody expects them.
            self.requests.refuse_all(why, &mut self.out);
            self.report(SwitchEvent::LinkDown { why: why.into() });
        }
    }

    /// Ends the calls that a restarted softphone has not announced in time.
    pub(super) fn clear_unannounced(&mut self) {
        let events = self.calls.take_unannounced(self.out.now());
        events.into_iter().for_each(|event| self.report(event));
    }
}
