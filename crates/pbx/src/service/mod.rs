//! The services of the switch. Each checks everything first and then acts, so a refused request changes nothing.

mod dial;
mod join;
mod media;
mod redirect;
mod talk;

pub use media::recording_name;

use model::{CallId, DeviceId, PartyKind, RequestId, SwitchAnswer, SwitchEvent, SwitchRequest};

use crate::{
    Engine, Error, Numbering,
    call::{Member, State},
    effect::Output,
    error::check_max,
    leg::LegId,
};

impl<N: Numbering> Engine<N> {
    pub(crate) fn serve(&mut self, request: RequestId, requested: SwitchRequest) -> Result<(), Error> {
        match requested {
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
            SwitchRequest::PauseRecording { call, device } => self.pause(request, &call, &device, true),
            SwitchRequest::ResumeRecording { call, device } => self.pause(request, &call, &device, false),
            SwitchRequest::Snapshot => {
                self.done_now(request, None);
                self.out.push_back(Output::Picture);
                Ok(())
            }
        }
    }

    pub(crate) fn done_now(&mut self, request: RequestId, call: Option<CallId>) {
        self.finish(request, SwitchAnswer::Done { call });
    }

    /// Answers a request when its effects are done.
    pub(crate) fn done_then(&mut self, call: &CallId, request: RequestId, made: Option<CallId>) {
        match self.calls.get(call).map(|found| found.lane) {
            Some(lane) => self.answer_then(lane, request, SwitchAnswer::Done { call: made }),
            None => self.done_now(request, made),
        }
    }

    /// Reports an event of a call, for a request.
    pub(crate) fn report_of(&mut self, call: &CallId, event: SwitchEvent, request: RequestId) {
        if let Some(lane) = self.calls.get(call).map(|found| found.lane) {
            self.report(lane, event, Some(request));
        }
    }

    /// A phone's place in a call.
    pub(crate) fn at(&self, call: &CallId, device: &DeviceId) -> Result<&Member, Error> {
        let party = PartyKind::Device(device.clone());
        let member = self.call(call)?.member(&party);
        member.ok_or_else(|| Error::NotInCall { party, call: call.clone() })
    }

    /// The leg of a phone in a call, if its state is acceptable; `expected` describes the acceptable states.
    pub(crate) fn expect(
        &self,
        call: &CallId,
        device: &DeviceId,
        expected: &'static str,
        fits: impl Fn(State) -> bool,
    ) -> Result<LegId, Error> {
        let member = self.at(call, device)?;
        if fits(member.state) {
            return Ok(member.leg.clone());
        }
        let (party, call, state) = (member.party.at.clone(), call.clone(), member.state);
        Err(Error::WrongState { party, call, state, expected })
    }

    pub(crate) fn state_at(&self, call: &CallId, device: &DeviceId) -> Option<State> {
        self.at(call, device).ok().map(|member| member.state)
    }

    /// Rejects a phone that is connected, dialing or waiting.
    pub fn check_free(&self, device: &DeviceId) -> Result<(), Error> {
        let mut engaged = self.places_at(device).filter(|(_, _, member)| member.state.is_engaged());
        match engaged.next() {
            Some((call, _, member)) => {
                Err(Error::Engaged { device: device.clone(), call: call.clone(), state: member.state })
            }
            None => Ok(()),
        }
    }

    /// Rejects a phone that has too many calls.
    pub fn check_phone(&self, device: &DeviceId) -> Result<(), Error> {
        self.numbering.check(&crate::Target::Device(device.clone()))?;
        if self.places_at(device).count() < self.settings.calls_per_device_max {
            return Ok(());
        }
        Err(Error::Busy(crate::who(&PartyKind::Device(device.clone()))))
    }

    /// Rejects a party that is already in the call, or a full call.
    pub(crate) fn check_room(&self, call: &CallId, at: &PartyKind) -> Result<(), Error> {
        let found = self.call(call)?;
        if found.member(at).is_some() {
            return Err(Error::Twice { party: at.clone(), call: call.clone() });
        }
        check_max("the number of parties in a call", found.members.len() + 1, self.settings.parties_max)
    }
}
