//! Actions of callers, phones and numbers.

use model::Timestamp;
use serde_json::json;

use crate::{
    Asterisk, Channel, State,
    behavior::{Caller, Reply},
    schedule::Due,
};

impl Asterisk {
    /// Starts a call from outside. Returns the channel.
    pub fn call(&mut self, now: Timestamp, caller: &Caller) -> String {
        self.arrive(now, "PJSIP/trunk", caller)
    }

    /// Dials a number by hand at a phone; the dialplan passes the channel to the application. Returns the channel.
    pub fn dial(&mut self, now: Timestamp, endpoint: &str, number: &str) -> String {
        let args = vec!["dial".to_owned(), number.to_owned()];
        self.arrive(now, endpoint, &Caller { exten: number.to_owned(), args, ..Caller::default() })
    }

    fn arrive(&mut self, now: Timestamp, endpoint: &str, caller: &Caller) -> String {
        self.note_time(now);
        let serial = self.number();
        let id = format!("{}.{serial}", self.now.0 / 1_000);
        let mut channel = Channel::new(endpoint, State::Ring, serial);
        channel.number.clone_from(&caller.number);
        channel.exten.clone_from(&caller.exten);
        channel.talk_ms = caller.talk_ms;
        self.channels.insert(id.clone(), channel);
        self.enter(&id, caller.args.clone());
        if let Some(ms) = caller.patience_ms {
            self.after(ms, Due::LosesPatience(id.clone()));
        }
        self.tick(now);
        id
    }

    /// Rings a called channel.
    pub fn rings(&mut self, now: Timestamp, channel: &str) {
        self.do_now(now, Due::Rings(channel.to_owned()));
    }

    /// Answers a called channel by hand.
    pub fn answers(&mut self, now: Timestamp, channel: &str) {
        self.do_now(now, Due::Answers(channel.to_owned()));
    }

    /// Ends a channel with a Q.850 cause.
    pub fn hangs_up(&mut self, now: Timestamp, channel: &str, cause: u32) {
        self.do_now(now, Due::Leaves(channel.to_owned(), cause));
    }

    /// Holds or resumes a call with the phone's own key. Asterisk only reports it.
    pub fn holds(&mut self, now: Timestamp, channel: &str, on: bool) {
        self.note_time(now);
        self.report(channel, if on { "ChannelHold" } else { "ChannelUnhold" }, json!({}));
        self.tick(now);
    }

    /// The channels of an endpoint, the oldest first.
    pub fn at(&self, endpoint: &str) -> Vec<(&str, &Channel)> {
        let channels = self.channels.iter().filter(|(_, channel)| channel.endpoint == endpoint);
        let mut found: Vec<_> = channels.map(|(id, channel)| (id.as_str(), channel)).collect();
        found.sort_by_key(|(_, channel)| channel.serial);
        found
    }

    fn do_now(&mut self, now: Timestamp, due: Due) {
        self.note_time(now);
        self.act(due);
        self.tick(now);
    }

    /// Schedules what a called channel does by itself.
    pub(crate) fn begin_to_call(&mut self, id: &str, timeout_ms: u64, answers_itself: bool) {
        let Some(endpoint) = self.channels.get(id).map(|channel| channel.endpoint.clone()) else { return };
        let behavior = self.behaviors.get(&endpoint).copied().unwrap_or(self.behavior);
        let rings_ms = behavior.rings_after_ms.unwrap_or_default();
        self.after(timeout_ms, Due::GivesUp(id.to_owned()));
        if behavior.rings_after_ms.is_some() {
            self.after(rings_ms, Due::Rings(id.to_owned()));
        }
        match behavior.reply {
            Reply::Refuses(cause) => self.after(rings_ms, Due::Leaves(id.to_owned(), cause)),
            Reply::Answers { after_ms } => self.after(rings_ms + after_ms, Due::Answers(id.to_owned())),
            Reply::ByHand if answers_itself => self.after(rings_ms, Due::Answers(id.to_owned())),
            Reply::ByHand => {}
        }
    }
}
