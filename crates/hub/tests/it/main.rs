//! All integration tests of this crate, in one program: it is linked once, and its tests run side by side.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests may fail")]

mod api;
mod audit;
mod common;
mod desks;
mod driver;
mod engine;
mod fanout;
mod flood;
mod https;
mod kept;
mod links;
mod node;
mod relay;
mod second_factor;
mod served;
mod sockets;
mod tokens;
