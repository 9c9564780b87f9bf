//! Requests on kept connections: the peer may close one at any time without notice.
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest does not happen here")]

use crate::common;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use common::*;
use cordboard_hub::{
    NodeConfig,
    driver::{HttpLimits, HttpTransport},
};
use http::Request;
use model::Timestamp;
use session::{
    ConnectionReuse, Exchange, Failure, FromHttp, Http, Input, Output, Reason, Session, Timeouts, ToHttp,
};
use store::memory::Memory;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A session that sends its requests one after the other, each when the one before has a result.
struct Caller {
    to: SocketAddr,
    kept: Vec<ConnectionReuse>,
    sent: u64,
    came: Arc<Mutex<Vec<String>>>,
    out: Option<Output<Http>>,
}

impl Caller {
    fn next(&mut self) {
        let Some(kept) = self.kept.get(usize::try_from(self.sent).unwrap()) else { return };
        self.sent += 1;
        let request = Request::get(format!("http://{}/{}", self.to, self.sent)).body(Bytes::new()).unwrap();
        let wait = Duration::from_secs(5);
        let timeouts = Timeouts { connect: wait, answer: wait, reuse: *kept };
        self.out = Some(Output::Peer(ToHttp::Request { exchange: Exchange(self.sent), request, timeouts }));
    }
}

impl Session for Caller {
    type Transport = Http;

    fn handle(&mut self, _: Timestamp, input: Input<Http>) {
        let came = match input {
            Input::Start => return self.next(),
            Input::Peer(FromHttp::Response { response, .. }) => response.status().to_string(),
            Input::Peer(FromHttp::Failed { failure: Failure::NoAnswer(_), .. }) => "no answer".to_owned(),
            Input::Peer(FromHttp::Failed { failure: Failure::NotSent(_), .. }) => "not sent".to_owned(),
            _ => return,
        };
        self.came.lock().unwrap().push(came);
        self.next();
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.take()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

/// Answers the first request of each connection and keeps it; reads the second and closes without an answer. Records each target.
async fn forgets(listener: TcpListener, seen: Arc<Mutex<Vec<String>>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(serve_once(stream, Arc::clone(&seen)));
    }
}

async fn serve_once(mut stream: TcpStream, seen: Arc<Mutex<Vec<String>>>) {
    note(&mut stream, &seen).await;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    note(&mut stream, &seen).await;
}

async fn note(stream: &mut TcpStream, seen: &Mutex<Vec<String>>) {
    let mut head = vec![0; 1_024];
    let count = stream.read(&mut head).await.unwrap_or(0);
    let text = String::from_utf8_lossy(&head[..count]).into_owned();
    if let Some(target) = text.split(' ').nth(1) {
        seen.lock().unwrap().push(target.to_owned());
    }
}

/// The results of two requests, and which of them the peer received.
async fn two(first: ConnectionReuse, second: ConnectionReuse) -> (Vec<String>, Vec<String>) {
    let node = node(NodeConfig::default(), open(&Memory::default()), 1).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = listener.local_addr().unwrap();
    let (came, seen) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<Vec<String>>>::default());
    tokio::spawn(forgets(listener, Arc::clone(&seen)));
    let caller = Caller { to, kept: vec![first, second], sent: 0, came: Arc::clone(&came), out: None };
    node.attach("caller", Box::new(caller), HttpTransport::Forwarded(HttpLimits::default())).await.unwrap();
    soon(async {
        while came.lock().unwrap().len() < 2 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    node.stop().await.unwrap();
    let (came, seen) = (came.lock().unwrap(), seen.lock().unwrap());
    (came.clone(), seen.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_may_be_done_twice_is_sent_again_on_a_fresh_connection() {
    let (came, seen) = two(ConnectionReuse::Resend, ConnectionReuse::Resend).await;
    assert_eq!(came, ["200 OK", "200 OK"]);
    assert_eq!(seen, ["/1", "/2", "/2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_must_be_done_once_goes_over_a_fresh_connection() {
    let (came, seen) = two(ConnectionReuse::Resend, ConnectionReuse::Avoid).await;
    assert_eq!(came, ["200 OK", "200 OK"]);
    assert_eq!(seen, ["/1", "/2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_other_request_has_no_answer() {
    let (came, seen) = two(ConnectionReuse::Use, ConnectionReuse::Use).await;
    assert_eq!(came, ["200 OK", "no answer"]);
    assert_eq!(seen, ["/1", "/2"]);
}
