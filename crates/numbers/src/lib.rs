//! Telephone numbers: comparison, and the dial policy.
//!
//! A number is read as it would be dialed in the floor's country: in the United States `+1 415 …`, `011 1 415 …` and
//! `415 …` are the same number. Numbers come from people and callers, so characters are filtered ([`model::Number`])
//! and the length is limited before they reach the phone number library.
//!
//! Start reading at [`check`] (the dial policy) and [`ComparableNumber`] (comparison).

mod class;
mod emergency;
mod policy;
mod read;
mod same;

pub use emergency::is_emergency;
pub use policy::{Decision, check, explain, summary, warnings};
pub use same::{ComparableNumber, warm_up};
