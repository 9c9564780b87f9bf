//! All integration tests of this crate, in one program: it is linked once, and its tests run side by side.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may fail")]

mod calls;
mod contract;
mod golden;
mod play;
