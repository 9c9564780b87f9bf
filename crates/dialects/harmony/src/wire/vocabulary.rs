//! The words of the protocol, and how the configuration overrides them.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use super::words::{
    Availability, Capability, ConversationState, Direction, EventName, InteractionState, Key, LoginState,
    MediaType, RequestName, ServerStatus, Status,
};
use crate::Error;

/// The kind of a word: its place in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name in `header.name`. Its default text is the slot. Read in any case.
    Name,
    /// A key of a body. Its default text is the last part of the slot.
    Key,
    /// A value in a body. Its default text is the last part of the slot. Read in any case.
    Value,
}

/// Whether a word is documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Read in a page of the vendor.
    Known,
    /// Our choice, following the pattern of known words. No available page contains it.
    Proposed,
}

/// A word of the protocol.
pub trait Word: Copy + Ord + std::fmt::Debug + Sized + 'static {
    /// The kind of the word.
    const KIND: Kind;
    /// All words of this type.
    const ALL: &'static [Self];
    /// The slot: the word's name in the configuration.
    fn slot(self) -> &'static str;
    /// Whether the word is documented.
    fn mark(self) -> Mark;
    /// The index in [`Word::ALL`].
    fn index(self) -> usize;
    /// The texts of all words of this type.
    fn vocabulary(words: &Words) -> &Vocabulary<Self>;

    /// The default text on the wire.
    fn default_text(self) -> &'static str {
        match Self::KIND {
            Kind::Name => self.slot(),
            Kind::Key | Kind::Value => self.slot().rsplit('.').next().unwrap_or_default(),
        }
    }
}

/// The texts of all words of one type.
#[derive(Debug, Clone)]
pub struct Vocabulary<W> {
    texts: Vec<CompactString>,
    by_text: BTreeMap<CompactString, W>,
}

impl<W: Word> Vocabulary<W> {
    /// Takes the overrides for this type.
    fn new(overrides: &mut BTreeMap<CompactString, CompactString>) -> Result<Self, Error> {
        let text_of = |word: &W| overrides.remove(word.slot()).unwrap_or_else(|| word.default_text().into());
        let texts: Vec<CompactString> = W::ALL.iter().map(text_of).collect();
        let mut scoped = BTreeSet::new();
        for (word, text) in W::ALL.iter().zip(&texts) {
            if text.is_empty() || !scoped.insert((scope::<W>(*word), normalized::<W>(text))) {
                return Err(Error::Word { slot: word.slot(), text: text.to_string() });
            }
        }
        let by_text = W::ALL.iter().zip(&texts).map(|(word, text)| (normalized::<W>(text), *word)).collect();
        Ok(Self { texts, by_text })
    }
}

/// Checks that the words of a scope differ: all names, all values of one type, the keys of one body.
fn scope<W: Word>(word: W) -> &'static str {
    match W::KIND {
        Kind::Name | Kind::Value => "",
        Kind::Key => word.slot().rsplit_once('.').map_or("", |(scope, _)| scope),
    }
}

fn normalized<W: Word>(text: &str) -> CompactString {
    match W::KIND {
        Kind::Key => text.into(),
        Kind::Name | Kind::Value => text.to_ascii_uppercase().into(),
    }
}

/// The texts of all words of the protocol.
#[derive(Debug, Clone)]
pub struct Words {
    pub(super) requests: Vocabulary<RequestName>,
    pub(super) events: Vocabulary<EventName>,
    pub(super) keys: Vocabulary<Key>,
    pub(super) capabilities: Vocabulary<Capability>,
    pub(super) statuses: Vocabulary<Status>,
    pub(super) server_statuses: Vocabulary<ServerStatus>,
    pub(super) media_types: Vocabulary<MediaType>,
    pub(super) login_states: Vocabulary<LoginState>,
    pub(super) availabilities: Vocabulary<Availability>,
    pub(super) interaction_states: Vocabulary<InteractionState>,
    pub(super) conversation_states: Vocabulary<ConversationState>,
    pub(super) directions: Vocabulary<Direction>,
}

impl Words {
    /// Creates the table with overrides. Fails if a slot is unknown, or its text is empty or equal to another one.
    pub fn new(overrides: &BTreeMap<CompactString, CompactString>) -> Result<Self, Error> {
        let mut rest = overrides.clone();
        let words = Self {
            requests: Vocabulary::new(&mut rest)?,
            events: Vocabulary::new(&mut rest)?,
            keys: Vocabulary::new(&mut rest)?,
            capabilities: Vocabulary::new(&mut rest)?,
            statuses: Vocabulary::new(&mut rest)?,
            server_statuses: Vocabulary::new(&mut rest)?,
            media_types: Vocabulary::new(&mut rest)?,
            login_states: Vocabulary::new(&mut rest)?,
            availabilities: Vocabulary::new(&mut rest)?,
            interaction_states: Vocabulary::new(&mut rest)?,
            conversation_states: Vocabulary::new(&mut rest)?,
            directions: Vocabulary::new(&mut rest)?,
        };
        match rest.into_iter().next() {
            None => Ok(words),
            Some((slot, _)) => Err(Error::Slot { slot: slot.to_string() }),
        }
    }

    /// The text of a word.
    pub fn text<W: Word>(&self, word: W) -> &str {
        W::vocabulary(self).texts.get(word.index()).map_or("", CompactString::as_str)
    }

    /// The word with a text.
    pub fn find<W: Word>(&self, text: &str) -> Option<W> {
        W::vocabulary(self).by_text.get(&normalized::<W>(text)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(slot: &str, text: &str) -> Result<Words, Error> {
        Words::new(&BTreeMap::from([(slot.into(), text.into())]))
    }

    #[test]
    fn a_word_can_be_replaced() {
        let words = words("conversation.request.answer", "conversation.request.pickup").unwrap();
        assert_eq!(words.text(RequestName::ConversationAnswer), "conversation.request.pickup");
        assert_eq!(words.find("conversation.request.pickup"), Some(RequestName::ConversationAnswer));
        assert_eq!(words.find::<RequestName>("conversation.request.answer"), None);
    }

    #[test]
    fn a_value_and_a_name_are_read_in_any_case_and_a_key_is_not() {
        let words = Words::new(&BTreeMap::new()).unwrap();
        assert_eq!(words.find("telephony"), Some(MediaType::Telephony));
        assert_eq!(words.find("Channel.Query.Init"), Some(RequestName::ChannelInit));
        assert_eq!(words.find::<Key>("NativeId"), None);
    }

    #[test]
    fn a_slot_that_is_none_and_a_word_that_stands_twice_are_refused() {
        let unknown = words("conversation.request.anwser", "x").unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "words: the protocol has no slot conversation.request.anwser; see the table in docs/harmony.md"
        );
        let twice = words("interaction-state.ENDED", "started").unwrap_err();
        assert_eq!(
            twice.to_string(),
            "words: interaction-state.ENDED cannot be \"started\", because that is empty or the text of another word"
        );
    }
}
