//! The table of routes and roles. A route that is not in the table is refused.

use model::{
    Role::{self, Admin, Agent, Integration, Supervisor},
    Scope,
};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without a token.
    Public,
    /// Clients with a valid token. The route itself checks it, because the token may come in the first message.
    Message,
    /// Clients with a valid token whose account has one of these roles.
    Roles(&'static [Role]),
}

const EVERY: Access = Access::Roles(&Role::ALL);
const DIRECTORY: Access = Access::Roles(&[Admin, Integration]);
const OVERSEERS: Access = Access::Roles(&[Supervisor, Admin, Integration]);
/// Roles that may send commands. [`model::authorize`] decides which, and for which agent.
const COMMANDERS: Access = Access::Roles(&[Agent, Supervisor, Admin, Integration]);
const ADMIN: Access = Access::Roles(&[Admin]);

/// For each route: the method, the path, and who may use it.
pub const ROUTES: [(&str, &str, Access); 48] = [
    ("GET", "/healthz", Access::Public),
    ("GET", "/readyz", Access::Public),
    ("GET", "/metrics", Access::Public),
    ("GET", "/api/v1/openapi.json", Access::Public),
    ("GET", "/api/v1/sign-in", Access::Public),
    ("POST", "/api/v1/sign-in", Access::Public),
    ("POST", "/api/v1/sign-in/oidc", Access::Public),
    ("POST", "/api/v1/sign-in/oidc/complete", Access::Public),
    ("POST", "/api/v1/sign-in/oidc/sign-out", Access::Public),
    ("POST", "/api/v1/sign-out", EVERY),
    ("GET", "/api/v1/me", EVERY),
    ("GET", "/api/v1/snapshot", EVERY),
    ("GET", "/api/v1/events", Access::Message),
    ("GET", "/api/v1/relay/{name}", Access::Message),
    ("GET", "/api/v1/agents", EVERY),
    ("GET", "/api/v1/agents/{agent}", EVERY),
    ("POST", "/api/v1/agents/{agent}/commands", COMMANDERS),
    ("GET", "/api/v1/queues", EVERY),
    ("GET", "/api/v1/switches", EVERY),
    ("GET", "/api/v1/ends", OVERSEERS),
    ("GET", "/api/v1/interactions", EVERY),
    ("GET", "/api/v1/interactions/{id}", EVERY),
    ("POST", "/api/v1/interactions/{id}/commands", COMMANDERS),
    ("GET", "/api/v1/floor", EVERY),
    ("PUT", "/api/v1/floor", ADMIN),
    ("GET", "/api/v1/accounts", ADMIN),
    ("GET", "/api/v1/directory", EVERY),
    ("GET", "/api/v1/contacts", EVERY),
    ("POST", "/api/v1/contacts", EVERY),
    ("GET", "/api/v1/contacts/{id}", OVERSEERS),
    ("PUT", "/api/v1/contacts/{id}", DIRECTORY),
    ("DELETE", "/api/v1/contacts/{id}", DIRECTORY),
    ("GET", "/api/v1/history/interactions", EVERY),
    ("GET", "/api/v1/history/interactions/{id}", EVERY),
    ("GET", "/api/v1/history/agents", EVERY),
    ("GET", "/api/v1/history/waits", OVERSEERS),
    ("GET", "/api/v1/sessions", EVERY),
    ("DELETE", "/api/v1/sessions", EVERY),
    ("DELETE", "/api/v1/sessions/{id}", EVERY),
    ("GET", "/api/v1/second-factors", ADMIN),
    ("POST", "/api/v1/second-factors/{account}", EVERY),
    ("POST", "/api/v1/second-factors/{account}/confirm", EVERY),
    ("POST", "/api/v1/second-factors/{account}/remove", EVERY),
    ("GET", "/api/v1/tokens", ADMIN),
    ("POST", "/api/v1/tokens", ADMIN),
    ("DELETE", "/api/v1/tokens/{name}", ADMIN),
    ("GET", "/api/v1/audit", ADMIN),
    ("GET", "/api/v1/audit/head", ADMIN),
];

/// The scope that an API token needs for a route, besides its role. API tokens cannot use other routes.
pub const TOKEN_ROUTES: [(&str, &str, Scope); 23] = [
    ("GET", "/api/v1/me", Scope::Read),
    ("GET", "/api/v1/snapshot", Scope::Read),
    ("GET", "/api/v1/events", Scope::Read),
    ("GET", "/api/v1/agents", Scope::Read),
    ("GET", "/api/v1/agents/{agent}", Scope::Read),
    ("POST", "/api/v1/agents/{agent}/commands", Scope::Commands),
    ("GET", "/api/v1/queues", Scope::Read),
    ("GET", "/api/v1/switches", Scope::Read),
    ("GET", "/api/v1/ends", Scope::Read),
    ("GET", "/api/v1/interactions", Scope::Read),
    ("GET", "/api/v1/interactions/{id}", Scope::History),
    ("POST", "/api/v1/interactions/{id}/commands", Scope::Commands),
    ("GET", "/api/v1/floor", Scope::Read),
    ("GET", "/api/v1/directory", Scope::Read),
    ("GET", "/api/v1/contacts", Scope::Contacts),
    ("POST", "/api/v1/contacts", Scope::Contacts),
    ("GET", "/api/v1/contacts/{id}", Scope::Contacts),
    ("PUT", "/api/v1/contacts/{id}", Scope::Contacts),
    ("DELETE", "/api/v1/contacts/{id}", Scope::Contacts),
    ("GET", "/api/v1/history/interactions", Scope::History),
    ("GET", "/api/v1/history/interactions/{id}", Scope::History),
    ("GET", "/api/v1/history/agents", Scope::History),
    ("GET", "/api/v1/history/waits", Scope::History),
];

/// The scope that an API token needs for a route; `None` if no API token may use it.
pub(super) fn scope_of(method: &http::Method, route: &str) -> Option<Scope> {
    let method = if method == http::Method::HEAD { "GET" } else { method.as_str() };
    TOKEN_ROUTES.iter().find(|(of, path, _)| *of == method && *path == route).map(|(_, _, scope)| *scope)
}

/// Who may use a route; `None` if it is not in the table.
pub(super) fn of(method: &http::Method, route: &str) -> Option<Access> {
    let method = if method == http::Method::HEAD { "GET" } else { method.as_str() };
    ROUTES.iter().find(|(of, path, _)| *of == method && *path == route).map(|(_, _, access)| *access)
}
