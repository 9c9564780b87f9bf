//! Handles events. They are ignored before the object's first query is answered, and wait while its children are created.

use compact_str::CompactString;
use model::{Code, Notice, NoticeLevel, SwitchEvent, Verb};
use serde_json::Value;
use session::ToHub;

use super::{
    DeskSession,
    agents::KnownAvailability,
    sent_requests::Purpose,
    tree::{Kind, Stage},
};
use crate::wire::{
    Body, BridgeRequest, ChannelEvent, ControlEvent, ConversationEvent, Event, FlatData, GroupEvent,
    InteractionEvent, InteractionRequest, Omitted, SessionEvent, flatten,
    limits::{EVENTS_HELD_MAX, MEMBERS_MAX},
    reply::Member,
    words::{EventName, InteractionState, Key, LoginState},
};

impl DeskSession {
    pub(super) fn event_came(&mut self, target: &CompactString, name: &CompactString, body: &Value) {
        let Some(known) = self.words.find::<EventName>(name) else {
            return self.protocol_violation(name, target, "unknown event; ignored");
        };
        let read = Body::new(&self.words, body).and_then(|body| Event::read(known, body));
        let event = match read {
            Ok(event) => event,
            Err(fault) => {
                return self.protocol_violation(name, target, &format!("invalid event; ignored: {fault}"));
            }
        };
        if let Event::Control(ControlEvent::Status { status, message: _ }) = event {
            if *target == self.control {
                self.status_received(status);
            }
            return;
        }
        match self.tree.get(target).map(|node| node.stage) {
            None => self.protocol_violation(name, target, "event of an unknown object; ignored"),
            Some(Stage::Creating | Stage::Initialising) => {
                self.protocol_violation(
                    name,
                    target,
                    "event before the response to the first query; ignored",
                );
            }
            Some(Stage::Filling) => {
                if self.tree.wait(target, event) > EVENTS_HELD_MAX {
                    self.hang_up(&format!("{target} has more than {EVENTS_HELD_MAX} events waiting"));
                }
            }
            Some(Stage::Ready) => self.take(target, event),
        }
    }

    pub(super) fn take(&mut self, target: &CompactString, event: Event) {
        let Some(node) = self.tree.get(target) else { return };
        match (&node.kind, event) {
            (Kind::Session, Event::Session(event)) => self.take_session(target, event),
            (Kind::Group, Event::Group(event)) => self.take_group(target, event),
            (Kind::Channel(channel), Event::Channel(event)) => match channel.device.is_some() {
                true => self.take_channel(target, event),
                false => self.take_unsupported(target, &event),
            },
            (Kind::Interaction(_), Event::Interaction(event)) => self.take_interaction(target, event),
            (Kind::Conversation(_), Event::Conversation(event)) => self.take_conversation(target, event),
            (
                Kind::Session | Kind::Group | Kind::Channel(_) | Kind::Interaction(_) | Kind::Conversation(_),
                event,
            ) => {
                let name = self.words.text(event.name()).to_owned();
                self.protocol_violation(&name, target, "event of another kind of object; ignored");
            }
        }
    }

    fn take_session(&mut self, target: &CompactString, event: SessionEvent) {
        match event {
            SessionEvent::ChannelGroup { native, name: _ } => self.add_group(target, &native),
            SessionEvent::LoggedOut { .. } | SessionEvent::Disposed => self.session_gone(target),
        }
    }

    fn take_group(&mut self, target: &CompactString, event: GroupEvent) {
        match event {
            GroupEvent::Channel(entry) => self.add_channel(target, &entry),
            GroupEvent::Disposed => self.remove(target),
        }
    }

    fn take_channel(&mut self, target: &CompactString, event: ChannelEvent) {
        match event {
            ChannelEvent::Activated => self.logged_in(target, LoginState::Active),
            ChannelEvent::Deactivated => {
                self.logged_in(target, LoginState::Inactive);
                self.follow_at(target, Verb::SignOut { reason: None });
            }
            ChannelEvent::Unavailable => self.logged_in(target, LoginState::Unavailable),
            ChannelEvent::Available => self.logged_in(target, LoginState::Inactive),
            ChannelEvent::Ready => self.availability_received(target, KnownAvailability::Ready),
            ChannelEvent::NotReady { reason } => {
                self.availability_received(target, KnownAvailability::NotReady(reason));
            }
            ChannelEvent::Interaction { native, kind } => self.add_interaction(target, &native, &kind),
            ChannelEvent::Disposed => self.remove(target),
        }
    }

    /// Handles an event of an unsupported channel, which has only five events (harmony.md §9.3).
    fn take_unsupported(&mut self, target: &CompactString, event: &ChannelEvent) {
        match event {
            ChannelEvent::Activated => self.logged_in(target, LoginState::Active),
            ChannelEvent::Deactivated | ChannelEvent::Available => {
                self.logged_in(target, LoginState::Inactive);
            }
            ChannelEvent::Unavailable => self.logged_in(target, LoginState::Unavailable),
            ChannelEvent::Disposed => self.remove(target),
            ChannelEvent::Ready | ChannelEvent::NotReady { .. } | ChannelEvent::Interaction { .. } => {}
        }
    }

    fn logged_in(&mut self, target: &CompactString, login: LoginState) {
        if let Some(channel) = self.tree.channel_mut(target) {
            channel.login = login;
        }
        if let Some(node) = self.tree.get(target) {
            self.agents.enqueue(&node.agent);
        }
    }

    fn take_interaction(&mut self, target: &CompactString, event: InteractionEvent) {
        match event {
            InteractionEvent::State(state) => self.interaction_moved(target, state),
            InteractionEvent::DataChanged(Some(data)) => self.data_received(target, &data),
            InteractionEvent::DataChanged(None) => {
                self.request(
                    target,
                    &BridgeRequest::Interaction(InteractionRequest::Data),
                    Purpose::Data(target.clone()),
                );
            }
            InteractionEvent::Consult { native } => self.add_conversation(target, &native),
            InteractionEvent::Disposed => self.remove(target),
        }
    }

    fn interaction_moved(&mut self, target: &CompactString, state: InteractionState) {
        let Some(interaction) = self.tree.interaction_mut(target) else { return };
        interaction.state = state;
        match state {
            InteractionState::Alerting | InteractionState::Dialing | InteractionState::Started => {}
            InteractionState::Ended => {
                self.end_legs(target);
                self.complete_ended(target);
            }
            InteractionState::Completed => {
                self.end_legs(target);
                self.complete_at_hub(target);
            }
        }
    }

    /// The data that the hub can keep. The other names are reported once for each interaction.
    pub(super) fn keep_data(&mut self, target: &CompactString, data: &Value) -> Option<model::Data> {
        let name = self.words.text(Key::InteractionData).to_owned();
        let Some(FlatData { set, omitted, .. }) = flatten(data) else {
            self.protocol_violation(&name, target, "not an object; ignored");
            return None;
        };
        if !omitted.is_empty() {
            self.protocol_violation(&name, target, &format!("not kept: {omitted}"));
            self.report_omission(target, &omitted);
        }
        Some(set)
    }

    fn report_omission(&mut self, target: &CompactString, omitted: &Omitted) {
        let Some(agent) = self.tree.get(target).map(|node| node.agent.clone()) else { return };
        let Some(known) = self.tree.interaction_mut(target).filter(|known| !known.omission_reported) else {
            return;
        };
        known.omission_reported = true;
        let interaction = known.call.clone().and_then(|call| self.hub_interactions.of_call(&call));
        let text = format!(
            "call data is missing, because {} sent it in a form that cannot be kept: {omitted}",
            self.switch
        );
        let notice = Notice::from_text(NoticeLevel::Warning, Code::Invalid, text);
        self.out.push(ToHub::Notice { agent, interaction, notice });
    }

    /// Handles the complete data of an interaction and reports the changes to the hub.
    pub(super) fn data_received(&mut self, target: &CompactString, data: &Value) {
        let Some(mut data) = self.keep_data(target, data) else { return };
        let Some(interaction) = self.tree.interaction_mut(target) else { return };
        interaction.keep_requested(&mut data);
        let before = std::mem::replace(&mut interaction.data, data.clone());
        let Some(call) = interaction.call.clone() else { return };
        let set: model::Data = data.iter().filter(|(name, value)| before.get(name) != Some(*value)).collect();
        let unset = before.iter().map(|(name, _)| name).filter(|name| data.get(name).is_none());
        let unset: Vec<CompactString> = unset.map(CompactString::from).collect();
        if !set.is_empty() && self.is_up() {
            self.report(SwitchEvent::CallInformation { call: call.clone(), data: set });
        }
        if !unset.is_empty() {
            self.follow_work(&call, Verb::SetData { set: model::Data::new(), unset });
        }
    }

    fn take_conversation(&mut self, target: &CompactString, event: ConversationEvent) {
        match event {
            ConversationEvent::State(state) => {
                if let Some(conversation) = self.tree.conversation_mut(target) {
                    conversation.state = state;
                }
                self.show(target);
            }
            ConversationEvent::MemberAdded(member) => self.member_added(target, member),
            ConversationEvent::MemberRemoved(member) => self.member_removed(target, &member),
            ConversationEvent::Disposed => self.remove(target),
        }
    }

    /// A party has joined. Switches have no event for this, so all calls are reported.
    fn member_added(&mut self, target: &CompactString, member: Member) {
        let Some(conversation) = self.tree.conversation_mut(target) else { return };
        let is_known = conversation.members.iter().any(|known| known.id == member.id);
        if !is_known && conversation.members.len() < MEMBERS_MAX {
            conversation.members.push(member);
            self.schedule_resync();
        }
    }

    fn member_removed(&mut self, target: &CompactString, member: &Member) {
        let Some(conversation) = self.tree.conversation_mut(target) else { return };
        conversation.members.retain(|known| known.id != member.id);
        self.schedule_resync();
    }

    /// Removes an object and its children, and ends their calls.
    pub(super) fn remove(&mut self, target: &CompactString) {
        self.end_calls(target);
        let parent = self.tree.parent(target).cloned();
        self.tree.remove(target);
        parent.iter().for_each(|parent| self.settle(parent));
    }
}
