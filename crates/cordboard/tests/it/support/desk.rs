//! A client of the API that is signed in.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::PATIENCE;

/// A client with the token of an account.
pub(crate) struct Desk {
    http: SocketAddr,
    agent: &'static str,
    pub(crate) token: String,
}

impl Desk {
    pub(crate) fn new(http: SocketAddr, agent: &'static str) -> Self {
        let mut desk = Self { http, agent, token: String::new() };
        let signed_in =
            desk.request("POST", "/api/v1/sign-in", &json!({ "account": agent, "password": "demo" }));
        desk.token = signed_in["token"].as_str().unwrap().to_owned();
        desk
    }

    pub(crate) fn request(&self, method: &str, path: &str, body: &Value) -> Value {
        let (body, token) = (body.to_string(), &self.token);
        let mut stream = TcpStream::connect(self.http).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Authorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 2"), "{path}: {answer}");
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    pub(crate) fn command(&self, verb: &Value) {
        self.request("POST", &format!("/api/v1/agents/{}/commands", self.agent), verb);
    }

    /// Waits until the agent's first interaction fulfills a condition.
    pub(crate) fn until(&self, fits: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let interactions = self.request("GET", "/api/v1/interactions", &Value::Null);
            let one = interactions["items"][0].clone();
            if fits(&one) {
                return one;
            }
            assert!(began.elapsed() < PATIENCE, "{one}");
            thread::sleep(Duration::from_millis(30));
        }
    }

    pub(crate) fn until_legs(&self, primary: &str, consult: &str) -> Value {
        self.until(|one| one["primary"]["state"] == primary && one["consult"]["state"] == consult)
    }

    /// Waits until the agent fulfills a condition.
    pub(crate) fn until_agent(&self, fits: impl Fn(&Value) -> bool) {
        self.until_listed("/api/v1/agents", self.agent, fits);
    }

    /// Waits until the link to a switch is up, or down.
    pub(crate) fn until_switch(&self, switch: &str, up: bool) {
        self.until_listed("/api/v1/switches", switch, |one| one["up"] == up);
    }

    fn until_listed(&self, list: &str, id: &str, fits: impl Fn(&Value) -> bool) {
        let began = Instant::now();
        loop {
            let all = self.request("GET", list, &Value::Null);
            let one = all["items"].as_array().unwrap().iter().find(|one| one["id"] == id).cloned();
            if one.as_ref().is_some_and(&fits) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{one:?}");
            thread::sleep(Duration::from_millis(10));
        }
    }
}
