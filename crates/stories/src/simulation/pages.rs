//! Browsers: for each agent whose phone is at the other hub's pages, a window of one hub's with a frame of the other's in it. A window
//! reloads, closes and comes back, its way to its hub breaks and is made again, and what one window posts the other gets, as browsers do.

use std::time::Duration;

use model::{AgentId, Code, Timestamp};
use rand::RngExt;
use serde_json::{Value, json};
use session::{AROUND, Frame, FrameContext, FromPage, Page, PageInput, ToPage};

use super::{
    Broken,
    deeds::Deed,
    ends::{DESKS_ORIGIN, DESKS_PAGE, Dialect, Ends, PHONES_ORIGIN},
    hub::Side,
    people::own,
    plan::{AGENTS, agent},
    wires::Arrival,
    world::World,
};
use crate::node::LineId;

/// How many messages wait at a page while its hub cannot be reached.
const WAITING_MAX: usize = 256;

/// What an agent has open in a browser: a window of one hub's, and in it a frame of the other's.
pub(super) struct Tab {
    dialect: Dialect,
    agent: AgentId,
    /// By side.
    windows: [Window; 2],
}

/// One of the two windows, with its relay to its hub.
#[derive(Default)]
struct Window {
    /// Its document is there.
    shown: bool,
    /// The hub does not let it in, or its agent left it.
    over: bool,
    /// Its way to the hub, when there is one, and the life of the hub's.
    page: Option<(Page, u64)>,
    /// What waits for that way.
    waiting: Vec<FromPage>,
    /// What the session wants to have back with it.
    kept: Option<Value>,
    /// What is posted to the other window when the relay is closed, and to which origin.
    on_close: Option<(String, Value)>,
    /// When the last thing arrives that was sent to the hub, and from there.
    arrives: [Timestamp; 2],
}

/// Something on its way between a window and its hub.
#[derive(Debug)]
pub(super) enum PageMove {
    ToHub {
        tab: usize,
        side: Side,
        page: Page,
        said: FromPage,
    },
    ToWindow {
        tab: usize,
        side: Side,
        page: Page,
        say: ToPage,
    },
    /// The hub finds that a page is gone.
    Gone {
        side: Side,
        life: u64,
        page: Page,
        dialect: Dialect,
        agent: AgentId,
    },
    /// A window tries to reach its hub again.
    Again {
        tab: usize,
        side: Side,
    },
}

impl Tab {
    /// The browsers of a run.
    pub(super) fn all(ends: &Ends) -> Vec<Self> {
        let by_pages = AGENTS.into_iter().map(|id| (id, ends.dialect_of(id)));
        let by_pages = by_pages.filter(|(_, dialect)| matches!(dialect, Dialect::Max | Dialect::Connector));
        let tab = |(id, dialect)| Self { dialect, agent: agent(id), windows: Default::default() };
        by_pages.map(tab).collect()
    }

    /// Whose window stands around the other one. Pages for MAX stand in MAX; the connector stands in the CRM's page.
    fn outer(&self) -> Side {
        if self.dialect == Dialect::Max { Side::Phones } else { Side::Desks }
    }

    /// How a window knows the other one.
    fn frame(&self, side: Side) -> (Frame, FrameContext) {
        let (frame, place) = match (side == self.outer(), self.dialect) {
            (false, _) => (Frame(0), AROUND),
            (true, Dialect::Max) => (Frame(1), DESKS_PAGE),
            (true, _) => (Frame(1), "connector"),
        };
        (frame, FrameContext { place: place.into(), interaction: None })
    }

    /// What a page says for itself as soon as it is heard.
    fn greeting(&self, side: Side) -> Option<FromPage> {
        let message = match (self.dialect, side) {
            (Dialect::Max, Side::Phones) => json!({ "type": "focus", "interaction": null }),
            (Dialect::Connector, Side::Phones) => {
                json!({ "type": "around", "origin": DESKS_ORIGIN, "offset_min": 0 })
            }
            (_, _) => return None,
        };
        Some(FromPage::Said { message })
    }
}

fn origin(side: Side) -> &'static str {
    match side {
        Side::Phones => PHONES_ORIGIN,
        Side::Desks => DESKS_ORIGIN,
    }
}

impl World {
    /// An agent does something with its browser, or the browser's way to a hub breaks.
    pub(super) fn browser_acts(&mut self) -> Result<(), Broken> {
        if self.tabs.is_empty() {
            return Ok(());
        }
        let index = self.random.random_range(0..self.tabs.len());
        let outer = self.tabs[index].outer();
        let either = self.one_of(&Side::ALL);
        let tab = &self.tabs[index];
        let what = match self.random.random_range(0..10) {
            _ if !tab.windows[outer as usize].shown => "opens its window",
            _ if !tab.windows[outer.other() as usize].shown => "opens its frame",
            0..2 => "reloads its window",
            2..4 => "reloads its frame",
            4 => "closes its window",
            5 => "closes its frame",
            6 => "signs out of its frame",
            _ => "loses its way to a hub",
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

    /// Every window is open.
    pub(super) fn open_windows(&mut self) {
        for index in 0..self.tabs.len() {
            if self.tabs[index].windows.iter().any(|window| !window.shown || window.over) {
                self.load_window(index);
            }
        }
    }

    /// Every page of the desks' hub reaches it again, and is told the state of things.
    pub(super) fn bounce_pages(&mut self) {
        (0..self.tabs.len()).for_each(|index| self.break_off(index, Side::Desks));
    }

    /// Both documents are loaded, that in the frame after the one around it.
    fn load_window(&mut self, tab: usize) {
        let outer = self.tabs[tab].outer();
        self.close(tab, outer);
        self.load(tab, outer);
        self.load(tab, outer.other());
    }

    /// A window loads its document: it knows nothing.
    fn load(&mut self, tab: usize, side: Side) {
        self.break_off(tab, side);
        let (outer, before) = (self.tabs[tab].outer(), self.tabs[tab].windows[side as usize].shown);
        let window = &mut self.tabs[tab].windows[side as usize];
        *window = Window { shown: true, arrives: window.arrives, ..Window::default() };
        if side != outer {
            let (frame, about) = self.tabs[tab].frame(outer);
            if before {
                self.tabs[tab].windows[outer as usize].kept = None;
                self.speak(tab, outer, FromPage::FrameLoaded { frame });
            } else if self.tabs[tab].windows[outer as usize].page.is_some() {
                self.speak(tab, outer, FromPage::FrameOpened { frame, about, kept: None });
            }
        }
        self.connect(tab, side);
    }

    /// A window goes; with the one around it the other one goes too.
    fn close(&mut self, tab: usize, side: Side) {
        let outer = self.tabs[tab].outer();
        if side == outer && self.tabs[tab].windows[outer.other() as usize].shown {
            self.close(tab, outer.other());
        }
        self.break_off(tab, side);
        let was_shown = std::mem::take(&mut self.tabs[tab].windows[side as usize].shown);
        let (frame, _) = self.tabs[tab].frame(outer);
        if side != outer && was_shown && self.tabs[tab].windows[outer as usize].page.is_some() {
            self.speak(tab, outer, FromPage::FrameClosed { frame });
        }
        if side != outer {
            let around = &mut self.tabs[tab].windows[outer as usize];
            (around.kept, around.on_close) = (None, None);
            // What still waits is of a frame that is gone.
            around.waiting.clear();
        }
    }

    /// The agent signs out of a window: its relay is closed for good.
    fn leaves(&mut self, tab: usize, side: Side) {
        let window = &mut self.tabs[tab].windows[side as usize];
        window.over = true;
        if let Some((to, message)) = window.on_close.take() {
            self.post(tab, side, &to, message);
        }
        self.break_off(tab, side);
    }

    /// The way of a window to its hub breaks. The hub may find out later.
    fn break_off(&mut self, tab: usize, side: Side) {
        let Some((page, life)) = self.tabs[tab].windows[side as usize].page.take() else { return };
        let (dialect, agent) = (self.tabs[tab].dialect, self.tabs[tab].agent.clone());
        let late = self.storms && self.random.random_bool(0.2);
        let ms = self.random.random_range(1..if late { 15_000 } else { 100 });
        let at = self.now + Duration::from_millis(ms);
        self.arrives(at, Arrival::Page(PageMove::Gone { side, life, page, dialect, agent }));
        self.try_again(tab, side);
    }

    fn try_again(&mut self, tab: usize, side: Side) {
        let at = self.now + Duration::from_millis(self.random.random_range(100..2_000));
        self.arrives(at, Arrival::Page(PageMove::Again { tab, side }));
    }

    /// A window makes its way to its hub, and says first what the hub has to know.
    fn connect(&mut self, tab: usize, side: Side) {
        let hub = &mut self.hubs[side];
        let window = &self.tabs[tab].windows[side as usize];
        if !window.shown || window.over || window.page.is_some() {
            return;
        }
        let Some(node) = &mut hub.node else { return self.try_again(tab, side) };
        self.numbers += 1;
        let (page, agent) = (Page(self.numbers), self.tabs[tab].agent.clone());
        node.desk(agent.clone(), true);
        let is_outer = side == self.tabs[tab].outer();
        let has_frame = !is_outer || self.tabs[tab].windows[side.other() as usize].shown;
        let (frame, about) = self.tabs[tab].frame(side);
        let window = &mut self.tabs[tab].windows[side as usize];
        window.page = Some((page, hub.life));
        let kept = window.kept.clone();
        let waiting = std::mem::take(&mut window.waiting);
        let opened = has_frame.then_some(FromPage::FrameOpened { frame, about, kept });
        let first = std::iter::once(FromPage::Opened { by: own(&agent) });
        let greeting = self.tabs[tab].greeting(side);
        for said in first.chain(opened).chain(waiting).chain(greeting) {
            self.speak(tab, side, said);
        }
    }

    /// A window says something to its hub, or keeps it until it is reached.
    fn speak(&mut self, tab: usize, side: Side, said: FromPage) {
        let at = self.arrival();
        let window = &mut self.tabs[tab].windows[side as usize];
        match window.page {
            Some((page, _)) => {
                let at = at.max(window.arrives[0]);
                window.arrives[0] = at;
                self.arrives(at, Arrival::Page(PageMove::ToHub { tab, side, page, said }));
            }
            None if window.waiting.len() < WAITING_MAX && !window.over => window.waiting.push(said),
            None => {}
        }
    }

    /// A window posts something to the other one, which gets it when it shows a document of that origin.
    fn post(&mut self, tab: usize, side: Side, to: &str, message: Value) {
        let other = side.other();
        let window = &self.tabs[tab].windows[other as usize];
        if to == origin(other) && window.shown && !window.over {
            let (frame, _) = self.tabs[tab].frame(other);
            let text: String = message.to_string().chars().take(160).collect();
            self.note(format!("{}'s page of agent {} posts {text}", side.name(), self.tabs[tab].agent));
            let origin = origin(side).to_owned();
            self.speak(tab, other, FromPage::Posted { frame, origin, message });
        }
    }

    /// A session says something to a page.
    pub(super) fn page_told(
        &mut self,
        side: Side,
        line: LineId,
        page: Page,
        say: ToPage,
    ) -> Result<(), Broken> {
        let life = self.hubs[side].life;
        let is_it = |tab: &Tab| tab.windows[side as usize].page == Some((page, life));
        let Some(tab) = self.tabs.iter().position(is_it) else { return Ok(()) };
        if self.hubs[side].lines.get(&self.tabs[tab].dialect) != Some(&line) {
            return Err(format!("session {line} of {} speaks to {page:?} of another one", side.name()));
        }
        let at = self.arrival();
        let window = &mut self.tabs[tab].windows[side as usize];
        let at = at.max(window.arrives[1]);
        window.arrives[1] = at;
        self.arrives(at, Arrival::Page(PageMove::ToWindow { tab, side, page, say }));
        Ok(())
    }

    pub(super) fn page_moves(&mut self, moves: PageMove) {
        match moves {
            PageMove::ToHub { tab, side, page, said } => {
                let is_there = self.tabs[tab].windows[side as usize].page.is_some_and(|(is, _)| is == page);
                if is_there {
                    self.tell_hub(side, self.tabs[tab].dialect, page, said);
                }
            }
            PageMove::ToWindow { tab, side, page, say } => {
                let is_there = self.tabs[tab].windows[side as usize].page.is_some_and(|(is, _)| is == page);
                if is_there {
                    self.window_told(tab, side, say);
                }
            }
            PageMove::Gone { side, life, page, dialect, agent } => {
                let hub = &mut self.hubs[side];
                if let Some(node) = hub.node.as_mut().filter(|_| hub.life == life) {
                    node.desk(agent, false);
                    self.tell_hub(side, dialect, page, FromPage::Closed { why: "the page is gone".into() });
                }
            }
            PageMove::Again { tab, side } => self.connect(tab, side),
        }
    }

    fn tell_hub(&mut self, side: Side, dialect: Dialect, page: Page, said: FromPage) {
        let hub = &mut self.hubs[side];
        if let (Some(node), Some(line)) = (&mut hub.node, hub.lines.get(&dialect)) {
            node.say(*line, PageInput { page, said });
        }
    }

    fn window_told(&mut self, tab: usize, side: Side, say: ToPage) {
        let (known, _) = self.tabs[tab].frame(side);
        let window = &mut self.tabs[tab].windows[side as usize];
        match say {
            ToPage::Post { frame, origin, message } if frame == known => {
                self.post(tab, side, &origin, message);
            }
            ToPage::Keep { frame, state } if frame == known => window.kept = Some(state),
            ToPage::OnClose { frame, origin, message } if frame == known => {
                window.on_close = message.map(|message| (origin, message));
            }
            ToPage::Post { .. } | ToPage::Keep { .. } | ToPage::OnClose { .. } | ToPage::Tell { .. } => {}
            ToPage::Close { why } => {
                window.over = matches!(why.code, Code::Forbidden | Code::Unauthenticated);
                self.note(format!("a page is ended at {}: {}", side.name(), why.text));
                self.break_off(tab, side);
            }
        }
    }

    /// A hub is gone: its pages try to reach it again.
    pub(super) fn pages_lose(&mut self, side: Side) {
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].windows[side as usize].page.take().is_some() {
                self.try_again(tab, side);
            }
        }
    }

    /// Notes what goes on in browsers through the storm.
    pub(super) fn note_browsers(&mut self) {
        self.open_windows();
        self.after(9_000, Deed::Browser);
    }
}
