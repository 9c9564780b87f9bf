//! Verification of ID tokens (OpenID Connect Core 1.0, 3.1.3.7), with the cryptography that TLS uses too.

use std::collections::HashSet;

use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind, Header, Validation,
    crypto::{CryptoProvider, JwtVerifier, KeyUtils},
    decode, decode_header,
    errors::{Error, ErrorKind},
    get_current_timestamp,
    jwk::{Jwk, PublicKeyUse},
    signature,
};
use ring::signature as checks;
use serde_json::{Map, Value};

/// How far the clocks of the provider and of this machine may differ. Seconds. Our choice.
const LEEWAY_S: u64 = 60;

/// The claims of a person.
pub(super) type Claims = Map<String, Value>;

/// The values that a token must have.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
}

/// Why a token is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The provider may have new keys.
    UnknownKey,
    /// The reason.
    Invalid(String),
}

/// Verifies a token and returns its claims.
pub(super) fn verify(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Claims, Refused> {
    install();
    let header = decode_header(token).map_err(refused)?;
    let key = key_of(&header, keys)?;
    let mut validation = Validation::new(header.alg);
    validation.leeway = LEEWAY_S;
    validation.validate_nbf = true;
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    validation.required_spec_claims = ["exp", "iss", "aud", "sub"].map(str::to_owned).into();
    let claims: Claims = decode(token, &key, &validation).map_err(refused)?.claims;
    check_times_and_parties(&claims, expected)?;
    Ok(claims)
}

/// Checks that a JWT library leaves to its callers.
fn check_times_and_parties(claims: &Claims, expected: &Expected<'_>) -> Result<(), Refused> {
    let wrong = |text: String| Err(Refused::Invalid(text));
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("nonce") != Some(expected.nonce) {
        return wrong("its nonce is not the one of this sign-in".to_owned());
    }
    if text("iss") != Some(expected.issuer) {
        return wrong(format!("its issuer is {:?}, expected {:?}", claims.get("iss"), expected.issuer));
    }
    let audiences: HashSet<&str> = match claims.get("aud") {
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        Some(one) => one.as_str().into_iter().collect(),
        None => HashSet::new(),
    };
    let party = text("azp");
    if party.is_some_and(|party| party != expected.client_id) || (audiences.len() > 1 && party.is_none()) {
        return wrong(format!("it was issued to client {party:?}, expected {:?}", expected.client_id));
    }
    let now = get_current_timestamp();
    match claims.get("iat").and_then(Value::as_f64) {
        #[expect(clippy::cast_precision_loss, reason = "a time in seconds is far below 2^53")]
        Some(issued) if issued > (now + LEEWAY_S) as f64 => {
            wrong(format!("it was issued at {issued}, and it is {now} here: {CLOCKS}"))
        }
        Some(_) => Ok(()),
        None => wrong("it has no time of issue (iat)".to_owned()),
    }
}

/// What to do about a token that is too old or too new.
const CLOCKS: &str = "compare the clock of this machine with the clock of the provider";

/// The key that the header names. Without a name, the only key of the right kind.
fn key_of(header: &Header, keys: &[Jwk]) -> Result<DecodingKey, Refused> {
    if !is_accepted(header.alg) {
        return Err(Refused::Invalid(format!("its algorithm {:?} is not accepted", header.alg)));
    }
    let fits = |key: &&Jwk| {
        let is_named = header.kid.is_none() || key.common.key_id == header.kid;
        let signs = key.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
        let named = key.common.key_algorithm.as_ref();
        let same =
            named.is_none_or(|named| Algorithm::try_from(*named).is_ok_and(|named| named == header.alg));
        is_named && signs && same
    };
    let fitting = keys.iter().filter(fits).filter_map(|key| DecodingKey::from_jwk(key).ok());
    let fitting: Vec<_> = fitting.filter(|key| key.family() == header.alg.family()).collect();
    match <[DecodingKey; 1]>::try_from(fitting) {
        Ok([key]) => Ok(key),
        Err(several) if several.is_empty() => Err(Refused::UnknownKey),
        Err(_) => Err(Refused::Invalid(format!("several keys of the provider match {:?}", header.kid))),
    }
}

/// Whether an algorithm uses a public key. With a shared secret, anyone who knows it could write tokens.
fn is_accepted(algorithm: Algorithm) -> bool {
    check_of(algorithm).is_some()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other errors of the library are about the form of a token"
)]
fn refused(error: Error) -> Refused {
    Refused::Invalid(match error.kind() {
        ErrorKind::ExpiredSignature => format!("it has expired: {CLOCKS}"),
        ErrorKind::ImmatureSignature => format!("it is not valid yet: {CLOCKS}"),
        ErrorKind::InvalidSignature => "its signature is wrong".to_owned(),
        ErrorKind::InvalidIssuer => "it is from another issuer".to_owned(),
        ErrorKind::InvalidAudience => "it was issued to another client".to_owned(),
        _ => format!("it cannot be read: {error}"),
    })
}

/// Makes `ring` check the signatures of JWTs in this process.
fn install() {
    static RING: CryptoProvider = CryptoProvider {
        signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        verifier_factory: |algorithm, key| {
            Ok(Box::new(RingVerifier { algorithm: *algorithm, key: key.clone() }))
        },
        key_utils: KeyUtils::new_unimplemented(),
    };
    // Fails if it is installed already.
    RING.install_default().ok();
}

struct RingVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

/// How `ring` checks a signature.
enum Check {
    Rsa(&'static checks::RsaParameters),
    Other(&'static dyn checks::VerificationAlgorithm),
}

fn check_of(algorithm: Algorithm) -> Option<Check> {
    Some(match algorithm {
        Algorithm::RS256 => Check::Rsa(&checks::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Check::Rsa(&checks::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Check::Rsa(&checks::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Check::Rsa(&checks::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Check::Rsa(&checks::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Check::Rsa(&checks::RSA_PSS_2048_8192_SHA512),
        Algorithm::ES256 => Check::Other(&checks::ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Check::Other(&checks::ECDSA_P384_SHA384_FIXED),
        Algorithm::EdDSA => Check::Other(&checks::ED25519),
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => return None,
        // The library may add algorithms.
        _ => return None,
    })
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl signature::Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let checked = match (check_of(self.algorithm), self.key.kind()) {
            (Some(Check::Rsa(check)), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                checks::RsaPublicKeyComponents { n, e }.verify(check, message, signature)
            }
            (Some(Check::Other(check)), DecodingKeyKind::SecretOrDer(key)) => {
                checks::UnparsedPublicKey::new(check, key).verify(message, signature)
            }
            (Some(Check::Rsa(_) | Check::Other(_)) | None, _) => Err(ring::error::Unspecified),
        };
        checked.map_err(|_| signature::Error::new())
    }
}
