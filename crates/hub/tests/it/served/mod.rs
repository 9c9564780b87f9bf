//! A node that serves the native API on a real socket.

use std::{net::SocketAddr, sync::Arc};

use cordboard_hub::{Node, NodeConfig, http::HttpConfig, node::FloorChange};
use futures_util::{SinkExt, StreamExt};
use model::Role;
use serde_json::{Value, json};
use store::memory::Memory;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::common::*;

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) struct Served {
    pub(crate) node: Node,
    pub(crate) at: SocketAddr,
}

/// A node with two agents, whose accounts have their names, and the accounts `boss`, `admin` and `peer`.
pub(crate) async fn served(config: NodeConfig) -> Served {
    serve(node(config, open(&Memory::default()), 2).await).await
}

/// Serves a node with a floor of two agents, with the accounts of [`served`].
pub(crate) async fn serve(node: Node) -> Served {
    let accounts = vec![
        account("1001", Role::Agent, Some(agent(1))),
        account("1002", Role::Agent, Some(agent(2))),
        account("boss", Role::Supervisor, None),
        account("admin", Role::Admin, None),
        account("peer", Role::Integration, None),
    ];
    let change = FloorChange { floor: Arc::new(floor(2)), accounts: Some(accounts), contacts: Vec::new() };
    node.handle().put_floor(change).await.unwrap();
    let config = HttpConfig { origins: vec!["https://desk.example".into()], ..HttpConfig::default() };
    let at = node.serve_http("127.0.0.1:0".parse().unwrap(), config).await.unwrap();
    Served { node, at }
}

/// An answer: its status, its head, its JSON.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Served {
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.at);
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            text += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        }
        let mut stream = TcpStream::connect(self.at).await.unwrap();
        stream.write_all(format!("{text}\r\n{body}").as_bytes()).await.unwrap();
        let mut read = String::new();
        soon(stream.read_to_string(&mut read)).await.unwrap();
        let (head, body) = read.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer {
            status,
            head: head.to_ascii_lowercase(),
            body: serde_json::from_str(body).unwrap_or_default(),
        }
    }

    pub(crate) async fn sign_in(&self, account: &str) -> String {
        let body = json!({"account": account, "password": PASSWORD});
        let answer = self.call("POST", "/api/v1/sign-in", &[], Some(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        format!("Bearer {}", answer.body["token"].as_str().unwrap())
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        self.call("GET", path, &[("authorization", token)], None).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.call("POST", path, &[("authorization", token)], Some(body)).await
    }

    pub(crate) async fn put(&self, token: &str, path: &str, body: Value) -> Answer {
        self.call("PUT", path, &[("authorization", token)], Some(body)).await
    }

    pub(crate) async fn socket(&self, token: Option<&str>) -> Socket {
        let mut request = format!("ws://{}/api/v1/events", self.at).into_client_request().unwrap();
        if let Some(token) = token {
            request.headers_mut().insert("authorization", token.parse().unwrap());
        }
        soon(connect_async(request)).await.unwrap().0
    }

    pub(crate) async fn subscribed(&self, token: &str, after: Option<u64>) -> Socket {
        let journal = self.node.handle().journal();
        let subscribe = match after {
            Some(after) => json!({"type": "subscribe", "journal": journal, "after": after}),
            None => json!({"type": "subscribe"}),
        };
        self.subscribed_with(token, &subscribe).await
    }

    pub(crate) async fn subscribed_with(&self, token: &str, subscribe: &Value) -> Socket {
        let mut socket = self.socket(Some(token)).await;
        send(&mut socket, subscribe).await;
        socket
    }
}

pub(crate) async fn send(socket: &mut Socket, message: &Value) {
    socket.send(Message::text(message.to_string())).await.unwrap();
}

/// The next message; `None` at the end.
pub(crate) async fn receive(socket: &mut Socket) -> Option<Value> {
    loop {
        match soon(socket.next()).await? {
            Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}
