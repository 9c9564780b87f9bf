//! Carries out effects of the call engine as requests to Asterisk. Places are bridges.

use std::collections::VecDeque;

use compact_str::CompactString;
use http::StatusCode;
use model::{Number, PartyKind};
use pbx::{Dial, Effect, EffectId, LegId, Output, Place, Target, recording_name};
use session::{ConnectionReuse, Exchange, Timeouts, ToHttp};

use super::{
    DeskSession,
    picture::StateQuery,
    places::{bridge, call_bridge},
};
use crate::wire::{
    Op,
    limits::{BACKLOG_MAX, TIMEOUTS},
    op::Originate,
};

/// The purpose of a request to Asterisk.
#[derive(Debug)]
pub(super) enum Purpose {
    /// Part of an effect.
    Effect(EffectId, Op),
    /// Part of the synchronization.
    Picture(StateQuery),
    /// Check that Asterisk is running.
    Ping,
    /// Read the phones.
    Phones,
    /// Clean up; the answer does not matter.
    Cleanup,
}

impl DeskSession {
    /// Carries out the outputs of the call engine.
    pub(super) fn carry_out_outputs(&mut self) {
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Effect { id, effect } => {
                    let ops = self.ops(effect);
                    self.jobs.insert(id, ops);
                    self.continue_effect(id);
                }
                Output::Event(event) => self.report(event),
                Output::Answer { request, answer } => self.answer(request, answer),
                Output::Picture => self.engine.report_link_up(self.features()),
                Output::Look => self.look(),
            }
        }
        if self.engine.backlog() > BACKLOG_MAX {
            self.lose("Asterisk does not keep up with what is asked of it");
        }
    }

    /// Sends the next request of an effect. An effect without further requests is done.
    fn continue_effect(&mut self, id: EffectId) {
        match self.jobs.get_mut(&id).and_then(VecDeque::pop_front) {
            Some(op) => self.send(op.clone(), Purpose::Effect(id, op)),
            None => {
                self.jobs.remove(&id);
                self.engine.done(self.out.now(), id, Ok(()));
            }
        }
    }

    /// Sends a request.
    pub(super) fn send(&mut self, op: Op, purpose: Purpose) {
        let exchange = self.out.exchange();
        let request = op.request(&self.config.base("http"), &self.authorization);
        self.open_requests.insert(exchange, purpose);
        let reuse = if request.method().is_safe() { ConnectionReuse::Resend } else { ConnectionReuse::Use };
        self.out.push(ToHttp::Request { exchange, request, timeouts: Timeouts { reuse, ..TIMEOUTS } });
    }

    /// Handles a response of Asterisk.
    pub(super) fn answered(&mut self, exchange: Exchange, status: StatusCode, body: &[u8]) {
        match self.open_requests.remove(&exchange) {
            None | Some(Purpose::Cleanup) => {}
            Some(Purpose::Ping) if status.is_success() => {}
            Some(Purpose::Phones) => self.phones_received(status, body),
            Some(Purpose::Ping) => self.lose(&format!("Asterisk answers {status} to a ping")),
            Some(Purpose::Picture(state_query)) => self.state_received(state_query, status, body),
            Some(Purpose::Effect(id, op)) if op.is_done(status) => self.continue_effect(id),
            Some(Purpose::Effect(id, _)) => {
                let why = reason(body);
                tracing::debug!(?status, %why, "Asterisk refused a request");
                self.jobs.remove(&id);
                let why = format!("Asterisk answered {status}: {why}").into();
                self.engine.done(self.out.now(), id, Err(why));
            }
        }
        self.carry_out_outputs();
    }

    /// A request got no response, so it is not known whether Asterisk carried it out.
    pub(super) fn unanswered(&mut self, exchange: Exchange, why: &str) {
        match self.open_requests.remove(&exchange) {
            // They are read again later.
            None | Some(Purpose::Phones) => {}
            Some(Purpose::Effect(..) | Purpose::Picture(_) | Purpose::Ping | Purpose::Cleanup) => {
                self.lose(why)
            }
        }
    }

    /// The requests that carry out an effect, in order.
    fn ops(&mut self, effect: Effect) -> VecDeque<Op> {
        let mut ops = VecDeque::new();
        match effect {
            Effect::Dial(dial) => ops.extend(self.originate(*dial).map(|one| Op::Originate(Box::new(one)))),
            Effect::Answer(leg) => ops.push_back(Op::Answer(leg)),
            Effect::Clear(leg, cause) => ops.push_back(Op::Hangup(leg, cause)),
            Effect::Move { leg, from, to } => self.move_ops(&leg, &from, &to, &mut ops),
            Effect::Mute(leg, on) => ops.push_back(Op::Mute(leg, on)),
            Effect::Tones(leg, digits) => ops.push_back(Op::Tones(leg, digits)),
            Effect::Announce(leg, place) => ops.push_back(self.announcement(leg, place)),
            Effect::Record(call) => {
                let (bridge, format) = (call_bridge(&call), self.config.recording_format.clone());
                ops.push_back(Op::Record { bridge, name: recording_name(&call), format });
            }
            Effect::Pause(call, on) => ops.push_back(Op::Pause(recording_name(&call), on)),
            Effect::Note(leg, note) => ops.push_back(Op::Note(leg, note.print())),
            Effect::Forget(call) => {
                let bridge = call_bridge(&call);
                ops.extend(self.bridges.remove(&bridge).then_some(Op::Drop(bridge)));
            }
        }
        ops
    }

    /// The request that makes a call. The engine has checked that the target has an endpoint.
    fn originate(&self, dial: Dial) -> Option<Originate> {
        let endpoint = self.engine.numbering.endpoint(&dial.target).ok().flatten()?;
        let is_phone = matches!(dial.target, Target::Device(_));
        Some(Originate {
            channel: dial.leg,
            endpoint,
            app: self.config.application.clone(),
            caller: self.shown(&dial.caller, is_phone),
            ring_s: self.config.ring.duration().as_secs().max(1),
            originator: dial.originator,
            note: dial.note.map(|note| note.print()).unwrap_or_default(),
            answers_itself: dial.hands_free,
        })
    }

    /// The caller ID that the called party sees: outside the configured number, inside the caller's.
    fn shown(&self, caller: &PartyKind, is_phone: bool) -> String {
        if !is_phone {
            return self.config.caller_id.as_ref().map_or_else(String::new, ToString::to_string);
        }
        match caller {
            PartyKind::Outside(number) => number.to_string(),
            PartyKind::Device(device) => {
                Number::new(device.as_str()).map_or_else(|_| String::new(), |number| number.to_string())
            }
            PartyKind::Withheld => String::new(),
        }
    }

    fn move_ops(&mut self, leg: &LegId, from: &Place, to: &Place, ops: &mut VecDeque<Op>) {
        if *from == Place::Ringback {
            ops.push_back(Op::Ring(leg.clone(), false));
        }
        match (bridge(from), bridge(to)) {
            (_, Some(bridge)) => self.join_ops(leg, bridge, to, ops),
            (Some(bridge), None) => ops.push_back(Op::Leave(bridge, leg.clone())),
            (None, None) => {}
        }
        if *to == Place::Ringback {
            ops.push_back(Op::Ring(leg.clone(), true));
        }
    }

    fn join_ops(&mut self, leg: &LegId, bridge: CompactString, place: &Place, ops: &mut VecDeque<Op>) {
        let mixes = matches!(place, Place::Call(_));
        // Effects of different calls run in parallel, so a waiting bridge that another effect has requested may not exist yet.
        if self.bridges.insert(bridge.clone()) || !mixes {
            ops.push_back(if mixes { Op::Mix(bridge.clone()) } else { Op::Park(bridge.clone()) });
        }
        ops.push_back(Op::Join(bridge.clone(), leg.clone()));
        if !mixes {
            // The music of a bridge ends when the bridge is empty, so it is started for each channel that joins.
            ops.push_back(Op::Music(bridge));
        }
    }

    /// Forgets all requests in progress.
    pub(super) fn clear_requests(&mut self) {
        self.jobs.clear();
        self.open_requests.clear();
    }
}

/// The error text of Asterisk, shortened for display.
fn reason(body: &[u8]) -> CompactString {
    let error: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let text = error.as_ref().and_then(|error| error["message"].as_str().or(error["error"].as_str()));
    text.unwrap_or("no reason given").chars().filter(|c| !c.is_control()).take(120).collect()
}
