//! The settings of the dialect.

use std::{collections::BTreeMap, path::PathBuf};

use compact_str::CompactString;
use http::Uri;
use model::Secret;
use serde::{Deserialize, Serialize};
use session::dialect::{
    Context, Declaration, Dialect, End, Finding, HttpBinding, HttpPath, PlainLink, TlsFiles,
    calls::{Limit, Step},
    made,
};
use settings::section;
use wire::soap::Version;

use crate::{
    DeskSession, Error, TelephonySession,
    wire::{
        Contract,
        contract::{OBJECT_ACCOUNT, OBJECT_CONTACT, OBJECT_INTERACTION, PROPERTY_ANI, PROPERTY_DNI},
    },
};

/// The dialect's entry in the list of dialects.
pub const DIALECT: Dialect = Dialect {
    name: "talisma",
    product: "Talisma",
    docs: "talisma.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::once::<DeskConfig>(
            "desk",
            &[
                "Cordboard is the notification server: it accepts notifications at http.listen, under /TalismaWebNotificationServer/PostNotification.svc.",
            ],
        ),
        Declaration::once::<TelephonyConfig>(
            "telephony",
            &[
                "The peer is a real notification server. It is notified of the calls of agents who have peer_ids.talisma.",
            ],
        )
        .desk("Talisma", &LIMITS),
    ],
};

/// What Talisma does not carry (talisma.md §1).
const LIMITS: [Limit; 1] = [Limit {
    steps: &[
        Step::Answer,
        Step::Hold,
        Step::Dial,
        Step::BlindTransfer,
        Step::Consult,
        Step::WarmTransfer,
        Step::Conference,
        Step::HangUp,
    ],
    why: "Talisma receives notifications and sends no requests. The agent uses the phone or Cordboard's desktop.",
}];

/// The path of the notification server on the API's HTTP server (talisma.md §2.1).
const MOUNT: &str = "/TalismaWebNotificationServer";

/// The longest notification, in bytes. It is one byte more than the session reads, so that the session itself refuses longer ones.
const BODY_BYTES_MAX: usize = 64 * 1024 + 1;

section! {
    /// The desk end: Cordboard is the notification server.
    pub DeskConfig {
        /// The address at which clients reach the service. Needed with http.tls or behind a proxy; otherwise the address of each request over plain HTTP is used.
        public_url: String = option("\"https://crm.example.com/TalismaWebNotificationServer/PostNotification.svc\""),
        /// Namespace of the service.
        service_namespace: CompactString = default(Contract::default().service),
        /// Namespace of the members, for the WSDL and the answers. Requests may use any namespace.
        data_namespace: CompactString = default(Contract::default().data),
        /// Whether HTTP Basic is accepted in addition to WS-Security.
        basic: bool = default(true),
        /// Whether a user name in WS-Security needs a timestamp.
        require_timestamp: bool = default(false),
        /// Accounts that may send PasswordDigest. It can only be checked with the password itself.
        digests: DigestAccount = list(),
        /// Whether a phone session without a call keeps the agent busy until it is completed, so that no calls are offered.
        session_occupies_agent: bool = default(false),
        /// What to do with a notification for an agent who is signed out: "refuse" it with status -5, or "keep" it until the agent signs in.
        not_signed_in: NotSignedIn = default(NotSignedIn::Refuse),
        /// Id of the property with the calling number. The number joins the notification to the call.
        ani_property: i32 = default(PROPERTY_ANI),
        /// Id of the property with the dialed number.
        dni_property: i32 = default(PROPERTY_DNI),
        /// Names of further kinds of records.
        objects: NamedId = list(),
        /// Names of further properties.
        properties: NamedId = list(),
        /// Names of scripts.
        scripts: NamedId = list(),
        /// The part of the address before `path`. The HTTP server removes it.
        mount: CompactString = fixed(MOUNT.into()),
        /// The service's path. For SOAP 1.2 clients it is followed by `/ws`.
        // Our choice: the vendor's is not known (talisma.md §2.1).
        path: CompactString = fixed("/PostNotification.svc".into()),
        /// The most requests that may be open at the same time.
        open_max: usize = fixed(8_192),
    }
}

section! {
    /// An account whose password may be sent as a digest.
    pub DigestAccount {
        /// The name of the account.
        account: CompactString = required("\"integration\""),
        /// The password of the account, the same as in the floor file.
        password: Secret = required_secret("\"…\""),
    }
}

section! {
    /// A name for one of the installation's ids.
    pub NamedId {
        /// The id.
        id: i32 = required("20005"),
        /// The name.
        name: CompactString = required("\"lead\""),
    }
}

section! {
    /// The telephony end: the peer is a real notification server.
    pub TelephonyConfig {
        /// The address of the service, which ends in .svc.
        url: String = required("\"http://crm.example.com/TalismaWebNotificationServer/PostNotification.svc\""),
        /// The certificate of the authority that signed the service's certificate, as PEM. Needed with https.
        tls_ca: PathBuf = path("\"ca.pem\""),
        /// The version of SOAP: "1.1" (basicHttpBinding) or "1.2" (wsHttpBinding without a security context).
        soap: Soap = default(Soap::Soap11),
        /// How Cordboard signs in: "wsse" (a user name in the message), "basic" (HTTP Basic) or "none".
        auth: Auth = default(Auth::Wsse),
        /// The user of the CRM that Cordboard signs in as.
        user: CompactString = option("\"cti\""),
        /// The password of the user.
        password: Secret = secret("\"…\""),
        /// The namespaces, for a service whose WSDL cannot be read.
        namespaces: Contract = part(),
        /// When a notification is posted for a call: at the "ring" or at the "answer".
        notify_on: NotifyOn = default(NotifyOn::Ring),
        /// Whether each call has its own number in SessionId, so that a post without an answer may be repeated. Talisma's own server needs -1 there.
        session_ids: bool = default(false),
        /// The key in the data of a call, or else of its contact, whose value is the CRM's id of the contact.
        contact_id: CompactString = default("TalismaContactId".into()),
        /// What is sent to find the contact with. When empty, the calling number is sent as Phone.
        custom_list: CustomEntry = list(),
        /// Pairs that are saved as properties of the message.
        properties: PropertyPair = list(),
        /// Id of the property with the calling number.
        ani_property: i32 = default(PROPERTY_ANI),
        /// Id of the property with the dialed number.
        dni_property: i32 = default(PROPERTY_DNI),
        /// Whether the agent must log an interaction.
        log_mandatory: bool = default(false),
        /// Id of the script to open.
        script: i32 = option("12"),
        /// The most notifications that may wait for one user. When there are more, the oldest is discarded.
        waiting_max: usize = default(16),
    }
}

section! {
    /// One entry of CustomList.
    pub CustomEntry {
        /// The key at the CRM.
        key: CompactString = required("\"Phone\""),
        /// The key of the pair that gives the value; "ani" is the calling number.
        from: CompactString = required("\"ani\""),
    }
}

section! {
    /// A pair that is saved as a property.
    pub PropertyPair {
        /// Id of the property.
        id: i32 = required("2000106"),
        /// The key in the data of the call, or else of its contact.
        from: CompactString = required("\"AccountCode\""),
    }
}

impl End for DeskConfig {
    type Session = DeskSession;

    fn binding(&self) -> HttpBinding {
        // Clients write the host of public_url, so requests for it are accepted.
        let host = self.public_url.as_deref().and_then(|url| url.parse::<Uri>().ok()?.host().map(Into::into));
        HttpBinding::Path(HttpPath {
            path: MOUNT,
            // As in IIS, which serves the original.
            any_case: true,
            roles: None,
            hosts: host.into_iter().collect(),
            body_bytes_max: Some(BODY_BYTES_MAX),
        })
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", DeskSession::new(self.clone(), context.instance))
    }

    fn summary(&self) -> String {
        format!("the service {}{}", self.mount, self.path)
    }
}

impl End for TelephonyConfig {
    type Session = TelephonySession;

    fn binding(&self) -> HttpBinding {
        HttpBinding::Client { tls: TlsFiles { authority: self.tls_ca.clone(), ..TlsFiles::default() } }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        let session = TelephonySession::new(self.clone(), context.instance);
        session.map_err(|error| Finding::new(key_of(&error), error))
    }

    fn check(&self) -> Vec<Finding> {
        let is_untrusted = self.url.starts_with("https:") && self.tls_ca.is_none();
        is_untrusted.then(|| Finding::new("url", "an https address needs tls_ca")).into_iter().collect()
    }

    fn plain_link(&self) -> Option<PlainLink> {
        self.url.starts_with("http:").then(|| PlainLink { key: "url", address: self.url.clone() })
    }

    fn summary(&self) -> String {
        format!("the service {}", self.url)
    }
}

/// The setting that an error of [`TelephonySession::new`] is about.
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
    /// The same with the default `custom_list` where none is configured.
    pub(crate) fn with_custom_list(mut self) -> Self {
        if self.custom_list.is_empty() {
            self.custom_list = vec![CustomEntry { key: "Phone".into(), from: "ani".into() }];
        }
        self
    }
}

/// What is done with a notification for an agent who is signed out. The vendor's behavior is not known (talisma.md §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotSignedIn {
    /// It is refused with status -5.
    #[default]
    Refuse,
    /// It is kept until the agent signs in.
    Keep,
}

/// Names of an installation's ids.
#[derive(Debug)]
pub(crate) struct Names {
    /// Kinds of records. One without a name is shown by its number.
    pub(crate) objects: BTreeMap<i32, CompactString>,
    /// Properties. One without a name is shown by its number.
    pub(crate) properties: BTreeMap<i32, CompactString>,
    /// Scripts. One without a name is shown by its number.
    pub(crate) scripts: BTreeMap<i32, CompactString>,
    /// Id of the property with the calling number.
    pub(crate) ani: i32,
    /// Id of the property with the dialed number.
    pub(crate) dni: i32,
    /// Whether a phone session without a call keeps the agent busy.
    pub(crate) session_occupies_agent: bool,
}

impl Names {
    /// The default names and the configured ones.
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
            session_occupies_agent: config.session_occupies_agent,
        }
    }
}

/// The default names and those that override them.
fn named(usual: &[(i32, &str)], overrides: &[NamedId]) -> BTreeMap<i32, CompactString> {
    let usual = usual.iter().map(|(id, name)| (*id, CompactString::from(*name)));
    usual.chain(overrides.iter().map(|entry| (entry.id, entry.name.clone()))).collect()
}

/// The configured version of SOAP.
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

/// How the telephony end signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// A user name in the message.
    #[default]
    Wsse,
    /// HTTP Basic.
    Basic,
    /// No sign-in.
    None,
}

/// When a notification is posted for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotifyOn {
    /// When it rings.
    #[default]
    Ring,
    /// When the agent picks up.
    Answer,
}
