//! The core makes every decision. Its state follows from the journal alone.
//!
//! [`Core::handle`] takes one [`Input`] and returns its outcome: records for the journal, requests for switches, and a
//! reply. [`Core::apply`] applies a record to the state. Normal operation, recovery and a standby node use the same
//! function, so replaying the journal gives exactly the same state.
//!
//! Start reading at [`Core::handle`]. Commands continue in `agent` and `interaction`, events of a switch in `switch`,
//! and the choice of an agent for a waiting call in `routing`. Only `Turn::emit` changes the [`State`]: it numbers an
//! event, applies it and adds it to the outcome, so that the rest of the same decision sees it.

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

pub use lookup::DirectoryLookup;
pub use state::State;
use turn::Turn;

/// Creates IDs; from random numbers in production, from a seed in simulations.
pub trait Ids {
    /// Returns a new UUIDv7.
    fn uuid(&mut self, now: Timestamp) -> Uuid;
}

/// An input of the core.
#[allow(
    clippy::large_enum_variant,
    reason = "most inputs are the large one: a box would cost each an allocation"
)]
#[derive(Debug, Clone)]
pub enum Input {
    /// A floor to apply.
    Floor(Arc<Floor>),
    /// A command.
    Command(Box<Command>),
    /// An event from a switch.
    Switch {
        /// The switch.
        switch: SwitchId,
        /// The event.
        event: SwitchEvent,
    },
    /// An answer of a switch to a request.
    Answer {
        /// The switch.
        switch: SwitchId,
        /// The request.
        request: RequestId,
        /// The answer.
        answer: SwitchAnswer,
    },
    /// The result of a directory lookup.
    Contacts {
        /// What was looked up.
        of: DirectoryLookup,
        /// All contacts with the number; empty when there are none or when the directory failed.
        contacts: Vec<Contact>,
    },
    /// A notice from a session for an agent.
    Notice {
        /// The agent; unknown agents are ignored.
        agent: AgentId,
        /// The interaction that the notice is about; ignored when it is completed or unknown.
        interaction: Option<InteractionId>,
        /// The notice.
        notice: Notice,
    },
    /// An agent's first desk connected, or the last one disconnected.
    Desk {
        /// The agent.
        agent: AgentId,
        /// Whether the agent has a desk.
        attended: bool,
    },
    /// The hub started: all switches and desks count as disconnected until they connect again.
    Started,
    /// Time has passed.
    Tick,
}

/// A request to send to a switch at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingRequest {
    /// The ID of the request; unchanged when the request is sent again.
    pub request: RequestId,
    /// The switch.
    pub switch: SwitchId,
    /// The request.
    pub what: SwitchRequest,
}

/// The outcome of an input. Nothing of it may become visible before `records` are durable.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Records for the journal, in order.
    pub records: Vec<Arc<Record>>,
    /// Requests for switches, in order.
    pub requests: Vec<OutgoingRequest>,
    /// The reply to the sender. Only commands and floors can be rejected.
    pub reply: Result<Accepted, Rejection>,
}

/// The core.
#[derive(Debug, Default)]
pub struct Core {
    state: State,
    unrecorded: command::UnrecordedAnswers,
    callers: lookup::CallerCache,
}

impl Core {
    /// Creates a core without a floor, agents or calls.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a core from a saved state.
    pub fn restore(mut state: State) -> Self {
        state.index();
        Self { state, ..Self::default() }
    }

    /// Decides about one input. `now` must not decrease. When a link comes up again, requests that the switch has not
    /// answered are sent again.
    pub fn handle(&mut self, now: Timestamp, ids: &mut dyn Ids, input: Input) -> Outcome {
        let mut turn = Turn::new(&mut self.state, &mut self.callers, now, ids);
        let reply = match input {
            Input::Floor(floor) => floor::change(&mut turn, &floor),
            Input::Command(command) => command::take(&mut turn, &mut self.unrecorded, &command),
            Input::Switch { switch, event } => {
                switch::handle_event(&mut turn, &switch, event);
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
                turn.forward_notice(&agent, interaction, notice);
                Ok(turn.accepted())
            }
            Input::Desk { agent, attended } => {
                agent::desk(&mut turn, &agent, attended);
                Ok(turn.accepted())
            }
            Input::Started => {
                switch::mark_links_down(&mut turn);
                agent::mark_desks_gone(&mut turn);
                Ok(turn.accepted())
            }
            Input::Tick => {
                routing::tick(&mut turn);
                Ok(turn.accepted())
            }
        };
        agent::expire_desk_grace(&mut turn);
        routing::assign(&mut turn);
        floor::remove_unused(&mut turn);
        turn.finish(reply)
    }

    /// Applies a record, during recovery or on a standby node.
    pub fn apply(&mut self, record: &Record) {
        apply::apply(&mut self.state, record);
    }

    /// The requests that a switch has not answered, for a session that could not take them all. Requests for tones are
    /// not included, because their digits are not stored.
    pub fn unanswered(&self, switch: &SwitchId) -> Vec<OutgoingRequest> {
        self.state.unanswered(switch)
    }

    /// When to call [`Core::handle`] with [`Input::Tick`] at the latest.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.state.deadline()
    }

    /// The sequence number of the last event that was applied.
    pub fn seq(&self) -> Seq {
        self.state.seq
    }

    /// The floor.
    pub fn floor(&self) -> &Arc<Floor> {
        &self.state.floor
    }

    /// The state that `viewer` can see, with the verbs that are allowed now.
    pub fn snapshot(&self, now: Timestamp, viewer: &Principal) -> Snapshot {
        snapshot::take(&self.state, now, viewer)
    }

    /// The complete state, to save as a snapshot.
    pub fn state(&self) -> &State {
        &self.state
    }
}
