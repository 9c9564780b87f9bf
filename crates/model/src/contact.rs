//! Parties of calls, and contacts of the directory.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Data, DeviceId, Number};

/// Where a party of a call is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// At a phone of the floor.
    Device(DeviceId),
    /// Outside, at this number.
    Outside(Number),
    /// Outside, with the number withheld.
    Withheld,
}

impl PartyKind {
    /// The number to display or compare; `None` when it is withheld.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Device(device) => Some(device.as_str()),
            Self::Outside(number) => Some(number.as_str()),
            Self::Withheld => None,
        }
    }
}

/// A party of a call.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Party {
    /// Where the party is.
    pub at: PartyKind,
    /// The name that the switch reports; absent when it reports none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub name: Option<CompactString>,
}

impl Party {
    /// Creates a party without a name.
    pub fn new(at: PartyKind) -> Self {
        Self { at, name: None }
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.fmt(out)
    }
}

/// A person in the directory.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The ID in the directory; 1 to 64 characters.
    #[schema(value_type = String)]
    pub id: CompactString,
    /// The display name.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// The telephone numbers of the person.
    #[serde(default)]
    pub numbers: Vec<Number>,
    /// Additional data, such as account numbers in other systems.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

impl fmt::Debug for Contact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Contact({})", self.id)
    }
}

/// How a desk asks to display the contact, regardless of the contact that the directory found.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// The name to display.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub name: Option<CompactString>,
    /// The address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub image: Option<CompactString>,
}

impl fmt::Debug for Card {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Card")
    }
}
