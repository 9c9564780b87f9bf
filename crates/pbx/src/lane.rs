//! Lanes: sequences of steps.
//!
//! A medium can carry out effects in any order and at any speed, but a leg cannot join a call that does not exist yet.
//! So each call has a lane, which it shares with calls of the same legs. The hub receives an event when the effects
//! before it are done.

use std::collections::VecDeque;

use model::{RequestId, SwitchAnswer, SwitchEvent};

use crate::{
    Engine, Numbering,
    effect::{Effect, EffectId, Output},
};

/// The ID of a lane.
pub(crate) type LaneId = u64;

/// Steps in order.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    steps: VecDeque<Step>,
    /// How many effects the medium is carrying out. More than one only after lanes were joined.
    running: usize,
}

/// A step, and the request that it belongs to.
#[derive(Debug)]
struct Step {
    what: Action,
    request: Option<RequestId>,
}

#[derive(Debug)]
enum Action {
    Do(Effect),
    Report(SwitchEvent),
    Answer(RequestId, SwitchAnswer),
}

/// An effect that the medium has not finished.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) lane: LaneId,
    pub(crate) effect: Effect,
    pub(crate) request: Option<RequestId>,
}

impl Lane {
    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Drops the steps of a request. Returns the effects among them, the last one first.
    pub(crate) fn forget(&mut self, request: RequestId) -> Vec<Effect> {
        let steps = std::mem::take(&mut self.steps);
        let (dropped, kept) = steps.into_iter().partition(|step| step.request == Some(request));
        self.steps = kept;
        let dropped: VecDeque<Step> = dropped;
        let effects = dropped.into_iter().rev().filter_map(|step| match step.what {
            Action::Do(effect) => Some(effect),
            Action::Report(_) | Action::Answer(..) => None,
        });
        effects.collect()
    }

    pub(crate) fn finished(&mut self) {
        self.running = self.running.saturating_sub(1);
    }
}

impl<N: Numbering> Engine<N> {
    /// Adds an effect for the medium, for a request or for none.
    pub(crate) fn perform(&mut self, lane: LaneId, effect: Effect, request: Option<RequestId>) {
        self.step(lane, Action::Do(effect), request);
    }

    /// Adds an event for the hub.
    pub(crate) fn report(&mut self, lane: LaneId, event: SwitchEvent, request: Option<RequestId>) {
        self.step(lane, Action::Report(event), request);
    }

    /// Adds the answer to a request.
    pub(crate) fn answer_then(&mut self, lane: LaneId, request: RequestId, answer: SwitchAnswer) {
        self.step(lane, Action::Answer(request, answer), Some(request));
    }

    fn step(&mut self, lane: LaneId, what: Action, request: Option<RequestId>) {
        self.lanes.entry(lane).or_default().steps.push_back(Step { what, request });
    }

    /// Moves all steps of one lane to the end of another.
    pub(crate) fn join_lanes(&mut self, from: LaneId, into: LaneId) {
        if from == into {
            return;
        }
        self.calls.values_mut().filter(|call| call.lane == from).for_each(|call| call.lane = into);
        self.legs.values_mut().filter(|leg| leg.lane == from).for_each(|leg| leg.lane = into);
        self.running.values_mut().filter(|one| one.lane == from).for_each(|one| one.lane = into);
        if let Some(gone) = self.lanes.remove(&from) {
            let lane = self.lanes.entry(into).or_default();
            lane.steps.extend(gone.steps);
            lane.running += gone.running;
        }
    }

    /// Continues all lanes without a running effect.
    pub(crate) fn run_lanes(&mut self) {
        let ready = self.lanes.iter().filter(|(_, lane)| lane.running == 0).map(|(id, _)| *id);
        for lane in ready.collect::<Vec<_>>() {
            self.run_lane(lane);
        }
    }

    fn run_lane(&mut self, id: LaneId) {
        while let Some(step) = self.lanes.get_mut(&id).and_then(|lane| lane.steps.pop_front()) {
            match step.what {
                Action::Report(event) => self.out.push_back(Output::Event(event)),
                Action::Answer(request, answer) => self.finish(request, answer),
                Action::Do(effect) => return self.start(id, effect, step.request),
            }
        }
        self.lanes.remove(&id);
    }

    fn start(&mut self, lane: LaneId, effect: Effect, request: Option<RequestId>) {
        let id = EffectId(self.number());
        if let Some(lane) = self.lanes.get_mut(&lane) {
            lane.running += 1;
        }
        self.running.insert(id, Running { lane, effect: effect.clone(), request });
        self.out.push_back(Output::Effect { id, effect });
    }
}
