//! Requests to the provider: its description, its keys, the exchange of a code, and further claims.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{
    Request, Response, StatusCode, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use jsonwebtoken::jwk::Jwk;
use model::Secret;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use session::{ConnectionReuse, Failure, Timeouts};
use tokio::sync::Mutex;

use super::{OidcConfig, id_token::Claims, is_safe};
use crate::driver::Client;

/// The limits of one request. Our choice.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    answer: Duration::from_secs(10),
    reuse: ConnectionReuse::Avoid,
};

/// How long the description and the keys are used. Our choice: providers change endpoints rarely, and an unknown key is looked up immediately.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// The shortest time between two requests for the keys, or for the description after a failure. Our choice.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// How many characters of an error of the provider are shown. Our choice.
const ERROR_CHARS_MAX: usize = 200;

/// The parts of the provider's description that are used (OpenID Connect Discovery 1.0, 3; RFC 9207, 3).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Description {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    /// Where people end their session at the provider.
    pub(super) end_session_endpoint: Option<String>,
    /// Whether each answer names the issuer.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// The provider cannot be used at the moment. Contains the reason.
pub(super) type Unavailable = String;

/// Why a code was not exchanged.
pub(super) enum NoTokens {
    /// The provider cannot be used at the moment.
    Unavailable(Unavailable),
    /// The provider refused the code. Contains its reason.
    Refused(String),
}

/// The tokens for a code.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: Secret,
    access_token: Secret,
}

/// The provider.
pub(super) struct Provider {
    client: Arc<Client>,
    pub(super) timeouts: Timeouts,
    description: Mutex<Cached<Arc<Description>>>,
    keys: Mutex<Cached<Arc<[Jwk]>>>,
}

/// A value of the provider, or the last failure to get it.
struct Cached<T> {
    value: Option<(T, Instant)>,
    failed: Option<(Unavailable, Instant)>,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self { value: None, failed: None }
    }
}

impl<T: Clone> Cached<T> {
    /// The value, if it is not older than `life`; or the failure, if it is recent.
    fn known(&self, life: Duration) -> Option<Result<T, Unavailable>> {
        let failed = self.failed.as_ref().filter(|(_, at)| at.elapsed() < RETRY_AFTER);
        let value = self.value.as_ref().filter(|(_, at)| at.elapsed() < life);
        let value = value.map(|(value, _)| Ok(value.clone()));
        value.or_else(|| failed.map(|(failed, _)| Err(failed.clone())))
    }

    fn keep(&mut self, got: Result<T, Unavailable>) -> Result<T, Unavailable> {
        match &got {
            Ok(value) => *self = Self { value: Some((value.clone(), Instant::now())), failed: None },
            Err(failed) => self.failed = Some((failed.clone(), Instant::now())),
        }
        got
    }
}

impl Provider {
    pub(super) fn new(client: Client) -> Self {
        let (client, description, keys) = (Arc::new(client), Mutex::default(), Mutex::default());
        Self { client, timeouts: TIMEOUTS, description, keys }
    }

    /// The description. Requests it if it is not known or old.
    pub(super) async fn description(&self, config: &OidcConfig) -> Result<Arc<Description>, Unavailable> {
        let mut cached = self.description.lock().await;
        if let Some(known) = cached.known(FRESH) {
            return known;
        }
        let got = self.request_description(config).await.map(Arc::new);
        cached.keep(got)
    }

    async fn request_description(&self, config: &OidcConfig) -> Result<Description, Unavailable> {
        let issuer = &config.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let found: Description = self.get(&url, None).await?;
        if found.issuer != *issuer {
            return Err(format!("{url} describes the issuer {:?}, expected {issuer:?}", found.issuer));
        }
        let endpoints = [&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri];
        let further = [&found.userinfo_endpoint, &found.end_session_endpoint].into_iter().flatten();
        if let Some(endpoint) = endpoints.into_iter().chain(further).find(|endpoint| !is_safe(endpoint)) {
            return Err(format!("the endpoint {endpoint:?} does not use https"));
        }
        Ok(found)
    }

    /// The keys. With `newer`, keys that are not older than a few seconds.
    pub(super) async fn keys(
        &self,
        description: &Description,
        newer: bool,
    ) -> Result<Arc<[Jwk]>, Unavailable> {
        #[derive(Deserialize)]
        struct Keys {
            keys: Vec<Value>,
        }
        let mut cached = self.keys.lock().await;
        if let Some(known) = cached.known(if newer { RETRY_AFTER } else { FRESH }) {
            return known;
        }
        let got: Result<Keys, Unavailable> = self.get(&description.jwks_uri, None).await;
        // Keys of unknown kinds are ignored.
        let read =
            |Keys { keys }| keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        cached.keep(got.map(read))
    }

    /// Exchanges a code for tokens (RFC 6749, 4.1.3; RFC 7636, 4.5).
    pub(super) async fn exchange(
        &self,
        description: &Description,
        code: &Secret,
        verifier: &Secret,
        config: &OidcConfig,
    ) -> Result<Tokens, NoTokens> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.reveal()),
            ("redirect_uri", &config.redirect_url),
            ("code_verifier", verifier.reveal()),
        ];
        let mut request = Request::post(uri(&description.token_endpoint).map_err(NoTokens::Unavailable)?)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json");
        match &config.client_secret {
            Some(secret) if description.takes_basic() => {
                request = request.header(AUTHORIZATION, basic(&config.client_id, secret));
            }
            Some(secret) => {
                form.extend([("client_id", config.client_id.as_str()), ("client_secret", secret.reveal())]);
            }
            None => form.push(("client_id", &config.client_id)),
        }
        let body =
            serde_urlencoded::to_string(form).map_err(|error| NoTokens::Unavailable(error.to_string()))?;
        let request = request.body(body.into()).map_err(|error| NoTokens::Unavailable(error.to_string()))?;
        let response = self.send(request).await.map_err(NoTokens::Unavailable)?;
        if response.status().is_client_error() {
            return Err(NoTokens::Refused(error_of(&response)));
        }
        read(&description.token_endpoint, &response).map_err(NoTokens::Unavailable)
    }

    /// Further claims of the person (OpenID Connect Core, 5.3); `None` if the provider has no such endpoint.
    pub(super) async fn claims(
        &self,
        description: &Description,
        tokens: &Tokens,
    ) -> Result<Option<Claims>, Unavailable> {
        let Some(endpoint) = &description.userinfo_endpoint else { return Ok(None) };
        self.get(endpoint, Some(&tokens.access_token)).await.map(Some)
    }

    async fn get<T: DeserializeOwned>(&self, url: &str, token: Option<&Secret>) -> Result<T, Unavailable> {
        let mut request = Request::get(uri(url)?).header(ACCEPT, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.reveal()));
        }
        let request = request.body(Bytes::new()).map_err(|error| error.to_string())?;
        read(url, &self.send(request).await?)
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unavailable> {
        let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let sent = Arc::clone(&self.client).send(request, self.timeouts).await;
        sent.map_err(|failure| match failure {
            Failure::NotSent(why) | Failure::NoAnswer(why) => format!("{host}: {why}"),
        })
    }
}

impl Description {
    /// Whether the client secret is sent in the header, which is the default (OpenID Connect Core, 9).
    fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}

/// The credentials of a client (RFC 6749, 2.3.1): both parts are encoded as in a form.
fn basic(client_id: &str, secret: &Secret) -> String {
    let encoded = |text: &str| -> String {
        let pair = serde_urlencoded::to_string([("", text)]).unwrap_or_default();
        pair.trim_start_matches('=').to_owned()
    };
    let both = format!("{}:{}", encoded(client_id), encoded(secret.reveal()));
    format!("Basic {}", STANDARD.encode(both))
}

fn uri(url: &str) -> Result<Uri, Unavailable> {
    url.parse().map_err(|error| format!("{url:?} is not a URL: {error}"))
}

/// Reads a successful answer.
fn read<T: DeserializeOwned>(url: &str, response: &Response<Bytes>) -> Result<T, Unavailable> {
    if response.status() != StatusCode::OK {
        return Err(format!("{url} answered {}: {:?}", response.status().as_u16(), error_of(response)));
    }
    serde_json::from_slice(response.body()).map_err(|error| format!("{url} answered something else: {error}"))
}

/// The reason of an answer (RFC 6749, 5.2).
fn error_of(response: &Response<Bytes>) -> String {
    #[derive(Deserialize)]
    struct Answer {
        error: String,
        #[serde(default)]
        error_description: String,
    }
    match serde_json::from_slice::<Answer>(response.body()) {
        Ok(Answer { error, error_description }) => shortened(&format!("{error} {error_description}")),
        Err(_) => format!("status {}", response.status().as_u16()),
    }
}

/// The beginning of a text from outside.
pub(super) fn shortened(text: &str) -> String {
    text.trim().chars().take(ERROR_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_the_credentials_are_encoded() {
        let header = basic("a:b", &Secret::new("c d+é"));
        let text = STANDARD.decode(header.trim_start_matches("Basic ")).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "a%3Ab:c+d%2B%C3%A9");
    }

    #[test]
    fn a_failure_is_repeated_for_a_short_time_and_a_value_survives_it() {
        let mut cached = Cached::default();
        assert_eq!(cached.known(FRESH), None);
        assert_eq!(cached.keep(Err("down".to_owned())), Err("down".to_owned()));
        assert_eq!(cached.known(FRESH), Some(Err("down".to_owned())));
        cached.keep(Ok(1)).unwrap();
        assert_eq!(cached.known(FRESH), Some(Ok(1)));
        assert_eq!(cached.known(Duration::ZERO), None);
    }
}
