//! The messages between the session and the connector page. The page shows what it gets and reports what the agent does.

use compact_str::CompactString;
use model::InteractionId;
use serde::{Deserialize, Serialize};

use crate::wire::{CustomFields, Direct, Notification, Settings, User};

/// A message from the connector page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub(super) enum FromOwnPage {
    /// The first message: the origin of the CRM page, and how far the agent's clock is ahead of UTC.
    Around {
        origin: CompactString,
        #[serde(default)]
        offset_min: i32,
    },
    /// The agent has opened the address book.
    Directory,
    /// The agent has asked for the record of a click: of the customer, or of the person who is consulted.
    Navigate {
        interaction: InteractionId,
        #[serde(default)]
        consult: bool,
    },
    /// The agent has asked for the CRM's reports.
    Reports,
}

/// A message to the connector page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub(super) enum ToOwnPage<'a> {
    /// The phase of the handshake.
    Phase { phase: &'static str },
    /// The origin of the CRM page is not allowed.
    OriginRefused { origin: &'a str, allowed: Vec<String> },
    /// The configuration from the CRM page.
    Settings { settings: &'a Settings, user: &'a User, crm_name: &'a str, has_directory: bool, reloads: bool },
    /// The definitions of custom fields.
    Fields(&'a CustomFields),
    /// The CRM's directory. Empty if it did not answer in time.
    Directory { answered: bool, entries: &'a [Direct] },
    /// A clicked call is an interaction now. Its record can be shown.
    Clicked { interaction: InteractionId, name: Option<&'a str> },
    /// A click has started a consultation, or that consultation has ended.
    Consulted { interaction: InteractionId, live: bool, name: Option<&'a str> },
    /// Logs that the CRM has saved, the newest first.
    History { items: Vec<SavedLog<'a>> },
    /// A notification from the CRM page for the agent.
    Notification(&'a Notification),
    /// A message from Cordboard for the agent.
    Notice { text: &'a str },
    /// A message for the console.
    Warn { text: &'a str },
}

/// A log that the CRM has saved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct SavedLog<'a> {
    pub(super) task_id: &'a str,
    pub(super) interaction: InteractionId,
    pub(super) parameters: &'a [(CompactString, CompactString)],
}
