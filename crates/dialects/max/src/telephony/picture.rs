//! What MAX would show of an agent, and what is otherwise in it.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AgentEvent, AgentId, AgentPlan, Event as Happened, Interaction, InteractionEvent, InteractionId,
    InteractionState, Timestamp,
};
use session::{Outputs, Pages, Projection};
use uuid::Uuid;

use super::{Telephony, present};
use crate::{
    TelephonyConfig,
    wire::{
        AgentLeg, AgentState, CallContact, ContactId, Event, LegStatus, SessionStart, Status,
        limits::CONTACTS_MAX,
    },
};

/// An agent that has a page open.
#[derive(Debug, Default)]
pub(super) struct Watched {
    /// As it was last told.
    pub(super) picture: Picture,
    /// The number of the agent's session, while there is one.
    session: Option<u64>,
    /// Calls that nothing is left to do about, since the picture was last told.
    finished: BTreeMap<u64, Interaction>,
}

/// What MAX would show of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Picture {
    session: Option<Joined>,
    state: Option<AgentState>,
    /// By their numbers: the oldest first.
    pub(super) lines: BTreeMap<u64, Line>,
    leg: Option<AgentLeg>,
}

/// The agent's session.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Joined {
    start: SessionStart,
    token: String,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) work: InteractionId,
    pub(super) is_muted: bool,
    pub(super) call: CallContact,
}

impl Telephony {
    /// Begins to look at an agent.
    pub(super) fn watch(&mut self, agent: &AgentId) {
        let Some(projection) = &self.projection else {
            self.watched.entry(agent.clone()).or_default();
            return;
        };
        if !self.watched.contains_key(agent) {
            let mut watched = Watched::default();
            let now = self.out.now();
            watched.refresh(projection, agent, now, &self.config, self.instance, &mut self.out);
            self.watched.insert(agent.clone(), watched);
        }
    }
}

impl Watched {
    /// Takes note of what the projection does not keep.
    pub(super) fn note(&mut self, event: &Happened, out: &mut Outputs<Pages>) {
        if let Happened::Agent(AgentEvent::SignedIn { .. }) = event {
            self.session = Some(out.number());
        }
        if let Happened::Interaction(InteractionEvent::Completed { summary, .. }) = event {
            self.finished.insert(summary.interaction.number, summary.interaction.clone());
        }
    }

    /// Looks again. Gives what is otherwise, and the calls that are.
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
        let session = self.session.map(|number| joined(projection, agent, number, config, instance));
        let picture = Picture::of(projection, agent, session, &self.picture, at);
        let before = std::mem::replace(&mut self.picture, picture);
        let finished = std::mem::take(&mut self.finished);
        let finished =
            finished.into_iter().map(|(number, work)| (number, present::call(&work, &projection.floor)));
        (self.picture.since(&before, &finished.collect()), self.picture.otherwise(&before))
    }
}

fn joined(
    projection: &Projection,
    agent: &AgentId,
    number: u64,
    config: &TelephonyConfig,
    instance: Uuid,
) -> Joined {
    let plan = projection.floor.agent(agent);
    let device = projection.status(agent).and_then(|stand| stand.device.as_ref());
    Joined {
        start: SessionStart {
            business_unit: config.business_unit.to_string(),
            agent: plan.map_or(agent.as_str(), AgentPlan::id_at_acd).to_owned(),
            session: number.to_string(),
            phone: device.map_or_else(String::new, ToString::to_string),
        },
        token: format!("{}-{number}", instance.simple()),
    }
}

impl Picture {
    fn of(
        projection: &Projection,
        agent: &AgentId,
        session: Option<Joined>,
        before: &Self,
        at: Timestamp,
    ) -> Self {
        let mut works: Vec<&Interaction> = projection.calls(agent).collect();
        works.sort_by_key(|work| work.number);
        let newest = works.iter().rev().find(|work| work.state.is_live()).or(works.last()).copied();
        let state =
            projection.status(agent).and_then(|stand| present::agent(stand, newest, &projection.floor));
        let leg = leg(&works, before.leg.as_ref());
        let line = |work: &&Interaction| {
            (work.number, Line::of(work, projection, before.lines.get(&work.number), at))
        };
        let lines = works.iter().take(CONTACTS_MAX).map(line).collect();
        Self { session, state, lines, leg }
    }

    /// The state of things: what the agent does, its contacts, its session's token (max.md §4.2).
    pub(super) fn state(&self) -> Vec<Event> {
        let state = self.state.clone().map(Event::AgentState);
        let calls = self.lines.values().map(|line| Event::call(line.call.clone()));
        let token = self.session.as_ref().map(|session| Event::SessionInfo(session.token.clone()));
        state.into_iter().chain(calls).chain(token).collect()
    }

    fn is_muted(&self) -> bool {
        self.lines.values().any(|line| line.is_muted)
    }

    /// What is otherwise than before, in the order of MAX's sequences (max.md §8).
    fn since(&self, before: &Self, finished: &BTreeMap<u64, CallContact>) -> Vec<Event> {
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
        for (number, line) in &before.lines {
            if !self.lines.contains_key(number) {
                let last = finished.get(number).unwrap_or(&line.call).clone();
                events.push(Event::call(CallContact {
                    status: Status::Disconnected,
                    is_final: true,
                    ..last
                }));
            }
        }
        for (number, line) in &self.lines {
            let was = before.lines.get(number).map(|line| &line.call);
            if was == Some(&line.call) {
                continue;
            }
            events.push(Event::call(line.call.clone()));
            if line.call.status == Status::Joined && was.is_none_or(|was| was.status != Status::Joined) {
                events.push(Event::Conference(number.to_string()));
            }
        }
        events
    }

    /// The calls that are otherwise than before, or over.
    fn otherwise(&self, before: &Self) -> BTreeSet<InteractionId> {
        let changed = self.lines.iter().filter(|(number, line)| before.lines.get(number) != Some(*line));
        let gone = before.lines.iter().filter(|(number, _)| !self.lines.contains_key(number));
        changed.chain(gone).map(|(_, line)| line.work).collect()
    }
}

impl Line {
    fn of(work: &Interaction, projection: &Projection, before: Option<&Line>, at: Timestamp) -> Self {
        let mut call = present::call(work, &projection.floor);
        if let Some(before) = before {
            call.changed = if before.call.status == call.status { before.call.changed } else { Some(at) };
        }
        Self { work: work.id, is_muted: work.muted && work.state.is_live(), call }
    }
}

/// The agent's phone: one leg from the first of its calls to the last. Its number is that of the first.
fn leg(works: &[&Interaction], before: Option<&AgentLeg>) -> Option<AgentLeg> {
    let mut live = works.iter().filter(|work| work.state.is_live());
    let first = live.clone().next()?;
    let connected = live.any(|work| work.state != InteractionState::Alerting);
    let status = if connected { LegStatus::Active } else { LegStatus::Dialing };
    let id = before.map_or_else(|| ContactId::from(first.number), |leg| leg.id.clone());
    Some(AgentLeg { id, status })
}
