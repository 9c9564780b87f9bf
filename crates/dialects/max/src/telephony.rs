//! The telephony end: Cordboard is MAX, and pages written for it are the peers.
//!
//! One session serves the pages of all agents. The hub's events update a [`view`] of each agent: what MAX would show. Its changes are sent to
//! the agent's pages, in one envelope for all events of one moment.

mod buttons;
mod card;
mod pages;
mod post;
mod present;
mod register;
mod reload;
mod view;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use model::{AgentId, CommandId, Event, Floor, FloorEvent, Record, Rejection, Snapshot, Timestamp};
use session::{FromHub, Input, Output, Outputs, PageInput, Pages, Projection, Reason, Session, ToHub};
use uuid::Uuid;

use self::{
    buttons::PendingPresses,
    pages::OpenPages,
    view::{MaxView, WatchedAgent},
};
use crate::{TelephonyConfig, wire::Hosts};

/// The telephony end of MAX.
#[derive(Debug)]
pub struct TelephonySession {
    config: TelephonyConfig,
    hosts: Hosts,
    /// Part of the IDs of this session's commands and of session tokens; unique to each process.
    instance: Uuid,
    /// The hub's state; `None` before the first snapshot.
    projection: Option<Projection>,
    pages: OpenPages,
    /// Agents with an open page.
    watched: BTreeMap<AgentId, WatchedAgent>,
    /// The time of the changes that were not sent yet. Changes of the same time are sent together.
    batch_time: Option<Timestamp>,
    /// Agents whose view may have changed.
    changed: BTreeSet<AgentId>,
    pending_presses: PendingPresses,
    out: Outputs<Pages>,
}

impl TelephonySession {
    /// Creates a session without pages. `instance` must be unique to each process.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Self {
        let host = config.host.to_string();
        Self {
            config,
            hosts: Hosts { iis: host.clone(), vc: host },
            instance,
            projection: None,
            pages: OpenPages::default(),
            watched: BTreeMap::new(),
            batch_time: None,
            changed: BTreeSet::new(),
            pending_presses: PendingPresses::default(),
            out: Outputs::default(),
        }
    }

    /// How many items the session keeps: waiting messages, pending button presses and output.
    pub fn held(&self) -> usize {
        self.pages.waiting() + self.pending_presses.len() + self.out.len()
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, resync: _ } => self.snapshot_received(&snapshot, floor),
            FromHub::Event(record) => self.apply_record(&record),
            FromHub::Answer { command, result } => self.answered(&command, result.err()),
            FromHub::Authenticated { .. } | FromHub::Requested { .. } | FromHub::Closing => {}
        }
    }

    /// Handles a snapshot: sends the changes since the last one, then handles the messages that waited for it.
    fn snapshot_received(&mut self, snapshot: &Snapshot, floor: Arc<Floor>) {
        self.projection = Some(Projection::from_snapshot(snapshot, floor));
        self.changed = self.watched.keys().cloned().collect();
        self.batch_time = Some(self.out.now());
        self.flush();
        self.process_all_waiting();
    }

    fn apply_record(&mut self, record: &Record) {
        if self.batch_time.is_some_and(|batch_time| batch_time != record.at) {
            self.flush();
        }
        let Some(projection) = &mut self.projection else { return };
        projection.apply(record);
        if let Event::Floor(FloorEvent::Changed { .. }) = record.event {
            self.changed = self.watched.keys().cloned().collect();
            self.batch_time = Some(record.at);
        }
        let Some(agent) = record.event.agent() else { return };
        let Some(watched) = self.watched.get_mut(agent) else { return };
        watched.note(&record.event, &mut self.out);
        self.changed.insert(agent.clone());
        self.batch_time = Some(record.at);
    }

    fn answered(&mut self, command: &CommandId, refused: Option<Rejection>) {
        let Some(Rejection { code, text }) = refused else { return };
        tracing::debug!(%command, code = code.as_str(), %text, "command of a page refused");
        self.pending_presses.refused(command);
    }

    /// The view that the agent's pages have got.
    fn view(&self, agent: &AgentId) -> Option<&MaxView> {
        self.watched.get(agent).map(|watched| &watched.view)
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
            Input::Tick => self.flush(),
        }
    }

    fn poll(&mut self) -> Option<Output<Pages>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.out.earliest(self.batch_time.map(|at| (at, "send the changes of one moment")))
    }
}
