//! WS-Security: a user name with its password as text, and a span of time. The transport protects both; nothing is signed.

use std::{fmt, time::Duration};

use super::{rfc3339, time::instant};
use crate::xml::{Element, Writer};

/// WS-Security 1.0.
pub const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// What it shares with others: time stamps and ids.
pub const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
/// A password that is sent as it is.
const PASSWORD_TEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";

/// How far two clocks may be apart. WCF's default (talisma.md §3.6).
const SKEW: Duration = Duration::from_secs(300);
/// How old a message may be, besides. WCF's default (talisma.md §3.6).
const AGE_MAX: Duration = Duration::from_secs(300);
/// How long what we write is good. WCF's default (talisma.md §3.6).
const VALID_FOR: Duration = Duration::from_secs(300);
/// The longest user name or password. Bytes. Ours.
const CREDENTIAL_BYTES_MAX: usize = 1_024;

/// What a peer says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Security {
    /// When the message is good.
    pub validity: Option<Validity>,
    /// Who sends it.
    pub token: Option<Token>,
}

/// When a message is good. Milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// When it was made.
    pub created: u64,
    /// When it is good no longer; it may say nothing of that.
    pub expires: Option<u64>,
}

/// A user name and a password as text.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Who.
    pub username: String,
    /// What only they know.
    pub password: String,
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Token({:?})", self.username)
    }
}

/// Why a security header is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecurityError {
    /// Something stands twice.
    #[error("the security header has more than one {what}")]
    Twice {
        /// `Timestamp`, `UsernameToken`, …
        what: &'static str,
    },
    /// Something is not there.
    #[error("the {of} has no {what}")]
    Missing {
        /// What is incomplete.
        of: &'static str,
        /// What it lacks.
        what: &'static str,
    },
    /// The password is not sent as it is.
    #[error(
        "passwords of type {kind} cannot be checked: they are kept as hashes; send PasswordText over TLS"
    )]
    PasswordType {
        /// The type's last part: `PasswordDigest`.
        kind: String,
    },
    /// A user name or a password that is too long.
    #[error("the {what} has {bytes} bytes, at most {CREDENTIAL_BYTES_MAX} are allowed")]
    TooLong {
        /// `Username` or `Password`.
        what: &'static str,
        /// Bytes given.
        bytes: usize,
    },
    /// A moment that is none.
    #[error("{what} is {text:?}, expected a moment such as 2026-11-20T10:00:00Z")]
    Moment {
        /// `Created` or `Expires`.
        what: &'static str,
        /// What stands there.
        text: String,
    },
    /// It ends before it begins.
    #[error("the time stamp expires at {expires}, not after it was created at {created}")]
    Order {
        /// When it was made.
        created: String,
        /// When it is good no longer.
        expires: String,
    },
    /// It is not good now.
    #[error("the time stamp is good from {from} until {until}, and it is {now}")]
    Stale {
        /// From when, a difference of the clocks allowed.
        from: String,
        /// Until when.
        until: String,
        /// Our clock.
        now: String,
    },
}

impl Security {
    /// Reads the children of a `Security` header, in any order; what is not known is passed over.
    pub(super) fn read(header: &Element) -> Result<Self, SecurityError> {
        let stamp = at_most_one(header, WSU, "Timestamp")?;
        let token = at_most_one(header, WSSE, "UsernameToken")?;
        let validity = stamp.map(validity).transpose()?;
        Ok(Self { validity, token: token.map(username_token).transpose()? })
    }
}

impl Validity {
    /// What is good from now on.
    pub fn from(now: u64) -> Self {
        Self { created: now, expires: Some(later(now, VALID_FOR)) }
    }

    /// Checks that it is good now, with allowance for a clock that differs.
    pub fn check(&self, now: u64) -> Result<(), SecurityError> {
        let until = later(self.created, AGE_MAX);
        let until = later(self.expires.map_or(until, |expires| expires.min(until)), SKEW);
        let from = self.created.saturating_sub(later(0, SKEW));
        if from < now && now < until {
            return Ok(());
        }
        Err(SecurityError::Stale { from: rfc3339(from), until: rfc3339(until), now: rfc3339(now) })
    }
}

/// Writes a `Security` header: `o` stands for its namespace, `u` for [`WSU`], `s` for the envelope's.
pub(super) fn write(xml: &mut Writer, validity: Option<Validity>, token: Option<&Token>) {
    xml.open("o:Security", &[("s:mustUnderstand", "1"), ("xmlns:o", WSSE)]);
    if let Some(Validity { created, expires }) = validity {
        xml.open("u:Timestamp", &[("u:Id", "_0")]);
        xml.leaf("u:Created", &[], &rfc3339(created));
        if let Some(expires) = expires {
            xml.leaf("u:Expires", &[], &rfc3339(expires));
        }
        xml.close();
    }
    if let Some(Token { username, password }) = token {
        xml.open("o:UsernameToken", &[("u:Id", "_1")]);
        xml.leaf("o:Username", &[], username);
        xml.leaf("o:Password", &[("Type", PASSWORD_TEXT)], password);
        xml.close();
    }
    xml.close();
}

fn later(ms: u64, span: Duration) -> u64 {
    ms.saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
}

fn at_most_one<'a>(
    element: &'a Element,
    namespace: &str,
    what: &'static str,
) -> Result<Option<&'a Element>, SecurityError> {
    let mut found = element.elements().filter(|child| child.is(namespace, what));
    let first = found.next();
    if found.next().is_some() { Err(SecurityError::Twice { what }) } else { Ok(first) }
}

fn username_token(token: &Element) -> Result<Token, SecurityError> {
    let missing = |what| SecurityError::Missing { of: "UsernameToken", what };
    let username = at_most_one(token, WSSE, "Username")?.ok_or_else(|| missing("Username"))?;
    let password = at_most_one(token, WSSE, "Password")?.ok_or_else(|| missing("Password"))?;
    let kind = password.attribute("Type").unwrap_or_default().trim();
    if !kind.is_empty() && kind != PASSWORD_TEXT {
        let kind = kind.rsplit(['#', '/']).next().unwrap_or_default().chars().take(64).collect();
        return Err(SecurityError::PasswordType { kind });
    }
    let username = credential("Username", username.text().trim())?;
    Ok(Token { username, password: credential("Password", &password.text())? })
}

fn credential(what: &'static str, text: &str) -> Result<String, SecurityError> {
    let bytes = text.len();
    if bytes > CREDENTIAL_BYTES_MAX {
        return Err(SecurityError::TooLong { what, bytes });
    }
    Ok(text.to_owned())
}

fn validity(stamp: &Element) -> Result<Validity, SecurityError> {
    let created =
        moment(stamp, "Created")?.ok_or(SecurityError::Missing { of: "Timestamp", what: "Created" })?;
    let expires = moment(stamp, "Expires")?;
    if let Some(expires) = expires.filter(|expires| *expires <= created) {
        return Err(SecurityError::Order { created: rfc3339(created), expires: rfc3339(expires) });
    }
    Ok(Validity { created, expires })
}

fn moment(stamp: &Element, what: &'static str) -> Result<Option<u64>, SecurityError> {
    let Some(element) = at_most_one(stamp, WSU, what)? else { return Ok(None) };
    let text = element.text();
    let wrong = || SecurityError::Moment { what, text: text.chars().take(64).collect() };
    instant(&text).map(Some).ok_or_else(wrong)
}
