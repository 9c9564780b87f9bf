//! What can be configured. Every key but the names has a default; a key that is unknown is an error.

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::Secret;
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    wire::{Words, limits::MESSAGE_BYTES_MAX},
};

/// How messages are written: what no page of the vendor's says is configured here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WireConfig {
    /// How the four bytes of a length are ordered. Ours: network order (harmony.md §2.1).
    pub byte_order: ByteOrder,
    /// The longest message. Bytes. Ours (harmony.md §2.1).
    pub message_bytes_max: usize,
    /// Words that the other end says otherwise, by their slots in the tables of [`crate::wire`].
    pub words: BTreeMap<CompactString, CompactString>,
}

impl Default for WireConfig {
    fn default() -> Self {
        Self { byte_order: ByteOrder::Big, message_bytes_max: MESSAGE_BYTES_MAX, words: BTreeMap::new() }
    }
}

impl WireConfig {
    /// The table with what is said otherwise.
    pub fn words(&self) -> Result<Words, Error> {
        Words::new(&self.words)
    }

    /// How frames are written.
    pub fn format(&self) -> wire::frame::Format {
        let order = match self.byte_order {
            ByteOrder::Big => wire::frame::ByteOrder::Big,
            ByteOrder::Little => wire::frame::ByteOrder::Little,
        };
        wire::frame::Format { order, bytes_max: self.message_bytes_max }
    }
}

/// How the four bytes of a length are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByteOrder {
    /// The most significant first.
    #[default]
    Big,
    /// The least significant first.
    Little,
}

/// The desk end: we are the processor bridge, a CTI client is our peer and a switch of ours.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskConfig {
    /// The processor's name, the same at the client (harmony.md §1).
    #[serde(default = "processor_default")]
    pub processor: CompactString,
    /// The agents that the client serves, by their ids at the ACD.
    #[serde(default)]
    pub agents: BTreeMap<CompactString, Credentials>,
    /// How messages are written.
    #[serde(default)]
    pub wire: WireConfig,
}

impl Default for DeskConfig {
    fn default() -> Self {
        Self { processor: processor_default(), agents: BTreeMap::new(), wire: WireConfig::default() }
    }
}

/// What an agent logs in with at the phone system.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The password.
    pub password: Secret,
}

/// The telephony end: we are the CTI client of a Harmony server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelephonyConfig {
    /// The processor's name, the same at the server (harmony.md §1).
    #[serde(default = "processor_default")]
    pub processor: CompactString,
    /// Where its bridge listens: a host, a colon and a port.
    #[serde(default = "server_default")]
    pub server: String,
    /// How messages are written.
    #[serde(default)]
    pub wire: WireConfig,
}

impl Default for TelephonyConfig {
    fn default() -> Self {
        Self { processor: processor_default(), server: server_default(), wire: WireConfig::default() }
    }
}

impl TelephonyConfig {
    /// Checks the address.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let parts = self.server.rsplit_once(':');
        match parts.filter(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok()) {
            Some(_) => Ok(()),
            None => Err(Error::Server { server: self.server.clone() }),
        }
    }
}

fn processor_default() -> CompactString {
    "DEMO".into()
}

/// The port is ours: no page gives one (harmony.md §1).
fn server_default() -> String {
    "127.0.0.1:7850".to_owned()
}

/// The target of the processor itself (harmony.md §3).
pub(crate) fn control_target(processor: &str) -> Result<CompactString, Error> {
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    if processor.is_empty() || processor.len() > 64 || !processor.chars().all(fits) {
        return Err(Error::Processor { name: processor.to_owned() });
    }
    Ok(compact_str::format_compact!("{processor}.CONTROL"))
}
