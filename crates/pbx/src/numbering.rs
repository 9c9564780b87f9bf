//! Where a dialed number leads.

use model::{DeviceId, Number, Party, PartyKind, QueueId};

use crate::Error;

/// Where a dialed number leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a phone.
    Device(DeviceId),
    /// To a queue.
    Queue(QueueId),
    /// Outside.
    Outside(Number),
}

impl Target {
    /// The party that a call there is shown to be for. A queue is not a party: its number stands for it.
    pub fn party(&self, dialled: &Number) -> Party {
        Party::new(match self {
            Self::Device(device) => PartyKind::Device(device.clone()),
            Self::Queue(_) | Self::Outside(_) => PartyKind::Outside(dialled.clone()),
        })
    }
}

/// The numbers that a medium can reach.
pub trait Numbering {
    /// Where a number leads.
    fn target(&self, number: &Number) -> Target;

    /// Refuses a target that the medium can't reach.
    fn check(&self, target: &Target) -> Result<(), Error>;
}
