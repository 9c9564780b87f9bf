//! Where a dialled number leads.

use model::{CallId, Data, DeviceId, Number, Party, PartyKind, QueueId};

use crate::{
    Error,
    error::who,
    outside::{Behaviour, Reply},
    switch::{Call, Switch},
};

/// Where a dialled number leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Device(DeviceId),
    Queue(QueueId),
    Outside(Number, Behaviour),
}

impl Target {
    /// Whom a call there is shown to be for. A queue is no party, so its number stands for it.
    pub(crate) fn party(&self, dialled: &Number) -> Party {
        Party::new(match self {
            Self::Device(device) => PartyKind::Device(device.clone()),
            Self::Queue(_) | Self::Outside(..) => PartyKind::Outside(dialled.clone()),
        })
    }
}

impl Switch {
    /// Where a number leads.
    pub(crate) fn target(&self, number: &Number) -> Target {
        if let Some((device, _)) = self.phones.get_key_value(number.as_str()) {
            return Target::Device(device.clone());
        }
        if let Some(queue) = self.queues.get(number.as_str()) {
            return Target::Queue(queue.clone());
        }
        Target::Outside(number.clone(), self.outside.behaviour(number))
    }

    /// Where a number leads, when a new call may go there from `from`.
    pub(crate) fn reachable(&self, from: &PartyKind, number: &Number) -> Result<Target, Error> {
        let target = self.target(number);
        if target.party(number).at == *from {
            return Err(Error::Busy(who(from)));
        }
        if let Target::Device(device) = &target {
            self.check_room(device)?;
        }
        Ok(target)
    }

    /// Where a number leads, when the others of a call may be sent there without `from`.
    pub(crate) fn open(&self, call: &CallId, from: &PartyKind, number: &Number) -> Result<Target, Error> {
        let target = self.reachable(from, number)?;
        match &target {
            Target::Queue(_) => self.check_alone(call, from)?,
            Target::Outside(_, Behaviour { reply: Reply::Busy, .. }) => {
                return Err(Error::Busy(who(&target.party(number).at)));
            }
            Target::Outside(_, Behaviour { reply: Reply::Invalid, .. }) => {
                return Err(Error::InvalidNumber(who(&target.party(number).at)));
            }
            Target::Device(_) | Target::Outside(..) => {}
        }
        self.check_absent(call, &target.party(number).at)?;
        Ok(target)
    }

    /// Refuses when there cannot be another call, or none with so much data.
    pub(crate) fn check_new_call(&self, data: &Data) -> Result<(), Error> {
        let bytes = data.iter().map(|(name, value)| name.len() + value.len()).sum();
        check_max("the size of data in bytes", bytes, self.config.data_bytes_max)?;
        check_max("the count of calls", self.calls.len() + 1, self.config.calls_max)
    }

    /// Refuses when a call cannot take so many more parties.
    pub(crate) fn check_parties(&self, call: &Call, more: usize) -> Result<(), Error> {
        check_max("the count of parties in a call", call.connections.len() + more, self.config.parties_max)
    }

    /// Refuses when a party is in a call.
    pub(crate) fn check_absent(&self, call: &CallId, at: &PartyKind) -> Result<(), Error> {
        match self.known_call(call)?.connection(at) {
            Some(_) => Err(Error::Twice { party: at.clone(), call: call.clone() }),
            None => Ok(()),
        }
    }

    /// Refuses unless there is one other in the call, and that one talks.
    pub(crate) fn check_alone(&self, call: &CallId, from: &PartyKind) -> Result<(), Error> {
        let found = self.known_call(call)?;
        let talking = found.others(from).all(|other| other.state == crate::State::Connected);
        let parties = found.others(from).count();
        if parties == 1 && talking { Ok(()) } else { Err(Error::NotAlone { call: call.clone(), parties }) }
    }
}

fn check_max(what: &'static str, count: usize, count_max: usize) -> Result<(), Error> {
    if count <= count_max { Ok(()) } else { Err(Error::TooMany { what, count, count_max }) }
}
