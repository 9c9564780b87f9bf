//! Whether the softphone lives (uwq.md §6.3).

use model::{SwitchEvent, Timestamp};

use super::{Desk, FEATURES};
use crate::wire::limits::{FAILURES_MAX, REANNOUNCE};

/// Whether the softphone lives.
#[derive(Debug, Default)]
pub(super) struct Link {
    up: bool,
    /// Failures since the last answer.
    failures: u32,
    /// When to ask next. Before the first time: at once.
    poll_at: Timestamp,
}

impl Link {
    pub(super) fn is_up(&self) -> bool {
        self.up
    }

    pub(super) fn poll_at(&self) -> Option<Timestamp> {
        Some(self.poll_at)
    }

    /// Whether callouts other than `CheckStatus` make sense: it lives, and the last callout was answered.
    pub(super) fn is_open(&self) -> bool {
        self.up && self.failures == 0
    }
}

impl Desk {
    /// The softphone answered a `CheckStatus`.
    pub(super) fn alive(&mut self, knows_us: bool) {
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
            self.tell(SwitchEvent::LinkUp { features: FEATURES.to_vec(), calls });
        }
    }

    /// The softphone announces its calls again, or they are over.
    pub(super) fn expect_calls(&mut self) {
        self.calls.expect_again(self.out.now() + REANNOUNCE);
    }

    /// The softphone answered a callout of any kind.
    pub(super) fn answered(&mut self) {
        self.link.failures = 0;
    }

    /// The softphone did not answer, or not with sense.
    pub(super) fn unanswered(&mut self, why: &str) {
        self.link.failures = self.link.failures.saturating_add(1);
        self.link.poll_at = self.out.now() + self.config.status_period_down.duration();
        if self.link.up && self.link.failures >= FAILURES_MAX {
            self.link.up = false;
            // What waits is not made later, when nobody expects it.
            self.requests.refuse_all(why, &mut self.out);
            self.tell(SwitchEvent::LinkDown { why: why.into() });
        }
    }

    /// Calls that a softphone which was started again has not announced are over.
    pub(super) fn clear_unannounced(&mut self) {
        let events = self.calls.take_unannounced(self.out.now());
        events.into_iter().for_each(|event| self.tell(event));
    }
}
