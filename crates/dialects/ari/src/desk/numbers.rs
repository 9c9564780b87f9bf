//! Resolves dialed numbers to targets, and targets to endpoints.

use std::sync::Arc;

use model::{DeviceId, Floor, Number, SwitchId};
use pbx::{Error, Numbering, Target};

use crate::config::Template;

/// The floor's numbers, and the endpoints of phones and trunks.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) floor: Arc<Floor>,
    /// Asterisk's ID as a switch.
    pub(super) switch: SwitchId,
    pub(super) phone: Template,
    pub(super) trunk: Option<Template>,
}

impl Numbers {
    /// The endpoint of a target. A queue has none.
    pub(super) fn endpoint(&self, target: &Target) -> Result<Option<String>, Error> {
        match target {
            Target::Device(device) => self.phone(device).map(Some),
            Target::Outside(number) => self.outside(number).map(Some),
            Target::Queue(_) => Ok(None),
        }
    }

    fn is_phone(&self, text: &str) -> bool {
        let mut agents = self.floor.agents.iter().filter(|agent| agent.switch == self.switch);
        agents.any(|agent| agent.device.as_str() == text)
    }

    fn phone(&self, device: &DeviceId) -> Result<String, Error> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if device.as_str().chars().all(is_plain) {
            return Ok(self.phone.fill(device.as_str()));
        }
        Err(Error::NoRoute(format!("phone {device:?} has a name that cannot be an endpoint's")))
    }

    /// The endpoint of an outside number. A number contains only characters of a dial pad, so it cannot change the endpoint's form.
    fn outside(&self, number: &Number) -> Result<String, Error> {
        let no_trunk = || Error::NoRoute("outside calls need a trunk, but none is configured".into());
        Ok(self.trunk.as_ref().ok_or_else(no_trunk)?.fill(number.as_str()))
    }
}

impl Numbering for Numbers {
    /// The target of a number: a phone or queue of the floor, or else outside.
    fn target(&self, number: &Number) -> Target {
        let text = number.as_str();
        if self.is_phone(text) {
            return DeviceId::new(text).map_or_else(|_| Target::Outside(number.clone()), Target::Device);
        }
        match self.floor.queues.iter().find(|queue| queue.id.as_str() == text) {
            Some(queue) => Target::Queue(queue.id.clone()),
            None => Target::Outside(number.clone()),
        }
    }

    fn check(&self, target: &Target) -> Result<(), Error> {
        self.endpoint(target).map(drop)
    }
}
