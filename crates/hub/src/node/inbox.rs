//! What is said to the core's thread, and who is answered.

use std::sync::Arc;

use cordboard_core::Input;
use model::{Accepted, AgentId, CommandId, Principal, Rejection, SwitchId, VerbName};
use store::DirectoryChange;
use tokio::sync::{mpsc, oneshot};

use super::waking::Waking;
use crate::engine::{Mailbox, Picture, Ports, StartFrom};

/// Something for the core's thread.
#[allow(
    clippy::large_enum_variant,
    reason = "inputs are most of what is asked: a box for each would cost more than room"
)]
pub(crate) enum Ask {
    /// Something to decide about.
    Input { input: Input, asker: Option<Asker> },
    /// Another floor with all that belongs to it.
    Floor { change: DirectoryChange, asker: Asker },
    /// One more desk shows an agent's work, or one less.
    Desk { agent: AgentId, attended: bool },
    /// Somebody wants to see the state once.
    Look { viewer: Principal, to: oneshot::Sender<Picture> },
    /// Somebody wants to see the state, and every event after it.
    Subscribe { who: Subscriber, from: StartFrom },
    /// A switch's session has room for requests again.
    Resend(SwitchId),
    /// Keep the state and end.
    Stop,
}

/// Who asked, and for what.
pub(crate) struct Asker {
    /// What was asked; none for a floor.
    pub(crate) verb: Option<VerbName>,
    /// Where the answer goes.
    pub(crate) address: Address,
}

/// Where an answer goes.
pub(crate) enum Address {
    /// To somebody who waits for this one.
    Once(oneshot::Sender<Result<Accepted, Rejection>>),
    /// To a session. How many can be open at once is bounded by its driver.
    Session(mpsc::UnboundedSender<session::FromHub>, CommandId),
}

/// Who subscribes.
pub(crate) type Subscriber = crate::engine::Subscriber<Arc<Waking<Mailbox>>>;

/// The askers of the running node.
pub(crate) enum Live {}

impl Ports for Live {
    type Asker = Asker;
    type Looker = oneshot::Sender<Picture>;
    type Subscriber = Subscriber;
}
