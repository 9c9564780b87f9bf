//! Agents come and go, are ready and not: what the hub says is asked of the client, what the client tells is asked of the hub.

use compact_str::CompactString;
use model::{AgentId, CallId, CommandId, InteractionId, Verb, reason};
use serde_json::Value;

use super::{
    Desk,
    seats::{Known, Wanted},
    sent::Doing,
    tree::{Kind, Stage},
};
use crate::wire::{Ask, ChannelAsk, SessionAsk, words::LoginState};

impl Desk {
    /// Asks for the next thing that brings the client nearer to what an agent is to be.
    pub(super) fn steer(&mut self, agent: &AgentId) {
        let Some(session) = self.seats.session(agent).cloned() else { return };
        let Some(seat) = self.seats.get(agent).filter(|seat| !seat.steering) else { return };
        let is_ready = |target: &str| self.tree.get(target).is_some_and(|node| node.stage == Stage::Ready);
        if !is_ready(&session) {
            return;
        }
        if seat.wanted == Wanted::Out || seat.moved {
            let ask = Ask::Session(SessionAsk::Logout { reason: None });
            return self.steer_by(agent, &session, &ask, Doing::Logout(agent.clone()));
        }
        let Some(channel) = self.tree.channel_of(&session).filter(|target| is_ready(target)).cloned() else {
            return;
        };
        let login = self.tree.channel_mut(&channel).map(|channel| channel.login);
        match (login, &seat.wanted) {
            (Some(LoginState::Inactive), _) => {
                let doing = Doing::Activate(agent.clone());
                self.steer_by(agent, &channel, &Ask::Channel(ChannelAsk::Activate), doing);
            }
            (Some(LoginState::Active), _) if seat.is_settled() => {}
            (Some(LoginState::Active), Wanted::Ready) => {
                let doing = Doing::Ready(agent.clone());
                self.steer_by(agent, &channel, &Ask::Channel(ChannelAsk::Ready), doing);
            }
            (Some(LoginState::Active), Wanted::NotReady(_)) => {
                let reason = seat.reason();
                let doing = Doing::NotReady(agent.clone(), reason.clone());
                self.steer_by(agent, &channel, &Ask::Channel(ChannelAsk::NotReady { reason }), doing);
            }
            (Some(LoginState::Active), Wanted::AsIs | Wanted::Out)
            | (Some(LoginState::Unavailable) | None, _) => {}
        }
    }

    fn steer_by(&mut self, agent: &AgentId, target: &CompactString, ask: &Ask, doing: Doing) {
        if let Some(seat) = self.seats.get_mut(agent) {
            seat.steering = true;
        }
        self.ask(target, ask, doing);
    }

    /// The client has logged the agent in; its event says so too, but may be late.
    pub(super) fn activated(&mut self, agent: &AgentId, result: Result<Value, String>) {
        let Some(seat) = self.seats.get_mut(agent) else { return };
        seat.steering = false;
        if seat.known == Known::Nothing {
            seat.known = Known::NotReady(None);
        }
        let session = self.seats.session(agent).cloned();
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
        let Some(seat) = self.seats.get_mut(agent) else { return };
        seat.steering = false;
        seat.known = known;
        if let Err(why) = result {
            tracing::debug!(%agent, why, "the client refuses what the agent is to be");
        }
    }

    /// A client that does not log an agent out keeps its session to itself.
    pub(super) fn logged_out(&mut self, agent: &AgentId, done: bool) {
        let Some(session) = self.seats.session(agent).cloned() else { return };
        if !done {
            self.ask(&session, &Ask::Session(SessionAsk::Dispose), Doing::Ignored);
        }
        self.end_session(&session);
    }

    /// The client has ended an agent's session by itself.
    pub(super) fn session_gone(&mut self, session: &CompactString) {
        let Some(agent) = self.tree.get(session).map(|node| node.agent.clone()) else { return };
        self.end_session(session);
        if self.seats.get(&agent).is_some_and(|seat| seat.wanted != Wanted::Out) {
            self.follow(&agent, Verb::SignOut { reason: None }, Wanted::Out);
        }
    }

    fn end_session(&mut self, session: &CompactString) {
        let Some(agent) = self.tree.get(session).map(|node| node.agent.clone()) else { return };
        self.remove(session);
        self.seats.session_ended(&agent);
    }

    /// An agent did something at a phone.
    pub(super) fn follow_at(&mut self, channel: &CompactString, verb: Verb) {
        let Some(agent) = self.tree.get(channel).map(|node| node.agent.clone()) else { return };
        if self.seats.get(&agent).is_some_and(|seat| seat.wanted != Wanted::Out && !seat.moved) {
            self.follow(&agent, verb, Wanted::Out);
        }
    }

    /// An agent is ready or not at the client: by our request, or by itself and the hub has to follow.
    pub(super) fn availability_came(&mut self, channel: &CompactString, known: Known) {
        let Some(agent) = self.tree.get(channel).map(|node| node.agent.clone()) else { return };
        let Some(seat) = self.seats.get_mut(&agent) else { return };
        let says_less = matches!((&known, &seat.known), (Known::NotReady(None), Known::NotReady(_)));
        if known == seat.known || says_less {
            return;
        }
        // What the hub wants is about to be asked: the client does not know of it yet, and contradicts nothing.
        let asked_next = !seat.is_settled();
        seat.known = known.clone();
        let expected = seat.is_settled() && seat.wanted != Wanted::AsIs;
        if seat.steering || asked_next || expected || seat.wanted == Wanted::Out {
            return;
        }
        let busy = seat.wanted == Wanted::AsIs;
        let (verb, wanted) = match known {
            Known::Ready => (Verb::Ready, Wanted::Ready),
            Known::NotReady(given) => {
                let given = self.seats.reason(given);
                let wanted = given.clone().unwrap_or_else(|| reason::code(reason::UNSPECIFIED));
                (Verb::NotReady { reason: given }, Wanted::NotReady(wanted))
            }
            Known::Nothing => return,
        };
        self.follow(&agent, verb, if busy { Wanted::AsIs } else { wanted });
    }

    fn follow(&mut self, agent: &AgentId, verb: Verb, wanted: Wanted) {
        let command = self.command(agent, None, verb);
        self.seats.follow(agent, command, wanted);
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
