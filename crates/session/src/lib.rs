//! The contract between the hub and one end of a dialect.
//!
//! A session translates between the messages of a peer and the types of the hub. It keeps only the state of its
//! protocol; calls, agents and interactions are kept by the core. A session does no I/O: a driver of the hub gives it
//! input and carries out its output.
//!
//! # The contract
//!
//! 1. After each [`Session::handle`] the driver calls [`Session::poll`] until it returns `None`, then
//!    [`Session::deadline`].
//! 2. `handle` never panics, whatever the input is. A session answers input that it does not understand with an error
//!    of its protocol, or ignores it when the protocol has no error.
//! 3. Each [`FromHttp::Request`] is answered by exactly one [`ToHttp::Response`] with the same exchange, immediately or
//!    later.
//! 4. Each [`ToHttp::Request`] has a new exchange; the driver answers it with exactly one [`FromHttp::Response`] or
//!    [`FromHttp::Failed`].
//! 5. Each [`ToHub::Command`] and [`ToHub::Authenticate`] is answered exactly once, after its events are durable.
//! 6. A session that subscribed receives one [`FromHub::Snapshot`] and then every later event. Another snapshot, marked
//!    `resync`, means that events were skipped: state that was derived from events must be derived from the snapshot
//!    again.
//! 7. Every queue of a session is bounded. While a session has output, its deadline is never earlier than the last time
//!    that it was given.
//! 8. Time does not run backwards.
//! 9. A byte stream is a [`Link`]. It begins with one [`FromStream::Connected`]. The driver chooses the number of a
//!    link that a peer opened; each [`ToStream::Connect`] has a new number. The links of one session are either all
//!    incoming or all outgoing.
//! 10. The bytes of a link arrive with [`FromStream::Received`] in the order in which they were sent, in pieces of any
//!     size. Bytes are sent with [`ToStream::Send`] in the order of these outputs, only while the link is connected.
//! 11. Each link ends with exactly one [`FromStream::Disconnected`], whichever side ends it, also when a
//!     [`ToStream::Connect`] fails. After [`ToStream::Disconnect`] a session sends nothing on that link and ignores
//!     what still arrives on it.
//! 12. A browser page of Cordboard is a [`Page`]. It begins with one [`FromPage::Opened`], whose number the driver
//!     chooses, and ends with exactly one [`FromPage::Closed`], whichever side ends it. After [`ToPage::Close`] a
//!     session sends nothing to that page and ignores what still arrives from it.
//! 13. A frame begins with [`FromPage::FrameOpened`] and ends with [`FromPage::FrameClosed`] or with its page; then its
//!     number can be used again. A page has at most [`FRAMES_MAX`] frames at a time. The messages of a frame arrive in
//!     the order in which they were posted.
//! 14. Each message has at most [`MESSAGE_BYTES_MAX`] bytes as JSON. [`ToPage::Post`] and [`ToPage::Keep`] need an open
//!     frame and are carried out in order. The driver closes a page that does not read.
//! 15. A page returns kept state unchanged. But a page runs in a browser, so a session trusts kept state no more than a
//!     message of the frame.
//! 16. When the links are WebSockets, a [`ToStream::Connect`] has a URL without credentials, and each
//!     [`ToStream::Send`] and each [`FromStream::Received`] is one text message. The driver ends a link whose session
//!     falls far behind. Messages of that time are lost, so the session must query the state again.
//!
//! The feature `suite` adds the tests that every session must pass: see `suite`.

mod agents;
mod backoff;
mod book;
pub mod dialect;
mod fingerprint;
mod outbox;
mod outputs;
mod pop_key;
mod projection;
mod recent;
mod relay;
#[cfg(feature = "suite")]
pub mod suite;
mod switch_requests;
mod timers;
pub mod transport;

use std::{net::SocketAddr, sync::Arc};

use model::{
    Accepted, AccountName, AgentId, Command, CommandId, Floor, InteractionId, Notice, Principal, Record,
    Rejection, RequestId, Secret, Snapshot, SwitchAnswer, SwitchEvent, SwitchRequest, Timestamp,
};

pub use agents::{PeerAgent, PeerAgents, PeerState};
pub use backoff::Backoff;
pub use book::RequestBook;
pub use fingerprint::fingerprint;
pub use outbox::Outbox;
pub use outputs::{Outputs, is_own_command};
pub use pop_key::PopKey;
pub use projection::{AgentStatus, Projection};
pub use recent::Recent;
pub use relay::{AROUND, Frame, FrameContext, FromPage, Page, ToPage};
pub use switch_requests::SwitchRequests;
pub use timers::Timers;
pub use transport::{
    ConnectionReuse, Exchange, Failure, FromHttp, FromStream, Http, HttpAndStream, Link, PageInput,
    PageOutput, Pages, Stream, Timeouts, ToHttp, ToStream, Transport,
};

/// The most frames of one page. Our choice.
pub const FRAMES_MAX: usize = 64;

/// The longest message of a frame or a page, in bytes of JSON. Our choice: a CRM sends its whole directory in one
/// message.
pub const MESSAGE_BYTES_MAX: usize = 256 << 10;

/// One end of a dialect, for one peer or one listener.
pub trait Session: Send {
    /// The transport between the session and its peers.
    type Transport: Transport;

    /// Handles one input: from the peer, from the hub, or the passing of time.
    fn handle(&mut self, now: Timestamp, input: Input<Self::Transport>);

    /// Returns the next output. Call it until it returns `None`.
    fn poll(&mut self) -> Option<Output<Self::Transport>>;

    /// When to call [`Session::handle`] with [`Input::Tick`] at the latest, and why.
    fn deadline(&self) -> Option<(Timestamp, Reason)>;
}

/// What a deadline is for, in a few words for the log.
pub type Reason = &'static str;

/// An input of a session.
#[derive(Debug, Clone)]
pub enum Input<T: Transport> {
    /// The driver has started; sent once, first.
    Start,
    /// Something from the peer.
    Peer(T::FromPeer),
    /// Something from the hub.
    Hub(FromHub),
    /// The deadline has passed.
    Tick,
}

/// An output of a session.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "outputs are moved once: a box would cost each an allocation")]
pub enum Output<T: Transport> {
    /// Something for the peer.
    Peer(T::ToPeer),
    /// Something for the hub.
    Hub(ToHub),
}

/// Identifies an authentication request and its answer; unique within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Whose credentials to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// An account, by name.
    Account(AccountName),
    /// The account of an agent.
    Agent(AgentId),
}

/// A message from the hub to a session.
#[derive(Debug, Clone)]
pub enum FromHub {
    /// The complete state. Every later event follows.
    Snapshot {
        /// The state that the session can see: everything.
        snapshot: Arc<Snapshot>,
        /// The floor, which has the IDs that peers use.
        floor: Arc<Floor>,
        /// Whether events were skipped between the last event and this snapshot.
        resync: bool,
    },
    /// An event.
    Event(Arc<Record>),
    /// A command was accepted or rejected.
    Answer {
        /// The ID of the command.
        command: CommandId,
        /// The reply to the command.
        result: Result<Accepted, Rejection>,
    },
    /// Credentials were checked.
    Authenticated {
        /// The ticket of the request.
        ticket: Ticket,
        /// The account, or why the credentials were rejected.
        result: Result<Principal, Rejection>,
    },
    /// A request to a session that is a switch. The same request can arrive twice; carry it out once.
    Requested {
        /// The ID of the request, to repeat in the answer.
        request: RequestId,
        /// The request.
        requested: SwitchRequest,
    },
    /// The node is shutting down: finish open work and start nothing.
    Closing,
}

/// A message from a session to the hub.
#[derive(Debug, Clone)]
pub enum ToHub {
    /// Subscribes to a snapshot and every later event.
    Subscribe,
    /// Sends a command.
    Command(Box<Command>),
    /// Requests a check of credentials.
    Authenticate {
        /// A new ticket, which the answer repeats.
        ticket: Ticket,
        /// Whose credentials they are.
        login: Login,
        /// The password or token.
        secret: Secret,
        /// The address of the client, which the hub uses to slow down repeated failures.
        from: SocketAddr,
    },
    /// Sends a notice to an agent.
    Notice {
        /// The agent.
        agent: AgentId,
        /// The interaction that the notice is about; `None` when it is about none.
        interaction: Option<InteractionId>,
        /// The notice.
        notice: Notice,
    },
    /// A desk of an agent connected or disconnected at the peer. A session reports each change; when the session ends,
    /// its desks disconnect.
    Desk {
        /// The agent.
        agent: AgentId,
        /// Whether the agent has a desk at this peer.
        attended: bool,
    },
    /// An event from a session that is a switch.
    Switch(SwitchEvent),
    /// An answer from a session that is a switch.
    SwitchAnswer {
        /// The ID of the request.
        request: RequestId,
        /// The answer.
        answer: SwitchAnswer,
    },
}
