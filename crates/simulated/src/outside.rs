//! Outside numbers: how each behaves when it is dialed.

use std::collections::BTreeMap;

use model::Number;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The most numbers with a behavior of their own. Our choice.
const NUMBERS_MAX: usize = 10_000;

/// The most digits of an outside number: E.164 allows 15, and a dial prefix can precede them.
const DIGITS_MAX: usize = 20;

/// The behavior of outside numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outside {
    /// The fewest digits of a valid number. A shorter number is invalid, like an unknown extension.
    pub digits_min: usize,
    /// How long an unanswered call rings until it fails. Milliseconds.
    pub no_answer_ms: u64,
    /// The behavior of numbers that are not listed.
    pub others: Behavior,
    /// Numbers with a behavior of their own.
    pub numbers: BTreeMap<Number, Behavior>,
}

impl Default for Outside {
    fn default() -> Self {
        Self { digits_min: 7, no_answer_ms: 30_000, others: Behavior::default(), numbers: BTreeMap::new() }
    }
}

impl Outside {
    /// The behavior of a number.
    pub(crate) fn behavior(&self, number: &Number) -> Behavior {
        if let Some(behavior) = self.numbers.get(number) {
            return *behavior;
        }
        if self.is_plausible(number) { self.others } else { Behavior::INVALID }
    }

    /// Sets the behavior of a number.
    pub(crate) fn set(&mut self, number: Number, behavior: Behavior) -> Result<(), Error> {
        let known = self.numbers.contains_key(&number);
        if !known && self.numbers.len() >= NUMBERS_MAX {
            let count = NUMBERS_MAX + 1;
            return Err(Error::too_many("the number of listed numbers", count, NUMBERS_MAX));
        }
        self.numbers.insert(number, behavior);
        Ok(())
    }

    fn is_plausible(&self, number: &Number) -> bool {
        let text = number.as_str().trim_start_matches('+');
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        digits && (self.digits_min..=DIGITS_MAX).contains(&text.len())
    }
}

/// The behavior of a number when it is dialed and afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BehaviorText", into = "BehaviorText")]
pub struct Behavior {
    /// What it does when it is dialed.
    pub reply: Reply,
    /// How long it talks after the answer. Milliseconds; forever when absent.
    pub talk_ms: Option<u64>,
}

/// What a number does when it is dialed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Rings and answers.
    Answers {
        /// How long it rings. Milliseconds.
        after_ms: u64,
    },
    /// Rings and never answers.
    NeverAnswers,
    /// Is busy.
    Busy,
    /// Does not exist.
    Invalid,
}

impl Behavior {
    const INVALID: Self = Self { reply: Reply::Invalid, talk_ms: None };

    /// Rings for `after_ms`, then talks for `talk_ms`, or until another party hangs up.
    pub fn answers(after_ms: u64, talk_ms: Option<u64>) -> Self {
        Self { reply: Reply::Answers { after_ms }, talk_ms }
    }
}

impl Default for Behavior {
    fn default() -> Self {
        Self::answers(ANSWERS_AFTER_MS, None)
    }
}

/// How long a number rings by default before it answers. Milliseconds. Our choice.
const ANSWERS_AFTER_MS: u64 = 3_000;

/// A behavior in JSON.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BehaviorText {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answers_after_ms: Option<u64>,
    pub(crate) never_answers: bool,
    pub(crate) busy: bool,
    pub(crate) invalid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) talk_ms: Option<u64>,
}

/// More than one behavior was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a number has {0} of answers_after_ms, never_answers, busy and invalid; give only one")]
pub struct BehaviorError(usize);

impl TryFrom<BehaviorText> for Behavior {
    type Error = BehaviorError;
    fn try_from(text: BehaviorText) -> Result<Self, BehaviorError> {
        let given = [text.answers_after_ms.is_some(), text.never_answers, text.busy, text.invalid];
        let count = given.into_iter().filter(|given| *given).count();
        if count > 1 {
            return Err(BehaviorError(count));
        }
        let reply = match given {
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

impl From<Behavior> for BehaviorText {
    fn from(behavior: Behavior) -> Self {
        let mut text = Self { talk_ms: behavior.talk_ms, ..Self::default() };
        match behavior.reply {
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
        Outside::default().behavior(&Number::new(number).unwrap()).reply
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
        let busy = Behavior { reply: Reply::Busy, talk_ms: None };
        outside.set(Number::new("112").unwrap(), busy).unwrap();
        assert_eq!(outside.behavior(&Number::new("112").unwrap()), busy);
    }

    #[test]
    fn the_list_is_bounded() {
        let mut outside = Outside::default();
        for number in 0..NUMBERS_MAX {
            outside.set(Number::new(number.to_string()).unwrap(), Behavior::default()).unwrap();
        }
        let more = Number::new("+14155550100").unwrap();
        let error = outside.set(more, Behavior::default()).unwrap_err().to_string();
        assert_eq!(error, "the number of listed numbers is 10001; the maximum is 10000");
    }

    #[test]
    fn a_behavior_reads_as_it_is_written() {
        for text in [r#"{"answers_after_ms":5,"talk_ms":7}"#, r#"{"busy":true}"#, r#"{"invalid":true}"#] {
            let behavior: Behavior = serde_json::from_str(text).unwrap();
            let written = serde_json::to_string(&behavior).unwrap();
            assert_eq!(serde_json::from_str::<Behavior>(&written).unwrap(), behavior, "{text}");
        }
        let error = serde_json::from_str::<Behavior>(r#"{"busy":true,"invalid":true}"#).unwrap_err();
        assert!(error.to_string().starts_with("a number has 2 of"), "{error}");
    }
}
