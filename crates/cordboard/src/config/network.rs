//! Which requests listeners accept, and which proxies they trust for the address of a client.

use compact_str::CompactString;
use hub::driver::{self, Browsers, RequestPolicy, TrustedProxies};
use serde::{Deserialize, Serialize};

use settings::{IpRange, section};

section! {
    /// The host names of this server, and the proxies in front of it.
    pub(crate) Network {
        /// Host names that clients use to reach this server over plain HTTP, without a port.
        /// IP addresses, localhost and the name of this machine are always accepted, and over TLS all names.
        /// If a proxy forwards the `Host` header of its clients, list the name here.
        allowed_hosts: Vec<HostName> = default(Vec::new()),
        /// Proxies that are trusted for the address of a client: IP addresses, or networks such as "10.0.0.0/8".
        trusted_proxies: Vec<IpRange> = default(Vec::new()),
        /// The header in which proxies write the address: "x-forwarded-for" or "forwarded". A proxy must not forward a header of its client.
        proxy_header: ProxyHeader = default(ProxyHeader::XForwardedFor),
    }
}

/// A host name without scheme and port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct HostName(String);

impl TryFrom<String> for HostName {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let is_fine =
            |character: char| character.is_ascii_alphanumeric() || ['.', '-', '_'].contains(&character);
        if !text.is_empty() && text.chars().all(is_fine) {
            return Ok(Self(text));
        }
        Err(format!(
            "{text:?} is not a host name; expected a name without scheme and port, such as \"cti.example.com\""
        ))
    }
}

impl From<HostName> for String {
    fn from(name: HostName) -> Self {
        name.0
    }
}

/// The header in which a proxy writes the address of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProxyHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Network {
    /// The policy of a listener that has further host names, `names`.
    pub(crate) fn policy(&self, names: &[CompactString], browsers: Browsers) -> RequestPolicy {
        let configured = self.allowed_hosts.iter().map(|host| host.0.clone());
        let hosts = configured.chain(names.iter().map(ToString::to_string)).chain(own_name()).collect();
        let header = match self.proxy_header {
            ProxyHeader::XForwardedFor => driver::ProxyHeader::XForwardedFor,
            ProxyHeader::Forwarded => driver::ProxyHeader::Forwarded,
        };
        let networks = self.trusted_proxies.clone();
        RequestPolicy { hosts, browsers, proxies: TrustedProxies { networks, header } }
    }
}

/// The host name of this machine (proc_sys_kernel(5)), if it can be read.
fn own_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
