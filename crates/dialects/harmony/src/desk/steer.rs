//! Agent states: passes those of the hub to the client, and those of the client to the hub.

use compact_str::CompactString;
use model::{AgentId, AgentState, CallId, CommandId, InteractionId, Verb, reason};
use serde_json::Value;

use super::{
    DeskSession,
    agents::{HubUpdate, KnownAvailability, SessionProgress, named},
    sent_requests::Purpose,
    tree::{Kind, Stage},
};
use crate::wire::{BridgeRequest, ChannelRequest, SessionRequest, words::LoginState};

impl DeskSession {
    /// Sends the next request that brings an agent closer to the wanted state.
    pub(super) fn steer(&mut self, agent: &AgentId) {
        let Some(served) = self.agents.get(agent).filter(|served| !served.state.steering) else { return };
        let Some(session) = served.state.session().cloned() else { return };
        let is_ready = |target: &str| self.tree.get(target).is_some_and(|node| node.stage == Stage::Ready);
        if !is_ready(&session) {
            return;
        }
        if !served.wanted.is_signed_in() || served.state.moved {
            let bridge_request = BridgeRequest::Session(SessionRequest::Logout { reason: None });
            return self.steer_by(agent, &session, &bridge_request, Purpose::Logout(agent.clone()));
        }
        let Some(channel) = self.tree.channel_of(&session).filter(|target| is_ready(target)).cloned() else {
            return;
        };
        let login = self.tree.channel_mut(&channel).map(|channel| channel.login);
        match (login, &served.wanted) {
            (Some(LoginState::Inactive), _) => {
                let purpose = Purpose::Activate(agent.clone());
                self.steer_by(agent, &channel, &BridgeRequest::Channel(ChannelRequest::Activate), purpose);
            }
            (Some(LoginState::Active), _) if self.is_settled(agent) => {}
            (Some(LoginState::Active), AgentState::Ready) => {
                let purpose = Purpose::Ready(agent.clone());
                self.steer_by(agent, &channel, &BridgeRequest::Channel(ChannelRequest::Ready), purpose);
            }
            (Some(LoginState::Active), AgentState::NotReady { reason }) => {
                let reason = named(reason).map(|reason| reason.as_str().into());
                let purpose = Purpose::NotReady(agent.clone(), reason.clone());
                self.steer_by(
                    agent,
                    &channel,
                    &BridgeRequest::Channel(ChannelRequest::NotReady { reason }),
                    purpose,
                );
            }
            (Some(LoginState::Unavailable), _) => {
                let why = format!("another agent is signed in at phone {}", served.device);
                self.agents.refuse(agent, &why, &mut self.out);
            }
            (Some(LoginState::Active), AgentState::SignedOut | AgentState::Busy | AgentState::WrapUp)
            | (None, _) => {}
        }
    }

    fn steer_by(
        &mut self,
        agent: &AgentId,
        target: &CompactString,
        bridge_request: &BridgeRequest,
        purpose: Purpose,
    ) {
        if let Some(served) = self.agents.get_mut(agent) {
            served.state.steering = true;
        }
        self.request(target, bridge_request, purpose);
    }

    /// Handles the response to a login. The event for it may come later.
    pub(super) fn activated(&mut self, agent: &AgentId, result: Result<Value, String>) {
        let Some(served) = self.agents.get_mut(agent) else { return };
        served.state.steering = false;
        if served.state.known == KnownAvailability::Nothing {
            served.state.known = KnownAvailability::NotReady(None);
        }
        let session = served.state.session().cloned();
        let channel = session.as_ref().and_then(|session| self.tree.channel_of(session)).cloned();
        match result {
            Ok(_) => {
                if let Some(channel) = channel.and_then(|channel| self.tree.channel_mut(&channel)) {
                    channel.login = LoginState::Active;
                }
            }
            Err(why) => {
                tracing::warn!(%agent, why, "the client refused to log the agent in");
                session.iter().for_each(|session| self.end_session(session));
                self.refused(agent, &why);
            }
        }
    }

    /// Handles the response to a state change. A refused one is not repeated until another state is wanted.
    pub(super) fn state_change_answered(
        &mut self,
        agent: &AgentId,
        known: KnownAvailability,
        result: Result<Value, String>,
    ) {
        let Some(served) = self.agents.get_mut(agent) else { return };
        (served.state.steering, served.state.known) = (false, known);
        if let Err(why) = result {
            tracing::debug!(%agent, why, "the client refused the agent state");
        }
    }

    /// Handles the response to a logout. If it failed, the session is disposed.
    pub(super) fn logged_out(&mut self, agent: &AgentId, done: bool) {
        let Some(session) = self.session_of(agent).cloned() else { return };
        if !done {
            self.request(&session, &BridgeRequest::Session(SessionRequest::Dispose), Purpose::Ignored);
        }
        self.end_session(&session);
    }

    /// The client has ended an agent's session.
    pub(super) fn session_gone(&mut self, session: &CompactString) {
        let Some(agent) = self.tree.get(session).map(|node| node.agent.clone()) else { return };
        self.end_session(session);
        if self.agents.get(&agent).is_some_and(|served| served.wanted.is_signed_in()) {
            self.follow(&agent, Verb::SignOut { reason: None }, AgentState::SignedOut);
        }
    }

    fn end_session(&mut self, session: &CompactString) {
        let Some(agent) = self.tree.get(session).map(|node| node.agent.clone()) else { return };
        self.remove(session);
        self.progress(&agent, SessionProgress::None);
    }

    /// Sends a command that follows an agent's action at a phone.
    pub(super) fn follow_at(&mut self, channel: &CompactString, verb: Verb) {
        let Some(agent) = self.tree.get(channel).map(|node| node.agent.clone()) else { return };
        if self.agents.get(&agent).is_some_and(|served| served.wanted.is_signed_in() && !served.state.moved) {
            self.follow(&agent, verb, AgentState::SignedOut);
        }
    }

    /// Handles an agent's availability, which results from a request of this session or from the agent's action at the phone.
    pub(super) fn availability_received(&mut self, channel: &CompactString, known: KnownAvailability) {
        let Some(agent) = self.tree.get(channel).map(|node| node.agent.clone()) else { return };
        // If a request is about to be sent, the client does not know the wanted state yet, so this is no action of the agent.
        let is_pending = !self.is_settled(&agent);
        let Some(served) = self.agents.get_mut(&agent) else { return };
        let lacks_reason = matches!(
            (&known, &served.state.known),
            (KnownAvailability::NotReady(None), KnownAvailability::NotReady(_))
        );
        if known == served.state.known || lacks_reason {
            return;
        }
        served.state.known = known.clone();
        let wanted = served.wanted.clone();
        let busy = matches!(wanted, AgentState::Busy | AgentState::WrapUp);
        let expected = !wanted.is_signed_in() || is_pending || served.state.steering;
        if expected || (!busy && self.is_settled(&agent)) {
            return;
        }
        let (verb, state) = match known {
            KnownAvailability::Ready => (Verb::Ready, AgentState::Ready),
            KnownAvailability::NotReady(given) => {
                let given = self.reason(given);
                let reason = given.clone().unwrap_or_else(|| reason::code(reason::UNSPECIFIED));
                (Verb::NotReady { reason: given }, AgentState::NotReady { reason })
            }
            KnownAvailability::Nothing => return,
        };
        self.follow(&agent, verb, if busy { wanted } else { state });
    }

    /// Sends a command that follows the client. Until the hub refuses it, its result is the wanted state.
    fn follow(&mut self, id: &AgentId, verb: Verb, wanted: AgentState) {
        let command = self.command(id, None, verb);
        if let Some(agent) = self.agents.get_mut(id) {
            let before = std::mem::replace(&mut agent.wanted, wanted);
            self.hub_updates.insert(id.clone(), HubUpdate::Requested(command, before));
        }
    }

    /// Sends a command for the interaction that began with a call.
    pub(super) fn follow_work(&mut self, call: &CallId, verb: Verb) {
        let target = self.tree.began_with(call);
        let agent = target.and_then(|target| self.tree.get(target)).map(|node| node.agent.clone());
        if let Some((agent, interaction)) = agent.zip(self.hub_interactions.of_call(call)) {
            self.command(&agent, Some(interaction), verb);
        }
    }

    fn command(&mut self, agent: &AgentId, interaction: Option<InteractionId>, verb: Verb) -> CommandId {
        let id = self.out.command_id("harmony", self.instance);
        self.out.command(id.clone(), self.principal(), agent.clone(), interaction, verb);
        id
    }

    /// Adds the data of a dial request to the interaction that resulted from it.
    pub(super) fn take_dialled(&mut self, interaction: &CompactString) {
        let channel = self.tree.parent(interaction).cloned();
        let Some(Kind::Channel(channel)) =
            channel.and_then(|channel| self.tree.get_mut(&channel)).map(|node| &mut node.kind)
        else {
            return;
        };
        let Some(data) = channel.dialled.take() else { return };
        if let Some(known) = self.tree.interaction_mut(interaction) {
            for (name, value) in data.iter() {
                // Pairs above the limit are left out.
                let _ = known.data.set(name, value);
            }
        }
        self.set_data(interaction, &data, &[]);
    }
}
