//! A call: who is in it and what it carries.

use model::{
    CallId, Data, Number, Party, PartyKind, QueueId,
    switch::{CallPicture, ConnectionPicture, Delivery},
};

use super::{Connection, State};

/// A call and its parties.
#[derive(Debug)]
pub(crate) struct Call {
    /// Who called, or whoever took that one's place.
    pub(crate) caller: Party,
    pub(crate) dialled: Number,
    /// The queue it waits in, or was last in.
    pub(crate) queue: Option<QueueId>,
    /// The call out of which it grew.
    pub(crate) linked: Option<CallId>,
    pub(crate) data: Data,
    /// After how long any phone at which it rings answers by itself. Milliseconds.
    pub(crate) answer_after_ms: Option<u64>,
    /// The hub has been told of it: it was dialled at a phone, rings or waits.
    pub(crate) told: bool,
    /// Somebody picked up once.
    pub(crate) answered: bool,
    pub(crate) connections: Vec<Connection>,
}

impl Call {
    /// A call of `caller` alone.
    pub(crate) fn new(caller: Connection, dialled: Number, data: Data) -> Self {
        Self {
            caller: caller.party.clone(),
            dialled,
            queue: None,
            linked: None,
            data,
            answer_after_ms: None,
            told: false,
            answered: false,
            connections: vec![caller],
        }
    }

    pub(crate) fn connection(&self, at: &PartyKind) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.party.at == *at)
    }

    pub(crate) fn connection_mut(&mut self, at: &PartyKind) -> Option<&mut Connection> {
        self.connections.iter_mut().find(|connection| connection.party.at == *at)
    }

    /// Everybody but `at`.
    pub(crate) fn others<'a>(&'a self, at: &'a PartyKind) -> impl Iterator<Item = &'a Connection> {
        self.connections.iter().filter(move |connection| connection.party.at != *at)
    }

    /// Takes a party out; the first of those left takes a caller's place.
    pub(crate) fn remove(&mut self, at: &PartyKind) -> Option<Connection> {
        let index = self.connections.iter().position(|connection| connection.party.at == *at)?;
        let gone = self.connections.remove(index);
        if let Some(first) = self.connections.first().filter(|_| self.caller.at == *at) {
            self.caller = first.party.clone();
        }
        Some(gone)
    }

    /// Whether those who are in it have a reason to stay: two of them, or one that waits in a queue.
    pub(crate) fn goes_on(&self) -> bool {
        match self.connections.as_slice() {
            [] => false,
            [one] => one.state == State::Queued,
            several => several.iter().any(|connection| !connection.state.is_called()),
        }
    }

    /// Everybody of whom the hub has been told.
    pub(crate) fn parties(&self) -> Vec<Party> {
        let told = self.connections.iter().filter(|connection| connection.state.told().is_some());
        told.map(|connection| connection.party.clone()).collect()
    }

    /// What is told when it rings at `at`.
    pub(crate) fn delivery(&self, id: &CallId, at: &Connection) -> Delivery {
        Delivery {
            call: id.clone(),
            at: at.party.at.clone(),
            caller: self.caller.clone(),
            dialled: self.dialled.clone(),
            queue: at.through.clone(),
            linked: self.linked.clone(),
            data: self.data.clone(),
        }
    }

    /// All of it, as the hub is told.
    pub(crate) fn picture(&self, id: &CallId) -> CallPicture {
        CallPicture {
            call: id.clone(),
            queue: self.queue.clone(),
            caller: self.caller.clone(),
            dialled: self.dialled.clone(),
            linked: self.linked.clone(),
            data: self.data.clone(),
            connections: self.connections.iter().filter_map(place).collect(),
        }
    }
}

fn place(connection: &Connection) -> Option<ConnectionPicture> {
    let state = connection.state.told()?;
    Some(ConnectionPicture { party: connection.party.clone(), state })
}
