//! Tests of the switch from both sides: requests and events of the hub, and the control interface.

#![allow(clippy::unwrap_used, reason = "tests")]

mod bounds;
mod contract;
mod control;
mod determinism;
mod faults;
mod follow;
mod joins;
mod lines;
mod media;
mod random;
mod redirects;
mod room;
mod services;
mod world;
