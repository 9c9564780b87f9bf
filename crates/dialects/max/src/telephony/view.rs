//! What MAX would show of an agent, and its changes.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AgentEvent, AgentId, AgentPlan, Event as HubEvent, Interaction, InteractionEvent, InteractionId,
    InteractionState, Leg, Timestamp,
};
use session::{Outputs, Pages, Projection};
use uuid::Uuid;

use super::{TelephonySession, present};
use crate::{
    TelephonyConfig,
    wire::{
        AgentLeg, AgentState, CallContact, ContactId, Event, LegStatus, SessionStart, Status,
        limits::CONTACTS_MAX,
    },
};

/// An agent with an open page.
#[derive(Debug, Default)]
pub(super) struct WatchedAgent {
    /// The view as last sent.
    pub(super) view: MaxView,
    /// The number of the agent's session, while there is one.
    session: Option<u64>,
    /// Calls that were completed since the view was last sent.
    finished: BTreeMap<u64, Interaction>,
}

/// What MAX would show of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct MaxView {
    session: Option<AgentSession>,
    state: Option<AgentState>,
    /// The calls by contact ID, so the oldest come first, and consults last.
    pub(super) calls: BTreeMap<u64, ViewedCall>,
    leg: Option<AgentLeg>,
}

/// The agent's session.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AgentSession {
    start: SessionStart,
    token: String,
}

/// A call in the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ViewedCall {
    pub(super) interaction: InteractionId,
    /// The leg of the interaction, while it has two; `None` is the only one.
    pub(super) leg: Option<Leg>,
    pub(super) is_muted: bool,
    pub(super) call: CallContact,
}

impl TelephonySession {
    /// Starts a view of an agent.
    pub(super) fn watch(&mut self, agent: &AgentId) {
        let Some(projection) = &self.projection else {
            self.watched.entry(agent.clone()).or_default();
            return;
        };
        if !self.watched.contains_key(agent) {
            let mut watched = WatchedAgent::default();
            let now = self.out.now();
            watched.refresh(projection, agent, now, &self.config, self.instance, &mut self.out);
            self.watched.insert(agent.clone(), watched);
        }
    }
}

impl WatchedAgent {
    /// Records what the projection does not keep.
    pub(super) fn note(&mut self, event: &HubEvent, out: &mut Outputs<Pages>) {
        if let HubEvent::Agent(AgentEvent::SignedIn { .. }) = event {
            self.session = Some(out.number());
        }
        if let HubEvent::Interaction(InteractionEvent::Completed { summary, .. }) = event {
            self.finished.insert(summary.interaction.number, summary.interaction.clone());
        }
    }

    /// Updates the view. Returns the events for its changes, and the changed calls.
    pub(super) fn refresh(
        &mut self,
        projection: &Projection,
        agent: &AgentId,
        at: Timestamp,
        config: &TelephonyConfig,
        instance: Uuid,
        out: &mut Outputs<Pages>,
    ) -> (Vec<Event>, BTreeSet<InteractionId>) {
        let is_in = projection.is_signed_in(agent);
        self.session = is_in.then(|| self.session.unwrap_or_else(|| out.number()));
        let session = self.session.map(|number| agent_session(projection, agent, number, config, instance));
        let view = MaxView::of(projection, agent, session, &self.view, at);
        let before = std::mem::replace(&mut self.view, view);
        let finished = std::mem::take(&mut self.finished);
        let finished = finished
            .into_iter()
            .map(|(number, interaction)| (number, present::call(&interaction, &projection.floor)));
        (self.view.events_since(&before, &finished.collect()), self.view.changed_calls(&before))
    }
}

fn agent_session(
    projection: &Projection,
    agent: &AgentId,
    number: u64,
    config: &TelephonyConfig,
    instance: Uuid,
) -> AgentSession {
    let plan = projection.floor.agent(agent);
    let device = projection.status(agent).and_then(|stand| stand.device.as_ref());
    AgentSession {
        start: SessionStart {
            business_unit: config.business_unit.to_string(),
            agent: plan.map_or(agent.as_str(), AgentPlan::id_at_acd).to_owned(),
            session: number.to_string(),
            phone: device.map_or_else(String::new, ToString::to_string),
        },
        token: format!("{}-{number}", instance.simple()),
    }
}

impl MaxView {
    fn of(
        projection: &Projection,
        agent: &AgentId,
        session: Option<AgentSession>,
        before: &Self,
        at: Timestamp,
    ) -> Self {
        let mut interactions: Vec<&Interaction> = projection.calls(agent).collect();
        interactions.sort_by_key(|interaction| interaction.number);
        let newest = interactions
            .iter()
            .rev()
            .find(|interaction| interaction.state.is_live())
            .or(interactions.last())
            .copied();
        let state =
            projection.status(agent).and_then(|stand| present::agent(stand, newest, &projection.floor));
        let leg = leg(&interactions, before.leg.as_ref());
        let viewed = |interaction: &&Interaction| ViewedCall::of(interaction, projection, before, at);
        let calls = interactions.iter().flat_map(viewed).take(CONTACTS_MAX).collect();
        Self { session, state, calls, leg }
    }

    /// The events for the current state: the agent, its contacts, its session's token (max.md §4.2).
    pub(super) fn state(&self) -> Vec<Event> {
        let state = self.state.clone().map(Event::AgentState);
        let calls = self.calls.values().map(|viewed| Event::call(viewed.call.clone()));
        let token = self.session.as_ref().map(|session| Event::SessionInfo(session.token.clone()));
        state.into_iter().chain(calls).chain(token).collect()
    }

    fn is_muted(&self) -> bool {
        self.calls.values().any(|viewed| viewed.is_muted)
    }

    /// The events since an earlier view, in the order of MAX's sequences (max.md §8).
    fn events_since(&self, before: &Self, finished: &BTreeMap<u64, CallContact>) -> Vec<Event> {
        let begins = self.session.as_ref().filter(|_| self.session != before.session);
        let mut events: Vec<Event> =
            begins.map(|session| Event::SessionStart(session.start.clone())).into_iter().collect();
        events.extend(self.calls_since(before, finished));
        if self.state != before.state {
            events.extend(self.state.clone().map(Event::AgentState));
        }
        if self.leg != before.leg {
            let gone = before.leg.clone().map(|leg| AgentLeg { status: LegStatus::Disconnected, ..leg });
            events.extend(self.leg.clone().or(gone).map(Event::AgentLeg));
        }
        if self.is_muted() != before.is_muted() {
            events.push(Event::Mute(self.is_muted()));
        }
        events.extend(begins.map(|session| Event::SessionInfo(session.token.clone())));
        if self.session.is_none() && before.session.is_some() {
            events.push(Event::SessionEnd { success: true, remote: false, message: String::new() });
        }
        events
    }

    fn calls_since(&self, before: &Self, finished: &BTreeMap<u64, CallContact>) -> Vec<Event> {
        let mut events = Vec::new();
        for (number, viewed) in &before.calls {
            if !self.calls.contains_key(number) {
                let last = finished.get(number).unwrap_or(&viewed.call).clone();
                events.push(Event::call(CallContact {
                    status: Status::Disconnected,
                    is_final: true,
                    ..last
                }));
            }
        }
        for (number, viewed) in &self.calls {
            let was = before.calls.get(number).map(|viewed| &viewed.call);
            if was == Some(&viewed.call) {
                continue;
            }
            events.push(Event::call(viewed.call.clone()));
            let joined = viewed.call.status == Status::Joined && !viewed.is_consult_leg();
            if joined && was.is_none_or(|was| was.status != Status::Joined) {
                events.push(Event::Conference(number.to_string()));
            }
        }
        events
    }

    /// The calls that have changed or ended.
    fn changed_calls(&self, before: &Self) -> BTreeSet<InteractionId> {
        let changed = self.calls.iter().filter(|(number, viewed)| before.calls.get(number) != Some(*viewed));
        let gone = before.calls.iter().filter(|(number, _)| !self.calls.contains_key(number));
        changed.chain(gone).map(|(_, viewed)| viewed.interaction).collect()
    }
}

impl ViewedCall {
    /// The contacts of an interaction: that of the customer, and that of a consult.
    fn of(
        interaction: &Interaction,
        projection: &Projection,
        before: &MaxView,
        at: Timestamp,
    ) -> Vec<(u64, Self)> {
        let mut call = present::call(interaction, &projection.floor);
        let known = before.calls.get(&interaction.number);
        call.master = master(interaction, projection, known);
        let consult = consult_of(interaction, &call, before);
        let call = Self {
            interaction: interaction.id,
            leg: interaction.consult.as_ref().map(|_| Leg::Primary),
            is_muted: interaction.muted && interaction.state.is_live(),
            call,
        };
        let both = [Some((interaction.number, call)), consult].into_iter().flatten();
        both.map(move |(number, viewed)| (number, viewed.since(before.calls.get(&number), at))).collect()
    }

    /// The call, with the time at which its status last changed.
    fn since(mut self, before: Option<&Self>, at: Timestamp) -> Self {
        match before {
            Some(before) if before.call.status == self.call.status => self.call.changed = before.call.changed,
            Some(_) => self.call.changed = Some(at),
            None if self.is_consult_leg() => self.call.changed = Some(at),
            None => {}
        }
        if self.is_consult_leg() {
            self.call.started = before.map_or(Some(at), |before| before.call.started);
        }
        self
    }

    /// Whether this is the consult of an interaction, and not its call with the customer.
    pub(super) fn is_consult_leg(&self) -> bool {
        self.call.parent.is_some()
    }
}

/// The contact of an interaction's consult. It is `Joined` from the beginning of a conference to its end.
fn consult_of(
    interaction: &Interaction,
    customer: &CallContact,
    before: &MaxView,
) -> Option<(u64, ViewedCall)> {
    if let Some(consult) = &interaction.consult {
        let call = present::consult(interaction, consult, customer);
        let is_muted = interaction.muted;
        let viewed = ViewedCall { interaction: interaction.id, leg: Some(Leg::Consult), is_muted, call };
        return Some((present::consult_number(consult), viewed));
    }
    let mut earlier = before.calls.iter().filter(|(_, viewed)| viewed.interaction == interaction.id);
    let (number, earlier) = earlier.find(|(_, viewed)| viewed.is_consult_leg())?;
    let is_conference = interaction.primary.as_ref().is_some_and(|leg| leg.parties.len() > 1);
    let call = CallContact { status: Status::Joined, ..earlier.call.clone() };
    is_conference.then(|| (*number, ViewedCall { leg: None, call, ..earlier.clone() }))
}

/// The first contact of the chain of calls that an interaction belongs to.
fn master(interaction: &Interaction, projection: &Projection, before: Option<&ViewedCall>) -> ContactId {
    let earlier = before.map(|viewed| viewed.call.master.clone());
    let is_own = |id: &ContactId| *id == ContactId::from(interaction.number);
    if let Some(known) = earlier.filter(|id| !is_own(id)) {
        return known;
    }
    let linked = projection.interactions().filter(|other| other.linkage == interaction.linkage);
    let first = linked.map(|other| other.number).min().filter(|_| present::is_linked(interaction));
    ContactId::from(first.unwrap_or(interaction.number))
}

/// The agent's phone leg, from the first call to the last. Its number is that of the first call.
fn leg(interactions: &[&Interaction], before: Option<&AgentLeg>) -> Option<AgentLeg> {
    let mut live = interactions.iter().filter(|interaction| interaction.state.is_live());
    let first = live.clone().next()?;
    let connected = live.any(|interaction| interaction.state != InteractionState::Alerting);
    let status = if connected { LegStatus::Active } else { LegStatus::Dialing };
    let id = before.map_or_else(|| ContactId::from(first.number), |leg| leg.id.clone());
    Some(AgentLeg { id, status })
}
