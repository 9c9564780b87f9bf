//! What a page may subscribe to (max.md §3).

use super::{ContactId, Event};

/// One type of subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Everything.
    All,
    /// What is about no contact, without the session's token.
    Agent,
    /// What is about one contact.
    Contact,
    /// What is about any contact.
    Contacts,
    /// The session's token.
    SessionInfo,
}

impl Kind {
    /// Every type.
    pub const ALL: [Self; 5] = [Self::All, Self::Agent, Self::Contact, Self::Contacts, Self::SessionInfo];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Agent => "agent",
            Self::Contact => "contact",
            Self::Contacts => "contacts",
            Self::SessionInfo => "sessioninfo",
        }
    }

    /// Reads a word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word))
    }
}

/// Types of subscription together: an event that one of them lets through is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds(u8);

impl Kinds {
    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one of them is this.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & bit(kind) != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }

    /// Whether an event is let through. `contact` is the one that the subscription is tied to, `explicit` that the page named it
    /// itself: then it is told of it in any case (max.md §3, §9).
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
