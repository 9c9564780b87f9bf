//! The desk end: Cordboard is the CRM page. Its page hosts a third-party connector, which is a switch on the floor.
//!
//! The protocol lets a connector report only two things about its calls: which record to show and what to log. It is configured to show records
//! when a call is answered, so a screen pop means a connected call, and a log means an ended call. A connector that supports the extension
//! `interactionEvents` reports more. Calls are made by sending a click.

mod calls;
mod logs;
mod requests;

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::{
    Accepted, AgentId, CallId, Cause, CommandId, DeviceId, Event, Floor, FloorEvent, InteractionId,
    Principal, Rejection, SwitchEvent, SwitchFeature, SwitchId, Timestamp, Verb, WebAddress,
};
use serde_json::{Value, json};
use session::{
    Frame, FromHub, FromPage, Input, Output, Outputs, Page, PageInput, PageOutput, Pages, Projection, Reason,
    Recent, Session, SwitchRequests, ToHub, ToPage,
};
use uuid::Uuid;

use self::{
    calls::{CALLS_MAX, Calls},
    logs::Logs,
    requests::PendingClick,
};
use crate::{
    DeskConfig, Error, ID_PREFIX,
    wire::{
        ClientMessage, ConnectorMessage, CrmData, Direct, Directory, Settings, User,
        limits::{CUSTOM_PARAMS_MAX, DIRECTORY_MAX, NAMED_WITHIN, PAGES_MAX, RETURN_WITHIN},
        settings::DialPlan,
    },
};

/// The desk end of the CRM Connector.
#[derive(Debug)]
pub struct DeskSession {
    config: DeskConfig,
    /// The connector's origin. Messages from other origins are ignored.
    origin: String,
    switch: SwitchId,
    /// Part of the IDs of this session's commands; unique to each process.
    instance: Uuid,
    projection: Projection,
    /// The phones of the agents on this switch.
    phones: BTreeMap<AgentId, DeviceId>,
    hosts: BTreeMap<Page, HostPage>,
    calls: Calls,
    /// Interactions whose calls have ended, by agent and connector ID. Their logs may come later.
    ended: Recent<(AgentId, String), InteractionId>,
    logs: Logs,
    /// Whether the connector supports `interactionEvents`. Then an event that it does not report did not happen.
    reports_events: bool,
    /// Clicks that wait for the name of the called person.
    clicks: BTreeMap<CallId, PendingClick>,
    requests: SwitchRequests<()>,
    out: Outputs<Pages>,
}

/// A host page, and the connector in it.
#[derive(Debug)]
struct HostPage {
    by: Principal,
    agent: AgentId,
    frame: Option<Frame>,
    /// Whether the connector has requested its configuration.
    greeted: bool,
    /// Whether the connector accepts clicks.
    clicks: bool,
    /// The sign-in that the hub has not answered.
    sign_in: Option<CommandId>,
}

impl DeskSession {
    /// Creates a session. `switch` is the connector's ID on the floor. `instance` must be unique to each process.
    pub fn new(config: DeskConfig, switch: SwitchId, instance: Uuid) -> Result<Self, Error> {
        let origin = WebAddress::new(&config.url)?.origin();
        Ok(Self {
            config,
            origin,
            switch,
            instance,
            projection: Projection::default(),
            phones: BTreeMap::new(),
            hosts: BTreeMap::new(),
            calls: Calls::default(),
            ended: Recent::new(CALLS_MAX),
            logs: Logs::default(),
            reports_events: false,
            clicks: BTreeMap::new(),
            requests: SwitchRequests::default(),
            out: Outputs::default(),
        })
    }

    /// How many items the session keeps: pages, calls, logs, remembered answers and output.
    pub fn held(&self) -> usize {
        let calls = self.calls.len() + self.ended.len();
        self.hosts.len() + calls + self.clicks.len() + self.logs.len() + self.requests.len() + self.out.len()
    }

    fn page(&mut self, page: Page, message: FromPage) {
        match message {
            FromPage::Opened { by } => self.opened(page, by),
            FromPage::FrameOpened { frame, .. } => {
                if self.hosts.get(&page).is_some_and(|host| host.frame.is_some()) {
                    // The connector was reloaded.
                    self.lost(page);
                    self.report_link("the connector was reloaded");
                }
                if let Some(host) = self.hosts.get_mut(&page) {
                    (host.frame, host.greeted, host.clicks) = (Some(frame), false, false);
                    // If the connector loaded before this page was connected, it now requests all data again.
                    self.post(page, &ClientMessage::Ready);
                }
            }
            FromPage::Posted { frame, origin, message } => self.posted(page, frame, &origin, &message),
            FromPage::FrameClosed { .. } => {
                self.lost(page);
                self.report_link("no page hosts the connector");
            }
            FromPage::Closed { .. } => {
                self.lost(page);
                self.hosts.remove(&page);
                self.report_link("no page hosts the connector");
            }
            // A restarted connector reports that itself.
            FromPage::FrameLoaded { .. } | FromPage::Message { .. } => {}
        }
    }

    fn opened(&mut self, page: Page, by: Principal) {
        let Some(agent) = by.agent.clone().filter(|_| self.hosts.len() < PAGES_MAX) else { return };
        self.send(page, &json!({ "type": "connector", "url": self.config.url }));
        self.hosts
            .insert(page, HostPage { by, agent, frame: None, greeted: false, clicks: false, sign_in: None });
    }

    /// The connector of a page is gone, perhaps only for a reload. Its calls wait for the agent's next page.
    fn lost(&mut self, page: Page) {
        let until = self.out.now() + RETURN_WITHIN;
        let Some(host) = self.hosts.get_mut(&page) else { return };
        (host.frame, host.greeted, host.clicks) = (None, false, false);
        self.calls.leave(page, until);
        self.clicks.retain(|_, click| !click.is_at(page));
    }

    fn posted(&mut self, page: Page, frame: Frame, origin: &str, message: &Value) {
        let known = self.hosts.get(&page).is_some_and(|host| host.frame == Some(frame));
        if !known {
            return;
        }
        if origin != self.origin {
            let text = format!("message from {origin} ignored, expected origin {}", self.origin);
            return self.send(page, &json!({ "type": "warn", "text": text }));
        }
        match ConnectorMessage::read(message) {
            Some(message) => self.connector(page, message),
            None => tracing::debug!(page = page.0, "unknown message from the connector"),
        }
    }

    fn connector(&mut self, page: Page, message: ConnectorMessage) {
        match message {
            ConnectorMessage::Ready => self.post(page, &ClientMessage::Ready),
            ConnectorMessage::RequestCrmData => self.configure(page),
            ConnectorMessage::RequestGetCrmDirectory => {
                self.post(page, &ClientMessage::CrmDirectory(self.directory(page)));
            }
            ConnectorMessage::RequestEnableClickToDial(on) => {
                if let Some(host) = self.hosts.get_mut(&page) {
                    host.clicks = on;
                }
                self.report_link("the connector does not accept clicks");
            }
            ConnectorMessage::RequestPerformInteractionScreenPop(pop) => self.popped(page, &pop),
            ConnectorMessage::InteractionEvent(progress) => self.interaction_event(page, &progress),
            ConnectorMessage::RequestSaveInteractionLog(log) => {
                self.logged(page, *log);
            }
            ConnectorMessage::RequestCustomFieldsValues { .. } => {
                self.post(page, &ClientMessage::CustomFieldsDataResponse(Some(Default::default())));
            }
            ConnectorMessage::RequestNavigateToClickToDialResult(_)
            | ConnectorMessage::RequestOpenReports => {}
        }
    }

    /// Sends the connector the settings with which it reports the most.
    fn configure(&mut self, page: Page) {
        let Some(host) = self.hosts.get_mut(&page) else { return };
        let was_greeted = std::mem::replace(&mut host.greeted, true);
        let agent = host.agent.clone();
        let returned = self.calls.take_over(page, &agent);
        if !was_greeted {
            self.sign_in(page);
        }
        if self.reports_events && (was_greeted || returned) {
            self.calls.expect(page, self.out.now() + NAMED_WITHIN);
        } else if returned {
            // Such a connector reports nothing about a call that was not answered, so it may be over.
            self.calls.unanswered(page).into_iter().for_each(|id| self.ends(Some(id), Cause::Lost));
        }
        self.post_configuration(page);
        self.report_link("the connector does not accept clicks");
    }

    fn post_configuration(&mut self, page: Page) {
        let Some(host) = self.hosts.get(&page) else { return };
        let name = Some(CompactString::from(host.by.account.as_str()));
        let user =
            User { id: Some(host.agent.as_str().into()), name: name.clone(), username: name, locale: None };
        let mut settings = Settings::default();
        settings.general.name = self.config.name.clone();
        settings.general.title = self.config.name.clone();
        settings.server.host = self.origin.as_str().into();
        // The hub's numbers are dialed unchanged.
        settings.dialing = Some(DialPlan::default());
        settings.log.enabled = true;
        settings.softphone.click_to_dial = true;
        settings.pop.on_answer = true;
        settings.pop.dnis = true;
        settings.pop.params = self.config.custom_params.iter().take(CUSTOM_PARAMS_MAX).cloned().collect();
        let crm = CrmData {
            settings,
            user,
            crm_name: self.config.name.clone(),
            has_directory: true,
            extensions: vec!["interactionEvents".into()],
            ..CrmData::default()
        };
        self.post(page, &ClientMessage::CrmData(Box::new(crm)));
    }

    /// Signs in the agent who has signed in to the connector. Calls of an agent who is signed out belong to nobody.
    fn sign_in(&mut self, page: Page) {
        let Some(host) = self.hosts.get(&page).filter(|_| self.config.sign_in) else { return };
        if !self.phones.contains_key(&host.agent) || self.projection.is_signed_in(&host.agent) {
            return;
        }
        let (by, agent) = (host.by.clone(), host.agent.clone());
        let id = self.out.command_id(ID_PREFIX, self.instance);
        self.out.command(id.clone(), by, agent, None, Verb::SignIn { device: None, queues: None });
        if let Some(host) = self.hosts.get_mut(&page) {
            host.sign_in = Some(id);
        }
    }

    /// Handles the hub's answer to a command.
    fn answered(&mut self, command: &CommandId, result: &Result<Accepted, Rejection>) {
        let signing_in = self.hosts.iter_mut().find(|(_, host)| host.sign_in.as_ref() == Some(command));
        let Some((page, host)) = signing_in else { return self.log_answered(command, result) };
        host.sign_in = None;
        if let (page, Err(rejection)) = (*page, result) {
            let text = format!("the agent could not be signed in: {}", rejection.text);
            self.send(page, &json!({ "type": "notice", "text": text }));
        }
    }

    /// The floor's people and queues, without the agent of the page.
    fn directory(&self, page: Page) -> Directory {
        let own = self.hosts.get(&page).map(|host| &host.agent);
        let floor = &self.projection.floor;
        let agents = floor.agents.iter().filter(|plan| Some(&plan.id) != own);
        let agents = agents.map(|plan| (plan.id.as_str(), &plan.name, plan.device.as_str()));
        let queues = floor.queues.iter().map(|plan| (plan.id.as_str(), &plan.name, plan.id.as_str()));
        let entry = |(id, name, phone): (&str, &CompactString, &str)| Direct {
            id: Some(id.into()),
            name: Some(name.clone()),
            phone: Some(phone.into()),
            email: None,
        };
        Directory(agents.chain(queues).map(entry).take(DIRECTORY_MAX).collect())
    }

    /// Reports the link: it is up while a page hosts a connector that has its configuration.
    fn report_link(&mut self, otherwise: &'static str) {
        let event = if self.hosts.values().any(|host| host.greeted) {
            SwitchEvent::LinkUp { features: self.features(), calls: self.calls.pictures() }
        } else {
            SwitchEvent::LinkDown { why: otherwise.into() }
        };
        self.out.push(ToHub::Switch(event));
    }

    fn features(&self) -> Vec<SwitchFeature> {
        let clicks = self.hosts.values().any(|host| host.clicks);
        clicks.then_some(SwitchFeature::MakeCall).into_iter().collect()
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, .. } => {
                self.read_phones(&floor);
                self.projection = Projection::from_snapshot(&snapshot, floor);
            }
            FromHub::Event(record) => {
                self.projection.apply(&record);
                if let Event::Floor(FloorEvent::Changed { floor }) = &record.event {
                    self.read_phones(floor);
                }
                self.send_clicks();
            }
            FromHub::Requested { request, requested } => self.requested(request, requested),
            FromHub::Answer { command, result } => self.answered(&command, &result),
            FromHub::Authenticated { .. } | FromHub::Closing => {}
        }
    }

    fn read_phones(&mut self, floor: &Floor) {
        let ours = floor.agents.iter().filter(|plan| plan.switch == self.switch);
        self.phones = ours.map(|plan| (plan.id.clone(), plan.device.clone())).collect();
    }

    /// The phone of the agent who uses a page.
    fn phone(&self, page: Page) -> Option<DeviceId> {
        self.phones.get(&self.hosts.get(&page)?.agent).cloned()
    }

    fn post(&mut self, page: Page, message: &ClientMessage) {
        let Some(frame) = self.hosts.get(&page).and_then(|host| host.frame) else { return };
        let message = ToPage::Post { frame, origin: self.origin.clone(), message: message.print() };
        self.out.push(PageOutput { page, message });
    }

    fn send(&mut self, page: Page, message: &Value) {
        self.out.push(PageOutput { page, message: ToPage::Message { message: message.clone() } });
    }
}

impl Session for DeskSession {
    type Transport = Pages;

    fn handle(&mut self, now: Timestamp, input: Input<Pages>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(PageInput { page, message }) => self.page(page, message),
            Input::Hub(message) => self.hub(message),
            Input::Tick => {}
        }
        self.send_clicks();
        self.give_up_clicks();
        self.end_unnamed();
        self.end_orphans();
    }

    fn poll(&mut self) -> Option<Output<Pages>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let click = self.clicks_due().map(|at| (at, "give up a click that the connector has not reported"));
        let named =
            self.calls.expected_until().map(|at| (at, "end calls that the connector has not named again"));
        let gone = self.calls.returns_until().map(|at| (at, "end calls whose page has not come back"));
        let waiting =
            self.clicks_waiting_until().map(|at| (at, "send a click without the name of the person"));
        self.out.earliest(click.into_iter().chain(named).chain(gone).chain(waiting))
    }
}
