//! We play the telephony end: we are MAX, pages that were written for it are our peers.
//!
//! One session serves the pages of all agents. What the hub tells of an agent is put together to a [`picture`]: what MAX would show. What
//! is otherwise in it after the records of one moment is what its pages are told, in one envelope each.

mod card;
mod desks;
mod picture;
mod present;
mod press;
mod register;
mod reload;
mod tell;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use model::{AgentId, CommandId, Event, Floor, FloorEvent, Record, Rejection, Snapshot, Timestamp};
use session::{FromHub, Input, Output, Outputs, PageInput, Pages, Projection, Reason, Session, ToHub};
use uuid::Uuid;

use self::{
    desks::Desks,
    picture::{Picture, Watched},
    press::Pressed,
};
use crate::{TelephonyConfig, wire::Hosts};

/// The telephony end of MAX.
#[derive(Debug)]
pub struct Telephony {
    config: TelephonyConfig,
    hosts: Hosts,
    /// Begins the ids of our commands and the tokens of sessions; another one for each process.
    instance: Uuid,
    /// What the hub told; nothing before the first snapshot.
    projection: Option<Projection>,
    desks: Desks,
    /// Agents that have a page open.
    watched: BTreeMap<AgentId, Watched>,
    /// When what has changed did so: what comes of one moment is told together.
    moment: Option<Timestamp>,
    /// Whose picture may be otherwise.
    changed: BTreeSet<AgentId>,
    pressed: Pressed,
    out: Outputs<Pages>,
}

impl Telephony {
    /// A session without pages. `instance` must be another one in each process.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Self {
        let host = config.host.to_string();
        Self {
            config,
            hosts: Hosts { iis: host.clone(), vc: host },
            instance,
            projection: None,
            desks: Desks::default(),
            watched: BTreeMap::new(),
            moment: None,
            changed: BTreeSet::new(),
            pressed: Pressed::default(),
            out: Outputs::default(),
        }
    }

    /// How many things are held for later: messages that wait, commands that have not shown their effect, output.
    pub fn held(&self) -> usize {
        self.desks.waiting() + self.pressed.len() + self.out.len()
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, resync: _ } => self.told(&snapshot, floor),
            FromHub::Event(record) => self.happened(&record),
            FromHub::Answer { command, result } => self.answered(&command, result.err()),
            FromHub::Authenticated { .. } | FromHub::Requested { .. } | FromHub::Closing => {}
        }
    }

    /// The state of things. What was told before is compared with it, and then frames that waited for it are heard.
    fn told(&mut self, snapshot: &Snapshot, floor: Arc<Floor>) {
        self.projection = Some(Projection::from_snapshot(snapshot, floor));
        self.changed = self.watched.keys().cloned().collect();
        self.moment = Some(self.out.now());
        self.flush();
        self.wake_all();
    }

    fn happened(&mut self, record: &Record) {
        if self.moment.is_some_and(|moment| moment != record.at) {
            self.flush();
        }
        let Some(projection) = &mut self.projection else { return };
        projection.apply(record);
        if let Event::Floor(FloorEvent::Changed { .. }) = record.event {
            self.changed = self.watched.keys().cloned().collect();
            self.moment = Some(record.at);
        }
        let Some(agent) = record.event.agent() else { return };
        let Some(watched) = self.watched.get_mut(agent) else { return };
        watched.note(&record.event, &mut self.out);
        self.changed.insert(agent.clone());
        self.moment = Some(record.at);
    }

    fn answered(&mut self, command: &CommandId, refused: Option<Rejection>) {
        let Some(Rejection { code, text }) = refused else { return };
        tracing::debug!(%command, code = code.word(), %text, "command of a page refused");
        self.pressed.refused(command);
    }

    /// The agent's picture as it was last told.
    fn picture(&self, agent: &AgentId) -> Option<&Picture> {
        self.watched.get(agent).map(|watched| &watched.picture)
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
            Input::Tick => self.flush(),
        }
    }

    fn poll(&mut self) -> Option<Output<Pages>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.out.earliest(self.moment.map(|at| (at, "what happened at one moment is to be told")))
    }
}
