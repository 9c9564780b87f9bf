//! The desk end: Asterisk has the phones and is a switch on the floor.
//!
//! The call engine keeps the calls. The session adds what is specific to Asterisk: the link and the synchronization after a reconnect ([`sync`],
//! [`picture`]), events ([`events`], [`arrive`]), effects as ARI requests ([`effects`], [`places`]), and queue announcements ([`position`]).

mod arrive;
mod effects;
mod events;
mod link;
mod numbers;
mod phones;
mod picture;
mod places;
mod position;
mod sync;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use compact_str::{CompactString, format_compact};
use model::{
    Cause, Event as HubEvent, FloorEvent, RequestId, Secret, SwitchAnswer, SwitchEvent, SwitchFeature,
    SwitchId, SwitchRequest, Timestamp,
};
use pbx::{Answering, EffectId, Engine, Settings};
use session::{Backoff, Exchange, FromHub, HttpAndStream, Input, Outputs, Reason, Session, ToHub};
use uuid::Uuid;

use self::{effects::Purpose, link::Phase, numbers::Numbers, position::WaitingCallers};
use crate::{
    Answer, DeskConfig, Error,
    config::Template,
    wire::{
        Op,
        limits::{
            AGAIN_AFTER, CALLS_MAX, CALLS_PER_PHONE_MAX, NOTE_DATA_BYTES_MAX, PARTIES_MAX, PICTURE_AGAIN,
            RINGS_WITHIN,
        },
    },
};

/// The desk end of ARI.
#[derive(Debug)]
pub struct DeskSession {
    config: DeskConfig,
    phone: Template,
    authorization: Secret,
    engine: Engine<Numbers>,
    phase: Phase,
    /// How long to wait before the next attempt to connect.
    backoff: Backoff,
    /// The bridges that exist in Asterisk.
    bridges: BTreeSet<CompactString>,
    /// The remaining requests of each effect in progress.
    jobs: BTreeMap<EffectId, VecDeque<Op>>,
    /// The purpose of each open request to Asterisk.
    open_requests: BTreeMap<Exchange, Purpose>,
    /// All callers who wait in queues.
    waiting: WaitingCallers,
    /// When Asterisk is pinged next.
    ping: Timestamp,
    /// When Asterisk's phones are read next.
    phones_at: Timestamp,
    closing: bool,
    out: Outputs<HttpAndStream>,
}

impl DeskSession {
    /// Creates a session. `switch` is Asterisk's ID on the floor. `instance` must be unique to each process.
    pub fn new(config: DeskConfig, switch: SwitchId, instance: Uuid) -> Result<Self, Error> {
        config.check_values()?;
        let phone = Template::new(&config.phone, "{device}")?;
        let trunk = config.trunk.as_deref().map(|trunk| Template::new(trunk, "{number}")).transpose()?;
        let numbers = Numbers { floor: Arc::default(), switch, phone: phone.clone(), trunk };
        Ok(Self {
            authorization: config.authorization(),
            engine: Engine::new(numbers, settings(&config, instance)),
            config,
            phone,
            phase: Phase::Idle,
            backoff: Backoff::new(&AGAIN_AFTER),
            bridges: BTreeSet::new(),
            jobs: BTreeMap::new(),
            open_requests: BTreeMap::new(),
            waiting: WaitingCallers::default(),
            ping: Timestamp::default(),
            phones_at: Timestamp::default(),
            closing: false,
            out: Outputs::default(),
        })
    }

    /// Whether the switch is up for the hub.
    pub fn is_up(&self) -> bool {
        matches!(self.phase, Phase::Up { .. })
    }

    /// How many items the session keeps: calls, channels, waiting requests, remembered answers and output.
    pub fn held(&self) -> usize {
        let jobs: usize = self.jobs.values().map(VecDeque::len).sum();
        self.engine.held()
            + self.bridges.len()
            + jobs
            + self.open_requests.len()
            + self.phase.held()
            + self.out.len()
    }

    fn features(&self) -> Vec<SwitchFeature> {
        let by_hand = |feature: &SwitchFeature| *feature != SwitchFeature::AnswerCall;
        match self.config.answer {
            Answer::AtPhone => SwitchFeature::ALL.into_iter().filter(by_hand).collect(),
            Answer::FromDesk => SwitchFeature::ALL.to_vec(),
        }
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, .. } => {
                self.engine.numbering.floor = floor;
                self.waiting =
                    WaitingCallers::of(&snapshot, self.out.now() + self.config.position_every.duration());
            }
            FromHub::Event(record) => {
                if let HubEvent::Floor(FloorEvent::Changed { floor }) = &record.event {
                    self.engine.numbering.floor = Arc::clone(floor);
                }
                if let HubEvent::Floor(FloorEvent::QueueChanged { queue, change }) = &record.event {
                    let first = self.out.now() + self.config.position_every.duration();
                    self.waiting.change(queue, change, first);
                }
            }
            FromHub::Requested { request, requested } => self.requested(request, requested),
            FromHub::Closing => self.close(),
            FromHub::Answer { .. } | FromHub::Authenticated { .. } => {}
        }
    }

    /// Handles a request of the hub. While Asterisk is unreachable it is refused and not remembered, so it can be repeated later.
    fn requested(&mut self, request: RequestId, requested: SwitchRequest) {
        if (self.is_up() && !self.closing) || self.engine.knows(request) {
            self.engine.request(self.out.now(), request, requested);
            return self.carry_out_outputs();
        }
        let text = CompactString::const_new("Asterisk cannot be reached");
        self.answer(request, SwitchAnswer::Refused { cause: Cause::Failed, text });
    }

    fn answer(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.out.push(ToHub::SwitchAnswer { request, answer });
    }

    fn report(&mut self, event: SwitchEvent) {
        self.out.push(ToHub::Switch(event));
    }
}

/// The prefix of Cordboard's own IDs.
const OWN: &str = "cordboard-";

fn settings(config: &DeskConfig, instance: Uuid) -> Settings {
    Settings {
        prefix: format_compact!("{OWN}{}-", instance.simple()),
        answering: match config.answer {
            Answer::AtPhone => Answering::AtPhone,
            Answer::FromDesk => Answering::FromDesk,
        },
        notes: true,
        rings_within: Some(RINGS_WITHIN),
        desk_rings: config.ring.duration(),
        look_every: PICTURE_AGAIN,
        calls_max: CALLS_MAX,
        calls_per_device_max: CALLS_PER_PHONE_MAX,
        parties_max: PARTIES_MAX,
        data_bytes_max: usize::MAX,
        note_data_bytes_max: NOTE_DATA_BYTES_MAX,
        answers_max: 1_024,
    }
}

impl Session for DeskSession {
    type Transport = HttpAndStream;

    fn handle(&mut self, now: Timestamp, input: Input<HttpAndStream>) {
        self.out.note(now);
        match input {
            Input::Start => self.start(),
            Input::Peer(message) => self.peer(message),
            Input::Hub(message) => self.hub(message),
            Input::Tick => {}
        }
        self.announce_positions();
        self.advance();
    }

    fn poll(&mut self) -> Option<session::Output<HttpAndStream>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let calls = self.engine.deadline().filter(|_| self.is_up());
        let position = self.position_due().map(|at| (at, "announce a caller's place in the queue"));
        self.out.earliest(self.link_deadline().into_iter().chain(calls).chain(position))
    }
}
