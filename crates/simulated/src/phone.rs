//! Phones and their users.

use model::{CallId, DeviceId, Timestamp};
use pbx::{LegId, MediaEvent, State};
use serde::{Deserialize, Serialize};

use crate::{Error, Switch};

/// An action of a user at a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhoneAction {
    /// Answer the first ringing call.
    Answer,
    /// Reject the first ringing call.
    Reject,
    /// Hangs up what talks, dials or waits; what is on hold when there is nothing else.
    #[serde(alias = "hangup")]
    HangUp,
    /// Parks what talks.
    Hold,
    /// Resumes the call that was put on hold first.
    #[serde(alias = "retrieve")]
    Resume,
    /// Has the phone answer by itself.
    Auto,
    /// Let the phone wait for a user or a request.
    Manual,
}

/// A phone and its calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneView {
    /// The ID of the phone.
    pub device: DeviceId,
    /// Whether it answers by itself.
    pub auto: bool,
    /// Its calls, the oldest first.
    pub calls: Vec<CallId>,
}

impl Switch {
    /// All phones, by ID.
    pub fn phones(&self) -> impl Iterator<Item = PhoneView> {
        self.engine.numbering.phones.iter().map(|(device, auto)| self.view(device, *auto))
    }

    /// Finds a phone.
    pub fn phone_view(&self, device: &DeviceId) -> Result<PhoneView, Error> {
        let auto = self.engine.numbering.phones.get(device).copied();
        let auto = auto.ok_or_else(|| pbx::Error::UnknownDevice(device.clone()))?;
        Ok(self.view(device, auto))
    }

    /// Carries out a user's action at a phone.
    pub fn phone(&mut self, now: Timestamp, device: &DeviceId, action: PhoneAction) -> Result<(), Error> {
        self.act(now, |switch| switch.press(device, action))
    }

    fn view(&self, device: &DeviceId, auto: bool) -> PhoneView {
        let calls = self.engine.places_at(device).map(|(call, _, _)| call.clone());
        PhoneView { device: device.clone(), auto, calls: calls.collect() }
    }

    fn press(&mut self, device: &DeviceId, action: PhoneAction) -> Result<(), Error> {
        self.phone_view(device)?;
        match action {
            PhoneAction::Answer => {
                let (_, leg) = self.first(device, "ringing", is_ringing)?;
                self.engine.check_free(device)?;
                self.media(MediaEvent::Answered(leg));
            }
            PhoneAction::Reject => {
                let (call, _) = self.first(device, "ringing", is_ringing)?;
                self.engine.hang_up_at(self.now, &call, device)?;
            }
            PhoneAction::HangUp => {
                let call = self.in_hand(device)?;
                self.engine.hang_up_at(self.now, &call, device)?;
            }
            PhoneAction::Hold => {
                let (_, leg) = self.first(device, "talking", is_talking)?;
                self.media(MediaEvent::Held(leg));
            }
            PhoneAction::Resume => {
                let (_, leg) = self.first(device, "on hold", is_held)?;
                self.engine.check_free(device)?;
                self.media(MediaEvent::Retrieved(leg));
            }
            PhoneAction::Auto => self.set_auto(device, true),
            PhoneAction::Manual => self.set_auto(device, false),
        }
        Ok(())
    }

    fn in_hand(&self, device: &DeviceId) -> Result<CallId, Error> {
        let expected = "talking, dialing, waiting or on hold";
        let engaged = self.first(device, expected, State::is_engaged);
        Ok(engaged.or_else(|_| self.first(device, expected, is_held))?.0)
    }

    /// The phone's oldest call in a suitable state, and its leg.
    fn first(
        &self,
        device: &DeviceId,
        expected: &'static str,
        fits: fn(State) -> bool,
    ) -> Result<(CallId, LegId), Error> {
        let found = self.engine.places_at(device).find(|(_, _, member)| fits(member.state));
        let missing = || Error::NoCall { device: device.clone(), expected };
        found.map(|(call, _, member)| (call.clone(), member.leg.clone())).ok_or_else(missing)
    }

    fn set_auto(&mut self, device: &DeviceId, auto: bool) {
        if let Some(known) = self.engine.numbering.phones.get_mut(device) {
            *known = auto;
        }
        self.set_answer_alarms(device);
    }
}

fn is_ringing(state: State) -> bool {
    state == State::Alerting
}

fn is_talking(state: State) -> bool {
    state == State::Connected
}

fn is_held(state: State) -> bool {
    state == State::Held
}
