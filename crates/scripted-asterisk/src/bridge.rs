//! Bridges.

use serde_json::{Value, json};

/// What a bridge does with the channels in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All hear each other.
    Mixing,
    /// Nobody hears anybody.
    Holding,
}

/// A bridge and the channels in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// What it does.
    pub kind: Kind,
    /// The ids of the channels, in the order in which they joined.
    pub channels: Vec<String>,
}

impl Bridge {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, channels: Vec::new() }
    }

    pub(crate) fn json(&self, id: &str) -> Value {
        let kind = match self.kind {
            Kind::Mixing => "mixing",
            Kind::Holding => "holding",
        };
        json!({ "id": id, "bridge_type": kind, "channels": self.channels })
    }
}
