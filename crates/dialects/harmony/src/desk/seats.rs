//! The agents whom the client serves: what each is to be there, and what it is known to be.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use model::{
    AgentId, AgentState, AgentView, CommandId, DeviceId, Floor, Number, ReasonCode, ReasonUse, Secret, Seq,
    SwitchEvent, SwitchId, reason,
};
use session::Unserved;

use crate::{
    Credentials, DeskConfig,
    wire::{reply, words::Availability},
};

/// What an agent is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Out,
    NotReady(ReasonCode),
    Ready,
    /// Left as it is: a call goes on, or is being finished.
    AsIs,
}

/// What an agent is known to be at the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    Nothing,
    Ready,
    /// With the reason, where one was given.
    NotReady(Option<CompactString>),
}

impl From<reply::AgentState> for Known {
    fn from(state: reply::AgentState) -> Self {
        match state.availability {
            Availability::Ready => Self::Ready,
            Availability::NotReady => Self::NotReady(Some(state.reason).filter(|reason| !reason.is_empty())),
        }
    }
}

/// How far an agent's session has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Progress {
    None,
    /// The client checks who it is.
    Beginning,
    /// It is there, or is being made.
    Session(CompactString),
    /// The client refused; nothing is tried before somebody asks again.
    Refused,
}

/// One agent.
#[derive(Debug)]
pub(super) struct Seat {
    acd_id: CompactString,
    credentials: Credentials,
    pub(super) device: DeviceId,
    pub(super) wanted: Wanted,
    pub(super) known: Known,
    pub(super) progress: Progress,
    /// The phone that the session was made for is not the agent's any longer.
    pub(super) moved: bool,
    /// A request that changes how the agent stands is on its way.
    pub(super) steering: bool,
    following: Following,
}

/// Whether the hub follows what the agent did at the phone. Until it is clear, nothing is asked of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Following {
    No,
    /// It was asked; this was wanted before.
    Asked(CommandId, Wanted),
    /// It does; the events up to this one say so.
    Taken(Seq),
}

impl Seat {
    /// Whether nothing is to be asked of the client.
    pub(super) fn is_settled(&self) -> bool {
        match (&self.wanted, &self.known) {
            _ if self.following != Following::No => true,
            (Wanted::Ready, known) => *known == Known::Ready,
            (Wanted::NotReady(wanted), Known::NotReady(known)) => {
                is_ours(wanted) || known.as_deref() == Some(wanted.as_str())
            }
            (Wanted::NotReady(_), Known::Nothing | Known::Ready) => false,
            (Wanted::AsIs | Wanted::Out, _) => true,
        }
    }

    /// The reason to name: one of the hub's own means nothing to the client.
    pub(super) fn reason(&self) -> Option<CompactString> {
        match &self.wanted {
            Wanted::NotReady(reason) if !is_ours(reason) => Some(reason.as_str().into()),
            Wanted::NotReady(_) | Wanted::Out | Wanted::Ready | Wanted::AsIs => None,
        }
    }
}

fn is_ours(code: &ReasonCode) -> bool {
    reason::ALL.contains(&code.as_str())
}

/// All agents whom the client serves.
#[derive(Debug, Default)]
pub(super) struct Seats {
    all: BTreeMap<AgentId, Seat>,
    by_device: BTreeMap<DeviceId, AgentId>,
    /// Agents for whom there may be something to do.
    restless: BTreeSet<AgentId>,
    /// Agents whom the hub follows, by the events that say so.
    taken: BTreeSet<(Seq, AgentId)>,
    /// The last event that the hub told.
    seen: Seq,
    /// Reasons that the floor has for being not ready; none: any will do.
    reasons: BTreeSet<ReasonCode>,
    /// Agents with a phone on this switch whom the client cannot serve, and why.
    unserved: Unserved,
}

impl Seats {
    /// Takes the agents whose phones are on this switch and whose credentials are configured. A phone that cannot be dialled gets no
    /// seat: a call has to have a number.
    pub(super) fn plan(&mut self, floor: &Floor, switch: &SwitchId, config: &DeskConfig) {
        let mut before = std::mem::take(&mut self.all);
        self.unserved.clear();
        let credentials: BTreeMap<_, _> = config.agents.iter().map(|agent| (&agent.acd_id, agent)).collect();
        for plan in floor.agents.iter().filter(|plan| plan.switch == *switch) {
            let Some((acd_id, credentials)) = self.unserved.check(plan, &credentials) else { continue };
            let seat = before.remove(&plan.id).filter(|seat| seat.acd_id == acd_id);
            let seat = seat.unwrap_or_else(|| Seat::new(acd_id, plan.device.clone(), credentials.clone()));
            self.all.insert(plan.id.clone(), seat);
        }
        let reasons = floor.reasons.iter().filter(|reason| reason.used_for == ReasonUse::NotReady);
        self.reasons = reasons.map(|reason| reason.code.clone()).collect();
        self.by_device = self.all.iter().map(|(agent, seat)| (seat.device.clone(), agent.clone())).collect();
        self.stir_all();
    }

    /// There may be something to do for an agent.
    pub(super) fn stir(&mut self, agent: &AgentId) {
        self.restless.insert(agent.clone());
    }

    pub(super) fn stir_all(&mut self) {
        self.restless = self.all.keys().cloned().collect();
    }

    /// Takes the agents for whom there may be something to do.
    pub(super) fn take_restless(&mut self) -> BTreeSet<AgentId> {
        std::mem::take(&mut self.restless)
    }

    /// Takes an agent as the snapshot has it.
    pub(super) fn see(&mut self, agent: &AgentView) {
        if let (Some(device), true) = (&agent.device, agent.state.is_signed_in()) {
            self.seat_at(&agent.id, device);
        }
        self.changed(&agent.id, &agent.state);
    }

    pub(super) fn signed_in(&mut self, agent: &AgentId, device: &DeviceId) {
        self.seat_at(agent, device);
        self.want(agent, Wanted::NotReady(reason::code(reason::SIGNED_IN)));
    }

    pub(super) fn changed(&mut self, agent: &AgentId, state: &AgentState) {
        let wanted = match state {
            AgentState::SignedOut => Wanted::Out,
            AgentState::NotReady { reason } => Wanted::NotReady(reason.clone()),
            AgentState::Ready => Wanted::Ready,
            AgentState::Busy | AgentState::WrapUp => Wanted::AsIs,
        };
        self.want(agent, wanted);
    }

    pub(super) fn signed_out(&mut self, agent: &AgentId) {
        self.want(agent, Wanted::Out);
    }

    fn seat_at(&mut self, agent: &AgentId, device: &DeviceId) {
        let Some(seat) = self.all.get_mut(agent) else { return };
        if seat.device != *device && Number::new(device.as_str()).is_ok() {
            self.by_device.remove(&seat.device);
            self.by_device.insert(device.clone(), agent.clone());
            seat.device = device.clone();
            seat.moved = matches!(seat.progress, Progress::Session(_));
        }
    }

    /// The state that follows a refusal asks for nothing new; anything else that is wanted afterwards is a reason to try again.
    fn want(&mut self, agent: &AgentId, wanted: Wanted) {
        let Some(seat) = self.all.get_mut(agent) else { return };
        let follows_refusal =
            matches!(&wanted, Wanted::NotReady(reason) if reason.as_str() == reason::PHONE_REFUSED);
        let tries_again = seat.progress == Progress::Refused && !follows_refusal;
        if tries_again {
            seat.progress = Progress::None;
        }
        if seat.wanted != wanted || tries_again {
            seat.wanted = wanted;
            self.stir(agent);
        }
    }

    /// What is said to an agent who wants to work and whom the client cannot serve.
    pub(super) fn refusal(&self, agent: &AgentId, state: &AgentState) -> Option<SwitchEvent> {
        self.unserved.refusal(agent, state)
    }

    pub(super) fn get(&self, agent: &AgentId) -> Option<&Seat> {
        self.all.get(agent)
    }

    /// A seat that is going to be changed.
    pub(super) fn get_mut(&mut self, agent: &AgentId) -> Option<&mut Seat> {
        self.stir(agent);
        self.all.get_mut(agent)
    }

    /// Who is at a phone.
    pub(super) fn at(&self, device: &DeviceId) -> Option<&AgentId> {
        self.by_device.get(device)
    }

    pub(super) fn device(&self, agent: &AgentId) -> Option<&DeviceId> {
        self.all.get(agent).map(|seat| &seat.device)
    }

    pub(super) fn session(&self, agent: &AgentId) -> Option<&CompactString> {
        match &self.all.get(agent)?.progress {
            Progress::Session(target) => Some(target),
            Progress::None | Progress::Beginning | Progress::Refused => None,
        }
    }

    pub(super) fn credentials(&self, agent: &AgentId) -> Option<(CompactString, Secret)> {
        let seat = self.all.get(agent)?;
        Some((seat.acd_id.clone(), seat.credentials.password.clone()))
    }

    /// Begins a session for an agent who is at work and has none; says whether there is one to begin.
    pub(super) fn begin(&mut self, agent: &AgentId) -> bool {
        let seat = self.all.get_mut(agent);
        let seat = seat.filter(|seat| seat.progress == Progress::None && seat.wanted != Wanted::Out);
        seat.map(|seat| seat.progress = Progress::Beginning).is_some()
    }

    pub(super) fn session_began(&mut self, agent: &AgentId, target: CompactString) {
        if let Some(seat) = self.get_mut(agent) {
            (seat.progress, seat.known, seat.moved) = (Progress::Session(target), Known::Nothing, false);
        }
    }

    pub(super) fn session_failed(&mut self, agent: &AgentId) {
        if let Some(seat) = self.get_mut(agent) {
            seat.progress = Progress::Refused;
        }
    }

    pub(super) fn session_ended(&mut self, agent: &AgentId) {
        if let Some(seat) = self.get_mut(agent) {
            (seat.progress, seat.known, seat.steering) = (Progress::None, Known::Nothing, false);
            seat.moved = false;
        }
    }

    pub(super) fn is_beginning(&self) -> bool {
        self.all.values().any(|seat| seat.progress == Progress::Beginning)
    }

    /// The client knows nobody any longer.
    pub(super) fn restart(&mut self) {
        for seat in self.all.values_mut() {
            (seat.progress, seat.known, seat.steering) = (Progress::None, Known::Nothing, false);
            seat.moved = false;
        }
        self.stir_all();
    }

    pub(super) fn known(&mut self, agent: &AgentId, known: Known) {
        if let Some(seat) = self.get_mut(agent) {
            seat.known = known;
        }
    }

    /// The hub was asked to follow; until it says otherwise that is what is wanted.
    pub(super) fn follow(&mut self, agent: &AgentId, command: CommandId, wanted: Wanted) {
        if let Some(seat) = self.all.get_mut(agent) {
            let before = std::mem::replace(&mut seat.wanted, wanted);
            seat.following = Following::Asked(command, before);
        }
    }

    /// The hub follows, or does not: then the agent is to be what it was to be before.
    pub(super) fn followed(&mut self, command: &CommandId, taken: Option<Seq>) {
        let asked = |seat: &Seat| matches!(&seat.following, Following::Asked(id, _) if id == command);
        let Some((agent, seat)) = self.all.iter_mut().find(|(_, seat)| asked(seat)) else { return };
        let following = taken.map_or(Following::No, Following::Taken);
        if let Following::Asked(_, before) = std::mem::replace(&mut seat.following, following)
            && taken.is_none()
        {
            seat.wanted = before;
        }
        self.taken.extend(taken.map(|seq| (seq, agent.clone())));
        self.restless.insert(agent.clone());
        self.seen(self.seen);
    }

    /// The hub has told its events up to this one.
    pub(super) fn seen(&mut self, seq: Seq) {
        self.seen = self.seen.max(seq);
        while let Some((_, agent)) = self.taken.first().filter(|(taken, _)| *taken <= self.seen).cloned() {
            self.taken.pop_first();
            let Some(seat) = self.get_mut(&agent) else { continue };
            if matches!(seat.following, Following::Taken(_)) {
                seat.following = Following::No;
            }
        }
    }

    /// A reason as the floor takes it; none where it does not know it.
    pub(super) fn reason(&self, given: Option<CompactString>) -> Option<ReasonCode> {
        let given = ReasonCode::new(given?).ok()?;
        (self.reasons.is_empty() || self.reasons.contains(&given)).then_some(given)
    }
}

impl Seat {
    fn new(acd_id: CompactString, device: DeviceId, credentials: Credentials) -> Self {
        Self {
            acd_id,
            credentials,
            device,
            wanted: Wanted::Out,
            known: Known::Nothing,
            progress: Progress::None,
            moved: false,
            steering: false,
            following: Following::No,
        }
    }
}
