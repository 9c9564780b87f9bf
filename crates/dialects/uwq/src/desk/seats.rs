//! The agents whom the softphone serves: what each is to be there, and what it was told.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use compact_str::CompactString;
use model::{
    AgentId, AgentState, AgentView, DeviceId, Floor, Number, SwitchEvent, SwitchId, Timestamp, reason,
};
use session::{Backoff, Unserved};

use crate::{
    Credentials, DeskConfig,
    wire::{
        Line,
        limits::{REGISTRATIONS_MAX, STEP_AGAIN},
    },
};

/// What an agent is to be at the softphone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Out,
    NotReady,
    Ready,
    /// Logged in, and left as it is: a call goes on, or is being finished.
    AsIs,
}

/// What the softphone was told of an agent, and took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    Registered,
    NotReady,
    Ready,
}

/// The next callout for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Register,
    Login,
    Ready,
    NotReady,
    Logout,
    Unregister,
}

impl Step {
    /// Whether the agent cannot work at the softphone before it is done.
    pub(super) fn matters(self) -> bool {
        match self {
            Self::Register | Self::Login | Self::Ready | Self::NotReady => true,
            Self::Logout | Self::Unregister => false,
        }
    }
}

/// One agent whom the softphone serves.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) acd_id: CompactString,
    pub(super) device: DeviceId,
    pub(super) credentials: Credentials,
    wanted: Wanted,
    told: Told,
    /// The softphone refused; nothing is tried before somebody asks again.
    refused: bool,
    /// How often in a row the softphone did not know it any longer.
    forgotten: u8,
    queued: bool,
    /// How long to wait where the softphone does not answer.
    backoff: Backoff,
    /// When the softphone is asked again after it did not answer.
    again_at: Option<Timestamp>,
    /// The digits that were dialled last, and until when a call to them is that one.
    pub(super) dialled: Option<(String, Timestamp)>,
}

impl Seat {
    /// The line as callouts name it.
    pub(super) fn line(&self) -> Line {
        Line { teleset: self.device.as_str().into(), agent: self.acd_id.clone() }
    }

    /// The callout that brings the softphone nearer to what is wanted.
    pub(super) fn step(&self) -> Option<Step> {
        if self.refused || self.again_at.is_some() {
            return None;
        }
        match (self.told, self.wanted) {
            (Told::Nothing, Wanted::Out) => None,
            (Told::Nothing, Wanted::NotReady | Wanted::Ready | Wanted::AsIs) => Some(Step::Register),
            (Told::Registered, Wanted::Out) => Some(Step::Unregister),
            (Told::Registered, Wanted::NotReady | Wanted::Ready | Wanted::AsIs) => Some(Step::Login),
            (Told::NotReady | Told::Ready, Wanted::Out) => Some(Step::Logout),
            (Told::NotReady, Wanted::Ready) => Some(Step::Ready),
            (Told::Ready, Wanted::NotReady) => Some(Step::NotReady),
            (Told::NotReady, Wanted::NotReady | Wanted::AsIs)
            | (Told::Ready, Wanted::Ready | Wanted::AsIs) => None,
        }
    }

    /// Whether the softphone has the agent logged in.
    pub(super) fn is_logged_in(&self) -> bool {
        matches!(self.told, Told::NotReady | Told::Ready)
    }

    /// The state that follows a refusal asks for nothing new; anything else that is wanted afterwards is a reason to try again.
    fn want(&mut self, wanted: Wanted, follows_refusal: bool) {
        if !follows_refusal && (self.refused || self.wanted != wanted) {
            (self.refused, self.forgotten) = (false, 0);
            self.again_at = None;
        }
        self.wanted = wanted;
    }
}

/// All agents whom the softphone serves.
#[derive(Debug, Default)]
pub(super) struct Seats {
    all: BTreeMap<AgentId, Seat>,
    by_device: BTreeMap<DeviceId, AgentId>,
    /// Agents for whom there may be something to do, each once.
    queue: VecDeque<AgentId>,
    /// Agents whom the softphone did not answer about, and when it is asked again.
    resting: BTreeSet<(Timestamp, AgentId)>,
    /// Agents with a phone on this switch whom the softphone cannot serve, and why.
    unserved: Unserved,
}

impl Seats {
    /// Takes the agents whose phones are on this switch and whose credentials are configured. A phone that cannot be dialled has no
    /// place in this protocol.
    pub(super) fn plan(&mut self, floor: &Floor, switch: &SwitchId, config: &DeskConfig) {
        let mut planned = BTreeMap::new();
        self.unserved.clear();
        let credentials: BTreeMap<_, _> = config.agents.iter().map(|agent| (&agent.acd_id, agent)).collect();
        for agent in floor.agents.iter().filter(|agent| agent.switch == *switch) {
            let Some((acd_id, credentials)) = self.unserved.check(agent, &credentials) else { continue };
            let seat = self.all.remove(&agent.id).filter(|seat| seat.acd_id == acd_id);
            let device = agent.device.clone();
            let seat = seat.unwrap_or_else(|| Seat::new(acd_id, device, credentials.clone()));
            planned.insert(agent.id.clone(), seat);
        }
        self.all = planned;
        self.by_device = self.all.iter().map(|(agent, seat)| (seat.device.clone(), agent.clone())).collect();
        self.queue =
            self.all.iter().filter(|(_, seat)| seat.queued).map(|(agent, _)| agent.clone()).collect();
    }

    /// Takes an agent as the snapshot has it.
    pub(super) fn see(&mut self, agent: &AgentView) {
        if let (Some(device), true) = (&agent.device, agent.state.is_signed_in()) {
            self.signed_in(&agent.id, device);
        }
        self.changed(&agent.id, &agent.state);
    }

    pub(super) fn signed_in(&mut self, agent: &AgentId, device: &DeviceId) {
        let Some(seat) = self.all.get_mut(agent) else { return };
        if seat.device != *device && Number::new(device.as_str()).is_ok() {
            self.by_device.remove(&seat.device);
            (seat.device, seat.told) = (device.clone(), Told::Nothing);
            self.by_device.insert(device.clone(), agent.clone());
        }
        self.want(agent, Wanted::NotReady, false);
    }

    pub(super) fn changed(&mut self, agent: &AgentId, state: &AgentState) {
        let wanted = match state {
            AgentState::SignedOut => Wanted::Out,
            AgentState::NotReady { .. } => Wanted::NotReady,
            AgentState::Ready => Wanted::Ready,
            AgentState::Busy | AgentState::WrapUp => Wanted::AsIs,
        };
        let follows_refusal =
            matches!(state, AgentState::NotReady { reason } if reason.as_str() == reason::PHONE_REFUSED);
        self.want(agent, wanted, follows_refusal);
    }

    pub(super) fn signed_out(&mut self, agent: &AgentId) {
        self.want(agent, Wanted::Out, false);
    }

    /// An inbound call was announced: the softphone gives no other one before the next `Ready` (uwq.md §5.6), and the hub will say that the
    /// agent is busy.
    pub(super) fn rings(&mut self, device: &DeviceId) {
        let agent = self.by_device.get(device);
        let Some(seat) = agent.and_then(|agent| self.all.get_mut(agent)) else { return };
        if seat.told == Told::Ready {
            seat.told = Told::NotReady;
        }
        if seat.wanted != Wanted::Out {
            seat.want(Wanted::AsIs, false);
        }
    }

    /// What is said to an agent who wants to work and whom the softphone cannot serve.
    pub(super) fn refusal(&self, agent: &AgentId, state: &AgentState) -> Option<SwitchEvent> {
        self.unserved.refusal(agent, state)
    }

    /// The next agent for whom there is something to do, with what.
    pub(super) fn next(&mut self) -> Option<(AgentId, Step)> {
        while let Some(agent) = self.queue.pop_front() {
            let Some(seat) = self.all.get_mut(&agent) else { continue };
            seat.queued = false;
            if let Some(step) = seat.step() {
                return Some((agent, step));
            }
        }
        None
    }

    /// The softphone took a step; what is left for this agent comes first.
    pub(super) fn done(&mut self, agent: &AgentId, step: Step) {
        let Some(seat) = self.all.get_mut(agent) else { return };
        seat.backoff.reset();
        seat.again_at = None;
        seat.told = match step {
            Step::Register | Step::Logout => Told::Registered,
            Step::Login | Step::NotReady => Told::NotReady,
            Step::Ready => Told::Ready,
            Step::Unregister => Told::Nothing,
        };
        if seat.step().is_none() {
            seat.forgotten = 0;
        } else if !seat.queued {
            seat.queued = true;
            self.queue.push_front(agent.clone());
        }
    }

    /// The softphone refused a step. Leaving is taken as done: there is nothing else to do about it.
    pub(super) fn refused(&mut self, agent: &AgentId, step: Step) {
        match step {
            Step::Logout | Step::Unregister => self.done(agent, step),
            Step::Register | Step::Login | Step::Ready | Step::NotReady => {
                if let Some(seat) = self.all.get_mut(agent) {
                    seat.refused = true;
                }
            }
        }
    }

    /// The softphone does not know any longer what it was told of the agent: from there again, a few times in a row at most. Says whether
    /// that was the last.
    pub(super) fn forgotten(&mut self, agent: &AgentId, left: Told) -> bool {
        let Some(seat) = self.all.get_mut(agent) else { return false };
        seat.told = left;
        seat.forgotten = seat.forgotten.saturating_add(1);
        seat.refused = seat.forgotten > REGISTRATIONS_MAX;
        let refused = seat.refused;
        self.enqueue(agent);
        refused
    }

    /// The softphone may know nobody any longer: everybody whom it was told of from the beginning.
    pub(super) fn distrust(&mut self) {
        let told = self.all.iter_mut().filter(|(_, seat)| seat.told != Told::Nothing);
        let agents: Vec<AgentId> = told
            .map(|(agent, seat)| {
                seat.told = Told::Nothing;
                agent.clone()
            })
            .collect();
        agents.iter().for_each(|agent| self.enqueue(agent));
    }

    /// The softphone knows nobody any longer: everybody from the beginning, whatever was refused.
    pub(super) fn restart(&mut self) {
        let agents: Vec<AgentId> = self.all.keys().cloned().collect();
        for agent in agents {
            if let Some(seat) = self.all.get_mut(&agent) {
                (seat.told, seat.refused, seat.forgotten) = (Told::Nothing, false, 0);
                seat.again_at = None;
            }
            self.enqueue(&agent);
        }
    }

    /// The softphone did not answer: it is asked again after a pause, which is longer each time. Gives how often in a row that was, and
    /// the pause.
    pub(super) fn unanswered(&mut self, agent: &AgentId, now: Timestamp) -> Option<(usize, Duration)> {
        let seat = self.all.get_mut(agent)?;
        let pause = seat.backoff.fail();
        seat.again_at = Some(now + pause);
        self.resting.insert((now + pause, agent.clone()));
        Some((seat.backoff.failures(), pause))
    }

    /// Those of whom the pause is over have something to do again.
    pub(super) fn rested(&mut self, now: Timestamp) {
        while let Some((at, agent)) = self.resting.first().filter(|(at, _)| *at <= now).cloned() {
            self.resting.pop_first();
            if let Some(seat) = self.all.get_mut(&agent).filter(|seat| seat.again_at == Some(at)) {
                seat.again_at = None;
                self.enqueue(&agent);
            }
        }
    }

    /// When the next pause is over.
    pub(super) fn rested_at(&self) -> Option<Timestamp> {
        self.resting.first().map(|(at, _)| *at)
    }

    /// Has an agent looked at again.
    pub(super) fn enqueue(&mut self, agent: &AgentId) {
        let Some(seat) = self.all.get_mut(agent) else { return };
        if !seat.queued && seat.step().is_some() {
            seat.queued = true;
            self.queue.push_back(agent.clone());
        }
    }

    /// Whether the softphone was told of anybody.
    pub(super) fn any_told(&self) -> bool {
        self.all.values().any(|seat| seat.told != Told::Nothing)
    }

    pub(super) fn get(&self, agent: &AgentId) -> Option<&Seat> {
        self.all.get(agent)
    }

    pub(super) fn at(&mut self, device: &str) -> Option<&mut Seat> {
        let agent = self.by_device.get(device)?;
        self.all.get_mut(agent)
    }

    pub(super) fn has_device(&self, device: &str) -> bool {
        self.by_device.contains_key(device)
    }

    /// The only agent who is registered, when there is just one.
    pub(super) fn only(&self) -> Option<&Seat> {
        let mut registered = self.all.values().filter(|seat| seat.told != Told::Nothing);
        registered.next().filter(|_| registered.next().is_none())
    }

    fn want(&mut self, agent: &AgentId, wanted: Wanted, follows_refusal: bool) {
        if let Some(seat) = self.all.get_mut(agent) {
            seat.want(wanted, follows_refusal);
            self.enqueue(agent);
        }
    }
}

impl Seat {
    fn new(acd_id: CompactString, device: DeviceId, credentials: Credentials) -> Self {
        Self {
            acd_id,
            device,
            credentials,
            wanted: Wanted::Out,
            told: Told::Nothing,
            refused: false,
            forgotten: 0,
            queued: false,
            backoff: Backoff::new(&STEP_AGAIN),
            again_at: None,
            dialled: None,
        }
    }
}
