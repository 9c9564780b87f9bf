//! What history learns from a record.

use model::{AgentId, AgentState, Event, InteractionSummary, QueueChange, QueueId, Record, Timestamp};

use crate::{AgentTime, Wait};

/// Something for the history. It follows from one record, and one record gives one at most.
#[derive(Debug)]
pub(crate) enum Fact<'a> {
    /// Somebody's piece of work is done.
    Interaction(&'a InteractionSummary),
    /// An agent's time in one state is over.
    AgentTime(AgentTime),
    /// A call waits no longer.
    Wait(Wait),
}

impl<'a> Fact<'a> {
    /// What history learns from `record`.
    pub(crate) fn of(record: &'a Record) -> Option<Self> {
        match &record.event {
            Event::InteractionCompleted { summary, .. } => Some(Self::Interaction(summary)),
            // The same state again says what comes after it: the time in it goes on.
            Event::AgentStateChanged { from, to, .. } if from == to => None,
            Event::AgentStateChanged { agent, from, from_since, .. }
            | Event::AgentSignedOut { agent, from, from_since, .. } => {
                Some(agent_time(agent, from, *from_since, record.at))
            }
            Event::QueueChanged { queue, change } => wait(queue, change, record.at),
            Event::FloorChanged { .. }
            | Event::SwitchLinkChanged { .. }
            | Event::AgentSignedIn { .. }
            | Event::AgentNextChanged { .. }
            | Event::AgentDeskChanged { .. }
            | Event::ReleaseOverdue { .. }
            | Event::InteractionForced { .. }
            | Event::InteractionOpened { .. }
            | Event::InteractionStateChanged { .. }
            | Event::ConversationOpened { .. }
            | Event::ConversationStateChanged { .. }
            | Event::ConversationClosed { .. }
            | Event::PartiesChanged { .. }
            | Event::ControlsChanged { .. }
            | Event::DataChanged { .. }
            | Event::ContactResolved { .. }
            | Event::CardChanged { .. }
            | Event::Popped { .. }
            | Event::Logged { .. }
            | Event::NoticeRaised { .. }
            | Event::SwitchRequested { .. }
            | Event::SwitchAnswered { .. } => None,
        }
    }
}

fn agent_time<'a>(agent: &AgentId, state: &AgentState, from: Timestamp, until: Timestamp) -> Fact<'a> {
    Fact::AgentTime(AgentTime { agent: agent.clone(), state: state.clone(), from, until })
}

fn wait<'a>(queue: &QueueId, change: &QueueChange, at: Timestamp) -> Option<Fact<'a>> {
    let (waited_ms, answered_by) = match change {
        QueueChange::Answered { waited_ms, agent, .. } => (*waited_ms, Some(agent.clone())),
        QueueChange::Left { waited_ms, .. } => (*waited_ms, None),
        QueueChange::Entered { .. } | QueueChange::Offered { .. } | QueueChange::Returned { .. } => {
            return None;
        }
    };
    Some(Fact::Wait(Wait { queue: queue.clone(), at, waited_ms, answered_by }))
}
