//! One line of the journal.

use std::fmt;

use compact_str::{CompactString, format_compact};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountName, CommandId, Event, Timestamp, VerbName};

/// The number of an event in the journal: 1, 2, 3, … without a gap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The one after.
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

/// The command out of which an event came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    /// Its id.
    pub command: CommandId,
    /// Who asked.
    pub by: AccountName,
    /// What was asked.
    pub verb: VerbName,
    /// What was asked with all that belongs to it; a journal that was written before does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// A command as a whole in 16 bytes: two commands that ask for something different have different digests. The digits of `send-digits`
/// count by their number only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "9f86d081884c7d659a2feaa0c55ad015")]
pub struct Digest(pub [u8; 16]);

impl TryFrom<CompactString> for Digest {
    type Error = String;
    fn try_from(text: CompactString) -> Result<Self, String> {
        let number = u128::from_str_radix(&text, 16).ok().filter(|_| text.len() == 32);
        let number = number.ok_or_else(|| format!("digest {text:?} is not 32 hexadecimal digits"))?;
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

/// An event with its number and its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// Its number.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// The command out of which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What happened.
    pub event: Event,
}
