//! The state of the core, and queries of it.

pub(crate) mod accepted;
pub(crate) mod command_map;
mod index;
mod recent;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use compact_str::CompactString;
use model::{
    AgentId, AgentPlan, AgentState, CallId, Code, DeviceId, DispositionCode, Floor, GraceMs, Interaction,
    InteractionId, Leg, NextState, Number, QueueId, Rejection, RequestId, Seq, SwitchFeature, SwitchId,
    SwitchRequest, Timestamp, WaitingCall,
};
use serde::{Deserialize, Serialize};

use crate::OutgoingRequest;
use accepted::AcceptedCommands;
use index::Index;
pub(crate) use index::{LOOKUP_MS_MAX, Timer};
pub(crate) use recent::{RecentCall, RecentCalls};

/// The state that all decisions are based on. It follows from the journal alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// The sequence number of the last event.
    pub(crate) seq: Seq,
    /// The time of the last event.
    pub(crate) at: Timestamp,
    /// The floor.
    pub(crate) floor: Arc<Floor>,
    /// The agents of the floor, signed in or not.
    pub(crate) agents: BTreeMap<AgentId, Agent>,
    /// The switches that have been seen.
    pub(crate) switches: BTreeMap<SwitchId, Switch>,
    /// The interactions that are not completed.
    pub(crate) interactions: BTreeMap<InteractionId, LiveInteraction>,
    /// The waiting calls of each queue, the next one first.
    pub(crate) queues: BTreeMap<QueueId, Vec<WaitingCall>>,
    /// The requests to switches that have no answer yet.
    pub(crate) requests: BTreeMap<RequestId, PendingRequest>,
    /// The ID of the last request.
    pub(crate) last_request: u64,
    /// The number of the last interaction.
    pub(crate) last_number: u64,
    /// The recently accepted commands.
    pub(crate) answered: AcceptedCommands,
    /// The recently ended calls.
    pub(crate) recent: RecentCalls,
    /// Indexes, derived from the rest.
    #[serde(skip)]
    pub(crate) index: Index,
}

/// An agent of the floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Agent {
    pub(crate) plan: AgentPlan,
    pub(crate) state: AgentState,
    pub(crate) since: Timestamp,
    pub(crate) next: Option<NextState>,
    /// Where the agent is signed in; `None` when signed out.
    pub(crate) seat: Option<SignInPlace>,
    /// The waiting call that is being offered to the agent.
    pub(crate) offer: Option<Offer>,
    /// The agent's interactions, the oldest first.
    pub(crate) interactions: Vec<InteractionId>,
    /// When the agent dialed numbers within the last minute, the oldest first.
    pub(crate) dialled: Vec<Timestamp>,
    /// Interactions completed within the last minute, whose notes can still be changed, the oldest first.
    #[serde(default)]
    pub(crate) completed: Vec<CompletedInteraction>,
    /// Whether the agent has a desk.
    #[serde(default)]
    pub(crate) desk: DeskPresence,
}

/// Whether an agent has a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum DeskPresence {
    /// No desk since signing in: the agent uses only the API, or the desk has not connected yet.
    #[default]
    Unknown,
    /// At least one desk.
    Attended,
    /// The last desk has disconnected.
    Unattended {
        /// When the grace time started.
        since: Timestamp,
    },
}

/// A completed interaction whose record can still be amended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CompletedInteraction {
    pub(crate) id: InteractionId,
    /// When it was completed.
    pub(crate) at: Timestamp,
    pub(crate) notes: Option<String>,
    pub(crate) disposition: Option<DispositionCode>,
}

/// The phone, switch and queues of a signed-in agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignInPlace {
    pub(crate) device: DeviceId,
    pub(crate) switch: SwitchId,
    pub(crate) queues: Vec<QueueId>,
}

/// A waiting call that is being offered to an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub(crate) queue: QueueId,
    pub(crate) switch: SwitchId,
    pub(crate) call: CallId,
    /// When the offer expires.
    pub(crate) until: Timestamp,
}

/// A switch that has been seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Switch {
    pub(crate) up: bool,
    pub(crate) features: BTreeSet<SwitchFeature>,
    /// The phones of the switch; `None` if it does not list them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phones: Option<BTreeSet<DeviceId>>,
    /// When the link went down, until the grace time is over.
    #[serde(default)]
    pub(crate) down_since: Option<Timestamp>,
    /// Whether the link was down for longer than the grace time.
    #[serde(default)]
    pub(crate) lost: bool,
}

/// An interaction that is not completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LiveInteraction {
    pub(crate) interaction: Interaction,
    /// When to stop waiting for the directory's answer about a new customer; absent for the first customer.
    #[serde(default)]
    pub(crate) lookup_until: Option<Timestamp>,
    /// The number to which the agent requested to transfer the customer without a consultation.
    #[serde(default)]
    pub(crate) transfer_to: Option<Number>,
    /// When the wrap-up time ends.
    pub(crate) wrap_up_until: Option<Timestamp>,
    /// Calls that the hub requested the switch to hang up, with the time limit of each.
    #[serde(default)]
    pub(crate) releasing: BTreeMap<CallId, Timestamp>,
    /// Whether the switch got a request to hang up and did not.
    #[serde(default)]
    pub(crate) overdue: bool,
}

/// A request that a switch has not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingRequest {
    pub(crate) switch: SwitchId,
    pub(crate) what: SwitchRequest,
    pub(crate) agent: Option<AgentId>,
    pub(crate) interaction: Option<InteractionId>,
    pub(crate) since: Timestamp,
}

impl Agent {
    /// When the grace time of an agent without a desk ends.
    pub(crate) fn desk_until(&self, grace: GraceMs) -> Option<Timestamp> {
        match self.desk {
            DeskPresence::Unattended { since } if self.takes_calls() => grace.over_at(since),
            DeskPresence::Unattended { .. } | DeskPresence::Unknown | DeskPresence::Attended => None,
        }
    }

    /// Whether the agent accepts calls now or will after the current one.
    pub(crate) fn takes_calls(&self) -> bool {
        match (&self.state, &self.next) {
            (AgentState::Ready, _)
            | (AgentState::Busy | AgentState::WrapUp, None | Some(NextState::Ready)) => true,
            (AgentState::SignedOut | AgentState::NotReady { .. }, _)
            | (
                AgentState::Busy | AgentState::WrapUp,
                Some(NextState::SignedOut | NextState::NotReady { .. }),
            ) => false,
        }
    }

    /// Creates an agent who is signed out.
    pub(crate) fn new(plan: AgentPlan) -> Self {
        Self {
            plan,
            state: AgentState::SignedOut,
            since: Timestamp(0),
            next: None,
            seat: None,
            offer: None,
            interactions: Vec::new(),
            dialled: Vec::new(),
            completed: Vec::new(),
            desk: DeskPresence::default(),
        }
    }
}

impl State {
    /// Rebuilds the indexes.
    pub(crate) fn index(&mut self) {
        self.index = Index::of(self);
    }

    /// Finds an agent of the floor.
    pub(crate) fn agent(&self, id: &AgentId) -> Option<&Agent> {
        self.agents.get(id)
    }

    /// Finds an interaction that is not completed.
    pub(crate) fn interaction(&self, id: InteractionId) -> Option<&Interaction> {
        self.interactions.get(&id).map(|live| &live.interaction)
    }

    /// The agent's interactions that are not completed, the oldest first.
    pub(crate) fn interactions_of(&self, agent: &AgentId) -> impl Iterator<Item = &Interaction> {
        let ids = self.agent(agent).map(|agent| agent.interactions.as_slice()).unwrap_or_default();
        ids.iter().filter_map(|id| self.interaction(*id))
    }

    /// The agent who is signed in at a phone.
    pub(crate) fn agent_at(&self, switch: &SwitchId, device: &DeviceId) -> Option<&AgentId> {
        self.index.seats.get(&(switch.clone(), device.clone()))
    }

    /// The conversations of a call.
    pub(crate) fn legs_of(&self, switch: &SwitchId, call: &CallId) -> Vec<(InteractionId, Leg)> {
        self.index.calls.get(&(switch.clone(), call.clone())).cloned().unwrap_or_default()
    }

    /// The conversation of a call at a phone.
    pub(crate) fn leg_at(
        &self,
        switch: &SwitchId,
        call: &CallId,
        device: &DeviceId,
    ) -> Option<(InteractionId, Leg)> {
        self.legs_of(switch, call)
            .into_iter()
            .find(|(id, _)| self.interaction(*id).is_some_and(|interaction| interaction.device == *device))
    }

    /// The queue in which a call waits, and the waiting call.
    pub(crate) fn waiting(&self, switch: &SwitchId, call: &CallId) -> Option<(&QueueId, &WaitingCall)> {
        let queue = self.index.waiting.get(&(switch.clone(), call.clone()))?;
        let waiting =
            self.queues.get(queue)?.iter().find(|one| one.call == *call && one.switch == *switch)?;
        Some((queue, waiting))
    }

    /// The remembered data of a recently ended call.
    pub(crate) fn recent_call(&self, switch: &SwitchId, call: &CallId) -> Option<&RecentCall> {
        self.recent.get(switch, call)
    }

    /// Checks that a switch can be reached and supports a feature.
    pub(crate) fn can(&self, switch: &SwitchId, feature: SwitchFeature) -> Result<(), Rejection> {
        match self.switches.get(switch) {
            Some(known) if known.up && known.features.contains(&feature) => Ok(()),
            Some(known) if known.up => {
                let text = format!("switch {switch} does not support {feature:?}");
                Err(Rejection::new(Code::NotSupported, text))
            }
            Some(_) | None => {
                let text = format!("switch {switch} cannot be reached; try again later");
                Err(Rejection::new(Code::SwitchUnavailable, text))
            }
        }
    }

    /// Whether a switch can be reached.
    pub(crate) fn is_up(&self, switch: &SwitchId) -> bool {
        self.switches.get(switch).is_some_and(|known| known.up)
    }

    /// Whether a switch has been unreachable for longer than the grace time.
    pub(crate) fn is_lost(&self, switch: &SwitchId) -> bool {
        self.switches.get(switch).is_some_and(|known| known.lost)
    }

    /// Whether the last open request about the same phone or call is identical. Requests for tones never count as
    /// identical.
    pub(crate) fn is_requested(&self, switch: &SwitchId, what: &SwitchRequest) -> bool {
        let last =
            self.index.requested_of(switch, what).last().and_then(|request| self.requests.get(&request));
        let is_tones = matches!(what, SwitchRequest::GenerateDigits { .. });
        last.is_some_and(|pending| pending.what == *what) && !is_tones
    }

    /// Whether a call from a phone was requested and the switch has not answered yet.
    pub(crate) fn is_calling(&self, switch: &SwitchId, device: &DeviceId) -> bool {
        let key = (switch.clone(), CompactString::new(device.as_str()));
        let mut requested =
            self.index.requested.get(&key).into_iter().flatten().filter_map(|id| self.requests.get(id));
        requested.any(|pending| matches!(pending.what, SwitchRequest::MakeCall { .. }))
    }

    /// The open requests of a switch that can be sent again, in their original order.
    pub(crate) fn unanswered(&self, switch: &SwitchId) -> Vec<OutgoingRequest> {
        let of_switch = self.requests.iter().filter(|(_, pending)| pending.switch == *switch);
        let of_switch = of_switch.filter(|(_, pending)| !pending.what.lacks_digits());
        let requested = of_switch.map(|(request, pending)| OutgoingRequest {
            request: *request,
            switch: pending.switch.clone(),
            what: pending.what.clone(),
        });
        requested.collect()
    }

    /// The open requests of a switch that cannot be sent again because the digits of their tones are not stored.
    pub(crate) fn without_digits(&self, switch: &SwitchId) -> Vec<RequestId> {
        let of_switch = self.requests.iter().filter(|(_, pending)| pending.switch == *switch);
        of_switch.filter(|(_, pending)| pending.what.lacks_digits()).map(|(request, _)| *request).collect()
    }

    /// When the next timer expires.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.index.due.first().map(|(at, _)| *at)
    }

    /// The next timer that has expired by `now`, the earliest first.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Timer> {
        self.index.due.first().filter(|(at, _)| *at <= now).map(|(_, due)| due.clone())
    }

    /// An agent whose desk grace time has expired by `now`.
    pub(crate) fn desk_due(&self, now: Timestamp) -> Option<AgentId> {
        let mut due = self.index.due.iter().take_while(|(at, _)| *at <= now);
        due.find_map(|(_, due)| if let Timer::Desk(agent) = due { Some(agent.clone()) } else { None })
    }
}
