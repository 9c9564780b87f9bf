//! The REST interface (`rest-api/channels.json`, `bridges.json`, `recordings.json` of Asterisk 22).

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    Asterisk, Bridge, Channel, Kind, State,
    behavior::cause,
    network::{answer, error},
    schedule::Due,
};

/// The reasons that Asterisk 22 accepts for a hang-up.
const REASONS: [&str; 13] = [
    "normal",
    "busy",
    "congestion",
    "no_answer",
    "timeout",
    "rejected",
    "unallocated",
    "normal_unspecified",
    "number_incomplete",
    "codec_mismatch",
    "interworking",
    "failure",
    "answered_elsewhere",
];

/// A response: a status and a body, or a status and an error text.
type Answer = Result<(StatusCode, Value), (StatusCode, &'static str)>;

const NO_CHANNEL: (StatusCode, &str) = (StatusCode::NOT_FOUND, "Channel not found");
const NO_BRIDGE: (StatusCode, &str) = (StatusCode::NOT_FOUND, "Bridge not found");
const NO_RECORDING: (StatusCode, &str) = (StatusCode::NOT_FOUND, "Recording not found");
const BAD_REASON: (StatusCode, &str) = (StatusCode::BAD_REQUEST, "Invalid Reason");
const NOT_IN_APP: (StatusCode, &str) = (StatusCode::CONFLICT, "Channel not in Stasis application");

impl Asterisk {
    /// Handles a request.
    pub(crate) fn respond(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let path = request.uri().path().trim_start_matches("/ari");
        let body = serde_json::from_slice(request.body()).unwrap_or(Value::Null);
        self.requests.push(match body.is_null() {
            true => format!("{} {path}", request.method()),
            false => format!("{} {path} {body}", request.method()),
        });
        if let Some((_, status)) = self.refuses.filter(|(end, _)| path.ends_with(end)) {
            return error(status, "it is refused");
        }
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match self.route(request, &parts, &body) {
            Ok((status, body)) => answer(status, &body),
            Err((status, message)) => error(status, message),
        }
    }

    fn route(&mut self, request: &Request<Bytes>, parts: &[&str], body: &Value) -> Answer {
        let is_on = request.method() == Method::POST;
        match (request.method().as_str(), parts) {
            ("GET", ["asterisk", "ping"]) => ok(json!({ "ping": "pong" })),
            ("PUT", ["applications", app, "eventFilter"]) => ok(json!({ "name": app })),
            ("GET", ["endpoints", "PJSIP"]) if !self.endpoints.is_empty() => {
                let endpoint = |name| json!({ "technology": "PJSIP", "resource": name, "state": "online", "channel_ids": [] });
                ok(self.endpoints.iter().map(endpoint).collect())
            }
            ("GET", ["channels"]) => {
                ok(self.channels.iter().map(|(id, channel)| channel.json(id, &self.app)).collect())
            }
            ("GET", ["bridges"]) => ok(self.bridges.iter().map(|(id, bridge)| bridge.json(id)).collect()),
            ("POST", ["channels", id]) => self.originate(id, body),
            ("DELETE", ["channels", id]) => self.hang_up(id, request.uri().query().unwrap_or_default()),
            ("POST" | "DELETE", ["channels", id, what]) => self.change(id, what, is_on, body),
            ("GET", ["channels", id, "variable"]) => self.read(id),
            ("POST", ["bridges", id]) => self.make_bridge(id, body),
            ("DELETE", ["bridges", id]) => {
                self.recordings.retain(|_, (bridge, _)| bridge != id);
                done(self.bridges.remove(*id).is_some(), NO_BRIDGE)
            }
            ("POST", ["bridges", id, "addChannel"]) => self.add(id, body),
            ("POST", ["bridges", id, "removeChannel"]) => self.remove(id, body),
            ("POST", ["bridges", id, "moh"]) => done(self.bridges.contains_key(*id), NO_BRIDGE),
            ("POST", ["bridges", id, "record"]) => self.record(id, body),
            ("GET", ["recordings", "live", name]) => {
                let (_, state) = self.recordings.get(*name).ok_or(NO_RECORDING)?;
                ok(json!({ "name": name, "state": state }))
            }
            ("POST" | "DELETE", ["recordings", "live", name, "pause"]) => {
                let (_, state) = self.recordings.get_mut(*name).ok_or(NO_RECORDING)?;
                *state = if is_on { "paused" } else { "recording" };
                done(true, NO_RECORDING)
            }
            _ => Err((StatusCode::NOT_FOUND, "Resource not found")),
        }
    }

    fn originate(&mut self, id: &str, body: &Value) -> Answer {
        if self.channels.contains_key(id) {
            return Err((StatusCode::CONFLICT, "Channel with given unique ID already exists"));
        }
        let serial = self.number();
        let mut channel = Channel::new(text(&body["endpoint"]), State::Down, serial);
        text(&body["callerId"]).clone_into(&mut channel.number);
        channel.args_later = Some(text(&body["appArgs"]).split(',').map(str::to_owned).collect());
        let variables = body["variables"].as_object().into_iter().flatten();
        let variables: BTreeMap<_, _> =
            variables.map(|(name, value)| (name.clone(), text(value).to_owned())).collect();
        let answers_itself = variables.keys().any(|name| name.contains("Answer-Mode"));
        channel.variables = variables;
        let behavior = self.behaviors.get(&channel.endpoint).copied().unwrap_or(self.behavior);
        channel.talk_ms = behavior.talk_ms;
        let shown = channel.json(id, &self.app);
        self.channels.insert(id.to_owned(), channel);
        self.made.push(id.to_owned());
        self.begin_to_call(id, body["timeout"].as_u64().unwrap_or(30) * 1_000, answers_itself);
        ok(shown)
    }

    fn hang_up(&mut self, id: &str, query: &str) -> Answer {
        let reason = query.split('&').find_map(|pair| pair.strip_prefix("reason=")).unwrap_or("normal");
        if !REASONS.contains(&reason) {
            return Err(BAD_REASON);
        }
        let cause = if reason == "no_answer" { cause::NO_ANSWER } else { cause::NORMAL };
        let is_there = self.channels.contains_key(id);
        if is_there {
            // A separate thread ends the channel.
            self.after(0, Due::Leaves(id.to_owned(), cause));
        }
        done(is_there, NO_CHANNEL)
    }

    /// Sets a property of a channel.
    fn change(&mut self, id: &str, what: &str, is_on: bool, body: &Value) -> Answer {
        let channel = self.channels.get_mut(id).ok_or(NO_CHANNEL)?;
        if what == "variable" {
            channel.variables.insert(text(&body["variable"]).to_owned(), text(&body["value"]).to_owned());
            return done(true, NO_CHANNEL);
        }
        if !channel.is_in_app() {
            return Err(NOT_IN_APP);
        }
        match what {
            "answer" if channel.state != State::Up => self.set_state(id, State::Up),
            "answer" | "dtmf" => {}
            "ring" => channel.ringing_tone = is_on,
            "mute" => channel.muted = is_on,
            "play" => return Ok((StatusCode::CREATED, json!({ "state": "queued" }))),
            _ => return Err((StatusCode::NOT_FOUND, "Resource not found")),
        }
        done(true, NO_CHANNEL)
    }

    fn read(&self, id: &str) -> Answer {
        let channel = self.channels.get(id).ok_or(NO_CHANNEL)?;
        let missing = (StatusCode::NOT_FOUND, "Provided variable was not found");
        ok(json!({ "value": channel.variables.get("CORDBOARD").ok_or(missing)? }))
    }

    fn make_bridge(&mut self, id: &str, body: &Value) -> Answer {
        let kind = if body["type"] == "holding" { Kind::Holding } else { Kind::Mixing };
        let bridge = self.bridges.entry(id.to_owned()).or_insert_with(|| Bridge::new(kind));
        match bridge.kind == kind {
            true => ok(bridge.json(id)),
            false => Err((StatusCode::CONFLICT, "Changing bridge type is not supported")),
        }
    }

    fn add(&mut self, bridge: &str, body: &Value) -> Answer {
        let id = text(&body["channel"][0]);
        if !self.bridges.contains_key(bridge) {
            return Err(NO_BRIDGE);
        }
        let channel = self.channels.get(id).ok_or((StatusCode::BAD_REQUEST, "Channel not found"))?;
        if !channel.is_in_app() {
            return Err((StatusCode::UNPROCESSABLE_ENTITY, "Channel not in Stasis application"));
        }
        self.join(bridge, id);
        done(true, NO_BRIDGE)
    }

    fn remove(&mut self, bridge: &str, body: &Value) -> Answer {
        let id = text(&body["channel"][0]);
        let found = self.bridges.get(bridge).ok_or(NO_BRIDGE)?;
        if !self.channels.contains_key(id) {
            return Err((StatusCode::BAD_REQUEST, "Channel not found"));
        }
        if !found.channels.iter().any(|known| known == id) {
            return Err((StatusCode::UNPROCESSABLE_ENTITY, "Channel not in this bridge"));
        }
        self.leave_bridges(id);
        done(true, NO_BRIDGE)
    }

    fn record(&mut self, bridge: &str, body: &Value) -> Answer {
        if !self.bridges.contains_key(bridge) {
            return Err(NO_BRIDGE);
        }
        let name = text(&body["name"]).to_owned();
        if self.recordings.contains_key(&name) {
            return Err((StatusCode::CONFLICT, "Recording already in progress"));
        }
        self.recordings.insert(name.clone(), (bridge.to_owned(), "recording"));
        Ok((StatusCode::CREATED, json!({ "name": name, "state": "queued" })))
    }
}

fn ok(body: Value) -> Answer {
    Ok((StatusCode::OK, body))
}

fn done(is_done: bool, otherwise: (StatusCode, &'static str)) -> Answer {
    if is_done { Ok((StatusCode::NO_CONTENT, Value::Null)) } else { Err(otherwise) }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
