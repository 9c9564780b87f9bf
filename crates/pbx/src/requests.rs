//! Requests: carried out once, answered each time that they arrive.

use std::collections::BTreeSet;

use model::{Cause, RequestId, SwitchAnswer, SwitchRequest};
use session::Recent;

use crate::{Engine, Error, Numbering, effect::Output};

/// The open requests, and the answers to earlier ones.
#[derive(Debug)]
pub(crate) struct Requests {
    open: BTreeSet<RequestId>,
    answers: Recent<RequestId, SwitchAnswer>,
}

impl Requests {
    pub(crate) fn new(answers_max: usize) -> Self {
        Self { open: BTreeSet::new(), answers: Recent::new(answers_max) }
    }

    pub(crate) fn len(&self) -> usize {
        self.open.len() + self.answers.len()
    }
}

impl<N: Numbering> Engine<N> {
    pub(crate) fn requested(&mut self, request: RequestId, requested: SwitchRequest) {
        if self.requests.open.contains(&request) {
            return;
        }
        if let Some(answer) = self.requests.answers.get(&request).cloned() {
            return self.out.push_back(Output::Answer { request, answer });
        }
        self.requests.open.insert(request);
        if let Err(error) = self.serve(request, requested) {
            self.refuse_for(request, &error);
        }
    }

    /// Whether a request is open, or its answer is still remembered.
    pub fn knows(&self, request: RequestId) -> bool {
        self.requests.open.contains(&request) || self.requests.answers.contains(&request)
    }

    /// Refuses a request that was not carried out, and remembers the answer.
    pub fn refuse_request(&mut self, request: RequestId, cause: Cause, why: &str) {
        self.requests.open.insert(request);
        self.refuse(request, cause, why);
    }

    pub(crate) fn refuse_for(&mut self, request: RequestId, error: &Error) {
        self.refuse(request, error.cause(), &error.to_string());
    }

    pub(crate) fn refuse(&mut self, request: RequestId, cause: Cause, why: &str) {
        self.finish(request, SwitchAnswer::Refused { cause, text: why.into() });
    }

    /// Refuses all open requests. The answers are not remembered, so the requests can be repeated.
    pub(crate) fn refuse_all(&mut self, why: &str) {
        for request in std::mem::take(&mut self.requests.open) {
            let answer = SwitchAnswer::Refused { cause: Cause::Failed, text: why.into() };
            self.out.push_back(Output::Answer { request, answer });
        }
    }

    /// Answers a request and remembers the answer.
    pub(crate) fn finish(&mut self, request: RequestId, answer: SwitchAnswer) {
        if !self.requests.open.remove(&request) {
            return;
        }
        self.requests.answers.put(request, answer.clone());
        self.out.push_back(Output::Answer { request, answer });
    }
}
