//! Updates of the history that follow from journal records.

use model::{
    AgentEvent, AgentId, AgentState, DetailEvent, Event, FloorEvent, InteractionEvent, InteractionId,
    InteractionSummary, QueueChange, QueueId, Record, Timestamp,
};

use crate::{AgentTime, Wait, WaitDetail};

/// An update of the history. Each record leads to at most one.
#[derive(Debug)]
pub(crate) enum HistoryUpdate<'a> {
    /// An interaction was completed.
    Interaction(&'a InteractionSummary),
    /// The notes or the disposition changed, which updates a completed interaction.
    Notes(InteractionId, &'a Event),
    /// An agent left a state.
    AgentTime(AgentTime),
    /// A call left a queue.
    Wait(Box<Wait>),
}

impl<'a> HistoryUpdate<'a> {
    /// The update that follows from `record`.
    pub(crate) fn of(record: &'a Record) -> Option<Self> {
        match &record.event {
            Event::Interaction(InteractionEvent::Completed { summary, .. }) => {
                Some(Self::Interaction(summary))
            }
            // The state did not change, only the next state, so the time in the state continues.
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
                | DetailEvent::CustomerChanged { .. }
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

fn agent_time<'a>(
    agent: &AgentId,
    state: &AgentState,
    from: Timestamp,
    until: Timestamp,
) -> HistoryUpdate<'a> {
    HistoryUpdate::AgentTime(AgentTime { agent: agent.clone(), state: state.clone(), from, until })
}

fn wait<'a>(queue: &QueueId, change: &QueueChange, at: Timestamp) -> Option<HistoryUpdate<'a>> {
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
    Some(HistoryUpdate::Wait(Box::new(Wait { queue: queue.clone(), at, waited_ms, answered_by, detail })))
}
