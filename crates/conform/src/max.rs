//! NICE MAX, from `docs/protocols/max.md`.

mod desk;
mod event;
mod telephony;

use crate::{Browser, End, Suite};

pub use self::{desk::run as desk, telephony::run as telephony};

/// The requirements for MAX.
pub const TELEPHONY: Suite = Suite {
    dialect: "max",
    end: End::Telephony,
    requirements: telephony::REQUIREMENTS,
    steps: telephony::STEPS,
};

/// The requirements for an embedded page.
pub const DESK: Suite =
    Suite { dialect: "max", end: End::Desk, requirements: desk::REQUIREMENTS, steps: desk::STEPS };

/// The port of the page: Cordboard's choice.
pub const PORT: u16 = 8096;

/// How to test MAX: the run is an embedded page.
#[derive(Debug, Clone)]
pub struct Max {
    /// Where the page of the run is.
    pub browser: Browser,
    /// `issuer` of each envelope.
    pub issuer: String,
    /// The number of the customer who calls. Without it any calling number is right.
    pub customer: Option<String>,
}

/// How to test an embedded page: the run is MAX.
#[derive(Debug, Clone)]
pub struct Page {
    /// The address of the page.
    pub to: String,
    /// Where the page of the run is.
    pub browser: Browser,
    /// `issuer` of each envelope.
    pub issuer: String,
    /// The number of the customer who calls.
    pub customer: String,
}
