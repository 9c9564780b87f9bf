//! HTTP over TLS, as server and as client: with the right authority, another one, another name, and none.
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is a failure of the test")]

use crate::common;

use std::{collections::VecDeque, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use common::*;
use cordboard_hub::{
    Node, NodeConfig,
    driver::{ClientTls, HttpLimits, HttpTransport, ServerTls},
    http::HttpConfig,
};
use http::{Request, StatusCode};
use model::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use session::{
    ConnectionReuse, Exchange, Failure, FromHttp, Http, Input, Output, Reason, Session, Timeouts, ToHttp,
};
use store::memory::Memory;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::pem::PemObject, version::TLS12},
};

/// An authority and a certificate that it issued for `localhost`, all PEM.
struct Authority {
    own: String,
    chain: String,
    key: String,
}

impl Authority {
    fn new() -> Self {
        let (own_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = params.self_signed(&own_key).unwrap().pem();
        let issuer = Issuer::new(params, own_key);
        let given = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let chain = given.signed_by(&key, &issuer).unwrap().pem();
        Self { own, chain, key: key.serialize_pem() }
    }

    fn server(&self) -> ServerTls {
        ServerTls::new(self.chain.as_bytes(), self.key.as_bytes(), None).unwrap()
    }

    fn client(&self) -> ClientTls {
        ClientTls::new(self.own.as_bytes(), None).unwrap()
    }
}

/// Sends one request and passes on its result.
struct Requester {
    out: VecDeque<Output<Http>>,
    sender: mpsc::UnboundedSender<FromHttp>,
}

impl Session for Requester {
    type Transport = Http;

    fn handle(&mut self, _: Timestamp, input: Input<Http>) {
        if let Input::Peer(message) = input {
            self.sender.send(message).unwrap();
        }
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

async fn request(node: &Node, url: String, tls: Option<ClientTls>) -> Result<StatusCode, Failure> {
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        answer: Duration::from_secs(5),
        reuse: ConnectionReuse::Use,
    };
    let request = Request::get(url).body(Bytes::new()).unwrap();
    let output = Output::Peer(ToHttp::Request { exchange: Exchange(1), request, timeouts });
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let requester = Requester { out: [output].into(), sender };
    node.attach("requester", Box::new(requester), HttpTransport::Client { tls }).await.unwrap();
    let message = soon(receiver.recv()).await.unwrap();
    if let FromHttp::Response { response, .. } = &message {
        return Ok(response.status());
    }
    let FromHttp::Failed { failure, .. } = message else { panic!("{message:?}") };
    Err(failure)
}

async fn served(authority: &Authority, limits: HttpLimits) -> (Node, SocketAddr) {
    let node = node(NodeConfig::default(), open(&Memory::default()), 1).await;
    let config = HttpConfig { limits, ..HttpConfig::default() };
    let address = "127.0.0.1:0".parse().unwrap();
    let bound = node.serve_https(address, config, authority.server()).await.unwrap();
    (node, bound)
}

fn not_sent(answer: Result<StatusCode, Failure>, why: &str) {
    match answer {
        Err(Failure::NotSent(text)) => assert!(text.contains(why), "{text:?} does not say {why:?}"),
        other => panic!("{other:?}, not {why:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_server_with_the_right_authority_and_name_gets_requests() {
    let (authority, other) = (Authority::new(), Authority::new());
    let (node, at) = served(&authority, HttpLimits::default()).await;
    let (port, path) = (at.port(), "healthz");
    let localhost = format!("https://localhost:{port}/{path}");
    assert_eq!(request(&node, localhost.clone(), Some(authority.client())).await, Ok(StatusCode::OK));
    not_sent(request(&node, localhost.clone(), Some(other.client())).await, "invalid peer certificate");
    let by_number = format!("https://127.0.0.1:{port}/{path}");
    not_sent(request(&node, by_number, Some(authority.client())).await, "not valid for name");
    not_sent(request(&node, localhost, None).await, "no authority is configured");
    assert!(request(&node, format!("http://localhost:{port}/{path}"), None).await.is_err());
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_clients_may_speak_tls_1_2() {
    let authority = Authority::new();
    let (node, at) = served(&authority, HttpLimits::default()).await;
    let mut roots = RootCertStore::empty();
    roots.add(PemObject::from_pem_slice(authority.own.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_protocol_versions(&[&TLS12]).unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(at).await.unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect("localhost".try_into().unwrap(), stream).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_does_not_finish_its_handshake_is_cut_off() {
    let authority = Authority::new();
    let limits = HttpLimits { head_within: Duration::from_millis(200), ..HttpLimits::default() };
    let (node, at) = served(&authority, limits).await;
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(b"\x16\x03\x01").await.unwrap();
    assert_eq!(soon(stream.read(&mut [0])).await.unwrap_or(0), 0);
    node.stop().await.unwrap();
}
