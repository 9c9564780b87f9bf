//! All integration tests of this crate, in one program: it is linked once, and its tests run side by side.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

mod back_to_back;
mod contract;
mod desk;
mod golden;
mod max_bench;
mod support;
mod telephony;
mod vectors;
