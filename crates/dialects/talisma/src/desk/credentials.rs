//! The credentials of a message: a user name in it, or HTTP Basic (talisma.md §3.6, §3.7).

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use model::{AccountName, Secret, Timestamp};
use wire::soap::{Fault, FaultKind, Message, Password, Security, UsernameToken};

use super::{digest, nonces::Nonce};
use crate::DeskConfig;

/// The longest header of HTTP Basic, in bytes. Our choice.
const BASIC_BYTES_MAX: usize = 4_096;

/// A user name and a password.
pub(super) struct Basic {
    user: String,
    password: String,
}

impl fmt::Debug for Basic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Basic({:?})", self.user)
    }
}

impl Basic {
    /// Reads the header `Authorization`; `None` when it has another scheme or is broken.
    pub(super) fn read(header: &str) -> Option<Self> {
        let (scheme, encoded) = header.trim().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > BASIC_BYTES_MAX {
            return None;
        }
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (user, password) = decoded.split_once(':')?;
        Some(Self { user: user.to_owned(), password: password.to_owned() })
    }
}

/// The credentials of a message, not checked yet.
pub(super) struct Credentials {
    pub(super) account: AccountName,
    pub(super) secret: Secret,
    pub(super) by: AuthMethod,
    /// The nonce of the token, if it has one.
    pub(super) nonce: Option<Nonce>,
}

/// How the credentials were sent. It decides how a refusal is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AuthMethod {
    Token,
    Basic,
}

/// Why there are no credentials to check.
pub(super) enum CredentialsError {
    /// There are none, or they are HTTP Basic with an invalid account name: the response requests Basic.
    Challenge,
    /// They are invalid.
    Fault(Fault),
}

/// Reads the credentials of a message. Those in the message take precedence over HTTP Basic.
pub(super) fn credentials(
    message: &Message,
    basic: Option<Basic>,
    config: &DeskConfig,
    now: Timestamp,
) -> Result<Credentials, CredentialsError> {
    let invalid = |text: String| CredentialsError::Fault(Fault::new(FaultKind::InvalidSecurity, text));
    if let Some(validity) = message.security.as_ref().and_then(|security| security.validity) {
        validity.check(now.0).map_err(|error| invalid(error.to_string()))?;
    }
    let security = message.security.as_ref();
    if let Some((security, token)) = security.and_then(|one| Some((one, one.token.as_ref()?))) {
        return of_token(security, token, config, now).map_err(CredentialsError::Fault);
    }
    match basic.filter(|_| config.basic) {
        Some(Basic { user, password }) => {
            let account = AccountName::new(user).map_err(|_| CredentialsError::Challenge)?;
            Ok(Credentials { account, secret: Secret::new(password), by: AuthMethod::Basic, nonce: None })
        }
        None if config.basic && security.is_none() => Err(CredentialsError::Challenge),
        None => Err(invalid("the message has no security header with a UsernameToken".to_owned())),
    }
}

fn of_token(
    security: &Security,
    token: &UsernameToken,
    config: &DeskConfig,
    now: Timestamp,
) -> Result<Credentials, Fault> {
    let invalid = |text: String| Fault::new(FaultKind::InvalidSecurity, text);
    if config.require_timestamp && security.validity.is_none() {
        return Err(invalid("the security header has no Timestamp".to_owned()));
    }
    let secret = match &token.password {
        Password::Text(password) => Secret::new(password),
        Password::Digest(sent) => digest::password(token, sent, &config.digests, now.0)
            .map_err(|error| invalid(error.to_string()))?,
    };
    let account = AccountName::new(&token.username).map_err(|_| not_accepted())?;
    Ok(Credentials { account, secret, by: AuthMethod::Token, nonce: Nonce::of(token) })
}

/// The refusal of a token whose nonce was used before.
pub(super) fn used_before() -> Fault {
    let text = "the nonce of the UsernameToken was used before; send a new one with each message";
    Fault::new(FaultKind::InvalidSecurity, text)
}

/// The refusal of a user name or a password. It does not say which of the two was wrong.
pub(super) fn not_accepted() -> Fault {
    Fault::new(FaultKind::FailedAuthentication, "the user name or the password was not accepted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_read() {
        let basic = Basic::read("Basic aW50ZWdyYXRpb246ZGU6bW8=").unwrap();
        assert_eq!((basic.user.as_str(), basic.password.as_str()), ("integration", "de:mo"));
        for header in ["", "Bearer x", "Basic", "Basic !", "Basic aW50", "Basic /////w=="] {
            assert!(Basic::read(header).is_none(), "{header}");
        }
    }
}
