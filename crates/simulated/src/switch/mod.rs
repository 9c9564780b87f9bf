//! The switch itself: its calls, and what makes them move.
//!
//! Requests, callers, hands at phones and alarms each change a few connections. A connection's alarm follows from its state, so
//! nothing but [`Switch::set_state`] has to know when a party acts by itself.

mod call;
mod clear;
mod connection;
mod ring;
mod state;

use std::collections::{BTreeMap, BTreeSet};

use model::{CallId, PartyKind, QueueId, SwitchEvent, Timestamp, switch::CallPicture};
use session::{Reason, ToHub};

pub(crate) use call::Call;
pub(crate) use connection::{Connection, Habits};
pub use connection::{Recording, State};

use crate::{
    Config, Error, Outside,
    clock::Clock,
    faults::Faults,
    line::{Line, Link, Mishap, ms},
    memory::Memory,
    phone::{Phones, phones},
};

/// How many queues there may be. Ours.
const QUEUES_MAX: usize = 10_000;

/// What goes off.
#[derive(Debug)]
pub(crate) enum Alarm {
    /// A party does what its state has it do.
    Party { call: CallId, at: PartyKind },
    /// The lost link is back.
    LinkUp,
}

/// A phone system with phones, queues, callers and numbers outside.
///
/// Every method that takes `now` first lets happen what was due until then. What comes of it is asked for with [`Switch::poll`].
#[derive(Debug)]
pub struct Switch {
    pub(crate) config: Config,
    pub(crate) phones: Phones,
    pub(crate) queues: BTreeSet<QueueId>,
    pub(crate) outside: Outside,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) line: Line,
    pub(crate) memory: Memory,
    clock: Clock<Alarm>,
    now: Timestamp,
    /// When the switch was started: keeps its call ids apart from those of its last run.
    epoch: Timestamp,
    calls_made: u64,
}

impl Switch {
    /// A switch without calls. The link is down until [`Switch::start`].
    ///
    /// Refuses a phone in `auto_answer` that is not among `devices`, and more devices or queues than it can have.
    pub fn new(mut config: Config) -> Result<Self, Error> {
        Ok(Self {
            phones: phones(&config.devices, &config.auto_answer)?,
            queues: queues(&config.queues)?,
            outside: std::mem::take(&mut config.outside),
            calls: BTreeMap::new(),
            line: Line::new(Faults::new(config.seed, config.faults.clone())),
            memory: Memory::new(config.answers_max),
            clock: Clock::new(),
            now: Timestamp::default(),
            epoch: Timestamp::default(),
            calls_made: 0,
            config,
        })
    }

    /// The hub can be told from here on; it is told everything first.
    pub fn start(&mut self, now: Timestamp) {
        self.epoch = now;
        self.act(now, Self::come_up);
    }

    /// Lets happen what is due.
    pub fn tick(&mut self, now: Timestamp) {
        self.advance(now);
    }

    /// When to [`Switch::tick`] at the latest, and why.
    pub fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let alarm = self.clock.next().map(|(at, alarm)| (at, reason(alarm)));
        let late = self.line.next_late().map(|at| (at, "a late event"));
        alarm.into_iter().chain(late).min_by_key(|(at, _)| *at)
    }

    /// What is to be told to the hub next; ask until there is nothing.
    pub fn poll(&mut self) -> Option<ToHub> {
        self.line.poll()
    }

    /// Does something at a moment, and whatever is due at once because of it.
    pub(crate) fn act<T>(&mut self, now: Timestamp, what: impl FnOnce(&mut Self) -> T) -> T {
        self.advance(now);
        let outcome = what(self);
        self.advance(now);
        outcome
    }

    pub(crate) fn tell(&mut self, event: SwitchEvent) {
        self.line.tell(self.now, event);
    }

    /// Tells the hub everything from the beginning.
    pub(crate) fn come_up(&mut self) {
        self.line.come_up(self.pictures());
    }

    /// Keeps the hub from hearing anything for so many milliseconds.
    pub(crate) fn lose_link(&mut self, for_ms: u64) {
        let until = self.now + ms(for_ms);
        if let Link::Down(before) = self.line.link
            && before >= until
        {
            return;
        }
        self.line.go_down(until);
        self.clock.set(until, Alarm::LinkUp);
    }

    /// Takes a call away without a word.
    pub(crate) fn vanish(&mut self, call: &CallId) -> Result<(), Error> {
        let parties: Vec<PartyKind> =
            self.known_call(call)?.connections.iter().map(|c| c.party.at.clone()).collect();
        for at in parties {
            self.take_out(call, &at);
        }
        self.calls.remove(call);
        Ok(())
    }

    /// Keeps a new call, under an id that no call ever had. Refuses when there are too many.
    pub(crate) fn keep(&mut self, call: Call) -> CallId {
        self.calls_made += 1;
        let text = format!("sim-{:x}-{:06}", self.epoch.0, self.calls_made);
        // Two numbers and a prefix are far below the 128 bytes that an id may have, and hold no control character.
        let id = CallId::new(text).expect("a call id of plain letters");
        for connection in &call.connections {
            self.note_at_phone(&id, &connection.party.at);
        }
        self.calls.insert(id.clone(), call);
        id
    }

    pub(crate) fn known_call(&self, call: &CallId) -> Result<&Call, Error> {
        self.calls.get(call).ok_or_else(|| Error::UnknownCall(call.clone()))
    }

    pub(crate) fn known_call_mut(&mut self, call: &CallId) -> Result<&mut Call, Error> {
        self.calls.get_mut(call).ok_or_else(|| Error::UnknownCall(call.clone()))
    }

    fn pictures(&self) -> Vec<CallPicture> {
        let told = self.calls.iter().filter(|(_, call)| call.told);
        told.map(|(id, call)| call.picture(id)).collect()
    }

    fn advance(&mut self, now: Timestamp) {
        let now = self.now.max(now);
        self.suffer();
        while self.step(now) {
            self.suffer();
        }
        self.now = now;
    }

    /// Does the first thing that is due; says whether there was one.
    fn step(&mut self, now: Timestamp) -> bool {
        let alarm = self.clock.next().map(|(at, _)| at);
        if let Some(late) =
            self.line.next_late().filter(|late| *late <= now && alarm.is_none_or(|at| *late <= at))
        {
            self.line.release(late);
            return true;
        }
        let Some((at, alarm)) = self.clock.pop(now) else { return false };
        self.now = self.now.max(at);
        self.go_off(alarm);
        true
    }

    fn go_off(&mut self, alarm: Alarm) {
        match alarm {
            Alarm::Party { call, at } => self.moment(&call, &at),
            Alarm::LinkUp => self.link_back(),
        }
    }

    /// Comes up, unless the link was lost again for longer and has another alarm for that.
    fn link_back(&mut self) {
        if matches!(self.line.link, Link::Down(until) if until <= self.now) {
            self.come_up();
        }
    }

    fn suffer(&mut self) {
        while let Some(mishap) = self.line.next_mishap() {
            match mishap {
                Mishap::LostLink => self.lose_link(self.line.faults.chances.link_down_ms),
                // Gone already: then it cannot vanish.
                Mishap::VanishedCall(call) => drop(self.vanish(&call)),
            }
        }
    }
}

fn queues(queues: &[QueueId]) -> Result<BTreeSet<QueueId>, Error> {
    let count = queues.len();
    if count > QUEUES_MAX {
        return Err(Error::TooMany { what: "the count of queues", count, count_max: QUEUES_MAX });
    }
    Ok(queues.iter().cloned().collect())
}

fn reason(alarm: &Alarm) -> Reason {
    match alarm {
        Alarm::Party { .. } => "a party acts",
        Alarm::LinkUp => "the link comes back",
    }
}
