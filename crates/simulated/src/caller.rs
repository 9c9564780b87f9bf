//! People outside who call in.

use compact_str::CompactString;
use model::{CallId, Data, Number, Party, PartyKind, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    media::CallView,
    switch::{Call, Connection, Habits, State, Switch},
    target::Target,
};

/// Somebody outside who calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// From where; withheld when not given.
    #[serde(default)]
    pub from: Option<Number>,
    /// What is dialled: a phone or a queue.
    pub to: Number,
    /// The name that the switch gives.
    #[serde(default)]
    pub name: Option<CompactString>,
    /// Data for the call.
    #[serde(default)]
    pub data: Data,
    /// How long the caller waits for an answer; for ever when not given. Milliseconds.
    #[serde(default)]
    pub patience_ms: Option<u64>,
    /// How long after the answer the caller hangs up; never when not given. Milliseconds.
    #[serde(default)]
    pub talk_ms: Option<u64>,
    /// After how long any phone at which the call rings answers by itself; as the phone does when not given. Milliseconds.
    #[serde(default)]
    pub answer_after_ms: Option<u64>,
}

impl Caller {
    /// A patient caller without a number.
    pub fn to(to: Number) -> Self {
        let (from, name, patience_ms, talk_ms, answer_after_ms) = (None, None, None, None, None);
        Self { from, to, name, data: Data::new(), patience_ms, talk_ms, answer_after_ms }
    }

    fn connection(&self) -> Connection {
        let at = self.from.clone().map_or(PartyKind::Withheld, PartyKind::Outside);
        let habits = Habits { patience_ms: self.patience_ms, talk_ms: self.talk_ms, reply: None };
        Connection::new(Party { at, name: self.name.clone() }, State::Initiated, habits)
    }
}

/// The longest name of a caller. Bytes. Ours.
const NAME_BYTES_MAX: usize = 256;

impl Switch {
    /// Somebody outside calls in.
    ///
    /// Refuses a number that is no phone and no queue here, and a call for which there is no room.
    pub fn caller(&mut self, now: Timestamp, caller: Caller) -> Result<CallId, Error> {
        self.act(now, |switch| switch.call_in(caller))
    }

    /// The caller of a call hangs up, and with it everybody else.
    pub fn end(&mut self, now: Timestamp, call: &CallId) -> Result<(), Error> {
        self.act(now, |switch| switch.end_call(call))
    }

    /// Every call, by their ids.
    pub fn calls(&self) -> impl Iterator<Item = CallView> {
        self.calls.iter().map(|(id, call)| call.view(id))
    }

    /// One call.
    pub fn call(&self, call: &CallId) -> Result<CallView, Error> {
        self.known_call(call).map(|found| found.view(call))
    }

    fn call_in(&mut self, caller: Caller) -> Result<CallId, Error> {
        self.check_new_call(&caller.data)?;
        check_name(&caller)?;
        let connection = caller.connection();
        let from = connection.party.at.clone();
        let target = self.inside(&from, &caller.to)?;
        let mut call = Call::new(connection, caller.to, caller.data);
        call.answer_after_ms = caller.answer_after_ms;
        let id = self.keep(call);
        self.rewind(&id, &from);
        self.send(&id, &from, target);
        Ok(id)
    }

    /// Where a number leads that is dialled from outside.
    fn inside(&self, from: &PartyKind, number: &Number) -> Result<Target, Error> {
        match self.reachable(from, number)? {
            Target::Outside(..) => Err(Error::InvalidNumber(format!("number {number:?} from outside"))),
            target @ (Target::Device(_) | Target::Queue(_)) => Ok(target),
        }
    }

    fn end_call(&mut self, call: &CallId) -> Result<(), Error> {
        let caller = self.known_call(call)?.caller.at.clone();
        self.hang_up(call, &caller);
        while let Some(next) = self.calls.get(call).and_then(|found| found.connections.first()) {
            let at = next.party.at.clone();
            self.hang_up(call, &at);
        }
        Ok(())
    }
}

fn check_name(caller: &Caller) -> Result<(), Error> {
    let count = caller.name.as_ref().map_or(0, CompactString::len);
    if count <= NAME_BYTES_MAX {
        return Ok(());
    }
    Err(Error::TooMany { what: "the size of the caller's name in bytes", count, count_max: NAME_BYTES_MAX })
}
