//! Outside callers.

use compact_str::CompactString;
use model::{CallId, Data, Number, Party, PartyKind, Timestamp};
use serde::{Deserialize, Serialize};

use pbx::{MediaEvent, Target};

use crate::{
    Error, Switch,
    media::CallView,
    people::{PartyBehavior, SimulatedParty},
};

/// An outside caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// The caller's number; withheld when absent.
    #[serde(default)]
    pub from: Option<Number>,
    /// The number to dial: a phone or a queue.
    pub to: Number,
    /// The name that the switch reports; none when absent.
    #[serde(default)]
    pub name: Option<CompactString>,
    /// Data for the call.
    #[serde(default)]
    pub data: Data,
    /// How long the caller waits for an answer. Milliseconds; forever when absent.
    #[serde(default)]
    pub patience_ms: Option<u64>,
    /// How long the caller talks after the answer. Milliseconds; forever when absent.
    #[serde(default)]
    pub talk_ms: Option<u64>,
    /// How long the call rings until any phone answers it by itself. Milliseconds; the phone's own setting when absent.
    #[serde(default)]
    pub answer_after_ms: Option<u64>,
}

impl Caller {
    /// A caller without a number who waits forever.
    pub fn to(to: Number) -> Self {
        let (from, name, patience_ms, talk_ms, answer_after_ms) = (None, None, None, None, None);
        Self { from, to, name, data: Data::new(), patience_ms, talk_ms, answer_after_ms }
    }

    fn party(&self) -> Party {
        let at = self.from.clone().map_or(PartyKind::Withheld, PartyKind::Outside);
        Party { at, name: self.name.clone() }
    }

    fn behavior(&self) -> PartyBehavior {
        let Self { patience_ms, talk_ms, answer_after_ms, .. } = *self;
        PartyBehavior { patience_ms, talk_ms, answer_after_ms, reply: None }
    }
}

/// The longest name of a caller, in bytes. Our choice.
const NAME_BYTES_MAX: usize = 256;

impl Switch {
    /// Starts an incoming call.
    ///
    /// Rejects a number that is not a phone or a queue, and a call that exceeds a limit.
    pub fn caller(&mut self, now: Timestamp, caller: Caller) -> Result<CallId, Error> {
        self.act(now, |switch| switch.call_in(caller))
    }

    /// Hangs up the caller of a call, and with it all other parties.
    pub fn end(&mut self, now: Timestamp, call: &CallId) -> Result<(), Error> {
        self.act(now, |switch| switch.end_call(call))
    }

    /// All calls, by ID.
    pub fn calls(&self) -> impl Iterator<Item = CallView> {
        self.engine.calls().map(|(id, call)| self.call_view(id, call))
    }

    /// Finds a call.
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
        self.people.insert(leg.clone(), SimulatedParty::new(caller.behavior()));
        let Caller { to: dialled, data, .. } = caller;
        self.media(MediaEvent::Incoming { leg, caller: party, dialled, to, data, up: false });
        Ok(call)
    }

    /// The destination of a number that is dialed from outside.
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

    /// Handles a party that hangs up. A phone leaves only this call; other parties leave all their calls.
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
