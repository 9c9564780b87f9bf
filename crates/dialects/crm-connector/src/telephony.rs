//! The telephony end: Cordboard is the connector. Its pages are shown in frames of CRM pages and relay their messages.
//!
//! The handshake starts if the origin of the CRM page is allowed. From then on only messages from that origin are accepted, and messages go to
//! that origin only. If an agent has several pages, the newest one shows records and logs.

mod clicks;
mod connector_page;
mod handshake;
mod leaving;
mod logs;
mod page_messages;
mod pops;
mod progress;
mod queries;

use std::{collections::BTreeMap, time::Duration};

use compact_str::CompactString;
use model::{
    Accepted, AgentId, Code, CommandId, Event, InteractionEvent, InteractionId, Principal, Record, Rejection,
    Timestamp, Verb,
};
use serde_json::Value;
use session::{
    AROUND, Frame, FromHub, FromPage, Input, MESSAGE_BYTES_MAX, Output, Outputs, Page, PageInput, PageOutput,
    Pages, Projection, Reason, Session, ToHub, ToPage,
};
use uuid::Uuid;

use self::{
    connector_page::{ConnectorPage, KeptState, UserRequest},
    page_messages::{FromOwnPage, ToOwnPage},
};
use crate::{
    ID_PREFIX,
    wire::{ClientMessage, ConnectorMessage},
};

/// The frame number of the window around the connector page.
const WINDOW: Frame = Frame(0);

/// The telephony end of the CRM Connector.
#[derive(Debug)]
pub struct TelephonySession {
    /// Part of the IDs of this session's commands; unique to each process.
    instance: Uuid,
    /// The most pages that are served.
    pages_max: usize,
    /// Whether the prefixes of a CRM page's `DialingOptions` are dialed.
    dial_prefixes: bool,
    projection: Projection,
    pages: BTreeMap<Page, ConnectorPage>,
    /// The page and the purpose of each open command.
    pending_commands: BTreeMap<CommandId, (Page, Purpose)>,
    /// Agents who are signed out at a time unless they open a page before.
    leaving: BTreeMap<AgentId, (Timestamp, Principal)>,
    closing: bool,
    out: Outputs<Pages>,
}

/// The purpose of a command.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    /// To make the call of a click.
    Click,
    /// Anything whose refusal needs no message, because the agent sees the result.
    Silent,
}

impl TelephonySession {
    /// Creates a session without pages. `instance` must be unique to each process.
    pub fn new(instance: Uuid, pages_max: usize) -> Self {
        Self {
            instance,
            pages_max,
            dial_prefixes: false,
            projection: Projection::default(),
            pages: BTreeMap::new(),
            pending_commands: BTreeMap::new(),
            leaving: BTreeMap::new(),
            closing: false,
            out: Outputs::default(),
        }
    }

    /// Whether the prefixes of a CRM page's `DialingOptions` are dialed. Otherwise numbers are dialed in international form.
    pub fn with_dial_prefixes(self, dial_prefixes: bool) -> Self {
        Self { dial_prefixes, ..self }
    }

    /// How many items the session keeps: pages and what they wait for, open commands and output.
    pub fn held(&self) -> usize {
        let held: usize = self.pages.values().map(ConnectorPage::held).sum();
        held + self.pages.len() + self.pending_commands.len() + self.leaving.len() + self.out.len()
    }

    fn page(&mut self, page: Page, message: FromPage) {
        match message {
            FromPage::Opened { by } => self.opened(page, by),
            FromPage::FrameOpened { frame: WINDOW, about, kept } if about.place == AROUND => {
                if let Some(connector_page) = self.pages.get_mut(&page) {
                    connector_page.framed = true;
                    connector_page.kept = kept.map(KeptState::of).unwrap_or_default();
                }
            }
            FromPage::Message { message } => self.own_page_message(page, &message),
            FromPage::Posted { frame: WINDOW, origin, message } => {
                self.crm_message(page, &origin, &message);
            }
            // The protocol has no frames inside the connector page.
            FromPage::FrameOpened { .. } | FromPage::FrameLoaded { .. } | FromPage::Posted { .. } => {}
            FromPage::FrameClosed { .. } | FromPage::Closed { .. } => self.closed(page),
        }
    }

    fn opened(&mut self, page: Page, by: Principal) {
        let full = self.pages.len() >= self.pages_max;
        match by.agent.clone().filter(|_| !full && !self.closing) {
            Some(agent) => {
                self.leaving.remove(&agent);
                self.pages.insert(page, ConnectorPage::new(by, agent));
            }
            None => {
                let text =
                    format!("account {} is not an agent's, or the limit of pages is reached", by.account);
                let why = Rejection::new(Code::Forbidden, text);
                self.out.push(PageOutput { page, message: ToPage::Close { why } });
            }
        }
    }

    fn own_page_message(&mut self, page: Page, message: &Value) {
        match serde_json::from_value(message.clone()) {
            Ok(FromOwnPage::Around { origin, offset_min }) => self.page_located(page, &origin, offset_min),
            Ok(FromOwnPage::Directory) => self.request_directory(page),
            Ok(FromOwnPage::Navigate { interaction, consult }) => self.navigate(page, interaction, consult),
            Ok(FromOwnPage::Reports) => self.reports(page),
            Err(error) => tracing::debug!(page = page.0, %error, "unknown message from the connector page"),
        }
    }

    /// Handles a message from the CRM page. A message from any other origin is ignored, with one warning on the console.
    fn crm_message(&mut self, page: Page, origin: &str, message: &Value) {
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        let Some(around) = connector_page.around.clone() else { return };
        if around != origin {
            if !std::mem::replace(&mut connector_page.warned, true) {
                let text = format!("message from {origin} ignored, expected origin {around}");
                self.send(page, &ToOwnPage::Warn { text: &text });
            }
            return;
        }
        let Some(message) = ClientMessage::read(message) else {
            return tracing::debug!(page = page.0, "unknown message from the CRM page");
        };
        self.client(page, message);
    }

    fn client(&mut self, page: Page, message: ClientMessage) {
        match message {
            ClientMessage::Ready => self.client_ready(page),
            ClientMessage::CrmData(crm) => self.configured(page, *crm),
            ClientMessage::CrmDirectory(directory) => self.directory(page, &directory),
            ClientMessage::ClickToDialResponse(click) => self.clicked(page, *click),
            ClientMessage::CreateHistoryItem(item) => self.saved(page, *item),
            ClientMessage::CustomFieldsDataResponse(fields) => self.fields(page, fields.as_ref()),
            ClientMessage::DisplayErrorNotification(notification) => {
                self.send(page, &ToOwnPage::Notification(&notification));
            }
        }
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.projection = Projection::from_snapshot(&snapshot, floor);
                let pages: Vec<Page> = self.pages.keys().copied().collect();
                pages.into_iter().for_each(|page| self.bring_up_to_date(page));
            }
            FromHub::Event(record) => self.record(&record),
            FromHub::Answer { command, result } => self.answered(&command, result),
            FromHub::Closing => self.closing = true,
            FromHub::Authenticated { .. } | FromHub::Requested { .. } => {}
        }
    }

    fn record(&mut self, record: &Record) {
        self.projection.apply(record);
        let Some(agent) = record.event.agent() else { return };
        let pages = self.active_pages(agent);
        let Some(last) = pages.last().copied() else { return };
        if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = &record.event {
            self.log(last, summary);
        }
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event {
            self.pick_up(last, interaction);
        }
        for page in &pages {
            self.follow_click(*page, record);
            self.follow_consult(*page, record);
        }
        self.send_progress(last, &record.event);
        self.show_records(last);
        pages.into_iter().for_each(|page| self.update_click_to_dial(page));
    }

    /// Sends everything that follows from the current state.
    fn bring_up_to_date(&mut self, page: Page) {
        self.send_all_progress(page);
        self.show_records(page);
        self.update_click_to_dial(page);
    }

    /// The active pages of an agent, the newest last.
    fn active_pages(&self, agent: &AgentId) -> Vec<Page> {
        let theirs = self
            .pages
            .iter()
            .filter(|(_, connector_page)| connector_page.agent == *agent && connector_page.is_active());
        theirs.map(|(page, _)| *page).collect()
    }

    /// Sends a command for the agent who uses the page.
    fn command(
        &mut self,
        page: Page,
        about: Option<InteractionId>,
        verb: Verb,
        pending_commands: Purpose,
    ) -> Option<CommandId> {
        let connector_page = self.pages.get(&page)?;
        let id = self.out.command_id(ID_PREFIX, self.instance);
        self.out.command(id.clone(), connector_page.by.clone(), connector_page.agent.clone(), about, verb);
        self.pending_commands.insert(id.clone(), (page, pending_commands));
        Some(id)
    }

    fn answered(&mut self, command: &CommandId, result: Result<Accepted, Rejection>) {
        match self.pending_commands.remove(command) {
            Some((page, Purpose::Click)) => self.click_answered(page, command, result),
            Some((_, Purpose::Silent)) | None => {}
        }
    }

    /// Whether the agent requested the same less than `debounceTime` ago. If not, stores the time of this request.
    fn is_repeated(&mut self, page: Page, requested: UserRequest) -> bool {
        let now = self.out.now();
        let Some(connector_page) = self.pages.get_mut(&page) else { return false };
        let debounce = Duration::from_millis(connector_page.crm.settings.softphone.debounce_ms);
        let last = connector_page.last_requested.get(&requested);
        let repeated = last.is_some_and(|last| now.since(*last) < debounce);
        if !repeated {
            connector_page.last_requested.insert(requested, now);
        }
        repeated
    }

    /// The origin of the CRM page.
    fn origin(&self, page: Page) -> Option<String> {
        self.pages.get(&page)?.around.clone().map(CompactString::into_string)
    }

    /// Sets the message that the connector page sends to the CRM page when it closes.
    fn post_on_close(&mut self, page: Page, message: Option<&ConnectorMessage>) {
        let Some(origin) = self.origin(page) else { return };
        let message = message.map(ConnectorMessage::print);
        self.out.push(PageOutput { page, message: ToPage::OnClose { frame: WINDOW, origin, message } });
    }

    /// Sends a message to the CRM page, at its origin.
    fn post(&mut self, page: Page, message: &ConnectorMessage) {
        let Some(origin) = self.origin(page) else { return };
        let message = message.print();
        if message.to_string().len() > MESSAGE_BYTES_MAX {
            return self.send(page, &ToOwnPage::Notice { text: "the message for the CRM page is too large" });
        }
        self.out.push(PageOutput { page, message: ToPage::Post { frame: WINDOW, origin, message } });
    }

    /// Stores the state of the agent's interactions in the page.
    fn keep(&mut self, page: Page) {
        let kept =
            self.pages.get(&page).and_then(|connector_page| serde_json::to_value(&connector_page.kept).ok());
        if let Some(state) = kept {
            self.out.push(PageOutput { page, message: ToPage::Keep { frame: WINDOW, state } });
        }
    }

    /// Sends a message to the connector page.
    fn send(&mut self, page: Page, message: &ToOwnPage<'_>) {
        match serde_json::to_value(message) {
            Ok(message) => self.out.push(PageOutput { page, message: ToPage::Message { message } }),
            Err(error) => tracing::warn!(page = page.0, %error, "message to the connector page not sent"),
        }
    }
}

impl Session for TelephonySession {
    type Transport = Pages;

    fn handle(&mut self, now: Timestamp, input: Input<Pages>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(PageInput { page, message }) => self.page(page, message),
            Input::Hub(message) => self.hub(message),
            Input::Tick => self.tick(),
        }
    }

    fn poll(&mut self) -> Option<Output<Pages>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let leaving = self.leaving.values().map(|(at, _)| (*at, "sign out an agent who has left the page"));
        self.out.earliest(self.pages.values().filter_map(ConnectorPage::due).chain(leaving))
    }
}

impl TelephonySession {
    fn tick(&mut self) {
        let now = self.out.now();
        let due = self
            .pages
            .iter()
            .filter(|(_, connector_page)| connector_page.due().is_some_and(|(at, _)| at <= now));
        let pages: Vec<Page> = due.map(|(page, _)| *page).collect();
        for page in pages {
            self.handshake_due(page);
            self.queries_due(page);
            self.clicks_due(page);
        }
        self.leave_due();
    }
}
