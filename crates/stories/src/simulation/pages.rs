//! The simulated browsers. Each agent whose phone is reached through pages has a window of one hub with a frame of the other hub in it.
//!
//! A window reloads, closes and opens again. Its connection to its hub breaks and is restored. A message that one window posts reaches the
//! other, as in browsers.

use std::time::Duration;

use model::{AgentId, Code, Timestamp};
use rand::RngExt;
use serde_json::{Value, json};
use session::{AROUND, Frame, FrameContext, FromPage, Page, PageInput, ToPage};

use super::{
    Broken,
    actions::Action,
    ends::{DESKS_ORIGIN, DESKS_PAGE, Dialect, End, Ends, Joint, PHONES_ORIGIN},
    hub::Side,
    network::Arrival,
    people::own,
    plan::{AGENTS, agent},
    world::World,
};
use crate::node::LineId;

/// How many messages a page buffers while its hub cannot be reached.
const WAITING_MAX: usize = 256;

/// An agent's browser tab: a window of one hub, and in it a frame of the other hub.
pub(super) struct Tab {
    joint: Joint,
    agent: AgentId,
    /// The two windows, indexed by [`End`].
    windows: [Window; 2],
}

/// One of the two windows, with its relay to its hub.
#[derive(Default)]
struct Window {
    /// Whether its document is loaded.
    shown: bool,
    /// Whether its work is over: the hub refused it, or its agent signed out of it.
    over: bool,
    /// Its connection to the hub, with the life of the hub's node. `None` while it is disconnected.
    page: Option<(Page, u64)>,
    /// Messages that wait for the connection.
    waiting: Vec<FromPage>,
    /// A value that the session stored here, to be sent with the next connection.
    kept: Option<Value>,
    /// A message for the other window when the relay closes, and the target origin.
    on_close: Option<(String, Value)>,
    /// When the last message to the hub arrives, and when the last message from the hub arrives.
    arrives: [Timestamp; 2],
}

/// A step of the connection between a window and its hub.
#[derive(Debug)]
pub(super) enum PageStep {
    ToHub {
        tab: usize,
        end: End,
        page: Page,
        message: FromPage,
    },
    ToWindow {
        tab: usize,
        end: End,
        page: Page,
        message: ToPage,
    },
    /// The hub detects that a page is gone.
    Gone {
        tab: usize,
        end: End,
        life: u64,
        page: Page,
    },
    /// A window tries to connect to its hub again.
    Again {
        tab: usize,
        end: End,
    },
}

impl Tab {
    /// The browser tabs of a run.
    pub(super) fn all(ends: &Ends) -> Vec<Self> {
        let by_pages = |joint: &&Joint| matches!(joint.dialect, Dialect::Max | Dialect::Connector);
        let joints = ends.joints.iter().filter(by_pages);
        let all = AGENTS.into_iter().flat_map(|id| joints.clone().map(move |joint| (id, joint)));
        let uses = |(id, joint): &(&str, &Joint)| {
            ends.dialect_of(joint.hubs[End::Desk as usize], id) == Some(joint.dialect)
        };
        let tab = |(id, joint): (&str, &Joint)| Self {
            joint: *joint,
            agent: agent(id),
            windows: Default::default(),
        };
        all.filter(uses).map(tab).collect()
    }

    /// The hub of one of the windows.
    fn hub(&self, end: End) -> Side {
        self.joint.hubs[end as usize]
    }

    /// The end of the outer window. A page for MAX is a frame in MAX; the connector is a frame in the CRM's page.
    fn outer(&self) -> End {
        if self.joint.dialect == Dialect::Max { End::Telephony } else { End::Desk }
    }

    /// The frame ID and the context that a window uses for the other window.
    fn frame(&self, end: End) -> (Frame, FrameContext) {
        let (frame, place) = match (end == self.outer(), self.joint.dialect) {
            (false, _) => (Frame(0), AROUND),
            (true, Dialect::Max) => (Frame(1), DESKS_PAGE),
            (true, _) => (Frame(1), "connector"),
        };
        (frame, FrameContext { place: place.into(), interaction: None })
    }

    /// The message that a page itself sends as soon as it is connected.
    fn greeting(&self, end: End) -> Option<FromPage> {
        let message = match (self.joint.dialect, end) {
            (Dialect::Max, End::Telephony) => json!({ "type": "focus", "interaction": null }),
            (Dialect::Connector, End::Telephony) => {
                json!({ "type": "around", "origin": DESKS_ORIGIN, "offset_min": 0 })
            }
            (_, _) => return None,
        };
        Some(FromPage::Message { message })
    }
}

fn origin(end: End) -> &'static str {
    match end {
        End::Telephony => PHONES_ORIGIN,
        End::Desk => DESKS_ORIGIN,
    }
}

impl World {
    /// An agent does something in the browser, or the connection to a hub breaks.
    pub(super) fn browser_acts(&mut self) -> Result<(), Broken> {
        if self.tabs.is_empty() {
            return Ok(());
        }
        let index = self.random.random_range(0..self.tabs.len());
        let outer = self.tabs[index].outer();
        let either = self.one_of(&End::ALL);
        let tab = &self.tabs[index];
        let what = match self.random.random_range(0..10) {
            _ if !tab.windows[outer as usize].shown => "opens its window",
            _ if !tab.windows[outer.other() as usize].shown => "opens its frame",
            0..2 => "reloads its window",
            2..4 => "reloads its frame",
            4 => "closes its window",
            5 => "closes its frame",
            6 => "signs out of its frame",
            _ => "loses its connection to a hub",
        };
        self.note(format!("agent {} {what}", self.tabs[index].agent));
        match what {
            "opens its window" | "reloads its window" => self.load_window(index),
            "opens its frame" | "reloads its frame" => self.load(index, outer.other()),
            "closes its window" => self.close(index, outer),
            "closes its frame" => self.close(index, outer.other()),
            "signs out of its frame" => self.leaves(index, outer.other()),
            _ => self.break_off(index, either),
        }
        Ok(())
    }

    /// Opens all windows.
    pub(super) fn open_windows(&mut self) {
        for index in 0..self.tabs.len() {
            if self.tabs[index].windows.iter().any(|window| !window.shown || window.over) {
                self.load_window(index);
            }
        }
    }

    /// Reconnects every page of the desks' hub, so that it gets a full snapshot.
    pub(super) fn bounce_pages(&mut self) {
        (0..self.tabs.len()).for_each(|index| self.break_off(index, End::Desk));
    }

    /// Closes each page with a connector permanently. A page that has received no call yet treats a record that it is asked to show as a call,
    /// and such a call ends only with the page.
    pub(super) fn close_connectors(&mut self) {
        for index in 0..self.tabs.len() {
            if self.tabs[index].joint.dialect == Dialect::Connector {
                self.close(index, End::Desk);
            }
        }
    }

    /// Loads both documents: the outer window first, then the frame.
    fn load_window(&mut self, tab: usize) {
        let outer = self.tabs[tab].outer();
        self.close(tab, outer);
        self.load(tab, outer);
        self.load(tab, outer.other());
    }

    /// Loads a window's document. It starts without state.
    fn load(&mut self, tab: usize, end: End) {
        self.break_off(tab, end);
        let (outer, before) = (self.tabs[tab].outer(), self.tabs[tab].windows[end as usize].shown);
        let window = &mut self.tabs[tab].windows[end as usize];
        *window = Window { shown: true, arrives: window.arrives, ..Window::default() };
        if end != outer {
            let (frame, about) = self.tabs[tab].frame(outer);
            if before {
                self.tabs[tab].windows[outer as usize].kept = None;
                self.speak(tab, outer, FromPage::FrameLoaded { frame });
            } else if self.tabs[tab].windows[outer as usize].page.is_some() {
                self.speak(tab, outer, FromPage::FrameOpened { frame, about, kept: None });
            }
        }
        self.connect(tab, end);
    }

    /// Closes a window. If it is the outer window, its frame closes too.
    fn close(&mut self, tab: usize, end: End) {
        let outer = self.tabs[tab].outer();
        if end == outer && self.tabs[tab].windows[outer.other() as usize].shown {
            self.close(tab, outer.other());
        }
        self.break_off(tab, end);
        let was_shown = std::mem::take(&mut self.tabs[tab].windows[end as usize].shown);
        let (frame, _) = self.tabs[tab].frame(outer);
        if end != outer && was_shown && self.tabs[tab].windows[outer as usize].page.is_some() {
            self.speak(tab, outer, FromPage::FrameClosed { frame });
        }
        if end != outer {
            let around = &mut self.tabs[tab].windows[outer as usize];
            (around.kept, around.on_close) = (None, None);
            // Buffered messages are from a frame that is gone.
            around.waiting.clear();
        }
    }

    /// The agent signs out of a window: its relay closes permanently.
    fn leaves(&mut self, tab: usize, end: End) {
        let window = &mut self.tabs[tab].windows[end as usize];
        window.over = true;
        if let Some((to, message)) = window.on_close.take() {
            self.post(tab, end, &to, message);
        }
        self.break_off(tab, end);
    }

    /// Breaks the connection of a window to its hub. The hub may detect it later.
    fn break_off(&mut self, tab: usize, end: End) {
        let Some((page, life)) = self.tabs[tab].windows[end as usize].page.take() else { return };
        let late = self.storms && self.random.random_bool(0.2);
        let ms = self.random.random_range(1..if late { 15_000 } else { 100 });
        let at = self.now + Duration::from_millis(ms);
        self.arrives(at, Arrival::Page(PageStep::Gone { tab, end, life, page }));
        self.try_again(tab, end);
    }

    fn try_again(&mut self, tab: usize, end: End) {
        let at = self.now + Duration::from_millis(self.random.random_range(100..2_000));
        self.arrives(at, Arrival::Page(PageStep::Again { tab, end }));
    }

    /// Connects a window to its hub, and first sends what the hub needs.
    fn connect(&mut self, tab: usize, end: End) {
        let hub = &mut self.hubs[self.tabs[tab].hub(end)];
        let window = &self.tabs[tab].windows[end as usize];
        if !window.shown || window.over || window.page.is_some() {
            return;
        }
        let Some(node) = &mut hub.node else { return self.try_again(tab, end) };
        self.numbers += 1;
        let (page, agent) = (Page(self.numbers), self.tabs[tab].agent.clone());
        node.desk(agent.clone(), true);
        let is_outer = end == self.tabs[tab].outer();
        let has_frame = !is_outer || self.tabs[tab].windows[end.other() as usize].shown;
        let (frame, about) = self.tabs[tab].frame(end);
        let window = &mut self.tabs[tab].windows[end as usize];
        window.page = Some((page, hub.life));
        let kept = window.kept.clone();
        let waiting = std::mem::take(&mut window.waiting);
        let opened = has_frame.then_some(FromPage::FrameOpened { frame, about, kept });
        let first = std::iter::once(FromPage::Opened { by: own(&agent) });
        let greeting = self.tabs[tab].greeting(end);
        for message in first.chain(opened).chain(waiting).chain(greeting) {
            self.speak(tab, end, message);
        }
    }

    /// Sends a window's message to its hub, or buffers it until the hub can be reached.
    fn speak(&mut self, tab: usize, end: End, message: FromPage) {
        let at = self.arrival();
        let window = &mut self.tabs[tab].windows[end as usize];
        match window.page {
            Some((page, _)) => {
                let at = at.max(window.arrives[0]);
                window.arrives[0] = at;
                self.arrives(at, Arrival::Page(PageStep::ToHub { tab, end, page, message }));
            }
            None if window.waiting.len() < WAITING_MAX && !window.over => window.waiting.push(message),
            None => {}
        }
    }

    /// Posts a message to the other window. It arrives if that window has a document of the target origin.
    fn post(&mut self, tab: usize, end: End, to: &str, message: Value) {
        let other = end.other();
        let window = &self.tabs[tab].windows[other as usize];
        if to == origin(other) && window.shown && !window.over {
            let (frame, _) = self.tabs[tab].frame(other);
            let text: String = message.to_string().chars().take(160).collect();
            let (hub, agent) = (self.tabs[tab].hub(end), &self.tabs[tab].agent);
            self.note(format!("{}'s page of agent {agent} posts {text}", hub.name()));
            let origin = origin(end).to_owned();
            self.speak(tab, other, FromPage::Posted { frame, origin, message });
        }
    }

    /// An agent clicks a number in the CRM's page.
    pub(super) fn click(&mut self, side: Side, agent: &AgentId, number: &str) {
        let is_it = |tab: &Tab| tab.joint.dialect == Dialect::Connector && tab.hub(End::Desk) == side;
        let Some(tab) = self.tabs.iter().position(|tab| is_it(tab) && tab.agent == *agent) else { return };
        let page = json!({ "number": number, "objectType": null, "recordId": null, "recordName": null });
        let data = json!({ "doNotCall": false, "crmPhones": [number], "onClickToDialResponse": page });
        let click = json!({ "type": "ClientAppMessage", "action": "clickToDialResponse", "data": data });
        self.post(tab, End::Desk, PHONES_ORIGIN, click);
    }

    /// Handles a session's message to a page.
    pub(super) fn page_output(
        &mut self,
        side: Side,
        line: LineId,
        page: Page,
        message: ToPage,
    ) -> Result<(), Broken> {
        let life = self.hubs[side].life;
        let is_it = |tab: &Tab, end: End| {
            tab.hub(end) == side && tab.windows[end as usize].page == Some((page, life))
        };
        let of =
            |(index, tab): (usize, &Tab)| Some((index, End::ALL.into_iter().find(|end| is_it(tab, *end))?));
        let Some((tab, end)) = self.tabs.iter().enumerate().find_map(of) else { return Ok(()) };
        if self.hubs[side].lines.get(&(self.tabs[tab].joint.dialect, end)) != Some(&line) {
            return Err(format!("session {line} of {} sends to {page:?} of another session", side.name()));
        }
        let at = self.arrival();
        let window = &mut self.tabs[tab].windows[end as usize];
        let at = at.max(window.arrives[1]);
        window.arrives[1] = at;
        self.arrives(at, Arrival::Page(PageStep::ToWindow { tab, end, page, message }));
        Ok(())
    }

    pub(super) fn page_moves(&mut self, moves: PageStep) {
        match moves {
            PageStep::ToHub { tab, end, page, message } => {
                let is_there = self.tabs[tab].windows[end as usize].page.is_some_and(|(is, _)| is == page);
                if is_there {
                    self.hub_input(tab, end, page, message);
                }
            }
            PageStep::ToWindow { tab, end, page, message } => {
                let is_there = self.tabs[tab].windows[end as usize].page.is_some_and(|(is, _)| is == page);
                if is_there {
                    self.window_output(tab, end, message);
                }
            }
            PageStep::Gone { tab, end, life, page } => {
                let agent = self.tabs[tab].agent.clone();
                let hub = &mut self.hubs[self.tabs[tab].hub(end)];
                if let Some(node) = hub.node.as_mut().filter(|_| hub.life == life) {
                    node.desk(agent, false);
                    self.hub_input(tab, end, page, FromPage::Closed { why: "the page is gone".into() });
                }
            }
            PageStep::Again { tab, end } => self.connect(tab, end),
        }
    }

    fn hub_input(&mut self, tab: usize, end: End, page: Page, message: FromPage) {
        let tab = &self.tabs[tab];
        let hub = &mut self.hubs[tab.hub(end)];
        if let (Some(node), Some(line)) = (&mut hub.node, hub.lines.get(&(tab.joint.dialect, end))) {
            node.send(*line, PageInput { page, message });
        }
    }

    fn window_output(&mut self, tab: usize, end: End, message: ToPage) {
        let (known, _) = self.tabs[tab].frame(end);
        let window = &mut self.tabs[tab].windows[end as usize];
        match message {
            ToPage::Post { frame, origin, message } if frame == known => {
                self.post(tab, end, &origin, message);
            }
            ToPage::Keep { frame, state } if frame == known => window.kept = Some(state),
            ToPage::OnClose { frame, origin, message } if frame == known => {
                window.on_close = message.map(|message| (origin, message));
            }
            ToPage::Post { .. } | ToPage::Keep { .. } | ToPage::OnClose { .. } | ToPage::Message { .. } => {}
            ToPage::Close { why } => {
                window.over = matches!(why.code, Code::Forbidden | Code::Unauthenticated);
                self.note(format!("a page is closed by {}: {}", self.tabs[tab].hub(end).name(), why.text));
                self.break_off(tab, end);
            }
        }
    }

    /// Handles the death of a hub: its pages try to connect again.
    pub(super) fn pages_lose(&mut self, side: Side) {
        for tab in 0..self.tabs.len() {
            let Some(end) = self.tabs[tab].joint.end_at(side) else { continue };
            if self.tabs[tab].windows[end as usize].page.take().is_some() {
                self.try_again(tab, end);
            }
        }
    }

    /// Schedules the browser actions for the storm.
    pub(super) fn note_browsers(&mut self) {
        self.open_windows();
        self.after(9_000, Action::Browser);
    }
}
