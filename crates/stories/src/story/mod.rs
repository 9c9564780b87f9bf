//! The types of a story file: the initial state, the actions and the expectations.

mod act;
mod expect;
mod given;
mod load;

use serde::Deserialize;

pub use act::{Act, By, Callout, Do, Network};
pub use expect::{
    AgentIs, CallsAtSwitch, EventsSeen, Expected, HistoryHas, InteractionIs, LegIs, PhoneHas, Posted,
    QueueHas, Tones, Work,
};
pub use given::{Given, InitialState};
pub use load::{Error, files, load};

/// The part of the system that a story runs against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// The core, connected directly to the simulated switch.
    Core,
    /// A node on a virtual clock, with its sessions and the store in memory.
    Node,
    /// A running node, over real sockets.
    Sockets,
    /// Two hubs on virtual clocks, joined by Harmony's bridge: one with the phones, one with the agents.
    Harmony,
}

impl Depth {
    /// The depths of a story that does not list any.
    pub const DEFAULT: [Depth; 3] = [Self::Core, Self::Node, Self::Sockets];

    /// The depth's word in story files.
    pub fn as_str(self) -> &'static str {
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
    /// A sentence that says what the story is about.
    pub title: String,
    /// The depths at which it can run.
    pub depths: Vec<Depth>,
    /// The state at the beginning.
    pub given: Given,
    /// The actions and the expectations, in order.
    pub steps: Vec<Step>,
}

/// Actions, and the expectations directly after them.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// The actions, in order.
    pub when: Vec<Act>,
    /// The expectations.
    pub then: Vec<Expected>,
}
