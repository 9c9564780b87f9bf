//! What the hub asks of the switch: each request is answered once, before the events that it causes.
//!
//! Every service checks everything first and then does it, so that what is refused has changed nothing.

mod answer;
mod consult;
mod hold;
mod join;
mod make;
mod media;
mod redirect;

use model::{CallId, PartyKind, RequestId, SwitchAnswer, SwitchRequest, Timestamp};

use crate::{Error, line::Link, switch::Switch};

/// The call that was made, where one was.
type Made = Result<Option<CallId>, Error>;

impl Switch {
    /// Takes a request. One that came before is answered as it was then, and is not done again.
    pub fn request(&mut self, now: Timestamp, request: RequestId, asked: SwitchRequest) {
        self.act(now, |switch| {
            let mark = switch.line.mark();
            let answer = switch.consider(request, asked);
            switch.line.answer_at(mark, request, answer);
        });
    }

    fn consider(&mut self, request: RequestId, asked: SwitchRequest) -> SwitchAnswer {
        if self.line.link != Link::Up {
            // It never reached the switch, so it is not remembered: once the link is back it may be asked again.
            return Error::LinkDown.into();
        }
        if let Some(answer) = self.memory.recall(request) {
            return answer;
        }
        let answer = match self.attempt(asked) {
            Ok(call) => SwitchAnswer::Done { call },
            Err(error) => error.into(),
        };
        self.memory.keep(request, answer.clone());
        answer
    }

    fn attempt(&mut self, asked: SwitchRequest) -> Made {
        if self.line.faults.refuses() {
            return Err(Error::Fault);
        }
        self.serve(asked)
    }

    fn serve(&mut self, asked: SwitchRequest) -> Made {
        match asked {
            SwitchRequest::MakeCall { device, to, data } => {
                return self.make_call(&device, to, data).map(Some);
            }
            SwitchRequest::ConsultationCall { call, device, to, data } => {
                return self.consult(&device, &call, to, data).map(Some);
            }
            SwitchRequest::AnswerCall { call, device } => self.answer(&device, &call),
            SwitchRequest::ClearConnection { call, device } => self.leave(&device, &call),
            SwitchRequest::HoldCall { call, device } => self.hold(&device, &call),
            SwitchRequest::RetrieveCall { call, device } => self.retrieve(&device, &call),
            SwitchRequest::AlternateCall { device, active, held } => self.alternate(&device, &active, &held),
            SwitchRequest::TransferCall { device, primary, consult } => {
                self.transfer(device, primary, consult)
            }
            SwitchRequest::ConferenceCall { device, primary, consult } => {
                self.conference(device, primary, consult)
            }
            SwitchRequest::SingleStepTransfer { call, device, to } => self.transfer_to(device, call, &to),
            SwitchRequest::DeflectCall { call, from, to } => self.deflect(&call, from, to),
            SwitchRequest::GenerateDigits { call, device, tones } => self.send_digits(&device, &call, &tones),
            SwitchRequest::SetMute { call, device, on } => self.mute(&device, &call, on),
            SwitchRequest::StartRecording { call, device } => self.start_recording(&device, &call),
            SwitchRequest::PauseRecording { call, device } => self.pause_recording(&device, &call),
            SwitchRequest::ResumeRecording { call, device } => self.resume_recording(&device, &call),
            SwitchRequest::Snapshot => {
                self.come_up();
                Ok(())
            }
        }?;
        Ok(None)
    }
}

/// A phone as a party.
fn phone(device: &model::DeviceId) -> PartyKind {
    PartyKind::Device(device.clone())
}
