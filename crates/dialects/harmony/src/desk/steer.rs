//! Agents come and go, are ready and not: what the hub says is asked of the client, what the client tells is asked of the hub.

use compact_str::CompactString;
use model::{AgentId, AgentState, CallId, CommandId, InteractionId, Verb, reason};
use serde_json::Value;

use super::{
    Desk,
    agents::{Following, Known, Progress, named},
    sent::Doing,
    tree::{Kind, Stage},
};
use crate::wire::{Ask, ChannelAsk, SessionAsk, words::LoginState};

impl Desk {
    /// Asks for the next thing that brings the client nearer to what an agent is to be.
    pub(super) fn steer(&mut self, agent: &AgentId) {
        let Some(served) = self.agents.get(agent).filter(|served| !served.state.steering) else { return };
        let Some(session) = served.state.session().cloned() else { return };
        let is_ready = |target: &str| self.tree.get(target).is_some_and(|node| node.stage == Stage::Ready);
        if !is_ready(&session) {
            return;
        }
        if !served.wanted.is_signed_in() || served.state.moved {
            let ask = Ask::Session(SessionAsk::Logout { reason: None });
            return self.steer_by(agent, &session, &ask, Doing::Logout(agent.clone()));
        }
        let Some(channel) = self.tree.channel_of(&session).filter(|target| is_ready(target)).cloned() else {
            return;
        };
        let login = self.tree.channel_mut(&channel).map(|channel| channel.login);
        match (login, &served.wanted) {
            (Some(LoginState::Inactive), _) => {
                let doing = Doing::Activate(agent.clone());
                self.steer_by(agent, &channel, &Ask::Channel(ChannelAsk::Activate), doing);
            }
            (Some(LoginState::Active), _) if self.is_settled(agent) => {}
            (Some(LoginState::Active), AgentState::Ready) => {
                let doing = Doing::Ready(agent.clone());
                self.steer_by(agent, &channel, &Ask::Channel(ChannelAsk::Ready), doing);
            }
            (Some(LoginState::Active), AgentState::NotReady { reason }) => {
                let reason = named(reason).map(|reason| reason.as_str().into());
                let doing = Doing::NotReady(agent.clone(), reason.clone());
                self.steer_by(agent, &channel, &Ask::Channel(ChannelAsk::NotReady { reason }), doing);
            }
            (Some(LoginState::Active), AgentState::SignedOut | AgentState::Busy | AgentState::WrapUp)
            | (Some(LoginState::Unavailable) | None, _) => {}
        }
    }

    fn steer_by(&mut self, agent: &AgentId, target: &CompactString, ask: &Ask, doing: Doing) {
        if let Some(served) = self.agents.get_mut(agent) {
            served.state.steering = true;
        }
        self.ask(target, ask, doing);
    }

    /// The client has logged the agent in; its event says so too, but may be late.
    pub(super) fn activated(&mut self, agent: &AgentId, result: Result<Value, String>) {
        let Some(served) = self.agents.get_mut(agent) else { return };
        served.state.steering = false;
        if served.state.known == Known::Nothing {
            served.state.known = Known::NotReady(None);
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
                tracing::warn!(%agent, why, "the client does not log the agent in");
                session.iter().for_each(|session| self.end_session(session));
                self.refused(agent, &why);
            }
        }
    }

    /// What the client refuses is not asked again before something else is wanted.
    pub(super) fn steered(&mut self, agent: &AgentId, known: Known, result: Result<Value, String>) {
        let Some(served) = self.agents.get_mut(agent) else { return };
        (served.state.steering, served.state.known) = (false, known);
        if let Err(why) = result {
            tracing::debug!(%agent, why, "the client refuses what the agent is to be");
        }
    }

    /// A client that does not log an agent out keeps its session to itself.
    pub(super) fn logged_out(&mut self, agent: &AgentId, done: bool) {
        let Some(session) = self.session_of(agent).cloned() else { return };
        if !done {
            self.ask(&session, &Ask::Session(SessionAsk::Dispose), Doing::Ignored);
        }
        self.end_session(&session);
    }

    /// The client has ended an agent's session by itself.
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
        self.progress(&agent, Progress::None);
    }

    /// An agent did something at a phone.
    pub(super) fn follow_at(&mut self, channel: &CompactString, verb: Verb) {
        let Some(agent) = self.tree.get(channel).map(|node| node.agent.clone()) else { return };
        if self.agents.get(&agent).is_some_and(|served| served.wanted.is_signed_in() && !served.state.moved) {
            self.follow(&agent, verb, AgentState::SignedOut);
        }
    }

    /// An agent is ready or not at the client: by our request, or by itself and the hub has to follow.
    pub(super) fn availability_came(&mut self, channel: &CompactString, known: Known) {
        let Some(agent) = self.tree.get(channel).map(|node| node.agent.clone()) else { return };
        // What the hub wants is about to be asked: the client does not know of it yet, and contradicts nothing.
        let asked_next = !self.is_settled(&agent);
        let Some(served) = self.agents.get_mut(&agent) else { return };
        let says_less = matches!((&known, &served.state.known), (Known::NotReady(None), Known::NotReady(_)));
        if known == served.state.known || says_less {
            return;
        }
        served.state.known = known.clone();
        let wanted = served.wanted.clone();
        let busy = matches!(wanted, AgentState::Busy | AgentState::WrapUp);
        let expected = !wanted.is_signed_in() || asked_next || served.state.steering;
        if expected || (!busy && self.is_settled(&agent)) {
            return;
        }
        let (verb, state) = match known {
            Known::Ready => (Verb::Ready, AgentState::Ready),
            Known::NotReady(given) => {
                let given = self.reason(given);
                let reason = given.clone().unwrap_or_else(|| reason::code(reason::UNSPECIFIED));
                (Verb::NotReady { reason: given }, AgentState::NotReady { reason })
            }
            Known::Nothing => return,
        };
        self.follow(&agent, verb, if busy { wanted } else { state });
    }

    /// Asks the hub to follow; until it says otherwise that is what is wanted.
    fn follow(&mut self, id: &AgentId, verb: Verb, wanted: AgentState) {
        let command = self.command(id, None, verb);
        if let Some(agent) = self.agents.get_mut(id) {
            let before = std::mem::replace(&mut agent.wanted, wanted);
            self.follows.insert(id.clone(), Following::Asked(command, before));
        }
    }

    /// Asks the hub for something about the interaction that began with a call.
    pub(super) fn follow_work(&mut self, call: &CallId, verb: Verb) {
        let target = self.tree.began_with(call);
        let agent = target.and_then(|target| self.tree.get(target)).map(|node| node.agent.clone());
        if let Some((agent, interaction)) = agent.zip(self.works.of_call(call)) {
            self.command(&agent, Some(interaction), verb);
        }
    }

    fn command(&mut self, agent: &AgentId, interaction: Option<InteractionId>, verb: Verb) -> CommandId {
        let id = self.out.command_id("harmony", self.instance);
        self.out.command(id.clone(), self.principal(), agent.clone(), interaction, verb);
        id
    }

    /// The data that came with a request to dial is that of the call which it brought.
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
                // A pair too many is left out.
                let _ = known.data.set(name, value);
            }
        }
        self.set_data(interaction, &data, &[]);
    }
}
