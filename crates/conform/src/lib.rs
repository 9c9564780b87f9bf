//! The conformance run: plays the other end of a protocol against any implementation, and reports for each requirement of the
//! protocol's page whether the implementation holds it, deviates from it, or was not tested.
//!
//! The crate is an independent judge. It uses no dialect of the workspace: the scripts and their encoders are written from the pages in
//! `docs/protocols/`. Start reading at `requirement`, then `findings`; each dialect has a folder with one script for each end.

mod bytes;
pub mod crm_connector;
mod findings;
pub mod harmony;
mod http;
pub mod max;
mod page;
mod report;
mod requirement;
mod soap;
mod step;
pub mod talisma;
mod terms;
mod transcript;
pub mod uwq;
mod xml;

pub use self::{
    page::Browser,
    report::{Outcome, Report, Verdict},
    requirement::{Basis, Requirement},
    step::{Action, Step, Steps},
    terms::Terms,
};

/// The end of a protocol that is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The end with the phones.
    Telephony,
    /// The end that shows the agent's work.
    Desk,
}

impl End {
    /// The name in the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Telephony => "telephony",
            Self::Desk => "desk",
        }
    }
}

/// The requirements for one end of a dialect.
#[derive(Debug, Clone, Copy)]
pub struct Suite {
    /// The dialect, which is also the name of its page.
    pub dialect: &'static str,
    /// The end that is tested.
    pub end: End,
    /// The requirements, in the order of the report.
    pub requirements: &'static [&'static Requirement],
    /// The steps that something outside of the protocol does at the tested end.
    pub steps: &'static [Step],
}

/// Every suite.
pub const SUITES: &[Suite] = &[
    crm_connector::TELEPHONY,
    crm_connector::DESK,
    harmony::TELEPHONY,
    harmony::DESK,
    max::TELEPHONY,
    max::DESK,
    talisma::TELEPHONY,
    talisma::DESK,
    uwq::TELEPHONY,
    uwq::DESK,
];
