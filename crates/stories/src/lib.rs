//! Call stories and the seeded simulator. Nothing here ships.
//!
//! A story (`stories/*.yaml`) says what happens and what is seen, and is played at three depths: against the core alone, against a
//! node on a virtual clock, and over real sockets. The simulator plays whatever comes of a seed, with faults and crashes.
//!
//! A [`transcript`] is what a subscriber is told meanwhile: reducers of events in other languages are tested with them.
//!
//! Start reading at [`story::Story`], then [`play()`] and [`depth::World`].

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
