//! Links that are WebSockets: credentials, messages, limits.
#![allow(clippy::result_large_err, reason = "the handshake's callback is the library's")]
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is not what these tests are about")]

use crate::{common, https::Authority};

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use common::*;
use cordboard_hub::{
    Node, NodeConfig,
    driver::{LinkLimits, WebSocketClient, WebSocketTransport},
};
use futures_util::{SinkExt, StreamExt};
use model::{Secret, Timestamp};
use session::{FromStream, HttpAndStream, Input, Link, Output, Reason, Session, ToStream, transport::Either};
use store::memory::Memory;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
    },
};

/// Opens one socket, sends a greeting and records its inputs; it is slow with each message.
#[derive(Clone)]
struct Listener {
    to: String,
    slow: Duration,
    inputs: Arc<Mutex<Vec<String>>>,
    out: Arc<Mutex<VecDeque<Output<HttpAndStream>>>>,
}

impl Listener {
    fn of(base: &str, slow: Duration) -> Self {
        Self { to: format!("{base}/events?app=a"), slow, inputs: Arc::default(), out: Arc::default() }
    }

    fn send(&self, output: ToStream) {
        self.out.lock().unwrap().push_back(output.into());
    }

    async fn until_input(&self, text: &str) {
        soon(async {
            while !self.inputs.lock().unwrap().iter().any(|input| input.contains(text)) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }
}

impl Session for Listener {
    type Transport = HttpAndStream;

    fn handle(&mut self, _: Timestamp, input: Input<HttpAndStream>) {
        let timeout = Duration::from_secs(5);
        match input {
            Input::Start => self.send(ToStream::Connect { link: Link(1), to: self.to.clone(), timeout }),
            Input::Peer(Either::Second(FromStream::Connected { link, .. })) => {
                self.send(ToStream::Send { link, bytes: Bytes::from_static(b"hello") });
            }
            Input::Peer(Either::Second(FromStream::Received { bytes, .. })) => {
                std::thread::sleep(self.slow);
                let text = String::from_utf8(bytes.into()).unwrap();
                self.inputs.lock().unwrap().push(format!("received {text}"));
            }
            Input::Peer(Either::Second(FromStream::Disconnected { why, .. })) => {
                self.inputs.lock().unwrap().push(format!("disconnected {why}"));
            }
            _ => {}
        }
    }

    fn poll(&mut self) -> Option<Output<HttpAndStream>> {
        self.out.lock().unwrap().pop_front()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

/// A node with a session that connects a socket to the test's listener.
async fn begin(slow: Duration, change: impl FnOnce(&mut WebSocketClient)) -> (Node, Listener, TcpListener) {
    begin_at("ws://127.0.0.1", slow, change).await
}

async fn begin_at(
    host: &str,
    slow: Duration,
    change: impl FnOnce(&mut WebSocketClient),
) -> (Node, Listener, TcpListener) {
    let (writer, reader) = Memory::default().reopen();
    let store = cordboard_hub::Store { writer: Box::new(writer), reader: Arc::new(reader) };
    let node = Node::start(NodeConfig::default(), store).unwrap();
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let session = Listener::of(&format!("{host}:{}", server.local_addr().unwrap().port()), slow);
    let mut client = WebSocketClient::new(Secret::new("Basic eDp5"));
    change(&mut client);
    let transport = WebSocketTransport { limits: LinkLimits::default(), client };
    node.attach("listener", Box::new(session.clone()), transport).await.unwrap();
    (node, session, server)
}

/// Accepts the socket when it has the right credentials.
async fn accept(server: &TcpListener) -> Option<WebSocketStream<TcpStream>> {
    let (stream, _) = server.accept().await.unwrap();
    let check = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        let is_known = request.headers().get("authorization").is_some_and(|given| given == "Basic eDp5");
        if is_known && request.uri() == "/events?app=a" {
            return Ok(response);
        }
        Err(http::Response::builder().status(401).body(None).unwrap())
    };
    accept_hdr_async(stream, check).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_is_one_piece_and_credentials_are_in_a_header() {
    let (_node, session, server) = begin(Duration::ZERO, |_| {}).await;
    let mut peer = soon(accept(&server)).await.unwrap();
    assert_eq!(soon(peer.next()).await.unwrap().unwrap(), Message::text("hello"));
    peer.send(Message::text("one")).await.unwrap();
    peer.send(Message::text("two")).await.unwrap();
    session.until_input("received two").await;
    peer.close(None).await.unwrap();
    session.until_input("disconnected the peer closed the connection").await;
    assert_eq!(session.inputs.lock().unwrap()[..2], ["received one", "received two"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_over_tls_needs_the_right_authority() {
    let (authority, other) = (Authority::new(), Authority::new());
    for (tls, expected) in [
        (Some(authority.client()), "received one"),
        (Some(other.client()), "is not signed by the configured authority"),
        (None, "no authority is configured for it; set tls_ca"),
    ] {
        let trusted = |client: &mut WebSocketClient| client.tls = tls;
        let (_node, session, server) = begin_at("wss://localhost", Duration::ZERO, trusted).await;
        let acceptor = authority.acceptor();
        let accepted = tokio::spawn(async move {
            let (stream, _) = server.accept().await.unwrap();
            let stream = acceptor.accept(stream).await.ok()?;
            let mut peer = tokio_tungstenite::accept_async(stream).await.ok()?;
            peer.send(Message::text("one")).await.ok()?;
            // A socket that ends can take its last message with it.
            std::future::pending::<Option<()>>().await
        });
        session.until_input(expected).await;
        accepted.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_reports_the_status() {
    let wrong = |client: &mut WebSocketClient| client.authorization = Secret::new("Basic no");
    let (_node, session, server) = begin(Duration::ZERO, wrong).await;
    assert!(soon(accept(&server)).await.is_none());
    session.until_input("disconnected the peer answered 401 Unauthorized").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_falls_behind_loses_its_link_and_not_the_peer_its_time() {
    let few = |client: &mut WebSocketClient| client.messages_max = 4;
    let (_node, session, server) = begin(Duration::from_millis(20), few).await;
    let mut peer = soon(accept(&server)).await.unwrap();
    soon(async {
        for number in 0..2_000 {
            if peer.send(Message::text(number.to_string())).await.is_err() {
                return;
            }
        }
        while peer.next().await.is_some_and(|message| message.is_ok()) {}
    })
    .await;
    session.until_input("disconnected the session is too slow for the messages of the peer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_peer_is_gone() {
    let often = |client: &mut WebSocketClient| client.ping_every = Duration::from_millis(50);
    let (_node, session, server) = begin(Duration::ZERO, often).await;
    // It is never read, so no ping is answered.
    let _peer = soon(accept(&server)).await.unwrap();
    session.until_input("disconnected the peer does not answer pings").await;
}
