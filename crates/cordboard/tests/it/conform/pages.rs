//! Pages without a browser: carries the messages of a run's page to the relay of a node, where the node's own page would be in a browser.

use std::{net::SocketAddr, sync::Mutex, thread, time::Duration};

use conform::{Browser, Report, Terms};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc::unbounded_channel,
    time::sleep,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use super::{deviations, loopback, support::PATIENCE, terms};

/// How a message of the tested end is changed: into none, one or several.
pub(crate) type Change = fn(Value) -> Vec<Value>;

/// No change.
pub(crate) fn unchanged(message: Value) -> Vec<Value> {
    vec![message]
}

/// The page of a run at this port.
pub(crate) fn browser(port: u16) -> Browser {
    Browser { listen: loopback(port), opening: PATIENCE, instruct: |_| {} }
}

/// The limits of a run with mistakes.
pub(crate) fn patience() -> Terms {
    Terms { timeout: Duration::from_secs(4), ..terms() }
}

/// Checks that the mistakes of each change are found by the requirements that name them. The runs are side by side.
pub(crate) fn finds(mistakes: &[(Change, &[&str])], report: impl Fn(Change) -> Report + Sync) {
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for (change, found) in mistakes {
            let (wrong, report) = (&wrong, &report);
            scope.spawn(move || {
                let report = report(*change);
                let came = deviations(&report);
                let missed: Vec<&&str> = found.iter().filter(|id| !came.contains(**id)).collect();
                if !missed.is_empty() {
                    wrong.lock().unwrap().push(format!("not found: {missed:?}: {}", report.text()));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The origin of the page of a run at this port.
pub(crate) fn origin(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// The page of a node that relays one frame.
pub(crate) struct Relayed {
    /// The node.
    pub(crate) node: SocketAddr,
    /// The name of the relay.
    pub(crate) name: &'static str,
    /// The token of the agent.
    pub(crate) token: String,
    /// The frame and its place.
    pub(crate) frame: (u64, &'static str),
    /// What the page sends first.
    pub(crate) first: Option<Value>,
    /// The query in the address of the run's page.
    pub(crate) query: &'static str,
    /// How messages of the node are changed.
    pub(crate) change: Change,
}

impl Relayed {
    /// Relays until the run has ended.
    pub(crate) async fn with(self, port: u16) -> Option<()> {
        let begun = loop {
            if let Some(begun) = post(port, "begin", &json!({ "query": self.query })).await {
                break begun;
            }
            sleep(Duration::from_millis(20)).await;
        };
        let document = begun["document"].clone();
        let mut socket = self.opens().await;
        let frame = self.frame.0;
        let (into, mut tasks) = unbounded_channel();
        let own = document.clone();
        tokio::spawn(async move {
            let mut done = json!(0);
            while let Some(next) = post(port, "next", &json!({ "document": own, "done": done })).await {
                done = next["done"].clone();
                next["tasks"].as_array().unwrap().iter().for_each(|task| into.send(task.clone()).unwrap());
            }
        });
        loop {
            tokio::select! {
                task = tasks.recv() => {
                    let task = task?;
                    if task.get("reload").is_some() {
                        socket = self.opens().await;
                    }
                    let (message, from) = match (task.get("post"), task.get("stranger")) {
                        (Some(message), _) => (message, origin(port)),
                        (None, Some(message)) => (message, "null".to_owned()),
                        (None, None) => continue,
                    };
                    let posted = json!({ "type": "posted", "frame": frame, "origin": from, "message": message });
                    socket.send(Message::text(posted.to_string())).await.ok()?;
                }
                arrived = socket.next() => {
                    let Message::Text(text) = arrived?.ok()? else { continue };
                    let arrived: Value = serde_json::from_str(&text).unwrap();
                    if arrived["type"] != "post" {
                        continue;
                    }
                    for message in (self.change)(arrived["message"].clone()) {
                        let text = message.to_string();
                        let from = format!("http://{}", self.node);
                        let report = json!({ "document": document, "origin": from, "text": text, "lost": [] });
                        post(port, "said", &report).await?;
                    }
                }
            }
        }
    }
}

impl Relayed {
    /// Loads the page of the node.
    async fn opens(&self) -> Socket {
        let url = format!("ws://{}/api/v1/relay/{}", self.node, self.name);
        let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        let (frame, place) = self.frame;
        let opens = [
            Some(json!({ "type": "open", "token": self.token })),
            Some(json!({ "type": "frame-opened", "frame": frame, "place": place })),
            self.first.clone().map(|first| json!({ "type": "said", "message": first })),
        ];
        for open in opens.into_iter().flatten() {
            socket.send(Message::text(open.to_string())).await.unwrap();
        }
        socket
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A request to the page of a run; `None` when the run has ended.
pub(crate) async fn post(port: u16, path: &str, body: &Value) -> Option<Value> {
    let mut stream = TcpStream::connect(loopback(port)).await.ok()?;
    let body = body.to_string();
    let head = format!(
        "POST /run/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Conform: 1\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}
