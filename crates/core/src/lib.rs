//! The core: decides what happens, and keeps nothing that the journal does not tell again.
//!
//! [`Core::handle`] takes one [`Input`] and says what comes of it: records for the journal, requests for switches, a reply.
//! [`Core::apply`] takes a record back in. Live, at recovery and on a standby it is the same function, so replaying the journal
//! gives the same state, bit for bit.

use std::sync::Arc;

use model::{
    Accepted, Command, Contact, Floor, InteractionId, Principal, Record, Rejection, RequestId, Seq, Snapshot,
    SwitchAnswer, SwitchEvent, SwitchId, SwitchRequest, Timestamp,
};
use uuid::Uuid;

/// Makes ids; live from randomness, in a simulation from its seed.
pub trait Ids {
    /// A UUIDv7 that was never given before.
    fn uuid(&mut self, now: Timestamp) -> Uuid;
}

/// Something that the core has to decide about.
#[derive(Debug, Clone)]
pub enum Input {
    /// The floor is another one.
    Floor(Arc<Floor>),
    /// Somebody asks for something.
    Command(Box<Command>),
    /// A switch says something.
    Switch {
        /// Which.
        switch: SwitchId,
        /// What.
        event: SwitchEvent,
    },
    /// A switch answers a request.
    Answer {
        /// Which switch.
        switch: SwitchId,
        /// Which request.
        request: RequestId,
        /// What it says.
        answer: SwitchAnswer,
    },
    /// The directory says who is at the other end.
    Contact {
        /// Of which interaction.
        interaction: InteractionId,
        /// Who it is.
        contact: Box<Contact>,
    },
    /// Time has passed.
    Tick,
}

/// A request that is to be sent to a switch, at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its number, the same when sent again.
    pub request: RequestId,
    /// To which switch.
    pub switch: SwitchId,
    /// What.
    pub what: SwitchRequest,
}

/// What comes of an input. Nothing of it may be seen by anybody before `records` are durable.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// For the journal, in order.
    pub records: Vec<Arc<Record>>,
    /// For the switches, in order.
    pub requests: Vec<Asked>,
    /// For whoever asked. Inputs that are no commands are always accepted.
    pub reply: Result<Accepted, Rejection>,
}

/// Everything that is decided upon.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct State {}

/// The core.
#[derive(Debug, Default)]
pub struct Core {
    state: State,
}

#[allow(clippy::todo, unused_variables)]
impl Core {
    /// One without floor, agents and calls.
    pub fn new() -> Self {
        Self::default()
    }

    /// One as it was when `state` was taken.
    pub fn restore(state: State) -> Self {
        Self { state }
    }

    /// Decides about one input. `now` never runs backwards.
    pub fn handle(&mut self, now: Timestamp, ids: &mut dyn Ids, input: Input) -> Outcome {
        todo!()
    }

    /// Takes a record back in: recovery, standby.
    pub fn apply(&mut self, record: &Record) {
        todo!()
    }

    /// Requests that were not answered yet: to be sent again when the link is up.
    pub fn unanswered(&self, switch: &SwitchId) -> Vec<Asked> {
        todo!()
    }

    /// When to come with [`Input::Tick`] at the latest.
    pub fn deadline(&self) -> Option<Timestamp> {
        todo!()
    }

    /// The last event that was applied.
    pub fn seq(&self) -> Seq {
        todo!()
    }

    /// The floor.
    pub fn floor(&self) -> &Arc<Floor> {
        todo!()
    }

    /// What `viewer` may see, and what each desk may ask now.
    pub fn snapshot(&self, now: Timestamp, viewer: &Principal) -> Snapshot {
        todo!()
    }

    /// The whole state, to be kept as a snapshot.
    pub fn state(&self) -> &State {
        &self.state
    }
}
