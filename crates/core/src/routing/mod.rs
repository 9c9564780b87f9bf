//! Routing: which agent gets a waiting call. The longest idle agent of the queue gets the call with the highest
//! priority, then the oldest.
//!
//! A call keeps its position while it is offered, so a call that is not answered is first again.

mod apply;
mod offer;
mod tick;

pub(crate) use apply::apply;
pub(crate) use offer::{assign, mark_offered, return_offer, routable, withdraw_offer};
pub(crate) use tick::tick;
