//! Names and ids. Names come from people and peers and are checked on the way in; ids are made by the hub.

use std::{fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a text cannot be a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The text has no characters.
    #[error("{what} is empty")]
    Empty {
        /// Which name was expected.
        what: &'static str,
    },
    /// The text has more bytes than the name may have.
    #[error("{what} has {bytes} bytes, at most {bytes_max} are allowed")]
    TooLong {
        /// Which name was expected.
        what: &'static str,
        /// Bytes given.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// The text holds a control character.
    #[error("{what} holds the control character U+{character:04X}")]
    Control {
        /// Which name was expected.
        what: &'static str,
        /// The character's code point.
        character: u32,
    },
}

fn check(what: &'static str, text: &str, bytes_max: usize) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty { what });
    }
    if text.len() > bytes_max {
        return Err(NameError::TooLong { what, bytes: text.len(), bytes_max });
    }
    match text.chars().find(|character| character.is_control()) {
        Some(character) => Err(NameError::Control { what, character: character as u32 }),
        None => Ok(()),
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $bytes_max:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "CompactString", into = "CompactString")]
        #[schema(value_type = String)]
        pub struct $name(CompactString);

        impl $name {
            /// Takes a text of 1 to
            #[doc = stringify!($bytes_max)]
            /// bytes without control characters.
            pub fn new(text: impl AsRef<str>) -> Result<Self, NameError> {
                check($what, text.as_ref(), $bytes_max)?;
                Ok(Self(CompactString::new(text.as_ref())))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<CompactString> for $name {
            type Error = NameError;
            fn try_from(text: CompactString) -> Result<Self, NameError> {
                check($what, &text, $bytes_max)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for CompactString {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{:?}", self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name!(
    /// A person who handles interactions, as the floor names them.
    AgentId, "agent id", 64
);
name!(
    /// Who signs in: a person or an integration.
    AccountName, "account name", 64
);
name!(
    /// A phone that an agent uses: extension, teleset, SIP endpoint.
    DeviceId, "device id", 64
);
name!(
    /// Where calls wait for an agent.
    QueueId, "queue id", 64
);
name!(
    /// A page that desks show in a frame.
    PageId, "page id", 64
);
name!(
    /// A phone system as the hub sees it.
    SwitchId, "switch id", 64
);
name!(
    /// A call as its switch names it; unique within the switch, never used for another call.
    CallId, "call id", 128
);
name!(
    /// Why an agent is not ready.
    ReasonCode, "reason code", 64
);
name!(
    /// How an interaction turned out.
    DispositionCode, "disposition code", 64
);
name!(
    /// Makes a command safe to repeat: the same id from the same account gives the first answer again.
    CommandId, "command id", 128
);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(out)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// One agent's piece of work with one customer. UUIDv7.
    InteractionId
);
id!(
    /// A journal: made at random when its store is created. Event numbers of two journals have nothing to do with each other.
    JournalId
);
id!(
    /// One leg of an interaction. UUIDv7.
    ConversationId
);
id!(
    /// Shared by every interaction that grew out of the same customer call. UUIDv7.
    LinkageId
);

/// A request to a switch; rises by one with each, never used again.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, Default,
)]
#[serde(transparent)]
pub struct RequestId(pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_text() {
        assert_eq!(AgentId::new("1001").unwrap().as_str(), "1001");
    }

    #[test]
    fn a_bad_name_is_refused_with_both_values() {
        assert_eq!(AgentId::new("").unwrap_err().to_string(), "agent id is empty");
        let long = AgentId::new("x".repeat(65)).unwrap_err().to_string();
        assert_eq!(long, "agent id has 65 bytes, at most 64 are allowed");
        let control = AgentId::new("a\nb").unwrap_err().to_string();
        assert_eq!(control, "agent id holds the control character U+000A");
    }

    #[test]
    fn a_bad_name_is_refused_in_json_too() {
        let error = serde_json::from_str::<QueueId>("\"\"").unwrap_err();
        assert!(error.to_string().starts_with("queue id is empty"));
    }
}
