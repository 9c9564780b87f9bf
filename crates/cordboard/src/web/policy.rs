//! Content security policies of the web pages (Content Security Policy, level 3).

use std::collections::BTreeSet;

use model::{Floor, WebAddress};

/// The policy of files that are not pages: they load nothing and cannot be in a frame.
pub(super) const OF_FILES: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";

/// The policy of the agent desktop. Frames and pictures can also come from the origins of the floor's pages and records, and from its further
/// origins of frames or pictures. It cannot be in a frame.
pub(super) fn of_desktop(floor: &Floor) -> String {
    let frames = with(origins(floor), &floor.frame_origins);
    let frames = if frames.is_empty() { " 'none'".to_owned() } else { list(&frames) };
    format!(
        "default-src 'self'; img-src 'self' data:{}; frame-src{frames}; object-src 'none'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        list(&with(origins(floor), &floor.image_origins)),
    )
}

/// The policy of the connector. The CRM pages of the current floor can show it in a frame. Pictures of contacts can come from there and from the
/// floor's further origins of pictures.
pub(super) fn of_connector(floor: &Floor) -> String {
    let around: BTreeSet<String> = floor.crm_origins.iter().map(WebAddress::origin).collect();
    let ancestors = if around.is_empty() { " 'none'".to_owned() } else { list(&around) };
    format!(
        "default-src 'self'; img-src 'self' data:{}; frame-src 'none'; object-src 'none'; base-uri 'none'; \
         form-action 'none'; frame-ancestors{ancestors}",
        list(&with(around, &floor.image_origins)),
    )
}

/// The policy of the page that explains why the connector is not shown. It has no data, so any page can show it in a frame.
pub(super) const OF_CHECK: &str = "default-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; \
                                   form-action 'none'; frame-ancestors *";

/// The policy of the page that hosts a third-party connector. It can show only that connector in a frame and cannot be in a frame itself.
pub(super) fn of_connector_desk(hosted: Option<&str>) -> String {
    format!(
        "default-src 'self'; frame-src {}; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
        hosted.unwrap_or("'none'"),
    )
}

/// The policy of the page for MAX, which only pages of these origins can show in a frame.
pub(super) fn of_max_desk(max: &[String]) -> String {
    let around = if max.is_empty() { "'none'".to_owned() } else { max.join(" ") };
    format!(
        "default-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors {around}"
    )
}

/// The policy of the page for answers of a provider. It cannot be in a frame.
pub(super) const OF_SIGN_IN: &str = "default-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; \
                                     form-action 'none'; frame-ancestors 'none'";

/// The policy of the sample CRM, which hosts the connector of one hub.
pub(super) fn of_demo_crm(hub: &str) -> String {
    format!(
        "default-src 'self'; frame-src {hub}; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// For the documentation: its style and its pictures, no scripts. No page can show it in a frame.
pub(super) const OF_DOCS: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                                  form-action 'none'; frame-ancestors 'none'";

/// The origins of the floor's pages and records, sorted and without duplicates.
fn origins(floor: &Floor) -> BTreeSet<String> {
    let pages = floor.pages.iter().map(|page| page.url.origin());
    pages.chain(floor.records.iter().map(|record| record.url.origin())).collect()
}

/// Adds the origins of these addresses.
fn with(mut origins: BTreeSet<String>, further: &[WebAddress]) -> BTreeSet<String> {
    origins.extend(further.iter().map(WebAddress::origin));
    origins
}

fn list(origins: &BTreeSet<String>) -> String {
    origins.iter().map(|origin| format!(" {origin}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_from_the_origins_of_the_floor() {
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
    fn further_origins_are_for_pictures_or_for_frames() {
        let floor = serde_json::json!({
            "pages": [{"id": "kb", "title": "KB", "url": "https://kb.example", "place": "workspace"}],
            "crm_origins": ["https://crm.example"],
            "image_origins": ["https://Pictures.example:443/faces"],
            "frame_origins": ["https://sso.example/sign-in"],
        });
        let floor = serde_json::from_value(floor).unwrap();
        let policy = of_desktop(&floor);
        assert!(
            policy.contains("img-src 'self' data: https://kb.example https://pictures.example;"),
            "{policy}"
        );
        assert!(policy.contains("frame-src https://kb.example https://sso.example;"), "{policy}");
        let policy = of_connector(&floor);
        assert!(
            policy.contains("img-src 'self' data: https://crm.example https://pictures.example;"),
            "{policy}"
        );
        assert!(
            policy.ends_with(
                "frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; \
                                  frame-ancestors https://crm.example"
            ),
            "{policy}"
        );
    }

    #[test]
    fn only_crm_pages_of_the_floor_show_the_connector() {
        let floor =
            serde_json::json!({ "crm_origins": ["https://crm.example/app", "http://127.0.0.1:8083"] });
        let policy = of_connector(&serde_json::from_value(floor).unwrap());
        assert!(policy.ends_with("frame-ancestors http://127.0.0.1:8083 https://crm.example"), "{policy}");
        assert!(of_connector(&Floor::default()).ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn only_max_shows_its_page() {
        let max = ["https://max.example".to_owned(), "http://127.0.0.1:8080".to_owned()];
        assert!(of_max_desk(&max).ends_with("frame-ancestors https://max.example http://127.0.0.1:8080"));
        assert!(of_max_desk(&[]).ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn a_floor_without_pages_has_no_frames() {
        assert!(of_desktop(&Floor::default()).contains("frame-src 'none';"));
    }
}
