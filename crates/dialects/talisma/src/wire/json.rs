//! `JsonString`: the notification as it took effect. Its shape is a proposal of ours (talisma.md §6.4).

use model::Timestamp;
use serde::Serialize;
use wire::soap::rfc3339;

use super::Notification;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Effective<'a> {
    #[serde(flatten)]
    notification: &'a Notification,
    created_at: String,
    warnings: &'a [String],
}

/// The notification as JSON, with what was passed over. No character in it is one that XML cannot carry.
pub fn json_string(notification: &Notification, at: Timestamp, warnings: &[String]) -> String {
    let effective = Effective { notification, created_at: rfc3339(at.0), warnings };
    // Strings, integers and lists: nothing here can fail to be JSON.
    serde_json::to_string(&effective).unwrap_or_default()
}
