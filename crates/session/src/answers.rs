//! What a session that is a switch has answered.

use std::collections::BTreeMap;

use model::{RequestId, SwitchAnswer};

/// How many answers are remembered; numbers of requests rise, so the oldest are forgotten first. Ours.
const ANSWERS_MAX: usize = 1_024;

/// Answers that were given: the same request may be asked twice, and is done once.
#[derive(Debug, Default)]
pub struct Answers(BTreeMap<RequestId, SwitchAnswer>);

impl Answers {
    /// What was answered before.
    pub fn again(&self, request: RequestId) -> Option<SwitchAnswer> {
        self.0.get(&request).cloned()
    }

    /// Remembers an answer.
    pub fn keep(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.0.insert(request, answer);
        if self.0.len() > ANSWERS_MAX {
            self.0.pop_first();
        }
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
