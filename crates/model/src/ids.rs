//! Names and IDs. Names come from people and peers and are checked when they are read; IDs are created by the hub.

use std::{fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a text is not a valid name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The text is empty.
    #[error("{what} is empty")]
    Empty {
        /// The kind of name, such as `agent id`.
        what: &'static str,
    },
    /// The text is too long.
    #[error("{what} has {bytes} bytes; the maximum is {bytes_max}")]
    TooLong {
        /// The kind of name, such as `agent id`.
        what: &'static str,
        /// The length of the text, in bytes.
        bytes: usize,
        /// The maximum length, in bytes.
        bytes_max: usize,
    },
    /// The text contains a control character.
    #[error("{what} contains the control character U+{character:04X}; remove it")]
    Control {
        /// The kind of name, such as `agent id`.
        what: &'static str,
        /// The code point of the character.
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
            /// Accepts a text of 1 to
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
    /// The ID of an agent in the floor.
    AgentId, "agent id", 64
);
name!(
    /// The name of an account of a person or an integration.
    AccountName, "account name", 64
);
name!(
    /// The ID of a phone that an agent uses: an extension, teleset or SIP endpoint.
    DeviceId, "device id", 64
);
name!(
    /// The ID of a queue.
    QueueId, "queue id", 64
);
name!(
    /// The ID of a page that desks show in a frame.
    PageId, "page id", 64
);
name!(
    /// The ID of a switch, a phone system as the hub sees it.
    SwitchId, "switch id", 64
);
name!(
    /// The ID of a call at its switch. It is unique within the switch and never used again.
    CallId, "call id", 128
);
name!(
    /// The code of a reason for being not ready or signing out.
    ReasonCode, "reason code", 64
);
name!(
    /// The code of a disposition, the result of an interaction.
    DispositionCode, "disposition code", 64
);
name!(
    /// The ID of a command. A command that the same account sends again with the same ID gets the first answer again
    /// and has no further effect.
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
    /// The ID of an interaction. UUIDv7.
    InteractionId
);
id!(
    /// The ID of a journal: a random UUID, created with the store. Sequence numbers of different journals are
    /// unrelated.
    JournalId
);
id!(
    /// The ID of a conversation, one leg of an interaction. UUIDv7.
    ConversationId
);
id!(
    /// The ID that all interactions share that grew out of the same customer call. UUIDv7.
    LinkageId
);

/// The ID of a request to a switch. IDs ascend by one and are never used again.
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
    fn an_invalid_name_is_rejected_with_the_reason() {
        assert_eq!(AgentId::new("").unwrap_err().to_string(), "agent id is empty");
        let long = AgentId::new("x".repeat(65)).unwrap_err().to_string();
        assert_eq!(long, "agent id has 65 bytes; the maximum is 64");
        let control = AgentId::new("a\nb").unwrap_err().to_string();
        assert_eq!(control, "agent id contains the control character U+000A; remove it");
    }

    #[test]
    fn an_invalid_name_is_rejected_in_json() {
        let error = serde_json::from_str::<QueueId>("\"\"").unwrap_err();
        assert!(error.to_string().starts_with("queue id is empty"));
    }
}
