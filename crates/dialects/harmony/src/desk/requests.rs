//! What the hub asks of the switch: done once, answered as often as it is asked.

use std::collections::BTreeSet;

use model::{CallId, Cause, RequestId, SwitchAnswer, SwitchRequest};
use session::{Answers, ToHub};

use super::{Desk, services::Refusal};
use crate::wire::limits::OPEN_MAX;

/// What was asked.
#[derive(Debug, Default)]
pub(super) struct Requests {
    open: BTreeSet<RequestId>,
    answers: Answers,
    /// Legs to be retrieved when the other one is gone; open ones.
    postponed: Vec<(RequestId, CallId)>,
}

impl Requests {
    pub(super) fn len(&self) -> usize {
        self.open.len() + self.answers.len()
    }

    pub(super) fn postpone(&mut self, request: RequestId, call: CallId) {
        self.postponed.push((request, call));
    }

    /// Those that nobody has answered meanwhile.
    pub(super) fn take_postponed(&mut self) -> Vec<(RequestId, CallId)> {
        let mut postponed = std::mem::take(&mut self.postponed);
        postponed.retain(|(request, _)| self.open.contains(request));
        postponed
    }
}

impl Desk {
    pub(super) fn requested(&mut self, request: RequestId, asked: SwitchRequest) {
        if self.requests.open.contains(&request) {
            return;
        }
        if let Some(answer) = self.requests.answers.again(request) {
            return self.answer(request, answer);
        }
        if !self.is_up() || self.closing {
            return self.refuse(request, "the client cannot be reached");
        }
        if self.requests.open.len() >= OPEN_MAX {
            return self.refuse(request, "too many requests wait for the client already");
        }
        if asked == SwitchRequest::Snapshot {
            self.tell_all();
            return self.finish(request, SwitchAnswer::Done { call: None });
        }
        self.requests.open.insert(request);
        if let Err(Refusal(text)) = self.serve(request, asked) {
            self.refuse(request, &text);
        }
    }

    pub(super) fn done(&mut self, request: RequestId, call: Option<CallId>) {
        self.finish(request, SwitchAnswer::Done { call });
    }

    pub(super) fn refuse(&mut self, request: RequestId, text: &str) {
        self.finish(request, SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() });
    }

    /// The client is gone: nobody will answer any longer.
    pub(super) fn refuse_all(&mut self, why: &str) {
        for request in std::mem::take(&mut self.requests.open) {
            self.refuse(request, why);
        }
    }

    /// Gives an answer and keeps it.
    fn finish(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.requests.open.remove(&request);
        self.requests.answers.keep(request, answer.clone());
        self.answer(request, answer);
    }

    fn answer(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.out.say(ToHub::SwitchAnswer { request, answer });
    }
}
