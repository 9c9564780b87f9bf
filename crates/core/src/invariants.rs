//! Invariants of the state, each with a name. Checked after every step of tests and simulations, and counted in
//! production.

use std::{cmp::Reverse, collections::BTreeSet};

use model::{AgentId, AgentState, ConversationState, Interaction, InteractionState, NextState};

use crate::{
    State,
    interaction::{is_call, is_over, occupies},
    routing,
    state::Agent,
};

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The name of the invariant.
    pub name: &'static str,
    /// The part of the state where it does not hold.
    pub what: String,
}

/// Checks all invariants. It reads the complete state, so do not call it for every event in production.
pub fn check(state: &State) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, agent) in &state.agents {
        agent_holds(state, id, agent, &mut found);
    }
    for live in state.interactions.values() {
        interaction_holds(state, &live.interaction, &mut found);
    }
    queues_hold(state, &mut found);
    floor_holds(state, &mut found);
    requests_hold(state, &mut found);
    let mut again = state.clone();
    again.index();
    expect(&mut found, "IX-1: the indexes follow from the state", again.index == state.index, || {
        format!("{:?} is not {:?}", state.index, again.index)
    });
    found
}

fn expect(found: &mut Vec<Violation>, name: &'static str, holds: bool, what: impl FnOnce() -> String) {
    if !holds {
        found.push(Violation { name, what: what() });
    }
}

fn agent_holds(state: &State, id: &AgentId, agent: &Agent, found: &mut Vec<Violation>) {
    let at = || format!("agent {id}: {agent:?}");
    let is_signed_in = agent.state.is_signed_in();
    let has_call = state.interactions_of(id).any(|one| is_call(one) || (is_signed_in && occupies(one)));
    let has_work = state.interactions_of(id).any(|one| is_over(one) && one.switch.is_some());
    let is_busy = agent.state == AgentState::Busy;
    expect(
        found,
        "AG-1: a busy agent has a live call, or an interaction that occupies the agent",
        !is_busy || has_call,
        at,
    );
    expect(
        found,
        "AG-2: an agent with a live call, or with an interaction that occupies the agent, is busy",
        is_busy || !has_call,
        at,
    );
    let wraps_up = agent.state == AgentState::WrapUp;
    expect(found, "AG-3: an agent in wrap-up has something to finish", !wraps_up || has_work, at);
    let is_seated = agent.seat.is_some() == is_signed_in;
    expect(found, "AG-4: signed-in agents have a phone, others have none", is_seated, at);
    let may_have_next = is_busy || wraps_up || agent.next.is_none();
    expect(found, "AG-5: only an agent with work has a next state", may_have_next, at);
    let grace = state.floor.desk_grace_ms;
    let is_attended = agent.desk_until(grace).is_none_or(|until| until > state.at);
    expect(
        found,
        "AG-7: no agent takes calls without a desk for longer than the grace time",
        is_attended,
        at,
    );
    let offer_waits = agent.offer.as_ref().is_none_or(|offer| {
        state
            .waiting(&offer.switch, &offer.call)
            .is_some_and(|(_, waiting)| waiting.offered.as_ref() == Some(id))
    });
    expect(found, "RT-1: an offered call waits and names its agent", offer_waits, at);
    let mut lists = agent.interactions.iter();
    let lists_own =
        lists.all(|one| state.interaction(*one).is_some_and(|interaction| interaction.agent == *id));
    expect(found, "AG-6: an agent lists its own interactions", lists_own, at);
}

fn interaction_holds(state: &State, one: &Interaction, found: &mut Vec<Violation>) {
    let at = || format!("{one:?}");
    let listed = state.agent(&one.agent).is_some_and(|agent| agent.interactions.contains(&one.id));
    expect(found, "IN-1: an interaction is in the list of its agent", listed, at);
    let primary = one.primary.as_ref().map(|conversation| conversation.state);
    let has_leg = one.conversations().next().is_some();
    let fits = match one.state {
        InteractionState::Alerting => {
            primary == Some(ConversationState::Alerting) && one.started_at.is_none()
        }
        InteractionState::Dialing => primary == Some(ConversationState::Dialing) && one.started_at.is_none(),
        InteractionState::Started => one.started_at.is_some() && (has_leg || one.switch.is_none()),
        InteractionState::Ended => one.ended_at.is_some() && !has_leg,
        InteractionState::Completed => false,
    };
    expect(
        found,
        "IN-2: an alerting interaction becomes either started or ended, and the legs match the state",
        fits,
        at,
    );
    let talking = one.conversations().filter(|(_, leg)| leg.state == ConversationState::Talking).count();
    expect(found, "CV-1: at most one leg is talking", talking <= 1, at);
    let ended = one.conversations().any(|(_, leg)| leg.state == ConversationState::Ended);
    expect(found, "CV-2: an ended leg is removed", !ended, at);
    let consult_has_started = one.consult.is_none() || one.state == InteractionState::Started;
    expect(found, "CV-3: only an interaction in progress has a consultation", consult_has_started, at);
    let signed_in = state.agent(&one.agent).is_some_and(|agent| agent.state.is_signed_in());
    expect(found, "IN-3: an agent with a call is signed in", signed_in || !is_call(one), at);
    expect(found, "IN-4: numbers ascend", (1..=state.last_number).contains(&one.number), at);
}

fn queues_hold(state: &State, found: &mut Vec<Violation>) {
    let mut calls = BTreeSet::new();
    for (queue, waiting) in &state.queues {
        let at = || format!("queue {queue}: {waiting:?}");
        let place = |one: &model::WaitingCall| (Reverse(one.priority), one.since);
        let in_order = waiting.windows(2).all(|pair| place(&pair[0]) <= place(&pair[1]));
        expect(found, "RT-2: calls are in order of priority, then age", in_order, at);
        let once = waiting.iter().all(|one| calls.insert((one.switch.clone(), one.call.clone())));
        expect(found, "RT-3: a call waits in one place", once, at);
        let offers_known = waiting.iter().all(|one| {
            one.offered.as_ref().is_none_or(|agent| {
                let offer = state.agent(agent).and_then(|agent| agent.offer.as_ref());
                offer.is_some_and(|offer| offer.call == one.call && offer.queue == *queue)
            })
        });
        expect(found, "RT-4: an agent who is offered a call has the offer", offers_known, at);
        let idle = state.index.idle.get(queue);
        let nobody_idle = waiting.iter().filter(|one| one.offered.is_none()).all(|one| {
            let could = |agent: &AgentId| {
                let seat = state.agent(agent).and_then(|agent| agent.seat.as_ref());
                seat.is_some_and(|seat| seat.switch == one.switch)
            };
            !routing::routable(state, &one.switch)
                || !idle.is_some_and(|idle| idle.iter().any(|(_, agent)| could(agent)))
        });
        expect(found, "RT-5: no agent is idle while a call waits for them", nobody_idle, at);
    }
}

fn floor_holds(state: &State, found: &mut Vec<Violation>) {
    let (floor, retiring) = (&state.floor, &state.floor.retiring);
    for id in &retiring.agents {
        let agent = state.agent(id);
        let finishes =
            agent.is_some_and(|agent| matches!(agent.state, AgentState::Busy | AgentState::WrapUp));
        let leaves = agent.is_some_and(|agent| agent.next == Some(NextState::SignedOut));
        expect(
            found,
            "FL-1: an agent who is being removed has work and is then signed out",
            finishes && leaves,
            || format!("agent {id}: {agent:?}"),
        );
    }
    for id in &retiring.queues {
        let waits = state.queues.get(id).is_some_and(|waiting| !waiting.is_empty());
        expect(found, "FL-2: a queue that is being removed has a waiting call", waits, || {
            format!("queue {id}")
        });
    }
    let agents =
        state.agents.keys().all(|id| floor.agent(id).is_some()) && state.agents.len() == floor.agents.len();
    expect(found, "FL-3: the agents are those of the floor", agents, || format!("{:?}", state.agents.keys()));
}

fn requests_hold(state: &State, found: &mut Vec<Violation>) {
    let rising = state.requests.keys().all(|request| (1..=state.last_request).contains(&request.0));
    expect(found, "RQ-1: request IDs ascend", rising, || format!("the last is {}", state.last_request));
}
