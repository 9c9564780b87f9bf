//! Talisma (Anthology CRM) Web Notification Server, both ends.

use std::{collections::BTreeMap, path::PathBuf};

use compact_str::CompactString;
use http::Uri;
use model::Secret;
use talisma::{
    Auth, CustomEntry, DeskConfig, Names, NotSignedIn, NotifyOn, Soap, TelephonyConfig, wire::Contract,
};

use settings::section;

section! {
    /// Talisma (Anthology CRM) Web Notification Server.
    pub(crate) Talisma {
        /// We are the notification server: notifications are taken at http.listen, under /TalismaWebNotificationServer/PostNotification.svc.
        desk: Desk = part(),
        /// A real notification server is told of the calls of agents who have peer_ids.talisma.
        telephony: Telephony = part(),
    }
}

section! {
    /// We are the notification server.
    pub(crate) Desk {
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
        ani_property: i32 = default(Names::default().ani),
        /// The property with the dialled number.
        dni_property: i32 = default(Names::default().dni),
        /// Names of further kinds of records.
        objects: Name = list(),
        /// Names of further properties.
        properties: Name = list(),
        /// Names of scripts.
        scripts: Name = list(),
    }
}

section! {
    /// What one of the installation's numbers stands for.
    pub(crate) Name {
        /// The number.
        id: i32 = required("20005"),
        /// What it stands for.
        name: CompactString = required("\"lead\""),
    }
}

section! {
    /// A real notification server is our peer.
    pub(crate) Telephony {
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
        namespaces: Namespaces = part(),
        /// When a call is notified of: at the "ring", or at the "answer".
        notify_on: NotifyOn = default(NotifyOn::Ring),
        /// Whether each call has a number of its own in SessionId, so that a post without an answer may be repeated. Talisma's own wants -1.
        session_ids: bool = default(false),
        /// The pair in the data of a call, or else of its contact, that holds the CRM's id of the contact.
        contact_id: CompactString = default(TelephonyConfig::default().contact_id),
        /// What is sent to find the contact with; none: the calling number as Phone.
        custom_list: Custom = list(),
        /// Pairs that are saved as properties of the message.
        properties: Pair = list(),
        /// The property with the calling number.
        ani_property: i32 = default(TelephonyConfig::default().ani),
        /// The property with the dialled number.
        dni_property: i32 = default(TelephonyConfig::default().dni),
        /// Whether an interaction has to be logged.
        log_mandatory: bool = default(false),
        /// The script to open.
        script: i32 = option("12"),
        /// Notifications that may wait for one user; when there are more, the oldest is given up.
        waiting_max: usize = default(TelephonyConfig::default().waiting_max),
    }
}

section! {
    /// Namespaces of a service.
    pub(crate) Namespaces {
        /// Namespace of the service.
        service: CompactString = default(Contract::default().service),
        /// Namespace of the members.
        data: CompactString = default(Contract::default().data),
    }
}

section! {
    /// One entry of CustomList.
    pub(crate) Custom {
        /// Its key at the CRM.
        key: CompactString = required("\"Phone\""),
        /// The pair that it is taken from; "ani" is the calling number.
        from: CompactString = required("\"ani\""),
    }
}

section! {
    /// A pair that is saved as a property.
    pub(crate) Pair {
        /// The property.
        id: i32 = required("2000106"),
        /// The name in the data of the call, or else of its contact.
        from: CompactString = required("\"AccountCode\""),
    }
}

impl Talisma {
    /// The host name in `public_url`. Clients use it, so requests for it are accepted.
    pub(crate) fn public_host(&self) -> Vec<CompactString> {
        let url = self.desk.iter().filter_map(|desk| desk.public_url.as_deref()?.parse::<Uri>().ok());
        url.filter_map(|url| Some(CompactString::new(url.host()?))).collect()
    }
}

impl Desk {
    /// As the session takes it.
    pub(crate) fn session(&self) -> DeskConfig {
        let mut names = Names { ani: self.ani_property, dni: self.dni_property, ..Names::default() };
        names.objects.extend(named(&self.objects));
        names.properties.extend(named(&self.properties));
        names.scripts.extend(named(&self.scripts));
        let contract =
            Contract { service: self.service_namespace.clone(), data: self.data_namespace.clone() };
        DeskConfig {
            contract,
            public_url: self.public_url.clone(),
            basic: self.basic,
            require_timestamp: self.require_timestamp,
            not_signed_in: self.not_signed_in,
            names,
            ..DeskConfig::default()
        }
    }
}

fn named(names: &[Name]) -> impl Iterator<Item = (i32, CompactString)> {
    names.iter().map(|entry| (entry.id, entry.name.clone()))
}

impl Telephony {
    /// Whether the service is asked over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.url.starts_with("https:")
    }

    /// As the session takes it.
    pub(crate) fn session(&self) -> TelephonyConfig {
        let usual = TelephonyConfig::default();
        let custom = |entry: &Custom| CustomEntry { key: entry.key.clone(), from: entry.from.clone() };
        let custom_list = match self.custom_list.is_empty() {
            true => usual.custom_list,
            false => self.custom_list.iter().map(custom).collect(),
        };
        let namespaces = self.namespaces.as_ref();
        TelephonyConfig {
            url: self.url.clone(),
            soap: self.soap,
            auth: self.auth,
            user: self.user.clone().unwrap_or_default(),
            password: self.password.clone(),
            contract: namespaces
                .map(|names| Contract { service: names.service.clone(), data: names.data.clone() }),
            notify_on: self.notify_on,
            session_ids: self.session_ids,
            contact_id: self.contact_id.clone(),
            custom_list,
            properties: self
                .properties
                .iter()
                .map(|pair| (pair.id, pair.from.clone()))
                .collect::<BTreeMap<_, _>>(),
            ani: self.ani_property,
            dni: self.dni_property,
            log_mandatory: self.log_mandatory,
            script: self.script,
            waiting_max: self.waiting_max,
        }
    }
}
