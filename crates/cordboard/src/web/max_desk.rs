//! The page that a real MAX shows in a frame, so that MAX is a switch.

use axum::{Router, extract::State, http::HeaderMap, response::Response, routing::get};

use super::{Pages, built, policy};

/// The file of the page.
const PAGE: &str = "max-desk.html";

/// The relay of the page.
const RELAY: &str = "max-desk";

pub(super) fn routes() -> Router<Pages> {
    Router::new().route("/max-desk", get(page))
}

async fn page(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    std::future::ready(built(PAGE, &headers, &policy::of_max_desk(pages.origins(RELAY)))).await
}
