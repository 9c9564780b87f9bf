//! The page that stands in a real MAX and makes a switch of it.

use axum::{Router, extract::State, http::HeaderMap, response::Response, routing::get};

use super::{Pages, built, policy};

/// The page.
const PAGE: &str = "max-desk.html";

/// Its relay.
const RELAY: &str = "max-desk";

pub(super) fn routes() -> Router<Pages> {
    Router::new().route("/max-desk", get(page))
}

async fn page(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    std::future::ready(built(PAGE, &headers, &policy::of_max_desk(pages.origins(RELAY)))).await
}
