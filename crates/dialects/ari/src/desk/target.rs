//! Where a dialled number leads.

use model::{DeviceId, Number, Party, PartyKind, QueueId};

use super::Desk;

/// Where a dialled number leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Device(DeviceId),
    Queue(QueueId),
    Outside(Number),
}

impl Target {
    /// Whom a call there is shown to be for. A queue is no party, so its number stands for it.
    pub(super) fn party(&self, dialled: &Number) -> Party {
        Party::new(match self {
            Self::Device(device) => PartyKind::Device(device.clone()),
            Self::Queue(_) | Self::Outside(_) => PartyKind::Outside(dialled.clone()),
        })
    }
}

impl Desk {
    /// Where a number leads: to a phone or a queue of the floor, else outside.
    pub(super) fn target(&self, number: &Number) -> Target {
        let text = number.as_str();
        if self.is_phone(text) {
            return DeviceId::new(text).map_or_else(|_| Target::Outside(number.clone()), Target::Device);
        }
        match self.floor.queues.iter().find(|queue| queue.id.as_str() == text) {
            Some(queue) => Target::Queue(queue.id.clone()),
            None => Target::Outside(number.clone()),
        }
    }

    fn is_phone(&self, text: &str) -> bool {
        let mut agents = self.floor.agents.iter().filter(|agent| agent.switch == self.switch);
        agents.any(|agent| agent.device.as_str() == text)
    }

    /// The endpoint of a phone.
    pub(super) fn phone(&self, device: &DeviceId) -> Result<String, String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if device.as_str().chars().all(is_plain) {
            return Ok(self.config.phone.fill(device.as_str()));
        }
        Err(format!("phone {device:?} has a name that cannot be an endpoint's"))
    }

    /// The endpoint of a number outside. A number holds what a dial pad has and nothing else.
    pub(super) fn outside(&self, number: &Number) -> Result<String, String> {
        let trunk =
            self.config.trunk.as_ref().ok_or("no trunk is configured: nobody can be called outside")?;
        Ok(trunk.fill(number.as_str()))
    }

    /// The endpoint of whoever a number leads to; a queue has none.
    pub(super) fn endpoint(&self, target: &Target) -> Result<Option<String>, String> {
        match target {
            Target::Device(device) => self.phone(device).map(Some),
            Target::Outside(number) => self.outside(number).map(Some),
            Target::Queue(_) => Ok(None),
        }
    }
}
