//! What the hub asks of MAX as of a switch. The same request may come twice and is done once.

use std::collections::BTreeMap;

use model::{
    AgentId, CallId, Cause, DeviceId, RequestId, SwitchAnswer, SwitchEvent, SwitchRequest, Timestamp,
};
use session::{Answers, ToHub};

use super::{Desk, FEATURES, calls::Call, seats::Seat};
use crate::wire::{
    Ask, Button, Status,
    limits::{EFFECT_WITHIN, REQUESTS_WAITING_MAX},
};

/// What the hub asked for.
#[derive(Debug, Default)]
pub(super) struct Requests {
    /// Buttons that were pressed and have not shown their effect.
    waiting: BTreeMap<RequestId, Pressed>,
    /// Answers that were given, to be given again.
    answers: Answers,
}

/// A button that was pressed.
#[derive(Debug)]
struct Pressed {
    agent: AgentId,
    call: CallId,
    effect: Effect,
    until: Timestamp,
}

/// What a button is to bring about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Answered,
    Over,
    Held(bool),
    Muted(bool),
    Recorded,
    Masked(bool),
}

impl Effect {
    /// What a request is to bring about, of which call, at which phone; `None`: MAX has no button for it.
    fn of(asked: &SwitchRequest) -> Option<(Self, &CallId, &DeviceId)> {
        match asked {
            SwitchRequest::AnswerCall { call, device } => Some((Self::Answered, call, device)),
            SwitchRequest::ClearConnection { call, device } => Some((Self::Over, call, device)),
            SwitchRequest::HoldCall { call, device } => Some((Self::Held(true), call, device)),
            SwitchRequest::RetrieveCall { call, device } => Some((Self::Held(false), call, device)),
            SwitchRequest::SetMute { call, device, on } => Some((Self::Muted(*on), call, device)),
            SwitchRequest::StartRecording { call, device } => Some((Self::Recorded, call, device)),
            SwitchRequest::PauseRecording { call, device } => Some((Self::Masked(true), call, device)),
            SwitchRequest::ResumeRecording { call, device } => Some((Self::Masked(false), call, device)),
            SwitchRequest::MakeCall { .. }
            | SwitchRequest::ConsultationCall { .. }
            | SwitchRequest::AlternateCall { .. }
            | SwitchRequest::TransferCall { .. }
            | SwitchRequest::ConferenceCall { .. }
            | SwitchRequest::SingleStepTransfer { .. }
            | SwitchRequest::DeflectCall { .. }
            | SwitchRequest::GenerateDigits { .. }
            | SwitchRequest::Snapshot => None,
        }
    }

    /// Whether it is so. A call that is gone is over, and nothing else.
    fn is_so(self, seat: &Seat, call: Option<&Call>) -> bool {
        let Some(call) = call else { return self == Self::Over };
        match self {
            Self::Answered => !call.rings(),
            Self::Over => false,
            Self::Held(held) => (call.status == Status::Holding) == held,
            Self::Muted(muted) => seat.is_muted == muted,
            Self::Recorded => call.is_recorded,
            Self::Masked(masked) => (call.status == Status::Masking) == masked,
        }
    }

    fn button(self, call: &Call) -> Button {
        match self {
            Self::Answered => Button::Answer,
            Self::Over if call.rings() => Button::Refuse,
            Self::Over => Button::Hangup,
            Self::Held(_) => Button::Hold,
            Self::Muted(_) => Button::Mute,
            Self::Recorded => Button::Record,
            Self::Masked(_) => Button::Mask,
        }
    }
}

impl Requests {
    pub(super) fn held(&self) -> usize {
        self.waiting.len() + self.answers.len()
    }

    pub(super) fn due(&self) -> Option<Timestamp> {
        self.waiting.values().map(|pressed| pressed.until).min()
    }
}

impl Desk {
    pub(super) fn asked(&mut self, request: RequestId, asked: &SwitchRequest) {
        if self.requests.waiting.contains_key(&request) {
            return;
        }
        if let Some(answer) = self.requests.answers.again(request) {
            return self.out.say(ToHub::SwitchAnswer { request, answer });
        }
        if let SwitchRequest::Snapshot = asked {
            return self.snapshot(request);
        }
        match Effect::of(asked) {
            Some((effect, call, device)) => self.press(request, effect, call, device),
            None => self.refuse(request, "MAX has no button for it"),
        }
    }

    fn snapshot(&mut self, request: RequestId) {
        if !self.up {
            return self.refuse(request, "no page of ours stands in MAX");
        }
        let calls = self.seats.pictures();
        self.tell(SwitchEvent::LinkUp { features: FEATURES.to_vec(), calls });
        self.finish(request, SwitchAnswer::Done { call: None });
    }

    fn press(&mut self, request: RequestId, effect: Effect, call: &CallId, device: &DeviceId) {
        if self.requests.waiting.len() >= REQUESTS_WAITING_MAX {
            return self.refuse(request, "too many requests wait for MAX");
        }
        let Some((agent, seat, contact, found)) = self.seats.find(device, call) else {
            return self.refuse(request, "MAX has no such call");
        };
        if effect.is_so(seat, Some(found)) {
            return self.finish(request, SwitchAnswer::Done { call: None });
        }
        let Some(page) = self.page_of(agent) else {
            return self.refuse(request, "no page of the agent's stands in MAX");
        };
        let ask = Ask::Press { button: effect.button(found), contact: Some(contact.clone()) };
        let until = self.out.now() + EFFECT_WITHIN;
        let pressed = Pressed { agent: agent.clone(), call: call.clone(), effect, until };
        self.requests.waiting.insert(request, pressed);
        self.post(page, &ask);
    }

    /// MAX told something of an agent: buttons may have shown their effect.
    pub(super) fn look_for_effects(&mut self, agent: &AgentId) {
        let Some(seat) = self.seats.get_mut(agent) else { return };
        let call = |pressed: &Pressed| seat.calls.values().find(|call| call.id == pressed.call);
        let own = self.requests.waiting.iter().filter(|(_, pressed)| pressed.agent == *agent);
        let done = own.filter(|(_, pressed)| pressed.effect.is_so(seat, call(pressed)));
        let done: Vec<RequestId> = done.map(|(request, _)| *request).collect();
        for request in done {
            self.finish(request, SwitchAnswer::Done { call: None });
        }
    }

    /// Refuses what has not shown its effect in time.
    pub(super) fn refuse_late(&mut self) {
        let now = self.out.now();
        let late = self.requests.waiting.iter().filter(|(_, pressed)| pressed.until <= now);
        let late: Vec<RequestId> = late.map(|(request, _)| *request).collect();
        for request in late {
            self.refuse(request, "MAX did not show in time that it was done");
        }
    }

    /// MAX cannot be reached: nothing will be seen of what was asked.
    pub(super) fn refuse_all(&mut self, why: &str) {
        let waiting: Vec<RequestId> = self.requests.waiting.keys().copied().collect();
        waiting.into_iter().for_each(|request| self.refuse(request, why));
    }

    fn refuse(&mut self, request: RequestId, text: &str) {
        self.finish(request, SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() });
    }

    /// Gives an answer and keeps it.
    fn finish(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.requests.waiting.remove(&request);
        self.requests.answers.keep(request, answer.clone());
        self.out.say(ToHub::SwitchAnswer { request, answer });
    }
}
