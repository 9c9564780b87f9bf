//! We are the connector: pages of ours stand in frames of CRM pages, and their messages come here.
//!
//! A page is greeted when the page around it is one of the floor's. From then on the page around is heard only under that origin, and
//! what is said to it goes to that origin only. With several pages of one agent the one that came last shows records and logs.

mod asks;
mod booth;
mod clicks;
mod leaving;
mod logs;
mod pops;
mod progress;
mod shake;
mod words;

use std::collections::BTreeMap;

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
    booth::{Booth, Memo},
    words::{FromOurs, ToOurs},
};
use crate::{
    ID_PREFIX,
    wire::{ClientMessage, ConnectorMessage},
};

/// The window that the connector's page stands in.
const WINDOW: Frame = Frame(0);

/// The telephony end of the CRM Connector.
#[derive(Debug)]
pub struct Telephony {
    /// In the ids of our commands; another one for each process.
    instance: Uuid,
    /// How many pages are served at once.
    pages_max: usize,
    projection: Projection,
    booths: BTreeMap<Page, Booth>,
    /// What the hub was asked, and for which page.
    asked: BTreeMap<CommandId, (Page, Asked)>,
    /// Who is to be signed out, and when, unless a page of theirs comes back.
    leaving: BTreeMap<AgentId, (Timestamp, Principal)>,
    closing: bool,
    out: Outputs<Pages>,
}

/// What the hub was asked.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// To call whom a click named.
    Click,
    /// Something whose refusal is no news: the agent sees by the state of things what became of it.
    Small,
}

impl Telephony {
    /// A session without pages. `instance` must be another one in each process.
    pub fn new(instance: Uuid, pages_max: usize) -> Self {
        Self {
            instance,
            pages_max,
            projection: Projection::default(),
            booths: BTreeMap::new(),
            asked: BTreeMap::new(),
            leaving: BTreeMap::new(),
            closing: false,
            out: Outputs::default(),
        }
    }

    /// How many things are held for later: pages and what they wait for, questions to the hub, output.
    pub fn held(&self) -> usize {
        let held: usize = self.booths.values().map(Booth::held).sum();
        held + self.booths.len() + self.asked.len() + self.leaving.len() + self.out.len()
    }

    fn page(&mut self, page: Page, said: FromPage) {
        match said {
            FromPage::Opened { by } => self.opened(page, by),
            FromPage::FrameOpened { frame: WINDOW, about, kept } if about.place == AROUND => {
                if let Some(booth) = self.booths.get_mut(&page) {
                    booth.framed = true;
                    booth.memo = kept.map(Memo::of).unwrap_or_default();
                }
            }
            FromPage::Said { message } => self.ours(page, &message),
            FromPage::Posted { frame: WINDOW, origin, message } => {
                self.around(page, &origin, &message);
            }
            // Frames in our page are none of the protocol's.
            FromPage::FrameOpened { .. } | FromPage::FrameLoaded { .. } | FromPage::Posted { .. } => {}
            FromPage::FrameClosed { .. } | FromPage::Closed { .. } => self.closed(page),
        }
    }

    fn opened(&mut self, page: Page, by: Principal) {
        let full = self.booths.len() >= self.pages_max;
        match by.agent.clone().filter(|_| !full && !self.closing) {
            Some(agent) => {
                self.leaving.remove(&agent);
                self.booths.insert(page, Booth::new(by, agent));
            }
            None => {
                let text = format!("{} is no agent's account, or no more pages are taken", by.account);
                let why = Rejection::new(Code::Forbidden, text);
                self.out.say(PageOutput { page, say: ToPage::Close { why } });
            }
        }
    }

    fn ours(&mut self, page: Page, message: &Value) {
        match serde_json::from_value(message.clone()) {
            Ok(FromOurs::Around { origin, offset_min }) => self.stands_in(page, &origin, offset_min),
            Ok(FromOurs::Directory) => self.ask_directory(page),
            Ok(FromOurs::Navigate { interaction }) => self.navigate(page, interaction),
            Ok(FromOurs::Reports) => self.reports(page),
            Err(error) => tracing::debug!(page = page.0, %error, "our page said something else"),
        }
    }

    /// The page around said something. From any other origin it is not heard, and the console says so once.
    fn around(&mut self, page: Page, origin: &str, message: &Value) {
        let Some(booth) = self.booths.get_mut(&page) else { return };
        let Some(around) = booth.around.clone() else { return };
        if around != origin {
            if !std::mem::replace(&mut booth.warned, true) {
                let text = format!("a message came from {origin}, expected was {around}: it is not heard");
                self.tell(page, &ToOurs::Warn { text: &text });
            }
            return;
        }
        let Some(message) = ClientMessage::read(message) else {
            return tracing::debug!(page = page.0, "the page around said something else");
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
                self.tell(page, &ToOurs::Notification(&notification));
            }
        }
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.projection = Projection::from_snapshot(&snapshot, floor);
                let pages: Vec<Page> = self.booths.keys().copied().collect();
                pages.into_iter().for_each(|page| self.settle(page));
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
        let pages = self.pages(agent);
        let Some(last) = pages.last().copied() else { return };
        if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = &record.event {
            self.log(last, summary);
        }
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event {
            self.pick_up(last, interaction);
        }
        pages.iter().for_each(|page| self.follow_click(*page, record));
        self.tell_progress(last, &record.event);
        self.show_records(last);
        pages.into_iter().for_each(|page| self.settle_clicks(page));
    }

    /// Says what follows from the state of things as a whole.
    fn settle(&mut self, page: Page) {
        self.tell_all_progress(page);
        self.show_records(page);
        self.settle_clicks(page);
    }

    /// Pages of an agent's that are active, the one that came last at the end.
    fn pages(&self, agent: &AgentId) -> Vec<Page> {
        let theirs = self.booths.iter().filter(|(_, booth)| booth.agent == *agent && booth.is_active());
        theirs.map(|(page, _)| *page).collect()
    }

    /// Asks the hub for something in the name of who uses the page.
    fn ask(
        &mut self,
        page: Page,
        about: Option<InteractionId>,
        verb: Verb,
        asked: Asked,
    ) -> Option<CommandId> {
        let booth = self.booths.get(&page)?;
        let id = self.out.command_id(ID_PREFIX, self.instance);
        self.out.command(id.clone(), booth.by.clone(), booth.agent.clone(), about, verb);
        self.asked.insert(id.clone(), (page, asked));
        Some(id)
    }

    fn answered(&mut self, command: &CommandId, result: Result<Accepted, Rejection>) {
        match self.asked.remove(command) {
            Some((page, Asked::Click)) => self.click_answered(page, command, result),
            Some((_, Asked::Small)) | None => {}
        }
    }

    /// The origin that the page around was found at.
    fn origin(&self, page: Page) -> Option<String> {
        self.booths.get(&page)?.around.clone().map(CompactString::into_string)
    }

    /// Has our page say something to the page around when it ends, or nothing.
    fn post_on_close(&mut self, page: Page, message: Option<&ConnectorMessage>) {
        let Some(origin) = self.origin(page) else { return };
        let message = message.map(ConnectorMessage::print);
        self.out.say(PageOutput { page, say: ToPage::OnClose { frame: WINDOW, origin, message } });
    }

    /// Says something to the page around, at the origin that it was found at.
    fn post(&mut self, page: Page, message: &ConnectorMessage) {
        let Some(origin) = self.origin(page) else { return };
        let message = message.print();
        if message.to_string().len() > MESSAGE_BYTES_MAX {
            return self
                .tell(page, &ToOurs::Notice { text: "there is too much of it for the CRM page to be told" });
        }
        self.out.say(PageOutput { page, say: ToPage::Post { frame: WINDOW, origin, message } });
    }

    /// Has the page keep what is known of the agent's interactions.
    fn keep(&mut self, page: Page) {
        let memo = self.booths.get(&page).and_then(|booth| serde_json::to_value(&booth.memo).ok());
        if let Some(state) = memo {
            self.out.say(PageOutput { page, say: ToPage::Keep { frame: WINDOW, state } });
        }
    }

    /// Says something to our own page.
    fn tell(&mut self, page: Page, word: &ToOurs<'_>) {
        match serde_json::to_value(word) {
            Ok(message) => self.out.say(PageOutput { page, say: ToPage::Tell { message } }),
            Err(error) => tracing::warn!(page = page.0, %error, "our page could not be told"),
        }
    }
}

impl Session for Telephony {
    type Transport = Pages;

    fn handle(&mut self, now: Timestamp, input: Input<Pages>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.say(ToHub::Subscribe),
            Input::Peer(PageInput { page, said }) => self.page(page, said),
            Input::Hub(said) => self.hub(said),
            Input::Tick => self.tick(),
        }
    }

    fn poll(&mut self) -> Option<Output<Pages>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let leaving = self.leaving.values().map(|(at, _)| (*at, "an agent has left the page"));
        self.out.earliest(self.booths.values().filter_map(Booth::due).chain(leaving))
    }
}

impl Telephony {
    fn tick(&mut self) {
        let now = self.out.now();
        let due = self.booths.iter().filter(|(_, booth)| booth.due().is_some_and(|(at, _)| at <= now));
        let pages: Vec<Page> = due.map(|(page, _)| *page).collect();
        for page in pages {
            self.shake_due(page);
            self.asks_due(page);
            self.clicks_due(page);
        }
        self.leave_due();
    }
}
