//! Failures to post: each cause is logged once a minute, and the agent of a call that was not announced gets a warning.

use std::collections::BTreeMap;

use model::Timestamp;

use super::{NOT_TAKEN, TelephonySession, posts::QueuedNotification};
use crate::wire::limits::{CAUSES_MAX, LOG_EVERY};

/// The causes that were logged recently.
#[derive(Debug, Default)]
pub(super) struct LoggedCauses {
    logged: BTreeMap<String, Timestamp>,
}

impl LoggedCauses {
    /// Whether a cause is to be logged now.
    pub(super) fn is_due(&mut self, now: Timestamp, cause: &str) -> bool {
        self.logged.retain(|_, at| now.since(*at) < LOG_EVERY);
        if self.logged.len() >= CAUSES_MAX || self.logged.contains_key(cause) {
            return false;
        }
        self.logged.insert(cause.to_owned(), now);
        true
    }
}

impl TelephonySession {
    /// The service cannot be reached, or its answer cannot be read.
    pub(super) fn service_failed(&mut self, why: &str) {
        if self.logged_causes.is_due(self.out.now(), why) {
            tracing::warn!(why, url = %self.url, "the talisma service accepts no notifications");
        }
        why.clone_into(&mut self.last_failure);
    }

    /// Discards a notification and warns its agent.
    pub(super) fn gave_up(&mut self, post: QueuedNotification, why: &str) {
        if self.logged_causes.is_due(self.out.now(), &format!("gave up: {why}")) {
            tracing::warn!(why, agent = %post.agent, "a talisma notification was discarded");
        }
        let text = format!("Talisma was not notified of this call: {why}");
        self.out.warn(post.agent.clone(), Some(post.call), text);
        if self.calls.contains_key(&post.call) {
            self.mark(post.agent, post.call, Some(NOT_TAKEN));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_cause_is_due_once_a_minute_and_causes_are_bounded() {
        let (mut logged_causes, start) = (LoggedCauses::default(), Timestamp(1_000));
        assert!(logged_causes.is_due(start, "404"));
        assert!(!logged_causes.is_due(start + Duration::from_secs(59), "404"));
        assert!(logged_causes.is_due(start + Duration::from_secs(59), "503"));
        assert!(logged_causes.is_due(start + Duration::from_secs(60), "404"));
        for index in 0..1_000 {
            logged_causes.is_due(start, &index.to_string());
        }
        assert_eq!(logged_causes.logged.len(), CAUSES_MAX);
    }
}
