//! `PasswordDigest`: checked with the passwords in the configuration, because the hub stores only hashes.

use base64::{Engine, prelude::BASE64_STANDARD};
use model::Secret;
use sha1::{Digest, Sha1};
use wire::soap::{SecurityError, UsernameToken, Validity, instant};

use crate::config::DigestAccount;

/// Why a digest cannot be checked.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DigestError {
    /// The password of the account is not in the configuration.
    #[error(
        "a PasswordDigest of this account cannot be checked because only a hash of its password is stored; send PasswordText over TLS, or add the account to talisma.desk.digests"
    )]
    NoPassword,
    /// A part of the token is missing or cannot be read.
    #[error("a UsernameToken with a PasswordDigest needs a {0}")]
    Needs(&'static str),
    /// The token is not valid now.
    #[error(transparent)]
    Stale(#[from] SecurityError),
}

/// The password to authenticate with: the configured one if the digest was made from it, otherwise one that is wrong. So the hub
/// counts the attempt in both cases.
pub(super) fn password(
    token: &UsernameToken,
    digest: &str,
    accounts: &[DigestAccount],
    now: u64,
) -> Result<Secret, DigestError> {
    let account = accounts.iter().find(|known| known.account == token.username);
    let password = account.map(|account| &account.password).ok_or(DigestError::NoPassword)?;
    let nonce = token.nonce.as_deref().and_then(|nonce| BASE64_STANDARD.decode(nonce).ok());
    let nonce = nonce.filter(|nonce| !nonce.is_empty()).ok_or(DigestError::Needs("Nonce in base64"))?;
    let created = token.created.as_deref().ok_or(DigestError::Needs("Created"))?;
    let at = instant(created).ok_or(DigestError::Needs("Created such as 2026-11-20T10:00:00Z"))?;
    Validity { created: at, expires: None }.check(now)?;
    let is_right = is_same(&digest_of(&nonce, created, password.reveal()), digest);
    Ok(if is_right { password.clone() } else { Secret::new(format!("digest {digest}")) })
}

fn digest_of(nonce: &[u8], created: &str, password: &str) -> String {
    let digest = Sha1::new().chain_update(nonce).chain_update(created).chain_update(password);
    BASE64_STANDARD.encode(digest.finalize())
}

/// Compares without stopping at the first difference.
fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |sum, (one, other)| sum | (one ^ other));
    one.len() == other.len() && differences == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use wire::soap::Password;

    use super::*;

    const AT: &str = "2026-11-20T10:00:00Z";

    fn token(nonce: Option<&str>, created: Option<&str>) -> UsernameToken {
        let (nonce, created) = (nonce.map(str::to_owned), created.map(str::to_owned));
        UsernameToken { username: "cti".into(), password: Password::Digest(String::new()), nonce, created }
    }

    fn accounts() -> Vec<DigestAccount> {
        vec![DigestAccount { account: "cti".into(), password: Secret::new("demo") }]
    }

    #[test]
    fn a_digest_stands_for_the_configured_password() {
        let (now, token) = (instant(AT).unwrap(), token(Some("AQIDBA=="), Some(AT)));
        // echo -en '\x01\x02\x03\x042026-11-20T10:00:00Zdemo' | openssl sha1 -binary | base64
        let right = "+0O/uv1SuXUsVAVOfZqCkaIYNYI=";
        assert_eq!(password(&token, right, &accounts(), now).unwrap().reveal(), "demo");
        let wrong = password(&token, "AAAA", &accounts(), now).unwrap();
        assert_ne!(wrong.reveal(), "demo");
        assert_eq!(password(&token, right, &[], now).unwrap_err(), DigestError::NoPassword);
        let late = password(&token, right, &accounts(), now + 601_000);
        assert!(matches!(late, Err(DigestError::Stale(_))), "{late:?}");
    }

    #[test]
    fn a_digest_needs_a_nonce_and_a_time() {
        let now = instant(AT).unwrap();
        for (nonce, created) in
            [(None, Some(AT)), (Some("!"), Some(AT)), (Some("AQID"), None), (Some("AQID"), Some("x"))]
        {
            let read = password(&token(nonce, created), "AAAA", &accounts(), now);
            assert!(matches!(read, Err(DigestError::Needs(_))), "{read:?}");
        }
    }
}
