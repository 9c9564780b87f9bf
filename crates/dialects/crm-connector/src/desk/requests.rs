//! The hub's requests to the connector as a switch. It supports only calls, which are sent as clicks.

use compact_str::CompactString;
use model::{
    CallId, Cause, Contact, Data, DeviceId, Interaction, Number, RequestId, SwitchAnswer, SwitchRequest,
    Timestamp,
};
use session::{Page, ToHub};

use super::DeskSession;
use crate::wire::{Click, ClientMessage, limits::CONTACT_WITHIN};

/// A click that waits for the name of the called person.
#[derive(Debug)]
pub(super) struct PendingClick {
    page: Page,
    to: Number,
    /// The data of the call.
    data: Data,
    /// When the click is sent at the latest.
    until: Timestamp,
}

impl PendingClick {
    pub(super) fn is_at(&self, page: Page) -> bool {
        self.page == page
    }
}

impl DeskSession {
    pub(super) fn requested(&mut self, request: RequestId, requested: SwitchRequest) {
        if self.requests.is_new(request, &mut self.out) {
            let answer = self.serve(request, requested);
            self.requests.answer(request, answer, &mut self.out);
        }
    }

    fn serve(&mut self, request: RequestId, requested: SwitchRequest) -> SwitchAnswer {
        match requested {
            SwitchRequest::MakeCall { device, to, data } => match self.click(request, &device, &to, data) {
                Ok(call) => SwitchAnswer::Done { call: Some(call) },
                Err(text) => refused(text),
            },
            SwitchRequest::Snapshot => {
                self.report_link("no page hosts the connector");
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

    /// Reports the call and sends the click as soon as the hub knows who is called.
    fn click(
        &mut self,
        request: RequestId,
        device: &DeviceId,
        to: &Number,
        data: Data,
    ) -> Result<CallId, &'static str> {
        let page = self.page_of(device).ok_or("no connector of this agent accepts clicks")?;
        let call = CallId::new(format!("click-{}", request.0)).map_err(|_| "the call cannot get an ID")?;
        let agent = self.hosts.get(&page).map(|host| host.agent.clone()).ok_or("the page is closed")?;
        let now = self.out.now();
        let event = self.calls.dialled((page, agent), now, call.clone(), device.clone(), to.clone());
        self.out.push(ToHub::Switch(event));
        let until = now + CONTACT_WITHIN;
        self.clicks.insert(call.clone(), PendingClick { page, to: to.clone(), data, until });
        Ok(call)
    }

    /// Sends the clicks whose called person is known, or has not become known in time.
    pub(super) fn send_clicks(&mut self) {
        let now = self.out.now();
        let due: Vec<CallId> = self
            .clicks
            .iter()
            .filter(|(call, click)| click.until <= now || self.is_looked_up(call))
            .map(|(call, _)| call.clone())
            .collect();
        for call in due {
            let contact = self.called(&call).and_then(|interaction| interaction.contact.clone());
            if let Some(PendingClick { page, to, data, .. }) = self.clicks.remove(&call)
                && self.calls.is_live(&call)
            {
                let click = click_on(&to, &data, contact.as_ref());
                self.post(page, &ClientMessage::ClickToDialResponse(Box::new(click)));
            }
        }
    }

    /// When the next click is sent at the latest.
    pub(super) fn clicks_waiting_until(&self) -> Option<Timestamp> {
        self.clicks.values().map(|click| click.until).min()
    }

    fn called(&self, call: &CallId) -> Option<&Interaction> {
        self.projection.interaction(self.interaction_of(call)?)
    }

    fn is_looked_up(&self, call: &CallId) -> bool {
        self.called(call).is_some_and(|interaction| !interaction.contact_pending)
    }

    /// The page of a phone's agent whose connector accepts clicks; the newest one if there are several.
    fn page_of(&self, device: &DeviceId) -> Option<Page> {
        let hosts = self.hosts.iter().rev().filter(|(_, host)| host.clicks);
        hosts.map(|(page, _)| *page).find(|page| self.phone(*page).as_ref() == Some(device))
    }
}

/// The click on a number: the record of the CRM that the call came with, or else the contact of the directory.
fn click_on(to: &Number, data: &Data, contact: Option<&Contact>) -> Click {
    let number: CompactString = to.as_str().into();
    let crm = |name: &str| data.get(name).map(CompactString::from);
    let known = |name: &str| contact.and_then(|contact| contact.data.get(name)).map(CompactString::from);
    let name = crm("crm.recordName").or_else(|| contact.map(|contact| contact.name.clone()));
    Click {
        object_type: crm("crm.objectType").or_else(|| contact.map(|_| "Contact".into())),
        record_id: crm("crm.recordId").or_else(|| contact.map(|contact| contact.id.clone())),
        record_name: Some(name.unwrap_or_else(|| number.clone())),
        email: crm("crm.email").or_else(|| known("email")),
        url: crm("crm.url").or_else(|| known("url")),
        number: Some(number),
        ..Click::default()
    }
}

fn refused(text: &'static str) -> SwitchAnswer {
    SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() }
}
