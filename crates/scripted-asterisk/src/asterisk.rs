//! What Asterisk has, and what happens to it.

use std::collections::{BTreeMap, VecDeque};

use http::StatusCode;
use model::Timestamp;
use serde_json::{Value, json};
use session::Link;

use crate::{
    Bridge, Chances, Channel, Kind, State,
    agenda::{Agenda, Due},
    behavior::{Behavior, cause},
    faults::Faults,
    network::Heard,
};

/// An Asterisk, and the network between it and one client.
///
/// Whatever a method does is on its way to the client from then on: [`Asterisk::tick`] when [`Asterisk::deadline`] says so, and
/// [`Asterisk::poll`] until it returns `None`.
#[derive(Debug)]
pub struct Asterisk {
    /// What an endpoint does when it is called.
    pub behaviors: BTreeMap<String, Behavior>,
    /// What every other endpoint does.
    pub behavior: Behavior,
    /// Requests whose path ends so are refused, with this status.
    pub refuses: Option<(&'static str, StatusCode)>,
    pub(crate) app: String,
    pub(crate) channels: BTreeMap<String, Channel>,
    pub(crate) bridges: BTreeMap<String, Bridge>,
    /// What is recorded, by the name of the recording: the bridge, and how the recording stands.
    pub(crate) recordings: BTreeMap<String, (String, &'static str)>,
    pub(crate) faults: Faults,
    pub(crate) agenda: Agenda,
    /// The event socket.
    pub(crate) link: Option<Link>,
    /// Counts the clients: what one asked is not answered to the next.
    pub(crate) client: u64,
    /// Nothing can be reached until then.
    pub(crate) away_until: Timestamp,
    /// When the last event arrives, and the last one of each channel.
    pub(crate) last_event: Timestamp,
    pub(crate) last_of: BTreeMap<String, Timestamp>,
    pub(crate) out: VecDeque<Heard>,
    pub(crate) asked: Vec<String>,
    pub(crate) made: Vec<String>,
    pub(crate) now: Timestamp,
    serial: u64,
}

impl Asterisk {
    /// An Asterisk without calls, for a client that is the application `app`.
    pub fn new(app: &str, seed: u64) -> Self {
        Self {
            behaviors: BTreeMap::new(),
            behavior: Behavior::default(),
            refuses: None,
            app: app.to_owned(),
            channels: BTreeMap::new(),
            bridges: BTreeMap::new(),
            recordings: BTreeMap::new(),
            faults: Faults::new(seed),
            agenda: Agenda::default(),
            link: None,
            client: 0,
            away_until: Timestamp::default(),
            last_event: Timestamp::default(),
            last_of: BTreeMap::new(),
            out: VecDeque::new(),
            asked: Vec::new(),
            made: Vec::new(),
            now: Timestamp::default(),
            serial: 0,
        }
    }

    /// Sets what goes wrong from here on.
    pub fn chances(&mut self, chances: Chances) {
        self.faults.chances = chances;
    }

    /// Adds a channel that existed before, with no event: in the application with these arguments, or outside the application.
    pub fn has(&mut self, id: &str, args: Option<&[&str]>) {
        let mut channel = Channel::new("PJSIP/x", State::Up, self.number());
        channel.args = args.map(|args| args.iter().map(|arg| (*arg).to_owned()).collect());
        self.channels.insert(id.to_owned(), channel);
    }

    /// Has an empty bridge from before.
    pub fn has_bridge(&mut self, id: &str, kind: Kind) {
        self.bridges.insert(id.to_owned(), Bridge::new(kind));
    }

    /// Every channel, by its id.
    pub fn channels(&self) -> &BTreeMap<String, Channel> {
        &self.channels
    }

    /// Every bridge, by its id.
    pub fn bridges(&self) -> &BTreeMap<String, Bridge> {
        &self.bridges
    }

    /// The bridge that a channel is in.
    pub fn bridge_of(&self, channel: &str) -> Option<(&str, &Bridge)> {
        let mut bridges = self.bridges.iter();
        let found = bridges.find(|(_, bridge)| bridge.channels.iter().any(|known| known == channel));
        found.map(|(id, bridge)| (id.as_str(), bridge))
    }

    /// The channels that were made because the client asked for them, the last one last.
    pub fn made(&self) -> &[String] {
        &self.made
    }

    /// Returns what was asked since the last time, with its body: method, path, and JSON.
    pub fn asked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.asked)
    }

    /// Starts Asterisk again: every call is gone, nobody is told, and nothing can be reached for `away_ms` milliseconds.
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

    /// Does what a channel is due for.
    pub(crate) fn act(&mut self, due: Due) {
        match due {
            Due::Rings(id) => self.ring(&id),
            Due::Answers(id) => self.pick_up(&id),
            Due::Leaves(id, cause) => self.destroy(&id, cause),
            // One who waits for an answer is no longer called after a while.
            Due::GivesUp(id) if !self.is(&id, State::Up) => self.destroy(&id, cause::NO_ANSWER),
            Due::LosesPatience(id) if !self.talks(&id) => self.destroy(&id, cause::NORMAL),
            Due::GivesUp(_) | Due::LosesPatience(_) => {}
            Due::Opens(_) | Due::Arrives(_) | Due::Says { .. } | Due::Event { .. } => {}
        }
    }

    /// A channel that was called rings.
    pub(crate) fn ring(&mut self, id: &str) {
        if self.is(id, State::Down) {
            self.set_state(id, State::Ringing);
        }
    }

    /// A channel that was called is answered; the application gets it.
    pub(crate) fn pick_up(&mut self, id: &str) {
        if !self.is(id, State::Down) && !self.is(id, State::Ringing) {
            return;
        }
        self.set_state(id, State::Up);
        if let Some(args) = self.channels.get_mut(id).and_then(|channel| channel.args_later.take()) {
            self.enter(id, args);
        }
    }

    /// Hands a channel over to the application.
    pub(crate) fn enter(&mut self, id: &str, args: Vec<String>) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        channel.args = Some(args.clone());
        self.tell(id, "StasisStart", json!({ "args": args }));
    }

    pub(crate) fn set_state(&mut self, id: &str, state: State) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        channel.state = state;
        self.tell(id, "ChannelStateChange", json!({}));
    }

    /// A channel is gone, with a cause of Q.850.
    pub(crate) fn destroy(&mut self, id: &str, cause: u32) {
        if !self.channels.contains_key(id) {
            return;
        }
        self.leave_bridges(id);
        if self.channels[id].is_in_app() {
            self.tell(id, "StasisEnd", json!({}));
        }
        self.tell(id, "ChannelDestroyed", json!({ "cause": cause }));
        self.channels.remove(id);
        self.last_of.remove(id);
    }

    /// Puts a channel into a bridge, out of any other.
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

    /// Whether a channel hears somebody else.
    fn talks(&self, id: &str) -> bool {
        let bridge = self.bridge_of(id).map(|(_, bridge)| bridge);
        bridge.is_some_and(|bridge| bridge.kind == Kind::Mixing && bridge.channels.len() > 1)
    }

    /// Tells the client that something happened to a channel.
    pub(crate) fn tell(&mut self, id: &str, kind: &str, with: Value) {
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
