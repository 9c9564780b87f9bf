//! What a session that is a switch has answered.

use std::collections::BTreeMap;

use model::{RequestId, SwitchAnswer};

/// How many answers are kept by default. Our choice.
const ANSWERS_MAX: usize = 1_024;

/// Answers that were given: the same request may be asked twice, and is carried out once. Request ids rise, so the oldest answer
/// is dropped first.
#[derive(Debug)]
pub struct Answers {
    answers: BTreeMap<RequestId, SwitchAnswer>,
    answers_max: usize,
}

impl Default for Answers {
    fn default() -> Self {
        Self::bounded(ANSWERS_MAX)
    }
}

impl Answers {
    /// Keeps at most so many answers.
    pub fn bounded(answers_max: usize) -> Self {
        Self { answers: BTreeMap::new(), answers_max }
    }

    /// What was answered before.
    pub fn again(&self, request: RequestId) -> Option<SwitchAnswer> {
        self.answers.get(&request).cloned()
    }

    /// Remembers an answer.
    pub fn keep(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.answers.insert(request, answer);
        if self.answers.len() > self.answers_max {
            self.answers.pop_first();
        }
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }
}
