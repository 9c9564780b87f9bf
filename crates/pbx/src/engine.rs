//! The engine: its state and its inputs and outputs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use compact_str::CompactString;
use model::{
    CallId, Cause, DeviceId, PartyKind, RequestId, SwitchEvent, SwitchFeature, SwitchRequest, Timestamp,
    switch::CallPicture,
};

use crate::{
    Error, Numbering, Settings,
    call::{Call, Member},
    effect::{Effect, EffectId, MediaEvent, Output, Place},
    lane::{Lane, LaneId, Running},
    leg::{Leg, LegId},
    requests::Requests,
};

/// How many hung-up legs are remembered until the medium reports that they are gone. Our choice.
const LEAVING_MAX: usize = 5_000;

/// The calls, legs and queues of one phone system.
///
/// Every method with `now` also continues other work that became possible. Afterwards call [`Engine::poll`] until it
/// returns `None`.
#[derive(Debug)]
pub struct Engine<N> {
    /// The destinations of numbers.
    pub numbering: N,
    /// The properties of the medium.
    pub settings: Settings,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) legs: BTreeMap<LegId, Leg>,
    /// The legs of each phone, the oldest first.
    pub(crate) phones: BTreeMap<DeviceId, Vec<LegId>>,
    /// The times by which legs must ring: all legs with a [`Leg::ring_by`].
    pub(crate) ringing: BTreeSet<(Timestamp, LegId)>,
    /// Legs that were hung up and may still exist.
    pub(crate) leaving: VecDeque<LegId>,
    /// Legs that the medium failed to hang up, to be retried.
    pub(crate) uncleared: BTreeMap<LegId, Cause>,
    pub(crate) lanes: BTreeMap<LaneId, Lane>,
    pub(crate) running: BTreeMap<EffectId, Running>,
    pub(crate) requests: Requests,
    /// Whether an effect failed, so that the medium may differ from the engine's state.
    pub(crate) doubt: bool,
    /// The legs that existed when the medium was last queried for its legs; `None` after it answered.
    pub(crate) looking: Option<BTreeSet<LegId>>,
    /// When the legs of the medium were last known.
    pub(crate) seen_at: Timestamp,
    /// Legs whose place in a call changed since [`Engine::take_touched`].
    pub(crate) touched: BTreeMap<LegId, Option<DeviceId>>,
    pub(crate) out: VecDeque<Output>,
    pub(crate) now: Timestamp,
    calls_made: u64,
    legs_made: u64,
    count: u64,
}

impl<N: Numbering> Engine<N> {
    /// Creates an engine without calls.
    pub fn new(numbering: N, settings: Settings) -> Self {
        Self {
            requests: Requests::new(settings.answers_max),
            numbering,
            settings,
            calls: BTreeMap::new(),
            legs: BTreeMap::new(),
            phones: BTreeMap::new(),
            ringing: BTreeSet::new(),
            leaving: VecDeque::new(),
            uncleared: BTreeMap::new(),
            lanes: BTreeMap::new(),
            running: BTreeMap::new(),
            doubt: false,
            looking: None,
            seen_at: Timestamp::default(),
            touched: BTreeMap::new(),
            out: VecDeque::new(),
            now: Timestamp::default(),
            calls_made: 0,
            legs_made: 0,
            count: 0,
        }
    }

    /// Handles a request of the hub. A repeated request is carried out once and answered again.
    pub fn request(&mut self, now: Timestamp, request: RequestId, requested: SwitchRequest) {
        self.note_time(now);
        self.requested(request, requested);
        self.advance();
    }

    /// Handles an event of the medium.
    pub fn media(&mut self, now: Timestamp, event: MediaEvent) {
        self.note_time(now);
        match event {
            MediaEvent::Incoming { leg, caller, dialled, to, data, up } => {
                self.incoming(leg, caller, dialled, to, data, up);
            }
            MediaEvent::HandDialed { leg, device, to, up } => self.hand_dialed(leg, device, to, up),
            MediaEvent::Ringing(leg) => self.rings(&leg),
            MediaEvent::Answered(leg) => self.came_up(&leg),
            MediaEvent::Left { leg, cause } => self.left(&leg, cause),
            MediaEvent::Held(leg) => self.held_by_hand(&leg),
            MediaEvent::Retrieved(leg) => self.retrieved_by_hand(&leg),
        }
        self.advance();
    }

    /// Confirms an effect: it is done, or it failed with a reason.
    pub fn done(&mut self, now: Timestamp, id: EffectId, result: Result<(), CompactString>) {
        self.note_time(now);
        if let Some(running) = self.running.remove(&id) {
            if let Some(lane) = self.lanes.get_mut(&running.lane) {
                lane.finished();
            }
            if let Err(why) = result {
                self.failed(running, &why);
            }
        }
        self.advance();
    }

    /// Handles what is due.
    pub fn tick(&mut self, now: Timestamp) {
        self.note_time(now);
        self.advance();
    }

    /// When to call [`Engine::tick`] at the latest, and why.
    pub fn deadline(&self) -> Option<(Timestamp, &'static str)> {
        let rings = self.ringing.first().map(|(at, _)| (*at, "a phone that was called has to ring"));
        let look = (self.doubt && self.looking.is_none())
            .then(|| (self.seen_at + self.settings.look_every, "the medium is to be asked what it has"));
        rings.into_iter().chain(look).min()
    }

    /// The next output; call it until it returns `None`.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Notes that the medium cannot be reached. Its calls can continue, so they are kept; all open requests are refused
    /// with `why`.
    pub fn lost(&mut self, why: &str) {
        self.lanes.clear();
        self.running.clear();
        self.uncleared.clear();
        self.looking = None;
        self.legs.values_mut().for_each(|leg| leg.request = None);
        self.refuse_all(why);
    }

    /// Reports to the hub that the switch can be reached, its features, and every call.
    pub fn report_link_up(&mut self, features: Vec<SwitchFeature>) {
        self.out.push_back(Output::Event(SwitchEvent::LinkUp { features, calls: self.pictures() }));
    }

    /// Tells a waiting caller its position in the queue: 1 is next. Does nothing when the caller is not in the queue
    /// yet.
    pub fn announce(&mut self, now: Timestamp, call: &CallId, place: usize) {
        self.note_time(now);
        let waits = self
            .calls
            .get(call)
            .and_then(|found| found.members.iter().find(|member| member.state == crate::State::Queued));
        let leg = waits.and_then(|member| Some((&member.leg, self.legs.get(&member.leg)?)));
        if let Some((id, leg)) = leg.filter(|(_, leg)| matches!(leg.place, Place::Queue(_))) {
            let (lane, id) = (leg.lane, id.clone());
            self.perform(lane, Effect::Announce(id, place), None);
        }
        self.advance();
    }

    /// Handles a phone that rejects, hangs up or stops dialing by hand.
    pub fn hang_up_at(&mut self, now: Timestamp, call: &CallId, device: &DeviceId) -> Result<(), Error> {
        self.note_time(now);
        let leg = self.leavable(call, device)?;
        self.hang_up(call, &leg);
        self.advance();
        Ok(())
    }

    /// Drops a call that vanished from the medium without an event, and reports nothing.
    pub fn vanish(&mut self, call: &CallId) {
        let Some(gone) = self.calls.remove(call) else { return };
        for member in gone.members {
            self.touch(&member.leg);
            let Some(leg) = self.legs.get_mut(&member.leg) else { continue };
            leg.calls.retain(|known| known != call);
            if self.legs.get(&member.leg).is_some_and(|leg| leg.calls.is_empty()) {
                self.drop_leg(&member.leg);
            }
        }
    }

    /// Takes the legs whose place in a call changed, with the phone of each. A leg that is gone is included once.
    pub fn take_touched(&mut self) -> BTreeMap<LegId, Option<DeviceId>> {
        std::mem::take(&mut self.touched)
    }

    /// All calls, by ID.
    pub fn calls(&self) -> impl Iterator<Item = (&CallId, &Call)> {
        self.calls.iter()
    }

    /// Finds a call.
    pub fn call(&self, call: &CallId) -> Result<&Call, Error> {
        self.calls.get(call).ok_or_else(|| Error::UnknownCall(call.clone()))
    }

    /// Finds a leg.
    pub fn leg(&self, id: &str) -> Option<&Leg> {
        self.legs.get(id)
    }

    /// Whether a leg was hung up and may still exist.
    pub fn is_leaving(&self, id: &str) -> bool {
        self.leaving.iter().any(|known| known == id)
    }

    /// The calls of a leg, with its place in each.
    pub fn places_of<'a>(&'a self, id: &str) -> impl Iterator<Item = (&'a CallId, &'a Call, &'a Member)> {
        let leg = self.legs.get_key_value(id);
        let calls = leg.map(|(_, leg)| leg.calls.as_slice()).unwrap_or_default();
        calls.iter().filter_map(move |call_id| {
            let (call_id, call) = self.calls.get_key_value(call_id)?;
            Some((call_id, call, call.of_leg(leg?.0)?))
        })
    }

    /// The calls of a phone with its place in each, the oldest first.
    pub fn places_at<'a>(
        &'a self,
        device: &DeviceId,
    ) -> impl Iterator<Item = (&'a CallId, &'a Call, &'a Member)> {
        let legs = self.phones.get(device).map(Vec::as_slice).unwrap_or_default();
        legs.iter().flat_map(|leg| self.places_of(leg))
    }

    /// All calls that the hub knows.
    pub fn pictures(&self) -> Vec<CallPicture> {
        let reported = self.calls.iter().filter(|(_, call)| call.reported);
        reported.map(|(id, call)| call.picture(id)).collect()
    }

    /// The number of stored items: calls, legs, steps, requests, answers, outputs.
    pub fn held(&self) -> usize {
        let own = self.calls.len() + self.legs.len() + self.leaving.len() + self.uncleared.len();
        own + self.backlog() + self.running.len() + self.requests.len() + self.out.len()
    }

    /// The number of steps that wait for the medium.
    pub fn backlog(&self) -> usize {
        self.lanes.values().map(Lane::len).sum()
    }

    /// Creates a call ID. An adapter whose medium has no IDs uses it for an incoming leg.
    pub fn new_call_id(&mut self) -> CompactString {
        self.calls_made += 1;
        compact_str::format_compact!("{}{:06}", self.settings.prefix, self.calls_made)
    }

    /// Creates a leg ID.
    pub(crate) fn new_leg_id(&mut self) -> LegId {
        self.legs_made += 1;
        compact_str::format_compact!("{}leg-{:06}", self.settings.prefix, self.legs_made)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    fn note_time(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    fn advance(&mut self) {
        self.give_up_silent();
        self.look_when_in_doubt();
        self.run_lanes();
    }

    fn look_when_in_doubt(&mut self) {
        if self.doubt && self.looking.is_none() && self.seen_at + self.settings.look_every <= self.now {
            let known = self
                .legs
                .iter()
                .filter(|(_, leg)| matches!(leg.phase, crate::Phase::Ringing | crate::Phase::Up));
            self.looking = Some(known.map(|(id, _)| id.clone()).collect());
            self.out.push_back(Output::Look);
        }
    }

    fn left(&mut self, leg: &LegId, cause: Option<Cause>) {
        self.leaving.retain(|known| known != leg);
        self.gone(leg, cause);
    }

    /// Remembers a hung-up leg until the medium reports that it is gone.
    pub(crate) fn note_leaving(&mut self, id: LegId) {
        self.leaving.retain(|known| *known != id);
        self.leaving.push_back(id);
        if self.leaving.len() > LEAVING_MAX {
            self.leaving.pop_front();
        }
    }

    pub(crate) fn add_leg(&mut self, id: LegId, leg: Leg) {
        if let Some(device) = leg.device() {
            self.phones.entry(device.clone()).or_default().push(id.clone());
        }
        self.legs.insert(id.clone(), leg);
        self.touch(&id);
    }

    /// Sets the time by which a leg must ring.
    pub(crate) fn set_ring_by(&mut self, id: &LegId, until: Option<Timestamp>) {
        let Some(leg) = self.legs.get_mut(id) else { return };
        if let Some(before) = leg.replace_ring_by(until) {
            self.ringing.remove(&(before, id.clone()));
        }
        self.ringing.extend(until.map(|at| (at, id.clone())));
    }

    /// Notes that a leg's place in a call changed.
    pub(crate) fn touch(&mut self, id: &LegId) {
        if let Some(leg) = self.legs.get(id) {
            self.touched.insert(id.clone(), leg.device().cloned());
        }
    }

    pub(crate) fn drop_leg(&mut self, id: &LegId) -> Option<Leg> {
        self.touch(id);
        self.set_ring_by(id, None);
        let gone = self.legs.remove(id)?;
        if let PartyKind::Device(device) = &gone.party.at
            && let Some(legs) = self.phones.get_mut(device)
        {
            legs.retain(|known| known != id);
            if legs.is_empty() {
                self.phones.remove(device);
            }
        }
        Some(gone)
    }
}
