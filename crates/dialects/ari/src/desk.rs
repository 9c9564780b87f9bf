//! We play the desk end: Asterisk has the phones and is a switch of ours.
//!
//! What the hub asks, and what Asterisk tells, changes what is held here of calls and channels; [`media`] then works out where each channel
//! belongs and has Asterisk put it there. Requests about one call go to Asterisk one after the other ([`lanes`]), and the hub is told of
//! what they bring about after they were done. When one of them fails, Asterisk is asked how things stand ([`sync`]).

mod arrive;
mod calls;
mod channels;
mod events;
mod lanes;
mod leave;
mod link;
mod media;
mod picture;
mod position;
mod requests;
mod ring;
mod services;
mod sync;
mod target;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use compact_str::CompactString;
use model::{
    CallId, Event as HubEvent, Floor, QueueId, Secret, SwitchEvent, SwitchFeature, SwitchId, Timestamp,
};
use session::{Exchange, FromHub, Input, Outputs, Reason, Session, ToHub};
use uuid::Uuid;

use self::{
    calls::Call,
    channels::{Channel, ChannelId},
    lanes::{Lane, LaneId, Purpose},
    link::Phase,
    position::Waiting,
    requests::Requests,
};
use crate::{Answer, DeskConfig, Error};

/// The desk end of ARI.
#[derive(Debug)]
pub struct Desk {
    config: DeskConfig,
    authorization: Secret,
    /// What the hub calls this Asterisk.
    switch: SwitchId,
    /// Begins the ids of channels that we make; another one for each process.
    instance: Uuid,
    floor: Arc<Floor>,
    phase: Phase,
    /// How often in a row it could not be reached.
    failures: u32,
    calls: BTreeMap<CallId, Call>,
    channels: BTreeMap<ChannelId, Channel>,
    /// Channels that were hung up and may still be there.
    leaving: VecDeque<ChannelId>,
    /// Bridges that Asterisk has.
    bridges: BTreeSet<CompactString>,
    lanes: BTreeMap<LaneId, Lane>,
    /// What is asked of Asterisk and has no answer yet.
    asked: BTreeMap<Exchange, Purpose>,
    requests: Requests,
    /// Something failed: what is held here may not be so.
    doubt: bool,
    /// Everybody who waits for an agent.
    waiting: Waiting,
    /// When the whole picture was last taken.
    pictured: Timestamp,
    /// When Asterisk is asked next whether it is there.
    ping: Timestamp,
    closing: bool,
    out: Outputs,
}

impl Desk {
    /// A session for the Asterisk that the hub knows as `switch`. `instance` must be another one in each process.
    pub fn new(config: DeskConfig, switch: SwitchId, instance: Uuid) -> Result<Self, Error> {
        config.check()?;
        Ok(Self {
            authorization: config.authorization(),
            config,
            switch,
            instance,
            floor: Arc::default(),
            phase: Phase::Idle,
            failures: 0,
            calls: BTreeMap::new(),
            channels: BTreeMap::new(),
            leaving: VecDeque::new(),
            bridges: BTreeSet::new(),
            lanes: BTreeMap::new(),
            asked: BTreeMap::new(),
            requests: Requests::default(),
            doubt: false,
            waiting: Waiting::default(),
            pictured: Timestamp::default(),
            ping: Timestamp::default(),
            closing: false,
            out: Outputs::default(),
        })
    }

    /// Whether the hub was told that Asterisk can be reached.
    pub fn is_up(&self) -> bool {
        matches!(self.phase, Phase::Up { .. })
    }

    /// How many things are held for later: calls, channels, requests that wait, answers that are remembered, output.
    pub fn held(&self) -> usize {
        let steps: usize = self.lanes.values().map(Lane::len).sum();
        let own = self.calls.len() + self.channels.len() + self.leaving.len() + self.bridges.len();
        own + steps + self.asked.len() + self.requests.len() + self.phase.held() + self.out.len()
    }

    fn features(&self) -> Vec<SwitchFeature> {
        let by_hand = |feature: &SwitchFeature| *feature != SwitchFeature::AnswerCall;
        match self.config.answer {
            Answer::AtPhone => SwitchFeature::ALL.into_iter().filter(by_hand).collect(),
            Answer::FromDesk => SwitchFeature::ALL.to_vec(),
        }
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, .. } => {
                self.floor = floor;
                self.waiting = Waiting::of(&snapshot, self.out.now() + self.config.position_every);
            }
            FromHub::Event(record) => {
                if let HubEvent::FloorChanged { floor } = &record.event {
                    self.floor = Arc::clone(floor);
                }
                if let HubEvent::QueueChanged { queue, change } = &record.event {
                    let first = self.out.now() + self.config.position_every;
                    self.waiting.change(queue, change, first);
                }
            }
            FromHub::Requested { request, asked } => self.requested(request, asked),
            FromHub::Closing => self.close(),
            FromHub::Answer { .. } | FromHub::Authenticated { .. } => {}
        }
    }

    /// Tells the hub at once; of calls it is told in the order of their lanes.
    fn tell_now(&mut self, event: SwitchEvent) {
        self.out.say(ToHub::Switch(event));
    }

    /// An id for a channel or a call that no other has.
    fn new_id(&mut self) -> CompactString {
        format!("{OWN}{}-{}", self.instance.simple(), self.out.number()).into()
    }
}

/// Ids that begin so are ours.
const OWN: &str = "cordboard-";

/// The bridge in which the parties of a call hear each other.
fn call_bridge(call: &CallId) -> CompactString {
    format!("{OWN}call-{call}").into()
}

/// The bridge in which callers wait.
fn queue_bridge(queue: &QueueId) -> CompactString {
    format!("{OWN}queue-{queue}").into()
}

impl Session for Desk {
    fn handle(&mut self, now: Timestamp, input: Input) {
        self.out.note(now);
        match input {
            Input::Start => self.start(),
            Input::Peer(said) => self.peer(said),
            Input::Hub(said) => self.hub(said),
            Input::Tick => {}
        }
        self.tell_positions();
        self.advance();
    }

    fn poll(&mut self) -> Option<session::Output> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let rings = self.channels.values().filter_map(|channel| channel.ring_by).min();
        let rings = rings.filter(|_| self.is_up()).map(|at| (at, "a phone that was called has to ring"));
        let position = self.position_due().map(|at| (at, "a caller is to be told its place in the queue"));
        self.out.earliest(self.link_deadlines().chain(rings).chain(position))
    }
}
