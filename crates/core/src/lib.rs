//! The core: decides what happens, and keeps nothing that the journal does not tell again.
//!
//! [`Core::handle`] takes one [`Input`] and says what comes of it: records for the journal, requests for switches, a reply.
//! [`Core::apply`] takes a record back in. Live, at recovery and on a standby it is the same function, so replaying the journal
//! gives the same state, bit for bit.
//!
//! Start reading at [`Core::handle`]; commands go on in `agent` and `interaction`, what a switch says in `switch`, who gets a waiting
//! call in `routing`. The only way to change the [`State`] is `Turn::emit`: it numbers an event, applies it and puts it into the outcome, so that the
//! rest of the same decision sees it.

mod agent;
mod apply;
mod command;
mod digest;
mod floor;
mod interaction;
pub mod invariants;
mod lookup;
mod routing;
mod snapshot;
mod state;
mod switch;
mod turn;

use std::sync::Arc;

use model::{
    Accepted, AgentId, Command, Contact, Floor, InteractionId, Notice, Principal, Record, Rejection,
    RequestId, Seq, Snapshot, SwitchAnswer, SwitchEvent, SwitchId, SwitchRequest, Timestamp,
};
use uuid::Uuid;

pub use lookup::LookedUp;
pub use state::State;
use turn::Turn;

/// Makes ids; live from randomness, in a simulation from its seed.
pub trait Ids {
    /// A UUIDv7 that was never given before.
    fn uuid(&mut self, now: Timestamp) -> Uuid;
}

/// Something that the core has to decide about.
#[allow(
    clippy::large_enum_variant,
    reason = "most inputs are the large one: a box would cost each an allocation"
)]
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
    Contacts {
        /// Of what.
        of: LookedUp,
        /// Everybody it may be; nobody when nobody has the number, or the directory failed.
        contacts: Vec<Contact>,
    },
    /// A session has something for an agent to read.
    Notice {
        /// Who is told; somebody whom the floor does not have is told nothing.
        agent: AgentId,
        /// For what; only for an interaction that is not completed.
        interaction: Option<InteractionId>,
        /// What.
        notice: Notice,
    },
    /// An agent's first desk is there, or the last one is gone.
    Desk {
        /// Whose.
        agent: AgentId,
        /// Whether the agent has a desk.
        attended: bool,
    },
    /// The hub was started: switches and desks are gone until they are heard of again.
    Started,
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
    /// For whoever asked. Of the inputs that are no commands only a floor can be rejected.
    pub reply: Result<Accepted, Rejection>,
}

/// The core.
#[derive(Debug, Default)]
pub struct Core {
    state: State,
    unwritten: command::Unwritten,
    callers: lookup::Callers,
}

impl Core {
    /// One without floor, agents and calls.
    pub fn new() -> Self {
        Self::default()
    }

    /// One as it was when `state` was taken.
    pub fn restore(mut state: State) -> Self {
        state.index();
        Self { state, ..Self::default() }
    }

    /// Decides about one input. `now` never runs backwards. Requests that a switch has not answered are sent again when its link comes up.
    pub fn handle(&mut self, now: Timestamp, ids: &mut dyn Ids, input: Input) -> Outcome {
        let mut turn = Turn::new(&mut self.state, &mut self.callers, now, ids);
        let reply = match input {
            Input::Floor(floor) => floor::change(&mut turn, &floor),
            Input::Command(command) => command::take(&mut turn, &mut self.unwritten, &command),
            Input::Switch { switch, event } => {
                switch::hear(&mut turn, &switch, event);
                Ok(turn.accepted())
            }
            Input::Answer { switch, request, answer } => {
                switch::answered(&mut turn, &switch, request, answer);
                Ok(turn.accepted())
            }
            Input::Contacts { of, contacts } => {
                interaction::resolve(&mut turn, of, contacts);
                Ok(turn.accepted())
            }
            Input::Notice { agent, interaction, notice } => {
                turn.pass_on(&agent, interaction, notice);
                Ok(turn.accepted())
            }
            Input::Desk { agent, attended } => {
                agent::desk(&mut turn, &agent, attended);
                Ok(turn.accepted())
            }
            Input::Started => {
                switch::links_are_gone(&mut turn);
                agent::desks_are_gone(&mut turn);
                Ok(turn.accepted())
            }
            Input::Tick => {
                routing::tick(&mut turn);
                Ok(turn.accepted())
            }
        };
        agent::lose_desks(&mut turn);
        routing::assign(&mut turn);
        floor::drain(&mut turn);
        turn.finish(reply)
    }

    /// Takes a record back in: recovery, standby.
    pub fn apply(&mut self, record: &Record) {
        apply::apply(&mut self.state, record);
    }

    /// Requests that a switch has not answered: for a session that could not take them all. Tones are not among them, since their
    /// digits are not kept.
    pub fn unanswered(&self, switch: &SwitchId) -> Vec<Asked> {
        self.state.unanswered(switch)
    }

    /// When to come with [`Input::Tick`] at the latest.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.state.deadline()
    }

    /// The last event that was applied.
    pub fn seq(&self) -> Seq {
        self.state.seq
    }

    /// The floor.
    pub fn floor(&self) -> &Arc<Floor> {
        &self.state.floor
    }

    /// What `viewer` may see, and what each desk may ask now.
    pub fn snapshot(&self, now: Timestamp, viewer: &Principal) -> Snapshot {
        snapshot::take(&self.state, now, viewer)
    }

    /// The whole state, to be kept as a snapshot.
    pub fn state(&self) -> &State {
        &self.state
    }
}
