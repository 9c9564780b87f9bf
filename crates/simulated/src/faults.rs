//! Faults, requested or random.

use std::collections::VecDeque;

use compact_str::CompactString;
use model::{AgentId, CallId};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The most requested faults that have not happened yet. Our choice.
const ARMED_MAX: usize = 64;

/// A fault to request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The link to the hub is lost for a while. Calls continue.
    LostLink {
        /// How long. Milliseconds; the configured time when absent.
        #[serde(default)]
        for_ms: Option<u64>,
    },
    /// The next event of a call is delayed.
    LateEvent {
        /// How long. Milliseconds.
        by_ms: u64,
        /// Whether later events of the same call can overtake it.
        #[serde(default)]
        reorder: bool,
    },
    /// The next event of a call is sent twice.
    RepeatedEvent,
    /// The next request is refused.
    RefusedRequest,
    /// A call vanishes without an event.
    VanishedCall {
        /// The call.
        call: CallId,
    },
    /// The switch reports that it refuses an agent.
    RefusedAgent {
        /// The agent.
        agent: AgentId,
        /// The reason to report.
        text: CompactString,
    },
}

/// A probability.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Chance(f64);

/// A number that is not a probability.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("a chance is {0}; expected 0 to 1")]
pub struct ChanceError(f64);

impl TryFrom<f64> for Chance {
    type Error = ChanceError;
    fn try_from(chance: f64) -> Result<Self, ChanceError> {
        if (0.0..=1.0).contains(&chance) { Ok(Self(chance)) } else { Err(ChanceError(chance)) }
    }
}

impl From<Chance> for f64 {
    fn from(chance: Chance) -> Self {
        chance.0
    }
}

/// The probabilities of faults, and their extent. By default there are no faults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chances {
    /// Probability, for each event of a call, that the link is lost.
    pub lost_link: Chance,
    /// How long the link stays lost. Milliseconds.
    pub link_down_ms: u64,
    /// Probability, for each event of a call, that the event is delayed.
    pub late_event: Chance,
    /// How long it is delayed. Milliseconds.
    pub late_ms: u64,
    /// Whether later events of the same call can overtake a delayed one.
    pub reorder: bool,
    /// Probability, for each event of a call, that the event is sent twice.
    pub repeated_event: Chance,
    /// Probability, for each request, that it is refused.
    pub refused_request: Chance,
    /// Probability, for each event of a call, that the call vanishes without an event.
    pub vanished_call: Chance,
}

impl Default for Chances {
    fn default() -> Self {
        let never = Chance::default();
        Self {
            lost_link: never,
            link_down_ms: 5_000,
            late_event: never,
            late_ms: 500,
            reorder: false,
            repeated_event: never,
            refused_request: never,
            vanished_call: never,
        }
    }
}

/// The faults of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct EventFaults {
    pub(crate) late: Option<Delay>,
    pub(crate) repeated: bool,
    pub(crate) lost_link: bool,
    pub(crate) vanished_call: bool,
}

/// The delay of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delay {
    pub(crate) by_ms: u64,
    pub(crate) reorder: bool,
}

/// Decides which faults happen.
#[derive(Debug)]
pub(crate) struct Faults {
    pub(crate) chances: Chances,
    armed: VecDeque<Fault>,
    random: ChaCha8Rng,
}

impl Faults {
    pub(crate) fn new(seed: u64, chances: Chances) -> Self {
        Self { chances, armed: VecDeque::new(), random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// The requested faults that have not happened yet.
    pub(crate) fn armed(&self) -> impl Iterator<Item = &Fault> {
        self.armed.iter()
    }

    /// Stores a fault for the next event or request.
    pub(crate) fn arm(&mut self, fault: Fault) -> Result<(), Error> {
        let count = self.armed.len() + 1;
        if count > ARMED_MAX {
            return Err(Error::too_many("the number of pending faults", count, ARMED_MAX));
        }
        self.armed.push_back(fault);
        Ok(())
    }

    /// The faults of the next event of a call.
    pub(crate) fn next_event_faults(&mut self) -> EventFaults {
        let mut event_faults = self.random_event_faults();
        match self.take(|fault| matches!(fault, Fault::LateEvent { .. } | Fault::RepeatedEvent)) {
            Some(Fault::LateEvent { by_ms, reorder }) => event_faults.late = Some(Delay { by_ms, reorder }),
            Some(Fault::RepeatedEvent) => event_faults.repeated = true,
            Some(
                Fault::LostLink { .. }
                | Fault::RefusedRequest
                | Fault::VanishedCall { .. }
                | Fault::RefusedAgent { .. },
            )
            | None => {}
        }
        event_faults
    }

    /// Whether the next request is refused.
    pub(crate) fn refuses(&mut self) -> bool {
        let requested = self.take(|fault| matches!(fault, Fault::RefusedRequest)).is_some();
        requested || self.happens(self.chances.refused_request)
    }

    fn random_event_faults(&mut self) -> EventFaults {
        let late = Delay { by_ms: self.chances.late_ms, reorder: self.chances.reorder };
        EventFaults {
            late: self.happens(self.chances.late_event).then_some(late),
            repeated: self.happens(self.chances.repeated_event),
            lost_link: self.happens(self.chances.lost_link),
            vanished_call: self.happens(self.chances.vanished_call),
        }
    }

    fn happens(&mut self, chance: Chance) -> bool {
        // `Chance` is between 0 and 1, as `random_bool` requires. A probability of 0 uses no randomness.
        chance.0 > 0.0 && self.random.random_bool(chance.0)
    }

    fn take(&mut self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let index = self.armed.iter().position(fits)?;
        self.armed.remove(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_lies_between_0_and_1() {
        assert!(Chance::try_from(0.5).is_ok());
        assert_eq!(Chance::try_from(1.5).unwrap_err().to_string(), "a chance is 1.5; expected 0 to 1");
        assert!(Chance::try_from(f64::NAN).is_err());
    }

    #[test]
    fn a_requested_fault_happens_once() {
        let mut faults = Faults::new(1, Chances::default());
        faults.arm(Fault::RefusedRequest).unwrap();
        faults.arm(Fault::RepeatedEvent).unwrap();
        assert!(faults.next_event_faults().repeated);
        assert!(faults.refuses());
        assert_eq!(faults.next_event_faults(), EventFaults::default());
        assert!(!faults.refuses());
    }

    #[test]
    fn requested_faults_are_bounded() {
        let mut faults = Faults::new(1, Chances::default());
        for _ in 0..ARMED_MAX {
            faults.arm(Fault::RepeatedEvent).unwrap();
        }
        let error = faults.arm(Fault::RepeatedEvent).unwrap_err().to_string();
        assert_eq!(error, "the number of pending faults is 65; the maximum is 64");
    }

    #[test]
    fn chance_follows_the_seed() {
        let chances = Chances { repeated_event: Chance(0.5), ..Chances::default() };
        let roll = |seed| {
            let mut faults = Faults::new(seed, chances.clone());
            (0..64).map(|_| faults.next_event_faults().repeated).collect::<Vec<_>>()
        };
        assert_eq!(roll(7), roll(7));
        assert_ne!(roll(7), roll(8));
        assert!(roll(7).contains(&true) && roll(7).contains(&false));
    }
}
