//! The page to which a provider sends the browser back after a sign-in. It passes what the provider sent to the page that began the sign-in.

use axum::{Router, http::HeaderMap, response::Response, routing::get};

use super::{Pages, built, policy};

/// The file of the page.
const PAGE: &str = "sign-in.html";

pub(super) fn routes() -> Router<Pages> {
    Router::new().route("/sign-in/", get(page))
}

async fn page(headers: HeaderMap) -> Response {
    std::future::ready(built(PAGE, &headers, policy::OF_SIGN_IN)).await
}
