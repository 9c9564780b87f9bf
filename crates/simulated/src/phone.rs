//! The phones, and the hands at them.

use std::collections::BTreeMap;

use model::{CallId, DeviceId, PartyKind, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    error::who,
    switch::{State, Switch},
};

/// How many phones there may be. Ours.
const DEVICES_MAX: usize = 100_000;

/// What a person does at a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhoneAction {
    /// Picks up what rings first.
    Answer,
    /// Refuses what rings first.
    Reject,
    /// Hangs up what talks, dials or waits; what is on hold when there is nothing else.
    Hangup,
    /// Parks what talks.
    Hold,
    /// Takes back what was parked first.
    Retrieve,
    /// Has the phone answer by itself.
    Auto,
    /// Has the phone wait to be told.
    Manual,
}

/// A phone.
#[derive(Debug, Default)]
pub(crate) struct Phone {
    /// Answers by itself.
    pub(crate) auto: bool,
    /// The calls it has, the oldest first.
    pub(crate) calls: Vec<CallId>,
}

/// All phones by their ids.
pub(crate) type Phones = BTreeMap<DeviceId, Phone>;

/// Phones as configured.
pub(crate) fn phones(devices: &[DeviceId], auto: &[DeviceId]) -> Result<Phones, Error> {
    if devices.len() > DEVICES_MAX {
        let count = devices.len();
        return Err(Error::TooMany { what: "the count of devices", count, count_max: DEVICES_MAX });
    }
    let mut phones: Phones = devices.iter().map(|device| (device.clone(), Phone::default())).collect();
    for device in auto {
        phones.get_mut(device).ok_or_else(|| Error::UnknownDevice(device.clone()))?.auto = true;
    }
    Ok(phones)
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
        self.phones.iter().map(|(device, phone)| view(device, phone))
    }

    /// One phone.
    pub fn phone_view(&self, device: &DeviceId) -> Result<PhoneView, Error> {
        self.known_phone(device).map(|phone| view(device, phone))
    }

    /// A person does something at a phone.
    pub fn phone(&mut self, now: Timestamp, device: &DeviceId, action: PhoneAction) -> Result<(), Error> {
        self.act(now, |switch| switch.press(device, action))
    }

    fn press(&mut self, device: &DeviceId, action: PhoneAction) -> Result<(), Error> {
        self.known_phone(device)?;
        match action {
            PhoneAction::Answer => {
                self.first(device, "ringing", is_ringing).and_then(|call| self.answer(device, &call))
            }
            PhoneAction::Reject => {
                self.first(device, "ringing", is_ringing).and_then(|call| self.leave(device, &call))
            }
            PhoneAction::Hangup => self.in_hand(device).and_then(|call| self.leave(device, &call)),
            PhoneAction::Hold => {
                self.first(device, "talking", is_talking).and_then(|call| self.hold(device, &call))
            }
            PhoneAction::Retrieve => {
                self.first(device, "on hold", is_held).and_then(|call| self.retrieve(device, &call))
            }
            PhoneAction::Auto => self.set_auto(device, true),
            PhoneAction::Manual => self.set_auto(device, false),
        }
    }

    fn in_hand(&self, device: &DeviceId) -> Result<CallId, Error> {
        let expected = "talking, dialling, waiting or on hold";
        self.first(device, expected, State::is_engaged).or_else(|_| self.first(device, expected, is_held))
    }

    /// The phone's oldest call that is as it should be.
    fn first(
        &self,
        device: &DeviceId,
        expected: &'static str,
        fits: fn(State) -> bool,
    ) -> Result<CallId, Error> {
        let found = self.calls_at(device).find(|(_, state)| fits(*state));
        found.map(|(call, _)| call.clone()).ok_or_else(|| Error::NoCall { device: device.clone(), expected })
    }

    fn set_auto(&mut self, device: &DeviceId, auto: bool) -> Result<(), Error> {
        self.known_phone_mut(device)?.auto = auto;
        self.rewind_rings(device);
        Ok(())
    }

    /// Has what rings at a phone be answered by itself, or not, as the phone is now.
    pub(crate) fn rewind_rings(&mut self, device: &DeviceId) {
        let at = PartyKind::Device(device.clone());
        let ringing = self.calls_at(device).filter(|(_, state)| is_ringing(*state));
        let ringing: Vec<CallId> = ringing.map(|(call, _)| call.clone()).collect();
        for call in ringing {
            self.rewind(&call, &at);
        }
    }

    /// The phone's calls and how it is connected to each, the oldest first.
    pub(crate) fn calls_at(&self, device: &DeviceId) -> impl Iterator<Item = (&CallId, State)> {
        let at = PartyKind::Device(device.clone());
        let calls = self.phones.get(device).map(|phone| phone.calls.as_slice()).unwrap_or_default();
        calls.iter().filter_map(move |call| Some((call, self.calls.get(call)?.connection(&at)?.state)))
    }

    /// Refuses when the phone talks, dials or waits.
    pub(crate) fn check_free(&self, device: &DeviceId) -> Result<(), Error> {
        match self.calls_at(device).find(|(_, state)| state.is_engaged()) {
            Some((call, state)) => Err(Error::Engaged { device: device.clone(), call: call.clone(), state }),
            None => Ok(()),
        }
    }

    /// Refuses when the phone has as many calls as it may.
    pub(crate) fn check_room(&self, device: &DeviceId) -> Result<(), Error> {
        let count = self.known_phone(device)?.calls.len();
        if count < self.config.calls_per_device_max {
            Ok(())
        } else {
            Err(Error::Busy(who(&PartyKind::Device(device.clone()))))
        }
    }

    pub(crate) fn known_phone(&self, device: &DeviceId) -> Result<&Phone, Error> {
        self.phones.get(device).ok_or_else(|| Error::UnknownDevice(device.clone()))
    }

    fn known_phone_mut(&mut self, device: &DeviceId) -> Result<&mut Phone, Error> {
        self.phones.get_mut(device).ok_or_else(|| Error::UnknownDevice(device.clone()))
    }
}

fn view(device: &DeviceId, phone: &Phone) -> PhoneView {
    PhoneView { device: device.clone(), auto: phone.auto, calls: phone.calls.clone() }
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
