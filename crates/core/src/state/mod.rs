//! Everything that is decided upon, and how to look things up in it.

pub(crate) mod answered;
mod index;
pub(crate) mod keys;
mod recent;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use compact_str::CompactString;
use model::{
    AgentId, AgentPlan, AgentState, CallId, Code, DeviceId, DispositionCode, Floor, GraceMs, Interaction,
    InteractionId, Leg, NextState, QueueId, Rejection, RequestId, Seq, SwitchFeature, SwitchId,
    SwitchRequest, Timestamp, WaitingCall,
};
use serde::{Deserialize, Serialize};

use crate::Asked;
use answered::Answered;
pub(crate) use index::Due;
use index::Index;
pub(crate) use recent::{Memo, Recent};

/// Everything that is decided upon. It follows from the journal alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// The last event that was applied.
    pub(crate) seq: Seq,
    /// When it was.
    pub(crate) at: Timestamp,
    /// The floor.
    pub(crate) floor: Arc<Floor>,
    /// The floor's agents, at work or not.
    pub(crate) agents: BTreeMap<AgentId, Agent>,
    /// Switches that were heard of.
    pub(crate) switches: BTreeMap<SwitchId, Switch>,
    /// Interactions that are not completed.
    pub(crate) interactions: BTreeMap<InteractionId, Live>,
    /// Calls that wait, the next one first.
    pub(crate) queues: BTreeMap<QueueId, Vec<WaitingCall>>,
    /// What was asked of switches and not answered.
    pub(crate) requests: BTreeMap<RequestId, Pending>,
    /// The number of the last request.
    pub(crate) last_request: u64,
    /// The number of the last interaction.
    pub(crate) last_number: u64,
    /// Commands that were taken of late.
    pub(crate) answered: Answered,
    /// Calls that went away of late.
    pub(crate) recent: Recent,
    /// What is found by other keys; follows from the rest.
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
    /// Where the agent is signed in.
    pub(crate) seat: Option<Seat>,
    /// The waiting call that is being offered.
    pub(crate) offer: Option<Offer>,
    /// The agent's interactions, oldest first.
    pub(crate) interactions: Vec<InteractionId>,
    /// When numbers were dialled within the last minute, oldest first.
    pub(crate) dialled: Vec<Timestamp>,
    /// Interactions completed within the last minute, whose notes may still be changed, oldest first.
    #[serde(default)]
    pub(crate) completed: Vec<Completed>,
    /// Whether anything shows the agent's work.
    #[serde(default)]
    pub(crate) desk: Desk,
}

/// Whether anything shows an agent's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Desk {
    /// The agent had none since signing in: it works by the API alone, or has yet to come.
    #[default]
    Unknown,
    /// There is at least one.
    Attended,
    /// The last one is gone.
    Unattended {
        /// Since when the grace time runs.
        since: Timestamp,
    },
}

/// An interaction whose record may still be amended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Completed {
    pub(crate) id: InteractionId,
    /// When it was completed.
    pub(crate) at: Timestamp,
    pub(crate) notes: Option<String>,
    pub(crate) disposition: Option<DispositionCode>,
}

/// Where and for what an agent is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seat {
    pub(crate) device: DeviceId,
    pub(crate) switch: SwitchId,
    pub(crate) queues: Vec<QueueId>,
}

/// A waiting call on its way to an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub(crate) queue: QueueId,
    pub(crate) switch: SwitchId,
    pub(crate) call: CallId,
    /// When it is taken back.
    pub(crate) until: Timestamp,
}

/// A switch that was heard of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Switch {
    pub(crate) up: bool,
    pub(crate) features: BTreeSet<SwitchFeature>,
    /// Since when it is down, while its agents have yet to become not ready.
    #[serde(default)]
    pub(crate) down_since: Option<Timestamp>,
    /// It was down for longer than the grace time.
    #[serde(default)]
    pub(crate) lost: bool,
}

/// An interaction that is not completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Live {
    pub(crate) interaction: Interaction,
    /// When it is completed without having been asked to.
    pub(crate) wrap_up_until: Option<Timestamp>,
    /// Calls that the switch was asked to hang up, and until when it may take.
    #[serde(default)]
    pub(crate) releasing: BTreeMap<CallId, Timestamp>,
    /// The switch was asked to hang up and did not.
    #[serde(default)]
    pub(crate) overdue: bool,
}

/// A request that a switch has not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) switch: SwitchId,
    pub(crate) what: SwitchRequest,
    pub(crate) agent: Option<AgentId>,
    pub(crate) interaction: Option<InteractionId>,
    pub(crate) since: Timestamp,
}

impl Agent {
    /// When the agent is to take no more calls because no desk is there.
    pub(crate) fn desk_until(&self, grace: GraceMs) -> Option<Timestamp> {
        match self.desk {
            Desk::Unattended { since } if self.takes_calls() => grace.over_at(since),
            Desk::Unattended { .. } | Desk::Unknown | Desk::Attended => None,
        }
    }

    /// Whether the agent takes calls now, or will after what it does.
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

    /// One who is not at work.
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
            desk: Desk::default(),
        }
    }
}

impl State {
    /// Finds out again what follows from the rest.
    pub(crate) fn index(&mut self) {
        self.index = Index::of(self);
    }

    /// An agent of the floor; commands have checked that there is one.
    pub(crate) fn agent(&self, id: &AgentId) -> Option<&Agent> {
        self.agents.get(id)
    }

    /// An interaction that is not completed.
    pub(crate) fn interaction(&self, id: InteractionId) -> Option<&Interaction> {
        self.interactions.get(&id).map(|live| &live.interaction)
    }

    /// The agent's interactions that are not completed, oldest first.
    pub(crate) fn interactions_of(&self, agent: &AgentId) -> impl Iterator<Item = &Interaction> {
        let ids = self.agent(agent).map(|agent| agent.interactions.as_slice()).unwrap_or_default();
        ids.iter().filter_map(|id| self.interaction(*id))
    }

    /// Who is signed in at a phone.
    pub(crate) fn agent_at(&self, switch: &SwitchId, device: &DeviceId) -> Option<&AgentId> {
        self.index.seats.get(&(switch.clone(), device.clone()))
    }

    /// The conversations that a call is behind.
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

    /// The queue in which a call waits, and the call.
    pub(crate) fn waiting(&self, switch: &SwitchId, call: &CallId) -> Option<(&QueueId, &WaitingCall)> {
        let queue = self.index.waiting.get(&(switch.clone(), call.clone()))?;
        let waiting =
            self.queues.get(queue)?.iter().find(|one| one.call == *call && one.switch == *switch)?;
        Some((queue, waiting))
    }

    /// What is remembered of a call that went away.
    pub(crate) fn memo(&self, switch: &SwitchId, call: &CallId) -> Option<&Memo> {
        self.recent.get(switch, call)
    }

    /// Whether a switch can be reached and can do this.
    pub(crate) fn can(&self, switch: &SwitchId, feature: SwitchFeature) -> Result<(), Rejection> {
        match self.switches.get(switch) {
            Some(known) if known.up && known.features.contains(&feature) => Ok(()),
            Some(known) if known.up => {
                let text = format!("switch {switch} cannot do {feature:?}");
                Err(Rejection::new(Code::NotSupported, text))
            }
            Some(_) | None => {
                let text = format!("switch {switch} cannot be reached");
                Err(Rejection::new(Code::SwitchUnavailable, text))
            }
        }
    }

    /// Whether a switch can be reached.
    pub(crate) fn is_up(&self, switch: &SwitchId) -> bool {
        self.switches.get(switch).is_some_and(|known| known.up)
    }

    /// Whether a switch has not been reached for longer than the grace time.
    pub(crate) fn is_lost(&self, switch: &SwitchId) -> bool {
        self.switches.get(switch).is_some_and(|known| known.lost)
    }

    /// Whether the very same is what was asked last about its phone or call, and not answered. Tones are never the same.
    pub(crate) fn is_asked(&self, switch: &SwitchId, what: &SwitchRequest) -> bool {
        let last = self.index.asked_of(switch, what).last().and_then(|request| self.requests.get(&request));
        let is_tones = matches!(what, SwitchRequest::GenerateDigits { .. });
        last.is_some_and(|pending| pending.what == *what) && !is_tones
    }

    /// Whether a phone has been asked to call somebody and has not answered.
    pub(crate) fn is_calling(&self, switch: &SwitchId, device: &DeviceId) -> bool {
        let key = (switch.clone(), CompactString::new(device.as_str()));
        let mut asked =
            self.index.asked.get(&key).into_iter().flatten().filter_map(|id| self.requests.get(id));
        asked.any(|pending| matches!(pending.what, SwitchRequest::MakeCall { .. }))
    }

    /// What a switch has not answered and can be sent again, in the order in which it was asked.
    pub(crate) fn unanswered(&self, switch: &SwitchId) -> Vec<Asked> {
        let of_switch = self.requests.iter().filter(|(_, pending)| pending.switch == *switch);
        let of_switch = of_switch.filter(|(_, pending)| !pending.what.lacks_digits());
        let asked = of_switch.map(|(request, pending)| Asked {
            request: *request,
            switch: pending.switch.clone(),
            what: pending.what.clone(),
        });
        asked.collect()
    }

    /// What a switch has not answered and cannot be sent again, since the digits of its tones are not kept.
    pub(crate) fn without_digits(&self, switch: &SwitchId) -> Vec<RequestId> {
        let of_switch = self.requests.iter().filter(|(_, pending)| pending.switch == *switch);
        of_switch.filter(|(_, pending)| pending.what.lacks_digits()).map(|(request, _)| *request).collect()
    }

    /// When something is due next.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.index.due.first().map(|(at, _)| *at)
    }

    /// What is due by `now`, the earliest first.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Due> {
        self.index.due.first().filter(|(at, _)| *at <= now).map(|(_, due)| due.clone())
    }

    /// An agent whose desk has been gone for too long by `now`.
    pub(crate) fn desk_due(&self, now: Timestamp) -> Option<AgentId> {
        let mut due = self.index.due.iter().take_while(|(at, _)| *at <= now);
        due.find_map(|(_, due)| if let Due::Desk(agent) = due { Some(agent.clone()) } else { None })
    }
}
