//! Byte streams: incoming and outgoing, plain and over TLS, within limits.

use crate::common;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use common::*;
use cordboard_hub::{
    Node, NodeConfig,
    driver::{ClientTls, LinkLimits, ServerTls, StreamTransport},
};
use model::Timestamp;
use session::{FromStream, Input, Link, Output, Reason, Session, Stream, ToStream};
use store::memory::Memory;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Echoes its input, ends a link on request, and connects to an address at the start if it has one.
#[derive(Clone, Default)]
struct Parrot {
    call: Option<String>,
    inputs: Arc<Mutex<Vec<String>>>,
    out: Arc<Mutex<VecDeque<Output<Stream>>>>,
}

impl Parrot {
    fn calling(address: SocketAddr) -> Self {
        Self { call: Some(format!("localhost:{}", address.port())), ..Self::default() }
    }

    fn send(&self, output: ToStream) {
        self.out.lock().unwrap().push_back(Output::Peer(output));
    }

    fn note(&self, what: String) {
        self.inputs.lock().unwrap().push(what);
    }

    async fn until_input(&self, start: &str) {
        soon(async {
            while !self.inputs.lock().unwrap().iter().any(|input| input.starts_with(start)) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }
}

impl Session for Parrot {
    type Transport = Stream;

    fn handle(&mut self, _: Timestamp, input: Input<Stream>) {
        match (input, self.call.clone()) {
            (Input::Start, Some(to)) => {
                self.send(ToStream::Connect { link: Link(1), to, timeout: Duration::from_secs(5) });
            }
            (Input::Peer(FromStream::Connected { link, .. }), Some(_)) => {
                self.note("connected".into());
                self.send(ToStream::Send { link, bytes: Bytes::from_static(b"hello") });
            }
            (Input::Peer(FromStream::Connected { .. }), None) => self.note("connected".into()),
            (Input::Peer(FromStream::Received { link, bytes }), call) => {
                self.note(format!("received {}", String::from_utf8_lossy(&bytes)));
                if bytes.ends_with(b"end") {
                    self.send(ToStream::Disconnect { link, why: "asked to".into() });
                } else if call.is_none() {
                    self.send(ToStream::Send { link, bytes });
                }
            }
            (Input::Peer(FromStream::Disconnected { why, .. }), _) => {
                self.note(format!("disconnected {why}"))
            }
            _ => {}
        }
    }

    fn poll(&mut self) -> Option<Output<Stream>> {
        self.out.lock().unwrap().pop_front()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

fn start() -> Node {
    let (writer, reader) = Memory::default().reopen();
    let store = cordboard_hub::Store { writer: Box::new(writer), reader: Arc::new(reader) };
    Node::start(NodeConfig::default(), store).unwrap()
}

async fn accept(node: &Node, parrot: &Parrot, limits: LinkLimits, tls: Option<ServerTls>) -> SocketAddr {
    let address = "127.0.0.1:0".parse().unwrap();
    let transport = StreamTransport::Accept { address, limits, tls };
    node.attach("parrot", Box::new(parrot.clone()), transport).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_come_back_and_a_link_ends_after_what_was_sent() {
    let (node, parrot) = (start(), Parrot::default());
    let address = accept(&node, &parrot, LinkLimits::default(), None).await;
    let mut peer = TcpStream::connect(address).await.unwrap();
    peer.write_all(b"abc").await.unwrap();
    let mut back = [0; 3];
    soon(peer.read_exact(&mut back)).await.unwrap();
    assert_eq!(&back, b"abc");
    peer.write_all(b"the end").await.unwrap();
    let mut rest = Vec::new();
    soon(peer.read_to_end(&mut rest)).await.unwrap();
    assert!(rest.is_empty());
    parrot.until_input("disconnected closed by this side").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_notified_when_its_peer_is_gone() {
    let (node, parrot) = (start(), Parrot::default());
    let address = accept(&node, &parrot, LinkLimits::default(), None).await;
    drop(TcpStream::connect(address).await.unwrap());
    parrot.until_input("disconnected the peer closed the connection").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_bounded() {
    let (node, parrot) = (start(), Parrot::default());
    let limits = LinkLimits { connections_max: 1, ..LinkLimits::default() };
    let address = accept(&node, &parrot, limits, None).await;
    let _first = TcpStream::connect(address).await.unwrap();
    parrot.until_input("connected").await;
    let mut second = TcpStream::connect(address).await.unwrap();
    assert_eq!(soon(second.read(&mut [0; 1])).await.unwrap_or(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_come_from_the_addresses_that_are_allowed() {
    let (node, parrot) = (start(), Parrot::default());
    let elsewhere = LinkLimits { allow: vec!["192.0.2.0/24".parse().unwrap()], ..LinkLimits::default() };
    let address = accept(&node, &parrot, elsewhere, None).await;
    let mut stranger = TcpStream::connect(address).await.unwrap();
    assert_eq!(soon(stranger.read(&mut [0; 1])).await.unwrap_or(0), 0);
    assert!(parrot.inputs.lock().unwrap().is_empty());
    let here = LinkLimits { allow: vec!["127.0.0.0/8".parse().unwrap()], ..LinkLimits::default() };
    let address = accept(&node, &parrot, here, None).await;
    let _peer = TcpStream::connect(address).await.unwrap();
    parrot.until_input("connected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_does_not_read_is_cut_off() {
    let (node, parrot) = (start(), Parrot::default());
    let limits = LinkLimits { unsent_bytes_max: 64 << 10, ..LinkLimits::default() };
    let address = accept(&node, &parrot, limits, None).await;
    let mut peer = TcpStream::connect(address).await.unwrap();
    let piece = vec![b'x'; 64 << 10];
    while soon(peer.write_all(&piece)).await.is_ok() {}
    parrot.until_input("disconnected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_connection_is_reported() {
    let node = start();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let parrot = Parrot::calling(nobody);
    let transport = StreamTransport::Dial { limits: LinkLimits::default(), tls: None };
    node.attach("caller", Box::new(parrot.clone()), transport).await.unwrap();
    parrot.until_input("disconnected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ends_speak_tls_and_show_certificates() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let (chain, key) = (chain.as_bytes(), key.as_bytes());
    let server = ServerTls::new(chain, key, Some(chain)).unwrap();
    let (node, parrot) = (start(), Parrot::default());
    let address = accept(&node, &parrot, LinkLimits::default(), Some(server)).await;

    let stranger = Parrot::calling(address);
    let tls = Some(ClientTls::new(chain, None).unwrap());
    let transport = StreamTransport::Dial { limits: LinkLimits::default(), tls };
    node.attach("stranger", Box::new(stranger.clone()), transport).await.unwrap();
    stranger.until_input("disconnected").await;
    assert!(parrot.inputs.lock().unwrap().is_empty());

    let caller = Parrot::calling(address);
    let tls = Some(ClientTls::new(chain, Some((chain, key))).unwrap());
    let transport = StreamTransport::Dial { limits: LinkLimits::default(), tls };
    node.attach("caller", Box::new(caller.clone()), transport).await.unwrap();
    caller.until_input("received hello").await;

    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"hello in plain words").await.unwrap();
    let mut rest = Vec::new();
    soon(plain.read_to_end(&mut rest)).await.ok();
    assert_eq!(parrot.inputs.lock().unwrap().iter().filter(|input| *input == "connected").count(), 1);
    assert!(ServerTls::new(b"no pem", key, None).is_err());
}
