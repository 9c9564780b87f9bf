//! Trusted proxies, which report the address of the real client.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, header::FORWARDED};
use settings::IpRange;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The trusted proxies and the header that they set. Other headers are ignored, because a client could send them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    /// The networks of the proxies. Empty: no proxy is trusted.
    pub networks: Vec<IpRange>,
    /// The header that they set.
    pub header: ProxyHeader,
}

/// The header in which a proxy names the client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl TrustedProxies {
    /// The address of the client: the last address in the chain that is not a trusted proxy. An unreadable entry ends the chain.
    pub(super) fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> SocketAddr {
        if !self.trusts(peer.ip()) {
            return peer;
        }
        let chain = match self.header {
            ProxyHeader::XForwardedFor => texts(headers, &X_FORWARDED_FOR).collect::<Vec<_>>(),
            ProxyHeader::Forwarded => texts(headers, &FORWARDED).map(forwarded_for).collect(),
        };
        let mut client = peer;
        for text in chain.into_iter().rev() {
            let Some(address) = address(text) else { return client };
            client = address;
            if !self.trusts(client.ip()) {
                return client;
            }
        }
        client
    }

    /// Whether an address belongs to a trusted proxy.
    pub(super) fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }
}

/// The elements of a list header, from all of its lines.
fn texts<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter();
    lines.flat_map(|line| line.to_str().unwrap_or("?").split(',').map(str::trim))
}

/// The value of `for=`, or an empty text.
fn forwarded_for(element: &str) -> &str {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let found = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("for"));
    found.map_or("", |(_, value)| value.trim_matches('"'))
}

/// An address, with or without a port.
fn address(text: &str) -> Option<SocketAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    bare.map(|ip| SocketAddr::new(ip, 0)).or_else(|_| text.parse()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(header: ProxyHeader) -> TrustedProxies {
        let networks = ["10.0.0.5", "10.1.0.0/16", "2001:db8::/32"].map(|text| text.parse().unwrap());
        TrustedProxies { networks: networks.to_vec(), header }
    }

    fn client(header: ProxyHeader, peer: &str, value: &[(&'static str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in value {
            headers.append(*name, value.parse().unwrap());
        }
        proxies(header).client(format!("{peer}:9").parse().unwrap(), &headers).ip().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let client_of =
            |peer, value: &str| client(ProxyHeader::XForwardedFor, peer, &[("x-forwarded-for", value)]);
        assert_eq!(client_of("192.0.2.1", "198.51.100.7"), "192.0.2.1");
        assert_eq!(client_of("10.0.0.5", "198.51.100.7"), "198.51.100.7");
        assert_eq!(client_of("10.0.0.6", "198.51.100.7"), "10.0.0.6");
        assert_eq!(client_of("[2001:db8::9]", "198.51.100.7:4000"), "198.51.100.7");
        assert_eq!(client_of("[::ffff:10.0.0.5]", "2001:dead::1"), "2001:dead::1");
    }

    #[test]
    fn what_the_client_wrote_itself_is_passed_over() {
        let client_of =
            |value: &[(&'static str, &str)]| client(ProxyHeader::XForwardedFor, "10.0.0.5", value);
        assert_eq!(client_of(&[("x-forwarded-for", "127.0.0.1, 198.51.100.7, 10.1.9.9")]), "198.51.100.7");
        assert_eq!(
            client_of(&[("x-forwarded-for", "127.0.0.1"), ("x-forwarded-for", "198.51.100.7")]),
            "198.51.100.7"
        );
        assert_eq!(client_of(&[("x-forwarded-for", "127.0.0.1, unknown, 10.1.9.9")]), "10.1.9.9");
        assert_eq!(client_of(&[("forwarded", "for=127.0.0.1")]), "10.0.0.5");
        assert_eq!(client_of(&[]), "10.0.0.5");
    }

    #[test]
    fn the_standard_header_is_read_where_it_is_configured() {
        let client_of = |value| client(ProxyHeader::Forwarded, "10.0.0.5", &[("forwarded", value)]);
        assert_eq!(
            client_of("for=127.0.0.1, proto=https;For=\"198.51.100.7:4711\";by=10.0.0.5"),
            "198.51.100.7"
        );
        assert_eq!(client_of("for=\"[2001:dead::7]:80\""), "2001:dead::7");
        assert_eq!(client_of("for=_hidden"), "10.0.0.5");
    }
}
