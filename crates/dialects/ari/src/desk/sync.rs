//! What Asterisk has, read after each connection and whenever something failed.
//!
//! After a connection everything is read: channels, bridges, what we wrote on channels that are not known here, and how their calls are
//! recorded. Meanwhile events wait. What is gone is taken out, what is not known is taken over by what is written on it, what is nobody's
//! is hung up; then the hub gets one picture. Later, when something failed, only channels are read.

use std::collections::BTreeSet;

use http::StatusCode;
use pbx::{LegId, MediaEvent, Place, recording_name};

use super::{
    Desk, OWN,
    effects::Purpose,
    link::Phase,
    picture::{Question, Reading, read},
    places::{bridge, call_of},
};
use crate::wire::{self, Op, limits::QUESTIONS_MAX};

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
        if !picture.take(&question, status, body) {
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
        self.backoff.reset();
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
