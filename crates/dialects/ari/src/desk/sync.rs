//! What Asterisk has, read after each connection and whenever something failed.
//!
//! After a connection everything is read: channels, bridges, what we wrote on channels that are not known here, and how their calls are
//! recorded. Meanwhile events wait. What is gone is taken out, what is not known is taken over by what is written on it, what is nobody's
//! is hung up; then the hub gets one picture. Later, when something failed, only channels are read.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use http::StatusCode;
use model::CallId;
use pbx::{LegId, MediaEvent, Note, Picture, Place, Recording, SeenLeg, recording_name};

use super::{
    Desk, OWN,
    effects::{Purpose, bridge, call_of, place_in},
    link::Phase,
};
use crate::wire::{
    self, Bridge, Event, Op,
    event::{LiveRecording, Variable},
    limits::QUESTIONS_MAX,
};

/// A question of the whole picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    Filter,
    Channels,
    Bridges,
    Note(LegId),
    Recording(CallId),
    /// Only which channels there are.
    Quick,
}

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    channels: Option<Vec<wire::Channel>>,
    bridges: Option<Vec<Bridge>>,
    notes: BTreeMap<LegId, Note>,
    recordings: BTreeMap<CallId, Recording>,
    /// What is still to be asked, and how many questions are open.
    questions: VecDeque<Question>,
    open: usize,
    /// What happened meanwhile.
    pub(super) events: Vec<Event>,
}

impl Reading {
    pub(super) fn held(&self) -> usize {
        self.events.len() + self.notes.len() + self.questions.len()
    }

    /// All of it, as the call engine needs it.
    fn picture(&mut self) -> Picture {
        let bridges = self.bridges.as_deref().unwrap_or_default();
        let mut notes = std::mem::take(&mut self.notes);
        let seen = |channel: &wire::Channel| {
            let at = bridges.iter().find(|bridge| bridge.channels.contains(&channel.id));
            let place = at.map_or(Place::Alone, |bridge| place_in(&bridge.id));
            (channel.id.clone(), SeenLeg { up: channel.is_up(), place, note: notes.remove(&channel.id) })
        };
        let legs = self.channels.iter().flatten().map(seen).collect();
        Picture { legs, recordings: std::mem::take(&mut self.recordings) }
    }
}

impl Desk {
    /// Begins to read everything.
    pub(super) fn read_everything(&mut self) {
        let questions = [Question::Filter, Question::Channels, Question::Bridges];
        self.question(questions);
    }

    fn question(&mut self, questions: impl IntoIterator<Item = Question>) {
        let Phase::Reading { picture, .. } = &mut self.phase else { return };
        picture.questions.extend(questions);
        let mut next = Vec::new();
        while picture.open < QUESTIONS_MAX
            && let Some(question) = picture.questions.pop_front()
        {
            picture.open += 1;
            next.push(question);
        }
        for question in next {
            self.send(self.op(&question), Purpose::Picture(question));
        }
    }

    fn op(&self, question: &Question) -> Op {
        match question {
            Question::Filter => Op::Filter(self.config.application.clone()),
            Question::Channels | Question::Quick => Op::Channels,
            Question::Bridges => Op::Bridges,
            Question::Note(channel) => Op::ReadNote(channel.clone()),
            Question::Recording(call) => Op::ReadRecording(recording_name(call)),
        }
    }

    /// Part of the picture came.
    pub(super) fn pictured(&mut self, question: Question, status: StatusCode, body: &[u8]) {
        if question == Question::Quick {
            return self.looked(status, body);
        }
        let Phase::Reading { picture, .. } = &mut self.phase else { return };
        picture.open = picture.open.saturating_sub(1);
        if !take(picture, &question, status, body) {
            return self.lose(&format!("Asterisk answers {status} when asked for its state"));
        }
        let further = match question {
            Question::Channels | Question::Bridges => self.further(),
            Question::Filter | Question::Note(_) | Question::Recording(_) | Question::Quick => Vec::new(),
        };
        self.question(further);
        self.adopt_when_read();
    }

    /// What is to be asked once it is known which channels and bridges there are.
    fn further(&self) -> Vec<Question> {
        let Phase::Reading { picture, .. } = &self.phase else { return Vec::new() };
        let Some((channels, bridges)) = picture.channels.as_ref().zip(picture.bridges.as_ref()) else {
            return Vec::new();
        };
        let unknown =
            channels.iter().filter(|channel| self.is_ours(channel) && self.engine.leg(&channel.id).is_none());
        let notes = unknown.map(|channel| Question::Note(channel.id.clone()));
        let calls = bridges.iter().filter_map(|bridge| call_of(&bridge.id));
        let calls = calls.filter(|call| self.engine.call(call).is_err());
        notes.chain(calls.map(Question::Recording)).collect()
    }

    /// Whether a channel is in our application, or on its way into it.
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
        self.failures = 0;
        self.adopt(reading);
    }

    /// Brings what is known here in line with what Asterisk has.
    fn adopt(&mut self, mut reading: Reading) {
        let picture = reading.picture();
        let (channels, bridges) = (reading.channels.unwrap_or_default(), reading.bridges.unwrap_or_default());
        let own = bridges.iter().map(|bridge| bridge.id.clone()).filter(|id| id.starts_with(OWN));
        self.bridges = own.collect();
        self.engine.adopt(self.out.now(), &picture);
        self.engine.tell_link_up(self.features());
        self.engine.tidy();
        self.pump();
        self.drop_unused_bridges();
        let (known, unknown): (Vec<_>, Vec<_>) =
            channels.iter().partition(|channel| self.engine.leg(&channel.id).is_some());
        known.into_iter().for_each(|channel| self.catch_up(channel));
        unknown.into_iter().for_each(|channel| self.arrive_late(channel));
        reading.events.into_iter().for_each(|event| self.event(event));
    }

    /// Bridges of calls that are over while nobody listened.
    fn drop_unused_bridges(&mut self) {
        let used: BTreeSet<_> =
            self.engine.calls().filter_map(|(id, _)| bridge(&Place::Call(id.clone()))).collect();
        let unused = self.bridges.iter().filter(|id| call_of(id).is_some() && !used.contains(*id));
        for bridge in unused.cloned().collect::<Vec<_>>() {
            self.bridges.remove(&bridge);
            self.send(Op::Drop(bridge), Purpose::Tidying);
        }
    }

    /// What happened to a channel while nobody listened.
    fn catch_up(&mut self, channel: &wire::Channel) {
        match channel.state.as_str() {
            "Up" if channel.args(&self.config.application).is_some() => {
                self.media(MediaEvent::Answered(channel.id.clone()));
            }
            "Ringing" => self.media(MediaEvent::Ringing(channel.id.clone())),
            _ => {}
        }
    }

    /// A channel of our application without a note: a call that arrived while the link was down, or a channel that is in no call.
    fn arrive_late(&mut self, channel: &wire::Channel) {
        if !self.is_ours(channel) {
            return;
        }
        match channel.args(&self.config.application).filter(|_| !self.engine.is_leaving(&channel.id)) {
            Some(args) if !channel.id.starts_with(OWN) => self.arrive(&args, channel),
            Some(_) | None => self.hang_up(channel.id.clone()),
        }
    }

    /// Asks which channels there are, because something failed.
    pub(super) fn look(&mut self) {
        self.send(Op::Channels, Purpose::Picture(Question::Quick));
    }

    /// Channels that are there no longer are gone, whatever was heard of them.
    fn looked(&mut self, status: StatusCode, body: &[u8]) {
        let Some(channels) = read::<Vec<wire::Channel>>(status, body) else {
            return self.lose(&format!("Asterisk answers {status} when asked for its channels"));
        };
        let present: BTreeSet<LegId> = channels.into_iter().map(|channel| channel.id).collect();
        self.engine.seen(self.out.now(), &present);
        self.engine.tell_link_up(self.features());
        self.pump();
    }
}

/// Takes an answer into the picture; says whether it was one.
fn take(picture: &mut Reading, question: &Question, status: StatusCode, body: &[u8]) -> bool {
    match question {
        Question::Filter => status.is_success(),
        Question::Channels => {
            picture.channels = read(status, body);
            picture.channels.is_some()
        }
        Question::Bridges => {
            picture.bridges = read(status, body);
            picture.bridges.is_some()
        }
        // Nothing is written there, or the channel has gone meanwhile.
        Question::Note(channel) => {
            let note = read::<Variable>(status, body).and_then(|variable| Note::parse(&variable.value));
            picture.notes.extend(note.map(|note| (channel.clone(), note)));
            true
        }
        Question::Recording(call) => {
            let recording = read::<LiveRecording>(status, body).and_then(|live| match live.state.as_str() {
                "queued" | "recording" => Some(Recording::On),
                "paused" => Some(Recording::Paused),
                _ => None,
            });
            picture.recordings.extend(recording.map(|recording| (call.clone(), recording)));
            true
        }
        Question::Quick => false,
    }
}

fn read<T: serde::de::DeserializeOwned>(status: StatusCode, body: &[u8]) -> Option<T> {
    status.is_success().then(|| serde_json::from_slice(body).ok()).flatten()
}
