//! Decides which requests an HTTP listener accepts. A browser inside the network can reach listeners that strangers cannot, and any web
//! page can make it send requests there. So a request must name the listener's host as its real clients do. A browser may send requests only
//! to listeners that serve pages, and only on behalf of those pages.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use http::{
    HeaderMap, HeaderName, Method, Request, StatusCode, Version,
    header::{ACCEPT_LANGUAGE, HOST, ORIGIN, REFERER, UPGRADE, USER_AGENT},
};

use super::TrustedProxies;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The requests that a listener accepts.
#[derive(Debug, Clone, Default)]
pub struct RequestPolicy {
    /// Host names that clients use for the listener, without a port, besides `localhost` and IP addresses. Over TLS any name is accepted,
    /// because browsers compare it with the certificate.
    pub hosts: Vec<String>,
    /// Which requests of browsers are accepted.
    pub browsers: Browsers,
    /// The proxies that are trusted to name the client's address.
    pub proxies: TrustedProxies,
}

/// Which requests of browsers a listener accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Browsers {
    /// None: its clients are other programs, and a `GET` can have an effect.
    #[default]
    Refused,
    /// Those of its own pages and of pages at these origins, and navigation to its pages from anywhere. WebSockets are checked separately.
    OwnPages(Vec<String>),
    /// All.
    Accepted,
}

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The request names no host, or several: how many `Host` headers it has.
    Hosts(usize),
    /// The request names a host that is not this server's.
    Host(String),
    /// A browser sent it on behalf of another site's page. Contains the header that shows this.
    WebPage(String),
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Hosts(_) => StatusCode::BAD_REQUEST,
            Self::Host(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::WebPage(_) => StatusCode::FORBIDDEN,
        }
    }

    /// The text of the log line, which is limited to one per minute.
    pub(super) fn cause(&self) -> &'static str {
        match self {
            Self::Hosts(_) => "request without exactly one host refused",
            Self::Host(_) => "request for an unknown host refused",
            Self::WebPage(_) => "request of a web page refused",
        }
    }

    /// What is wrong, and which setting allows it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Hosts(count) => format!("the request has {count} Host headers, expected 1 (RFC 9112, 3.2)"),
            Self::Host(host) => format!(
                "host {host:?} is not a name of this server; if clients use it, add it to network.allowed_hosts"
            ),
            Self::WebPage(sign) => format!(
                "requests of web pages from elsewhere are not accepted ({sign}); if the page is trusted, add its origin to \
                 http.origins, or set cross_origin of the listener"
            ),
        }
    }
}

impl RequestPolicy {
    /// Checks a request. `secure`: it came over TLS.
    pub(super) fn check<B>(&self, request: &Request<B>, secure: bool) -> Result<(), Refusal> {
        check_count(request)?;
        if !secure {
            self.check_hosts(request)?;
        }
        let sign = match &self.browsers {
            Browsers::Accepted => None,
            Browsers::Refused => sign_of_browser(request.headers()),
            Browsers::OwnPages(origins) => sign_of_other_page(request, origins),
        };
        sign.map_or(Ok(()), |sign| Err(Refusal::WebPage(sign)))
    }

    /// Checks the host names.
    fn check_hosts<B>(&self, request: &Request<B>) -> Result<(), Refusal> {
        let target = request.uri().authority().map(|authority| authority.as_str());
        let headers = request.headers().get_all(HOST).iter().map(|host| host.to_str().unwrap_or("?"));
        let other = target.into_iter().chain(headers).find(|host| !self.is_own(host));
        other.map_or(Ok(()), |host| Err(Refusal::Host(host.to_owned())))
    }

    /// Whether a host name is this server's. Any IP address is accepted, because it cannot be made to resolve elsewhere.
    fn is_own(&self, authority: &str) -> bool {
        let name = without_port(authority);
        let v6 = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        name.eq_ignore_ascii_case("localhost")
            || name.parse::<Ipv4Addr>().is_ok()
            || v6.is_some_and(|name| name.parse::<Ipv6Addr>().is_ok())
            || self.hosts.iter().any(|host| host.eq_ignore_ascii_case(name))
    }

    /// The client's address: the peer's, or the one that a trusted proxy names.
    pub(super) fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> SocketAddr {
        self.proxies.client(peer, headers)
    }
}

/// Checks that a request has one `Host` header. HTTP/1.0 may have none, and every browser sends one.
fn check_count<B>(request: &Request<B>) -> Result<(), Refusal> {
    let count = request.headers().get_all(HOST).iter().count();
    let is_fine = count == 1 || count == 0 && request.version() < Version::HTTP_11;
    if is_fine { Ok(()) } else { Err(Refusal::Hosts(count)) }
}

/// The header that shows that a browser sent a request. Over plain `http` to another machine, browsers send no fetch metadata, and for
/// images no `Origin`. They still send their name and the user's languages, which telephony clients do not.
fn sign_of_browser(headers: &HeaderMap) -> Option<String> {
    let named = [SEC_FETCH_SITE, ORIGIN, REFERER];
    if let Some(name) = named.iter().find(|name| headers.contains_key(*name)) {
        return Some(sign(name, headers));
    }
    let agent = headers.get(USER_AGENT).is_some_and(|agent| agent.as_bytes().starts_with(b"Mozilla/5.0"));
    (agent && headers.contains_key(ACCEPT_LANGUAGE)).then(|| sign(&USER_AGENT, headers))
}

/// The header that shows that a browser sent a request on behalf of another site's page. A typed address (`none`) is accepted, and so is
/// navigation to a page here: listeners that serve pages have no `GET` with an effect.
fn sign_of_other_page<B>(request: &Request<B>, origins: &[String]) -> Option<String> {
    let (headers, reads) = (request.headers(), [Method::GET, Method::HEAD].contains(request.method()));
    let is = |name: &HeaderName, wanted: &[u8]| headers.get(name).is_some_and(|value| value == wanted);
    let listed =
        || headers.get(ORIGIN).is_some_and(|origin| origins.iter().any(|listed| origin == listed.as_str()));
    if headers.contains_key(UPGRADE) || listed() {
        return None;
    }
    if headers.contains_key(SEC_FETCH_SITE) {
        let own = is(&SEC_FETCH_SITE, b"same-origin") || is(&SEC_FETCH_SITE, b"none");
        let leads_here = reads && is(&SEC_FETCH_MODE, b"navigate");
        return (!own && !leads_here).then(|| sign(&SEC_FETCH_SITE, headers));
    }
    let other = headers.contains_key(ORIGIN) && !reads && !is_same_origin(headers);
    other.then(|| sign(&ORIGIN, headers))
}

/// Whether the origin of a request's page is the host of the request. The scheme may differ, because a proxy may have removed TLS.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(&ORIGIN).and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    origin.is_some() && origin == text(&HOST)
}

fn sign(name: &HeaderName, headers: &HeaderMap) -> String {
    let value = headers.get(name).map_or("", |value| value.to_str().unwrap_or("?"));
    format!("{name}: {}", value.chars().take(100).collect::<String>())
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, headers: &[(&str, &str)]) -> Request<()> {
        let request = Request::builder().method(method).uri("/x");
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(()).unwrap()
    }

    fn policy(browsers: Browsers) -> RequestPolicy {
        RequestPolicy { hosts: vec!["CTI.example".into()], browsers, proxies: TrustedProxies::default() }
    }

    #[test]
    fn names_that_are_not_configured_are_refused_unless_a_certificate_proves_them() {
        let policy = policy(Browsers::Refused);
        let check = |host: &str, secure| policy.check(&request("GET", &[("host", host)]), secure);
        for host in [
            "localhost",
            "LOCALHOST:3107",
            "127.0.0.1:1",
            "[::1]:3107",
            "10.1.2.3",
            "[2001:db8::1]",
            "cti.EXAMPLE:3107",
        ] {
            assert_eq!(check(host, false), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:3107",
            "a@localhost",
            "",
            "::1",
        ] {
            assert_eq!(check(host, false), Err(Refusal::Host(host.into())));
            assert_eq!(check(host, true), Ok(()));
        }
        let two = request("GET", &[("host", "localhost"), ("host", "localhost")]);
        let none = request("GET", &[]);
        for secure in [false, true] {
            assert_eq!(policy.check(&two, secure), Err(Refusal::Hosts(2)));
            assert_eq!(policy.check(&none, secure), Err(Refusal::Hosts(0)));
        }
        assert_eq!(Refusal::Hosts(0).status(), StatusCode::BAD_REQUEST);
        let mut old = none;
        *old.version_mut() = Version::HTTP_10;
        assert_eq!(policy.check(&old, false), Ok(()));
        let absolute = Request::get("http://evil.example/").header("host", "localhost").body(()).unwrap();
        assert!(policy.check(&absolute, false).is_err());
    }

    #[test]
    fn where_pages_are_served_only_they_act() {
        let policy = policy(Browsers::OwnPages(vec!["https://crm.example".into()]));
        let check = |method: &str, headers: &[(&str, &str)]| {
            let headers = [&[("host", "cti.example:8080")], headers].concat();
            policy.check(&request(method, &headers), false).is_ok()
        };
        let site = |site| ("sec-fetch-site", site);
        let mode = |mode| ("sec-fetch-mode", mode);
        for site in [site("same-origin"), site("none")] {
            assert!(check("GET", &[site]) && check("POST", &[site]));
        }
        for site in [site("same-site"), site("cross-site"), site("")] {
            assert!(check("GET", &[site, mode("navigate")]));
            assert!(!check("POST", &[site, mode("navigate")]));
            assert!(!check("GET", &[site, mode("no-cors")]) && !check("GET", &[site]));
            assert!(check("GET", &[site, mode("websocket"), ("upgrade", "websocket")]));
            assert!(check("POST", &[site, ("origin", "https://crm.example")]));
        }
        assert!(check("POST", &[("origin", "http://cti.example:8080")]));
        assert!(check("POST", &[("origin", "https://cti.example:8080")]));
        for origin in ["http://cti.example", "http://evil.example", "null", ""] {
            assert!(!check("POST", &[("origin", origin)]), "{origin}");
            assert!(check("GET", &[("origin", origin)]), "{origin}");
        }
        assert!(check("POST", &[]));
    }

    #[test]
    fn a_listener_may_take_every_browser() {
        let policy = policy(Browsers::Accepted);
        assert!(
            policy
                .check(&request("GET", &[("host", "localhost"), ("sec-fetch-site", "cross-site")]), false)
                .is_ok()
        );
    }
}
