//! What Asterisk has, read after each connection and whenever something failed.
//!
//! After a connection everything is read: channels, bridges, what we wrote on channels that are not known here, and how their calls are
//! recorded. Meanwhile events wait. What is gone is taken out, what is not known is taken over by what is written on it, what is nobody's
//! is hung up; then the hub gets one picture. Later, when something failed, only channels are read.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use compact_str::CompactString;
use http::StatusCode;
use model::CallId;

use super::{
    Desk, OWN,
    calls::{Call, Member, Recording},
    channels::{Channel, ChannelId, Phase as ChannelPhase, Place},
    lanes::Purpose,
    link::Phase,
    media::{bridge, is_call_bridge},
};
use crate::wire::{
    self, Bridge, Event, Op,
    event::{LiveRecording, Variable},
    limits::QUESTIONS_MAX,
    note::{Note, State},
};

/// A question of the whole picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    Filter,
    Channels,
    Bridges,
    Note(ChannelId),
    Recording(CallId),
    /// Only which channels there are.
    Quick,
}

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Picture {
    channels: Option<Vec<wire::Channel>>,
    bridges: Option<Vec<Bridge>>,
    notes: BTreeMap<ChannelId, Note>,
    recordings: BTreeMap<CallId, Recording>,
    /// What is to be asked yet, and how many questions are open.
    questions: VecDeque<Question>,
    open: usize,
    /// What happened meanwhile.
    pub(super) events: Vec<Event>,
}

/// The channels that were known when Asterisk was asked which there are.
#[derive(Debug)]
pub(super) struct Quick(BTreeSet<ChannelId>);

impl Picture {
    pub(super) fn held(&self) -> usize {
        self.events.len() + self.notes.len() + self.questions.len()
    }
}

impl Quick {
    pub(super) fn held(&self) -> usize {
        self.0.len()
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
            Question::Filter => Op::Filter(self.config.app.clone()),
            Question::Channels | Question::Quick => Op::Channels,
            Question::Bridges => Op::Bridges,
            Question::Note(channel) => Op::ReadNote(channel.clone()),
            Question::Recording(call) => Op::ReadRecording(Call::recording_name(call)),
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
        let unknown = channels
            .iter()
            .filter(|channel| self.is_ours(channel) && !self.channels.contains_key(&channel.id));
        let notes = unknown.map(|channel| Question::Note(channel.id.clone()));
        let calls = bridges.iter().filter_map(|bridge| {
            let id = bridge.id.strip_prefix(OWN)?.strip_prefix("call-")?;
            CallId::new(id).ok().filter(|call| !self.calls.contains_key(call))
        });
        notes.chain(calls.map(Question::Recording)).collect()
    }

    /// Whether a channel is in our application, or on its way into it.
    fn is_ours(&self, channel: &wire::Channel) -> bool {
        channel.id.starts_with(OWN) || channel.args(&self.config.app).is_some()
    }

    fn adopt_when_read(&mut self) {
        let Phase::Reading { link, picture } = &mut self.phase else { return };
        let is_read = picture.channels.is_some() && picture.bridges.is_some();
        if picture.open > 0 || !is_read {
            return;
        }
        let (link, picture) = (*link, std::mem::take(picture));
        self.phase = Phase::Up { link, picture: None };
        self.failures = 0;
        self.doubt = false;
        self.pictured = self.out.now();
        self.adopt(picture);
    }

    /// Brings what is known here in line with what Asterisk has.
    fn adopt(&mut self, picture: Picture) {
        let Picture { channels, bridges, notes, recordings, events, .. } = picture;
        let (channels, bridges) = (channels.unwrap_or_default(), bridges.unwrap_or_default());
        let present: BTreeSet<&ChannelId> = channels.iter().map(|channel| &channel.id).collect();
        self.leaving.retain(|id| present.contains(id));
        self.drop_absent(|id| present.contains(id));
        let ours = channels.iter().filter(|channel| self.is_ours(channel)).collect::<Vec<_>>();
        let unknown: Vec<_> =
            ours.iter().filter(|channel| !self.channels.contains_key(&channel.id)).collect();
        let mut arrived = Vec::new();
        for channel in unknown {
            match notes.get(&channel.id).filter(|_| !self.leaving.contains(&channel.id)) {
                Some(note) => self.take_over(channel, note),
                None => arrived.push((*channel).clone()),
            }
        }
        self.place_all(&channels, &bridges);
        self.put_recordings_right(&recordings);
        self.put_states_right();
        self.tell_all();
        self.tidy(&bridges);
        channels.iter().for_each(|channel| self.catch_up(channel));
        arrived.iter().for_each(|channel| self.arrive_late(channel));
        events.into_iter().for_each(|event| self.event(event));
    }

    /// Forgets what is there no longer; the picture tells the hub.
    fn drop_absent(&mut self, is_present: impl Fn(&ChannelId) -> bool) {
        let absent = self
            .channels
            .iter()
            .filter(|(id, channel)| !is_present(id) && channel.phase != ChannelPhase::AtDesk);
        for id in absent.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            for call in self.channels.remove(&id).map(|channel| channel.calls).unwrap_or_default() {
                if let Some(found) = self.calls.get_mut(&call) {
                    found.remove(&id);
                    found.transfer = None;
                }
            }
        }
        self.calls.retain(|_, call| !call.members.is_empty());
    }

    /// Takes over a channel by what is written on it.
    fn take_over(&mut self, channel: &wire::Channel, note: &Note) {
        let lane = self.lane_of_note(note);
        let phase = if channel.is_up() { ChannelPhase::Up } else { ChannelPhase::Ringing };
        let mut kept = Channel::new(note.party.clone(), phase, lane);
        kept.calls = note.calls.iter().map(|place| place.call.clone()).collect();
        self.channels.insert(channel.id.clone(), kept);
        for place in &note.calls {
            let call = self.calls.entry(place.call.clone()).or_insert_with(|| {
                let mut call = Call::new(place.caller.clone(), place.dialled.clone(), lane);
                (call.queue, call.linked) = (place.queue.clone(), place.linked.clone());
                (call.data, call.told) = (place.data.clone(), true);
                call
            });
            call.answered |= place.answered;
            let mut member = Member::new(channel.id.clone(), note.party.clone(), place.state);
            member.through.clone_from(&place.through);
            call.members.push(member);
        }
    }

    /// The lane of calls that a channel shares with others that were taken over already.
    fn lane_of_note(&mut self, note: &Note) -> u64 {
        let known = note.calls.iter().find_map(|place| Some(self.calls.get(&place.call)?.lane));
        known.unwrap_or_else(|| self.out.number())
    }

    /// Takes note of where channels are; what was written on them is written anew.
    fn place_all(&mut self, channels: &[wire::Channel], bridges: &[Bridge]) {
        self.bridges =
            bridges.iter().map(|bridge| bridge.id.clone()).filter(|id| id.starts_with(OWN)).collect();
        for channel in channels {
            let at = bridges.iter().find(|bridge| bridge.channels.contains(&channel.id));
            let place = at.map_or(Place::Nowhere, |bridge| self.place_in(&bridge.id));
            if let Some(known) = self.channels.get_mut(&channel.id) {
                known.place = place;
                known.note.clear();
            }
        }
    }

    fn place_in(&self, id: &CompactString) -> Place {
        let queue = id.strip_prefix(OWN).and_then(|rest| rest.strip_prefix("queue-"));
        let call = id.strip_prefix(OWN).and_then(|rest| rest.strip_prefix("call-"));
        let queue = queue.and_then(|queue| model::QueueId::new(queue).ok()).map(Place::Queue);
        let call = call.and_then(|call| CallId::new(call).ok()).map(Place::Call);
        queue
            .or(call)
            .or_else(|| (bridge(&Place::Held).as_ref() == Some(id)).then_some(Place::Held))
            .unwrap_or(Place::Nowhere)
    }

    fn put_recordings_right(&mut self, recordings: &BTreeMap<CallId, Recording>) {
        for (call, recording) in recordings {
            if let Some(found) = self.calls.get_mut(call) {
                found.recording = *recording;
            }
        }
    }

    /// One who waits while it rings somewhere is not in the queue at the moment; one for whom it rings nowhere is.
    fn put_states_right(&mut self) {
        for call in self.calls.values_mut() {
            let rings = call.members.iter().any(|member| super::calls::is_called(member.state));
            let has_queue = call.queue.is_some();
            for member in call.members.iter_mut().filter(|member| super::calls::waits(member.state)) {
                member.state = match (rings, has_queue) {
                    (false, true) => State::Queued,
                    (true, _) | (false, false) => State::Initiated,
                };
            }
        }
    }

    /// Ends what has no reason to go on, and brings everybody else to where they belong.
    fn tidy(&mut self, bridges: &[Bridge]) {
        for call in self.calls.keys().cloned().collect::<Vec<_>>() {
            self.shrink(&call, model::Cause::Lost);
        }
        let idle = self.channels.iter().filter(|(_, channel)| channel.calls.is_empty());
        for id in idle.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.release(&id, model::Cause::Lost);
        }
        let lane = self.out.number();
        for bridge in bridges.iter().filter(|bridge| is_call_bridge(&bridge.id)) {
            let is_used = self.calls.keys().any(|call| super::call_bridge(call) == bridge.id);
            if !is_used && self.bridges.remove(&bridge.id) {
                self.ask(lane, Op::Drop(bridge.id.clone()), None);
            }
        }
    }

    /// What happened to a channel while nobody listened.
    fn catch_up(&mut self, channel: &wire::Channel) {
        if !self.channels.contains_key(&channel.id) {
            return;
        }
        match channel.state.as_str() {
            "Up" if channel.args(&self.config.app).is_some() => self.came_up(&channel.id),
            "Ringing" => self.rings(&channel.id),
            _ => {}
        }
    }

    /// A channel of ours on which nothing is written: a call that came while nobody listened, or one that is nobody's.
    fn arrive_late(&mut self, channel: &wire::Channel) {
        match channel.args(&self.config.app).filter(|_| !self.leaving.contains(&channel.id)) {
            Some(args) if !channel.id.starts_with(OWN) => self.arrive(&args, channel),
            Some(_) | None => self.hang_up_unknown(channel.id.clone()),
        }
    }

    /// Asks which channels there are, because something failed.
    pub(super) fn look(&mut self) {
        let Phase::Up { picture, .. } = &mut self.phase else { return };
        if picture.is_some() {
            return;
        }
        let there = self
            .channels
            .iter()
            .filter(|(_, channel)| matches!(channel.phase, ChannelPhase::Ringing | ChannelPhase::Up));
        *picture = Some(Quick(there.map(|(id, _)| id.clone()).collect()));
        self.send(Op::Channels, Purpose::Picture(Question::Quick));
    }

    /// Channels that are there no longer are gone, whatever was heard of them.
    fn looked(&mut self, status: StatusCode, body: &[u8]) {
        let Phase::Up { picture, .. } = &mut self.phase else { return };
        let Some(Quick(known)) = picture.take() else { return };
        let Some(channels) = read::<Vec<wire::Channel>>(status, body) else {
            return self.lose(&format!("Asterisk answers {status} when asked for its channels"));
        };
        self.doubt = false;
        self.pictured = self.out.now();
        let present: BTreeSet<ChannelId> = channels.into_iter().map(|channel| channel.id).collect();
        for id in known.into_iter().filter(|id| !present.contains(id)) {
            self.gone(&id, None);
        }
        self.tell_all();
    }
}

/// Takes an answer into the picture; says whether it was one.
fn take(picture: &mut Picture, question: &Question, status: StatusCode, body: &[u8]) -> bool {
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
