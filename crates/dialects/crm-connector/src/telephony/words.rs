//! What the session and our own page say to each other. The page draws what it is told, and tells what the agent wants.

use compact_str::CompactString;
use model::InteractionId;
use serde::{Deserialize, Serialize};

use crate::wire::{CustomFields, Direct, Notification, Settings, User};

/// What our page says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub(super) enum FromOurs {
    /// Said first: the page around is of this origin; the agent's clock is so far ahead of UTC.
    Around {
        origin: CompactString,
        #[serde(default)]
        offset_min: i32,
    },
    /// The address book was opened.
    Directory,
    /// The record that the number was clicked in is to be shown.
    Navigate { interaction: InteractionId },
    /// The CRM's page of reports is to be shown.
    Reports,
}

/// What our page is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub(super) enum ToOurs<'a> {
    /// How far the handshake has come.
    Phase { phase: &'static str },
    /// The page around is none of the floor's.
    OriginRefused { origin: &'a str, allowed: Vec<String> },
    /// How the page around wants the connector.
    Settings { settings: &'a Settings, user: &'a User, crm_name: &'a str, has_directory: bool, reloads: bool },
    /// What custom fields there are.
    Fields(&'a CustomFields),
    /// What the CRM's directory has; nothing after it did not answer in time.
    Directory { answered: bool, entries: &'a [Direct] },
    /// An interaction came of a click: its record can be shown.
    Clicked { interaction: InteractionId, name: Option<&'a str> },
    /// Logs that the CRM has saved, the last one first.
    History { items: Vec<Saved<'a>> },
    /// The page around has something to say to the agent.
    Notification(&'a Notification),
    /// We have something to say to the agent.
    Notice { text: &'a str },
    /// Something for the console.
    Warn { text: &'a str },
}

/// A log that the CRM has saved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Saved<'a> {
    pub(super) task_id: &'a str,
    pub(super) interaction: InteractionId,
    pub(super) parameters: &'a [(CompactString, CompactString)],
}
