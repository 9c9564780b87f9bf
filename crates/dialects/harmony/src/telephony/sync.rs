//! Events: the difference between what is and what the bridge was told, object by object, in the order in which things happen.

use std::collections::BTreeSet;

use compact_str::{CompactString, ToCompactString};
use model::{
    AgentEvent, AgentId, Conversation, ConversationId, Data, Event as HubEvent, Interaction, InteractionId,
    Party,
};
use serde_json::Value;

use super::{
    Telephony, agents,
    objects::{Kind, Told},
};
use crate::wire::{
    ChannelEvent, ConversationEvent, Event, InteractionEvent, nest,
    reply::{AgentState, Member},
    words::{Availability, ConversationState, InteractionState, LoginState, MediaType},
};

/// An interaction as the bridge is to see it.
pub(super) struct Seen {
    pub(super) state: InteractionState,
    pub(super) data: Value,
    /// The primary leg and, while it goes on, the consult.
    pub(super) legs: Vec<SeenLeg>,
}

/// A conversation as the bridge is to see it.
#[derive(Clone)]
pub(super) struct SeenLeg {
    pub(super) id: ConversationId,
    pub(super) state: ConversationState,
    pub(super) members: Vec<Member>,
}

impl Seen {
    /// What is of an interaction. One that is no longer known is completed; one that has no leg left has ended, even where the hub has
    /// yet to say so; and where the customer's leg is gone the other takes its place (harmony.md §12).
    pub(super) fn of(work: Option<&Interaction>) -> Self {
        let Some(work) = work else {
            return Self { state: InteractionState::Completed, data: Value::Null, legs: Vec::new() };
        };
        let legs: Vec<SeenLeg> = match work.state.is_live() {
            true => work.conversations().map(|(_, leg)| SeenLeg::of(leg)).collect(),
            false => Vec::new(),
        };
        let state = match work.state {
            model::InteractionState::Completed => InteractionState::Completed,
            _ if legs.is_empty() => InteractionState::Ended,
            model::InteractionState::Ended => InteractionState::Ended,
            model::InteractionState::Alerting => InteractionState::Alerting,
            model::InteractionState::Dialing => InteractionState::Dialing,
            model::InteractionState::Started => InteractionState::Started,
        };
        Self { state, data: Value::Object(nest(&work.data)), legs }
    }
}

impl SeenLeg {
    fn of(conversation: &Conversation) -> Self {
        let state = match conversation.state {
            model::ConversationState::Alerting => ConversationState::Alerting,
            model::ConversationState::Dialing => ConversationState::Dialing,
            model::ConversationState::Talking => ConversationState::Talking,
            model::ConversationState::Held => ConversationState::Held,
            model::ConversationState::Ended => ConversationState::Ended,
        };
        Self { id: conversation.id, state, members: conversation.parties.iter().map(member).collect() }
    }
}

fn member(party: &Party) -> Member {
    Member { id: party.at.number().unwrap_or_default().into(), name: party.name.clone() }
}

impl Telephony {
    pub(super) fn sync_all(&mut self) {
        for agent in self.objects.agents() {
            self.sync(&agent);
        }
    }

    /// Who came or left takes or frees a phone that others may have as theirs.
    pub(super) fn sync_neighbours(&mut self, event: &HubEvent) {
        if let HubEvent::Agent(AgentEvent::SignedIn { .. } | AgentEvent::SignedOut { .. }) = event {
            self.sync_all();
        }
    }

    /// Tells what is otherwise with an agent, unless a response has to come first: what a request brings follows its response
    /// (harmony.md §2.3).
    pub(super) fn sync(&mut self, agent: &AgentId) {
        if self.opens(agent).next().is_some() {
            return;
        }
        let Some(session) = self.objects.session_of(agent).cloned() else { return };
        for group in self.objects.children(&session) {
            for channel in self.objects.children(&group) {
                for interaction in self.objects.children(&channel) {
                    self.sync_interaction(&interaction);
                }
                self.sync_channel(&channel, agent);
            }
        }
    }

    fn sync_channel(&mut self, target: &CompactString, agent: &AgentId) {
        let Some(object) = self.objects.get_mut(target).filter(|object| object.ready) else { return };
        let Kind::Channel(channel) = &mut object.kind else { return };
        let Some(device) = channel.device.clone() else { return };
        let login = agents::login(&self.projection, agent, &device);
        let availability =
            (login == LoginState::Active).then(|| agents::availability(&self.projection, agent));
        let mut events = logins(channel.login, login);
        if availability != channel.agent {
            events.extend(availability.clone().map(steered));
        }
        (channel.login, channel.agent) = (login, availability);
        if login == LoginState::Active {
            let works = self.projection.calls(agent).filter(|work| work.device == device);
            for id in works.map(|work| work.id) {
                if channel.told.insert(id) {
                    let (native, kind) =
                        (id.to_compact_string(), self.words.text(MediaType::Telephony).into());
                    events.push(ChannelEvent::Interaction { native, kind });
                }
            }
        }
        events.into_iter().for_each(|event| self.tell(target, &Event::Channel(event)));
    }

    fn sync_interaction(&mut self, target: &CompactString) {
        let Some(object) = self.objects.get(target).filter(|object| object.ready) else { return };
        let Kind::Interaction(told) = &object.kind else { return };
        let id = told.id;
        let seen = Seen::of(self.projection.work(id));
        self.sync_legs(target, &seen.legs);
        let Some(Kind::Interaction(told)) = self.objects.get_mut(target).map(|object| &mut object.kind)
        else {
            return;
        };
        let events = differences(told, &seen);
        let is_over = seen.state == InteractionState::Completed;
        events.into_iter().for_each(|event| self.tell(target, &Event::Interaction(event)));
        if is_over {
            self.forget_interaction(target, id);
        }
    }

    /// The bridge has set data itself and has the answer: it is not told so again.
    pub(super) fn set_by_the_bridge(
        &mut self,
        agent: &AgentId,
        id: InteractionId,
        set: &Data,
        unset: &[CompactString],
    ) {
        let Some(session) = self.objects.session_of(agent) else { return };
        let groups = self.objects.children(session);
        let channels = groups.iter().flat_map(|group| self.objects.children(group));
        let targets: Vec<_> = channels.flat_map(|channel| self.objects.children(&channel)).collect();
        for target in targets {
            if let Some(Kind::Interaction(told)) =
                self.objects.get_mut(&target).map(|object| &mut object.kind)
                && told.id == id
                && let Value::Object(data) = &mut told.data
            {
                unset.iter().for_each(|name| drop(data.remove(name.as_str())));
                data.extend(nest(set));
            }
        }
    }

    fn forget_interaction(&mut self, target: &CompactString, id: InteractionId) {
        let channel = self.objects.parent(target).cloned();
        self.objects.remove(target);
        let channel = channel.and_then(|channel| self.objects.get_mut(&channel));
        if let Some(Kind::Channel(channel)) = channel.map(|object| &mut object.kind) {
            channel.told.remove(&id);
        }
    }

    fn sync_legs(&mut self, target: &CompactString, legs: &[SeenLeg]) {
        let children = self.objects.children(target);
        for child in &children {
            self.sync_members(child, legs);
        }
        for child in &children {
            self.sync_end(child, legs);
        }
        // Whoever parks one leg and takes the other parks first.
        for wanted in [true, false] {
            for child in &children {
                self.sync_leg(child, legs, |state| (state == ConversationState::Held) == wanted);
            }
        }
    }

    fn sync_members(&mut self, child: &CompactString, legs: &[SeenLeg]) {
        let Some((told, leg)) = ready_leg(&mut self.objects, child, legs) else { return };
        let before = std::mem::replace(&mut told.members, leg.members.clone());
        let added = leg.members.iter().filter(|member| !before.contains(member));
        let mut events: Vec<_> = added.cloned().map(ConversationEvent::MemberAdded).collect();
        let removed = before.into_iter().filter(|member| !leg.members.contains(member));
        events.extend(removed.map(ConversationEvent::MemberRemoved));
        events.into_iter().for_each(|event| self.tell(child, &Event::Conversation(event)));
    }

    fn sync_end(&mut self, child: &CompactString, legs: &[SeenLeg]) {
        let Some(object) = self.objects.get(child).filter(|object| object.ready) else { return };
        let Kind::Conversation(told) = &object.kind else { return };
        if legs.iter().any(|leg| leg.id == told.id) {
            return;
        }
        if told.state != ConversationState::Ended {
            self.tell(child, &Event::Conversation(ConversationEvent::State(ConversationState::Ended)));
        }
        self.tell(child, &Event::Conversation(ConversationEvent::Disposed));
        self.objects.remove(child);
    }

    fn sync_leg(
        &mut self,
        child: &CompactString,
        legs: &[SeenLeg],
        wanted: impl Fn(ConversationState) -> bool,
    ) {
        let Some((told, leg)) = ready_leg(&mut self.objects, child, legs) else { return };
        if told.state == leg.state || !wanted(leg.state) {
            return;
        }
        told.state = leg.state;
        self.tell(child, &Event::Conversation(ConversationEvent::State(leg.state)));
    }

    /// A conversation of which the bridge knows by a response.
    pub(super) fn known_leg(&mut self, target: &str, id: ConversationId) {
        if let Some(Kind::Interaction(told)) = self.objects.get_mut(target).map(|object| &mut object.kind) {
            told.legs.insert(id);
        }
    }
}

fn ready_leg<'a, 'b>(
    objects: &'a mut super::Objects,
    child: &str,
    legs: &'b [SeenLeg],
) -> Option<(&'a mut super::objects::ToldLeg, &'b SeenLeg)> {
    let object = objects.get_mut(child).filter(|object| object.ready)?;
    let Kind::Conversation(told) = &mut object.kind else { return None };
    let leg = legs.iter().find(|leg| leg.id == told.id)?;
    Some((told, leg))
}

/// What is to be told of an interaction, and is told from here on.
fn differences(told: &mut Told, seen: &Seen) -> Vec<InteractionEvent> {
    let live: BTreeSet<ConversationId> = seen.legs.iter().map(|leg| leg.id).collect();
    let begun = live.difference(&told.legs);
    let mut events: Vec<_> =
        begun.map(|id| InteractionEvent::Consult { native: id.to_compact_string() }).collect();
    told.legs = live;
    if told.data != seen.data && seen.state != InteractionState::Completed {
        told.data = seen.data.clone();
        events.push(InteractionEvent::DataChanged(Some(seen.data.clone())));
    }
    let was_over = matches!(told.state, InteractionState::Ended | InteractionState::Completed);
    if seen.state == InteractionState::Completed && !was_over {
        events.push(InteractionEvent::State(InteractionState::Ended));
    }
    if told.state != seen.state {
        told.state = seen.state;
        events.push(InteractionEvent::State(seen.state));
    }
    if seen.state == InteractionState::Completed {
        events.push(InteractionEvent::Disposed);
    }
    events
}

fn logins(from: LoginState, to: LoginState) -> Vec<ChannelEvent> {
    if from == to {
        return Vec::new();
    }
    let leave = match from {
        LoginState::Inactive => None,
        LoginState::Unavailable => Some(ChannelEvent::Available),
        LoginState::Active => Some(ChannelEvent::Deactivated),
    };
    let enter = match to {
        LoginState::Inactive => None,
        LoginState::Unavailable => Some(ChannelEvent::Unavailable),
        LoginState::Active => Some(ChannelEvent::Activated),
    };
    leave.into_iter().chain(enter).collect()
}

fn steered(agent: AgentState) -> ChannelEvent {
    match agent.availability {
        Availability::Ready => ChannelEvent::Ready,
        Availability::NotReady => {
            ChannelEvent::NotReady { reason: Some(agent.reason).filter(|reason| !reason.is_empty()) }
        }
    }
}
