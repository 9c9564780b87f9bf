//! All integration tests of this crate, in one program: it is linked once, and its tests run side by side.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

mod access;
mod arrows;
mod backup;
mod cli;
mod conform;
mod crash;
mod demo;
mod docs;
mod harmony;
mod harmony_ends;
mod max;
mod operation;
mod pages;
mod purity;
mod rust_version;
mod sources;
mod support;
mod talisma;
mod tls;
mod tree;
mod words;
