//! The hub's requests to the softphone as a switch. A repeated request is carried out once.

use model::{Cause, DeviceId, Number, RequestId, SwitchAnswer, SwitchEvent, SwitchRequest};

use super::{DeskSession, FEATURES, agents::line};
use crate::wire::{
    Callout, Token,
    limits::{DIAL_MATCH, DIALS_WAITING_MAX},
};

/// A call to make. The first one may be in flight.
#[derive(Debug)]
pub(super) struct Dial {
    device: DeviceId,
    to: Number,
}

impl DeskSession {
    pub(super) fn requested(&mut self, request: RequestId, requested: SwitchRequest) {
        if !self.requests.is_new(request, &mut self.out) {
            return;
        }
        match requested {
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
                self.refuse(request, "the softphone supports no other request than to make a call");
            }
        }
    }

    /// The next call to make.
    pub(super) fn next_dial(&mut self) -> Option<(RequestId, Callout)> {
        loop {
            let (request, dial) = self.requests.iter().next()?;
            let agent = self.agents.at(dial.device.as_str()).map(|(_, agent)| agent);
            if let Some(agent) = agent.filter(|agent| agent.state.is_logged_in()) {
                let until = self.out.now() + DIAL_MATCH;
                self.dialled.insert(dial.device.clone(), (dial.to.digits().collect(), until));
                let callout =
                    Callout::MakeCall { line: line(agent), dial_string: dial.to.as_str().to_owned() };
                return Some((request, callout));
            }
            let text = format!("no agent is logged in at phone {}", dial.device);
            self.refuse(request, &text);
        }
    }

    /// The softphone has answered a request to make a call. Its screen pop will name the call.
    pub(super) fn dialled(&mut self, request: RequestId, result: Result<(), (Option<Token>, &str)>) {
        let answer = match result {
            Ok(()) => SwitchAnswer::Done { call: None },
            Err((Some(Token::InvalidParameter), text)) => {
                SwitchAnswer::Refused { cause: Cause::InvalidNumber, text: text.into() }
            }
            Err((_, text)) => SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() },
        };
        let refused = matches!(answer, SwitchAnswer::Refused { .. });
        let dial = self.requests.answer(request, answer, &mut self.out).filter(|_| refused);
        dial.map(|dial| self.dialled.remove(&dial.device));
    }

    fn enqueue_dial(&mut self, request: RequestId, device: DeviceId, to: Number) {
        if !self.link.is_up() {
            return self.refuse(request, "the softphone cannot be reached");
        }
        if self.requests.open_len() >= DIALS_WAITING_MAX {
            let text = format!("{DIALS_WAITING_MAX} calls are already waiting to be made");
            return self.refuse(request, &text);
        }
        self.requests.open(request, None, Dial { device, to });
    }

    fn picture(&mut self, request: RequestId) {
        if !self.link.is_up() {
            return self.refuse(request, "the softphone cannot be reached");
        }
        let calls = self.calls.pictures();
        self.report(SwitchEvent::LinkUp { features: FEATURES.to_vec(), calls });
        self.requests.done(request, None, &mut self.out);
    }

    fn refuse(&mut self, request: RequestId, text: &str) {
        self.requests.refuse(request, text, &mut self.out);
    }
}
