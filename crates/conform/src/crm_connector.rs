//! Avaya's CRM Connector, from `docs/protocols/crm-connector.md`.

mod desk;
mod talk;
mod telephony;

use crate::{Browser, End, Suite};

pub use self::{desk::run as desk, telephony::run as telephony};

/// The requirements for a connector.
pub const TELEPHONY: Suite = Suite {
    dialect: "crm-connector",
    end: End::Telephony,
    requirements: telephony::REQUIREMENTS,
    steps: telephony::STEPS,
};

/// The requirements for a page of a CRM.
pub const DESK: Suite =
    Suite { dialect: "crm-connector", end: End::Desk, requirements: desk::REQUIREMENTS, steps: desk::STEPS };

/// The port of the page: Cordboard's choice.
pub const PORT: u16 = 8095;

/// The action of every message that the connector sends (crm-connector.md §4), and of our extensions (crm-connector.md §8).
const FROM_CONNECTOR: [&str; 11] = [
    "ready",
    "requestCrmData",
    "requestGetCrmDirectory",
    "requestEnableClickToDial",
    "requestNavigateToClickToDialResult",
    "requestPerformInteractionScreenPop",
    "requestSaveInteractionLog",
    "requestOpenReports",
    "requestCustomFieldsValues",
    "requestSignIn",
    "interactionEvent",
];

/// The action of every message that the page sends (crm-connector.md §4), and of our extension (crm-connector.md §8.2).
const FROM_PAGE: [&str; 8] = [
    "ready",
    "crmData",
    "crmDirectory",
    "clickToDialResponse",
    "createHistoryItem",
    "customFieldsDataResponse",
    "displayErrorNotification",
    "signIn",
];

/// How to test a connector: the run is the page of a CRM.
#[derive(Debug, Clone)]
pub struct Connector {
    /// The address of the connector.
    pub to: String,
    /// Where the page of the run is.
    pub browser: Browser,
    /// The number of the customer who calls. Without it any calling number is right.
    pub customer: Option<String>,
    /// The number that the run clicks.
    pub number: String,
}

/// How to test a page of a CRM: the run is the connector in it.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where the page of the run is.
    pub browser: Browser,
    /// The number of the customer who calls.
    pub customer: String,
}
