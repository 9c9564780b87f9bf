//! Sign-in with OpenID Connect (OpenID Connect Core 1.0): authorization code with PKCE (RFC 7636).
//!
//! ```text
//!  page ── begin ──► hub             the page keeps a ticket, the hub keeps state, nonce and verifier
//!  browser ── state, nonce, challenge ──► provider            the person signs in
//!  browser ◄── code, state ── provider                        at the page of the redirect URL
//!  page ── ticket, state, code ──► hub ── code, verifier ──► provider
//!  page ◄── token ── hub ◄── ID token ── provider
//! ```
//!
//! Only the page that began has the ticket, so nobody can make a browser complete the sign-in of another person. Cookies are not needed, so the
//! same works in frames where the browser blocks storage.

mod begun;
mod id_token;
mod person;
mod provider;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::{Duration, Instant},
};

use http::Uri;
use model::{Code, Principal, Rejection, Role, Secret};
use session::Login;
use subtle::ConstantTimeEq;
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    Handle,
    driver::{Client, ClientTls},
};
use begun::{BegunSignIn, BegunSignIns};
use id_token::{Claims, Expected, Refused};
use provider::{Description, NoTokens, Provider, Tokens};

/// How many sign-ins are completed at the same time. Others wait. Our choice.
const EXCHANGES_MAX: usize = 32;

/// How long the provider may take to complete a sign-in. Our choice: less than the API waits.
const COMPLETE_WITHIN: Duration = Duration::from_secs(20);

/// How to sign in through a provider.
#[derive(Debug, Clone, Default)]
pub struct OidcConfig {
    /// The name of the provider for people.
    pub name: String,
    /// The issuer, as the provider writes it in its tokens.
    pub issuer: String,
    /// The ID of the node at the provider.
    pub client_id: String,
    /// The secret of the node at the provider. `None` for a public client.
    pub client_secret: Option<Secret>,
    /// The URL of the page to which the provider sends the browser back.
    pub redirect_url: String,
    /// The URL of the page that the provider shows after a sign-out. `None`: people who sign out stay signed in at the provider.
    pub signed_out_url: Option<String>,
    /// The scopes to request, besides `openid`.
    pub scopes: Vec<String>,
    /// What the provider shows to a person who is signed in there already: `login` or `select_account`.
    pub prompt: Option<String>,
    /// The claim with the name of the account.
    pub account_claim: String,
    /// The claim with the ID of the agent. `None`: the agent of the account, or the one with the name of the account.
    pub agent_claim: Option<String>,
    /// The claim with the groups.
    pub groups_claim: String,
    /// The groups whose members have the role `agent`.
    pub agent_groups: Vec<String>,
    /// The groups whose members have the role `supervisor`.
    pub supervisor_groups: Vec<String>,
    /// The groups whose members have the role `admin`.
    pub admin_groups: Vec<String>,
    /// What happens to persons without an account in the directory.
    pub unknown_persons: UnknownPersons,
    /// Whether people can also sign in with a password. Accounts with the role `integration` always can.
    pub passwords: bool,
    /// The authorities that are trusted for the provider.
    pub tls: Option<ClientTls>,
}

/// What happens to persons without an account in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownPersons {
    /// They cannot sign in.
    #[default]
    Refuse,
    /// They sign in with the role of their groups.
    Accept,
}

impl OidcConfig {
    /// The groups of each role, the highest role first.
    fn groups(&self) -> [(Role, &Vec<String>); 3] {
        [
            (Role::Admin, &self.admin_groups),
            (Role::Supervisor, &self.supervisor_groups),
            (Role::Agent, &self.agent_groups),
        ]
    }

    fn has_groups(&self) -> bool {
        self.groups().iter().any(|(_, groups)| !groups.is_empty())
    }
}

/// Sign-in through a provider.
pub struct Oidc {
    config: OidcConfig,
    provider: Provider,
    begun: BegunSignIns,
    exchanges: Semaphore,
}

/// A sign-in that has begun.
pub(crate) struct Begun {
    /// Where the browser goes: the provider.
    pub(crate) url: String,
    /// What the page shows again to complete the sign-in.
    pub(crate) ticket: Secret,
}

/// What the browser brings back from the provider (RFC 6749, 4.1.2; RFC 9207, 2).
pub(crate) struct Returned {
    pub(crate) ticket: Secret,
    pub(crate) state: Secret,
    pub(crate) code: Option<Secret>,
    pub(crate) issuer: Option<String>,
    /// Why there is no code.
    pub(crate) error: Option<String>,
}

impl Oidc {
    /// Prepares sign-ins. The first one asks the provider for its description.
    pub fn new(config: OidcConfig) -> Self {
        let provider = Provider::new(Client::new(config.tls.clone()));
        let exchanges = Semaphore::new(EXCHANGES_MAX);
        Self { config, provider, begun: BegunSignIns::default(), exchanges }
    }

    /// The settings.
    pub fn config(&self) -> &OidcConfig {
        &self.config
    }

    /// Begins a sign-in.
    pub(crate) async fn begin(&self, from: IpAddr) -> Result<Begun, Rejection> {
        let description = self.provider.description(&self.config).await.map_err(|why| unavailable(&why))?;
        let opened = self.begun.begin(from, Instant::now());
        let scopes = ["openid"].into_iter().chain(self.config.scopes.iter().map(String::as_str));
        let mut query = vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.config.client_id.clone()),
            ("redirect_uri", self.config.redirect_url.clone()),
            ("scope", scopes.collect::<Vec<_>>().join(" ")),
            ("state", opened.state),
            ("nonce", opened.nonce),
            ("code_challenge", opened.challenge),
            ("code_challenge_method", "S256".to_owned()),
        ];
        query.extend(self.config.prompt.clone().map(|prompt| ("prompt", prompt)));
        let url = with_query(&description.authorization_endpoint, &query)?;
        Ok(Begun { url, ticket: opened.ticket })
    }

    /// Completes a sign-in: returns the person.
    pub(crate) async fn complete(&self, returned: Returned, handle: &Handle) -> Result<Principal, Rejection> {
        let _turn = self.exchanges.acquire().await.map_err(|_| unavailable("the node stops"))?;
        let begun = self.begun.take(&returned.ticket, Instant::now()).ok_or_else(expired)?;
        match timeout(COMPLETE_WITHIN, self.exchange(begun, returned)).await {
            Ok(claims) => self.principal(&claims?, handle).await,
            Err(_) => Err(unavailable(&format!("no answer within {COMPLETE_WITHIN:?}"))),
        }
    }

    /// The claims of the person who signed in.
    async fn exchange(&self, begun: BegunSignIn, returned: Returned) -> Result<Claims, Rejection> {
        if !bool::from(begun.state.as_bytes().ct_eq(returned.state.reveal().as_bytes())) {
            return Err(refused("the answer of the provider belongs to another sign-in"));
        }
        let description = self.provider.description(&self.config).await.map_err(|why| unavailable(&why))?;
        self.check_issuer(&description, returned.issuer.as_deref())?;
        let Some(code) = returned.code.filter(|_| returned.error.is_none()) else {
            let error = provider::shortened(returned.error.as_deref().unwrap_or("no code"));
            return Err(refused(&format!("the provider did not sign you in: {error:?}")));
        };
        let tokens = self.provider.exchange(&description, &code, &begun.verifier, &self.config).await;
        let tokens = tokens.map_err(|error| match error {
            NoTokens::Unavailable(why) => unavailable(&why),
            NoTokens::Refused(why) => refused(&format!("the provider refused the sign-in: {why:?}")),
        })?;
        let claims = self.verify(&description, &tokens, &begun.nonce).await?;
        self.complement(&description, &tokens, claims).await
    }

    /// An answer of another provider is refused (RFC 9207, 2.4).
    fn check_issuer(&self, description: &Description, issuer: Option<&str>) -> Result<(), Rejection> {
        let wanted = self.config.issuer.as_str();
        match issuer {
            Some(issuer) if issuer == wanted => Ok(()),
            None if !description.authorization_response_iss_parameter_supported => Ok(()),
            other => {
                let other = other.map(provider::shortened);
                Err(refused(&format!("the answer is from the issuer {other:?}, expected {wanted:?}")))
            }
        }
    }

    async fn verify(
        &self,
        description: &Description,
        tokens: &Tokens,
        nonce: &str,
    ) -> Result<Claims, Rejection> {
        let expected = Expected { issuer: &self.config.issuer, client_id: &self.config.client_id, nonce };
        let mut newer = false;
        loop {
            let keys = self.provider.keys(description, newer).await.map_err(|why| unavailable(&why))?;
            match id_token::verify(tokens.id_token.reveal(), &keys, &expected) {
                Ok(claims) => return Ok(claims),
                Err(Refused::UnknownKey) if !newer => newer = true,
                Err(Refused::UnknownKey) => {
                    return Err(refused(
                        "the ID token of the provider is refused: no key of the provider matches it",
                    ));
                }
                Err(Refused::Invalid(why)) => {
                    return Err(refused(&format!("the ID token of the provider is refused: {why}")));
                }
            }
        }
    }

    /// Adds the claims that the ID token does not have.
    async fn complement(
        &self,
        description: &Description,
        tokens: &Tokens,
        mut claims: Claims,
    ) -> Result<Claims, Rejection> {
        if person::is_complete(&claims, &self.config) {
            return Ok(claims);
        }
        let further = self.provider.claims(description, tokens).await.map_err(|why| unavailable(&why))?;
        let Some(further) = further else { return Ok(claims) };
        // OpenID Connect Core, 5.3.2: another person's claims must not be used.
        if further.get("sub") != claims.get("sub") {
            return Err(refused("the provider returned the claims of another person"));
        }
        for (name, value) in further {
            claims.entry(name).or_insert(value);
        }
        Ok(claims)
    }

    async fn principal(&self, claims: &Claims, handle: &Handle) -> Result<Principal, Rejection> {
        let name = person::account_of(claims, &self.config)?;
        let accounts = handle.auth().accounts();
        let account = accounts.find(&Login::Account(name.clone()));
        person::principal(name, claims, account, &*handle.floor().await?, &self.config)
    }

    /// Where people end their session at the provider (OpenID Connect RP-Initiated Logout 1.0), if they should and the provider offers it.
    pub(crate) async fn sign_out_url(&self) -> Result<Option<String>, Rejection> {
        let Some(back) = &self.config.signed_out_url else { return Ok(None) };
        let description = self.provider.description(&self.config).await.map_err(|why| unavailable(&why))?;
        let query =
            [("client_id", self.config.client_id.clone()), ("post_logout_redirect_uri", back.clone())];
        let endpoint = description.end_session_endpoint.as_ref();
        endpoint.map(|endpoint| with_query(endpoint, &query)).transpose()
    }
}

/// Adds parameters to a URL of the provider.
fn with_query(endpoint: &str, query: &[(&str, String)]) -> Result<String, Rejection> {
    let query = serde_urlencoded::to_string(query);
    let query = query.map_err(|error| Rejection::new(Code::Internal, error.to_string()))?;
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    Ok(format!("{endpoint}{separator}{query}"))
}

impl fmt::Debug for Oidc {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Oidc").field("issuer", &self.config.issuer).finish_non_exhaustive()
    }
}

/// Whether a URL is `https`, or `http` on this machine.
pub fn is_safe(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    let v6 = host.trim_start_matches('[').trim_end_matches(']').parse::<Ipv6Addr>();
    let is_local = host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || v6.is_ok_and(|ip| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => is_local,
        _ => false,
    }
}

fn unavailable(why: &str) -> Rejection {
    Rejection::new(Code::Unavailable, format!("the sign-in provider cannot be used at the moment: {why}"))
}

fn refused(why: &str) -> Rejection {
    Rejection::new(Code::Unauthenticated, why)
}

fn expired() -> Rejection {
    let minutes = begun::LIFE.as_secs() / 60;
    Rejection::new(
        Code::NotFound,
        format!(
            "this sign-in was not started here, was completed, or is older than {minutes} minutes; start again"
        ),
    )
}
