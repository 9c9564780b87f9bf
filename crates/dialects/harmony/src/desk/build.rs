//! Creates objects: on their parent's target, then queries their state, then creates their children (harmony.md §4).

use compact_str::{CompactString, format_compact};
use model::{AgentId, CallId, Data, DeviceId};
use serde_json::Value;

use super::{
    DeskSession,
    agents::SessionProgress,
    sent_requests::Purpose,
    tree::{Channel, Conversation, Interaction, Kind, Node, Stage},
};
use crate::wire::{
    BridgeRequest, ChannelRequest, ControlRequest, ConversationRequest, Create, GroupRequest,
    InteractionRequest, SessionAgent, SessionOptions, SessionRequest,
    reply::{
        Agent, ChannelEntry, ChannelInit, ConversationInit, GroupInit, InteractionInit, Native, SessionInit,
    },
    words::{ConversationState, InteractionState, LoginState, MediaType},
};

/// The failure text of a client for a query that it does not have (harmony.md §4).
const UNSUPPORTED: &str = "unsupported request";

impl DeskSession {
    /// Starts the session of a signed-in agent who has none.
    pub(super) fn begin_session(&mut self, agent: &AgentId) {
        let Some(served) = self.agents.get(agent) else { return };
        if served.state.progress != SessionProgress::None || !served.wanted.is_signed_in() {
            return;
        }
        let (acd_id, password) = (served.acd_id.clone(), served.credentials.password.clone());
        self.progress(agent, SessionProgress::Beginning);
        let bridge_request = ControlRequest::ValidateAgent { agent: acd_id, password };
        self.control(bridge_request, Purpose::Validate(agent.clone()));
    }

    pub(super) fn validated(&mut self, agent: &AgentId, result: Result<Value, String>) {
        match result {
            Ok(_) => {
                if let Some(acd_id) = self.agents.get(agent).map(|agent| agent.acd_id.clone()) {
                    self.control(ControlRequest::AgentInfo { agent: acd_id }, Purpose::Info(agent.clone()));
                }
            }
            // The client checks the password when the session is created, too.
            Err(why) if why.eq_ignore_ascii_case(UNSUPPORTED) => {
                if let Some(device) = self.agents.get(agent).map(|agent| agent.device.clone()) {
                    self.create_session(agent, &device);
                }
            }
            Err(why) => self.session_failed(agent, &why),
        }
    }

    /// Handles the agent information. It is only a hint, because the hub knows the agent's phone.
    pub(super) fn agent_info_received(&mut self, agent: &AgentId, result: Result<Value, String>) {
        let Some(device) = self.agents.get(agent).map(|agent| agent.device.clone()) else { return };
        if let Ok(Agent { extension: Some(extension), .. }) = self.read(result)
            && extension != device.as_str()
        {
            tracing::debug!(%agent, "the client reports another phone for the agent");
        }
        self.create_session(agent, &device);
    }

    fn create_session(&mut self, agent: &AgentId, device: &DeviceId) {
        let Some(served) = self.agents.get(agent) else { return };
        let (acd_id, password) = (served.acd_id.clone(), served.credentials.password.clone());
        let id = format_compact!("s{}", self.out.number());
        let target = format_compact!("{}.{id}", self.config.processor);
        if !self.tree.put(target.clone(), Node::new(None, agent, &acd_id, Kind::Session)) {
            return self.session_failed(agent, "the limit of objects is reached");
        }
        self.progress(agent, SessionProgress::Session(target.clone()));
        let agent = SessionAgent { id: acd_id, password, extension: Some(device.as_str().into()) };
        let bridge_request = ControlRequest::CreateSession { agent, id, target: Some(target.clone()) };
        self.control(bridge_request, Purpose::Create(target));
    }

    fn session_failed(&mut self, agent: &AgentId, why: &str) {
        tracing::warn!(%agent, why, "the client did not create the agent's session");
        self.refused(agent, why);
    }

    /// The client has refused an agent. This is reported to the hub and not repeated until the agent tries again.
    pub(super) fn refused(&mut self, agent: &AgentId, why: &str) {
        self.progress(agent, SessionProgress::None);
        self.agents.refuse(agent, why, &mut self.out);
    }

    /// Handles the response to the creation of an object.
    pub(super) fn created(&mut self, target: &CompactString, result: Result<Value, String>) {
        let is_session = self.tree.get(target).is_some_and(|node| node.parent.is_none());
        let result = if is_session { self.read::<Native>(result).map(drop) } else { result.map(drop) };
        if let Err(why) = result {
            return self.drop_object(target, &why);
        }
        let Some(node) = self.tree.get_mut(target) else { return };
        node.stage = Stage::Initialising;
        let init = match &node.kind {
            Kind::Session => {
                let name = Some(self.config.channel_group.clone()).filter(|name| !name.is_empty());
                BridgeRequest::Session(SessionRequest::Init(SessionOptions {
                    name,
                    ..SessionOptions::default()
                }))
            }
            Kind::Group => BridgeRequest::Group(GroupRequest::Init),
            Kind::Channel(_) => BridgeRequest::Channel(ChannelRequest::Init),
            Kind::Interaction(_) => BridgeRequest::Interaction(InteractionRequest::Init),
            Kind::Conversation(_) => BridgeRequest::Conversation(ConversationRequest::Init),
        };
        self.request(target, &init, Purpose::Init(target.clone()));
    }

    /// Handles the response to the first query of an object.
    pub(super) fn initialised(&mut self, target: &CompactString, result: Result<Value, String>) {
        let Some(node) = self.tree.get_mut(target) else { return };
        node.stage = Stage::Filling;
        let filled = match &node.kind {
            Kind::Session => self.read(result).map(|init| self.fill_session(target, init)),
            Kind::Group => self.read(result).map(|init| self.fill_group(target, init)),
            Kind::Channel(_) => self.read(result).map(|init| self.fill_channel(target, init)),
            Kind::Interaction(_) => self.read(result).map(|init| self.fill_interaction(target, init)),
            Kind::Conversation(_) => self.read(result).map(|init| self.fill_conversation(target, init)),
        };
        match filled {
            Ok(()) => self.settle(target),
            Err(why) => self.drop_object(target, &why),
        }
    }

    fn fill_session(&mut self, target: &CompactString, init: SessionInit) {
        for group in init.groups {
            self.add_group(target, &group.id);
        }
    }

    fn fill_group(&mut self, target: &CompactString, init: GroupInit) {
        for entry in init.channels {
            self.add_channel(target, &entry);
        }
    }

    fn fill_channel(&mut self, target: &CompactString, init: ChannelInit) {
        let Some(channel) = self.tree.channel_mut(target) else { return };
        channel.login = init.login;
        if channel.device.is_none() {
            return;
        }
        let agent = self.tree.get(target).map(|node| node.agent.clone());
        if let Some((agent, state)) = agent.zip(init.agent)
            && let Some(served) = self.agents.get_mut(&agent)
        {
            served.state.known = state.into();
        }
        for entry in init.interactions {
            self.add_interaction(target, &entry.id, &entry.kind);
        }
    }

    fn fill_interaction(&mut self, target: &CompactString, init: InteractionInit) {
        let data = self.keep_data(target, &init.data);
        let Some(interaction) = self.tree.interaction_mut(target) else { return };
        interaction.state = init.state;
        interaction.data = data.unwrap_or_default();
        let [primary, consult] =
            [init.conversations.primary, init.conversations.consult].map(|entry| entry.map(|entry| entry.id));
        interaction.primary.clone_from(&primary);
        let legs = match init.state {
            InteractionState::Alerting | InteractionState::Dialing => [primary, None],
            InteractionState::Started => [primary, consult],
            InteractionState::Ended | InteractionState::Completed => [None, None],
        };
        self.take_dialled(target);
        for native in legs.into_iter().flatten() {
            self.add_conversation(target, &native);
        }
    }

    fn fill_conversation(&mut self, target: &CompactString, init: ConversationInit) {
        let Some(conversation) = self.tree.conversation_mut(target) else { return };
        conversation.state = init.state;
        conversation.direction = init.direction;
        conversation.members = init.members;
    }

    /// Marks an object as ready once its children are ready. Then reports it to the hub and handles the waiting events.
    pub(super) fn settle(&mut self, target: &CompactString) {
        let Some(node) = self.tree.get(target).filter(|node| node.stage == Stage::Filling) else { return };
        let is_ready = |child: &CompactString| self.tree.get(child).is_some_and(|c| c.stage == Stage::Ready);
        if !node.children.iter().all(is_ready) {
            return;
        }
        let (parent, agent) = (node.parent.clone(), node.agent.clone());
        self.tree.ready(target);
        self.agents.enqueue(&agent);
        self.show(target);
        for event in self.tree.release(target) {
            self.take(target, event);
        }
        parent.iter().for_each(|parent| self.settle(parent));
    }

    /// Removes an object that could not be created. Its parent continues without it.
    fn drop_object(&mut self, target: &CompactString, why: &str) {
        let Some(node) = self.tree.get(target) else { return };
        tracing::debug!(%target, why, "object removed");
        let (parent, agent) = (node.parent.clone(), node.agent.clone());
        self.tree.remove(target);
        match parent {
            Some(parent) => self.settle(&parent),
            None => self.session_failed(&agent, why),
        }
    }

    pub(super) fn add_group(&mut self, session: &CompactString, native: &CompactString) {
        if let Some((create, target)) = self.add(session, native, "g", Kind::Group) {
            let bridge_request = BridgeRequest::Session(SessionRequest::CreateChannelGroup(create));
            self.request(session, &bridge_request, Purpose::Create(target));
        }
    }

    /// Adds a channel. A channel of another type than telephony, or at another phone than its agent's, is unsupported: only its login state is
    /// kept (harmony.md §9.3).
    pub(super) fn add_channel(&mut self, group: &CompactString, entry: &ChannelEntry) {
        let is_telephony = self.words.find(&entry.kind) == Some(MediaType::Telephony);
        let own =
            self.tree.get(group).and_then(|node| self.agents.get(&node.agent)).map(|agent| &agent.device);
        let device = own.filter(|own| is_telephony && own.as_str() == entry.end_point).cloned();
        let kind = Kind::Channel(Channel { device, login: LoginState::Inactive, dialled: None });
        if let Some((create, target)) = self.add(group, &entry.end_point, "c", kind) {
            let bridge_request =
                BridgeRequest::Group(GroupRequest::CreateChannel { create, kind: entry.kind.clone() });
            self.request(group, &bridge_request, Purpose::Create(target));
        }
    }

    pub(super) fn add_interaction(
        &mut self,
        channel: &CompactString,
        native: &CompactString,
        kind: &CompactString,
    ) {
        let Some(device) = self.tree.channel_mut(channel).and_then(|channel| channel.device.clone()) else {
            return;
        };
        let interaction = Interaction {
            device,
            state: InteractionState::Alerting,
            data: Data::new(),
            requested: Default::default(),
            omission_reported: false,
            call: None,
            primary: None,
            completed: None,
        };
        if let Some((create, target)) = self.add(channel, native, "i", Kind::Interaction(interaction)) {
            let bridge_request =
                BridgeRequest::Channel(ChannelRequest::CreateInteraction { create, kind: kind.clone() });
            self.request(channel, &bridge_request, Purpose::Create(target));
        }
    }

    /// Adds a leg. Native IDs are unique only at one phone, so the call ID begins with the phone.
    pub(super) fn add_conversation(&mut self, interaction: &CompactString, native: &CompactString) {
        let Some(known) = self.tree.interaction(interaction) else { return };
        let (device, is_first) = (known.device.clone(), known.call.is_none());
        let Ok(call) = CallId::new(format_compact!("{device}/{native}")) else {
            return tracing::debug!(%interaction, "conversation ignored: its ID is too long");
        };
        let conversation = Conversation {
            device,
            call: call.clone(),
            state: ConversationState::Ended,
            direction: None,
            members: Vec::new(),
            shown: None,
            leaving: false,
        };
        if let Some((create, target)) = self.add(interaction, native, "v", Kind::Conversation(conversation)) {
            if is_first {
                self.tree.begin(interaction, call);
            }
            // This request is documented with two keys only.
            let target_sent = create.target.clone().filter(|_| self.config.name_conversation_target);
            let create = Create { target: target_sent, ..create };
            let bridge_request = BridgeRequest::Interaction(InteractionRequest::CreateConversation(create));
            self.request(interaction, &bridge_request, Purpose::Create(target));
        }
    }

    /// Adds an object, unless it exists or its agent has too many.
    fn add(
        &mut self,
        parent: &CompactString,
        native: &CompactString,
        letter: &str,
        kind: Kind,
    ) -> Option<(Create, CompactString)> {
        if self.tree.child(parent, native).is_some() {
            return None;
        }
        let agent = self.tree.get(parent)?.agent.clone();
        let id = format_compact!("{letter}{}", self.out.number());
        let target = format_compact!("{parent}.{id}");
        if !self.tree.put(target.clone(), Node::new(Some(parent), &agent, native, kind)) {
            tracing::debug!(%agent, "object ignored: the agent's session has too many objects");
            return None;
        }
        Some((Create { id, native: native.clone(), target: Some(target.clone()) }, target))
    }

    /// Whether no object is being created.
    pub(super) fn is_built(&self) -> bool {
        self.tree.is_ready()
            && !self.agents.iter().any(|agent| agent.state.progress == SessionProgress::Beginning)
    }

    /// Disposes all sessions without logging the agents out.
    pub(super) fn dispose_sessions(&mut self) {
        for session in self.tree.sessions() {
            self.request(&session, &BridgeRequest::Session(SessionRequest::Dispose), Purpose::Ignored);
        }
    }
}

impl Node {
    fn new(parent: Option<&CompactString>, agent: &AgentId, native: &CompactString, kind: Kind) -> Self {
        Self {
            parent: parent.cloned(),
            children: Default::default(),
            agent: agent.clone(),
            native: native.clone(),
            stage: Stage::Creating,
            waiting: Default::default(),
            kind,
        }
    }
}
