//! What a driver promises its session, whatever peers do.

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
    driver::{HttpLimits, HttpTransport},
};
use http::{Request, Response};
use model::{CommandId, SwitchAnswer, SwitchEvent, SwitchFeature, SwitchId, Timestamp, Verb};
use session::{
    ConnectionReuse, Exchange, Failure, FromHttp, FromHub, Http, Input, Login, Output, Reason, Session,
    Ticket, Timeouts, ToHttp, ToHub,
};
use store::memory::Memory;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A session that answers every request with the request's body, records its inputs, and sends the outputs it was given first.
#[derive(Clone, Default)]
struct Echo {
    inputs: Arc<Mutex<Vec<String>>>,
    out: Arc<Mutex<VecDeque<Output<Http>>>>,
}

impl Echo {
    fn with_outputs(outputs: impl IntoIterator<Item = Output<Http>>) -> Self {
        let echo = Self::default();
        echo.out.lock().unwrap().extend(outputs);
        echo
    }

    fn note(&self, what: String) {
        self.inputs.lock().unwrap().push(what);
    }

    /// Waits until it got an input that begins with this text.
    async fn until_input(&self, start: &str) -> String {
        soon(async {
            loop {
                let found =
                    self.inputs.lock().unwrap().iter().find(|input| input.starts_with(start)).cloned();
                match found {
                    Some(found) => return found,
                    None => tokio::time::sleep(Duration::from_millis(2)).await,
                }
            }
        })
        .await
    }
}

impl Session for Echo {
    type Transport = Http;

    fn handle(&mut self, _: Timestamp, input: Input<Http>) {
        match input {
            Input::Peer(FromHttp::Request { exchange, request, .. }) => {
                let target = request.uri().to_string();
                let mut response = Response::new(request.into_body());
                if target == "/close" {
                    response.headers_mut().insert("connection", "close".parse().unwrap());
                }
                self.note(format!("request {target}"));
                self.out.lock().unwrap().push_back(Output::Peer(ToHttp::Response { exchange, response }));
            }
            Input::Peer(FromHttp::Response { response, .. }) => {
                self.note(format!("response {}", response.status()))
            }
            Input::Peer(FromHttp::Failed { exchange, failure }) => match failure {
                Failure::NotSent(_) => self.note(format!("not sent {}", exchange.0)),
                Failure::NoAnswer(_) => self.note(format!("no answer {}", exchange.0)),
            },
            Input::Hub(FromHub::Snapshot { snapshot, .. }) => self.note(format!("snapshot {}", snapshot.seq)),
            Input::Hub(FromHub::Event(record)) => self.note(format!("event {}", record.event.as_str())),
            Input::Hub(FromHub::Answer { command, result }) => {
                self.note(format!("answer {command} {}", result.is_ok()));
            }
            Input::Hub(FromHub::Authenticated { ticket, result }) => {
                self.note(format!("authenticated {} {}", ticket.0, result.is_ok()));
            }
            Input::Hub(FromHub::Requested { request, requested }) => {
                self.note(format!("asked {requested:?}"));
                let answer = SwitchAnswer::Done { call: None };
                self.out.lock().unwrap().push_back(Output::Hub(ToHub::SwitchAnswer { request, answer }));
            }
            Input::Hub(FromHub::Closing) => self.note("closing".into()),
            Input::Start | Input::Tick => {}
        }
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.lock().unwrap().pop_front()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

/// Limits short enough for a test.
fn tight() -> HttpLimits {
    HttpLimits {
        connections_max: 4,
        head_within: Duration::from_millis(200),
        body_within: Duration::from_millis(200),
        body_bytes_max: 1_000,
        target_bytes_max: 500,
        ..HttpLimits::default()
    }
}

async fn started() -> Node {
    node(NodeConfig::default(), open(&Memory::default()), 2).await
}

async fn listening(node: &Node, echo: &Echo) -> SocketAddr {
    let transport = HttpTransport::Listen {
        address: "127.0.0.1:0".parse().unwrap(),
        limits: tight(),
        tls: None,
        requests: None,
    };
    node.attach("echo", Box::new(echo.clone()), transport).await.unwrap().address.unwrap()
}

/// Sends bytes and reads until the other end closes.
async fn raw(to: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    // The other end may close before all is sent.
    stream.write_all(bytes).await.ok();
    let mut read = Vec::new();
    soon(stream.read_to_end(&mut read)).await.ok();
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_answered_and_the_connection_kept_unless_the_session_closes_it() {
    let (node, echo) = (started().await, Echo::default());
    let address = listening(&node, &echo).await;
    let kept = "POST /a HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\none";
    let closed = "POST /close HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\ntwo";
    let never = "POST /never HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n";
    let read = raw(address, format!("{kept}{closed}{never}").as_bytes()).await;
    assert_eq!(read.matches("HTTP/1.1 200 OK").count(), 2, "{read}");
    assert!(read.contains("one") && read.contains("two"), "{read}");
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_peer_is_cut_off_and_harms_nobody() {
    let (node, echo) = (started().await, Echo::default());
    let address = listening(&node, &echo).await;
    let slow_head = raw(address, b"GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await;
    assert!(slow_head.is_empty() || slow_head.starts_with("HTTP/1.1 408"), "{slow_head}");
    let slow_body = raw(
        address,
        b"POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 9\r\n\r\nab",
    )
    .await;
    assert!(slow_body.starts_with("HTTP/1.1 408"), "{slow_body}");
    let target = format!("GET /{} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", "a".repeat(600));
    assert!(raw(address, target.as_bytes()).await.starts_with("HTTP/1.1 414"));
    let head = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "a".repeat(100_000));
    let head = raw(address, head.as_bytes()).await;
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 4"), "{head}");
    let body = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 2000\r\n\r\n{}",
        "a".repeat(2_000)
    );
    assert!(raw(address, body.as_bytes()).await.starts_with("HTTP/1.1 413"));
    let chunked = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n800\r\n{}\r\n0\r\n\r\n",
        "a".repeat(2_048)
    );
    assert!(raw(address, chunked.as_bytes()).await.starts_with("HTTP/1.1 413"));
    let garbage = raw(address, b"\x16\x03\x01\x00\xff\x00\r\n\r\n\xff").await;
    assert!(garbage.is_empty() || garbage.starts_with("HTTP/1.1 400"), "{garbage}");
    let both = raw(address, b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(!both.contains("smuggled"));
    assert!(!echo.inputs.lock().unwrap().iter().any(|input| input.contains("smuggled")), "{:?}", echo.inputs);
    let alive = raw(address, b"GET /ok HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    assert!(alive.starts_with("HTTP/1.1 200"));
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_over_the_limit_are_closed_at_once() {
    let (node, echo) = (started().await, Echo::default());
    let address = listening(&node, &echo).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(TcpStream::connect(address).await.unwrap());
    }
    let mut over = TcpStream::connect(address).await.unwrap();
    let closed = tokio::time::timeout(Duration::from_millis(150), over.read(&mut [0])).await;
    assert!(matches!(closed, Ok(Ok(0) | Err(_))), "{closed:?}");
    drop(held);
    let send =
        async || raw(address, b"GET /ok HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    soon(async { while !send().await.starts_with("HTTP/1.1 200") {} }).await;
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_page_and_an_unknown_name_reach_no_session() {
    let (node, echo) = (started().await, Echo::default());
    let address = listening(&node, &echo).await;
    let status = async |head: &str| {
        let response =
            raw(address, format!("GET /dial {head}\r\nconnection: close\r\n\r\n").as_bytes()).await;
        response.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    for good in [
        format!("HTTP/1.1\r\nhost: {address}"),
        "HTTP/1.1\r\nhost: localhost:3107".to_owned(),
        "HTTP/1.1\r\nhost: 192.0.2.7:3107\r\nuser-agent: Mozilla/4.0 (Windows 10) Java/1.8.0".to_owned(),
        "HTTP/1.0".to_owned(),
    ] {
        assert_eq!(status(&good).await, "200", "{good}");
    }
    for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:3107", ""] {
        assert_eq!(status(&format!("HTTP/1.1\r\nhost: {host}")).await, "421", "{host}");
    }
    for sign in [
        "sec-fetch-site: cross-site",
        "sec-fetch-site: same-site",
        "sec-fetch-site: none",
        "origin: http://localhost:3107",
        "referer: http://evil.example/",
        "user-agent: Mozilla/5.0 (X11; Linux x86_64)\r\naccept-language: en",
    ] {
        assert_eq!(status(&format!("HTTP/1.1\r\nhost: localhost\r\n{sign}")).await, "403", "{sign}");
    }
    let inputs = echo.inputs.lock().unwrap().clone();
    assert_eq!(inputs.iter().filter(|input| input.starts_with("request /dial")).count(), 4, "{inputs:?}");
    node.stop().await.unwrap();
}

fn request(exchange: u64, uri: String) -> Output<Http> {
    let request = Request::get(uri).body(Bytes::new()).unwrap();
    let timeouts = Timeouts {
        connect: Duration::from_millis(500),
        answer: Duration::from_millis(300),
        reuse: ConnectionReuse::Use,
    };
    Output::Peer(ToHttp::Request { exchange: Exchange(exchange), request, timeouts })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_request_reports_whether_the_peer_may_have_seen_it() {
    let node = started().await;
    let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = refusing.local_addr().unwrap();
    drop(refusing);
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closing = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (silent_at, closing_at) = (silent.local_addr().unwrap(), closing.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = closing.accept().await.unwrap();
        assert!(stream.read(&mut [0; 512]).await.unwrap() > 0);
    });
    let answering = Echo::default();
    let answering_at = listening(&node, &answering).await;
    let echo = Echo::with_outputs([
        request(1, format!("http://{nobody}/")),
        request(2, format!("http://{silent_at}/")),
        request(3, format!("http://{closing_at}/")),
        request(4, "https://127.0.0.1/".into()),
        request(5, format!("http://{answering_at}/hello?x=1")),
    ]);
    node.attach("caller", Box::new(echo.clone()), HttpTransport::Forwarded(tight())).await.unwrap();
    echo.until_input("not sent 1").await;
    echo.until_input("no answer 2").await;
    echo.until_input("no answer 3").await;
    echo.until_input("not sent 4").await;
    echo.until_input("response 200").await;
    answering.until_input("request /hello?x=1").await;
    drop(silent);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_subscribes_sends_a_command_and_is_answered_after_the_events() {
    let node = started().await;
    let id = CommandId::new("c1").unwrap();
    let by = integration();
    let command = model::Command { id, by, agent: agent(1), interaction: None, verb: sign_in() };
    let secret = model::Secret::new("x");
    let login = Login::Agent(agent(1));
    let echo = Echo::with_outputs([
        Output::Hub(ToHub::Subscribe),
        Output::Hub(ToHub::Command(Box::new(command))),
        Output::Hub(ToHub::Authenticate {
            ticket: Ticket(7),
            login,
            secret,
            from: "127.0.0.1:1".parse().unwrap(),
        }),
    ]);
    node.attach("requester", Box::new(echo.clone()), HttpTransport::Forwarded(tight())).await.unwrap();
    echo.until_input("snapshot 1").await;
    echo.until_input("event agent-signed-in").await;
    echo.until_input("answer c1 true").await;
    echo.until_input("authenticated 7 false").await;
    node.stop().await.unwrap();
    echo.until_input("closing").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_a_switch_gets_requests() {
    let node = started().await;
    let handle = node.handle();
    let up = SwitchEvent::LinkUp { features: SwitchFeature::ALL.to_vec(), calls: Vec::new() };
    let echo = Echo::with_outputs([Output::Hub(ToHub::Switch(up))]);
    let switch = SwitchId::new("pbx").unwrap();
    node.attach_switch(switch, Box::new(echo.clone()), HttpTransport::Forwarded(tight())).await.unwrap();
    soon(async {
        while !handle.snapshot(integration()).await.unwrap().snapshot.switches.iter().any(|switch| switch.up)
        {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    command(&handle, agent(1), sign_in(), "in").await.unwrap();
    let dial = Verb::Dial { to: model::Number::new("1002").unwrap(), data: model::Data::new() };
    command(&handle, agent(1), dial, "dial").await.unwrap();
    let requested = echo.until_input("asked MakeCall").await;
    assert!(requested.contains("1001"), "{requested}");
    soon(async {
        let answered = |entry: &store::Entry| entry.record().event.as_str() == "switch-answered";
        while !handle.read(|reader| reader.read(model::Seq(0), 100)).await.unwrap().iter().any(answered) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    node.stop().await.unwrap();
}
