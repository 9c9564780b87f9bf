//! The call engine: one implementation of the switch services for every phone system that we control.
//!
//! [`Engine`] knows calls, legs and queues. It takes the hub's [`model::SwitchRequest`]s and what a medium reports as
//! [`MediaEvent`]s. It produces [`Output`]s: [`Effect`]s that the medium has to carry out, events for the hub, and answers to
//! requests. A medium is whatever connects the parties: memory in the simulator, channels and bridges in Asterisk. An adapter
//! translates between the engine and one medium; it contains no call logic.
//!
//! ```text
//! SwitchRequest ──┐                     ┌──► Effect       for the medium, one at a time per lane
//! MediaEvent ─────┼──► Engine ──────────┼──► SwitchEvent  for the hub, after the effects it depends on
//! done(effect) ───┘                     └──► SwitchAnswer
//! ```
//!
//! The engine is pure: time is an argument, ids come from a counter and a prefix, and it performs no I/O.
//!
//! # Terms
//!
//! - A **leg** is one connection between the medium and a party: a phone, or somebody on a trunk. A phone that holds one call and
//!   talks in another has one leg in two calls.
//! - A **member** is a leg's place in a call, with its [`State`].
//! - A **lane** is a sequence of effects, events and answers. Calls that share a leg share a lane. Within a lane the next effect
//!   starts when the previous one is done; different lanes run independently.
//!
//! # Rules
//!
//! - A service checks everything first and then acts, so a refused request changes nothing.
//! - A request whose outcome already holds is answered with `Done`: after a lost link the hub sends it again.
//! - State changes at once; effects follow. If an effect fails, the request it belongs to is refused, and the engine queries the
//!   medium's actual state ([`Output::Look`]) and reconciles.
//!
//! Start reading at [`Engine`], then `settle.rs` (where each leg belongs) and `service/`.

mod adopt;
mod arrive;
mod call;
mod effect;
mod engine;
mod error;
mod fail;
mod hands;
mod lane;
mod leave;
mod leg;
mod note;
mod numbering;
mod requests;
mod ring;
mod service;
mod settings;
mod settle;

pub use adopt::{MediumLeg, Picture};
pub use call::{Call, Member, Recording, State};
pub use effect::{Dial, Effect, EffectId, MediaEvent, Output, Place};
pub use engine::Engine;
pub use error::{Error, who};
pub use leg::{Leg, LegId, Phase};
pub use note::{Note, NotePlace};
pub use numbering::{Numbering, Target};
pub use service::recording_name;
pub use settings::{Answering, Settings};
