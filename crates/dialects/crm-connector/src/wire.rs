//! The messages as types, and the objects that carry them.
//!
//! Every message is an object `{type, action, data?}` (crm-connector.md §2). Requests and answers are paired by `action` only.

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

/// `type` of messages from the connector (crm-connector.md §2).
pub const FROM_CONNECTOR: &str = "CRMConnectMessage";
/// `type` of messages from the CRM page (crm-connector.md §2).
pub const FROM_CLIENT: &str = "ClientAppMessage";

/// A message before its data is parsed.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The action of the message.
    pub action: &'a str,
    /// The data of the message; `null` if it has none.
    pub data: &'a Value,
}

/// Opens a message. `None` if it is not an object, has another `type`, or has no `action`.
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
