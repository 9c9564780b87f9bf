//! The types of subscriptions (max.md §3).

use super::{ContactId, Event};

/// A type of subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All events.
    All,
    /// Events of the agent, without the session token.
    Agent,
    /// Events of one contact.
    Contact,
    /// Events of all contacts.
    Contacts,
    /// The session token.
    SessionInfo,
}

impl Kind {
    /// All types.
    pub const ALL: [Self; 5] = [Self::All, Self::Agent, Self::Contact, Self::Contacts, Self::SessionInfo];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Agent => "agent",
            Self::Contact => "contact",
            Self::Contacts => "contacts",
            Self::SessionInfo => "sessioninfo",
        }
    }

    /// Parses a word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(word))
    }
}

/// A set of subscription types. An event passes if one of them includes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds(u8);

impl Kinds {
    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the set contains a type.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & bit(kind) != 0
    }

    /// The types in the set.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }

    /// Whether an event passes. `contact` is the one that the subscription is limited to. `explicit`: the page named that contact itself, so its
    /// events always pass (max.md §3, §9).
    pub fn let_through(self, event: &Event, contact: Option<&ContactId>, explicit: bool) -> bool {
        if self.has(Kind::All) {
            return true;
        }
        match event {
            Event::SessionInfo(_) => self.has(Kind::SessionInfo),
            Event::SessionEnd { .. } => self.has(Kind::SessionInfo) || self.has(Kind::Agent),
            Event::CallContact(_)
            | Event::SessionStart(_)
            | Event::AgentState(_)
            | Event::AgentLeg(_)
            | Event::Mute(_)
            | Event::Conference(_)
            | Event::Ack(_)
            | Event::Other { .. } => match event.contact() {
                None => self.has(Kind::Agent),
                Some(about) => {
                    self.has(Kind::Contacts)
                        || (contact == Some(about) && (explicit || self.has(Kind::Contact)))
                }
            },
        }
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<T: IntoIterator<Item = Kind>>(kinds: T) -> Self {
        Self(kinds.into_iter().fold(0, |bits, kind| bits | bit(kind)))
    }
}

fn bit(kind: Kind) -> u8 {
    match kind {
        Kind::All => 1,
        Kind::Agent => 2,
        Kind::Contact => 4,
        Kind::Contacts => 8,
        Kind::SessionInfo => 16,
    }
}
