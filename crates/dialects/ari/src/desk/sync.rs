//! Synchronization with Asterisk, after each connection and after a failure.
//!
//! After a connection, everything is read: channels, bridges, the notes on unknown channels, and the recordings of their calls. Meanwhile
//! events wait. Channels that are gone are removed, unknown channels are adopted by their notes, and channels that belong to nothing are hung
//! up. Then the hub gets the complete state. After a failure, only the channels are read.

use std::collections::BTreeSet;

use http::StatusCode;
use pbx::{LegId, MediaEvent, Place, recording_name};

use super::{
    DeskSession, OWN,
    effects::Purpose,
    link::Phase,
    picture::{StateQuery, StateReading, read},
    places::{bridge, call_of},
};
use crate::wire::{self, Op, limits::STATE_QUERIES_MAX};

impl DeskSession {
    /// Starts to read everything.
    pub(super) fn read_everything(&mut self) {
        let state_queries = [StateQuery::Filter, StateQuery::Channels, StateQuery::Bridges];
        self.state_query(state_queries);
    }

    fn state_query(&mut self, state_queries: impl IntoIterator<Item = StateQuery>) {
        let Phase::Reading { picture, .. } = &mut self.phase else { return };
        picture.state_queries.extend(state_queries);
        let mut next = Vec::new();
        while picture.open < STATE_QUERIES_MAX
            && let Some(state_query) = picture.state_queries.pop_front()
        {
            picture.open += 1;
            next.push(state_query);
        }
        for state_query in next {
            self.send(self.op(&state_query), Purpose::Picture(state_query));
        }
    }

    fn op(&self, state_query: &StateQuery) -> Op {
        match state_query {
            StateQuery::Filter => Op::Filter(self.config.application.clone()),
            StateQuery::Channels | StateQuery::Quick => Op::Channels,
            StateQuery::Bridges => Op::Bridges,
            StateQuery::Note(channel) => Op::ReadNote(channel.clone()),
            StateQuery::Recording(call) => Op::ReadRecording(recording_name(call)),
        }
    }

    /// A part of the state has arrived.
    pub(super) fn state_received(&mut self, state_query: StateQuery, status: StatusCode, body: &[u8]) {
        if state_query == StateQuery::Quick {
            return self.looked(status, body);
        }
        let Phase::Reading { picture, .. } = &mut self.phase else { return };
        picture.open = picture.open.saturating_sub(1);
        if !picture.take(&state_query, status, body) {
            return self.lose(&format!("Asterisk answers {status} when asked for its state"));
        }
        let further = match state_query {
            StateQuery::Channels | StateQuery::Bridges => self.further(),
            StateQuery::Filter | StateQuery::Note(_) | StateQuery::Recording(_) | StateQuery::Quick => {
                Vec::new()
            }
        };
        self.state_query(further);
        self.adopt_when_read();
    }

    /// The queries that follow once all channels and bridges are known.
    fn further(&self) -> Vec<StateQuery> {
        let Phase::Reading { picture, .. } = &self.phase else { return Vec::new() };
        let Some((channels, bridges)) = picture.channels.as_ref().zip(picture.bridges.as_ref()) else {
            return Vec::new();
        };
        let unknown =
            channels.iter().filter(|channel| self.is_ours(channel) && self.engine.leg(&channel.id).is_none());
        let notes = unknown.map(|channel| StateQuery::Note(channel.id.clone()));
        let calls = bridges.iter().filter_map(|bridge| call_of(&bridge.id));
        let calls = calls.filter(|call| self.engine.call(call).is_err());
        notes.chain(calls.map(StateQuery::Recording)).collect()
    }

    /// Whether a channel is in Cordboard's application, or on its way into it.
    fn is_ours(&self, channel: &wire::Channel) -> bool {
        channel.id.starts_with(OWN) || channel.args(&self.config.application).is_some()
    }

    fn adopt_when_read(&mut self) {
        let Phase::Reading { link, picture } = &mut self.phase else { return };
        let is_read = picture.channels.is_some() && picture.bridges.is_some();
        if picture.open > 0 || !is_read {
            return;
        }
        let (link, reading) = (*link, std::mem::take(picture));
        self.phase = Phase::Up { link };
        self.backoff.reset();
        self.adopt(reading);
    }

    /// Updates the call engine to Asterisk's state.
    fn adopt(&mut self, mut reading: StateReading) {
        let picture = reading.picture();
        let (channels, bridges) = (reading.channels.unwrap_or_default(), reading.bridges.unwrap_or_default());
        let own = bridges.iter().map(|bridge| bridge.id.clone()).filter(|id| id.starts_with(OWN));
        self.bridges = own.collect();
        self.engine.adopt(self.out.now(), &picture);
        self.engine.report_link_up(self.features());
        self.engine.tidy();
        self.carry_out_outputs();
        self.drop_unused_bridges();
        self.read_phones();
        let (known, unknown): (Vec<_>, Vec<_>) =
            channels.iter().partition(|channel| self.engine.leg(&channel.id).is_some());
        known.into_iter().for_each(|channel| self.catch_up(channel));
        unknown.into_iter().for_each(|channel| self.arrive_late(channel));
        reading.events.into_iter().for_each(|event| self.event(event));
    }

    /// Removes bridges of calls that ended while there was no connection.
    fn drop_unused_bridges(&mut self) {
        let used: BTreeSet<_> =
            self.engine.calls().filter_map(|(id, _)| bridge(&Place::Call(id.clone()))).collect();
        let unused = self.bridges.iter().filter(|id| call_of(id).is_some() && !used.contains(*id));
        for bridge in unused.cloned().collect::<Vec<_>>() {
            self.bridges.remove(&bridge);
            self.send(Op::Drop(bridge), Purpose::Cleanup);
        }
    }

    /// Updates a known channel to its current state.
    fn catch_up(&mut self, channel: &wire::Channel) {
        match channel.state.as_str() {
            "Up" if channel.args(&self.config.application).is_some() => {
                self.media(MediaEvent::Answered(channel.id.clone()));
            }
            "Ringing" => self.media(MediaEvent::Ringing(channel.id.clone())),
            _ => {}
        }
    }

    /// Handles a channel without a note: a call that arrived while there was no connection, or a channel without a call.
    fn arrive_late(&mut self, channel: &wire::Channel) {
        if !self.is_ours(channel) {
            return;
        }
        match channel.args(&self.config.application).filter(|_| !self.engine.is_leaving(&channel.id)) {
            Some(args) if !channel.id.starts_with(OWN) => self.arrive(&args, channel),
            Some(_) | None => self.hang_up(channel.id.clone()),
        }
    }

    /// Reads the channels after a failure.
    pub(super) fn look(&mut self) {
        self.send(Op::Channels, Purpose::Picture(StateQuery::Quick));
    }

    /// Removes channels that no longer exist.
    fn looked(&mut self, status: StatusCode, body: &[u8]) {
        let Some(channels) = read::<Vec<wire::Channel>>(status, body) else {
            return self.lose(&format!("Asterisk answers {status} when asked for its channels"));
        };
        let present: BTreeSet<LegId> = channels.into_iter().map(|channel| channel.id).collect();
        self.engine.seen(self.out.now(), &present);
        self.engine.report_link_up(self.features());
        self.carry_out_outputs();
    }
}
