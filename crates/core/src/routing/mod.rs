//! Who gets a waiting call: the longest idle agent of the queue; the most urgent and then the oldest call of the agent's queues.
//!
//! A call keeps its place while it is offered, so one that is not taken is in front again by itself.

mod apply;
mod offer;
mod tick;

pub(crate) use apply::apply;
pub(crate) use offer::{assign, give_back, rings_at, routable, take_back};
pub(crate) use tick::tick;
