//! Transports: HTTP, byte streams, and browser pages. A session names its transport as a type, so the compiler rejects
//! inputs and outputs that the transport does not have.

use std::{fmt, net::SocketAddr, time::Duration};

use bytes::Bytes;

use crate::{FromPage, Output, Page, ToPage};

/// How a session and its peers communicate.
pub trait Transport: Clone + fmt::Debug + Send + 'static {
    /// A message from a peer.
    type FromPeer: Clone + fmt::Debug + Send + TryFrom<any::FromPeer>;
    /// A message to a peer.
    type ToPeer: Clone + fmt::Debug + Send + Into<any::ToPeer>;
}

/// Identifies a request and its response; unique within a session and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exchange(pub u64);

/// The ID of a byte stream; unique within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(pub u64);

/// HTTP in both directions: peers send requests, and the session can send requests too.
#[derive(Debug, Clone, Copy)]
pub enum Http {}

/// A message from an HTTP peer.
#[derive(Debug, Clone)]
pub enum FromHttp {
    /// The peer sent a request. The body is complete and within the size limit.
    Request {
        /// The ID to repeat in the response.
        exchange: Exchange,
        /// The address of the peer.
        from: SocketAddr,
        /// The request.
        request: http::Request<Bytes>,
    },
    /// The peer answered a request of the session.
    Response {
        /// The ID of the request.
        exchange: Exchange,
        /// The response.
        response: http::Response<Bytes>,
    },
    /// A request of the session failed.
    Failed {
        /// The ID of the request.
        exchange: Exchange,
        /// Why it failed.
        failure: Failure,
    },
}

/// Why a request of the session failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The peer was not reached and has not received the request. The text is the reason.
    NotSent(String),
    /// The request was sent at least in part, but there is no response. The peer may have acted on it. The text is the
    /// reason.
    NoAnswer(String),
}

/// A message to an HTTP peer.
#[derive(Debug, Clone)]
pub enum ToHttp {
    /// Answers a request. The driver adds `Content-Length`.
    Response {
        /// The ID of the request.
        exchange: Exchange,
        /// The response.
        response: http::Response<Bytes>,
    },
    /// Sends a request. Its URI is absolute. The driver adds `Host` and `Content-Length` and does not follow redirects.
    Request {
        /// A new ID, which the response repeats.
        exchange: Exchange,
        /// The request.
        request: http::Request<Bytes>,
        /// The time limits, and whether to reuse a connection.
        timeouts: Timeouts,
    },
}

/// The time limits of a request, and whether it can reuse a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The time to connect.
    pub connect: Duration,
    /// The time from then on until the response is complete.
    pub answer: Duration,
    /// Whether to reuse a connection of an earlier request.
    pub reuse: ConnectionReuse,
}

/// Whether a request reuses a connection of an earlier request. The peer can close such a connection at any time, and
/// then it is unknown whether the peer received a request that was sent on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionReuse {
    /// Reuse a connection. If it closes before the first byte of the response, send the request once more on a new
    /// connection. Use this for idempotent requests.
    Resend,
    /// Reuse a connection. If it closes, report [`Failure::NoAnswer`].
    Use,
    /// Open a new connection. Use this for requests that must neither be lost nor be carried out twice.
    Avoid,
}

/// Byte streams, or WebSockets whose messages are the pieces of a stream.
#[derive(Debug, Clone, Copy)]
pub enum Stream {}

/// An event of a byte stream.
#[derive(Debug, Clone)]
pub enum FromStream {
    /// The stream is connected: the peer opened it, or the session requested it.
    Connected {
        /// The stream.
        link: Link,
        /// The address of the peer.
        from: SocketAddr,
    },
    /// The peer sent bytes. Pieces can end anywhere.
    Received {
        /// The stream.
        link: Link,
        /// The bytes.
        bytes: Bytes,
    },
    /// The stream was closed or could not be opened.
    Disconnected {
        /// The stream.
        link: Link,
        /// The reason, one sentence.
        why: String,
    },
}

/// An action on a byte stream.
#[derive(Debug, Clone)]
pub enum ToStream {
    /// Opens a stream. The driver decides about encryption.
    Connect {
        /// A new ID for the stream.
        link: Link,
        /// The destination: a host, a colon and a port; for a WebSocket its URL.
        to: String,
        /// The time to connect.
        timeout: Duration,
    },
    /// Sends bytes.
    Send {
        /// The stream.
        link: Link,
        /// The bytes.
        bytes: Bytes,
    },
    /// Closes the stream after everything before was sent.
    Disconnect {
        /// The stream.
        link: Link,
        /// The reason for the log, one sentence.
        why: String,
    },
}

/// Cordboard's own browser pages. Each page relays the messages that its frames post.
#[derive(Debug, Clone, Copy)]
pub enum Pages {}

/// A message from a page.
#[derive(Debug, Clone)]
pub struct PageInput {
    /// The page.
    pub page: Page,
    /// The message.
    pub message: FromPage,
}

/// A message to a page.
#[derive(Debug, Clone)]
pub struct PageOutput {
    /// The page.
    pub page: Page,
    /// The message.
    pub message: ToPage,
}

/// HTTP requests and byte streams that the session opens to the same peer.
#[derive(Debug, Clone, Copy)]
pub enum HttpAndStream {}

/// A value of one of two types.
#[derive(Debug, Clone)]
pub enum Either<A, B> {
    /// A value of the first type.
    First(A),
    /// A value of the second type.
    Second(B),
}

impl Transport for Http {
    type FromPeer = FromHttp;
    type ToPeer = ToHttp;
}

impl Transport for Stream {
    type FromPeer = FromStream;
    type ToPeer = ToStream;
}

impl Transport for Pages {
    type FromPeer = PageInput;
    type ToPeer = PageOutput;
}

impl Transport for HttpAndStream {
    type FromPeer = Either<FromHttp, FromStream>;
    type ToPeer = Either<ToHttp, ToStream>;
}

impl From<ToHttp> for Output<Http> {
    fn from(message: ToHttp) -> Self {
        Self::Peer(message)
    }
}

impl From<ToStream> for Output<Stream> {
    fn from(message: ToStream) -> Self {
        Self::Peer(message)
    }
}

impl From<PageOutput> for Output<Pages> {
    fn from(message: PageOutput) -> Self {
        Self::Peer(message)
    }
}

impl From<ToHttp> for Output<HttpAndStream> {
    fn from(message: ToHttp) -> Self {
        Self::Peer(Either::First(message))
    }
}

impl From<ToStream> for Output<HttpAndStream> {
    fn from(message: ToStream) -> Self {
        Self::Peer(Either::Second(message))
    }
}

/// A transport that covers all others, for programs that run sessions of all kinds side by side.
pub mod any {
    use model::Timestamp;

    use super::{
        Either, FromHttp, FromStream, HttpAndStream, PageInput, PageOutput, ToHttp, ToStream, Transport,
    };
    use crate::{Input, Output, Reason, Session};

    /// All transports.
    #[derive(Debug, Clone, Copy)]
    pub enum Any {}

    impl Transport for Any {
        type FromPeer = FromPeer;
        type ToPeer = ToPeer;
    }

    /// A message from a peer over any transport.
    #[derive(Debug, Clone)]
    pub enum FromPeer {
        /// Over HTTP.
        Http(FromHttp),
        /// Over a byte stream.
        Stream(FromStream),
        /// Through a page.
        Page(PageInput),
    }

    /// A message to a peer over any transport.
    #[derive(Debug, Clone)]
    #[allow(clippy::large_enum_variant, reason = "each is moved once: a box would cost each an allocation")]
    pub enum ToPeer {
        /// Over HTTP.
        Http(ToHttp),
        /// Over a byte stream.
        Stream(ToStream),
        /// Through a page.
        Page(PageOutput),
    }

    /// A session of any transport.
    pub type AnySession = Box<dyn Session<Transport = Any>>;

    /// Erases the transport from the type of a session.
    ///
    /// Inputs of other transports do not reach the session. A program that sends one has a defect: in a debug build it panics.
    pub fn erase(session: impl Session + 'static) -> AnySession {
        Box::new(Erased(session))
    }

    struct Erased<S>(S);

    impl<S: Session> Session for Erased<S> {
        type Transport = Any;

        fn handle(&mut self, now: Timestamp, input: Input<Any>) {
            let input = match input {
                Input::Start => Input::Start,
                Input::Hub(message) => Input::Hub(message),
                Input::Tick => Input::Tick,
                Input::Peer(message) => match message.try_into() {
                    Ok(message) => Input::Peer(message),
                    Err(_) => {
                        debug_assert!(false, "an input of a transport that the session does not use");
                        return;
                    }
                },
            };
            self.0.handle(now, input);
        }

        fn poll(&mut self) -> Option<Output<Any>> {
            Some(match self.0.poll()? {
                Output::Peer(message) => Output::Peer(message.into()),
                Output::Hub(message) => Output::Hub(message),
            })
        }

        fn deadline(&self) -> Option<(Timestamp, Reason)> {
            self.0.deadline()
        }
    }

    macro_rules! conversions {
        ($($variant:ident: $from:ty, $to:ty;)+) => {$(
            impl TryFrom<FromPeer> for $from {
                type Error = FromPeer;

                fn try_from(message: FromPeer) -> Result<Self, FromPeer> {
                    if let FromPeer::$variant(message) = message { Ok(message) } else { Err(message) }
                }
            }

            impl From<$from> for FromPeer {
                fn from(message: $from) -> Self {
                    Self::$variant(message)
                }
            }

            impl From<$to> for ToPeer {
                fn from(message: $to) -> Self {
                    Self::$variant(message)
                }
            }
        )+};
    }

    conversions! {
        Http: FromHttp, ToHttp;
        Stream: FromStream, ToStream;
        Page: PageInput, PageOutput;
    }

    impl TryFrom<FromPeer> for <HttpAndStream as Transport>::FromPeer {
        type Error = FromPeer;

        fn try_from(message: FromPeer) -> Result<Self, FromPeer> {
            match message {
                FromPeer::Http(message) => Ok(Self::First(message)),
                FromPeer::Stream(message) => Ok(Self::Second(message)),
                FromPeer::Page(_) => Err(message),
            }
        }
    }

    impl From<<HttpAndStream as Transport>::FromPeer> for FromPeer {
        fn from(message: <HttpAndStream as Transport>::FromPeer) -> Self {
            match message {
                Either::First(message) => Self::Http(message),
                Either::Second(message) => Self::Stream(message),
            }
        }
    }

    impl From<<HttpAndStream as Transport>::ToPeer> for ToPeer {
        fn from(message: <HttpAndStream as Transport>::ToPeer) -> Self {
            match message {
                Either::First(message) => Self::Http(message),
                Either::Second(message) => Self::Stream(message),
            }
        }
    }
}
