//! A story as it is written down: what is given, what happens, what is seen.

mod act;
mod expect;
mod given;
mod load;

use serde::Deserialize;

pub use act::{Act, By, Callout, Do, Network};
pub use expect::{
    AgentIs, CallsAtSwitch, EventsSeen, Expected, Heard, HistoryHas, InteractionIs, LegIs, PhoneHas, Posted,
    QueueHas, Work,
};
pub use given::{Given, Standing};
pub use load::{Error, files, load};

/// What a story is played against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// The core, with the simulated switch right beside it.
    Core,
    /// A node on a virtual clock, with its sessions and the store in memory.
    Node,
    /// A running node, over real sockets.
    Sockets,
    /// Two hubs on virtual clocks, joined by Harmony's bridge: one with the phones, one with the agents.
    Harmony,
}

impl Depth {
    /// Those of a story that names none.
    pub const DEFAULT: [Depth; 3] = [Self::Core, Self::Node, Self::Sockets];

    /// Its word, as stories have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Node => "node",
            Self::Sockets => "sockets",
            Self::Harmony => "harmony",
        }
    }
}

/// A story.
#[derive(Debug, Clone)]
pub struct Story {
    /// What it is about; a sentence.
    pub title: String,
    /// Where it can be played.
    pub depths: Vec<Depth>,
    /// What is so at the beginning.
    pub given: Given,
    /// What happens and what is seen, in order.
    pub steps: Vec<Step>,
}

/// Something that happens, and what is seen right after.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// What happens, in order.
    pub when: Vec<Act>,
    /// What is seen.
    pub then: Vec<Expected>,
}
