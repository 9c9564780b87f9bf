//! Whose requests listeners accept, and whom they believe about where a client is.

use compact_str::CompactString;
use hub::driver::{self, Browsers, RequestPolicy, TrustedProxies};
use serde::{Deserialize, Serialize};

use settings::{IpRange, section};

section! {
    /// Names of this server, and proxies in front of it.
    pub(crate) Network {
        /// Names by which clients address our listeners over plain HTTP, without a port.
        /// IP addresses, localhost and the machine's own name are always accepted, and every name over TLS.
        /// A proxy that passes the client's name on needs it here.
        allowed_hosts: Vec<HostName> = default(Vec::new()),
        /// Proxies that are believed about where a client is: addresses, or networks such as "10.0.0.0/8".
        trusted_proxies: Vec<IpRange> = default(Vec::new()),
        /// In which header they say it: "x-forwarded-for" or "forwarded". They have to write it themselves, not only pass it on.
        proxy_header: ProxyHeader = default(ProxyHeader::XForwardedFor),
    }
}

/// A host's name, without scheme and port.
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
            "{text:?} is not a host name; write it without scheme and port, such as \"cti.example.com\""
        ))
    }
}

impl From<HostName> for String {
    fn from(name: HostName) -> Self {
        name.0
    }
}

/// The header of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProxyHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Network {
    /// What a listener accepts that clients also address by `names`.
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

/// What the machine calls itself (proc_sys_kernel(5)); where it does not say so it has no name here.
fn own_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
