//! Telephone numbers: which two are the same, and which may be dialed.
//!
//! A number is read as it would be dialed from the floor's country: `+1 415 …`, `011 1 415 …` and `415 …` are one number there. What is read comes
//! from people and from callers, so it is filtered ([`model::Number`]) and its length is limited before the library sees it.
//!
//! Start reading at [`check`] (the dial policy) and [`Sameness`] (who calls).

mod class;
mod emergency;
mod policy;
mod read;
mod same;

pub use emergency::is_emergency;
pub use policy::{check, summary, warnings};
pub use same::{Sameness, warm_up};
