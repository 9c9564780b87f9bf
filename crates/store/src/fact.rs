//! What history learns from a record.

use model::{
    AgentEvent, AgentId, AgentState, DetailEvent, Event, FloorEvent, InteractionEvent, InteractionId,
    InteractionSummary, QueueChange, QueueId, Record, Timestamp,
};

use crate::{AgentTime, Wait, WaitDetail};

/// Something for the history. It follows from one record, and one record gives one at most.
#[derive(Debug)]
pub(crate) enum Fact<'a> {
    /// Somebody's piece of work is done.
    Interaction(&'a InteractionSummary),
    /// The notes or the disposition changed; history learns of it where the interaction is completed.
    Notes(InteractionId, &'a Event),
    /// An agent's time in one state is over.
    AgentTime(AgentTime),
    /// A call waits no longer.
    Wait(Box<Wait>),
}

impl<'a> Fact<'a> {
    /// What history learns from `record`.
    pub(crate) fn of(record: &'a Record) -> Option<Self> {
        match &record.event {
            Event::Interaction(InteractionEvent::Completed { summary, .. }) => {
                Some(Self::Interaction(summary))
            }
            // The same state again says what comes after it: the time in it goes on.
            Event::Agent(AgentEvent::StateChanged { from, to, .. }) if from == to => None,
            Event::Agent(AgentEvent::StateChanged { agent, from, from_since, .. })
            | Event::Agent(AgentEvent::SignedOut { agent, from, from_since, .. }) => {
                Some(agent_time(agent, from, *from_since, record.at))
            }
            Event::Detail(DetailEvent::NotesChanged { interaction, .. }) => {
                Some(Self::Notes(*interaction, &record.event))
            }
            Event::Floor(FloorEvent::QueueChanged { queue, change }) => wait(queue, change, record.at),
            Event::Agent(
                AgentEvent::SignedIn { .. } | AgentEvent::NextChanged { .. } | AgentEvent::DeskChanged { .. },
            )
            | Event::Interaction(
                InteractionEvent::Opened { .. }
                | InteractionEvent::StateChanged { .. }
                | InteractionEvent::ReleaseOverdue { .. }
                | InteractionEvent::Forced { .. },
            )
            | Event::Detail(
                DetailEvent::DataChanged { .. }
                | DetailEvent::ContactResolved { .. }
                | DetailEvent::CardChanged { .. }
                | DetailEvent::Popped { .. }
                | DetailEvent::Logged { .. }
                | DetailEvent::RecordingStarted { .. },
            )
            | Event::Conversation(_)
            | Event::Floor(FloorEvent::Changed { .. } | FloorEvent::NoticeRaised { .. })
            | Event::Link(_) => None,
        }
    }
}

fn agent_time<'a>(agent: &AgentId, state: &AgentState, from: Timestamp, until: Timestamp) -> Fact<'a> {
    Fact::AgentTime(AgentTime { agent: agent.clone(), state: state.clone(), from, until })
}

fn wait<'a>(queue: &QueueId, change: &QueueChange, at: Timestamp) -> Option<Fact<'a>> {
    let (waited_ms, answered_by, (switch, call), cause, waiter) = match change {
        QueueChange::Answered { waited_ms, agent, switch, call, waiter } => {
            (*waited_ms, Some(agent.clone()), (switch, call), None, waiter)
        }
        QueueChange::Left { waited_ms, switch, call, cause, waiter } => {
            (*waited_ms, None, (switch, call), Some(*cause), waiter)
        }
        QueueChange::Entered { .. } | QueueChange::Offered { .. } | QueueChange::Returned { .. } => {
            return None;
        }
    };
    let (switch, call, waiter) = (Some(switch.clone()), Some(call.clone()), (**waiter).clone());
    let detail = WaitDetail { switch, call, cause, waiter };
    Some(Fact::Wait(Box::new(Wait { queue: queue.clone(), at, waited_ms, answered_by, detail })))
}
