//! A page written for MAX. For the program it is in a frame of the agent desktop: it uses the relay over real sockets.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "tests may fail")]

use crate::support;

use std::net::TcpStream;

use serde_json::{Value, json};
use support::{Demo, Desk, Home, PATIENCE, free_port};
use tokio_tungstenite::tungstenite::{Message, WebSocket, client, client::IntoClientRequest};

/// The address of the page.
const ORIGIN: &str = "https://pages.example";

/// The agent desktop with one frame.
struct Relay {
    socket: WebSocket<TcpStream>,
    kept: Value,
}

impl Relay {
    /// Opens the desktop and a frame in its workspace.
    fn open(demo: &Demo<'_>, token: &str, kept: &Value) -> Self {
        let stream = TcpStream::connect(demo.http).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!("ws://{}/api/v1/relay/max", demo.http).into_client_request().unwrap();
        let (socket, _) = client(request, stream).unwrap();
        let mut relay = Self { socket, kept: Value::Null };
        relay.send(&json!({"type": "open", "token": token}));
        assert_eq!(relay.receive()["type"], "opened");
        relay.send(&json!({"type": "frame-opened", "frame": 1, "place": "kb", "kept": kept}));
        relay
    }

    fn send(&mut self, message: &Value) {
        self.socket.send(Message::text(message.to_string())).unwrap();
    }

    fn post(&mut self, message: &Value) {
        self.send(&json!({"type": "posted", "frame": 1, "origin": ORIGIN, "message": message}));
    }

    /// The next message. The server sends pings more often than the socket times out.
    fn receive(&mut self) -> Value {
        let Message::Text(text) = self.socket.read().unwrap() else { panic!("no message came in time") };
        serde_json::from_str(&text).unwrap()
    }

    /// The next events that are posted to the frame.
    fn events(&mut self) -> Vec<Value> {
        loop {
            let received = self.receive();
            match received["type"].as_str().unwrap() {
                "post" => {
                    assert_eq!(received["origin"], ORIGIN);
                    return received["message"]["events"].as_array().unwrap().clone();
                }
                "keep" => self.kept = received["state"].clone(),
                other => panic!("{other}: {received}"),
            }
        }
    }

    /// Waits for a call with this status and returns its ID.
    fn until_call(&mut self, status: &str) -> String {
        loop {
            let events = self.events();
            let call =
                events.iter().find(|event| event["Type"] == "CallContactEvent" && event["Status"] == status);
            if let Some(call) = call {
                return call["ContactID"].as_str().unwrap().to_owned();
            }
        }
    }
}

/// Adds the page to the floor of the demo.
fn put_page(admin: &Desk) {
    let mut floor = admin.request("GET", "/api/v1/floor", &Value::Null);
    floor["pages"] =
        json!([{"id": "kb", "title": "Knowledge base", "url": format!("{ORIGIN}/kb"), "place": "workspace"}]);
    admin.request("PUT", "/api/v1/floor", &json!({ "floor": floor }));
}

#[test]
fn a_page_in_a_frame_works_a_call_and_outlives_the_hub() {
    let (home, port) = (Home::new(), free_port());
    let demo = home.demo((port, 0));
    put_page(&Desk::new(demo.http, "admin"));
    let desk = Desk::new(demo.http, "1001");
    let mut relay = Relay::open(&demo, &desk.token, &Value::Null);
    relay.post(
        &json!({"messageType": "RegisterForClientEvents", "issuer": "Sample", "subscriptionTypes": ["all"]}),
    );
    assert_eq!(relay.events()[0]["status"], "OK");
    desk.command(&json!({"verb": "sign-in"}));
    let first = relay.events();
    assert_eq!((&first[0]["Type"], &first[1]["Type"]), (&json!("AgentSessionStart"), &json!("AgentState")));
    desk.command(&json!({"verb": "ready"}));
    demo.json(&["call", "--from", "+14155550100", "--to", "7700", "--patience", "1m"]);
    let call = relay.until_call("Incoming");
    relay.post(&json!({"messageType": "AnswerEvent"}));
    assert_eq!(relay.until_call("Active"), call);
    relay.post(&json!({"messageType": "ContactCardData", "contactCardData": {"name": "Carla of the page"}}));
    desk.until(|one| one["card"]["name"] == "Carla of the page");
    for status in ["Holding", "Active"] {
        relay.post(&json!({"messageType": "HoldEvent"}));
        assert_eq!(relay.until_call(status), call);
    }
    let kept = relay.kept.clone();
    demo.kill();

    // The simulated switch was in the same process, so its call is over.
    let demo = home.demo((port, 0));
    put_page(&Desk::new(demo.http, "admin"));
    let desk = Desk::new(demo.http, "1001");
    let mut relay = Relay::open(&demo, &desk.token, &kept);
    assert_eq!(relay.until_call("Disconnected"), call);
}
