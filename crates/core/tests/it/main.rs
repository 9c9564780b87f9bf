//! All integration tests of this crate, in one program: it is linked once, and its tests run side by side.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

mod again;
mod anything;
mod callers;
mod calls;
mod digits;
mod drafts;
mod floor;
mod force_end;
mod notices;
mod presence;
mod removal;
