//! What the page around says (crm-connector.md §4): read leniently, printed as the public client prints it.

use compact_str::CompactString;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    FROM_CLIENT, Notification, Settings, envelope, lenient,
    limits::{DIRECTORY_MAX, ECHOED_BYTES_MAX, FIELDS_MAX, PICKS_MAX},
    open,
};

/// What the page around says.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientMessage {
    /// It is there: answers the connector's own `ready`.
    Ready,
    /// Its configuration and who uses it.
    CrmData(Box<CrmData>),
    /// Who can be called.
    CrmDirectory(Directory),
    /// A number was clicked.
    ClickToDialResponse(Box<Click>),
    /// A log was saved.
    CreateHistoryItem(Box<HistoryItem>),
    /// What custom fields are.
    CustomFieldsDataResponse(Option<CustomFields>),
    /// Something for the agent to read.
    DisplayErrorNotification(Box<Notification>),
}

impl ClientMessage {
    /// Reads a message; `None` for what is none, or of an action that is not known.
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

    /// Prints it as the public client does: `data` is `{}` where there is none.
    pub fn print(&self) -> Value {
        let (action, data) = match self {
            Self::Ready => ("ready", json!({})),
            Self::CrmData(data) => ("crmData", data.print()),
            Self::CrmDirectory(directory) => ("crmDirectory", directory.print()),
            Self::ClickToDialResponse(click) => ("clickToDialResponse", click.print()),
            Self::CreateHistoryItem(item) => ("createHistoryItem", item.print()),
            Self::CustomFieldsDataResponse(fields) => {
                // A string that holds JSON, unlike every other payload (crm-connector.md §4.10).
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

/// Configuration, user and capabilities of the page around (crm-connector.md §4.2).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CrmData {
    /// The eight sections.
    pub settings: Settings,
    /// Who uses the CRM.
    pub user: User,
    /// The CRM's name to show.
    pub crm_name: CompactString,
    /// Whether the CRM has a directory.
    pub has_directory: bool,
    /// Whether the connector is loaded anew when the CRM shows another page.
    pub reloads: bool,
    /// Extensions that the page understands, by our names (crm-connector.md §8).
    pub extensions: Vec<CompactString>,
}

/// Who uses the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct User {
    /// The CRM's id.
    pub id: Option<CompactString>,
    /// Name to show.
    pub name: Option<CompactString>,
    /// Name to sign in with.
    pub username: Option<CompactString>,
    /// Language and country.
    pub locale: Option<CompactString>,
}

impl CrmData {
    /// Reads it; what is missing has its default.
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

impl CrmData {
    /// Prints what the desk end asks of a connector: the settings that make it tell the most.
    fn print(&self) -> Value {
        let yes = |on: bool| if on { "Y" } else { "N" };
        let softphone = &self.settings.softphone;
        json!({
            "callCenterSettings": {
                "LogOptions": { "callLogEnabled": yes(self.settings.log.enabled) },
                "SoftphoneOptions": {
                    "clickToDial": yes(softphone.click_to_dial), "clickToConsultEnabled": yes(softphone.click_to_consult),
                },
                "CallScreenPopOptions": {
                    "screenPopOnAni": yes(self.settings.pop.ani), "screenPopOnDnis": yes(self.settings.pop.dnis),
                    "suppressScreenPop": yes(self.settings.pop.suppressed),
                    "waitBeforePerformScreenpop": yes(self.settings.pop.on_answer),
                },
            },
            "currentUser": {
                "attributes": { "type": "agent" },
                "Id": self.user.id, "Name": self.user.name, "Username": self.user.username,
                "LanguageLocaleKey": self.user.locale,
            },
            "capabilities": {
                "directoryAvailable": self.has_directory, "name": self.crm_name, "reloadsOnNavigation": self.reloads,
                "lightningComponentsAvailable": false, "extensions": self.extensions,
            },
        })
    }
}

/// Who can be called, as the CRM knows them (crm-connector.md §4.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directory(pub Vec<Direct>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Direct {
    /// The CRM's id.
    pub id: Option<CompactString>,
    /// Name to show.
    pub name: Option<CompactString>,
    /// Number to call.
    pub phone: Option<CompactString>,
    /// Address to write to.
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

    /// The count is a text (crm-connector.md §4.3).
    fn print(&self) -> Value {
        json!({ "count": self.0.len().to_string(), "results": self.0 })
    }
}

/// A click on a number (crm-connector.md §4.5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Click {
    /// The number as it stands on the page.
    pub number: Option<CompactString>,
    /// What kind of record it stands in.
    pub object_type: Option<CompactString>,
    /// Which record.
    pub record_id: Option<CompactString>,
    /// The record's name to show.
    pub record_name: Option<CompactString>,
    /// An address to write to.
    pub email: Option<CompactString>,
    /// Where the record is.
    pub url: Option<CompactString>,
    /// The person does not want to be called.
    pub do_not_call: bool,
    /// `onClickToDialResponse` as it came, to be said back (crm-connector.md §4.6).
    pub result: Value,
    /// `relatedToObjects` as it came, for the log.
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

    /// All the keys that the vendor's page requires.
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

/// What is said back as it came, unless it is too large for that.
fn echoed(value: &Value) -> Value {
    Some(value).filter(|value| value.to_string().len() <= ECHOED_BYTES_MAX).cloned().unwrap_or_default()
}

/// A log that the CRM has saved (crm-connector.md §4.8).
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryItem {
    /// The CRM's id of the saved log.
    pub task_id: CompactString,
    /// Which interaction it is of, as the connector named it.
    pub interaction: Option<CompactString>,
    /// What was saved, by the CRM's names.
    pub parameters: Vec<(CompactString, CompactString)>,
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
        })
    }

    fn print(&self) -> Value {
        let parameters: Map<String, Value> =
            self.parameters.iter().map(|(name, value)| (name.to_string(), json!(value))).collect();
        json!({
            "taskId": self.task_id,
            "data": {
                "logParameters": parameters,
                "msgData": { "message": { "body": { "interactionId": self.interaction } } },
            },
        })
    }
}

/// What custom fields are, for calls and for everything else (crm-connector.md §4.10).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CustomFields {
    /// Of calls.
    pub voice: Vec<CustomField>,
    /// Of other media.
    pub digital: Vec<CustomField>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomField {
    /// The CRM's name of it, in its own spelling.
    pub key: CompactString,
    /// Name to show.
    pub label: CompactString,
    /// What may be chosen; none: any text.
    pub picks: Vec<CompactString>,
}

impl CustomFields {
    /// Reads them out of the text that holds them; `None` when it holds no JSON.
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
