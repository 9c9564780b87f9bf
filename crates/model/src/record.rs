//! Journal records: numbered events.

use std::fmt;

use compact_str::{CompactString, format_compact};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountName, CommandId, Event, Timestamp, VerbName};

/// A sequence number: the position of an event in the journal. 1, 2, 3, … without gaps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The next sequence number.
    #[must_use]
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Debug for Seq {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{}", self.0)
    }
}

/// The command that caused an event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    /// The ID of the command.
    pub command: CommandId,
    /// The account that sent the command.
    pub by: AccountName,
    /// The verb of the command.
    pub verb: VerbName,
    /// A digest of the complete command; absent in records of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// A digest of a complete command, 16 bytes. Different commands have different digests. Of the digits in `send-digits`
/// only their number is included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "9f86d081884c7d659a2feaa0c55ad015")]
pub struct Digest(pub [u8; 16]);

impl TryFrom<CompactString> for Digest {
    type Error = String;
    fn try_from(text: CompactString) -> Result<Self, String> {
        let number = u128::from_str_radix(&text, 16).ok().filter(|_| text.len() == 32);
        let number =
            number.ok_or_else(|| format!("digest {text:?} is invalid; expected 32 hexadecimal digits"))?;
        Ok(Self(number.to_be_bytes()))
    }
}

impl From<Digest> for CompactString {
    fn from(digest: Digest) -> Self {
        format_compact!("{:032x}", u128::from_be_bytes(digest.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Digest({})", CompactString::from(*self))
    }
}

/// A journal record: an event with its sequence number and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// The sequence number.
    pub seq: Seq,
    /// When the event happened.
    pub at: Timestamp,
    /// The command that caused the event; absent when no command did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The event.
    pub event: Event,
}
