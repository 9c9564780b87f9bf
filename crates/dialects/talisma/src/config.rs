//! What can be configured. Every key has a default; a key that is unknown is an error.

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::Secret;
use serde::{Deserialize, Serialize};
use wire::soap::Version;

use crate::{
    Error,
    wire::{
        Contract,
        contract::{OBJECT_ACCOUNT, OBJECT_CONTACT, OBJECT_INTERACTION, PROPERTY_ANI, PROPERTY_DNI},
    },
};

/// The desk end: we are the notification server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskConfig {
    /// Namespaces.
    pub contract: Contract,
    /// What stands before `path` in an address and is taken off before we see it.
    pub mount: CompactString,
    /// The service's path; SOAP 1.2 clients find theirs at `/ws` below it. Ours: the vendor's is not known (talisma.md §2.1).
    pub path: CompactString,
    /// Where clients find the service, when it is not where they ask over plain HTTP: with TLS, or behind a proxy. Without a final slash.
    pub public_url: Option<String>,
    /// Whether HTTP Basic is taken beside WS-Security.
    pub basic: bool,
    /// Whether a request with WS-Security needs a time stamp.
    pub require_timestamp: bool,
    /// What is done for an agent who is not at work.
    pub not_signed_in: NotSignedIn,
    /// Requests that may be open at once.
    pub open_max: usize,
    /// What the installation's numbers stand for.
    pub names: Names,
}

impl Default for DeskConfig {
    fn default() -> Self {
        Self {
            contract: Contract::default(),
            mount: "/TalismaWebNotificationServer".into(),
            path: "/PostNotification.svc".into(),
            public_url: None,
            basic: true,
            require_timestamp: false,
            not_signed_in: NotSignedIn::Refuse,
            open_max: 8_192,
            names: Names::default(),
        }
    }
}

impl DeskConfig {
    pub(crate) fn check(&self) -> Result<(), Error> {
        let good = |path: &str| {
            path.starts_with('/') && path.parse::<http::uri::PathAndQuery>().is_ok() && !path.contains('?')
        };
        match [&self.mount, &self.path].into_iter().find(|path| !path.is_empty() && !good(path)) {
            Some(path) => Err(Error::Path { path: path.to_string() }),
            None => Ok(()),
        }
    }
}

/// What is done for an agent who is not at work. The vendor's way is not known (talisma.md §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotSignedIn {
    /// The sender is told so: status -5.
    #[default]
    Refuse,
    /// The notification is kept: the agent finds it on signing in.
    Keep,
}

/// What an installation's numbers stand for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    /// Kinds of records. One without a name goes by its number.
    pub objects: BTreeMap<i32, CompactString>,
    /// Properties. One without a name goes by its number.
    pub properties: BTreeMap<i32, CompactString>,
    /// Scripts. One without a name goes by its number.
    pub scripts: BTreeMap<i32, CompactString>,
    /// The property with the calling number.
    pub ani: i32,
    /// The property with the dialled number.
    pub dni: i32,
}

impl Default for Names {
    fn default() -> Self {
        let objects =
            [(OBJECT_ACCOUNT, "account"), (OBJECT_CONTACT, "contact"), (OBJECT_INTERACTION, "interaction")];
        let properties = [(PROPERTY_ANI, "ani"), (PROPERTY_DNI, "dni")];
        Self {
            objects: objects.map(|(id, name)| (id, name.into())).into(),
            properties: properties.map(|(id, name)| (id, name.into())).into(),
            scripts: BTreeMap::new(),
            ani: PROPERTY_ANI,
            dni: PROPERTY_DNI,
        }
    }
}

/// The telephony end: a real notification server is our peer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelephonyConfig {
    /// Where the service is: the address of its `.svc`.
    pub url: String,
    /// Which version of SOAP to speak.
    pub soap: Soap,
    /// How to sign in.
    pub auth: Auth,
    /// As whom. It must be a user of the CRM (article).
    pub user: CompactString,
    /// With what.
    pub password: Option<Secret>,
    /// Namespaces; without them they are learned from the service's WSDL.
    pub contract: Option<Contract>,
    /// When a call is notified of.
    pub notify_on: NotifyOn,
    /// Whether a number of ours is sent as `SessionId`. The article wants -1; a server that knows a session by it, as ours does, lets
    /// us post again what was not answered.
    pub session_ids: bool,
    /// The pair in the data of a call, or else of its contact, that holds the CRM's id of the contact.
    pub contact_id: CompactString,
    /// What is sent to find the contact with, where its id is not known: key, and pair in the data. `ani` is the calling number.
    pub custom_list: Vec<CustomEntry>,
    /// Pairs that are saved in the message, by the property's id.
    pub properties: BTreeMap<i32, CompactString>,
    /// The property with the calling number.
    pub ani: i32,
    /// The property with the dialled number.
    pub dni: i32,
    /// Whether an interaction has to be logged.
    pub log_mandatory: bool,
    /// The script to open.
    pub script: Option<i32>,
    /// Notifications that may wait for one user; when there are more, the oldest is given up.
    pub waiting_max: usize,
}

impl Default for TelephonyConfig {
    fn default() -> Self {
        Self {
            url: "http://localhost/TalismaWebNotificationServer/PostNotification.svc".to_owned(),
            soap: Soap::Soap11,
            auth: Auth::Wsse,
            user: CompactString::default(),
            password: None,
            contract: None,
            notify_on: NotifyOn::Ring,
            session_ids: false,
            contact_id: "TalismaContactId".into(),
            custom_list: vec![CustomEntry { key: "Phone".into(), from: "ani".into() }],
            properties: BTreeMap::new(),
            ani: PROPERTY_ANI,
            dni: PROPERTY_DNI,
            log_mandatory: false,
            script: None,
            waiting_max: 16,
        }
    }
}

/// A version of SOAP, as configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Soap {
    /// basicHttpBinding.
    #[default]
    #[serde(rename = "1.1")]
    Soap11,
    /// wsHttpBinding, without a security context.
    #[serde(rename = "1.2")]
    Soap12,
}

impl From<Soap> for Version {
    fn from(soap: Soap) -> Self {
        match soap {
            Soap::Soap11 => Self::Soap11,
            Soap::Soap12 => Self::Soap12,
        }
    }
}

/// How to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// A user name in the message.
    #[default]
    Wsse,
    /// HTTP Basic.
    Basic,
    /// Not at all.
    None,
}

/// When a call is notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotifyOn {
    /// When it rings.
    #[default]
    Ring,
    /// When the agent picks up.
    Answer,
}

/// One entry of `CustomList`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomEntry {
    /// Its key at the CRM.
    pub key: CompactString,
    /// The pair that it is taken from; `ani` is the calling number.
    pub from: CompactString,
}
