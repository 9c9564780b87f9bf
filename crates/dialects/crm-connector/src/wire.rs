//! Typed messages and the objects that carry them.
//!
//! Every message is an object `{type, action, data?}` (crm-connector.md §2). Pairing is by `action` alone; nothing is acknowledged.

mod client;
mod connector;
mod lenient;
pub mod limits;
mod log;
mod notification;
pub mod settings;

use serde_json::{Map, Value, json};

pub use client::{Click, User};
pub use client::{ClientMessage, CrmData, CustomField, CustomFields, Direct, Directory, HistoryItem};
pub use connector::{ConnectorMessage, Progress, ScreenPop, Step};
pub use log::LogRecord;
pub use notification::{Kind, Notification, Severity};
pub use settings::Settings;

/// `type` of what the connector says (crm-connector.md §2).
pub const FROM_CONNECTOR: &str = "CRMConnectMessage";
/// `type` of what the page around it says (crm-connector.md §2).
pub const FROM_CLIENT: &str = "ClientAppMessage";

/// A message before its action is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// What it is.
    pub action: &'a str,
    /// What comes with it; `null` where nothing does.
    pub data: &'a Value,
}

/// Takes a message apart, or finds that it is none: not an object, of another `type`, or without an `action`.
pub fn open<'a>(message: &'a Value, from: &str) -> Option<Envelope<'a>> {
    let members = message.as_object()?;
    let is_theirs = members.get("type")?.as_str()? == from;
    let action = members.get("action")?.as_str()?;
    is_theirs.then(|| Envelope { action, data: members.get("data").unwrap_or(&Value::Null) })
}

fn envelope(from: &str, action: &str, data: Option<Value>) -> Value {
    let mut message = Map::new();
    message.insert("type".into(), json!(from));
    message.insert("action".into(), json!(action));
    if let Some(data) = data {
        message.insert("data".into(), data);
    }
    Value::Object(message)
}
