//! What the relay promises to pages and to their session, over a real WebSocket.

use crate::common;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use common::*;
use cordboard_hub::{
    Node, NodeConfig,
    driver::PageLimits,
    http::HttpConfig,
    node::{FloorChange, NewApiToken},
};
use futures_util::{SinkExt, StreamExt};
use model::{Code, Rejection, Role, Timestamp};
use serde_json::{Value, json};
use session::{
    FRAMES_MAX, Frame, FromHub, FromPage, Input, Output, Page, PageInput, PageOutput, Pages, Reason, Session,
    ToHub, ToPage,
};
use store::memory::Memory;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error as WsError, Message, client::IntoClientRequest},
};

/// One message of a flood.
const FLOOD: usize = 40_000;

/// A session that counts the messages of each frame, posts each back with the count, and has the page keep the count.
#[derive(Clone, Default)]
struct Counter {
    inputs: Arc<Mutex<Vec<String>>>,
    out: Arc<Mutex<VecDeque<Output<Pages>>>>,
    count: u64,
}

impl Counter {
    fn send(&self, page: Page, message: ToPage) {
        self.out.lock().unwrap().push_back(Output::Peer(PageOutput { page, message }));
    }

    fn page(&mut self, page: Page, message: FromPage) {
        self.inputs.lock().unwrap().push(format!("{} {message:?}", page.0));
        match message {
            FromPage::FrameOpened { kept: Some(kept), .. } => self.count = kept.as_u64().unwrap(),
            FromPage::Posted { frame, origin, message } => {
                self.count += 1;
                let message = json!({"count": self.count, "echo": message});
                self.send(page, ToPage::Post { frame, origin, message });
                self.send(page, ToPage::Keep { frame, state: json!(self.count) });
            }
            FromPage::Message { message } if message == "close" => {
                self.send(page, ToPage::Close { why: Rejection::new(Code::Forbidden, "asked to") });
            }
            FromPage::Message { message } if message == "last" => {
                let (frame, origin) = (Frame(1), "https://kb.example".to_owned());
                self.send(page, ToPage::OnClose { frame, origin, message: Some(json!("bye")) });
            }
            FromPage::Message { message } if message == "flood" => {
                let message = Value::from("x".repeat(1_000));
                (0..FLOOD).for_each(|_| self.send(page, ToPage::Message { message: message.clone() }));
            }
            FromPage::Message { message } => self.send(page, ToPage::Message { message }),
            FromPage::Opened { .. }
            | FromPage::FrameOpened { .. }
            | FromPage::FrameLoaded { .. }
            | FromPage::FrameClosed { .. }
            | FromPage::Closed { .. } => {}
        }
    }

    /// Waits until it got an input that contains this text.
    async fn until_input(&self, part: &str) -> String {
        soon(async {
            loop {
                let found = self.inputs.lock().unwrap().iter().find(|input| input.contains(part)).cloned();
                match found {
                    Some(found) => return found,
                    None => tokio::time::sleep(Duration::from_millis(2)).await,
                }
            }
        })
        .await
    }
}

impl Session for Counter {
    type Transport = Pages;

    fn handle(&mut self, _: Timestamp, input: Input<Pages>) {
        match input {
            Input::Start => self.out.lock().unwrap().push_back(Output::Hub(ToHub::Subscribe)),
            Input::Peer(PageInput { page, message }) => self.page(page, message),
            Input::Hub(FromHub::Snapshot { .. }) => self.inputs.lock().unwrap().push("snapshot".into()),
            Input::Hub(_) | Input::Tick => {}
        }
    }

    fn poll(&mut self) -> Option<Output<Pages>> {
        self.out.lock().unwrap().pop_front()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

struct Served {
    node: Node,
    at: SocketAddr,
    session: Counter,
    token: String,
}

async fn served(limits: PageLimits) -> Served {
    let node = node(NodeConfig::default(), open(&Memory::default()), 1).await;
    let accounts = Some(vec![account("1001", Role::Agent, Some(agent(1)))]);
    let change = FloorChange { floor: Arc::new(floor(1)), accounts, contacts: Vec::new() };
    node.handle().put_floor(change).await.unwrap();
    let session = Counter::default();
    let relay = node.attach("counter", Box::new(session.clone()), limits).await.unwrap();
    let relays = vec![("counter", relay)];
    let config = HttpConfig { relays, origins: vec!["https://desk.example".into()], ..HttpConfig::default() };
    let at = node.serve_http("127.0.0.1:0".parse().unwrap(), config).await.unwrap();
    let login = session::Login::Account("1001".parse().unwrap());
    let secret = model::Secret::new(PASSWORD);
    let token = node.handle().auth().sign_in(&login, &secret, at).await.unwrap();
    Served { node, at, session, token: token.text.reveal().to_owned() }
}

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A page.
struct Desk(Stream);

impl Served {
    async fn try_connect(&self, name: &str, origin: Option<&str>) -> Result<Desk, WsError> {
        let mut request = format!("ws://{}/api/v1/relay/{name}", self.at).into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        soon(connect_async(request)).await.map(|(stream, _)| Desk(stream))
    }

    async fn connect(&self) -> Desk {
        self.try_connect("counter", None).await.unwrap()
    }

    async fn desk(&self) -> Desk {
        let mut desk = self.connect().await;
        desk.send(json!({"type": "open", "token": self.token})).await;
        assert_eq!(desk.receive().await, json!({"type": "opened"}));
        desk
    }
}

impl Desk {
    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn receive(&mut self) -> Value {
        loop {
            if let Message::Text(text) = soon(self.0.next()).await.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// The error in the last message.
    async fn error(&mut self) -> String {
        let error = self.receive().await;
        assert_eq!(error["type"], "error", "{error}");
        assert!(matches!(soon(self.0.next()).await.unwrap().unwrap(), Message::Close(_)));
        error["code"].as_str().unwrap().to_owned()
    }

    async fn is_gone(&mut self) {
        soon(async { while let Some(Ok(_)) = self.0.next().await {} }).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_frames_post_goes_to_the_session_and_back() {
    let served = served(PageLimits::default()).await;
    let mut desk = served.desk().await;
    let input = served.session.until_input("Opened").await;
    assert!(input.contains("1001"), "the session gets the account of the page: {input}");
    desk.send(json!({"type": "frame-opened", "frame": 1, "place": "kb"})).await;
    desk.send(
        json!({"type": "posted", "frame": 1, "origin": "https://kb.example", "message": {"a": [1, null]}}),
    )
    .await;
    let wanted = json!({"type": "post", "frame": 1, "origin": "https://kb.example", "message": {"count": 1, "echo": {"a": [1, null]}}});
    assert_eq!(desk.receive().await, wanted);
    assert_eq!(desk.receive().await, json!({"type": "keep", "frame": 1, "state": 1}));
    desk.send(json!({"type": "said", "message": {"type": "focus"}})).await;
    assert_eq!(desk.receive().await, json!({"type": "tell", "message": {"type": "focus"}}));
    desk.send(json!({"type": "said", "message": "last"})).await;
    let wanted = json!({"type": "on-close", "frame": 1, "origin": "https://kb.example", "message": "bye"});
    assert_eq!(desk.receive().await, wanted);
    desk.send(json!({"type": "frame-loaded", "frame": 1})).await;
    served.session.until_input("FrameLoaded").await;
    desk.send(json!({"type": "frame-closed", "frame": 1})).await;
    served.session.until_input("FrameClosed").await;
    drop(desk);
    served.session.until_input("Closed { why").await;
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_page_kept_comes_back_to_a_hub_that_knows_nothing_of_it() {
    let first = served(PageLimits::default()).await;
    let mut desk = first.desk().await;
    desk.send(json!({"type": "frame-opened", "frame": 7, "place": "kb"})).await;
    for _ in 0..3 {
        desk.send(json!({"type": "posted", "frame": 7, "origin": "https://kb.example", "message": 0})).await;
    }
    let mut kept = Value::Null;
    for _ in 0..6 {
        let received = desk.receive().await;
        kept = if received["type"] == "keep" { received["state"].clone() } else { kept };
    }
    first.node.stop().await.unwrap();
    assert_eq!(desk.error().await, "unavailable");
    let second = served(PageLimits::default()).await;
    let mut desk = second.desk().await;
    desk.send(json!({"type": "frame-opened", "frame": 7, "place": "kb", "kept": kept})).await;
    desk.send(json!({"type": "posted", "frame": 7, "origin": "https://kb.example", "message": 0})).await;
    assert_eq!(desk.receive().await["message"]["count"], 4);
    second.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_pages_of_ours_are_let_in() {
    let served = served(PageLimits::default()).await;
    let own = format!("http://{}", served.at);
    for origin in [None, Some("https://desk.example"), Some(own.as_str())] {
        assert!(served.try_connect("counter", origin).await.is_ok(), "{origin:?}");
    }
    for (name, origin, status) in
        [("counter", "https://evil.example", 403), ("counter", "null", 403), ("other", &own, 404)]
    {
        let Err(WsError::Http(response)) = served.try_connect(name, Some(origin)).await else {
            panic!("{name} is open to {origin}")
        };
        assert_eq!(response.status().as_u16(), status, "{name} for {origin}");
    }
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_message_identifies_the_page() {
    let served = served(PageLimits::default()).await;
    for (first, code) in [
        (json!({"type": "open"}), "unauthenticated"),
        (json!({"type": "open", "token": "wrong"}), "unauthenticated"),
        (json!({"type": "said", "message": 1}), "invalid"),
        (json!({"type": "subscribe"}), "invalid"),
        (json!([]), "invalid"),
    ] {
        let mut desk = served.connect().await;
        desk.send(first.clone()).await;
        assert_eq!(desk.error().await, code, "{first}");
    }
    let mut silent = served.connect().await;
    assert_eq!(silent.error().await, "unauthenticated");
    assert!(!served.session.inputs.lock().unwrap().iter().any(|input| input.contains("Opened")));
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_page_cannot_send_ends_it() {
    let served = served(PageLimits::default()).await;
    let opened = json!({"type": "frame-opened", "frame": 1, "place": "kb"});
    let posted = json!({"type": "posted", "frame": 2, "origin": "https://kb.example", "message": 1});
    for messages in [
        vec![posted],
        vec![opened.clone(), opened],
        vec![json!({"type": "frame-closed", "frame": 9})],
        vec![json!({"type": "frame-loaded", "frame": 9})],
        vec![json!({"type": "posted"})],
    ] {
        let mut desk = served.desk().await;
        for message in &messages {
            desk.send(message.clone()).await;
        }
        assert_eq!(desk.error().await, "invalid", "{messages:?}");
    }
    let mut desk = served.desk().await;
    for frame in 0..=FRAMES_MAX {
        desk.send(json!({"type": "frame-opened", "frame": frame, "place": "kb"})).await;
    }
    assert_eq!(desk.error().await, "too-many");
    let mut desk = served.desk().await;
    desk.send(json!({"type": "said", "message": "x".repeat(session::MESSAGE_BYTES_MAX - 2)})).await;
    assert_eq!(desk.receive().await["type"], "tell");
    desk.send(json!({"type": "said", "message": "x".repeat(session::MESSAGE_BYTES_MAX + (8 << 10))})).await;
    desk.is_gone().await;
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_may_end_a_page_with_a_reason() {
    let served = served(PageLimits::default()).await;
    let mut desk = served.desk().await;
    desk.send(json!({"type": "said", "message": "close"})).await;
    assert_eq!(desk.error().await, "forbidden");
    served.session.until_input("Closed { why").await;
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_does_not_read_is_ended_and_nobody_else_waits() {
    let served = served(PageLimits { unsent_bytes_max: 1 << 20, ..PageLimits::default() }).await;
    let (mut slow, mut other) = (served.desk().await, served.desk().await);
    slow.send(json!({"type": "said", "message": "flood"})).await;
    other.send(json!({"type": "said", "message": "still here"})).await;
    assert_eq!(other.receive().await["message"], "still here");
    let mut received = 0;
    let error = loop {
        match slow.receive().await {
            message if message["type"] == "tell" => received += 1,
            error => break error,
        }
    };
    assert_eq!(error["code"], "unavailable");
    assert!(received < FLOOD, "{received} of {FLOOD} were kept for a page that did not read");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_counted() {
    let served = served(PageLimits { pages_max: 1, ..PageLimits::default() }).await;
    let first = served.desk().await;
    let mut second = served.connect().await;
    second.send(json!({"type": "open", "token": served.token})).await;
    assert_eq!(second.error().await, "too-many");
    drop(first);
    served.session.until_input("Closed { why").await;
    drop(served.desk().await);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_token_opens_no_relay() {
    let served = served(PageLimits::default()).await;
    let handle = served.node.handle();
    let by = principal(Role::Admin, None);
    let token = NewApiToken {
        name: "crm".parse().unwrap(),
        role: Role::Integration,
        agent: None,
        scopes: model::Scope::ALL.into(),
        expires_at: handle.now() + Duration::from_secs(60),
    };
    let actor = store::Actor::new(&by, store::Credential::Password, None);
    let (text, _) = handle.create_api_token(actor, token).await.unwrap();
    let mut desk = served.connect().await;
    desk.send(json!({"type": "open", "token": text.reveal()})).await;
    assert_eq!(desk.error().await, "forbidden");
    served.node.stop().await.unwrap();
}
