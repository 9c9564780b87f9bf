//! Serves the page, and carries messages between its documents and the script.

use std::{io, net::SocketAddr};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
};

use super::{
    Tested,
    message::{Came, ReportedMessage},
};
use crate::http::{Arrival, Listener};

const PAGE: &str = include_str!("page.html");

/// The header that the page sets. Pages of other origins cannot set it.
const HEADER: &str = "x-conform";

/// Something that a page is to do.
#[derive(Debug)]
pub(super) enum Task {
    /// One document does it.
    One { document: usize, task: Value },
    /// Every document does it, also those that are loaded later.
    All(Value),
}

/// The server of a page. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    /// The address where it listens.
    pub(super) address: SocketAddr,
    /// What the page is to do.
    pub(super) tasks: UnboundedSender<Task>,
    /// What the page reports.
    pub(super) came: UnboundedReceiver<Came>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Listens at an address; port 0 chooses a free one. `about` is what the page shows as its title.
    pub(super) async fn bind(listen: SocketAddr, tested: &Tested, about: Value) -> io::Result<Self> {
        let mut listener = Listener::bind(listen).await?;
        let address = listener.address;
        let (tasks, mut wanted) = unbounded_channel();
        let (into, came) = unbounded_channel();
        let frame = match tested {
            Tested::Frame(to) => json!(to),
            Tested::Around => Value::Null,
        };
        let mut documents = Documents { about, frame, into, all: Vec::new(), shown: Vec::new() };
        let serving = tokio::spawn(async move {
            loop {
                tokio::select! {
                    Some(task) = wanted.recv() => documents.takes(task).await,
                    arrival = listener.next(std::time::Duration::MAX) => match arrival {
                        Some(arrival) => documents.serves(arrival).await,
                        None => return,
                    },
                }
            }
        });
        Ok(Self { address, tasks, came, serving })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// One document and what it has to do.
#[derive(Debug, Default)]
struct Document {
    tasks: Vec<Value>,
    /// The request that waits for tasks, and how many tasks the document has done.
    waits: Option<(usize, Arrival)>,
}

struct Documents {
    about: Value,
    frame: Value,
    into: UnboundedSender<Came>,
    all: Vec<Document>,
    /// The tasks of every document.
    shown: Vec<Value>,
}

#[derive(Deserialize)]
struct Begin {
    query: String,
}

#[derive(Deserialize)]
struct Next {
    document: usize,
    done: usize,
}

impl Documents {
    async fn takes(&mut self, task: Task) {
        match task {
            Task::One { document, task } => {
                if let Some(one) = self.all.get_mut(document) {
                    one.tasks.push(task);
                    one.gives().await;
                }
            }
            Task::All(task) => {
                self.shown.push(task.clone());
                for one in &mut self.all {
                    one.tasks.push(task.clone());
                    one.gives().await;
                }
            }
        }
    }

    async fn serves(&mut self, arrival: Arrival) {
        let start = arrival.request.start.clone();
        let mut words = start.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let path = target.split('?').next().unwrap_or_default();
        if method == "GET" && path != "/favicon.ico" {
            return arrival.answer(&response("200 OK", "text/html; charset=utf-8", PAGE)).await;
        }
        let own = method == "POST" && arrival.request.header(HEADER).is_some();
        let body = arrival.request.content();
        match path {
            "/run/begin" if own => self.begins(arrival, &body).await,
            "/run/said" if own => self.receive(arrival, &body).await,
            "/run/next" if own => self.waits(arrival, &body).await,
            _ => arrival.answer(&response("404 Not Found", "text/plain", "")).await,
        }
    }

    async fn begins(&mut self, arrival: Arrival, body: &[u8]) {
        let query = serde_json::from_slice::<Begin>(body).map_or_else(|_| String::new(), |begin| begin.query);
        let document = self.all.len();
        self.all.push(Document { tasks: self.shown.clone(), waits: None });
        let answer = json!({ "document": document, "frame": self.frame, "about": self.about });
        arrival.answer(&response("200 OK", "application/json", &answer.to_string())).await;
        // The script may have ended.
        let _ = self.into.send(Came::Loaded { document, query });
    }

    async fn receive(&mut self, arrival: Arrival, body: &[u8]) {
        let Ok(reported) = serde_json::from_slice::<ReportedMessage>(body) else {
            return arrival.answer(&response("400 Bad Request", "text/plain", "")).await;
        };
        let _ = self.into.send(Came::Message(reported.read()));
        arrival.answer(&response("200 OK", "application/json", "{}")).await;
    }

    async fn waits(&mut self, arrival: Arrival, body: &[u8]) {
        let next = serde_json::from_slice::<Next>(body).ok();
        let document = next.as_ref().and_then(|next| self.all.get_mut(next.document));
        let (Some(next), Some(document)) = (next, document) else {
            return arrival.answer(&response("404 Not Found", "text/plain", "")).await;
        };
        document.waits = Some((next.done, arrival));
        document.gives().await;
    }
}

impl Document {
    /// Answers the request that waits, when there is something to do.
    async fn gives(&mut self) {
        let Some((done, arrival)) = self.waits.take() else { return };
        match self.tasks.get(done..) {
            Some(tasks) if !tasks.is_empty() => {
                let answer = json!({ "tasks": tasks, "done": self.tasks.len() }).to_string();
                arrival.answer(&response("200 OK", "application/json", &answer)).await;
            }
            Some(_) | None => self.waits = Some((done, arrival)),
        }
    }
}

fn response(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}"
    )
}
