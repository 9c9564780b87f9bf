//! When a desk shows a record: once for each customer of an interaction.

use std::{fmt, str::FromStr};

use model::{Interaction, InteractionId, Leg};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Identifies a screen pop. An end shows the record of an interaction once for each key.
///
/// An interaction begins with the key of its first customer. After a transfer or a conference it can have another
/// customer; then its key is a new one, and the record of the new customer is due. As text the first key is the ID of the
/// interaction, and the later ones add a number: `01890000-0000-7000-8000-000000000000-1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PopKey {
    id: Uuid,
    customer: u32,
}

/// The length of a UUID as text.
const UUID_LENGTH: usize = 36;

impl PopKey {
    /// The key of an interaction's present customer.
    pub fn of(interaction: &Interaction) -> Self {
        Self { id: interaction.id.0, customer: interaction.customer_changes }
    }

    /// The interaction, or for a second leg the interaction that would have the ID of the leg.
    pub fn interaction(&self) -> InteractionId {
        InteractionId(self.id)
    }

    /// The key of a leg, for an end that shows each leg as a call: the primary leg has the key of the interaction. `None`
    /// when the interaction has no such leg.
    pub fn of_leg(interaction: &Interaction, leg: Leg) -> Option<Self> {
        let conversation = interaction.leg(leg)?;
        let customer = if leg == Leg::Primary { interaction.customer_changes } else { 0 };
        Some(Self { id: conversation.id.0, customer })
    }
}

impl fmt::Display for PopKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.hyphenated().fmt(out)?;
        if self.customer > 0 { write!(out, "-{}", self.customer) } else { Ok(()) }
    }
}

impl FromStr for PopKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "the key of a pop is a UUID, or a UUID, a hyphen and a number";
        let (id, rest) = text.split_at_checked(UUID_LENGTH).ok_or(EXPECTED)?;
        let id = id.parse().map_err(|_| EXPECTED)?;
        let customer = match rest.strip_prefix('-') {
            Some(number) => number.parse().map_err(|_| EXPECTED)?,
            None if rest.is_empty() => 0,
            None => return Err(EXPECTED),
        };
        Ok(Self { id, customer })
    }
}

impl Serialize for PopKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PopKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        for customer in [0, 1, 12] {
            let key = PopKey { id: Uuid::from_u128(7), customer };
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for text in
            ["", "1", "00000000-0000-0000-0000-000000000007x", "00000000-0000-0000-0000-000000000007-x"]
        {
            assert!(text.parse::<PopKey>().is_err(), "{text}");
        }
    }
}
