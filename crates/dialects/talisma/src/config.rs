//! What can be configured.

use std::{collections::BTreeMap, path::PathBuf};

use compact_str::CompactString;
use http::Uri;
use model::Secret;
use serde::{Deserialize, Serialize};
use session::dialect::{Context, Declaration, Dialect, End, Finding, HttpBinding, HttpPath, TlsFiles, made};
use settings::section;
use wire::soap::Version;

use crate::{
    Desk, Error, Telephony,
    wire::{
        Contract,
        contract::{OBJECT_ACCOUNT, OBJECT_CONTACT, OBJECT_INTERACTION, PROPERTY_ANI, PROPERTY_DNI},
    },
};

/// The dialect as programs configure and run it.
pub const DIALECT: Dialect = Dialect {
    name: "talisma",
    product: "Talisma",
    docs: "talisma.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::once::<DeskConfig>(
            "desk",
            &[
                "We are the notification server: notifications are taken at http.listen, under /TalismaWebNotificationServer/PostNotification.svc.",
            ],
        ),
        Declaration::once::<TelephonyConfig>(
            "telephony",
            &["A real notification server is told of the calls of agents who have peer_ids.talisma."],
        ),
    ],
};

/// Under which path of the API's server the notification server is (talisma.md §2.1).
const MOUNT: &str = "/TalismaWebNotificationServer";

/// The longest notification: one byte more than the session reads, so that it is the session that refuses. Bytes.
const BODY_BYTES_MAX: usize = 64 * 1024 + 1;

section! {
    /// The desk end: we are the notification server.
    pub DeskConfig {
        /// Where clients find the service, when it is not where they ask over plain HTTP: with http.tls, or behind a proxy.
        public_url: String = option("\"https://crm.example.com/TalismaWebNotificationServer/PostNotification.svc\""),
        /// Namespace of the service.
        service_namespace: CompactString = default(Contract::default().service),
        /// Namespace of the members; any is taken, this one is described and answered in.
        data_namespace: CompactString = default(Contract::default().data),
        /// Whether HTTP Basic is taken beside WS-Security.
        basic: bool = default(true),
        /// Whether a user name in WS-Security needs a time stamp.
        require_timestamp: bool = default(false),
        /// What is done for an agent who is not at work: "refuse" with status -5, or "keep" for when the agent signs in.
        not_signed_in: NotSignedIn = default(NotSignedIn::Refuse),
        /// The property with the calling number: it joins the notification to the call.
        ani_property: i32 = default(PROPERTY_ANI),
        /// The property with the dialled number.
        dni_property: i32 = default(PROPERTY_DNI),
        /// Names of further kinds of records.
        objects: NamedId = list(),
        /// Names of further properties.
        properties: NamedId = list(),
        /// Names of scripts.
        scripts: NamedId = list(),
        /// What stands before `path` in an address and is taken off before we see it.
        mount: CompactString = fixed(MOUNT.into()),
        /// The service's path; SOAP 1.2 clients find theirs at `/ws` below it.
        // Ours: the vendor's is not known (talisma.md §2.1).
        path: CompactString = fixed("/PostNotification.svc".into()),
        /// Requests that may be open at once.
        open_max: usize = fixed(8_192),
    }
}

section! {
    /// What one of the installation's numbers stands for.
    pub NamedId {
        /// The number.
        id: i32 = required("20005"),
        /// What it stands for.
        name: CompactString = required("\"lead\""),
    }
}

section! {
    /// The telephony end: a real notification server is our peer.
    pub TelephonyConfig {
        /// Where the service is: the address of its .svc.
        url: String = required("\"http://crm.example.com/TalismaWebNotificationServer/PostNotification.svc\""),
        /// With https: the authority that signed the service's certificate, PEM.
        tls_ca: PathBuf = path("\"ca.pem\""),
        /// Which version of SOAP to speak: "1.1" (basicHttpBinding) or "1.2" (wsHttpBinding without a security context).
        soap: Soap = default(Soap::Soap11),
        /// How to sign in: "wsse" (a user name in the message), "basic" (HTTP) or "none".
        auth: Auth = default(Auth::Wsse),
        /// As whom: a user of the CRM.
        user: CompactString = option("\"cti\""),
        /// With what.
        password: Secret = secret("\"…\""),
        /// Namespaces, where the service's WSDL cannot be read.
        namespaces: Contract = part(),
        /// When a call is notified of: at the "ring", or at the "answer".
        notify_on: NotifyOn = default(NotifyOn::Ring),
        /// Whether each call has a number of its own in SessionId, so that a post without an answer may be repeated. Talisma's own wants -1.
        session_ids: bool = default(false),
        /// The pair in the data of a call, or else of its contact, that holds the CRM's id of the contact.
        contact_id: CompactString = default("TalismaContactId".into()),
        /// What is sent to find the contact with; none: the calling number as Phone.
        custom_list: CustomEntry = list(),
        /// Pairs that are saved as properties of the message.
        properties: PropertyPair = list(),
        /// The property with the calling number.
        ani_property: i32 = default(PROPERTY_ANI),
        /// The property with the dialled number.
        dni_property: i32 = default(PROPERTY_DNI),
        /// Whether an interaction has to be logged.
        log_mandatory: bool = default(false),
        /// The script to open.
        script: i32 = option("12"),
        /// Notifications that may wait for one user; when there are more, the oldest is given up.
        waiting_max: usize = default(16),
    }
}

section! {
    /// One entry of CustomList.
    pub CustomEntry {
        /// Its key at the CRM.
        key: CompactString = required("\"Phone\""),
        /// The pair that it is taken from; "ani" is the calling number.
        from: CompactString = required("\"ani\""),
    }
}

section! {
    /// A pair that is saved as a property.
    pub PropertyPair {
        /// The property.
        id: i32 = required("2000106"),
        /// The name in the data of the call, or else of its contact.
        from: CompactString = required("\"AccountCode\""),
    }
}

impl End for DeskConfig {
    type Session = Desk;

    fn binding(&self) -> HttpBinding {
        // Clients write the host of public_url, so requests for it are accepted.
        let host = self.public_url.as_deref().and_then(|url| url.parse::<Uri>().ok()?.host().map(Into::into));
        HttpBinding::Path(HttpPath {
            path: MOUNT,
            roles: None,
            hosts: host.into_iter().collect(),
            body_bytes_max: Some(BODY_BYTES_MAX),
        })
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", Desk::new(self.clone(), context.instance))
    }

    fn summary(&self) -> String {
        format!("the service {}{}", self.mount, self.path)
    }
}

impl End for TelephonyConfig {
    type Session = Telephony;

    fn binding(&self) -> HttpBinding {
        HttpBinding::Client { tls: TlsFiles { authority: self.tls_ca.clone(), ..TlsFiles::default() } }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        let session = Telephony::new(self.clone(), context.instance);
        session.map_err(|error| Finding::new(key_of(&error), error))
    }

    fn check(&self) -> Vec<Finding> {
        let is_untrusted = self.url.starts_with("https:") && self.tls_ca.is_none();
        is_untrusted.then(|| Finding::new("url", "an https address needs tls_ca")).into_iter().collect()
    }

    fn summary(&self) -> String {
        format!("the service {}", self.url)
    }
}

/// The key that an error of [`Telephony::new`] is about.
fn key_of(error: &Error) -> &'static str {
    if matches!(error, Error::NoAccount { .. }) { "user" } else { "url" }
}

impl DeskConfig {
    /// The namespaces of the service.
    pub(crate) fn contract(&self) -> Contract {
        Contract { service: self.service_namespace.clone(), data: self.data_namespace.clone() }
    }

    pub(crate) fn check_paths(&self) -> Result<(), Error> {
        let good = |path: &str| {
            path.starts_with('/') && path.parse::<http::uri::PathAndQuery>().is_ok() && !path.contains('?')
        };
        match [&self.mount, &self.path].into_iter().find(|path| !path.is_empty() && !good(path)) {
            Some(path) => Err(Error::Path { path: path.to_string() }),
            None => Ok(()),
        }
    }
}

impl TelephonyConfig {
    /// The same with the usual entry where nothing finds the contact.
    pub(crate) fn with_custom_list(mut self) -> Self {
        if self.custom_list.is_empty() {
            self.custom_list = vec![CustomEntry { key: "Phone".into(), from: "ani".into() }];
        }
        self
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
#[derive(Debug)]
pub(crate) struct Names {
    /// Kinds of records. One without a name goes by its number.
    pub(crate) objects: BTreeMap<i32, CompactString>,
    /// Properties. One without a name goes by its number.
    pub(crate) properties: BTreeMap<i32, CompactString>,
    /// Scripts. One without a name goes by its number.
    pub(crate) scripts: BTreeMap<i32, CompactString>,
    /// The property with the calling number.
    pub(crate) ani: i32,
    /// The property with the dialled number.
    pub(crate) dni: i32,
}

impl Names {
    /// The usual names, and those that are configured.
    pub(crate) fn new(config: &DeskConfig) -> Self {
        let objects =
            [(OBJECT_ACCOUNT, "account"), (OBJECT_CONTACT, "contact"), (OBJECT_INTERACTION, "interaction")];
        let properties = [(PROPERTY_ANI, "ani"), (PROPERTY_DNI, "dni")];
        Self {
            objects: named(&objects, &config.objects),
            properties: named(&properties, &config.properties),
            scripts: named(&[], &config.scripts),
            ani: config.ani_property,
            dni: config.dni_property,
        }
    }
}

/// The usual names, and those that override them.
fn named(usual: &[(i32, &str)], overrides: &[NamedId]) -> BTreeMap<i32, CompactString> {
    let usual = usual.iter().map(|(id, name)| (*id, CompactString::from(*name)));
    usual.chain(overrides.iter().map(|entry| (entry.id, entry.name.clone()))).collect()
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
