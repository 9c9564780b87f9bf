//! What did not work: each cause is in the log once a minute, and an agent whose call the peer was not told of is told so.

use std::collections::BTreeMap;

use model::Timestamp;

use super::{NOT_TAKEN, Telephony, posts::Post};
use crate::wire::limits::{CAUSES_MAX, LOG_EVERY};

/// Recently logged causes.
#[derive(Debug, Default)]
pub(super) struct Reports {
    logged: BTreeMap<String, Timestamp>,
}

impl Reports {
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

impl Telephony {
    /// The service cannot be reached, or not be understood.
    pub(super) fn in_trouble(&mut self, why: &str) {
        if self.reports.is_due(self.out.now(), why) {
            tracing::warn!(why, url = %self.url, "the talisma service takes no notifications");
        }
        why.clone_into(&mut self.trouble);
    }

    /// Nothing more is done about a notification.
    pub(super) fn gave_up(&mut self, post: Post, why: &str) {
        if self.reports.is_due(self.out.now(), &format!("gave up: {why}")) {
            tracing::warn!(why, agent = %post.agent, "a talisma notification was given up");
        }
        let text = format!("Talisma was not told of this call: {why}");
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
        let (mut reports, start) = (Reports::default(), Timestamp(1_000));
        assert!(reports.is_due(start, "404"));
        assert!(!reports.is_due(start + Duration::from_secs(59), "404"));
        assert!(reports.is_due(start + Duration::from_secs(59), "503"));
        assert!(reports.is_due(start + Duration::from_secs(60), "404"));
        for index in 0..1_000 {
            reports.is_due(start, &index.to_string());
        }
        assert_eq!(reports.logged.len(), CAUSES_MAX);
    }
}
