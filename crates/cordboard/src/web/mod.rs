//! The web pages in the binary: the agent desktop at `/`, the connector for CRM pages, the page that hosts a third-party connector, the page
//! for a frame in a real MAX, the page for answers of a sign-in provider, and the documentation at `/docs/`.

mod connector;
mod docs;
mod files;
mod max_desk;
mod policy;
mod sign_in;

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use hub::Handle;
use model::{AccountName, Floor, Principal, Role};

use self::files::Found;

/// The page of the agent desktop.
const DESKTOP: &str = "index.html";

/// The answer when a page is missing from the build.
const NOT_BUILT: &str =
    "This program was built without its web pages. Run `make web`, then build it again.\n";

/// The state that all pages share.
#[derive(Clone)]
struct Pages {
    handle: Handle,
    /// For each relay: the origins that its pages show in frames, or that show its pages.
    origins: BTreeMap<&'static str, Vec<String>>,
}

impl Pages {
    /// The origins of one relay; empty if it is not configured.
    fn origins(&self, relay: &str) -> &[String] {
        self.origins.get(relay).map_or(&[], Vec::as_slice)
    }
}

/// The router for all paths that are not in the API. `origins`: see [`Pages`].
pub(crate) fn pages(handle: Handle, origins: BTreeMap<&'static str, Vec<String>>) -> Router {
    let routes = Router::new().route("/", get(desktop)).merge(connector::routes()).merge(docs::routes());
    routes
        .merge(max_desk::routes())
        .merge(sign_in::routes())
        .route("/{*path}", get(file))
        .with_state(Pages { handle, origins })
}

/// The router of the sample CRM, which hosts the connector of `hub`.
pub(crate) fn demo_crm(hub: String) -> Router {
    let index = move |headers: HeaderMap| {
        let policy = policy::of_demo_crm(&hub);
        std::future::ready(built(&demo_file(DESKTOP), &headers, &policy))
    };
    let file = |Path(path): Path<String>, headers: HeaderMap| {
        let found = files::find(&demo_file(&path), &headers).filter(|_| !is_page(&path));
        std::future::ready(
            found.map_or_else(|| nothing(&path), |found| page(found, &headers, policy::OF_FILES)),
        )
    };
    Router::new().route("/", get(index)).route("/{*path}", get(file))
}

fn demo_file(path: &str) -> String {
    format!("{}{path}", files::DEMO_CRM)
}

/// The agent desktop. It may show the pages of the current floor in frames.
async fn desktop(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    match floor(&pages.handle).await {
        Ok(floor) => built(DESKTOP, &headers, &policy::of_desktop(&floor)),
        Err(problem) => problem,
    }
}

/// A file of the pages.
async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let ours = !is_page(&path) && !path.starts_with(files::DEMO_CRM);
    let answer = match files::find(&path, &headers).filter(|_| ours) {
        Some(found) => page(found, &headers, policy::OF_FILES),
        None => nothing(&path),
    };
    std::future::ready(answer).await
}

/// Whether a path is a page. Pages are served under their own paths only, because these have the right policy.
fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

fn nothing(path: &str) -> Response {
    (StatusCode::NOT_FOUND, format!("there is no page /{path}\n")).into_response()
}

/// A page, if the build contains it.
fn built(name: &str, headers: &HeaderMap, policy: &str) -> Response {
    match files::find(name, headers) {
        Some(found) => page(found, headers, policy),
        None => (StatusCode::NOT_FOUND, NOT_BUILT).into_response(),
    }
}

/// A response with security headers: no content type sniffing, no referrer, and only the sources in the policy.
fn page(found: Found, headers: &HeaderMap, policy: &str) -> Response {
    let mut response = found.into_response(headers);
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        // A policy consists of origins that the floor has checked: visible ASCII.
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The current floor. Pages need it before anybody has signed in.
async fn floor(handle: &Handle) -> Result<std::sync::Arc<Floor>, Response> {
    let account = AccountName::new("pages").unwrap_or_else(|_| unreachable!("five letters are a name"));
    let nobody = Principal { account, role: Role::Agent, agent: None };
    match handle.snapshot(nobody).await {
        Ok(sight) => Ok(sight.floor),
        Err(rejection) => Err((StatusCode::SERVICE_UNAVAILABLE, rejection.text.to_string()).into_response()),
    }
}
