//! What the hub asks of the switch: done once, answered as often as it is asked.

use std::collections::BTreeSet;

use compact_str::CompactString;
use model::{Cause, RequestId, SwitchAnswer, SwitchRequest};
use session::{Answers, ToHub};

use super::Desk;

/// What was asked.
#[derive(Debug, Default)]
pub(super) struct Requests {
    open: BTreeSet<RequestId>,
    answers: Answers,
}

impl Requests {
    pub(super) fn len(&self) -> usize {
        self.open.len() + self.answers.len()
    }
}

impl Desk {
    pub(super) fn requested(&mut self, request: RequestId, asked: SwitchRequest) {
        if self.requests.open.contains(&request) {
            return;
        }
        if let Some(answer) = self.requests.answers.again(request) {
            return self.out.say(ToHub::SwitchAnswer { request, answer });
        }
        if !self.is_up() || self.closing {
            // It never reached Asterisk, so it is not remembered: once the link is back it may be asked again.
            let text = CompactString::const_new("Asterisk cannot be reached");
            let answer = SwitchAnswer::Refused { cause: Cause::Failed, text };
            return self.out.say(ToHub::SwitchAnswer { request, answer });
        }
        self.requests.open.insert(request);
        if let Err(why) = self.serve(request, asked) {
            self.refuse(request, &why);
        }
    }

    pub(super) fn refuse(&mut self, request: RequestId, why: &str) {
        self.finish(request, SwitchAnswer::Refused { cause: Cause::Failed, text: why.into() });
    }

    /// Asterisk is gone: nobody will answer any longer. What was asked may be asked again once it is back.
    pub(super) fn refuse_all(&mut self, why: &str) {
        for request in std::mem::take(&mut self.requests.open) {
            let answer = SwitchAnswer::Refused { cause: Cause::Failed, text: why.into() };
            self.out.say(ToHub::SwitchAnswer { request, answer });
        }
    }

    /// Gives an answer and keeps it.
    pub(super) fn finish(&mut self, request: RequestId, answer: SwitchAnswer) {
        if !self.requests.open.remove(&request) {
            return;
        }
        self.requests.answers.keep(request, answer.clone());
        self.out.say(ToHub::SwitchAnswer { request, answer });
    }
}
