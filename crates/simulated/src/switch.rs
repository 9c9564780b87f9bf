//! The switch: the call engine with memory as its medium.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::format_compact;
use model::{CallId, DeviceId, PartyKind, RequestId, SwitchRequest, Timestamp};
use pbx::{Answering, Effect, Engine, LegId, MediaEvent, Output, Settings, State};
use session::{Reason, ToHub};

use crate::{
    Config, Error,
    clock::Clock,
    faults::Faults,
    hub_link::{HubLink, LinkState, PendingFault, ms},
    numbers::Numbers,
    outside::Reply,
    people::{SimulatedParty, behavior_of, doing},
};

/// An alarm.
#[derive(Debug)]
pub(crate) enum Alarm {
    /// The party of a leg acts by itself.
    Party(LegId),
    /// The lost link comes back.
    LinkUp,
}

/// A phone system with phones, queues, callers and outside numbers.
///
/// Every method with `now` first handles what was due until then. Afterwards call [`Switch::poll`].
#[derive(Debug)]
pub struct Switch {
    pub(crate) config: Config,
    pub(crate) engine: Engine<Numbers>,
    pub(crate) people: BTreeMap<LegId, SimulatedParty>,
    pub(crate) hub_link: HubLink,
    clock: Clock<Alarm>,
    pub(crate) now: Timestamp,
}

impl Switch {
    /// Creates a switch without calls. The link is down until [`Switch::start`].
    ///
    /// Rejects a phone in `auto_answer` that is not in `devices`, and too many devices or queues.
    pub fn new(mut config: Config) -> Result<Self, Error> {
        Ok(Self {
            engine: Engine::new(Numbers::new(&mut config)?, settings(&config)),
            people: BTreeMap::new(),
            hub_link: HubLink::new(Faults::new(config.seed, config.faults.clone())),
            clock: Clock::new(),
            now: Timestamp::default(),
            config,
        })
    }

    /// Connects to the hub and sends the complete state.
    pub fn start(&mut self, now: Timestamp) {
        // Distinguishes call IDs from those of an earlier run.
        self.engine.settings.prefix = format_compact!("sim-{:x}-", now.0);
        self.act(now, Self::come_up);
    }

    /// Handles a request. A repeated request gets the same answer and is not carried out again.
    pub fn request(&mut self, now: Timestamp, request: RequestId, requested: SwitchRequest) {
        self.act(now, |switch| {
            if switch.hub_link.link != LinkState::Up {
                // The request never reached the switch, so it is not remembered and can be repeated when the link is
                // back.
                switch.hub_link.answer(request, Error::LinkDown.into());
            } else if !switch.engine.knows(request) && switch.hub_link.faults.refuses() {
                let error = Error::Fault;
                switch.engine.refuse_request(request, error.cause(), &error.to_string());
            } else {
                switch.engine.request(switch.now, request, requested);
            }
        });
    }

    /// Handles what is due.
    pub fn tick(&mut self, now: Timestamp) {
        self.advance(now);
    }

    /// When to call [`Switch::tick`] at the latest, and why.
    pub fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let alarm = self.clock.next().map(|(at, alarm)| (at, reason(alarm)));
        let late = self.hub_link.next_late().map(|at| (at, "a late event"));
        alarm.into_iter().chain(late).min_by_key(|(at, _)| *at)
    }

    /// The next output; call it until it returns `None`.
    pub fn poll(&mut self) -> Option<ToHub> {
        self.hub_link.poll()
    }

    /// Does something at a given time, with everything that follows immediately.
    pub(crate) fn act<T>(&mut self, now: Timestamp, what: impl FnOnce(&mut Self) -> T) -> T {
        self.advance(now);
        let outcome = what(self);
        self.pump();
        self.advance(now);
        outcome
    }

    /// Sends the complete state to the hub.
    pub(crate) fn come_up(&mut self) {
        let phones = self.engine.numbering.phones.keys().cloned().collect();
        self.hub_link.come_up(self.engine.pictures(), phones);
    }

    /// Loses the link to the hub for some milliseconds.
    pub(crate) fn lose_link(&mut self, for_ms: u64) {
        let until = self.now + ms(for_ms);
        if let LinkState::Down(before) = self.hub_link.link
            && before >= until
        {
            return;
        }
        self.hub_link.go_down(until);
        self.clock.set(until, Alarm::LinkUp);
    }

    /// Drops a call without reporting it.
    pub(crate) fn vanish(&mut self, call: &CallId) -> Result<(), Error> {
        self.engine.call(call)?;
        self.engine.vanish(call);
        self.set_changed_alarms();
        Ok(())
    }

    /// Handles a leg that leaves by itself.
    pub(crate) fn leave(&mut self, leg: LegId, cause: Option<model::Cause>) {
        self.forget(&leg);
        self.media(MediaEvent::Left { leg, cause });
    }

    pub(crate) fn media(&mut self, event: MediaEvent) {
        self.engine.media(self.now, event);
        self.pump();
    }

    /// Carries out the effects of the engine until there are no more.
    pub(crate) fn pump(&mut self) {
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Effect { id, effect } => {
                    let event = self.carry_out(effect);
                    self.engine.done(self.now, id, Ok(()));
                    if let Some(event) = event {
                        self.engine.media(self.now, event);
                    }
                }
                Output::Event(event) => self.hub_link.report(self.now, event),
                Output::Answer { request, answer } => self.hub_link.answer(request, answer),
                Output::Picture => self.come_up(),
                Output::Look => self.engine.seen(self.now, &self.people.keys().cloned().collect()),
            }
        }
        self.set_changed_alarms();
    }

    /// Carries out an effect, which always succeeds. Returns the event that follows.
    fn carry_out(&mut self, effect: Effect) -> Option<MediaEvent> {
        match effect {
            Effect::Dial(dial) => {
                let behavior = behavior_of(&self.engine.numbering, &dial.target);
                self.people.insert(dial.leg.clone(), SimulatedParty::new(behavior));
                dial.to_dial.then_some(MediaEvent::Answered(dial.leg))
            }
            Effect::Clear(leg, _) => {
                self.forget(&leg);
                Some(MediaEvent::Left { leg, cause: None })
            }
            Effect::Tones(leg, digits) => {
                if let Some(person) = self.people.get_mut(&leg) {
                    person.receive(digits.as_str());
                }
                None
            }
            Effect::Answer(_)
            | Effect::Move { .. }
            | Effect::Mute(..)
            | Effect::Announce(..)
            | Effect::Record(_)
            | Effect::Pause(..)
            | Effect::Note(..)
            | Effect::Forget(_) => None,
        }
    }

    /// Sets the alarms of all legs whose place in a call changed.
    fn set_changed_alarms(&mut self) {
        let mut devices = BTreeSet::new();
        for (leg, device) in self.engine.take_touched() {
            if self.engine.leg(&leg).is_none() {
                self.forget(&leg);
            }
            self.set_alarm(&leg);
            devices.extend(device);
        }
        // A phone that became free may answer a call that rings there.
        devices.iter().for_each(|device| self.set_answer_alarms(device));
    }

    /// Sets a party's alarm if it now does something else. The time that it waits spans all waiting states.
    fn set_alarm(&mut self, leg: &LegId) {
        let doing = doing(&self.engine, leg);
        let Some(person) = self.people.get_mut(leg) else { return };
        let before = std::mem::replace(&mut person.doing, doing);
        let waits = |state: Option<State>| state.is_some_and(State::waits);
        if before != doing && !(waits(before) && waits(doing)) {
            self.reset_alarm(leg);
        }
    }

    /// Starts or stops the automatic answer of calls that ring at a phone.
    pub(crate) fn set_answer_alarms(&mut self, device: &DeviceId) {
        let places = self.engine.places_at(device);
        let ringing = places.filter(|(_, _, member)| member.state == State::Alerting);
        for leg in ringing.map(|(_, _, member)| member.leg.clone()).collect::<Vec<_>>() {
            self.reset_alarm(&leg);
        }
    }

    fn reset_alarm(&mut self, leg: &LegId) {
        let after_ms = self.acts_after_ms(leg);
        let Some(person) = self.people.get_mut(leg) else { return };
        if let Some(before) = person.alarm.take() {
            self.clock.cancel(before);
        }
        person.alarm = after_ms.map(|after| self.clock.set(self.now + ms(after), Alarm::Party(leg.clone())));
    }

    /// The time until a party does something by itself. Milliseconds.
    fn acts_after_ms(&self, leg: &LegId) -> Option<u64> {
        let person = self.people.get(leg)?;
        match person.doing? {
            State::Reaching => Some(self.config.delivery_ms),
            State::Initiated | State::Queued => person.behavior.patience_ms,
            State::Alerting => self.rings_for_ms(leg, person),
            State::Connected => person.behavior.talk_ms,
            State::Held => None,
        }
    }

    fn rings_for_ms(&self, leg: &LegId, person: &SimulatedParty) -> Option<u64> {
        match person.behavior.reply {
            Some(Reply::Answers { after_ms }) => Some(after_ms),
            Some(Reply::NeverAnswers) => Some(self.engine.numbering.outside.no_answer_ms),
            Some(Reply::Busy | Reply::Invalid) => None,
            None => self.phone_rings_for_ms(leg),
        }
    }

    /// The time until a phone answers by itself: the caller's setting, otherwise the phone's.
    fn phone_rings_for_ms(&self, leg: &LegId) -> Option<u64> {
        let (_, call, member) = self.engine.places_of(leg).next()?;
        let mut callers = call.members.iter().filter_map(|member| self.people.get(&member.leg));
        let wanted = callers.find_map(|caller| caller.behavior.answer_after_ms);
        let PartyKind::Device(device) = &member.party.at else { return None };
        let is_auto = self.engine.numbering.phones.get(device) == Some(&true);
        wanted.or_else(|| is_auto.then_some(self.config.auto_answer_ms))
    }

    /// Handles a party that acts by itself.
    fn party_acts(&mut self, leg: LegId) {
        let Some(person) = self.people.get_mut(&leg) else { return };
        person.alarm = None;
        match (person.doing, person.behavior.reply) {
            (Some(State::Reaching), Some(Reply::Busy)) => self.leave(leg, Some(model::Cause::Busy)),
            (Some(State::Reaching), Some(Reply::Invalid)) => {
                self.leave(leg, Some(model::Cause::InvalidNumber));
            }
            (Some(State::Reaching), _) => self.media(MediaEvent::Ringing(leg)),
            (Some(State::Alerting), Some(Reply::NeverAnswers)) => {
                self.leave(leg, Some(model::Cause::NoAnswer));
            }
            (Some(State::Alerting), _) => self.answer_by_itself(leg),
            (Some(State::Initiated | State::Queued | State::Connected), _) => self.leave(leg, None),
            (Some(State::Held) | None, _) => {}
        }
    }

    /// Answers a call. A phone with an active call continues to ring.
    fn answer_by_itself(&mut self, leg: LegId) {
        let device = self.engine.leg(&leg).and_then(|known| known.device());
        if device.is_none_or(|device| self.engine.check_free(device).is_ok()) {
            self.media(MediaEvent::Answered(leg));
        }
    }

    fn forget(&mut self, leg: &LegId) {
        if let Some(alarm) = self.people.remove(leg).and_then(|person| person.alarm) {
            self.clock.cancel(alarm);
        }
    }

    fn advance(&mut self, now: Timestamp) {
        let now = self.now.max(now);
        self.apply_pending_faults();
        while self.step(now) {
            self.apply_pending_faults();
        }
        self.now = now;
    }

    /// Handles the next thing that is due. Returns whether there was one.
    fn step(&mut self, now: Timestamp) -> bool {
        let alarm = self.clock.next().map(|(at, _)| at);
        let late = self.hub_link.next_late();
        if let Some(late) = late.filter(|late| *late <= now && alarm.is_none_or(|at| *late <= at)) {
            self.hub_link.release(late);
            return true;
        }
        let Some((at, alarm)) = self.clock.pop(now) else { return false };
        self.now = self.now.max(at);
        match alarm {
            Alarm::Party(leg) => self.party_acts(leg),
            Alarm::LinkUp => self.link_back(),
        }
        true
    }

    /// Restores the link, unless it was lost again for longer; then a later alarm does.
    fn link_back(&mut self) {
        if matches!(self.hub_link.link, LinkState::Down(until) if until <= self.now) {
            self.come_up();
        }
    }

    fn apply_pending_faults(&mut self) {
        while let Some(fault) = self.hub_link.next_pending_fault() {
            match fault {
                PendingFault::LostLink => self.lose_link(self.hub_link.faults.chances.link_down_ms),
                // The call may have ended already.
                PendingFault::VanishedCall(call) => drop(self.vanish(&call)),
            }
        }
    }
}

fn settings(config: &Config) -> Settings {
    Settings {
        prefix: "sim-0-".into(),
        answering: Answering::Remote,
        notes: false,
        rings_within: None,
        desk_rings: std::time::Duration::ZERO,
        look_every: std::time::Duration::ZERO,
        calls_max: config.calls_max,
        calls_per_device_max: config.calls_per_device_max,
        parties_max: config.parties_max,
        data_bytes_max: config.data_bytes_max,
        note_data_bytes_max: 0,
        answers_max: config.answers_max,
    }
}

fn reason(alarm: &Alarm) -> Reason {
    match alarm {
        Alarm::Party(_) => "a party acts",
        Alarm::LinkUp => "the link comes back",
    }
}
