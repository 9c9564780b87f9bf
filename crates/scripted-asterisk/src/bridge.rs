//! Bridges.

use serde_json::{Value, json};

/// The kind of a bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its channels hear each other.
    Mixing,
    /// Its channels do not hear each other.
    Holding,
}

/// A bridge and the channels in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// The kind.
    pub kind: Kind,
    /// The IDs of its channels, in the order in which they joined.
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
