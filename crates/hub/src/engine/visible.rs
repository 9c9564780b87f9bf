//! Decides who sees which event. All such rules are here.

use model::{AgentId, Event, FloorEvent, LinkEvent, Principal, Snapshot};

/// Who sees an event besides the roles that see all work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience<'a> {
    /// One agent.
    Agent(&'a AgentId),
    /// Every agent.
    All,
    /// No agent.
    None,
}

/// Whether `viewer` sees `event`.
///
/// Roles that see all work see every event. An agent sees its own events and those that concern everyone. Queues change many times a second
/// for many agents, so an agent sees only the calls that it is offered and requests the queue when it needs it.
pub fn sees(viewer: &Principal, event: &Event) -> bool {
    viewer.role.sees_all()
        || match audience(event) {
            Audience::Agent(agent) => viewer.agent.as_ref() == Some(agent),
            Audience::All => true,
            Audience::None => false,
        }
}

/// Removes from a snapshot what the events for `viewer` do not keep up to date.
pub fn narrow(snapshot: &mut Snapshot, viewer: &Principal) {
    if !viewer.role.sees_all() {
        snapshot.queues.clear();
    }
}

/// Who sees an event besides the roles that see all work.
pub(crate) fn audience(event: &Event) -> Audience<'_> {
    let agent = event.agent().map(Audience::Agent);
    match event {
        // Waiting calls, lists of phones and the hub's own requests are not an agent's work.
        Event::Floor(FloorEvent::QueueChanged { .. })
        | Event::Link(
            LinkEvent::Requested { .. } | LinkEvent::Answered { .. } | LinkEvent::PhonesListed { .. },
        ) => agent.unwrap_or(Audience::None),
        Event::Floor(FloorEvent::Changed { .. })
        | Event::Link(LinkEvent::Changed { .. })
        | Event::Floor(FloorEvent::NoticeRaised { .. })
        | Event::Agent(_)
        | Event::Interaction(_)
        | Event::Conversation(_)
        | Event::Detail(_) => agent.unwrap_or(Audience::All),
    }
}

#[cfg(test)]
mod tests {
    use model::{
        AccountName, AgentEvent, AgentState, Cause, QueueChange, QueueId, Role, SwitchId, Timestamp,
    };

    use super::*;

    fn principal(role: Role) -> Principal {
        let agent = Some(AgentId::new("1001").unwrap());
        Principal { account: AccountName::new("somebody").unwrap(), role, agent }
    }

    fn offered(agent: &str) -> Event {
        let (switch, call) = (SwitchId::new("s").unwrap(), model::CallId::new("c").unwrap());
        let (agent, device) = (AgentId::new(agent).unwrap(), model::DeviceId::new(agent).unwrap());
        let change = QueueChange::Offered { switch, call, agent, device };
        Event::Floor(FloorEvent::QueueChanged { queue: QueueId::new("7700").unwrap(), change })
    }

    fn left(queue: &str) -> Event {
        let (switch, call) = (SwitchId::new("s").unwrap(), model::CallId::new("c").unwrap());
        let change =
            QueueChange::Left { switch, call, cause: Cause::Abandoned, waited_ms: 1, waiter: Box::default() };
        Event::Floor(FloorEvent::QueueChanged { queue: QueueId::new(queue).unwrap(), change })
    }

    fn changed(agent: &str) -> Event {
        Event::Agent(AgentEvent::StateChanged {
            agent: AgentId::new(agent).unwrap(),
            from: AgentState::Ready,
            from_since: Timestamp(1),
            to: AgentState::Busy,
            next: None,
        })
    }

    #[test]
    fn an_agent_is_shown_its_own_and_what_concerns_everybody() {
        let agent = principal(Role::Agent);
        assert!(sees(&agent, &changed("1001")));
        assert!(!sees(&agent, &changed("1002")));
        assert!(sees(&agent, &offered("1001")));
        assert!(!sees(&agent, &offered("1002")));
        assert!(!sees(&agent, &left("7700")));
        assert!(sees(&agent, &Event::Floor(FloorEvent::Changed { floor: Default::default() })));
    }

    #[test]
    fn what_the_hub_requests_for_itself_is_shown_to_no_agent() {
        let requested = Event::Link(LinkEvent::Requested {
            request: model::RequestId(1),
            switch: SwitchId::new("s").unwrap(),
            agent: None,
            interaction: None,
            requested: Box::new(model::SwitchRequest::Snapshot),
        });
        assert!(!sees(&principal(Role::Agent), &requested));
        assert!(sees(&principal(Role::Supervisor), &requested));
    }

    #[test]
    fn who_sees_all_is_shown_all() {
        for role in [Role::Supervisor, Role::Admin, Role::Integration] {
            assert!(sees(&principal(role), &changed("1002")) && sees(&principal(role), &left("7800")));
        }
    }
}
