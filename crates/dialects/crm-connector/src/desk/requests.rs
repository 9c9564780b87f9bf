//! What the hub asks of the connector as of a switch: to make a call, by a click.

use model::{CallId, Cause, DeviceId, Number, RequestId, SwitchAnswer, SwitchRequest};
use session::{Page, ToHub};

use super::Desk;
use crate::wire::{Click, ClientMessage};

impl Desk {
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
                refused("the connector can only be asked to make a call")
            }
        }
    }

    fn click(&mut self, request: RequestId, device: &DeviceId, to: &Number) -> Result<CallId, &'static str> {
        let page = self.page_of(device).ok_or("no connector of this agent's takes clicks")?;
        let call = CallId::new(format!("click-{}", request.0)).map_err(|_| "the call has no id")?;
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

    /// The page of the agent at a phone whose connector takes clicks; the one that came last where there are several.
    fn page_of(&self, device: &DeviceId) -> Option<Page> {
        let hosts = self.hosts.iter().rev().filter(|(_, host)| host.clicks);
        hosts.map(|(page, _)| *page).find(|page| self.phone(*page).as_ref() == Some(device))
    }
}

fn refused(text: &'static str) -> SwitchAnswer {
    SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() }
}
