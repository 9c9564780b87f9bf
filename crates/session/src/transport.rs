//! Transports: HTTP, byte streams, and Cordboard's own pages. A session names its transport as a type. The compiler rejects inputs and
//! outputs that the transport does not have.

use std::{fmt, net::SocketAddr, time::Duration};

use bytes::Bytes;

use crate::{FromPage, Output, Page, ToPage};

/// How a session and its peers speak.
pub trait Transport: Clone + fmt::Debug + Send + 'static {
    /// What a peer says.
    type FromPeer: Clone + fmt::Debug + Send + TryFrom<any::FromPeer>;
    /// What is said to a peer.
    type ToPeer: Clone + fmt::Debug + Send + Into<any::ToPeer>;
}

/// Pairs a request with its response; unique within a session and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exchange(pub u64);

/// Names a byte stream; unique within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(pub u64);

/// HTTP, both ways: peers send requests, and so may the session.
#[derive(Debug, Clone, Copy)]
pub enum Http {}

/// What an HTTP peer said.
#[derive(Debug, Clone)]
pub enum FromHttp {
    /// The peer sent a request; its body is complete and within the driver's limit.
    Request {
        /// To be named in the response.
        exchange: Exchange,
        /// Where the peer is.
        from: SocketAddr,
        /// What it sent.
        request: http::Request<Bytes>,
    },
    /// The peer answered a request that the session sent.
    Response {
        /// Which.
        exchange: Exchange,
        /// What it answered.
        response: http::Response<Bytes>,
    },
    /// A request that the session sent has no answer.
    Failed {
        /// Which.
        exchange: Exchange,
        /// How it failed.
        failure: Failure,
    },
}

/// How a request that the session sent failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The peer was not reached: it has seen nothing of the request.
    NotSent(String),
    /// The request was sent, wholly or in part, and not answered: the peer may have acted on it.
    NoAnswer(String),
}

/// What is to be said to an HTTP peer.
#[derive(Debug, Clone)]
pub enum ToHttp {
    /// Answers a request. The driver adds `Content-Length`.
    Response {
        /// Which.
        exchange: Exchange,
        /// The answer.
        response: http::Response<Bytes>,
    },
    /// Sends a request; its URI is absolute. The driver adds `Host` and `Content-Length` and follows no redirect.
    Request {
        /// To be named by the answer.
        exchange: Exchange,
        /// The request.
        request: http::Request<Bytes>,
        /// How long to try.
        patience: Patience,
    },
}

/// How long to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the connection to be made.
    pub connect: Duration,
    /// From then on for the whole answer.
    pub answer: Duration,
    /// How to use a connection that was kept from an earlier request.
    pub kept: Kept,
}

/// How to use a kept connection. The peer may close it at any time without notice, so a request may go out on one that is closed, and
/// then nobody knows whether the peer has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Use one. When it closes before any byte of the answer, send the request once more, on a fresh connection. For requests of which
    /// doing it twice is doing it once.
    Resend,
    /// Use one. When it closes, say [`Failure::NoAnswer`].
    Use,
    /// Make a fresh connection. For requests that must neither get lost nor be done twice.
    Avoid,
}

/// Byte streams, or WebSockets whose messages are the pieces of one.
#[derive(Debug, Clone, Copy)]
pub enum Stream {}

/// What came of a byte stream.
#[derive(Debug, Clone)]
pub enum FromStream {
    /// It is there: the peer made it, or it is one that was asked for.
    Connected {
        /// Which.
        link: Link,
        /// Where the peer is.
        from: SocketAddr,
    },
    /// The peer sent bytes; they end anywhere.
    Received {
        /// On which stream.
        link: Link,
        /// What it sent.
        bytes: Bytes,
    },
    /// It is gone, or could not be made.
    Disconnected {
        /// Which.
        link: Link,
        /// A sentence.
        why: String,
    },
}

/// What is to be done with a byte stream.
#[derive(Debug, Clone)]
pub enum ToStream {
    /// Makes it. Whether it is encrypted is the driver's business.
    Connect {
        /// To be named from here on.
        link: Link,
        /// Where to: a host, a colon and a port; for a WebSocket its URL.
        to: String,
        /// How long to try.
        patience: Duration,
    },
    /// Sends bytes.
    Send {
        /// On which stream.
        link: Link,
        /// What.
        bytes: Bytes,
    },
    /// Ends it, after what was said before has been sent.
    Disconnect {
        /// Which.
        link: Link,
        /// A sentence for the log.
        why: String,
    },
}

/// Cordboard's own pages. Each page relays the messages that its frames post.
#[derive(Debug, Clone, Copy)]
pub enum Pages {}

/// A page said something.
#[derive(Debug, Clone)]
pub struct PageSaid {
    /// Which.
    pub page: Page,
    /// What.
    pub said: FromPage,
}

/// Something to be said to a page.
#[derive(Debug, Clone)]
pub struct PageSay {
    /// Which.
    pub page: Page,
    /// What.
    pub say: ToPage,
}

/// Requests of the session's, and byte streams that it makes, to the same peer.
#[derive(Debug, Clone, Copy)]
pub enum HttpAndStream {}

/// One of two.
#[derive(Debug, Clone)]
pub enum Either<A, B> {
    /// The first.
    First(A),
    /// The second.
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
    type FromPeer = PageSaid;
    type ToPeer = PageSay;
}

impl Transport for HttpAndStream {
    type FromPeer = Either<FromHttp, FromStream>;
    type ToPeer = Either<ToHttp, ToStream>;
}

impl From<ToHttp> for Output<Http> {
    fn from(said: ToHttp) -> Self {
        Self::Peer(said)
    }
}

impl From<ToStream> for Output<Stream> {
    fn from(said: ToStream) -> Self {
        Self::Peer(said)
    }
}

impl From<PageSay> for Output<Pages> {
    fn from(said: PageSay) -> Self {
        Self::Peer(said)
    }
}

impl From<ToHttp> for Output<HttpAndStream> {
    fn from(said: ToHttp) -> Self {
        Self::Peer(Either::First(said))
    }
}

impl From<ToStream> for Output<HttpAndStream> {
    fn from(said: ToStream) -> Self {
        Self::Peer(Either::Second(said))
    }
}

/// Every transport in one, for a world that runs sessions of all kinds side by side.
pub mod any {
    use model::Timestamp;

    use super::{
        Either, FromHttp, FromStream, HttpAndStream, PageSaid, PageSay, ToHttp, ToStream, Transport,
    };
    use crate::{Input, Output, Reason, Session};

    /// Every transport.
    #[derive(Debug, Clone, Copy)]
    pub enum Any {}

    impl Transport for Any {
        type FromPeer = FromPeer;
        type ToPeer = ToPeer;
    }

    /// What a peer said, over whatever it speaks.
    #[derive(Debug, Clone)]
    pub enum FromPeer {
        /// By HTTP.
        Http(FromHttp),
        /// Over a byte stream.
        Stream(FromStream),
        /// Through a page.
        Page(PageSaid),
    }

    /// What is to be said to a peer, over whatever it speaks.
    #[derive(Debug, Clone)]
    #[allow(clippy::large_enum_variant, reason = "each is moved once: a box would cost each an allocation")]
    pub enum ToPeer {
        /// By HTTP.
        Http(ToHttp),
        /// Over a byte stream.
        Stream(ToStream),
        /// Through a page.
        Page(PageSay),
    }

    /// A session of any transport.
    pub type AnySession = Box<dyn Session<Transport = Any>>;

    /// Takes the transport out of a session's type. What the transport lacks does not reach the session.
    pub fn erase(session: impl Session + 'static) -> AnySession {
        Box::new(Erased(session))
    }

    struct Erased<S>(S);

    impl<S: Session> Session for Erased<S> {
        type Transport = Any;

        fn handle(&mut self, now: Timestamp, input: Input<Any>) {
            let input = match input {
                Input::Start => Input::Start,
                Input::Hub(said) => Input::Hub(said),
                Input::Tick => Input::Tick,
                Input::Peer(said) => match said.try_into() {
                    Ok(said) => Input::Peer(said),
                    Err(_) => return,
                },
            };
            self.0.handle(now, input);
        }

        fn poll(&mut self) -> Option<Output<Any>> {
            Some(match self.0.poll()? {
                Output::Peer(said) => Output::Peer(said.into()),
                Output::Hub(said) => Output::Hub(said),
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

                fn try_from(said: FromPeer) -> Result<Self, FromPeer> {
                    if let FromPeer::$variant(said) = said { Ok(said) } else { Err(said) }
                }
            }

            impl From<$from> for FromPeer {
                fn from(said: $from) -> Self {
                    Self::$variant(said)
                }
            }

            impl From<$to> for ToPeer {
                fn from(said: $to) -> Self {
                    Self::$variant(said)
                }
            }
        )+};
    }

    conversions! {
        Http: FromHttp, ToHttp;
        Stream: FromStream, ToStream;
        Page: PageSaid, PageSay;
    }

    impl TryFrom<FromPeer> for <HttpAndStream as Transport>::FromPeer {
        type Error = FromPeer;

        fn try_from(said: FromPeer) -> Result<Self, FromPeer> {
            match said {
                FromPeer::Http(said) => Ok(Self::First(said)),
                FromPeer::Stream(said) => Ok(Self::Second(said)),
                FromPeer::Page(_) => Err(said),
            }
        }
    }

    impl From<<HttpAndStream as Transport>::FromPeer> for FromPeer {
        fn from(said: <HttpAndStream as Transport>::FromPeer) -> Self {
            match said {
                Either::First(said) => Self::Http(said),
                Either::Second(said) => Self::Stream(said),
            }
        }
    }

    impl From<<HttpAndStream as Transport>::ToPeer> for ToPeer {
        fn from(said: <HttpAndStream as Transport>::ToPeer) -> Self {
            match said {
                Either::First(said) => Self::Http(said),
                Either::Second(said) => Self::Stream(said),
            }
        }
    }
}
