//! Snapshots of the state for one viewer.

use model::{
    AgentId, AgentState, AgentView, InteractionView, Principal, QueueView, Role, Snapshot, SwitchView,
    Timestamp, VerbName,
};

use crate::{State, agent::is_refusal, floor::check_not_retiring, interaction, state::Agent};

/// The state that `viewer` can see. An agent sees its own data, interactions and queues; other roles see everything.
/// The viewer receives events for exactly what the snapshot contains.
pub(crate) fn take(state: &State, now: Timestamp, viewer: &Principal) -> Snapshot {
    Snapshot {
        seq: state.seq,
        at: now,
        agents: agents(state, viewer),
        interactions: interactions(state, viewer),
        queues: queues(state, viewer),
        switches: switches(state),
    }
}

fn interactions(state: &State, viewer: &Principal) -> Vec<InteractionView> {
    let view = |interaction: &model::Interaction| InteractionView {
        can: interaction::can(state, interaction, viewer.role.sees_all()),
        interaction: interaction.clone(),
    };
    match (viewer.role, &viewer.agent) {
        (Role::Agent, Some(agent)) => state.interactions_of(agent).map(view).collect(),
        (Role::Agent, None) => Vec::new(),
        (Role::Supervisor | Role::Admin | Role::Integration, _) => {
            state.interactions.values().map(|live| view(&live.interaction)).collect()
        }
    }
}

fn agents(state: &State, viewer: &Principal) -> Vec<AgentView> {
    if viewer.role.sees_all() {
        return state.agents.iter().map(|(id, agent)| agent_view(state, id, agent)).collect();
    }
    let own = viewer.agent.as_ref().and_then(|id| Some((id, state.agent(id)?)));
    own.map(|(id, agent)| agent_view(state, id, agent)).into_iter().collect()
}

fn agent_view(state: &State, id: &AgentId, agent: &Agent) -> AgentView {
    let seat = agent.seat.as_ref();
    AgentView {
        id: id.clone(),
        name: agent.plan.name.clone(),
        state: agent.state.clone(),
        since: agent.since,
        next: agent.next.clone(),
        device: Some(seat.map_or(&agent.plan.device, |seat| &seat.device).clone()),
        queues: seat.map_or(&agent.plan.queues, |seat| &seat.queues).clone(),
        can: agent_can(state, id, agent),
    }
}

/// The verbs without an interaction that are allowed for an agent now.
fn agent_can(state: &State, id: &AgentId, agent: &Agent) -> Vec<VerbName> {
    let mut can = match agent.state {
        AgentState::SignedOut => vec![VerbName::SignIn],
        AgentState::Ready => vec![VerbName::SignOut, VerbName::NotReady],
        AgentState::NotReady { .. } | AgentState::Busy | AgentState::WrapUp => {
            vec![VerbName::SignOut, VerbName::Ready, VerbName::NotReady]
        }
    };
    if is_refusal(&agent.state) {
        can.push(VerbName::SignIn);
    }
    if check_not_retiring(state, id).is_err() {
        can.retain(|verb| *verb != VerbName::Ready);
    }
    if interaction::check_dial(state, id).is_ok() {
        can.push(VerbName::Dial);
    }
    can
}

fn queues(state: &State, viewer: &Principal) -> Vec<QueueView> {
    let own = viewer.agent.as_ref().and_then(|agent| state.agent(agent));
    let sees = |queue: &model::QueuePlan| {
        let queues = own.map(|agent| agent.seat.as_ref().map_or(&agent.plan.queues, |seat| &seat.queues));
        viewer.role.sees_all() || queues.is_some_and(|queues| queues.contains(&queue.id))
    };
    state.floor.queues.iter().filter(|queue| sees(queue)).map(|queue| queue_view(state, queue)).collect()
}

fn queue_view(state: &State, queue: &model::QueuePlan) -> QueueView {
    QueueView {
        id: queue.id.clone(),
        name: queue.name.clone(),
        ready: state.index.idle.get(&queue.id).map_or(0, |idle| idle.len()),
        signed_in: state.index.members.get(&queue.id).copied().unwrap_or_default(),
        waiting: state.queues.get(&queue.id).cloned().unwrap_or_default(),
    }
}

fn switches(state: &State) -> Vec<SwitchView> {
    let view = |(id, switch): (&model::SwitchId, &crate::state::Switch)| SwitchView {
        id: id.clone(),
        up: switch.up,
        features: switch.features.iter().copied().collect(),
    };
    state.switches.iter().map(view).collect()
}
