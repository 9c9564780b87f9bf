//! What can be configured. Every key has a default; a key that is unknown is an error.

use compact_str::CompactString;
use serde::Deserialize;

use crate::Error;

/// The telephony end: pages written for MAX are our peers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelephonyConfig {
    /// Who we say to be. `MAX`; a page written for CXone Agent expects `CXA` (max.md §5).
    pub issuer: CompactString,
    /// The name of a server that every event carries as `IISHost` and `VCHost`. Ours (max.md §6.1).
    pub host: CompactString,
    /// The business unit, `BusNo` (max.md §7.1). Ours: there is one.
    pub business_unit: CompactString,
}

impl Default for TelephonyConfig {
    fn default() -> Self {
        Self { issuer: "MAX".into(), host: "cordboard".into(), business_unit: "1".into() }
    }
}

/// The desk end: a real MAX is the peer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskConfig {
    /// Who the peer says to be (max.md §5).
    pub issuers: Vec<CompactString>,
    /// Origins of MAX that may be around our page. None by default: NICE's differ by cluster.
    pub origins: Vec<CompactString>,
    /// Who our page says to be (max.md §2.1). Ours.
    pub issuer: CompactString,
}

impl Default for DeskConfig {
    fn default() -> Self {
        Self { issuers: vec!["MAX".into()], origins: Vec::new(), issuer: "Cordboard".into() }
    }
}

impl DeskConfig {
    /// Checks that somebody could be the peer.
    pub fn check(&self) -> Result<(), Error> {
        if self.issuers.is_empty() {
            return Err(Error::NoIssuers);
        }
        if self.origins.is_empty() { Err(Error::NoOrigins) } else { Ok(()) }
    }
}
