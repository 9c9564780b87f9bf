//! The address of a node.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use http::Uri;

/// The address of a node, such as `http://127.0.0.1:8080` or `https://cti.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    tls: bool,
    host: String,
    port: u16,
}

impl Node {
    /// The node that listens at this address, without TLS.
    pub(crate) fn at(address: SocketAddr) -> Self {
        let host = match address {
            SocketAddr::V4(address) => address.ip().to_string(),
            SocketAddr::V6(address) => format!("[{}]", address.ip()),
        };
        Self { tls: false, host, port: address.port() }
    }

    /// The host and the port, in the form that a `Host` header and a connection need.
    pub(crate) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The host, without the brackets of an IPv6 address.
    pub(super) fn host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Whether the connection uses TLS.
    pub(super) fn uses_tls(&self) -> bool {
        self.tls
    }

    /// Whether other machines could read what is sent to this node: it is not on this machine and the connection has no TLS.
    pub(crate) fn is_exposed(&self) -> bool {
        let is_local_address = |ip: IpAddr| ip.is_loopback() || ip.is_unspecified();
        let is_local = self.host == "localhost" || self.host().parse().is_ok_and(is_local_address);
        !self.tls && !is_local
    }

    /// The URL of an API path, which begins with a slash.
    pub(super) fn http(&self, path: &str) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.authority())
    }

    /// The URL of the event stream.
    pub(super) fn events(&self) -> String {
        let scheme = if self.tls { "wss" } else { "ws" };
        format!("{scheme}://{}/api/v1/events", self.authority())
    }

    /// The name of the node's token file. All names and addresses of this machine have the same one.
    pub(super) fn file_name(&self) -> String {
        if ["127.0.0.1", "[::1]", "0.0.0.0", "[::]"].contains(&self.host.as_str()) {
            return format!("localhost-{}.token", self.port);
        }
        let plain = |character: char| {
            if character.is_ascii_alphanumeric() || character == '.' { character } else { '_' }
        };
        format!("{}-{}.token", self.host.chars().map(plain).collect::<String>(), self.port)
    }
}

impl FromStr for Node {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let refused = |why: &str| {
            format!("{why}; expected a URL such as http://127.0.0.1:8080 or https://cti.example.com")
        };
        let uri: Uri = text.parse().map_err(|_| refused("it is not a URL"))?;
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(_) | None => return Err(refused("it does not begin with http:// or https://")),
        };
        if uri.path() != "/" || uri.query().is_some() {
            return Err(refused("it has a path after the host"));
        }
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| refused("it has no host"))?;
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Self { tls, host: host.to_ascii_lowercase(), port })
    }
}

impl fmt::Display for Node {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.http(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(text: &str) -> Node {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_read() {
        assert_eq!(node("http://LocalHost:8080/").to_string(), "http://localhost:8080");
        assert_eq!(node("http://localhost:8080").events(), "ws://localhost:8080/api/v1/events");
        assert_eq!(node("http://[2001:db8::1]:9000").file_name(), "_2001_db8__1_-9000.token");
        for this_machine in ["http://localhost:80", "http://127.0.0.1", "http://[::1]", "http://0.0.0.0"] {
            assert_eq!(node(this_machine).file_name(), "localhost-80.token");
        }
    }

    #[test]
    fn an_address_with_tls_is_read() {
        let node = node("https://cti.example.com");
        assert_eq!(node.to_string(), "https://cti.example.com:443");
        assert_eq!(node.events(), "wss://cti.example.com:443/api/v1/events");
        assert!(node.uses_tls());
    }

    #[test]
    fn only_plain_connections_to_other_machines_are_exposed() {
        for safe in
            ["http://localhost:8080", "http://127.0.0.2:8080", "http://[::1]:8080", "https://cti.example.com"]
        {
            assert!(!node(safe).is_exposed(), "{safe}");
        }
        for exposed in ["http://cti.example.com", "http://192.0.2.1:8080", "http://[2001:db8::1]"] {
            assert!(node(exposed).is_exposed(), "{exposed}");
        }
    }

    #[test]
    fn an_invalid_address_is_refused() {
        for text in ["", "127.0.0.1:8080", "ftp://127.0.0.1:8080", "http://127.0.0.1:8080/api", "http://:80"]
        {
            let error = text.parse::<Node>().unwrap_err();
            assert!(
                error.ends_with("expected a URL such as http://127.0.0.1:8080 or https://cti.example.com")
            );
        }
    }
}
