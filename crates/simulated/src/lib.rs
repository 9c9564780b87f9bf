//! The built-in phone system: phones, queues, callers, outside numbers and faults, all derived from a seed.
//!
//! [`Switch`] is the call engine of [`pbx`] with memory as its medium: every effect succeeds immediately. It also
//! simulates people: callers who wait for a time, outside numbers that answer or not, and users of phones.
//! [`SwitchSession`] connects it to the hub as a [`session::Session`](::session::Session), with a control interface
//! over HTTP that can act as any caller and any user of a phone.
//!
//! The crate is pure: time is an argument, randomness comes from the seed, and all output is returned by `poll`. The
//! same configuration and the same inputs give exactly the same outputs.
//!
//! Start reading at [`Switch`], then `people.rs` (what parties do by themselves), `hub_link.rs` and `faults.rs` (faults
//! between the switch and the hub).

mod answer;
mod arrange;
mod caller;
mod clock;
mod config;
mod control;
mod delayed;
mod error;
mod event;
mod faults;
mod hub_link;
mod media;
mod numbers;
mod outside;
mod people;
mod phone;
mod session;
mod settings;
mod switch;

pub use arrange::FaultsView;
pub use caller::Caller;
pub use config::Config;
pub use error::Error;
pub use faults::{Chance, ChanceError, Chances, Fault};
pub use media::{CallView, Media};
pub use outside::{Behavior, BehaviorError, Outside, Reply};
pub use pbx::{Recording, State};
pub use phone::{PhoneAction, PhoneView};
pub use switch::Switch;

pub use crate::{
    session::SwitchSession,
    settings::{DIALECT, FaultSettings, SwitchSettings},
};
