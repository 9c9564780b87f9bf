//! Events: the difference between the current state and the reported one, object by object, in the order of occurrence.

use std::collections::BTreeSet;

use compact_str::{CompactString, ToCompactString};
use model::{
    AgentEvent, AgentId, Conversation, ConversationId, Data, Event as HubEvent, Interaction, InteractionId,
    Party,
};
use serde_json::Value;

use super::{
    TelephonySession, agents,
    objects::{Kind, ReportedInteraction},
};
use crate::wire::{
    ChannelEvent, ConversationEvent, Event, InteractionEvent, nest,
    reply::{AgentState, Member},
    words::{Availability, ConversationState, InteractionState, LoginState, MediaType},
};

/// The current state of an interaction for the bridge.
pub(super) struct CurrentInteraction {
    pub(super) state: InteractionState,
    pub(super) data: Value,
    /// The primary leg and, while there is one, the consult.
    pub(super) legs: Vec<CurrentConversation>,
}

/// The current state of a conversation for the bridge.
#[derive(Clone)]
pub(super) struct CurrentConversation {
    pub(super) id: ConversationId,
    pub(super) state: ConversationState,
    pub(super) members: Vec<Member>,
}

impl CurrentInteraction {
    /// The state of an interaction. An unknown one is completed. One without a leg has ended, even before the hub says so. If the customer's leg
    /// is gone, the other leg takes its place (harmony.md §12).
    pub(super) fn of(interaction: Option<&Interaction>) -> Self {
        let Some(interaction) = interaction else {
            return Self { state: InteractionState::Completed, data: Value::Null, legs: Vec::new() };
        };
        let legs: Vec<CurrentConversation> = match interaction.state.is_live() {
            true => interaction.conversations().map(|(_, leg)| CurrentConversation::of(leg)).collect(),
            false => Vec::new(),
        };
        let state = match interaction.state {
            model::InteractionState::Completed => InteractionState::Completed,
            _ if legs.is_empty() => InteractionState::Ended,
            model::InteractionState::Ended => InteractionState::Ended,
            model::InteractionState::Alerting => InteractionState::Alerting,
            model::InteractionState::Dialing => InteractionState::Dialing,
            model::InteractionState::Started => InteractionState::Started,
        };
        Self { state, data: Value::Object(nest(&interaction.data)), legs }
    }
}

impl CurrentConversation {
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

impl TelephonySession {
    pub(super) fn sync_all(&mut self) {
        for agent in self.objects.agents() {
            self.sync(&agent);
        }
    }

    /// Updates all agents after one has signed in or out, because a phone may have become free or occupied.
    pub(super) fn sync_neighbours(&mut self, event: &HubEvent) {
        if let HubEvent::Agent(AgentEvent::SignedIn { .. } | AgentEvent::SignedOut { .. }) = event {
            self.sync_all();
        }
    }

    /// Sends the changes of an agent, unless a response must be sent first: the events of a request follow its response
    /// (harmony.md §2.3).
    pub(super) fn sync(&mut self, agent: &AgentId) {
        if self.pending(agent).next().is_some() {
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
            events.extend(availability.clone().map(availability_event));
        }
        (channel.login, channel.agent) = (login, availability);
        if login == LoginState::Active {
            let interactions =
                self.projection.calls(agent).filter(|interaction| interaction.device == device);
            for id in interactions.map(|interaction| interaction.id) {
                if channel.reported.insert(id) {
                    let (native, kind) =
                        (id.to_compact_string(), self.words.text(MediaType::Telephony).into());
                    events.push(ChannelEvent::Interaction { native, kind });
                }
            }
        }
        events.into_iter().for_each(|event| self.send_event(target, &Event::Channel(event)));
    }

    fn sync_interaction(&mut self, target: &CompactString) {
        let Some(object) = self.objects.get(target).filter(|object| object.ready) else { return };
        let Kind::Interaction(reported) = &object.kind else { return };
        let id = reported.id;
        let seen = CurrentInteraction::of(self.projection.interaction(id));
        self.sync_legs(target, &seen.legs);
        let Some(Kind::Interaction(reported)) = self.objects.get_mut(target).map(|object| &mut object.kind)
        else {
            return;
        };
        let events = differences(reported, &seen);
        let is_over = seen.state == InteractionState::Completed;
        events.into_iter().for_each(|event| self.send_event(target, &Event::Interaction(event)));
        if is_over {
            self.forget_interaction(target, id);
        }
    }

    /// Marks data that the bridge has set itself as reported.
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
            if let Some(Kind::Interaction(reported)) =
                self.objects.get_mut(&target).map(|object| &mut object.kind)
                && reported.id == id
                && let Value::Object(data) = &mut reported.data
            {
                unset.iter().for_each(|name| drop(data.remove(name.as_str())));
                data.extend(nest(set));
            }
        }
    }

    /// Marks the data of an interaction as not reported.
    pub(super) fn data_unreported(&mut self, target: &str) {
        if let Some(Kind::Interaction(reported)) = self.objects.get_mut(target).map(|object| &mut object.kind)
        {
            reported.data = Value::Null;
        }
    }

    fn forget_interaction(&mut self, target: &CompactString, id: InteractionId) {
        let channel = self.objects.parent(target).cloned();
        self.objects.remove(target);
        let channel = channel.and_then(|channel| self.objects.get_mut(&channel));
        if let Some(Kind::Channel(channel)) = channel.map(|object| &mut object.kind) {
            channel.reported.remove(&id);
        }
    }

    fn sync_legs(&mut self, target: &CompactString, legs: &[CurrentConversation]) {
        let children = self.objects.children(target);
        for child in &children {
            self.sync_members(child, legs);
        }
        for child in &children {
            self.sync_end(child, legs);
        }
        // A call is put on hold before the other one is resumed.
        for wanted in [true, false] {
            for child in &children {
                self.sync_leg(child, legs, |state| (state == ConversationState::Held) == wanted);
            }
        }
    }

    fn sync_members(&mut self, child: &CompactString, legs: &[CurrentConversation]) {
        let Some((reported, leg)) = ready_leg(&mut self.objects, child, legs) else { return };
        let before = std::mem::replace(&mut reported.members, leg.members.clone());
        let added = leg.members.iter().filter(|member| !before.contains(member));
        let mut events: Vec<_> = added.cloned().map(ConversationEvent::MemberAdded).collect();
        let removed = before.into_iter().filter(|member| !leg.members.contains(member));
        events.extend(removed.map(ConversationEvent::MemberRemoved));
        events.into_iter().for_each(|event| self.send_event(child, &Event::Conversation(event)));
    }

    fn sync_end(&mut self, child: &CompactString, legs: &[CurrentConversation]) {
        let Some(object) = self.objects.get(child).filter(|object| object.ready) else { return };
        let Kind::Conversation(reported) = &object.kind else { return };
        if legs.iter().any(|leg| leg.id == reported.id) {
            return;
        }
        if reported.state != ConversationState::Ended {
            self.send_event(child, &Event::Conversation(ConversationEvent::State(ConversationState::Ended)));
        }
        self.send_event(child, &Event::Conversation(ConversationEvent::Disposed));
        self.objects.remove(child);
    }

    fn sync_leg(
        &mut self,
        child: &CompactString,
        legs: &[CurrentConversation],
        wanted: impl Fn(ConversationState) -> bool,
    ) {
        let Some((reported, leg)) = ready_leg(&mut self.objects, child, legs) else { return };
        if reported.state == leg.state || !wanted(leg.state) {
            return;
        }
        reported.state = leg.state;
        self.send_event(child, &Event::Conversation(ConversationEvent::State(leg.state)));
    }

    /// Marks a conversation as reported, because a response has named it.
    pub(super) fn known_leg(&mut self, target: &str, id: ConversationId) {
        if let Some(Kind::Interaction(reported)) = self.objects.get_mut(target).map(|object| &mut object.kind)
        {
            reported.legs.insert(id);
        }
    }
}

fn ready_leg<'a, 'b>(
    objects: &'a mut super::Objects,
    child: &str,
    legs: &'b [CurrentConversation],
) -> Option<(&'a mut super::objects::ReportedConversation, &'b CurrentConversation)> {
    let object = objects.get_mut(child).filter(|object| object.ready)?;
    let Kind::Conversation(reported) = &mut object.kind else { return None };
    let leg = legs.iter().find(|leg| leg.id == reported.id)?;
    Some((reported, leg))
}

/// The events for the changes of an interaction, which count as reported from then on.
fn differences(reported: &mut ReportedInteraction, seen: &CurrentInteraction) -> Vec<InteractionEvent> {
    let live: BTreeSet<ConversationId> = seen.legs.iter().map(|leg| leg.id).collect();
    let begun = live.difference(&reported.legs);
    let mut events: Vec<_> =
        begun.map(|id| InteractionEvent::Consult { native: id.to_compact_string() }).collect();
    reported.legs = live;
    if reported.data != seen.data && seen.state != InteractionState::Completed {
        reported.data = seen.data.clone();
        events.push(InteractionEvent::DataChanged(Some(seen.data.clone())));
    }
    let was_over = matches!(reported.state, InteractionState::Ended | InteractionState::Completed);
    if seen.state == InteractionState::Completed && !was_over {
        events.push(InteractionEvent::State(InteractionState::Ended));
    }
    if reported.state != seen.state {
        reported.state = seen.state;
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

fn availability_event(agent: AgentState) -> ChannelEvent {
    match agent.availability {
        Availability::Ready => ChannelEvent::Ready,
        Availability::NotReady => {
            ChannelEvent::NotReady { reason: Some(agent.reason).filter(|reason| !reason.is_empty()) }
        }
    }
}
