//! Addresses in settings.

use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

/// An IP address and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(SocketAddr);

impl Address {
    /// A port on the loopback address, which only this machine can reach.
    pub fn loopback(port: u16) -> Self {
        Self(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }

    /// The address for a socket.
    pub fn socket(self) -> SocketAddr {
        self.0
    }
}

impl TryFrom<String> for Address {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let address = text.parse().map_err(|_| {
            format!("{text:?} is not an address; expected an IP address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"")
        })?;
        Ok(Self(address))
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0.to_string()
    }
}

/// The origin of a page: scheme, host, and the port if it is not the default of the scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// The origin, in the form that browsers send.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let bare = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '*', '@', ' ']);
        if host.is_some_and(bare) && text == text.to_ascii_lowercase() {
            return Ok(Self(text));
        }
        Err(format!(
            "{text:?} is not an origin; expected scheme and host in lower case and nothing after them, such as \"https://crm.example.com\""
        ))
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}
