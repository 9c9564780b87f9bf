//! Where a node is.

use std::{fmt, str::FromStr};

use http::Uri;

/// A node's address, such as `http://127.0.0.1:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    host: String,
    port: u16,
}

impl Node {
    /// The node that listens at an address of this machine.
    pub(crate) fn at(address: std::net::SocketAddr) -> Self {
        let host = match address {
            std::net::SocketAddr::V4(address) => address.ip().to_string(),
            std::net::SocketAddr::V6(address) => format!("[{}]", address.ip()),
        };
        Self { host, port: address.port() }
    }

    /// Host and port, as a header has them.
    pub(crate) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The address of a path of the API.
    pub(super) fn http(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority())
    }

    /// The address of its events.
    pub(super) fn events(&self) -> String {
        format!("ws://{}/api/v1/events", self.authority())
    }

    /// A file name that no other node of this machine has. Whatever names this machine itself is the same.
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
        let refused = |why: &str| format!("{text:?} {why}; write it like http://127.0.0.1:8080");
        let uri: Uri = text.parse().map_err(|_| refused("is no address of a node"))?;
        if uri.scheme_str() != Some("http") {
            return Err(refused("does not begin with http://"));
        }
        if uri.path() != "/" || uri.query().is_some() {
            return Err(refused("has something after the port"));
        }
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| refused("has no host"))?;
        Ok(Self { host: host.to_ascii_lowercase(), port: uri.port_u16().unwrap_or(80) })
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

    #[test]
    fn an_address_is_read() {
        let node: Node = "http://LocalHost:8080/".parse().unwrap();
        assert_eq!(node.to_string(), "http://localhost:8080");
        assert_eq!(node.events(), "ws://localhost:8080/api/v1/events");
        assert_eq!(
            "http://[2001:db8::1]:9000".parse::<Node>().unwrap().file_name(),
            "_2001_db8__1_-9000.token"
        );
        for this_machine in ["http://localhost:80", "http://127.0.0.1", "http://[::1]", "http://0.0.0.0"] {
            assert_eq!(this_machine.parse::<Node>().unwrap().file_name(), "localhost-80.token");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in
            ["", "127.0.0.1:8080", "https://127.0.0.1:8080", "http://127.0.0.1:8080/api", "http://:80"]
        {
            let error = text.parse::<Node>().unwrap_err();
            assert!(error.ends_with("write it like http://127.0.0.1:8080"), "{error}");
        }
    }
}
