//! What each word of the protocol is on the wire, and how a configuration says it otherwise.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use super::words::{
    AskName, Availability, Capability, ConversationState, Direction, EventName, InteractionState, Key,
    LoginState, MediaType, ServerStatus, Status,
};
use crate::Error;

/// Where a word stands in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In `header.name`. Its slot is what it is on the wire unless the configuration says otherwise.
    Name,
    /// A key of a body. Its slot ends with what it is on the wire.
    Key,
    /// A value in a body; its slot ends with it. Read in upper and in lower case.
    Value,
}

/// How sure we are of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Read in a page of the vendor's.
    Known,
    /// A proposal of ours, by the pattern of what is known: no page that could be read has it.
    Proposed,
}

/// A word of the protocol.
pub trait Word: Copy + Ord + std::fmt::Debug + Sized + 'static {
    /// Where it stands.
    const KIND: Kind;
    /// Every word of its sort.
    const ALL: &'static [Self];
    /// Names it in the configuration.
    fn slot(self) -> &'static str;
    /// How sure we are of it.
    fn mark(self) -> Mark;
    /// Its place in [`Word::ALL`].
    fn index(self) -> usize;
    /// The words of its sort as they are on the wire.
    fn vocabulary(words: &Words) -> &Vocabulary<Self>;

    /// What it is on the wire when the configuration does not say otherwise.
    fn default_text(self) -> &'static str {
        match Self::KIND {
            Kind::Name => self.slot(),
            Kind::Key | Kind::Value => self.slot().rsplit('.').next().unwrap_or_default(),
        }
    }
}

/// Words of one sort as they are on the wire.
#[derive(Debug, Clone)]
pub struct Vocabulary<W> {
    texts: Vec<CompactString>,
    by_text: BTreeMap<CompactString, W>,
}

impl<W: Word> Vocabulary<W> {
    /// Takes what is otherwise out of `overrides`.
    fn new(overrides: &mut BTreeMap<CompactString, CompactString>) -> Result<Self, Error> {
        let text_of = |word: &W| overrides.remove(word.slot()).unwrap_or_else(|| word.default_text().into());
        let texts: Vec<CompactString> = W::ALL.iter().map(text_of).collect();
        let mut scoped = BTreeSet::new();
        for (word, text) in W::ALL.iter().zip(&texts) {
            if text.is_empty() || !scoped.insert((scope::<W>(*word), folded::<W>(text))) {
                return Err(Error::Word { slot: word.slot(), text: text.to_string() });
            }
        }
        let by_text = W::ALL.iter().zip(&texts).map(|(word, text)| (folded::<W>(text), *word)).collect();
        Ok(Self { texts, by_text })
    }
}

/// Words of one scope must differ: all names, all values of one sort, the keys of one body.
fn scope<W: Word>(word: W) -> &'static str {
    match W::KIND {
        Kind::Name | Kind::Value => "",
        Kind::Key => word.slot().rsplit_once('.').map_or("", |(scope, _)| scope),
    }
}

fn folded<W: Word>(text: &str) -> CompactString {
    match W::KIND {
        Kind::Name | Kind::Key => text.into(),
        Kind::Value => text.to_ascii_uppercase().into(),
    }
}

/// All words of the protocol as they are on the wire.
#[derive(Debug, Clone)]
pub struct Words {
    pub(super) asks: Vocabulary<AskName>,
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
    /// The table, with some slots said otherwise. Fails where a slot is unknown, empty, or becomes the same as another.
    pub fn new(overrides: &BTreeMap<CompactString, CompactString>) -> Result<Self, Error> {
        let mut rest = overrides.clone();
        let words = Self {
            asks: Vocabulary::new(&mut rest)?,
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

    /// What a word is on the wire.
    pub fn text<W: Word>(&self, word: W) -> &str {
        W::vocabulary(self).texts.get(word.index()).map_or("", CompactString::as_str)
    }

    /// The word that a text is.
    pub fn find<W: Word>(&self, text: &str) -> Option<W> {
        W::vocabulary(self).by_text.get(&folded::<W>(text)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(slot: &str, text: &str) -> Result<Words, Error> {
        Words::new(&BTreeMap::from([(slot.into(), text.into())]))
    }

    #[test]
    fn a_word_can_be_said_otherwise() {
        let words = words("conversation.request.answer", "conversation.request.pickup").unwrap();
        assert_eq!(words.text(AskName::ConversationAnswer), "conversation.request.pickup");
        assert_eq!(words.find("conversation.request.pickup"), Some(AskName::ConversationAnswer));
        assert_eq!(words.find::<AskName>("conversation.request.answer"), None);
    }

    #[test]
    fn a_value_is_read_in_any_case_and_a_name_is_not() {
        let words = Words::new(&BTreeMap::new()).unwrap();
        assert_eq!(words.find("telephony"), Some(MediaType::Telephony));
        assert_eq!(words.find::<AskName>("Channel.Query.Init"), None);
    }

    #[test]
    fn a_slot_that_is_none_and_a_word_that_stands_twice_are_refused() {
        let unknown = words("conversation.request.anwser", "x").unwrap_err();
        assert_eq!(unknown.to_string(), "the protocol has no word conversation.request.anwser");
        let twice = words("interaction-state.ENDED", "started").unwrap_err();
        assert_eq!(
            twice.to_string(),
            "interaction-state.ENDED cannot be \"started\": that is empty, or another word already"
        );
    }
}
