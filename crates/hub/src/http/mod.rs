//! The native API: JSON over HTTP, events over WebSockets, and the OpenAPI description.

mod access;
mod audit;
mod can;
mod commands;
mod contacts;
mod customer_history;
mod directory;
mod events;
mod extract;
mod floor;
mod guard;
mod health;
mod history;
mod oidc;
mod problem;
mod relay;
mod second_factor;
mod sessions;
mod sign_in;
mod socket;
mod state;
#[cfg(test)]
mod tests;
mod tokens;
mod unproven;

pub use access::{Access, ROUTES, TOKEN_ROUTES};
pub use relay::read_page_message;

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Instant,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::any,
};
use bytes::Bytes;
use http::Uri;
use model::{Code, Role, Scope, SwitchId};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tower::ServiceExt;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    Error, Handle, Node,
    auth::oidc::Oidc,
    driver::{Browsers, HttpForwarder, HttpLimits, Relay, ServerTls, Service, bind, serve},
};
use guard::Peer;
use problem::Problem;
use unproven::Unproven;

/// How to serve the API.
#[derive(Debug, Clone, Default)]
pub struct HttpConfig {
    /// Limits for clients.
    pub limits: HttpLimits,
    /// Origins of pages that may open a WebSocket, each as `scheme://host:port`. Pages of the server's own loopback address always may.
    pub origins: Vec<String>,
    /// Sessions that Cordboard's pages reach, each by its name: `/api/v1/relay/{name}`.
    pub relays: Vec<(&'static str, Relay)>,
    /// Sessions that peers reach under a path.
    pub mounts: Vec<Mount>,
    /// The dialect ends that the node runs, for display.
    pub ends: Vec<EndView>,
    /// The router for all other paths: Cordboard's pages.
    pub pages: Option<Router>,
    /// Sign-in through a provider, if it is configured.
    pub oidc: Option<Arc<Oidc>>,
}

/// A session that peers reach under a path.
#[derive(Debug, Clone)]
pub struct Mount {
    /// The path. It is removed before the session gets the request.
    pub path: &'static str,
    /// Whether the path is valid in any letter case.
    pub any_case: bool,
    /// The roles that may use it. `None`: the session authenticates its peers itself.
    pub roles: Option<&'static [Role]>,
    /// Passes requests to the session.
    pub forwarder: HttpForwarder,
}

/// A dialect end that the node runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndView {
    /// Its section in the configuration, such as `uwq.desk.0`.
    pub section: String,
    /// The product whose protocol it uses.
    pub product: String,
    /// How its peers connect, such as `HTTP listener`.
    pub transport: String,
    /// The switch that it is on the floor. Absent if it is not a switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switch: Option<SwitchId>,
    /// The address that peers use for its own listener. Absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// A summary of its settings for people.
    pub summary: String,
}

/// The state that all routes share.
#[derive(Clone)]
struct Api {
    handle: Handle,
    limits: Arc<HttpLimits>,
    origins: Arc<[String]>,
    relays: Arc<[(&'static str, Relay)]>,
    ends: Arc<[EndView]>,
    document: Bytes,
    unproven: Arc<Unproven>,
    counted: Arc<Mutex<Option<Instant>>>,
    /// Held while a contact is checked and added.
    adding: Arc<Mutex<()>>,
    oidc: Option<Arc<Oidc>>,
}

impl Node {
    /// Serves the API until the node stops. Returns the address, with the chosen port if it was 0.
    pub async fn serve_http(&self, address: SocketAddr, config: HttpConfig) -> Result<SocketAddr, Error> {
        Ok(self.open_http(address, &config, None).await?.serve(config))
    }

    /// Serves the API over TLS.
    pub async fn serve_https(
        &self,
        address: SocketAddr,
        config: HttpConfig,
        tls: ServerTls,
    ) -> Result<SocketAddr, Error> {
        Ok(self.open_http(address, &config, Some(tls)).await?.serve(config))
    }

    /// Opens the listener of the API. Until [`ApiListener::serve`], clients get 503 and are asked to try again.
    pub async fn open_http(
        &self,
        address: SocketAddr,
        config: &HttpConfig,
        tls: Option<ServerTls>,
    ) -> Result<ApiListener, Error> {
        let (listener, bound) = std::future::ready(bind(address)).await?;
        let (mut limits, secure) = (config.limits.clone(), tls.is_some());
        limits.policy.browsers = Browsers::OwnPages(config.origins.clone());
        let opened = ApiListener { handle: self.handle(), bound, secure, router: Arc::default() };
        serve(listener, limits, tls, self.handle(), opened.service());
        Ok(opened)
    }
}

/// The listener of the API of a node that is starting.
pub struct ApiListener {
    handle: Handle,
    bound: SocketAddr,
    secure: bool,
    /// Empty while the node starts.
    router: Arc<OnceLock<Service>>,
}

impl ApiListener {
    /// Serves the API until the node stops. Returns the address, with the chosen port if it was 0. The limits and origins are those with which
    /// the listener was opened.
    pub fn serve(self, config: HttpConfig) -> SocketAddr {
        let Self { handle, bound, secure, router: place } = self;
        let any_case = config.mounts.iter().filter(|mount| mount.any_case).map(|mount| mount.path).collect();
        let router = router(handle, own_origins(bound, secure), config);
        // It is empty, because `serve` consumes the listener.
        drop(place.set(service(router, any_case)));
        tracing::info!(%bound, secure, "api served");
        bound
    }

    fn service(&self) -> Service {
        let router = Arc::clone(&self.router);
        Arc::new(move |from, request| match router.get() {
            Some(router) => router(from, request),
            None => Box::pin(std::future::ready(health::starting(&request))),
        })
    }
}

/// The router as a service: it adds the client's address to each request. The paths in `any_case` are valid in any letter
/// case.
fn service(router: Router, any_case: Vec<&'static str>) -> Service {
    Arc::new(move |from, mut request| {
        request.extensions_mut().insert(Peer(from));
        any_case.iter().for_each(|path| in_own_case(&mut request, path));
        let answered = router.clone().oneshot(request);
        Box::pin(async move { answered.await.unwrap_or_else(|never| match never {}) })
    })
}

fn router(handle: Handle, own: Vec<String>, config: HttpConfig) -> Router {
    let HttpConfig { limits, origins, relays, mounts, ends, pages, oidc } = config;
    let (routes, document) = routes().split_for_parts();
    let document = document.to_json().map(Bytes::from).unwrap_or_default();
    let origins = origins.into_iter().chain(own).collect();
    let (limits, counted, unproven) = (Arc::new(limits), Arc::default(), Arc::default());
    let (relays, ends) = (relays.into(), ends.into());
    let adding = Arc::default();
    let api = Api { handle, limits, origins, relays, ends, document, unproven, counted, adding, oidc };
    let routes = routes.route_layer(from_fn_with_state(api.clone(), guard::guard));
    let routes = mounts.into_iter().fold(routes, |routes, mount| mounted(routes, &api, mount));
    let routes = routes.method_not_allowed_fallback(nothing_here);
    let served = match pages {
        Some(pages) => {
            let routes = routes.route("/api/{*rest}", any(nothing_here));
            routes.layer(from_fn(guard::secure)).fallback_service(pages)
        }
        None => routes.fallback(nothing_here).layer(from_fn(guard::secure)),
    };
    served.with_state(api)
}

/// All routes of the API with their descriptions.
fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(health::routes())
        .merge(sign_in::routes())
        .merge(oidc::routes())
        .merge(state::routes())
        .merge(commands::routes())
        .merge(events::routes())
        .merge(relay::routes())
        .merge(floor::routes())
        .merge(contacts::routes())
        .merge(directory::routes())
        .merge(history::routes())
        .merge(sessions::routes())
        .merge(second_factor::routes())
        .merge(tokens::routes())
        .merge(audit::routes())
}

/// The routes of a session under a path. Roles are checked here; the session does everything else.
fn mounted(routes: Router<Api>, api: &Api, mount: Mount) -> Router<Api> {
    let Mount { path, any_case: _, roles, forwarder } = mount;
    let handler = move |State(api): State<Api>, Peer(from): Peer, request: Request| async move {
        if let Some(roles) = roles
            && let Err(problem) = guard::allow(&api, request.headers(), roles, Some(Scope::Commands))
        {
            return problem.into_response();
        }
        match without_prefix(request, path) {
            Ok(request) => forwarder.call(from, request).await,
            Err(problem) => problem.into_response(),
        }
    };
    let inner = Router::new().route(&format!("{path}/{{*rest}}"), any(handler)).with_state(api.clone());
    routes.merge(inner)
}

/// Writes a path that differs from the path of a mount only in its letter case as the mount does.
fn in_own_case(request: &mut Request<Body>, path: &str) {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let Some((start, rest)) = target.split_at_checked(path.len()) else { return };
    if start == path || !start.eq_ignore_ascii_case(path) {
        return;
    }
    if let Ok(uri) = format!("{path}{rest}").parse::<Uri>() {
        *request.uri_mut() = uri;
    }
}

fn without_prefix(mut request: Request<Body>, prefix: &str) -> Result<Request<Body>, Problem> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let rest = target.strip_prefix(prefix).unwrap_or(target);
    let uri = rest.parse::<Uri>().map_err(|error| Problem::new(Code::Invalid, error.to_string()))?;
    *request.uri_mut() = uri;
    Ok(request)
}

async fn nothing_here(request: Request) -> Response {
    let text = format!("there is no {} {}", request.method(), request.uri().path());
    std::future::ready(Problem::new(Code::NotFound, text).into_response()).await
}

/// The origins under which a browser on this machine sees the server.
fn own_origins(bound: SocketAddr, secure: bool) -> Vec<String> {
    let scheme = if secure { "https" } else { "http" };
    if !bound.ip().is_loopback() && !bound.ip().is_unspecified() {
        return vec![format!("{scheme}://{bound}")];
    }
    ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{scheme}://{host}:{}", bound.port())).to_vec()
}

/// The head of the API description.
#[derive(OpenApi)]
#[openapi(
    info(title = "Cordboard", description = "The native API of the Cordboard CTI server"),
    components(schemas(model::Record)),
    modifiers(&Bearer)
)]
struct Document;

/// Declares that each route requires a token unless it says otherwise.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
        document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}
