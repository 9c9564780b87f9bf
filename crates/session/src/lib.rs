//! The contract between the hub and one end of one dialect.
//!
//! A session turns bytes into words and words into bytes. It holds its own protocol's state and nothing else: calls, agents
//! and work are the core's. It does no I/O: a driver of the hub's feeds it and carries out what it says.
//!
//! # The contract
//!
//! 1. After each [`Session::handle`] the driver calls [`Session::poll`] until it says `None`, then [`Session::deadline`].
//! 2. `handle` never panics, whatever it is given and whenever; what it does not understand it answers with the protocol's
//!    error, or ignores where the protocol has none.
//! 3. Each [`FromHttp::Request`] is answered by exactly one [`ToHttp::Response`] of the same exchange, at once or later.
//! 4. Each [`ToHttp::Request`] has an exchange of its own; the driver answers it with exactly one [`FromHttp::Response`] or
//!    [`FromHttp::Failed`].
//! 5. Each [`ToHub::Command`] and [`ToHub::Authenticate`] is answered exactly once, after its events are durable.
//! 6. A session that subscribed gets one [`FromHub::Snapshot`] and then every event after it. Another snapshot, marked
//!    `resync`, means that events were left out: what was derived from them has to be derived anew.
//! 7. Every queue of a session is bounded; its deadline is never earlier than the time it was last given while it has
//!    output left.
//! 8. Time does not run backwards.
//! 9. A byte stream is a [`Link`]. It begins with one [`FromStream::Connected`], under a number of the driver's where the peer came to
//!    us; each [`ToStream::Connect`] has a number of its own. The links of one session either all come in or all go out.
//! 10. The bytes of a link come by [`FromStream::Received`] in the order in which they were sent, in pieces of any size, and go by
//!     [`ToStream::Send`] in the order in which the session said it, only while the link is there.
//! 11. Each link ends with exactly one [`FromStream::Disconnected`], whichever side ends it. A [`ToStream::Connect`] that fails also gets
//!     one. After [`ToStream::Disconnect`] a session sends nothing on that link and ignores what still arrives on it.
//! 12. A page of ours is a [`Page`]. It begins with one [`FromPage::Opened`], under a number of the driver's, and ends with exactly one
//!     [`FromPage::Closed`], whoever ended it. A session that said [`ToPage::Close`] says nothing more to that page and passes over what
//!     still comes of it.
//! 13. A frame begins with [`FromPage::FrameOpened`] and ends with [`FromPage::FrameClosed`] or with its page; its number may then be used
//!     again. At most [`FRAMES_MAX`] of one page are there at once. What a frame posts comes in the order in which it was posted.
//! 14. Each message has at most [`MESSAGE_BYTES_MAX`] as JSON. [`ToPage::Post`] and [`ToPage::Keep`] are for frames that are there; in
//!     the order in which they are said. A page that does not read is ended.
//! 15. What a page kept it hands back unchanged, but a page is a browser's: a session believes nothing of it that its frame could not
//!     have said itself.
//! 16. Where the driver's links are WebSockets, a [`ToStream::Connect`] leads to a URL without credentials, one text message goes by each
//!     [`ToStream::Send`] and comes by each [`FromStream::Received`], and the driver ends a link whose session falls far behind. What was said
//!     meanwhile is lost: the session asks anew how things stand.
//!
//! With the feature `suite` this crate holds the suite that every session passes in its tests: see `suite`.

mod agents;
mod backoff;
mod book;
pub mod dialect;
mod fingerprint;
mod outbox;
mod outputs;
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
pub use projection::{Projection, Stand};
pub use recent::Recent;
pub use relay::{AROUND, Frame, FrameAbout, FromPage, Page, ToPage};
pub use switch_requests::SwitchRequests;
pub use timers::Timers;
pub use transport::{
    Exchange, Failure, FromHttp, FromStream, Http, HttpAndStream, Kept, Link, PageSaid, PageSay, Pages,
    Patience, Stream, ToHttp, ToStream, Transport,
};

/// The most frames of one page. Ours.
pub const FRAMES_MAX: usize = 64;

/// The longest message of a frame's or a page's, as JSON. Bytes. Ours: a CRM sends its whole directory in one.
pub const MESSAGE_BYTES_MAX: usize = 256 << 10;

/// One end of one dialect, for one peer or one listener.
pub trait Session: Send {
    /// How it speaks with its peers.
    type Transport: Transport;

    /// Takes one thing that happened: from the peer, from the hub, or the passing of time.
    fn handle(&mut self, now: Timestamp, input: Input<Self::Transport>);

    /// Gives what is to be done next; ask until it says nothing.
    fn poll(&mut self) -> Option<Output<Self::Transport>>;

    /// When to call [`Session::handle`] with [`Input::Tick`] at the latest, and why.
    fn deadline(&self) -> Option<(Timestamp, Reason)>;
}

/// What a deadline is for; a few words for the log.
pub type Reason = &'static str;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Input<T: Transport> {
    /// The driver runs; sent once, first.
    Start,
    /// Said by the peer.
    Peer(T::FromPeer),
    /// Said by the hub.
    Hub(FromHub),
    /// The deadline has come.
    Tick,
}

/// Something to be done.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "outputs are moved once: a box would cost each an allocation")]
pub enum Output<T: Transport> {
    /// For the peer.
    Peer(T::ToPeer),
    /// For the hub.
    Hub(ToHub),
}

/// Pairs a question of who somebody is with its answer; unique within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Who somebody says to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// An account by its name.
    Account(AccountName),
    /// The account of an agent.
    Agent(AgentId),
}

/// What the hub said.
#[derive(Debug, Clone)]
pub enum FromHub {
    /// The state of things; every event after it follows.
    Snapshot {
        /// What the session may see: everything.
        snapshot: Arc<Snapshot>,
        /// The floor, for what a peer names otherwise than we do.
        floor: Arc<Floor>,
        /// Events were left out between the last one and this.
        resync: bool,
    },
    /// Something happened.
    Event(Arc<Record>),
    /// A command was taken or refused.
    Answer {
        /// Which.
        command: CommandId,
        /// What was said.
        result: Result<Accepted, Rejection>,
    },
    /// Credentials were checked.
    Authenticated {
        /// Which.
        ticket: Ticket,
        /// Whose they are.
        result: Result<Principal, Rejection>,
    },
    /// For a session that is a switch: something is asked of it. The same request may be asked twice, and is done once.
    Requested {
        /// To be named in the answer.
        request: RequestId,
        /// What.
        asked: SwitchRequest,
    },
    /// The node is going to stop: finish what is begun, begin nothing.
    Closing,
}

/// What is to be said to the hub.
#[derive(Debug, Clone)]
pub enum ToHub {
    /// Asks for a snapshot and every event after it.
    Subscribe,
    /// Asks for something to be done.
    Command(Box<Command>),
    /// Asks whether somebody is who they say.
    Authenticate {
        /// To be named in the answer.
        ticket: Ticket,
        /// Who they say to be.
        login: Login,
        /// What they know.
        secret: Secret,
        /// Where they are, for the delay after failures.
        from: SocketAddr,
    },
    /// Tells an agent something that a person should read.
    Notice {
        /// Who is told.
        agent: AgentId,
        /// For what.
        interaction: Option<InteractionId>,
        /// What.
        notice: Notice,
    },
    /// An agent has a desk at the peer now, or no longer. A session reports each change; its desks end with the session.
    Desk {
        /// Whose.
        agent: AgentId,
        /// Whether the agent has a desk there.
        attended: bool,
    },
    /// From a session that is a switch: something happened there.
    Switch(SwitchEvent),
    /// From a session that is a switch: answers a request.
    SwitchAnswer {
        /// Which.
        request: RequestId,
        /// What is said to it.
        answer: SwitchAnswer,
    },
}
