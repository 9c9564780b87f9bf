//! Numbers that are neither a phone nor a queue: how each behaves when it is dialled.

use std::collections::BTreeMap;

use model::Number;
use serde::{Deserialize, Serialize};

use crate::Error;

/// How many numbers may have a behaviour of their own. Ours.
const NUMBERS_MAX: usize = 10_000;

/// The most digits a number outside may have: E.164 allows 15, a dial prefix may come before.
const DIGITS_MAX: usize = 20;

/// How numbers outside behave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outside {
    /// How few digits a number may have; a shorter one is invalid, like an extension that nobody has. Count.
    pub digits_min: usize,
    /// How long an unanswered call rings before it comes to nothing. Milliseconds.
    pub no_answer_ms: u64,
    /// How a number behaves that is not listed.
    pub others: Behaviour,
    /// Numbers that behave otherwise.
    pub numbers: BTreeMap<Number, Behaviour>,
}

impl Default for Outside {
    fn default() -> Self {
        Self { digits_min: 7, no_answer_ms: 30_000, others: Behaviour::default(), numbers: BTreeMap::new() }
    }
}

impl Outside {
    /// How `number` behaves.
    pub(crate) fn behaviour(&self, number: &Number) -> Behaviour {
        if let Some(behaviour) = self.numbers.get(number) {
            return *behaviour;
        }
        if self.is_plausible(number) { self.others } else { Behaviour::INVALID }
    }

    /// Has `number` behave so from here on.
    pub(crate) fn set(&mut self, number: Number, behaviour: Behaviour) -> Result<(), Error> {
        let known = self.numbers.contains_key(&number);
        if !known && self.numbers.len() >= NUMBERS_MAX {
            let count = NUMBERS_MAX + 1;
            return Err(Error::too_many("the count of listed numbers", count, NUMBERS_MAX));
        }
        self.numbers.insert(number, behaviour);
        Ok(())
    }

    fn is_plausible(&self, number: &Number) -> bool {
        let text = number.as_str().trim_start_matches('+');
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        digits && (self.digits_min..=DIGITS_MAX).contains(&text.len())
    }
}

/// What a number does when it is dialled, and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BehaviourText", into = "BehaviourText")]
pub struct Behaviour {
    /// What it does when it is dialled.
    pub reply: Reply,
    /// How long after the answer it hangs up; never when not given. Milliseconds.
    pub talk_ms: Option<u64>,
}

/// What a number does when it is dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Rings, then answers.
    Answers {
        /// How long it rings. Milliseconds.
        after_ms: u64,
    },
    /// Rings and rings.
    NeverAnswers,
    /// Takes no call.
    Busy,
    /// Does not exist.
    Invalid,
}

impl Behaviour {
    const INVALID: Self = Self { reply: Reply::Invalid, talk_ms: None };

    /// Rings for `after_ms`, then talks for `talk_ms`, or until somebody else hangs up.
    pub fn answers(after_ms: u64, talk_ms: Option<u64>) -> Self {
        Self { reply: Reply::Answers { after_ms }, talk_ms }
    }
}

impl Default for Behaviour {
    fn default() -> Self {
        Self::answers(ANSWERS_AFTER_MS, None)
    }
}

/// How long a number rings before it answers, when nothing else is said. Milliseconds. Ours.
const ANSWERS_AFTER_MS: u64 = 3_000;

/// A behaviour as it is written down.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BehaviourText {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answers_after_ms: Option<u64>,
    pub(crate) never_answers: bool,
    pub(crate) busy: bool,
    pub(crate) invalid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) talk_ms: Option<u64>,
}

/// More than one thing that a number is to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a number has {0} of answers_after_ms, never_answers, busy and invalid, at most 1 is allowed")]
pub struct BehaviourError(usize);

impl TryFrom<BehaviourText> for Behaviour {
    type Error = BehaviourError;
    fn try_from(text: BehaviourText) -> Result<Self, BehaviourError> {
        let said = [text.answers_after_ms.is_some(), text.never_answers, text.busy, text.invalid];
        let count = said.into_iter().filter(|said| *said).count();
        if count > 1 {
            return Err(BehaviourError(count));
        }
        let reply = match said {
            [_, true, ..] => Reply::NeverAnswers,
            [_, _, true, _] => Reply::Busy,
            [.., true] => Reply::Invalid,
            [_, false, false, false] => {
                Reply::Answers { after_ms: text.answers_after_ms.unwrap_or(ANSWERS_AFTER_MS) }
            }
        };
        Ok(Self { reply, talk_ms: text.talk_ms })
    }
}

impl From<Behaviour> for BehaviourText {
    fn from(behaviour: Behaviour) -> Self {
        let mut text = Self { talk_ms: behaviour.talk_ms, ..Self::default() };
        match behaviour.reply {
            Reply::Answers { after_ms } => text.answers_after_ms = Some(after_ms),
            Reply::NeverAnswers => text.never_answers = true,
            Reply::Busy => text.busy = true,
            Reply::Invalid => text.invalid = true,
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(number: &str) -> Reply {
        Outside::default().behaviour(&Number::new(number).unwrap()).reply
    }

    #[test]
    fn a_number_that_nobody_can_have_is_invalid() {
        for number in ["999", "*31#14155550100", "+123456", "123456789012345678901"] {
            assert_eq!(reply(number), Reply::Invalid, "{number}");
        }
        assert_eq!(reply("+14155550100"), Reply::Answers { after_ms: ANSWERS_AFTER_MS });
    }

    #[test]
    fn a_listed_number_behaves_as_listed() {
        let mut outside = Outside::default();
        let busy = Behaviour { reply: Reply::Busy, talk_ms: None };
        outside.set(Number::new("112").unwrap(), busy).unwrap();
        assert_eq!(outside.behaviour(&Number::new("112").unwrap()), busy);
    }

    #[test]
    fn the_list_is_bounded() {
        let mut outside = Outside::default();
        for number in 0..NUMBERS_MAX {
            outside.set(Number::new(number.to_string()).unwrap(), Behaviour::default()).unwrap();
        }
        let more = Number::new("+14155550100").unwrap();
        let error = outside.set(more, Behaviour::default()).unwrap_err().to_string();
        assert_eq!(error, "the count of listed numbers is 10001, at most 10000 are allowed");
    }

    #[test]
    fn a_behaviour_reads_as_it_is_written() {
        for text in [r#"{"answers_after_ms":5,"talk_ms":7}"#, r#"{"busy":true}"#, r#"{"invalid":true}"#] {
            let behaviour: Behaviour = serde_json::from_str(text).unwrap();
            let written = serde_json::to_string(&behaviour).unwrap();
            assert_eq!(serde_json::from_str::<Behaviour>(&written).unwrap(), behaviour, "{text}");
        }
        let error = serde_json::from_str::<Behaviour>(r#"{"busy":true,"invalid":true}"#).unwrap_err();
        assert!(error.to_string().starts_with("a number has 2 of"), "{error}");
    }
}
