//! The phones, and the hands at them.

use model::{CallId, DeviceId, Timestamp};
use pbx::{LegId, MediaEvent, State};
use serde::{Deserialize, Serialize};

use crate::{Error, Switch};

/// What a person does at a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhoneAction {
    /// Picks up what rings first.
    Answer,
    /// Refuses what rings first.
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
    /// Has the phone wait to be told.
    Manual,
}

/// A phone as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneView {
    /// Which.
    pub device: DeviceId,
    /// Whether it answers by itself.
    pub auto: bool,
    /// The calls it has, the oldest first.
    pub calls: Vec<CallId>,
}

impl Switch {
    /// All phones, by their ids.
    pub fn phones(&self) -> impl Iterator<Item = PhoneView> {
        self.engine.numbering.phones.iter().map(|(device, auto)| self.view(device, *auto))
    }

    /// One phone.
    pub fn phone_view(&self, device: &DeviceId) -> Result<PhoneView, Error> {
        let auto = self.engine.numbering.phones.get(device).copied();
        let auto = auto.ok_or_else(|| pbx::Error::UnknownDevice(device.clone()))?;
        Ok(self.view(device, auto))
    }

    /// A person does something at a phone.
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

    /// The phone's oldest call whose state fits, and the leg.
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
        self.wind_rings(device);
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
