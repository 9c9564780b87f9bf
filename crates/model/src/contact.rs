//! Who is at the other end.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Data, DeviceId, Number};

/// Where a party of a call is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// At a phone of the floor's.
    Device(DeviceId),
    /// Outside, at this number.
    Outside(Number),
    /// Outside, number not given.
    Withheld,
}

impl PartyKind {
    /// The number to show or to match, when there is one.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Device(device) => Some(device.as_str()),
            Self::Outside(number) => Some(number.as_str()),
            Self::Withheld => None,
        }
    }
}

/// One party of a call.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Party {
    /// Where the party is.
    pub at: PartyKind,
    /// The name that the switch gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub name: Option<CompactString>,
}

impl Party {
    /// A party without a name.
    pub fn new(at: PartyKind) -> Self {
        Self { at, name: None }
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.fmt(out)
    }
}

/// A person as the directory knows them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The directory's id; 1 to 64 characters.
    #[schema(value_type = String)]
    pub id: CompactString,
    /// Name to show.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// Numbers at which the person is reached.
    #[serde(default)]
    pub numbers: Vec<Number>,
    /// More about the person, such as account numbers of other systems.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

impl fmt::Debug for Contact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Contact({})", self.id)
    }
}

/// How a desk wants the contact shown, whoever the directory says it is.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// Name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub name: Option<CompactString>,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub image: Option<CompactString>,
}

impl fmt::Debug for Card {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Card")
    }
}
