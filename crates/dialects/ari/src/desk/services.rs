//! The services of the switch. Each checks everything first and then does it, so that what is refused has changed nothing.
//!
//! A service that finds what it is to bring about says that it is done: after a lost link the hub asks again.

mod dial;
mod join;
mod media;
mod redirect;
mod talk;

use model::{CallId, DeviceId, PartyKind, RequestId, SwitchAnswer, SwitchRequest};

use super::{
    Desk,
    calls::{Member, is_engaged},
    channels::ChannelId,
};
use crate::wire::note::State;

impl Desk {
    pub(super) fn serve(&mut self, request: RequestId, asked: SwitchRequest) -> Result<(), String> {
        match asked {
            SwitchRequest::MakeCall { device, to, data } => self.make_call(request, device, to, data),
            SwitchRequest::ConsultationCall { call, device, to, data } => {
                self.consult(request, call, device, to, data)
            }
            SwitchRequest::AnswerCall { call, device } => self.answer_call(request, &call, &device),
            SwitchRequest::ClearConnection { call, device } => self.clear_connection(request, &call, &device),
            SwitchRequest::HoldCall { call, device } => self.hold(request, &call, &device),
            SwitchRequest::RetrieveCall { call, device } => self.retrieve(request, &call, &device),
            SwitchRequest::AlternateCall { device, active, held } => {
                self.alternate(request, &device, &active, &held)
            }
            SwitchRequest::TransferCall { device, primary, consult } => {
                self.transfer(request, device, primary, consult)
            }
            SwitchRequest::ConferenceCall { device, primary, consult } => {
                self.conference(request, device, primary, consult)
            }
            SwitchRequest::SingleStepTransfer { call, device, to } => {
                self.transfer_to(request, &call, device, &to)
            }
            SwitchRequest::DeflectCall { call, from, to } => self.deflect(request, &call, from, to),
            SwitchRequest::GenerateDigits { call, device, tones } => {
                self.send_tones(request, &call, &device, &tones)
            }
            SwitchRequest::SetMute { call, device, on } => self.mute(request, &call, &device, on),
            SwitchRequest::StartRecording { call, device } => self.record(request, &call, &device),
            SwitchRequest::PauseRecording { call, device } => {
                self.pause_recording(request, &call, &device, true)
            }
            SwitchRequest::ResumeRecording { call, device } => {
                self.pause_recording(request, &call, &device, false)
            }
            SwitchRequest::Snapshot => {
                self.tell_all();
                self.done(request, None);
                Ok(())
            }
        }
    }

    fn done(&mut self, request: RequestId, call: Option<CallId>) {
        self.finish(request, SwitchAnswer::Done { call });
    }

    /// Answers a request once what was asked for its sake is done.
    fn done_then(&mut self, call: &CallId, request: RequestId, made: Option<CallId>) {
        match self.calls.get(call).map(|found| found.lane) {
            Some(lane) => self.answer_then(lane, request, SwitchAnswer::Done { call: made }),
            None => self.done(request, made),
        }
    }

    /// A phone's place in a call.
    fn at(&self, call: &CallId, device: &DeviceId) -> Result<&Member, String> {
        let found = self.calls.get(call).ok_or_else(|| format!("there is no call {call}"))?;
        let member = found.member(&PartyKind::Device(device.clone()));
        member.ok_or_else(|| format!("phone {device} is not in call {call}"))
    }

    /// The channel of a phone that is in a call in one of some states.
    fn expect(
        &self,
        call: &CallId,
        device: &DeviceId,
        what: &str,
        fits: impl Fn(State) -> bool,
    ) -> Result<ChannelId, String> {
        let member = self.at(call, device)?;
        if fits(member.state) {
            return Ok(member.channel.clone());
        }
        Err(format!("phone {device} is {} in call {call}, not {what}", word(member.state)))
    }

    fn state_at(&self, call: &CallId, device: &DeviceId) -> Option<State> {
        self.at(call, device).ok().map(|member| member.state)
    }

    fn set_state(&mut self, call: &CallId, channel: &ChannelId, state: State) {
        if let Some(member) = self.calls.get_mut(call).and_then(|found| found.of_channel_mut(channel)) {
            member.state = state;
        }
    }

    /// Refuses while a channel talks, dials or waits in a call.
    fn check_free(&self, channel: &ChannelId) -> Result<(), String> {
        match self.places_of(channel).find(|(_, _, member)| is_engaged(member.state)) {
            Some((call, _, member)) => Err(format!("the phone is {} in call {call}", word(member.state))),
            None => Ok(()),
        }
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Reaching => "being called",
        State::Initiated => "dialling",
        State::Alerting => "ringing",
        State::Connected => "talking",
        State::Held => "on hold",
        State::Queued => "waiting in a queue",
    }
}
