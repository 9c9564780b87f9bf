//! The files of the web pages, which `npm run build` writes to `web/dist`.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The files. A release build contains them; a debug build reads them on each request.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
#[exclude = ".*"]
struct Dist;

/// The folder of files whose names contain a hash of their contents.
const HASHED: &str = "assets/";

/// The folder of the sample CRM, which has its own origin.
pub(super) const DEMO_CRM: &str = "crm-demo/";

/// The `Cache-Control` value of a file that never changes: one year in seconds, and `immutable` (RFC 8246).
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The encodings in which the build stores a file, the smallest first: the name in HTTP headers and the file name extension.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// A file in the smallest encoding that the browser accepts.
pub(super) struct Found {
    file: EmbeddedFile,
    encoding: Option<&'static str>,
    kind: &'static str,
    kept: &'static str,
}

/// Finds a file of the web pages.
pub(super) fn find(path: &str, headers: &HeaderMap) -> Option<Found> {
    let kind = kind(path)?;
    let plain = Dist::get(path)?;
    let kept = if path.trim_start_matches(DEMO_CRM).starts_with(HASHED) { FOREVER } else { "no-cache" };
    for (encoding, ending) in ENCODINGS {
        if accepts(headers, encoding)
            && let Some(file) = Dist::get(&format!("{path}{ending}"))
        {
            return Some(Found { file, encoding: Some(encoding), kind, kept });
        }
    }
    Some(Found { file: plain, encoding: None, kind, kept })
}

impl Found {
    /// The file, or status 304 if the browser has it already.
    pub(super) fn into_response(self, headers: &HeaderMap) -> Response {
        let tag = self.tag();
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| names(known, &tag));
        let mut response = match known {
            true => Response::new(Body::empty()),
            false => Response::new(Body::from(self.file.data)),
        };
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let encoding = self.encoding.map(|encoding| (header::CONTENT_ENCODING, encoding));
        let always: [(HeaderName, &str); 4] = [
            (header::ETAG, &tag),
            (header::CACHE_CONTROL, self.kept),
            (header::CONTENT_TYPE, self.kind),
            (header::VARY, "accept-encoding"),
        ];
        for (name, value) in always.into_iter().chain(encoding) {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    /// The `ETag` of the file: a hash of the bytes, so each encoding has its own.
    fn tag(&self) -> String {
        let hash = self.file.metadata.sha256_hash();
        let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("\"{hex}\"")
    }
}

/// The content type. Files of other types are not served.
fn kind(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// Whether the browser accepts an encoding. A weight of 0 means that it does not.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let takes = |item: &str| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(encoding)
            && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    };
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(takes)
}

/// Whether an `If-None-Match` header contains the tag.
fn names(known: &HeaderValue, tag: &str) -> bool {
    let weak = |one: &str| one.trim().trim_start_matches("W/") == tag || one.trim() == "*";
    known.to_str().is_ok_and(|known| known.split(',').any(weak))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request_headers(encodings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))])
    }

    #[test]
    fn an_encoding_is_used_if_the_browser_names_it() {
        assert!(accepts(&request_headers("gzip, deflate, br"), "br"));
        assert!(accepts(&request_headers("br;q=0.5"), "br"));
        assert!(!accepts(&request_headers("gzip, br;q=0"), "br"));
        assert!(!accepts(&request_headers("brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn a_known_tag_is_found_among_others() {
        let known = HeaderValue::from_static("\"a\", W/\"b\"");
        assert!(names(&known, "\"b\""));
        assert!(!names(&known, "\"c\""));
    }

    #[test]
    fn other_files_are_not_served() {
        for path in ["", "../Cargo.toml", "assets/x.map", "index.html.br", ".gitkeep", "a.rs"] {
            assert!(find(path, &HeaderMap::new()).is_none(), "{path}");
        }
    }
}
