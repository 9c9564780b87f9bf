//! The connector's pages: it stands in frames of the floor's CRM pages only. A page that is none of those gets to see why not.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::get,
};
use model::{Floor, WebAddress};

use super::{Pages, built, floor, policy};

/// The connector.
const CONNECTOR: &str = "connector.html";
/// What may be wrong, in words.
const CHECK: &str = "connector-check.html";
/// The page that hosts somebody else's connector.
const DESK: &str = "connector-desk.html";

/// The relay of the page that hosts somebody else's connector.
const DESK_RELAY: &str = "connector-desk";

/// Where the connector is: at its own path, and at the one that pages written for Avaya's have (crm-connector.md §1.1).
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
    match around(&headers) {
        Some(origin) if !hosts(&floor, &origin) => unkept(built(CHECK, &headers, policy::OF_CHECK)),
        Some(_) | None => unkept(built(CONNECTOR, &headers, &policy::of_connector(&floor))),
    }
}

async fn check(headers: HeaderMap) -> Response {
    std::future::ready(built(CHECK, &headers, policy::OF_CHECK)).await
}

async fn desk(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    let policy = policy::of_connector_desk(pages.origins(DESK_RELAY).first().map(String::as_str));
    std::future::ready(built(DESK, &headers, &policy)).await
}

/// The origin of the page around, where the browser says that there is one, and which. A browser that does not say is held back by
/// the policy alone.
fn around(headers: &HeaderMap) -> Option<String> {
    let is_framed = headers.get("sec-fetch-dest").is_some_and(|dest| dest == "iframe" || dest == "frame");
    let referer = headers.get(header::REFERER).filter(|_| is_framed)?;
    WebAddress::new(referer.to_str().ok()?).ok().map(|address| address.origin())
}

fn hosts(floor: &Floor, origin: &str) -> bool {
    floor.crm_origins.iter().any(|address| address.origin() == origin)
}

/// What is shown under one path depends on who asks and on the floor: no browser keeps it.
fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(dest: &'static str, referer: &'static str) -> HeaderMap {
        let dest = ("sec-fetch-dest".parse().unwrap(), HeaderValue::from_static(dest));
        HeaderMap::from_iter([dest, (header::REFERER, HeaderValue::from_static(referer))])
    }

    #[test]
    fn the_page_around_is_known_by_what_the_browser_says() {
        let crm = "https://CRM.example:443/contacts?id=1";
        assert_eq!(around(&asking("iframe", crm)), Some("https://crm.example".to_owned()));
        assert_eq!(around(&asking("document", crm)), None);
        assert_eq!(around(&asking("iframe", "about:blank")), None);
        assert_eq!(around(&HeaderMap::new()), None);
    }

    #[test]
    fn a_page_hosts_by_its_whole_origin() {
        let floor = serde_json::json!({ "crm_origins": ["https://crm.example/app"] });
        let floor: Floor = serde_json::from_value(floor).unwrap();
        assert!(hosts(&floor, "https://crm.example"));
        for other in ["http://crm.example", "https://crm.example:8443", "https://crm.example.evil.example"] {
            assert!(!hosts(&floor, other), "{other}");
        }
    }
}
