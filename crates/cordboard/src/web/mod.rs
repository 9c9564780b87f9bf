//! The pages that the binary carries: the agent's desktop at `/`, the connector for CRM pages, the page that hosts somebody else's,
//! the one that stands in a real MAX, and the documentation at `/docs/`.

mod connector;
mod docs;
mod files;
mod max_desk;
mod policy;

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

/// The desktop.
const DESKTOP: &str = "index.html";

/// What is said where a page should be and was not built in.
const NOT_BUILT: &str = "The pages were not built into this program: run `make web`, then build it again.\n";

/// What every page of the hub's has.
#[derive(Clone)]
struct Pages {
    handle: Handle,
    /// Origins that the pages of each relay show, or that show them.
    origins: BTreeMap<&'static str, Vec<String>>,
}

impl Pages {
    /// The origins of one relay; none where it is not configured.
    fn origins(&self, relay: &str) -> &[String] {
        self.origins.get(relay).map_or(&[], Vec::as_slice)
    }
}

/// What answers every path that the API does not have. `origins`: for each relay, what its pages show, or what shows them.
pub(crate) fn pages(handle: Handle, origins: BTreeMap<&'static str, Vec<String>>) -> Router {
    let routes = Router::new().route("/", get(desktop)).merge(connector::routes()).merge(docs::routes());
    routes.merge(max_desk::routes()).route("/{*path}", get(file)).with_state(Pages { handle, origins })
}

/// The CRM of the demo, which hosts the connector of `hub`.
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

/// The desktop, which may show the pages in frames that the floor names at this moment.
async fn desktop(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    match floor(&pages.handle).await {
        Ok(floor) => built(DESKTOP, &headers, &policy::of_desktop(&floor)),
        Err(problem) => problem,
    }
}

/// What the pages are made of.
async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let ours = !is_page(&path) && !path.starts_with(files::DEMO_CRM);
    let answer = match files::find(&path, &headers).filter(|_| ours) {
        Some(found) => page(found, &headers, policy::OF_FILES),
        None => nothing(&path),
    };
    std::future::ready(answer).await
}

/// A page is served under its own path only, since its policy goes with that.
fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

fn nothing(path: &str) -> Response {
    (StatusCode::NOT_FOUND, format!("there is no page /{path}\n")).into_response()
}

/// A page, where it was built in.
fn built(name: &str, headers: &HeaderMap, policy: &str) -> Response {
    match files::find(name, headers) {
        Some(found) => page(found, headers, policy),
        None => (StatusCode::NOT_FOUND, NOT_BUILT).into_response(),
    }
}

/// Says to browsers: guess nothing, tell nobody where you come from, load nothing that the policy does not name.
fn page(found: Found, headers: &HeaderMap, policy: &str) -> Response {
    let mut response = found.into_response(headers);
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        // A policy is made of origins that the floor checked: visible ASCII.
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The floor as whoever asks for a page may know it: nobody has to sign in for that, and no picture of anybody's work is made.
async fn floor(handle: &Handle) -> Result<std::sync::Arc<Floor>, Response> {
    let account = AccountName::new("pages").unwrap_or_else(|_| unreachable!("five letters are a name"));
    let nobody = Principal { account, role: Role::Agent, agent: None };
    match handle.look(nobody).await {
        Ok(sight) => Ok(sight.floor),
        Err(rejection) => Err((StatusCode::SERVICE_UNAVAILABLE, rejection.text.to_string()).into_response()),
    }
}
