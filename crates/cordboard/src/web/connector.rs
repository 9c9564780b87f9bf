//! The pages of the connector. Only the CRM pages of the floor may show it in a frame. Other pages get an explanation instead.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::get,
};
use model::{Floor, WebAddress};

use super::{Pages, built, floor, policy};

/// The page of the connector.
const CONNECTOR: &str = "connector.html";
/// The page that explains why the connector is not shown.
const CHECK: &str = "connector-check.html";
/// The page that hosts a third-party connector.
const DESK: &str = "connector-desk.html";

/// The relay of the page that hosts a third-party connector.
const DESK_RELAY: &str = "connector-desk";

/// The paths of the connector: its own, and the one that pages for Avaya's connector use (crm-connector.md §1.1).
const PATHS: [&str; 4] = ["/connector", "/connector/", "/sfdc-workspaces", "/sfdc-workspaces/"];

pub(super) fn routes() -> Router<Pages> {
    let routes = Router::new().route("/connector/check", get(check)).route("/connector-desk/", get(desk));
    PATHS.into_iter().fold(routes, |routes, path| routes.route(path, get(connector)))
}

async fn connector(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    let floor = match floor(&pages.handle).await {
        Ok(floor) => floor,
        Err(problem) => return problem,
    };
    match parent_origin(&headers) {
        Some(origin) if !hosts(&floor, &origin) => not_cached(built(CHECK, &headers, policy::OF_CHECK)),
        Some(_) | None => not_cached(built(CONNECTOR, &headers, &policy::of_connector(&floor))),
    }
}

async fn check(headers: HeaderMap) -> Response {
    std::future::ready(built(CHECK, &headers, policy::OF_CHECK)).await
}

async fn desk(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    let policy = policy::of_connector_desk(pages.origins(DESK_RELAY).first().map(String::as_str));
    std::future::ready(built(DESK, &headers, &policy)).await
}

/// The origin of the page that shows the connector in a frame, if the browser sends it. For other browsers the content security policy
/// decides alone.
fn parent_origin(headers: &HeaderMap) -> Option<String> {
    let is_framed = headers.get("sec-fetch-dest").is_some_and(|dest| dest == "iframe" || dest == "frame");
    let referer = headers.get(header::REFERER).filter(|_| is_framed)?;
    WebAddress::new(referer.to_str().ok()?).ok().map(|address| address.origin())
}

fn hosts(floor: &Floor, origin: &str) -> bool {
    floor.crm_origins.iter().any(|address| address.origin() == origin)
}

/// Forbids caching: the page under one path depends on the client and on the floor.
fn not_cached(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request_headers(dest: &'static str, referer: &'static str) -> HeaderMap {
        let dest = ("sec-fetch-dest".parse().unwrap(), HeaderValue::from_static(dest));
        HeaderMap::from_iter([dest, (header::REFERER, HeaderValue::from_static(referer))])
    }

    #[test]
    fn the_parent_origin_comes_from_the_headers() {
        let crm = "https://CRM.example:443/contacts?id=1";
        assert_eq!(parent_origin(&request_headers("iframe", crm)), Some("https://crm.example".to_owned()));
        assert_eq!(parent_origin(&request_headers("document", crm)), None);
        assert_eq!(parent_origin(&request_headers("iframe", "about:blank")), None);
        assert_eq!(parent_origin(&HeaderMap::new()), None);
    }

    #[test]
    fn the_complete_origin_is_compared() {
        let floor = serde_json::json!({ "crm_origins": ["https://crm.example/app"] });
        let floor: Floor = serde_json::from_value(floor).unwrap();
        assert!(hosts(&floor, "https://crm.example"));
        for other in ["http://crm.example", "https://crm.example:8443", "https://crm.example.evil.example"] {
            assert!(!hosts(&floor, other), "{other}");
        }
    }
}
