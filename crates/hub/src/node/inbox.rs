//! The requests to the core's thread, and who gets the answers.

use std::sync::Arc;

use cordboard_core::Input;
use model::{Accepted, AgentId, CommandId, Principal, Rejection, SwitchId, VerbName};
use store::DirectoryChange;
use tokio::sync::{mpsc, oneshot};

use super::shared_queue::SharedQueue;
use crate::engine::{FloorSnapshot, Mailbox, Ports, StartFrom};

/// A request to the core's thread.
#[allow(
    clippy::large_enum_variant,
    reason = "most requests are inputs; a box for each would cost more than the space"
)]
pub(crate) enum CoreRequest {
    /// Decide about an input.
    Input { input: Input, requester: Option<Requester> },
    /// Decide about a new floor.
    Floor { change: DirectoryChange, requester: Requester },
    /// Add or remove a desk of an agent.
    Desk { agent: AgentId, attended: bool },
    /// Return the current state once.
    Snapshot { viewer: Principal, to: oneshot::Sender<FloorSnapshot> },
    /// Subscribe to the state and every later event.
    Subscribe { who: Subscriber, from: StartFrom },
    /// Send requests again: the session of a switch has room.
    Resend(SwitchId),
    /// Write a checkpoint and end.
    Stop,
}

/// Who gets the answer, and for which verb.
pub(crate) struct Requester {
    /// The verb of the command; `None` for a floor.
    pub(crate) verb: Option<VerbName>,
    /// Where the answer goes.
    pub(crate) address: Address,
}

/// Where an answer goes.
pub(crate) enum Address {
    /// To a caller that waits for this answer.
    Once(oneshot::Sender<Result<Accepted, Rejection>>),
    /// To a session. Its driver limits how many answers can be open.
    Session(mpsc::UnboundedSender<session::FromHub>, CommandId),
}

/// The subscriber type of the running node.
pub(crate) type Subscriber = crate::engine::Subscriber<Arc<SharedQueue<Mailbox>>>;

/// The reply types of the running node.
pub(crate) enum NodePorts {}

impl Ports for NodePorts {
    type Requester = Requester;
    type Viewer = oneshot::Sender<FloorSnapshot>;
    type Subscriber = Subscriber;
}
