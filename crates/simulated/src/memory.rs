//! Answers that were given, for requests that come twice.

use std::collections::BTreeMap;

use model::{RequestId, SwitchAnswer};

/// The last answers. Request ids rise, so the smallest are forgotten first.
#[derive(Debug)]
pub(crate) struct Memory {
    answers: BTreeMap<RequestId, SwitchAnswer>,
    answers_max: usize,
}

impl Memory {
    pub(crate) fn new(answers_max: usize) -> Self {
        Self { answers: BTreeMap::new(), answers_max }
    }

    pub(crate) fn recall(&self, request: RequestId) -> Option<SwitchAnswer> {
        self.answers.get(&request).cloned()
    }

    pub(crate) fn keep(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.answers.insert(request, answer);
        if self.answers.len() > self.answers_max {
            self.answers.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_answer_is_forgotten() {
        let mut memory = Memory::new(2);
        for id in 1..=3 {
            memory.keep(RequestId(id), SwitchAnswer::Done { call: None });
        }
        assert_eq!(memory.recall(RequestId(1)), None);
        assert!(memory.recall(RequestId(2)).is_some() && memory.recall(RequestId(3)).is_some());
    }
}
