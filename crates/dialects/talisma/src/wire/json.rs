//! `JsonString`: the notification as it took effect. Its format is our choice (talisma.md §6.4).

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

/// The notification as JSON, with the warnings. All its characters are allowed in XML.
pub fn json_string(notification: &Notification, at: Timestamp, warnings: &[String]) -> String {
    let effective = Effective { notification, created_at: rfc3339(at.0), warnings };
    // It has only strings, integers and lists, so writing it as JSON cannot fail.
    serde_json::to_string(&effective).unwrap_or_default()
}
