//! Messages from the CRM page (crm-connector.md §4). Parsed leniently, printed as the public client prints them.

use compact_str::CompactString;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    FROM_CLIENT, Notification, Settings, envelope, lenient,
    limits::{DIRECTORY_MAX, ECHOED_BYTES_MAX, FIELDS_MAX, PICKS_MAX},
    open,
};

/// A message from the CRM page.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientMessage {
    /// The answer to the connector's `ready`.
    Ready,
    /// The configuration and the user.
    CrmData(Box<CrmData>),
    /// The directory of people to call.
    CrmDirectory(Directory),
    /// A number was clicked.
    ClickToDialResponse(Box<Click>),
    /// A log was saved.
    CreateHistoryItem(Box<HistoryItem>),
    /// The definitions of custom fields.
    CustomFieldsDataResponse(Option<CustomFields>),
    /// A notification for the agent.
    DisplayErrorNotification(Box<Notification>),
}

impl ClientMessage {
    /// Parses a message. `None` if it is invalid or its action is unknown.
    pub fn read(message: &Value) -> Option<Self> {
        let envelope = open(message, FROM_CLIENT)?;
        let data = envelope.data;
        Some(match envelope.action {
            "ready" => Self::Ready,
            "crmData" => Self::CrmData(Box::new(CrmData::read(data))),
            "crmDirectory" => Self::CrmDirectory(Directory::read(data)),
            "clickToDialResponse" => Self::ClickToDialResponse(Box::new(Click::read(data))),
            "createHistoryItem" => Self::CreateHistoryItem(Box::new(HistoryItem::read(data)?)),
            "customFieldsDataResponse" => Self::CustomFieldsDataResponse(CustomFields::read(data)),
            "displayErrorNotification" => Self::DisplayErrorNotification(Box::new(Notification::read(data))),
            _ => return None,
        })
    }

    /// Prints the message as the public client does: `data` is `{}` if there is none.
    pub fn print(&self) -> Value {
        let (action, data) = match self {
            Self::Ready => ("ready", json!({})),
            Self::CrmData(data) => ("crmData", data.print()),
            Self::CrmDirectory(directory) => ("crmDirectory", directory.print()),
            Self::ClickToDialResponse(click) => ("clickToDialResponse", click.print()),
            Self::CreateHistoryItem(item) => ("createHistoryItem", item.print()),
            Self::CustomFieldsDataResponse(fields) => {
                // JSON inside a string, unlike every other payload (crm-connector.md §4.10).
                let fields = fields.as_ref().map(CustomFields::print).unwrap_or_default();
                ("customFieldsDataResponse", Value::String(fields.to_string()))
            }
            Self::DisplayErrorNotification(notification) => {
                ("displayErrorNotification", notification.print())
            }
        };
        envelope(FROM_CLIENT, action, Some(data))
    }
}

/// Configuration, user and capabilities of the CRM page (crm-connector.md §4.2).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CrmData {
    /// The eight sections of settings.
    pub settings: Settings,
    /// The user of the CRM.
    pub user: User,
    /// The display name of the CRM.
    pub crm_name: CompactString,
    /// Whether the CRM has a directory.
    pub has_directory: bool,
    /// Whether navigation in the CRM reloads the connector.
    pub reloads: bool,
    /// Extensions that the CRM page supports, by Cordboard's names (crm-connector.md §8).
    pub extensions: Vec<CompactString>,
}

/// The user of the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct User {
    /// The CRM's ID of the user.
    pub id: Option<CompactString>,
    /// The display name.
    pub name: Option<CompactString>,
    /// The name to sign in with.
    pub username: Option<CompactString>,
    /// The language and country.
    pub locale: Option<CompactString>,
}

impl CrmData {
    /// Parses the data. Missing values have their defaults.
    pub fn read(data: &Value) -> Self {
        let null = Value::Null;
        let part = |name: &str| data.get(name).unwrap_or(&null);
        let (user, capabilities) = (part("currentUser"), part("capabilities"));
        let can = |name: &str| capabilities.get(name).and_then(lenient::flag).unwrap_or(false);
        Self {
            settings: Settings::read(part("callCenterSettings")),
            user: User {
                id: lenient::member(user, "Id"),
                name: lenient::member(user, "Name"),
                username: lenient::member(user, "Username"),
                locale: lenient::member(user, "LanguageLocaleKey"),
            },
            crm_name: lenient::member(capabilities, "name").unwrap_or_else(|| "CRM".into()),
            has_directory: can("directoryAvailable"),
            reloads: can("reloadsOnNavigation"),
            extensions: lenient::texts(part("capabilities").get("extensions").unwrap_or(&null), FIELDS_MAX),
        }
    }
}

/// The locale of a user of whom none is known: the value of the public sample (crm-connector.md §4.2).
const LOCALE: &str = "en_US";

impl CrmData {
    /// Prints the settings with which a connector reports the most.
    fn print(&self) -> Value {
        json!({
            "callCenterSettings": self.settings.print(),
            "currentUser": {
                "attributes": { "type": "agent" },
                "Id": self.user.id, "Name": self.user.name, "Username": self.user.username,
                "LanguageLocaleKey": self.user.locale.as_deref().unwrap_or(LOCALE),
            },
            "capabilities": {
                "directoryAvailable": self.has_directory, "name": self.crm_name, "reloadsOnNavigation": self.reloads,
                "lightningComponentsAvailable": false, "extensions": self.extensions,
            },
        })
    }
}

/// The people in the CRM's directory (crm-connector.md §4.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directory(pub Vec<Direct>);

/// A person in the CRM's directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Direct {
    /// The CRM's ID.
    pub id: Option<CompactString>,
    /// The display name.
    pub name: Option<CompactString>,
    /// The number to call.
    pub phone: Option<CompactString>,
    /// The e-mail address.
    pub email: Option<CompactString>,
}

impl Directory {
    fn read(data: &Value) -> Self {
        let results = data.get("results").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let direct = |entry: &Value| Direct {
            id: lenient::member(entry, "id"),
            name: lenient::member(entry, "name"),
            phone: lenient::member(entry, "phone"),
            email: lenient::member(entry, "email"),
        };
        let reached = |direct: &Direct| direct.phone.is_some() || direct.email.is_some();
        Self(results.iter().map(direct).filter(reached).take(DIRECTORY_MAX).collect())
    }

    /// Prints the directory. The count is a string (crm-connector.md §4.3).
    fn print(&self) -> Value {
        json!({ "count": self.0.len().to_string(), "results": self.0 })
    }
}

/// A click on a number (crm-connector.md §4.5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Click {
    /// The number as shown on the page.
    pub number: Option<CompactString>,
    /// The kind of the record with the number.
    pub object_type: Option<CompactString>,
    /// The ID of the record.
    pub record_id: Option<CompactString>,
    /// The display name of the record.
    pub record_name: Option<CompactString>,
    /// An e-mail address.
    pub email: Option<CompactString>,
    /// The address of the record.
    pub url: Option<CompactString>,
    /// Whether the person must not be called.
    pub do_not_call: bool,
    /// `onClickToDialResponse` unchanged, to be sent back (crm-connector.md §4.6).
    pub result: Value,
    /// `relatedToObjects` unchanged, for the log.
    pub related: Value,
}

impl Click {
    fn read(data: &Value) -> Self {
        let result = data.get("onClickToDialResponse").cloned().unwrap_or_default();
        let phones = data.get("crmPhones").map(|phones| lenient::texts(phones, 1)).unwrap_or_default();
        let emails = data.get("crmEmails").map(|emails| lenient::texts(emails, 1)).unwrap_or_default();
        Self {
            number: lenient::member(&result, "number").or_else(|| phones.into_iter().next()),
            object_type: lenient::member(&result, "objectType"),
            record_id: lenient::member(&result, "recordId"),
            record_name: lenient::member(&result, "recordName"),
            email: lenient::member(&result, "email").or_else(|| emails.into_iter().next()),
            url: lenient::member(&result, "url"),
            do_not_call: data.get("doNotCall").and_then(lenient::flag).unwrap_or(false),
            related: data.get("relatedToObjects").map(echoed).unwrap_or_default(),
            result: echoed(&result),
        }
    }

    /// Prints all keys that the vendor's page requires.
    fn print(&self) -> Value {
        let result = json!({
            "number": self.number, "objectType": self.object_type, "recordId": self.record_id,
            "recordName": self.record_name, "email": self.email, "url": self.url,
        });
        let info = json!({
            "recordId": self.record_id, "url": self.url, "recordName": self.record_name, "objectType": self.object_type,
        });
        json!({
            "onClickToDialResponse": result,
            "clickToDialLogDetails": {
                "id": self.record_id, "name": self.record_name, "personAccount": true, "type": self.object_type,
            },
            "softphoneItems": [],
            "doNotCall": self.do_not_call,
            "crmEmails": self.email,
            "crmPhones": [self.number],
            "nameObjects": null,
            "relatedToObjects": [{ "isName": false, "isRelatedTo": true, "pageInfo": info }],
            "pageInfo": result,
        })
    }
}

/// A value to be sent back unchanged; `null` if it is too large.
fn echoed(value: &Value) -> Value {
    Some(value).filter(|value| value.to_string().len() <= ECHOED_BYTES_MAX).cloned().unwrap_or_default()
}

/// A log that the CRM has saved (crm-connector.md §4.8).
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryItem {
    /// The CRM's ID of the saved log.
    pub task_id: CompactString,
    /// The interaction, by the connector's ID.
    pub interaction: Option<CompactString>,
    /// The saved values, by the CRM's names.
    pub parameters: Vec<(CompactString, CompactString)>,
    /// The data of the log as it came, to be sent back.
    pub log: Value,
}

impl HistoryItem {
    fn read(data: &Value) -> Option<Self> {
        let item = data.get("data").unwrap_or(&Value::Null);
        let interaction = item.pointer("/msgData/message/body/interactionId");
        let interaction = interaction.or_else(|| item.pointer("/message/body/interactionId"));
        let parameters = item.get("logParameters").and_then(Value::as_object);
        let pairs = parameters.into_iter().flatten();
        Some(Self {
            task_id: lenient::member(data, "taskId")?,
            interaction: interaction.and_then(lenient::text),
            parameters: pairs
                .filter_map(|(name, value)| Some((name.as_str().into(), lenient::text(value)?)))
                .take(FIELDS_MAX)
                .collect(),
            log: Value::Null,
        })
    }

    /// Prints the log as it came, with the saved values and the copy that the vendor's page requires.
    fn print(&self) -> Value {
        let parameters: Map<String, Value> =
            self.parameters.iter().map(|(name, value)| (name.to_string(), json!(value))).collect();
        let message = self.log.get("message").cloned();
        let message = message.unwrap_or_else(|| json!({ "body": { "interactionId": self.interaction } }));
        let mut copy = json!({ "message": message });
        let mut data = self.log.as_object().cloned().unwrap_or_default();
        if let Some(header) = data.get("header") {
            copy["header"] = header.clone();
        }
        data.insert("logParameters".into(), Value::Object(parameters));
        data.insert("msgData".into(), copy);
        json!({ "taskId": self.task_id, "data": data })
    }
}

/// The definitions of custom fields (crm-connector.md §4.10).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CustomFields {
    /// The fields of calls.
    pub voice: Vec<CustomField>,
    /// The fields of other media.
    pub digital: Vec<CustomField>,
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomField {
    /// The CRM's name of the field.
    pub key: CompactString,
    /// The display name.
    pub label: CompactString,
    /// The values to choose from. Empty: any text.
    pub picks: Vec<CompactString>,
}

impl CustomFields {
    /// Parses the text that contains the definitions; `None` if it is not JSON.
    fn read(data: &Value) -> Option<Self> {
        let data = lenient::unpacked(data)?;
        let side = |name: &str| {
            let fields = data.get(name).and_then(Value::as_object).into_iter().flatten();
            fields.take(FIELDS_MAX).map(|(key, field)| CustomField::read(key, field)).collect()
        };
        Some(Self { voice: side("voice"), digital: side("digital") })
    }

    fn print(&self) -> Value {
        let side = |fields: &[CustomField]| -> Map<String, Value> {
            fields.iter().map(|field| (field.key.to_string(), field.print())).collect()
        };
        json!({ "digital": side(&self.digital), "voice": side(&self.voice) })
    }
}

impl CustomField {
    fn read(key: &str, field: &Value) -> Self {
        let info = field.get("customFieldInfo").unwrap_or(&Value::Null);
        let picks =
            info.get("picklistValues").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let pick = |value: &Value| lenient::text(value).or_else(|| lenient::member(value, "value"));
        let key: CompactString = key.chars().take(super::limits::TEXT_MAX).collect();
        Self {
            label: lenient::member(info, "customFieldLabel").unwrap_or_else(|| key.clone()),
            picks: picks.iter().filter_map(pick).take(PICKS_MAX).collect(),
            key,
        }
    }

    fn print(&self) -> Value {
        let kind = if self.picks.is_empty() { "STRING" } else { "PICKLIST" };
        let picks: Vec<Value> =
            self.picks.iter().map(|pick| json!({ "value": pick, "label": pick })).collect();
        json!({ "customFieldInfo": {
            "customFieldType": kind, "customFieldLabel": self.label, "picklistValues": picks,
        } })
    }
}
