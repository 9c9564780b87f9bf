//! The documentation at `/docs/`, as `npm run docs` rendered it.

use axum::{
    Router,
    extract::Path,
    http::HeaderMap,
    response::{Redirect, Response},
    routing::get,
};

use super::{Pages, built, files, nothing, page, policy};

/// The folder of the rendered pages in the built files, and their path on the server.
const FOLDER: &str = "docs/";

/// The first page.
const INDEX: &str = "docs/index.html";

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route("/docs/", get(index))
        .route("/docs/{*path}", get(file))
}

async fn index(headers: HeaderMap) -> Response {
    std::future::ready(built(INDEX, &headers, policy::OF_DOCS)).await
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("{FOLDER}{path}");
    let answer = match files::find(&path, &headers) {
        Some(found) => page(found, &headers, policy::OF_DOCS),
        None => nothing(&path),
    };
    std::future::ready(answer).await
}
