//! WS-Security: a user name with a password, and a validity period. The transport protects both; nothing is signed.

use std::{fmt, time::Duration};

use super::{rfc3339, time::instant};
use crate::xml::{Element, Writer};

/// The namespace of WS-Security 1.0.
pub const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// The namespace of WS-Security utilities: time stamps and IDs.
pub const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
/// The type of a password that is sent as plain text.
const PASSWORD_TEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";
/// The type of a password that is sent as a digest.
const PASSWORD_DIGEST: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";

/// The allowed difference between two clocks. WCF's default (talisma.md §3.6).
const SKEW: Duration = Duration::from_secs(300);
/// The maximum age of a message, without the clock difference. WCF's default (talisma.md §3.6).
const AGE_MAX: Duration = Duration::from_secs(300);
/// How long our messages are valid. WCF's default (talisma.md §3.6).
const VALID_FOR: Duration = Duration::from_secs(300);
/// The longest user name or password, in bytes. Our choice.
const CREDENTIAL_BYTES_MAX: usize = 1_024;

/// The contents of a security header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Security {
    /// The validity period; `None` when there is none.
    pub validity: Option<Validity>,
    /// The sender's credentials; `None` when there are none.
    pub token: Option<UsernameToken>,
}

/// The validity period of a message. Milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// When the message was created.
    pub created: u64,
    /// When the message expires; `None` when it does not say.
    pub expires: Option<u64>,
}

/// A user name token that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsernameToken {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: Password,
    /// The nonce as it was sent: base64; `None` when there is none.
    pub nonce: Option<String>,
    /// The creation time as it was sent; `None` when there is none.
    pub created: Option<String>,
}

/// A password that was received.
#[derive(Clone, PartialEq, Eq)]
pub enum Password {
    /// In plain text.
    Text(String),
    /// `PasswordDigest`: the base64 form of the SHA-1 of nonce, creation time and password.
    Digest(String),
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Text(_) => "Text",
            Self::Digest(_) => "Digest",
        })
    }
}

/// A user name and a plain-text password, to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Token({:?})", self.username)
    }
}

/// Why a security header is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecurityError {
    /// An element occurs more than once.
    #[error("the security header has more than one {what}")]
    Twice {
        /// The element: `Timestamp`, `UsernameToken`, …
        what: &'static str,
    },
    /// A required element is missing.
    #[error("the {of} has no {what}")]
    Missing {
        /// The incomplete element.
        of: &'static str,
        /// The missing element.
        what: &'static str,
    },
    /// The password is sent neither as plain text nor as a digest.
    #[error("passwords of type {kind} are not supported; send PasswordText over TLS")]
    PasswordType {
        /// The last part of the type.
        kind: String,
    },
    /// A part of the user name token is too long.
    #[error("the {what} has {bytes} bytes; the maximum is {CREDENTIAL_BYTES_MAX}")]
    TooLong {
        /// The element: `Username`, `Password`, `Nonce` or `Created`.
        what: &'static str,
        /// The length, in bytes.
        bytes: usize,
    },
    /// A time is malformed.
    #[error("{what} is {text:?}; expected a time such as 2026-11-20T10:00:00Z")]
    Moment {
        /// The element: `Created` or `Expires`.
        what: &'static str,
        /// The malformed text.
        text: String,
    },
    /// The message expires before it was created.
    #[error("the time stamp expires at {expires}, which is not after its creation at {created}")]
    Order {
        /// The creation time.
        created: String,
        /// The expiry time.
        expires: String,
    },
    /// The message is not valid now.
    #[error("the time stamp is valid from {from} until {until}, but the time is {now}")]
    Stale {
        /// The start of the validity period, minus the allowed clock difference.
        from: String,
        /// The end of the validity period.
        until: String,
        /// The current time.
        now: String,
    },
}

impl Security {
    /// Reads the children of a `Security` header, in any order. Ignores unknown ones.
    pub(super) fn read(header: &Element) -> Result<Self, SecurityError> {
        let stamp = at_most_one(header, WSU, "Timestamp")?;
        let token = at_most_one(header, WSSE, "UsernameToken")?;
        let validity = stamp.map(validity).transpose()?;
        Ok(Self { validity, token: token.map(username_token).transpose()? })
    }
}

impl Validity {
    /// A validity period that starts now.
    pub fn from(now: u64) -> Self {
        Self { created: now, expires: Some(later(now, VALID_FOR)) }
    }

    /// Checks that the period includes the current time, with an allowance for clock differences.
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

/// Writes a `Security` header. The prefix `o` stands for its namespace, `u` for [`WSU`], `s` for the envelope's.
///
/// Only a header with credentials must be understood. A header with a validity period answers a request. WCF finds it by
/// its name, and other clients that do not read it would have to refuse the answer (talisma.md §3.6).
pub(super) fn write(xml: &mut Writer, validity: Option<Validity>, token: Option<&Token>) {
    let attributes = [("s:mustUnderstand", "1"), ("xmlns:o", WSSE)];
    xml.open("o:Security", if token.is_some() { &attributes } else { &attributes[1..] });
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

fn username_token(token: &Element) -> Result<UsernameToken, SecurityError> {
    let missing = |what| SecurityError::Missing { of: "UsernameToken", what };
    let username = at_most_one(token, WSSE, "Username")?.ok_or_else(|| missing("Username"))?;
    let password = at_most_one(token, WSSE, "Password")?.ok_or_else(|| missing("Password"))?;
    let text = credential("Password", &password.text())?;
    let password = match password.attribute("Type").unwrap_or_default().trim() {
        "" | PASSWORD_TEXT => Password::Text(text),
        PASSWORD_DIGEST => Password::Digest(text.trim().to_owned()),
        kind => {
            let kind = kind.rsplit(['#', '/']).next().unwrap_or_default().chars().take(64).collect();
            return Err(SecurityError::PasswordType { kind });
        }
    };
    let part = |namespace, what| -> Result<Option<String>, SecurityError> {
        let element = at_most_one(token, namespace, what)?;
        element.map(|element| credential(what, element.text().trim())).transpose()
    };
    let username = credential("Username", username.text().trim())?;
    Ok(UsernameToken { username, password, nonce: part(WSSE, "Nonce")?, created: part(WSU, "Created")? })
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
