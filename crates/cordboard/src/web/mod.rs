//! The pages that the binary carries: the agent's desktop at `/`.

mod files;
mod policy;

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

/// What is said where the desktop should be and was not built in.
const NOT_BUILT: &str = "The pages were not built into this program: run `make web`, then build it again.\n";

/// What answers every path that the API does not have.
pub(crate) fn pages(handle: Handle) -> Router {
    Router::new().route("/", get(desktop)).route("/{*path}", get(file)).with_state(handle)
}

/// The desktop, which may show the pages in frames that the floor names at this moment.
async fn desktop(State(handle): State<Handle>, headers: HeaderMap) -> Response {
    let Some(found) = files::find(DESKTOP, &headers) else {
        return (StatusCode::NOT_FOUND, NOT_BUILT).into_response();
    };
    match floor(&handle).await {
        Ok(floor) => page(found, &headers, &policy::of_desktop(&floor)),
        Err(rejection) => (StatusCode::SERVICE_UNAVAILABLE, rejection.text.to_string()).into_response(),
    }
}

/// What the pages are made of.
async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let found = files::find(&path, &headers).filter(|_| path != DESKTOP);
    let answer = match found {
        Some(found) => page(found, &headers, policy::OF_FILES),
        None => (StatusCode::NOT_FOUND, format!("there is no page /{path}\n")).into_response(),
    };
    std::future::ready(answer).await
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
async fn floor(handle: &Handle) -> Result<std::sync::Arc<Floor>, model::Rejection> {
    let account = AccountName::new("pages").unwrap_or_else(|_| unreachable!("five letters are a name"));
    let nobody = Principal { account, role: Role::Agent, agent: None };
    Ok(handle.look(nobody).await?.floor)
}
