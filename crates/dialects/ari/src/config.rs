//! How the dialect is set up.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use compact_str::CompactString;
use model::{Number, Secret};
use serde::Deserialize;

use crate::Error;

/// How phones and trunks are reached, and as whom.
#[derive(Debug, Clone)]
pub struct DeskConfig {
    /// Where Asterisk serves ARI: a host, a colon and a port.
    pub server: CompactString,
    /// The user of `ari.conf`.
    pub user: CompactString,
    /// Its password.
    pub password: Secret,
    /// The Stasis application that the dialplan hands calls to.
    pub app: CompactString,
    /// An agent's phone as an endpoint.
    pub phone: Template,
    /// A number outside as an endpoint; none when nobody may be called outside.
    pub trunk: Option<Template>,
    /// What those outside see who is calling.
    pub caller_id: Option<Number>,
    /// Names of data that the dialplan may attach to a call.
    pub data: Vec<CompactString>,
    /// How agents' phones answer.
    pub answer: Answer,
    /// How long a phone or a number outside may ring when nothing else says so.
    pub ring: Duration,
    /// The format of recordings: what Asterisk calls it, which is their suffix too.
    pub recording_format: CompactString,
    /// How often those who wait are told their place in the queue; zero: never.
    pub position_every: Duration,
    /// What is played then, as ARI's media URIs: `{position}` is the place, 1 for who is next.
    pub position: Vec<CompactString>,
}

/// How agents' phones answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The phone rings and is picked up by hand.
    AtPhone,
    /// The desk rings; when the agent answers there, the phone is called and told to answer by itself.
    FromDesk,
}

impl DeskConfig {
    /// A configuration with usual names.
    pub fn new(server: &str, password: Secret) -> Self {
        Self {
            server: server.into(),
            user: "cordboard".into(),
            password,
            app: "cordboard".into(),
            phone: Template { before: "PJSIP/".into(), after: CompactString::default() },
            trunk: None,
            caller_id: None,
            data: Vec::new(),
            answer: Answer::AtPhone,
            ring: Duration::from_secs(45),
            recording_format: "wav".into(),
            position_every: Duration::ZERO,
            position: Vec::new(),
        }
    }

    /// The value of an `Authorization` header that says who we are.
    pub fn authorization(&self) -> Secret {
        let plain = format!("{}:{}", self.user, self.password.reveal());
        Secret::new(format!("Basic {}", BASE64_STANDARD.encode(plain)))
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        check_name("application", &self.app)?;
        check_name("user", &self.user)?;
        check_name("format", &self.recording_format)?;
        self.position.iter().try_for_each(check_media)?;
        let parts = self.server.rsplit_once(':');
        let is_place = parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        // It becomes the authority of an address: nothing may end that.
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

/// Sounds of Asterisk's own, numbers, digits, and tones; nothing that leads to another machine.
fn check_media(media: &CompactString) -> Result<(), Error> {
    let (kind, rest) = media.split_once(':').unwrap_or((media, ""));
    let is_known = matches!(kind, "sound" | "number" | "digits" | "characters" | "tone");
    let is_odd = |c: char| c.is_control() || c.is_whitespace();
    if is_known && !rest.is_empty() && !rest.contains(is_odd) && !rest.contains("//") {
        return Ok(());
    }
    Err(Error::Media { text: media.to_string() })
}

/// An endpoint with a place for who is meant: `PJSIP/{device}`, `PJSIP/{number}@trunk`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    before: CompactString,
    after: CompactString,
}

impl Template {
    /// Reads a template that holds `place` once.
    pub fn new(text: &str, place: &'static str) -> Result<Self, Error> {
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

    /// Who is meant by an endpoint of this form.
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
        for text in ["PJSIP/trunk", "PJSIP/{number}{number}", "PJSIP/{number} &Local/x"] {
            assert!(Template::new(text, "{number}").is_err(), "{text}");
        }
    }

    #[test]
    fn a_server_cannot_lead_an_address_elsewhere() {
        for server in ["127.0.0.1", "host:port", "evil/x:80", "a@b:80", ":80"] {
            let config = DeskConfig { server: server.into(), ..DeskConfig::new("h:1", Secret::new("x")) };
            assert!(config.check().is_err(), "{server}");
        }
        assert!(DeskConfig::new("[::1]:8088", Secret::new("x")).check().is_ok());
    }
}
