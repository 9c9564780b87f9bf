//! The state of Asterisk, and changes of it.

use std::collections::{BTreeMap, VecDeque};

use http::StatusCode;
use model::Timestamp;
use serde_json::{Value, json};
use session::Link;

use crate::{
    Bridge, Chances, Channel, Kind, State,
    behavior::{Behavior, cause},
    faults::Faults,
    network::ClientInput,
    schedule::{Due, Schedule},
};

/// An Asterisk, and the network between it and one client.
///
/// The effects of a method reach the client later: call [`Asterisk::tick`] when [`Asterisk::deadline`] is due, and
/// [`Asterisk::poll`] until it returns `None`.
#[derive(Debug)]
pub struct Asterisk {
    /// The behavior of endpoints that are called.
    pub behaviors: BTreeMap<String, Behavior>,
    /// The behavior of all other endpoints.
    pub behavior: Behavior,
    /// The PJSIP endpoints that exist. Without any, Asterisk does not list endpoints.
    pub endpoints: Vec<String>,
    /// Refuse requests whose path ends with this text, with this status.
    pub refuses: Option<(&'static str, StatusCode)>,
    pub(crate) app: String,
    pub(crate) channels: BTreeMap<String, Channel>,
    pub(crate) bridges: BTreeMap<String, Bridge>,
    /// Recordings by name: the bridge, and the state of the recording.
    pub(crate) recordings: BTreeMap<String, (String, &'static str)>,
    pub(crate) faults: Faults,
    pub(crate) schedule: Schedule,
    /// The event socket; `None` when it is not open.
    pub(crate) link: Option<Link>,
    /// The number of the client. Responses to an earlier client are dropped.
    pub(crate) client: u64,
    /// Asterisk is unreachable until this time.
    pub(crate) away_until: Timestamp,
    /// When the last event arrives, and the last one of each channel.
    pub(crate) last_event: Timestamp,
    pub(crate) last_of: BTreeMap<String, Timestamp>,
    pub(crate) out: VecDeque<ClientInput>,
    pub(crate) requests: Vec<String>,
    pub(crate) made: Vec<String>,
    pub(crate) now: Timestamp,
    serial: u64,
}

impl Asterisk {
    /// Creates an Asterisk without calls, for a client that is the application `app`.
    pub fn new(app: &str, seed: u64) -> Self {
        Self {
            behaviors: BTreeMap::new(),
            behavior: Behavior::default(),
            endpoints: Vec::new(),
            refuses: None,
            app: app.to_owned(),
            channels: BTreeMap::new(),
            bridges: BTreeMap::new(),
            recordings: BTreeMap::new(),
            faults: Faults::new(seed),
            schedule: Schedule::default(),
            link: None,
            client: 0,
            away_until: Timestamp::default(),
            last_event: Timestamp::default(),
            last_of: BTreeMap::new(),
            out: VecDeque::new(),
            requests: Vec::new(),
            made: Vec::new(),
            now: Timestamp::default(),
            serial: 0,
        }
    }

    /// Sets the probabilities of faults.
    pub fn chances(&mut self, chances: Chances) {
        self.faults.chances = chances;
    }

    /// Adds a channel that existed before, without an event: in the application with these arguments, or outside of the
    /// application.
    pub fn has(&mut self, id: &str, args: Option<&[&str]>) {
        let mut channel = Channel::new("PJSIP/x", State::Up, self.number());
        channel.args = args.map(|args| args.iter().map(|arg| (*arg).to_owned()).collect());
        self.channels.insert(id.to_owned(), channel);
    }

    /// Adds an empty bridge that existed before.
    pub fn has_bridge(&mut self, id: &str, kind: Kind) {
        self.bridges.insert(id.to_owned(), Bridge::new(kind));
    }

    /// All channels, by ID.
    pub fn channels(&self) -> &BTreeMap<String, Channel> {
        &self.channels
    }

    /// All bridges, by ID.
    pub fn bridges(&self) -> &BTreeMap<String, Bridge> {
        &self.bridges
    }

    /// The bridge of a channel.
    pub fn bridge_of(&self, channel: &str) -> Option<(&str, &Bridge)> {
        let mut bridges = self.bridges.iter();
        let found = bridges.find(|(_, bridge)| bridge.channels.iter().any(|known| known == channel));
        found.map(|(id, bridge)| (id.as_str(), bridge))
    }

    /// The channels that the client created, the oldest first.
    pub fn made(&self) -> &[String] {
        &self.made
    }

    /// The requests since the last call: method, path, and JSON body.
    pub fn requests(&mut self) -> Vec<String> {
        std::mem::take(&mut self.requests)
    }

    /// Restarts Asterisk: all calls are gone without events, and it is unreachable for `away_ms` milliseconds.
    pub fn restart(&mut self, now: Timestamp, away_ms: u64) {
        self.note_time(now);
        self.channels.clear();
        self.bridges.clear();
        self.recordings.clear();
        self.cut(now, away_ms);
    }

    pub(crate) fn note_time(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Handles a scheduled event of a channel.
    pub(crate) fn act(&mut self, due: Due) {
        match due {
            Due::Rings(id) => self.ring(&id),
            Due::Answers(id) => self.pick_up(&id),
            Due::Leaves(id, cause) => self.destroy(&id, cause),
            // The dial timeout does not apply to an answered channel.
            Due::GivesUp(id) if !self.is(&id, State::Up) => self.destroy(&id, cause::NO_ANSWER),
            Due::LosesPatience(id) if !self.talks(&id) => self.destroy(&id, cause::NORMAL),
            Due::GivesUp(_) | Due::LosesPatience(_) => {}
            Due::Opens(_) | Due::Arrives(_) | Due::Delivery { .. } | Due::Event { .. } => {}
        }
    }

    /// Rings a called channel.
    pub(crate) fn ring(&mut self, id: &str) {
        if self.is(id, State::Down) {
            self.set_state(id, State::Ringing);
        }
    }

    /// Answers a called channel and passes it to the application.
    pub(crate) fn pick_up(&mut self, id: &str) {
        if !self.is(id, State::Down) && !self.is(id, State::Ringing) {
            return;
        }
        self.set_state(id, State::Up);
        if let Some(args) = self.channels.get_mut(id).and_then(|channel| channel.args_later.take()) {
            self.enter(id, args);
        }
    }

    /// Passes a channel to the application.
    pub(crate) fn enter(&mut self, id: &str, args: Vec<String>) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        channel.args = Some(args.clone());
        self.report(id, "StasisStart", json!({ "args": args }));
    }

    pub(crate) fn set_state(&mut self, id: &str, state: State) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        channel.state = state;
        self.report(id, "ChannelStateChange", json!({}));
    }

    /// Ends a channel with a Q.850 cause.
    pub(crate) fn destroy(&mut self, id: &str, cause: u32) {
        if !self.channels.contains_key(id) {
            return;
        }
        self.leave_bridges(id);
        if self.channels[id].is_in_app() {
            self.report(id, "StasisEnd", json!({}));
        }
        self.report(id, "ChannelDestroyed", json!({ "cause": cause }));
        self.channels.remove(id);
        self.last_of.remove(id);
    }

    /// Moves a channel into a bridge, out of any other.
    pub(crate) fn join(&mut self, bridge: &str, id: &str) {
        self.leave_bridges(id);
        let Some(found) = self.bridges.get_mut(bridge) else { return };
        found.channels.push(id.to_owned());
        let talking = found.channels.clone();
        if found.kind == Kind::Mixing && talking.len() > 1 {
            talking.iter().for_each(|one| self.begin_talk(one));
        }
    }

    pub(crate) fn leave_bridges(&mut self, id: &str) {
        self.bridges.values_mut().for_each(|bridge| bridge.channels.retain(|known| known != id));
    }

    fn begin_talk(&mut self, id: &str) {
        let talk_ms = self.channels.get_mut(id).and_then(|channel| channel.talk_ms.take());
        if let Some(ms) = talk_ms {
            self.after(ms, Due::Leaves(id.to_owned(), cause::NORMAL));
        }
    }

    pub(crate) fn is(&self, id: &str, state: State) -> bool {
        self.channels.get(id).is_some_and(|channel| channel.state == state)
    }

    /// Whether a channel is connected with another.
    fn talks(&self, id: &str) -> bool {
        let bridge = self.bridge_of(id).map(|(_, bridge)| bridge);
        bridge.is_some_and(|bridge| bridge.kind == Kind::Mixing && bridge.channels.len() > 1)
    }

    /// Sends an event about a channel to the client.
    pub(crate) fn report(&mut self, id: &str, kind: &str, with: Value) {
        let Some(channel) = self.channels.get(id) else { return };
        let mut event = json!({
            "type": kind, "application": self.app, "timestamp": self.now.0, "channel": channel.json(id, &self.app),
        });
        for (name, value) in with.as_object().into_iter().flatten() {
            event[name] = value.clone();
        }
        self.send(Some(id), &event);
    }
}
