//! Who is shown which event. The one place.

use model::{Event, Principal, QueueId};

/// Whether `viewer`, who takes the calls of `queues`, is shown `event`.
///
/// Who sees all work sees every event. An agent sees its own, those of its queues, and what concerns everybody.
pub fn sees(viewer: &Principal, queues: &[QueueId], event: &Event) -> bool {
    if viewer.role.sees_all() {
        return true;
    }
    match queue_of(event) {
        Some(queue) => queues.contains(queue),
        None => event.agent().is_none_or(|agent| viewer.agent.as_ref() == Some(agent)),
    }
}

/// The queue that an event is about.
pub(crate) fn queue_of(event: &Event) -> Option<&QueueId> {
    match event {
        Event::QueueChanged { queue, .. } => Some(queue),
        Event::FloorChanged { .. }
        | Event::SwitchLinkChanged { .. }
        | Event::AgentSignedIn { .. }
        | Event::AgentStateChanged { .. }
        | Event::AgentSignedOut { .. }
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
        | Event::InteractionCompleted { .. }
        | Event::NoticeRaised { .. }
        | Event::SwitchRequested { .. }
        | Event::SwitchAnswered { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use model::{AccountName, AgentId, AgentState, Cause, QueueChange, Role, SwitchId, Timestamp};

    use super::*;

    fn principal(role: Role) -> Principal {
        let agent = Some(AgentId::new("1001").unwrap());
        Principal { account: AccountName::new("somebody").unwrap(), role, agent }
    }

    fn left(queue: &str) -> Event {
        let (switch, call) = (SwitchId::new("s").unwrap(), model::CallId::new("c").unwrap());
        let change = QueueChange::Left { switch, call, cause: Cause::Abandoned, waited_ms: 1 };
        Event::QueueChanged { queue: QueueId::new(queue).unwrap(), change }
    }

    fn changed(agent: &str) -> Event {
        Event::AgentStateChanged {
            agent: AgentId::new(agent).unwrap(),
            from: AgentState::Ready,
            from_since: Timestamp(1),
            to: AgentState::Busy,
            next: None,
        }
    }

    #[test]
    fn an_agent_is_shown_its_own_and_its_queues() {
        let (agent, queues) = (principal(Role::Agent), [QueueId::new("7700").unwrap()]);
        assert!(sees(&agent, &queues, &changed("1001")));
        assert!(!sees(&agent, &queues, &changed("1002")));
        assert!(sees(&agent, &queues, &left("7700")));
        assert!(!sees(&agent, &queues, &left("7800")));
        assert!(sees(&agent, &queues, &Event::FloorChanged { floor: Default::default() }));
    }

    #[test]
    fn who_sees_all_is_shown_all() {
        for role in [Role::Supervisor, Role::Admin, Role::Integration] {
            assert!(
                sees(&principal(role), &[], &changed("1002")) && sees(&principal(role), &[], &left("7800"))
            );
        }
    }
}
