//! What the hub asks of the softphone as of a switch. The same request may come twice and is done once.

use std::collections::VecDeque;

use model::{Cause, DeviceId, Number, RequestId, SwitchAnswer, SwitchEvent, SwitchRequest};
use session::{Answers, ToHub};

use super::{Desk, FEATURES};
use crate::wire::{
    Callout, Token,
    limits::{DIAL_MATCH, DIALS_WAITING_MAX},
};

/// What the hub asked for.
#[derive(Debug, Default)]
pub(super) struct Requests {
    /// Calls to be made, the first of them perhaps on its way.
    waiting: VecDeque<Dial>,
    /// Answers that were given, to be given again.
    answers: Answers,
}

#[derive(Debug)]
struct Dial {
    request: RequestId,
    device: DeviceId,
    to: Number,
}

impl Requests {
    pub(super) fn held(&self) -> usize {
        self.waiting.len() + self.answers.len()
    }
}

impl Desk {
    pub(super) fn asked(&mut self, request: RequestId, asked: SwitchRequest) {
        if self.requests.waiting.iter().any(|dial| dial.request == request) {
            return;
        }
        if let Some(answer) = self.requests.answers.again(request) {
            return self.send_answer(request, answer);
        }
        match asked {
            SwitchRequest::MakeCall { device, to, data: _ } => self.enqueue_dial(request, device, to),
            SwitchRequest::Snapshot => self.picture(request),
            SwitchRequest::AnswerCall { .. }
            | SwitchRequest::ClearConnection { .. }
            | SwitchRequest::HoldCall { .. }
            | SwitchRequest::RetrieveCall { .. }
            | SwitchRequest::ConsultationCall { .. }
            | SwitchRequest::AlternateCall { .. }
            | SwitchRequest::TransferCall { .. }
            | SwitchRequest::ConferenceCall { .. }
            | SwitchRequest::SingleStepTransfer { .. }
            | SwitchRequest::DeflectCall { .. }
            | SwitchRequest::GenerateDigits { .. }
            | SwitchRequest::SetMute { .. }
            | SwitchRequest::StartRecording { .. }
            | SwitchRequest::PauseRecording { .. }
            | SwitchRequest::ResumeRecording { .. } => {
                self.refuse(request, Cause::Failed, "the softphone can only be asked to make a call");
            }
        }
    }

    /// The next call to be made.
    pub(super) fn next_dial(&mut self) -> Option<(RequestId, Callout)> {
        loop {
            let dial = self.requests.waiting.front()?;
            let seat = self.seats.at(dial.device.as_str()).filter(|seat| seat.is_logged_in());
            if let Some(seat) = seat {
                let digits = dial.to.digits().collect();
                seat.dialled = Some((digits, self.out.now() + DIAL_MATCH));
                let callout =
                    Callout::MakeCall { line: seat.line(), dial_string: dial.to.as_str().to_owned() };
                return Some((dial.request, callout));
            }
            let text = format!("nobody is logged in at {}", dial.device);
            let request = dial.request;
            self.finish(request, SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() });
        }
    }

    /// The softphone said something to a call that was to be made. Which call it is it says by a screen pop.
    pub(super) fn dialled(&mut self, request: RequestId, result: Result<(), (Option<Token>, &str)>) {
        let answer = match result {
            Ok(()) => SwitchAnswer::Done { call: None },
            Err((Some(Token::InvalidParameter), text)) => {
                SwitchAnswer::Refused { cause: Cause::InvalidNumber, text: text.into() }
            }
            Err((_, text)) => SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() },
        };
        let refused = matches!(answer, SwitchAnswer::Refused { .. });
        let dial = self.requests.waiting.iter().find(|dial| dial.request == request).filter(|_| refused);
        if let Some(seat) = dial.and_then(|dial| self.seats.at(dial.device.as_str())) {
            seat.dialled = None;
        }
        self.finish(request, answer);
    }

    /// The link is down: what waits is not made later, when nobody expects it any longer.
    pub(super) fn refuse_waiting(&mut self, why: &str) {
        for dial in std::mem::take(&mut self.requests.waiting) {
            self.refuse(dial.request, Cause::Failed, why);
        }
    }

    fn enqueue_dial(&mut self, request: RequestId, device: DeviceId, to: Number) {
        if !self.link.is_up() {
            return self.refuse(request, Cause::Failed, "the softphone cannot be reached");
        }
        if self.requests.waiting.len() >= DIALS_WAITING_MAX {
            let text = format!("{DIALS_WAITING_MAX} calls wait to be made already");
            return self.refuse(request, Cause::Failed, &text);
        }
        self.requests.waiting.push_back(Dial { request, device, to });
    }

    fn picture(&mut self, request: RequestId) {
        if !self.link.is_up() {
            return self.refuse(request, Cause::Failed, "the softphone cannot be reached");
        }
        let calls = self.calls.pictures();
        self.tell(SwitchEvent::LinkUp { features: FEATURES.to_vec(), calls });
        self.finish(request, SwitchAnswer::Done { call: None });
    }

    fn refuse(&mut self, request: RequestId, cause: Cause, text: &str) {
        self.finish(request, SwitchAnswer::Refused { cause, text: text.into() });
    }

    /// Gives an answer and keeps it.
    fn finish(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.requests.waiting.retain(|dial| dial.request != request);
        self.requests.answers.keep(request, answer.clone());
        self.send_answer(request, answer);
    }

    fn send_answer(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.out.say(ToHub::SwitchAnswer { request, answer });
    }
}
