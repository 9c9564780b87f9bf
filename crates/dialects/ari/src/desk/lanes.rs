//! What Asterisk is asked, one thing after the other for each group of calls that share channels.
//!
//! Requests to Asterisk go over several connections and overtake each other; a channel cannot join a bridge that is not made yet. So
//! each call has a lane, which its consults share, and in a lane the next request goes out when the one before it was answered.

use std::collections::VecDeque;

use compact_str::CompactString;
use http::StatusCode;
use model::{RequestId, SwitchAnswer, SwitchEvent};
use session::{Exchange, Kept, Patience, ToPeer};

use super::{Desk, link::Phase, sync::Question};
use crate::wire::{
    Op,
    limits::{PATIENCE, STEPS_MAX},
};

/// Names a lane.
pub(super) type LaneId = u64;

/// What is to be done, in order.
#[derive(Debug, Default)]
pub(super) struct Lane {
    steps: VecDeque<Step>,
    /// A request is with Asterisk.
    busy: bool,
}

/// One thing to be done, and the hub's request for whose sake.
#[derive(Debug)]
struct Step {
    what: What,
    request: Option<RequestId>,
}

#[derive(Debug)]
enum What {
    Do(Op),
    Tell(SwitchEvent),
    Answer(RequestId, SwitchAnswer),
}

/// What an exchange is for.
#[derive(Debug)]
pub(super) enum Purpose {
    /// A step of a lane.
    Step { lane: LaneId, op: Op, request: Option<RequestId> },
    /// Part of the whole picture.
    Picture(Question),
    /// To know that Asterisk is there.
    Ping,
}

impl Lane {
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Leaves out what was to be done for a request.
    fn forget(&mut self, request: RequestId) {
        self.steps.retain(|step| step.request != Some(request));
    }
}

impl Desk {
    /// Has Asterisk do something, for the sake of a request or of none.
    pub(super) fn ask(&mut self, lane: LaneId, op: Op, request: Option<RequestId>) {
        self.step(lane, What::Do(op), request);
    }

    /// Tells the hub once everything before it was done.
    pub(super) fn tell(&mut self, lane: LaneId, event: SwitchEvent, request: Option<RequestId>) {
        self.step(lane, What::Tell(event), request);
    }

    /// Answers a request once everything before it was done.
    pub(super) fn answer_then(&mut self, lane: LaneId, request: RequestId, answer: SwitchAnswer) {
        self.step(lane, What::Answer(request, answer), Some(request));
    }

    fn step(&mut self, lane: LaneId, what: What, request: Option<RequestId>) {
        self.lanes.entry(lane).or_default().steps.push_back(Step { what, request });
    }

    /// Goes on in every lane in which nothing is under way.
    pub(super) fn run_lanes(&mut self) {
        if self.lanes.values().map(Lane::len).sum::<usize>() > STEPS_MAX {
            return self.lose("Asterisk does not keep up with what is asked of it");
        }
        let ready = self.lanes.iter().filter(|(_, lane)| !lane.busy);
        for lane in ready.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.run_lane(lane);
        }
        self.lanes.retain(|_, lane| lane.busy || !lane.steps.is_empty());
    }

    fn run_lane(&mut self, id: LaneId) {
        while let Some(step) = self.lanes.get_mut(&id).and_then(|lane| lane.steps.pop_front()) {
            match step.what {
                What::Tell(event) => self.tell_now(event),
                What::Answer(request, answer) => self.finish(request, answer),
                What::Do(op) => {
                    if let Some(lane) = self.lanes.get_mut(&id) {
                        lane.busy = true;
                    }
                    let request = step.request;
                    return self.send(op.clone(), Purpose::Step { lane: id, op, request });
                }
            }
        }
    }

    /// Sends a request, whatever is under way.
    pub(super) fn send(&mut self, op: Op, purpose: Purpose) {
        let exchange = self.out.exchange();
        let request = op.request(&self.config.server, &self.authorization);
        self.asked.insert(exchange, purpose);
        let kept = if request.method().is_safe() { Kept::Resend } else { Kept::Use };
        self.out.say(ToPeer::Request { exchange, request, patience: Patience { kept, ..PATIENCE } });
    }

    /// Asterisk answered.
    pub(super) fn answered(&mut self, exchange: Exchange, status: StatusCode, body: &[u8]) {
        match self.asked.remove(&exchange) {
            None => {}
            Some(Purpose::Ping) if status.is_success() => {}
            Some(Purpose::Ping) => self.lose(&format!("Asterisk answers {status} to a ping")),
            Some(Purpose::Picture(question)) => self.pictured(question, status, body),
            Some(Purpose::Step { lane, op, request }) => {
                if let Some(lane) = self.lanes.get_mut(&lane) {
                    lane.busy = false;
                }
                if !op.is_done(status) {
                    self.failed(lane, op, request, status, body);
                }
            }
        }
    }

    /// Asterisk did not answer: who knows what it has done.
    pub(super) fn unanswered(&mut self, exchange: Exchange, why: &str) {
        if self.asked.remove(&exchange).is_some() {
            self.lose(why);
        }
    }

    fn failed(&mut self, lane: LaneId, op: Op, request: Option<RequestId>, status: StatusCode, body: &[u8]) {
        if let Op::Originate(originate) = &op {
            return self.not_called(&originate.channel);
        }
        tracing::debug!(?status, why = %reason(body), "Asterisk did not do what was asked");
        if let Some(request) = request {
            if let Some(lane) = self.lanes.get_mut(&lane) {
                lane.forget(request);
            }
            self.refuse(request, &format!("Asterisk answers {status}: {}", reason(body)));
        }
        self.doubt = true;
    }

    /// Forgets everything that was to be done and asked.
    pub(super) fn clear_lanes(&mut self) {
        self.lanes.clear();
        self.asked.clear();
        if let Phase::Up { picture, .. } = &mut self.phase {
            *picture = None;
        }
    }
}

/// What Asterisk says of an error, as much as is fit to be shown.
fn reason(body: &[u8]) -> CompactString {
    let said: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let text = said.as_ref().and_then(|said| said["message"].as_str().or(said["error"].as_str()));
    text.unwrap_or("no reason is given").chars().filter(|c| !c.is_control()).take(120).collect()
}
