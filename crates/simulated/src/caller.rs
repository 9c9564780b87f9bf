//! People outside who call in.

use compact_str::CompactString;
use model::{CallId, Data, Number, Party, PartyKind, Timestamp};
use serde::{Deserialize, Serialize};

use pbx::{MediaEvent, Target};

use crate::{
    Error, Switch,
    media::CallView,
    people::{Habits, Person},
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

    fn party(&self) -> Party {
        let at = self.from.clone().map_or(PartyKind::Withheld, PartyKind::Outside);
        Party { at, name: self.name.clone() }
    }

    fn habits(&self) -> Habits {
        let Self { patience_ms, talk_ms, answer_after_ms, .. } = *self;
        Habits { patience_ms, talk_ms, answer_after_ms, reply: None }
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
        self.engine.calls().map(|(id, call)| self.call_view(id, call))
    }

    /// One call.
    pub fn call(&self, call: &CallId) -> Result<CallView, Error> {
        Ok(self.call_view(call, self.engine.call(call)?))
    }

    fn call_in(&mut self, caller: Caller) -> Result<CallId, Error> {
        self.engine.check_new_call(&caller.data)?;
        check_name(&caller)?;
        let to = self.inside(&caller)?;
        let leg = self.engine.new_call_id();
        let call = CallId::new(&leg).map_err(|_| pbx::Error::NoRoute(format!("{leg} is not a call id")))?;
        let party = caller.party();
        self.people.insert(leg.clone(), Person::new(caller.habits()));
        let Caller { to: dialled, data, .. } = caller;
        self.media(MediaEvent::Incoming { leg, caller: party, dialled, to, data, up: false });
        Ok(call)
    }

    /// Where a number leads that is dialed from outside.
    fn inside(&self, caller: &Caller) -> Result<Target, Error> {
        let target = pbx::Numbering::target(&self.engine.numbering, &caller.to);
        if let Target::Outside(number) = &target {
            return Err(pbx::Error::InvalidNumber(format!("number {number:?} from outside")).into());
        }
        self.engine.check_target(&target)?;
        Ok(target)
    }

    fn end_call(&mut self, call: &CallId) -> Result<(), Error> {
        let found = self.engine.call(call)?;
        let caller = found.member(&found.caller.at).map(|member| member.leg.clone());
        self.leave_call(call, caller);
        while let Ok(found) = self.engine.call(call) {
            let next = found.members.first().map(|member| member.leg.clone());
            self.leave_call(call, next);
        }
        Ok(())
    }

    /// A party hangs up: a phone this call only, anybody else altogether.
    fn leave_call(&mut self, call: &CallId, leg: Option<pbx::LegId>) {
        let Some(leg) = leg else { return };
        match self.engine.leg(&leg).and_then(|known| known.device().cloned()) {
            Some(device) if self.engine.hang_up_at(self.now, call, &device).is_ok() => self.pump(),
            Some(_) | None => self.leave(leg, None),
        }
    }
}

fn check_name(caller: &Caller) -> Result<(), Error> {
    let count = caller.name.as_ref().map_or(0, CompactString::len);
    if count <= NAME_BYTES_MAX {
        return Ok(());
    }
    Err(Error::too_many("the size of the caller's name in bytes", count, NAME_BYTES_MAX))
}
