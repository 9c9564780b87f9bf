//! What a browser may load for our pages (Content Security Policy, level 3).

use std::collections::BTreeSet;

use model::Floor;

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
    fn a_floor_without_pages_has_no_frames() {
        assert!(of_desktop(&Floor::default()).contains("frame-src 'none';"));
    }
}
