//! The live calls of every agent, as the hub tells them.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AgentId, Conversation, ConversationEvent, ConversationId, ConversationState, Data, DetailEvent, DeviceId,
    Direction, Event, Interaction, InteractionEvent, InteractionId, Leg, Number, PartyKind, Snapshot,
};

/// What has to be known of an interaction to announce its calls.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) agent: AgentId,
    pub(super) device: DeviceId,
    pub(super) direction: Direction,
    pub(super) dialled: Option<Number>,
    pub(super) data: Data,
    /// Data of the contact, where the directory knows who it is.
    pub(super) contact: Data,
    /// The directory has yet to say who it is: nothing is announced before.
    pub(super) contact_pending: bool,
    pub(super) calls: Vec<Call>,
}

/// One leg: a call of its own for EBS.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) id: ConversationId,
    pub(super) state: ConversationState,
    /// The other end was heard to ring.
    pub(super) delivered: bool,
    /// Somebody called the agent.
    pub(super) incoming: bool,
    pub(super) remote: PartyKind,
}

/// What became of a call.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) agent: AgentId,
    pub(super) interaction: InteractionId,
    pub(super) call: ConversationId,
    /// It is over.
    pub(super) over: bool,
}

/// The live calls of every agent.
#[derive(Debug, Default)]
pub(super) struct Calls {
    works: BTreeMap<InteractionId, Work>,
    by_agent: BTreeMap<AgentId, BTreeSet<InteractionId>>,
}

impl Calls {
    /// An interaction and one of its calls.
    pub(super) fn get(&self, interaction: InteractionId, call: ConversationId) -> Option<(&Work, &Call)> {
        let work = self.works.get(&interaction)?;
        Some((work, work.calls.iter().find(|known| known.id == call)?))
    }

    /// Every call of an agent's that is not over, the older interaction first.
    pub(super) fn of_agent(&self, agent: &AgentId) -> Vec<(InteractionId, ConversationId)> {
        let interactions = self.by_agent.get(agent).into_iter().flatten();
        let calls = interactions.filter_map(|id| Some((*id, self.works.get(id)?)));
        calls.flat_map(|(id, work)| work.calls.iter().map(move |call| (id, call.id))).collect()
    }

    /// Takes a whole picture; gives the calls that are not in it any longer.
    pub(super) fn replace(&mut self, snapshot: &Snapshot) -> Vec<Change> {
        let before = std::mem::take(self);
        for view in &snapshot.interactions {
            self.open(&view.interaction);
        }
        let known = before.works.iter().flat_map(|(interaction, work)| {
            work.calls.iter().map(|call| Change::over(work.agent.clone(), *interaction, call.id))
        });
        known.filter(|change| self.get(change.interaction, change.call).is_none()).collect()
    }

    /// Takes an event; gives what it changed.
    pub(super) fn apply(&mut self, event: &Event) -> Vec<Change> {
        match event {
            Event::Interaction(InteractionEvent::Opened { interaction }) => self.open(interaction),
            Event::Interaction(InteractionEvent::Completed { summary, .. }) => {
                self.complete(summary.interaction.id)
            }
            Event::Conversation(event) => self.conversation(event).into_iter().collect(),
            Event::Detail(DetailEvent::DataChanged { interaction, set, unset, .. }) => {
                if let Some(work) = self.works.get_mut(interaction) {
                    work.data.change(set, unset);
                }
                Vec::new()
            }
            Event::Detail(DetailEvent::ContactResolved { interaction, contact, .. }) => {
                let Some(work) = self.works.get_mut(interaction) else { return Vec::new() };
                work.contact = contact.as_ref().map(|contact| contact.data.clone()).unwrap_or_default();
                work.contact_pending = false;
                work.calls.iter().map(|call| Change::moved(&work.agent, *interaction, call.id)).collect()
            }
            Event::Interaction(
                InteractionEvent::StateChanged { .. }
                | InteractionEvent::ReleaseOverdue { .. }
                | InteractionEvent::Forced { .. },
            )
            | Event::Detail(
                DetailEvent::CardChanged { .. }
                | DetailEvent::Popped { .. }
                | DetailEvent::Logged { .. }
                | DetailEvent::RecordingStarted { .. }
                | DetailEvent::NotesChanged { .. },
            )
            | Event::Agent(_)
            | Event::Floor(_)
            | Event::Link(_) => Vec::new(),
        }
    }

    fn conversation(&mut self, event: &ConversationEvent) -> Option<Change> {
        match event {
            ConversationEvent::Opened { interaction, leg, conversation, .. } => {
                self.join(*interaction, *leg, conversation)
            }
            ConversationEvent::StateChanged { interaction, conversation, to, delivered, .. } => {
                self.step(*interaction, *conversation, *to, *delivered)
            }
            ConversationEvent::Closed { interaction, conversation, .. } => {
                self.leave(*interaction, *conversation)
            }
            ConversationEvent::PartiesChanged { .. } | ConversationEvent::ControlsChanged { .. } => None,
        }
    }

    fn open(&mut self, interaction: &Interaction) -> Vec<Change> {
        let mut changes = self.complete(interaction.id);
        let work = Work::of(interaction);
        let opened = work.calls.iter().map(|call| Change::moved(&work.agent, interaction.id, call.id));
        changes.extend(opened);
        changes.retain(|change| !(change.over && work.calls.iter().any(|call| call.id == change.call)));
        self.by_agent.entry(work.agent.clone()).or_default().insert(interaction.id);
        self.works.insert(interaction.id, work);
        changes
    }

    fn join(&mut self, interaction: InteractionId, leg: Leg, conversation: &Conversation) -> Option<Change> {
        let work = self.works.get_mut(&interaction)?;
        work.calls.retain(|call| call.id != conversation.id);
        work.calls.push(Call::of(conversation, leg, work.direction));
        Some(Change::moved(&work.agent, interaction, conversation.id))
    }

    fn step(
        &mut self,
        interaction: InteractionId,
        call: ConversationId,
        to: ConversationState,
        delivered: bool,
    ) -> Option<Change> {
        if to == ConversationState::Ended {
            return self.leave(interaction, call);
        }
        let work = self.works.get_mut(&interaction)?;
        let known = work.calls.iter_mut().find(|known| known.id == call)?;
        (known.state, known.delivered) = (to, known.delivered || delivered);
        Some(Change::moved(&work.agent, interaction, call))
    }

    fn leave(&mut self, interaction: InteractionId, call: ConversationId) -> Option<Change> {
        let work = self.works.get_mut(&interaction)?;
        let at = work.calls.iter().position(|known| known.id == call)?;
        work.calls.remove(at);
        Some(Change::over(work.agent.clone(), interaction, call))
    }

    fn complete(&mut self, interaction: InteractionId) -> Vec<Change> {
        let Some(work) = self.works.remove(&interaction) else { return Vec::new() };
        if let Some(interactions) = self.by_agent.get_mut(&work.agent) {
            interactions.remove(&interaction);
            if interactions.is_empty() {
                self.by_agent.remove(&work.agent);
            }
        }
        work.calls.iter().map(|call| Change::over(work.agent.clone(), interaction, call.id)).collect()
    }
}

impl Change {
    fn moved(agent: &AgentId, interaction: InteractionId, call: ConversationId) -> Self {
        Self { agent: agent.clone(), interaction, call, over: false }
    }

    fn over(agent: AgentId, interaction: InteractionId, call: ConversationId) -> Self {
        Self { agent, interaction, call, over: true }
    }
}

impl Work {
    fn of(interaction: &Interaction) -> Self {
        let live = interaction.conversations().filter(|(_, leg)| leg.state != ConversationState::Ended);
        let calls = live.map(|(leg, conversation)| {
            let mut call = Call::of(conversation, leg, interaction.direction);
            if leg == Leg::Primary {
                call.remote = interaction.customer.at.clone();
            }
            call
        });
        Self {
            agent: interaction.agent.clone(),
            device: interaction.device.clone(),
            direction: interaction.direction,
            dialled: interaction.dialled.clone(),
            data: interaction.data.clone(),
            contact: interaction.contact.as_ref().map(|contact| contact.data.clone()).unwrap_or_default(),
            contact_pending: interaction.contact_pending,
            calls: calls.collect(),
        }
    }
}

impl Call {
    /// A call that is first seen while it talks says no longer who began it: then the interaction's direction does.
    fn of(conversation: &Conversation, leg: Leg, direction: Direction) -> Self {
        let incoming = match conversation.state {
            ConversationState::Alerting => true,
            ConversationState::Dialing => false,
            ConversationState::Talking | ConversationState::Held | ConversationState::Ended => {
                leg == Leg::Primary && direction == Direction::Inbound
            }
        };
        Self {
            id: conversation.id,
            state: conversation.state,
            delivered: conversation.delivered,
            incoming,
            remote: conversation.parties.first().map_or(PartyKind::Withheld, |party| party.at.clone()),
        }
    }
}
