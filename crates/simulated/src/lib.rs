//! The built-in phone system: phones, queues, callers, numbers outside, and faults, all from a seed.
//!
//! [`Switch`] is a small PBX with an ACD in CSTA's terms (ECMA-269): it takes [`model::SwitchRequest`]s, answers each, and tells
//! what happens as [`model::SwitchEvent`]s. [`SwitchSession`] puts it behind the contract of [`session::Session`](::session::Session), with a control
//! interface over HTTP at which a person is every caller and every hand at a phone.
//!
//! It is pure: time is an argument, randomness grows from the seed, and nothing leaves but what is asked for with `poll`.
//! The same configuration and the same inputs give the same outputs, byte for byte.
//!
//! Start reading at [`Switch`], then `switch/ring.rs` (how a call gets to somebody), `switch/clear.rs` (how it ends) and `request/`
//! (what the hub may ask).
//!
//! # What is told, and when
//!
//! - A call to a phone: `Delivered`, then `Established`. A call to a queue: `Queued`; when the hub deflects it, `Delivered` with
//!   the queue. Refused at the phone, it is `Queued` again.
//! - A call by a phone: `Originated`, then as above, or `Failed` when nobody ever answered it.
//! - A join keeps the customer's call: `into` is `primary`. Whoever is left to wait for a ringing party dials from there on.
//! - When one of two leaves, the other's `ConnectionCleared` follows with the same cause.
//! - `Offered` and `CallInformation` are never told.

mod answer;
mod caller;
mod clock;
mod config;
mod control;
mod error;
mod event;
mod faults;
mod late;
mod line;
mod media;
mod memory;
mod outside;
mod phone;
mod request;
mod session;
mod switch;
mod target;

pub use caller::Caller;
pub use config::Config;
pub use error::Error;
pub use faults::{Chance, ChanceError, Chances, Fault, FaultsView};
pub use media::{CallView, Media};
pub use outside::{Behaviour, BehaviourError, Outside, Reply};
pub use phone::{PhoneAction, PhoneView};
pub use switch::{Recording, State, Switch};

pub use crate::session::SwitchSession;
