//! The settings of the dialect.

use std::path::PathBuf;

use base64::{Engine, prelude::BASE64_STANDARD};
use compact_str::CompactString;
use model::{Number, Secret, SwitchId};
use serde::{Deserialize, Serialize};
use session::dialect::TlsFiles;
use settings::{Span, section};

use crate::Error;

/// The default announcement of the place in the queue, from Asterisk's core sounds.
const POSITION: [&str; 3] = ["sound:queue-thereare", "number:{position}", "sound:queue-callswaiting"];

section! {
    /// Asterisk. Its phones and trunks are a switch on the floor.
    pub DeskConfig {
        /// The ID of Asterisk as a switch on the floor.
        id: SwitchId = required("\"asterisk\""),
        /// The address of ARI. Without tls_ca it is plain HTTP: use this machine, or a separate network.
        server: CompactString = default("127.0.0.1:8088".into()),
        /// The authority that signed Asterisk's certificate, PEM. Turns on TLS.
        tls_ca: PathBuf = path("\"ca.pem\""),
        /// A client certificate, for a proxy in front of Asterisk that asks for one, PEM. Requires tls_key.
        tls_certificate: PathBuf = path("\"client.pem\""),
        /// The key of the client certificate, PEM.
        tls_key: PathBuf = path("\"client.key\""),
        /// The user in ari.conf.
        user: CompactString = default("cordboard".into()),
        /// The password in ari.conf.
        password: Secret = required_secret("\"…\""),
        /// The Stasis application that gets calls from the dialplan.
        application: CompactString = default("cordboard".into()),
        /// The endpoint of an agent's phone; {device} is the phone's name on the floor.
        phone: String = default("PJSIP/{device}".to_owned()),
        /// Whether Asterisk lists all phones as endpoints. Then a sign-in at a phone that it does not list is refused. Set it to
        /// false if endpoints are read from a database only when they are used.
        list_phones: bool = default(true),
        /// The endpoint of an outside number. Without it, outside calls are refused.
        trunk: String = option("\"PJSIP/{number}@trunk\""),
        /// The number that called parties outside see.
        caller_id: Number = option("\"+14155550199\""),
        /// Names of data that the dialplan may attach to a call.
        data: Vec<CompactString> = default(Vec::new()),
        /// Where agents answer: "at-phone", or "from-desk" for phones that answer automatically on request.
        answer: Answer = default(Answer::AtPhone),
        /// How long a phone may ring for a call without a queue.
        ring: Span = default(Span::s(45)),
        /// The format of recordings.
        recording_format: CompactString = default("wav".into()),
        /// How often callers hear their place in the queue. 0s: never.
        position_every: Span = default(Span::s(0)),
        /// What they hear, as ARI media URIs; {position} is the place. The sounds must be installed.
        position: Vec<CompactString> = default(POSITION.map(CompactString::const_new).to_vec()),
    }
}

/// Where agents answer calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The phone rings and is answered by hand.
    AtPhone,
    /// The desk rings. When the agent answers there, the phone is called and answers automatically.
    FromDesk,
}

impl DeskConfig {
    /// Creates settings for a server, with defaults for the rest.
    pub fn new(server: &str, password: Secret) -> Self {
        Self { server: server.into(), password, ..Self::default() }
    }

    /// The value of the `Authorization` header.
    pub fn authorization(&self) -> Secret {
        let plain = format!("{}:{}", self.user, self.password.reveal());
        Secret::new(format!("Basic {}", BASE64_STANDARD.encode(plain)))
    }

    /// The PEM files for TLS.
    pub(crate) fn tls(&self) -> TlsFiles {
        TlsFiles::new(&self.tls_certificate, &self.tls_key, &self.tls_ca)
    }

    /// The address of the server as a URL. `scheme` is the one without TLS: `http` or `ws`.
    pub(crate) fn base(&self, scheme: &str) -> String {
        let tls = if self.tls_ca.is_some() { "s" } else { "" };
        format!("{scheme}{tls}://{}", self.server)
    }

    pub(crate) fn check_values(&self) -> Result<(), Error> {
        check_name("application", &self.application)?;
        check_name("user", &self.user)?;
        check_name("format", &self.recording_format)?;
        self.position.iter().try_for_each(check_media)?;
        let parts = self.server.rsplit_once(':');
        let is_place = parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        // The server becomes the authority of a URL, so it must not contain characters that end it.
        let is_plain = !self.server.contains(['/', '?', '#', '@', '\\', ' ']);
        if is_place && is_plain { Ok(()) } else { Err(Error::Server { server: self.server.to_string() }) }
    }
}

fn check_name(what: &'static str, text: &str) -> Result<(), Error> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !text.is_empty() && text.chars().all(is_plain) {
        return Ok(());
    }
    Err(Error::Name { what, text: text.to_owned() })
}

/// Checks a media URI: sounds, numbers, digits, characters and tones of this Asterisk only.
fn check_media(media: &CompactString) -> Result<(), Error> {
    let (kind, rest) = media.split_once(':').unwrap_or((media, ""));
    let is_known = matches!(kind, "sound" | "number" | "digits" | "characters" | "tone");
    let is_odd = |c: char| c.is_control() || c.is_whitespace();
    if is_known && !rest.is_empty() && !rest.contains(is_odd) && !rest.contains("//") {
        return Ok(());
    }
    Err(Error::Media { text: media.to_string() })
}

/// A template for an endpoint with one placeholder: `PJSIP/{device}`, `PJSIP/{number}@trunk`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    before: CompactString,
    after: CompactString,
}

impl Template {
    /// Parses a template that contains `place` once.
    pub(crate) fn new(text: &str, place: &'static str) -> Result<Self, Error> {
        let wrong = || Error::Template { text: text.to_owned(), place };
        let (before, after) = text.split_once(place).ok_or_else(wrong)?;
        let is_odd = |c: char| c.is_control() || c.is_whitespace() || "[]{}".contains(c);
        if before.contains(is_odd) || after.contains(is_odd) {
            return Err(wrong());
        }
        Ok(Self { before: before.into(), after: after.into() })
    }

    pub(crate) fn fill(&self, who: &str) -> String {
        format!("{}{who}{}", self.before, self.after)
    }

    /// The technology whose endpoints have this form, such as `PJSIP`. `None` for channels of the dialplan, and if more follows the placeholder:
    /// Asterisk does not list those.
    pub(crate) fn listed_technology(&self) -> Option<&str> {
        let (technology, _) = self.before.split_once('/')?;
        let is_plain = technology.chars().all(|c| c.is_ascii_alphanumeric());
        (self.after.is_empty() && is_plain && technology != "Local").then_some(technology)
    }

    /// The value of the placeholder in an endpoint of this form.
    pub(crate) fn read<'a>(&self, endpoint: &'a str) -> Option<&'a str> {
        let who = endpoint.strip_prefix(self.before.as_str())?.strip_suffix(self.after.as_str())?;
        (!who.is_empty()).then_some(who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_and_read() {
        let trunk = Template::new("PJSIP/{number}@trunk", "{number}").unwrap();
        assert_eq!(trunk.fill("+1415"), "PJSIP/+1415@trunk");
        assert_eq!(trunk.read("PJSIP/+1415@trunk"), Some("+1415"));
        assert_eq!(trunk.read("PJSIP/@trunk"), None);
        let technology =
            |text| Template::new(text, "{device}").unwrap().listed_technology().map(str::to_owned);
        assert_eq!(technology("PJSIP/{device}").as_deref(), Some("PJSIP"));
        assert_eq!((technology("Local/{device}"), technology("PJSIP/{device}@proxy")), (None, None));
        for text in ["PJSIP/trunk", "PJSIP/{number}{number}", "PJSIP/{number} &Local/x"] {
            assert!(Template::new(text, "{number}").is_err(), "{text}");
        }
    }

    #[test]
    fn with_an_authority_every_address_is_encrypted() {
        let plain = DeskConfig::new("pbx:8088", Secret::new("x"));
        assert_eq!(
            (plain.base("http"), plain.base("ws")),
            ("http://pbx:8088".into(), "ws://pbx:8088".into())
        );
        let secure = DeskConfig { tls_ca: Some("ca.pem".into()), ..plain };
        assert_eq!(
            (secure.base("http"), secure.base("ws")),
            ("https://pbx:8088".into(), "wss://pbx:8088".into())
        );
    }

    #[test]
    fn a_server_cannot_lead_an_address_elsewhere() {
        for server in ["127.0.0.1", "host:port", "evil/x:80", "a@b:80", ":80"] {
            let config = DeskConfig { server: server.into(), ..DeskConfig::new("h:1", Secret::new("x")) };
            assert!(config.check_values().is_err(), "{server}");
        }
        assert!(DeskConfig::new("[::1]:8088", Secret::new("x")).check_values().is_ok());
    }
}
