//! One session of the hub. Sorts its outputs by who carries them out.

use std::net::SocketAddr;

use cordboard_core::Input as CoreInput;
use model::{AgentId, Command, Secret, SwitchId, Timestamp};
use session::{Input, Login, Output, Reason, Session, Ticket, ToHub, Transport};

/// A session, and the switch that it is, if any.
pub struct SessionLoop<T: Transport> {
    session: Box<dyn Session<Transport = T>>,
    switch: Option<SwitchId>,
}

/// An action that a session requests.
#[derive(Debug)]
pub enum SessionAction<T: Transport> {
    /// Send this to its peer.
    Peer(T::ToPeer),
    /// Subscribe to a snapshot and every later event.
    Subscribe,
    /// Carry out a command. The session gets the answer.
    Command(Box<Command>),
    /// Pass an input to the core, without an answer.
    Core(CoreInput),
    /// Check credentials. The session gets the answer.
    Authenticate {
        /// Identifies the answer.
        ticket: Ticket,
        /// The account or agent.
        login: Login,
        /// The password.
        secret: Secret,
        /// The address of the client.
        from: SocketAddr,
    },
    /// A desk of an agent at the peer came or went.
    Desk {
        /// The agent.
        agent: AgentId,
        /// Whether the desk is there.
        attended: bool,
    },
}

impl<T: Transport> SessionLoop<T> {
    /// Wraps a session. `switch` names the switch that it is, if any.
    pub fn new(session: Box<dyn Session<Transport = T>>, switch: Option<SwitchId>) -> Self {
        Self { session, switch }
    }

    /// The switch that the session is.
    pub fn switch(&self) -> Option<&SwitchId> {
        self.switch.as_ref()
    }

    /// Passes an input to the session. Its actions must be polled afterwards.
    pub fn handle(&mut self, now: Timestamp, input: Input<T>) {
        self.session.handle(now, input);
    }

    /// The next action of the session. Poll until it returns `None`.
    pub fn poll(&mut self) -> Option<SessionAction<T>> {
        loop {
            let action = match self.session.poll()? {
                Output::Peer(message) => Some(SessionAction::Peer(message)),
                Output::Hub(message) => self.action(message),
            };
            if action.is_some() {
                return action;
            }
        }
    }

    /// When the session must get [`Input::Tick`] at the latest, and why.
    pub fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.session.deadline()
    }

    /// Returns the session.
    pub fn into_session(self) -> Box<dyn Session<Transport = T>> {
        self.session
    }

    fn action(&self, message: ToHub) -> Option<SessionAction<T>> {
        Some(match message {
            ToHub::Subscribe => SessionAction::Subscribe,
            ToHub::Command(command) => SessionAction::Command(command),
            ToHub::Authenticate { ticket, login, secret, from } => {
                SessionAction::Authenticate { ticket, login, secret, from }
            }
            ToHub::Notice { agent, interaction, notice } => {
                SessionAction::Core(CoreInput::Notice { agent, interaction, notice })
            }
            ToHub::Desk { agent, attended } => SessionAction::Desk { agent, attended },
            ToHub::Switch(event) => {
                SessionAction::Core(CoreInput::Switch { switch: self.own_switch()?, event })
            }
            ToHub::SwitchAnswer { request, answer } => {
                SessionAction::Core(CoreInput::Answer { switch: self.own_switch()?, request, answer })
            }
        })
    }

    fn own_switch(&self) -> Option<SwitchId> {
        if self.switch.is_none() {
            tracing::warn!("a session that is not a switch sent a switch event; ignored");
        }
        self.switch.clone()
    }
}
