//! One session of the hub: what it says, sorted by who does it.

use std::net::SocketAddr;

use cordboard_core::Input as CoreInput;
use model::{AgentId, Command, Secret, SwitchId, Timestamp};
use session::{Input, Login, Output, Reason, Session, Ticket, ToHub, Transport};

/// A session, and the switch that it is.
pub struct SessionLoop<T: Transport> {
    session: Box<dyn Session<Transport = T>>,
    switch: Option<SwitchId>,
}

/// Something that a session wants done.
#[derive(Debug)]
pub enum Wish<T: Transport> {
    /// To be said to its peer.
    Peer(T::ToPeer),
    /// A snapshot, and every event after it.
    Subscribe,
    /// A command; the session is answered.
    Command(Box<Command>),
    /// Something for the core; nobody is answered.
    Core(CoreInput),
    /// Somebody's credentials to be checked; the session is answered.
    Authenticate {
        /// To be named in the answer.
        ticket: Ticket,
        /// Who they say to be.
        login: Login,
        /// What they know.
        secret: Secret,
        /// Where they are.
        from: SocketAddr,
    },
    /// An agent has a desk at the peer, or no longer.
    Desk {
        /// Whose.
        agent: AgentId,
        /// Whether it is there.
        attended: bool,
    },
}

impl<T: Transport> SessionLoop<T> {
    /// A session that is the switch of that name, or none.
    pub fn new(session: Box<dyn Session<Transport = T>>, switch: Option<SwitchId>) -> Self {
        Self { session, switch }
    }

    /// The switch that the session is.
    pub fn switch(&self) -> Option<&SwitchId> {
        self.switch.as_ref()
    }

    /// Gives the session what happened; then what it wants is to be taken.
    pub fn handle(&mut self, now: Timestamp, input: Input<T>) {
        self.session.handle(now, input);
    }

    /// What the session wants done next; ask until it says nothing.
    pub fn poll(&mut self) -> Option<Wish<T>> {
        loop {
            let wish = match self.session.poll()? {
                Output::Peer(said) => Some(Wish::Peer(said)),
                Output::Hub(said) => self.wish(said),
            };
            if wish.is_some() {
                return wish;
            }
        }
    }

    /// When the session is to be given [`Input::Tick`] at the latest, and why.
    pub fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.session.deadline()
    }

    /// The session, as it was.
    pub fn into_session(self) -> Box<dyn Session<Transport = T>> {
        self.session
    }

    fn wish(&self, said: ToHub) -> Option<Wish<T>> {
        Some(match said {
            ToHub::Subscribe => Wish::Subscribe,
            ToHub::Command(command) => Wish::Command(command),
            ToHub::Authenticate { ticket, login, secret, from } => {
                Wish::Authenticate { ticket, login, secret, from }
            }
            ToHub::Notice { agent, interaction, notice } => {
                Wish::Core(CoreInput::Notice { agent, interaction, notice })
            }
            ToHub::Desk { agent, attended } => Wish::Desk { agent, attended },
            ToHub::Switch(event) => Wish::Core(CoreInput::Switch { switch: self.own_switch()?, event }),
            ToHub::SwitchAnswer { request, answer } => {
                Wish::Core(CoreInput::Answer { switch: self.own_switch()?, request, answer })
            }
        })
    }

    fn own_switch(&self) -> Option<SwitchId> {
        if self.switch.is_none() {
            tracing::warn!("a session that is no switch speaks for one");
        }
        self.switch.clone()
    }
}
