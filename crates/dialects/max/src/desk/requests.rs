//! The hub's requests to MAX as a switch. A repeated request is carried out once.

use model::{AgentId, CallId, DeviceId, RequestId, SwitchRequest};

use super::{DeskSession, agents::MaxAgent, calls::Call};
use crate::wire::{
    Button, PageMessage, Status,
    limits::{EFFECT_WITHIN, REQUESTS_WAITING_MAX},
};

/// A pressed button.
#[derive(Debug)]
pub(super) struct PressedButton {
    agent: AgentId,
    call: CallId,
    effect: Effect,
}

/// The effect of a button.
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
    /// The effect of a request, with its call and phone. `None` if MAX has no button for it.
    fn of(requested: &SwitchRequest) -> Option<(Self, &CallId, &DeviceId)> {
        match requested {
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

    /// Whether the effect is reached. A call that is gone has ended and has no other effect.
    fn is_reached(self, max_agent: &MaxAgent, call: Option<&Call>) -> bool {
        let Some(call) = call else { return self == Self::Over };
        match self {
            Self::Answered => !call.rings(),
            Self::Over => false,
            Self::Held(held) => (call.status == Status::Holding) == held,
            Self::Muted(muted) => max_agent.is_muted == muted,
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

impl DeskSession {
    pub(super) fn requested(&mut self, request: RequestId, requested: &SwitchRequest) {
        if !self.requests.is_new(request, &mut self.out) {
            return;
        }
        if let SwitchRequest::Snapshot = requested {
            return self.snapshot(request);
        }
        match Effect::of(requested) {
            Some((effect, call, device)) => self.press(request, effect, call, device),
            None => self.refuse(request, "MAX has no button for this request"),
        }
    }

    fn snapshot(&mut self, request: RequestId) {
        if !self.up {
            return self.refuse(request, "no Cordboard page is open in MAX");
        }
        self.report_all();
        self.done(request);
    }

    fn press(&mut self, request: RequestId, effect: Effect, call: &CallId, device: &DeviceId) {
        if self.requests.open_len() >= REQUESTS_WAITING_MAX {
            return self.refuse(request, "too many requests are already waiting for MAX");
        }
        let Some((agent, max_agent, contact, found)) = self.max_agents.find(device, call) else {
            return self.refuse(request, "MAX does not have this call");
        };
        if effect.is_reached(max_agent, Some(found)) {
            return self.done(request);
        }
        let Some(page) = self.page_of(agent) else {
            return self.refuse(request, "the agent has no Cordboard page open in MAX");
        };
        let message = PageMessage::Press { button: effect.button(found), contact: Some(contact.clone()) };
        let until = self.out.now() + EFFECT_WITHIN;
        let pressed = PressedButton { agent: agent.clone(), call: call.clone(), effect };
        self.requests.open(request, until, pressed);
        self.post(page, &message);
    }

    /// Completes the requests whose effect MAX has reported.
    pub(super) fn check_effects(&mut self, agent: &AgentId) {
        let Some(max_agent) = self.max_agents.get_mut(agent) else { return };
        let call = |pressed: &PressedButton| max_agent.calls.values().find(|call| call.id == pressed.call);
        let own = self.requests.iter().filter(|(_, pressed)| pressed.agent == *agent);
        let done = own.filter(|(_, pressed)| pressed.effect.is_reached(max_agent, call(pressed)));
        let done: Vec<RequestId> = done.map(|(request, _)| request).collect();
        done.into_iter().for_each(|request| self.done(request));
    }

    fn done(&mut self, request: RequestId) {
        self.requests.done(request, None, &mut self.out);
    }

    fn refuse(&mut self, request: RequestId, text: &str) {
        self.requests.refuse(request, text, &mut self.out);
    }
}
