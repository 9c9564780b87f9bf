//! The destinations of numbers: a phone, a queue, or an outside party.

use std::collections::{BTreeMap, BTreeSet};

use model::{DeviceId, Number, QueueId};
use pbx::{Numbering, Target};

use crate::{Config, Error, Outside};

/// The most phones. Our choice.
const DEVICES_MAX: usize = 100_000;

/// The most queues. Our choice.
const QUEUES_MAX: usize = 10_000;

/// All numbers that can be dialed.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// The phones, and whether each answers by itself.
    pub(crate) phones: BTreeMap<DeviceId, bool>,
    pub(crate) queues: BTreeSet<QueueId>,
    pub(crate) outside: Outside,
}

impl Numbers {
    pub(crate) fn new(config: &mut Config) -> Result<Self, Error> {
        check_max("the number of devices", config.devices.len(), DEVICES_MAX)?;
        check_max("the number of queues", config.queues.len(), QUEUES_MAX)?;
        let mut phones: BTreeMap<DeviceId, bool> =
            config.devices.iter().map(|device| (device.clone(), false)).collect();
        for device in &config.auto_answer {
            let unknown = || pbx::Error::UnknownDevice(device.clone());
            *phones.get_mut(device).ok_or_else(unknown)? = true;
        }
        let queues = config.queues.iter().cloned().collect();
        Ok(Self { phones, queues, outside: std::mem::take(&mut config.outside) })
    }
}

impl Numbering for Numbers {
    fn target(&self, number: &Number) -> Target {
        if let Some((device, _)) = self.phones.get_key_value(number.as_str()) {
            return Target::Device(device.clone());
        }
        match self.queues.get(number.as_str()) {
            Some(queue) => Target::Queue(queue.clone()),
            None => Target::Outside(number.clone()),
        }
    }

    fn check(&self, target: &Target) -> Result<(), pbx::Error> {
        match target {
            Target::Device(device) if !self.phones.contains_key(device) => {
                Err(pbx::Error::UnknownDevice(device.clone()))
            }
            Target::Queue(queue) if !self.queues.contains(queue) => {
                Err(pbx::Error::UnknownQueue(queue.clone()))
            }
            Target::Device(_) | Target::Queue(_) | Target::Outside(_) => Ok(()),
        }
    }
}

fn check_max(what: &'static str, count: usize, count_max: usize) -> Result<(), Error> {
    if count <= count_max { Ok(()) } else { Err(Error::too_many(what, count, count_max)) }
}
