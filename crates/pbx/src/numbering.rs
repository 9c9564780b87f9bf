//! The destinations of dialed numbers.

use model::{DeviceId, Number, Party, PartyKind, QueueId};

use crate::Error;

/// The destination of a dialed number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A phone.
    Device(DeviceId),
    /// A queue.
    Queue(QueueId),
    /// An outside number.
    Outside(Number),
}

impl Target {
    /// The party to show for a call to this destination. A queue is not a party, so its number is shown.
    pub fn party(&self, dialled: &Number) -> Party {
        Party::new(match self {
            Self::Device(device) => PartyKind::Device(device.clone()),
            Self::Queue(_) | Self::Outside(_) => PartyKind::Outside(dialled.clone()),
        })
    }
}

/// The numbers that a medium can reach.
pub trait Numbering {
    /// The destination of a number.
    fn target(&self, number: &Number) -> Target;

    /// Rejects a target that the medium cannot reach.
    fn check(&self, target: &Target) -> Result<(), Error>;
}
