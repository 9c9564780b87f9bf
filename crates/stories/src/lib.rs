//! Call stories and the seeded simulator, for tests only.
//!
//! A story (`stories/*.yaml`) lists actions and expectations. It runs at three depths: against the core alone, against a node on a virtual
//! clock, and over real sockets. The simulator runs random actions from a seed, with faults and crashes.
//!
//! A [`transcript`] lists what a subscriber receives during a run. It is a test for reducers of events in other languages.
//!
//! Start with [`story::Story`], then [`play()`] and [`depth::World`].

pub mod check;
pub mod depth;
pub mod ebs;
pub mod ids;
pub mod node;
mod play;
pub mod simulation;
pub mod story;
pub mod transcript;

pub use play::play;
