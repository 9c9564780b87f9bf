//! The hub's requests to the connector as a switch. It supports only calls, which are sent as clicks.

use model::{CallId, Cause, DeviceId, Number, RequestId, SwitchAnswer, SwitchRequest};
use session::{Page, ToHub};

use super::DeskSession;
use crate::wire::{Click, ClientMessage};

impl DeskSession {
    pub(super) fn requested(&mut self, request: RequestId, asked: SwitchRequest) {
        if self.requests.is_new(request, &mut self.out) {
            let answer = self.serve(request, asked);
            self.requests.answer(request, answer, &mut self.out);
        }
    }

    fn serve(&mut self, request: RequestId, asked: SwitchRequest) -> SwitchAnswer {
        match asked {
            SwitchRequest::MakeCall { device, to, data: _ } => match self.click(request, &device, &to) {
                Ok(call) => SwitchAnswer::Done { call: Some(call) },
                Err(text) => refused(text),
            },
            SwitchRequest::Snapshot => {
                self.tell_link("no page hosts the connector");
                SwitchAnswer::Done { call: None }
            }
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
                refused("the connector supports no other request than to make a call")
            }
        }
    }

    fn click(&mut self, request: RequestId, device: &DeviceId, to: &Number) -> Result<CallId, &'static str> {
        let page = self.page_of(device).ok_or("no connector of this agent accepts clicks")?;
        let call = CallId::new(format!("click-{}", request.0)).map_err(|_| "the call cannot get an ID")?;
        let click = Click {
            number: Some(to.as_str().into()),
            record_name: Some(to.as_str().into()),
            ..Click::default()
        };
        self.post(page, &ClientMessage::ClickToDialResponse(Box::new(click)));
        let event = self.calls.dialled((page, self.out.now()), call.clone(), device.clone(), to.clone());
        self.out.say(ToHub::Switch(event));
        Ok(call)
    }

    /// The page of a phone's agent whose connector accepts clicks; the newest one if there are several.
    fn page_of(&self, device: &DeviceId) -> Option<Page> {
        let hosts = self.hosts.iter().rev().filter(|(_, host)| host.clicks);
        hosts.map(|(page, _)| *page).find(|page| self.phone(*page).as_ref() == Some(device))
    }
}

fn refused(text: &'static str) -> SwitchAnswer {
    SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() }
}
