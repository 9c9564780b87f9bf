//! What can be configured. Every key has a default; a key that is unknown is an error.

use compact_str::CompactString;
use serde::Deserialize;

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
