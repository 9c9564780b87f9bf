//! What a browser may load for our pages (Content Security Policy, level 3).

use std::collections::BTreeSet;

use model::{Floor, WebAddress};

/// For whatever is no page: it shows nothing and stands in no frame.
pub(super) const OF_FILES: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";

/// For the desktop: everything from the server itself, frames from where the floor's pages and records are, pictures of contacts from there
/// too. It stands in no frame.
pub(super) fn of_desktop(floor: &Floor) -> String {
    let origins = origins(floor);
    let frames = if origins.is_empty() { " 'none'".to_owned() } else { list(&origins) };
    format!(
        "default-src 'self'; img-src 'self' data:{}; frame-src{frames}; object-src 'none'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        list(&origins),
    )
}

/// For the connector: it stands in frames of the floor's CRM pages, as the floor names them at this moment. Pictures of contacts may come
/// from there.
pub(super) fn of_connector(floor: &Floor) -> String {
    let around: BTreeSet<String> = floor.crm_origins.iter().map(WebAddress::origin).collect();
    let ancestors = if around.is_empty() { " 'none'".to_owned() } else { list(&around) };
    format!(
        "default-src 'self'; img-src 'self' data:{}; frame-src 'none'; object-src 'none'; base-uri 'none'; \
         form-action 'none'; frame-ancestors{ancestors}",
        list(&around),
    )
}

/// For the page that says why the connector does not come up: it knows nothing and does nothing, so anybody may show it.
pub(super) const OF_CHECK: &str = "default-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; \
                                   form-action 'none'; frame-ancestors *";

/// For the page that hosts somebody else's connector, of which nothing else may be shown. It stands in no frame itself.
pub(super) fn of_connector_desk(hosted: Option<&str>) -> String {
    format!(
        "default-src 'self'; frame-src {}; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
        hosted.unwrap_or("'none'"),
    )
}

/// For the page that stands in a real MAX, at these origins.
pub(super) fn of_max_desk(max: &[String]) -> String {
    let around = if max.is_empty() { "'none'".to_owned() } else { max.join(" ") };
    format!(
        "default-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors {around}"
    )
}

/// For the demo's CRM, which hosts the connector of one hub.
pub(super) fn of_demo_crm(hub: &str) -> String {
    format!(
        "default-src 'self'; frame-src {hub}; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// For the documentation: its style and its pictures, no scripts. No page can show it in a frame.
pub(super) const OF_DOCS: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                                  form-action 'none'; frame-ancestors 'none'";

/// Where the floor's pages and records are; each once, in one order.
fn origins(floor: &Floor) -> BTreeSet<String> {
    let pages = floor.pages.iter().map(|page| page.url.origin());
    pages.chain(floor.records.iter().map(|record| record.url.origin())).collect()
}

fn list(origins: &BTreeSet<String>) -> String {
    origins.iter().map(|origin| format!(" {origin}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_from_where_the_floor_says() {
        let floor = serde_json::json!({
            "pages": [{"id": "kb", "title": "KB", "url": "https://KB.example:443/a", "place": "workspace"}],
            "records": [
                {"type": "Contact", "title": "Contact", "url": "http://crm.example/c/{id}"},
                {"type": "Case", "title": "Case", "url": "http://crm.example/k/{id}"},
            ],
        });
        let policy = of_desktop(&serde_json::from_value(floor).unwrap());
        assert!(policy.contains("frame-src http://crm.example https://kb.example;"), "{policy}");
        assert!(policy.contains("img-src 'self' data: http://crm.example https://kb.example;"), "{policy}");
    }

    #[test]
    fn the_connector_stands_in_pages_of_the_floor_only() {
        let floor =
            serde_json::json!({ "crm_origins": ["https://crm.example/app", "http://127.0.0.1:8083"] });
        let policy = of_connector(&serde_json::from_value(floor).unwrap());
        assert!(policy.ends_with("frame-ancestors http://127.0.0.1:8083 https://crm.example"), "{policy}");
        assert!(of_connector(&Floor::default()).ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn the_page_for_max_stands_where_max_is_only() {
        let max = ["https://max.example".to_owned(), "http://127.0.0.1:8080".to_owned()];
        assert!(of_max_desk(&max).ends_with("frame-ancestors https://max.example http://127.0.0.1:8080"));
        assert!(of_max_desk(&[]).ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn a_floor_without_pages_has_no_frames() {
        assert!(of_desktop(&Floor::default()).contains("frame-src 'none';"));
    }
}
