//! The built-in phone system: phones, queues, callers, numbers outside, and faults, all from a seed.
//!
//! [`Switch`] is the call engine of [`pbx`] with memory as its medium: everything that the engine asks for succeeds at once. Around it are
//! the people: callers with patience, numbers outside that answer or don't, hands at phones. [`SwitchSession`] puts it behind the contract
//! of [`session::Session`](::session::Session), with a control interface over HTTP at which a person is every caller and every hand.
//!
//! It is pure: time is an argument, randomness grows from the seed, and nothing leaves but what is asked for with `poll`.
//! The same configuration and the same inputs give the same outputs, byte for byte.
//!
//! Start reading at [`Switch`], then `people.rs` (what parties do by themselves), `line.rs` and `faults.rs` (what goes wrong between
//! the switch and the hub).

mod answer;
mod arrange;
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
pub use outside::{Behaviour, BehaviourError, Outside, Reply};
pub use pbx::{Recording, State};
pub use phone::{PhoneAction, PhoneView};
pub use switch::Switch;

pub use crate::{
    session::SwitchSession,
    settings::{DIALECT, FaultSettings, SwitchSettings},
};
