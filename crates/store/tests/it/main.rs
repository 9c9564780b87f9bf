//! All integration tests of this crate, in one program: it is linked once, and its tests run side by side.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

mod audit_file;
mod memory;
mod sqlite;
mod sqlite_file;
mod sqlite_golden;
mod sqlite_identity;
