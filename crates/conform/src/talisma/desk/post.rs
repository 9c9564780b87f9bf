//! Composes notifications.

use std::{collections::BTreeMap, fmt::Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use quick_xml::escape::escape;

use crate::{
    soap::{ADDRESSING, INSTANCE, SECURITY, UTILITY, Version, write},
    talisma::{Namespaces, Parties, clock, contract},
};

/// The type of a password in plain text.
const TEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";

/// How the client signs in.
#[derive(Debug, Clone)]
pub(super) enum Login {
    /// The XML in the Security header.
    Token(String),
    Basic,
    None,
}

/// A request that can be changed before it is sent.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) version: Version,
    pub(super) method: &'static str,
    /// What follows the address of the service.
    pub(super) path: String,
    pub(super) content_type: Option<String>,
    /// The action, in the place of the version.
    pub(super) action: Option<String>,
    /// The message ID of WS-Addressing.
    pub(super) message_id: Option<String>,
    pub(super) login: Login,
    /// Further headers of the envelope.
    pub(super) headers: String,
    /// The members of NotificationData, as XML. `None` leaves it out.
    pub(super) data: Option<BTreeMap<&'static str, String>>,
    pub(super) media: String,
    pub(super) user: String,
    /// Changes the envelope as text.
    pub(super) change: fn(String) -> String,
    pub(super) parties: Parties,
    pub(super) namespaces: Namespaces,
}

/// A child of Security with credentials.
pub(super) fn token(account: &str, password: &str, kind: &str, more: &str) -> String {
    format!(
        "<o:UsernameToken><o:Username>{}</o:Username><o:Password{kind}>{}</o:Password>{more}</o:UsernameToken>",
        escape(account),
        escape(password)
    )
}

/// The attribute of a password in plain text.
pub(super) fn plain() -> String {
    format!(" Type=\"{TEXT}\"")
}

/// The attribute of a digest.
pub(super) fn digest() -> String {
    format!(" Type=\"{}\"", TEXT.replace("Text", "Digest"))
}

/// A timestamp between these times from now, in seconds.
pub(super) fn stamp(created: i64, expires: i64) -> String {
    let (created, expires) = (clock::at(created), clock::at(expires));
    format!("<u:Timestamp><u:Created>{created}</u:Created><u:Expires>{expires}</u:Expires></u:Timestamp>")
}

impl Post {
    /// A valid notification that shows a contact.
    pub(super) fn new(parties: &Parties, namespaces: &Namespaces, contact: i32) -> Self {
        let token = token(&parties.account, &parties.password, &plain(), "");
        let members = [
            ("AccountId", "-1".to_owned()),
            ("CaseId", "-1".to_owned()),
            ("ChangeInteractionNotes", String::new()),
            ("CreatePreview", String::new()),
            ("CustomList", String::new()),
            ("IsLogCaseMandatory", "false".to_owned()),
            ("ObjectId", contact.to_string()),
            ("ObjectType", "3".to_owned()),
            ("PayLoad", String::new()),
            ("ScriptId", "-1".to_owned()),
            ("SessionId", "-1".to_owned()),
            ("SessionMode", "-1".to_owned()),
        ];
        Self {
            version: Version::Soap11,
            method: "POST",
            path: String::new(),
            content_type: Some(Version::Soap11.content_type().to_owned()),
            action: Some(contract::action(namespaces)),
            message_id: None,
            login: Login::Token(stamp(0, 300) + &token),
            headers: String::new(),
            data: Some(members.into()),
            media: "1".to_owned(),
            user: parties.user.to_string(),
            change: |envelope| envelope,
            parties: parties.clone(),
            namespaces: namespaces.clone(),
        }
    }

    /// The same in SOAP 1.2, with WS-Addressing.
    pub(super) fn soap_12(mut self) -> Self {
        self.version = Version::Soap12;
        self.content_type = Some(Version::Soap12.content_type().to_owned());
        self.message_id = Some("urn:uuid:c0f0a000-0000-4000-8000-000000000001".to_owned());
        self.path = "/ws".to_owned();
        self
    }

    /// The same with another value of a member.
    pub(super) fn with(mut self, member: &'static str, xml: &str) -> Self {
        if let Some(data) = &mut self.data {
            data.insert(member, xml.to_owned());
        }
        self
    }

    /// A request without a message.
    pub(super) fn get(self) -> Self {
        Self { method: "GET", content_type: None, action: None, login: Login::None, ..self }
    }

    /// The same with other children of Security.
    pub(super) fn secured(mut self, children: String) -> Self {
        self.login = Login::Token(children);
        self
    }

    /// The same with a changed envelope.
    pub(super) fn changed(mut self, change: fn(String) -> String) -> Self {
        self.change = change;
        self
    }

    /// The bytes, for a service at this host and path.
    pub(super) fn bytes(&self, host: &str, base: &str) -> Vec<u8> {
        let envelope =
            if self.method == "GET" { String::new() } else { (self.change)(self.envelope(host, base)) };
        let mut head =
            format!("{} {base}{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n", self.method, self.path);
        if let Some(kind) = &self.content_type {
            let _ = write!(head, "Content-Type: {kind}\r\n");
        }
        if let (Version::Soap11, Some(action)) = (self.version, &self.action) {
            let _ = write!(head, "SOAPAction: \"{action}\"\r\n");
        }
        if matches!(self.login, Login::Basic) {
            let pair = format!("{}:{}", self.parties.account, self.parties.password);
            let _ = write!(head, "Authorization: Basic {}\r\n", BASE64_STANDARD.encode(pair));
        }
        format!("{head}Content-Length: {}\r\n\r\n{envelope}", envelope.len()).into_bytes()
    }

    fn envelope(&self, host: &str, base: &str) -> String {
        let mut headers = self.headers.clone();
        if let Some(id) = &self.message_id {
            let action = self.action.as_deref().unwrap_or_default();
            let _ = write!(
                headers,
                "<a:Action xmlns:a=\"{ADDRESSING}\" s:mustUnderstand=\"1\">{action}</a:Action>\
                 <a:MessageID xmlns:a=\"{ADDRESSING}\">{id}</a:MessageID>\
                 <a:To xmlns:a=\"{ADDRESSING}\" s:mustUnderstand=\"1\">http://{host}{base}{}</a:To>",
                self.path
            );
        }
        if let Login::Token(children) = &self.login {
            let _ = write!(
                headers,
                "<o:Security xmlns:o=\"{SECURITY}\" xmlns:u=\"{UTILITY}\" s:mustUnderstand=\"1\">{children}</o:Security>"
            );
        }
        write(self.version, &headers, &self.body())
    }

    fn body(&self) -> String {
        let (service, data) = (&self.namespaces.service, &self.namespaces.data);
        let member = |(name, xml): (&&str, &String)| match xml.as_str() {
            "" => format!("<d:{name} i:nil=\"true\"/>"),
            xml => format!("<d:{name}>{xml}</d:{name}>"),
        };
        let members = self.data.as_ref().map(|data| data.iter().map(member).collect::<String>());
        let details = members.map(|members| format!("<d:NotificationData>{members}</d:NotificationData>"));
        format!(
            "<PostNotification xmlns=\"{service}\"><notificationRequest xmlns:d=\"{data}\" xmlns:i=\"{INSTANCE}\">\
             <d:MediaType>{}</d:MediaType>{}<d:UserId>{}</d:UserId></notificationRequest></PostNotification>",
            self.media,
            details.unwrap_or_default(),
            self.user
        )
    }
}
