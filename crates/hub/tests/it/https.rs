//! HTTP over TLS, as server and as client: with the right authority, another one, another name, and none.
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is a failure of the test")]

use crate::common;

use std::{collections::VecDeque, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use common::*;
use cordboard_hub::{
    Node, NodeConfig,
    driver::{ClientTls, HttpLimits, HttpTransport, ServerTls, valid_until},
    http::HttpConfig,
};
use http::{Request, StatusCode};
use model::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
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
    TlsAcceptor, TlsConnector,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, pem::PemObject},
        version::TLS12,
    },
};

/// An authority and a certificate that it issued for `localhost`, all PEM.
pub(crate) struct Authority {
    own: String,
    chain: String,
    key: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::until(2999)
    }

    /// Its certificate is valid from 2020 until the beginning of this year.
    fn until(year: i32) -> Self {
        let (own_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = params.self_signed(&own_key).unwrap().pem();
        let issuer = Issuer::new(params, own_key);
        let mut given = CertificateParams::new(["localhost".to_owned()]).unwrap();
        (given.not_before, given.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(year, 1, 1));
        let chain = given.signed_by(&key, &issuer).unwrap().pem();
        Self { own, chain, key: key.serialize_pem() }
    }

    pub(crate) fn server(&self) -> ServerTls {
        ServerTls::new(self.chain.as_bytes(), self.key.as_bytes(), None).unwrap()
    }

    pub(crate) fn client(&self) -> ClientTls {
        ClientTls::new(self.own.as_bytes(), None).unwrap()
    }

    /// The listener's side of handshakes, for a peer that is not a node.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let chain = vec![PemObject::from_pem_slice(self.chain.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap();
        TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()))
    }

    /// A client that presents this authority's certificate.
    fn certified_client(&self) -> ClientTls {
        let own = (self.chain.as_bytes(), self.key.as_bytes());
        ClientTls::new(self.own.as_bytes(), Some(own)).unwrap()
    }

    /// A listener that accepts only clients with a certificate of this authority.
    fn closed_server(&self) -> ServerTls {
        let ca = Some(self.own.as_bytes());
        ServerTls::new(self.chain.as_bytes(), self.key.as_bytes(), ca).unwrap()
    }
}

/// Answers each request with 204.
#[derive(Default)]
struct Responder(VecDeque<Output<Http>>);

impl Session for Responder {
    type Transport = Http;

    fn handle(&mut self, _: Timestamp, input: Input<Http>) {
        if let Input::Peer(FromHttp::Request { exchange, .. }) = input {
            let response = http::Response::builder().status(204).body(Bytes::new()).unwrap();
            self.0.push_back(Output::Peer(ToHttp::Response { exchange, response }));
        }
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.0.pop_front()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

/// A session with a listener of its own. Returns a URL of it.
async fn listening(node: &Node, tls: ServerTls) -> String {
    let address = "127.0.0.1:0".parse().unwrap();
    let listen =
        HttpTransport::Listen { address, limits: HttpLimits::default(), tls: Some(tls), requests: None };
    let attached = node.attach("responder", Box::new(Responder::default()), listen).await.unwrap();
    format!("https://localhost:{}/", attached.address.unwrap().port())
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
    let untrusted = "the certificate of localhost is not signed by the configured authority";
    not_sent(request(&node, localhost.clone(), Some(other.client())).await, untrusted);
    let by_number = format!("https://127.0.0.1:{port}/{path}");
    not_sent(request(&node, by_number, Some(authority.client())).await, "not valid for name");
    not_sent(request(&node, localhost, None).await, "no authority is configured");
    assert!(request(&node, format!("http://localhost:{port}/{path}"), None).await.is_err());
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_of_a_session_encrypts_and_checks_client_certificates() {
    let (authority, other) = (Authority::new(), Authority::new());
    let node = node(NodeConfig::default(), open(&Memory::default()), 1).await;
    let open_to_all = listening(&node, authority.server()).await;
    assert_eq!(
        request(&node, open_to_all.clone(), Some(authority.client())).await,
        Ok(StatusCode::NO_CONTENT)
    );
    assert!(request(&node, open_to_all.replace("https", "http"), None).await.is_err());
    let closed = listening(&node, authority.closed_server()).await;
    let certified = Some(authority.certified_client());
    assert_eq!(request(&node, closed.clone(), certified).await, Ok(StatusCode::NO_CONTENT));
    assert!(request(&node, closed.clone(), Some(authority.client())).await.is_err());
    let stranger = (other.chain.as_bytes(), other.key.as_bytes());
    let stranger = ClientTls::new(authority.own.as_bytes(), Some(stranger)).unwrap();
    assert!(request(&node, closed, Some(stranger)).await.is_err());
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_certificate_is_named_and_a_renewed_one_is_used_without_a_restart() {
    let old = Authority::until(2021);
    let tls = old.server();
    let node = node(NodeConfig::default(), open(&Memory::default()), 1).await;
    let url = listening(&node, tls.clone()).await;
    let expired = "the certificate of localhost expired at 2021-01-01T00:00:00Z";
    not_sent(request(&node, url.clone(), Some(old.client())).await, expired);
    let renewed = Authority::new();
    tls.replace(&renewed.server());
    let trusting = old.client();
    trusting.replace(&renewed.client());
    assert_eq!(request(&node, url, Some(trusting)).await, Ok(StatusCode::NO_CONTENT));
    node.stop().await.unwrap();
}

#[test]
fn the_last_date_of_a_certificate_is_read() {
    let date = date_time_ymd(2031, 1, 1);
    let until = |pem: &str| valid_until(pem.as_bytes()).unwrap();
    assert_eq!(until(&Authority::until(2031).chain), u64::try_from(date.unix_timestamp()).unwrap());
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_after = date;
    let own = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    assert_eq!(until(&own.pem()), u64::try_from(date.unix_timestamp()).unwrap());
    assert!(valid_until(b"no pem").is_err());
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
