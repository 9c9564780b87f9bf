//! Compares expectations with the visible state.

mod calls;
mod covers;
mod happened;
mod state;

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, Event, InteractionEvent, InteractionId};
use serde_json::Value;

pub use covers::covers;

use crate::{depth::Observation, story::Expected};

/// The beginning of a step. Nothing before it counts for the step.
#[derive(Debug, Clone, Default)]
pub struct StepStart {
    /// The number of records.
    pub records: usize,
    /// The number of posts that each EBS client had received.
    pub posts: BTreeMap<AgentId, usize>,
    /// The beginning of the step at the hub with the phones, if that is a separate hub.
    pub phones: Option<Box<StepStart>>,
}

impl StepStart {
    /// The start of a step after everything in `observed`.
    pub fn after(observed: &Observation) -> Self {
        let posts = observed.posts.iter().map(|(agent, posts)| (agent.clone(), posts.len()));
        let phones = observed.phones.as_deref().map(|observed| Box::new(Self::after(observed)));
        Self { records: observed.records.len(), posts: posts.collect(), phones }
    }
}

/// Checks one expectation. The error says what was found.
pub fn check(expected: &Expected, observed: &Observation, mark: &StepStart) -> Result<(), String> {
    match expected {
        Expected::Agent(wanted) => state::agent(wanted, observed),
        Expected::Interaction(wanted) => state::interaction(wanted, observed),
        Expected::Work(wanted) => state::work(wanted, observed),
        Expected::Linked(agents) => state::linked(agents, observed),
        Expected::Queue(wanted) => state::queue(wanted, observed),
        Expected::SwitchUp(up) => state::switch(*up, observed),
        Expected::History(wanted) => state::history(wanted, observed),
        Expected::Events(wanted) => happened::events(wanted, observed, mark),
        Expected::Posts(wanted) => happened::posts(wanted, observed, mark),
        Expected::Calls(wanted) => calls::count(wanted, observed),
        Expected::Phone(wanted) => calls::phone(wanted, observed),
        Expected::Tones(wanted) => calls::tones(wanted, observed),
        Expected::AtPhones(expected) => match (&observed.phones, &mark.phones) {
            (Some(observed), Some(mark)) => check(expected, observed, mark),
            _ => Err("`at-phones` needs a depth with two hubs".to_owned()),
        },
    }
}

/// The agent's interactions in the order in which they were opened: live ones in their current state, completed ones from the history.
/// An interaction that a call joined was opened twice.
pub fn interactions(observed: &Observation, agent: &AgentId) -> Vec<(InteractionId, Value)> {
    let mut seen = BTreeSet::new();
    let opened = observed.records.iter().filter_map(|record| {
        let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event else { return None };
        (interaction.agent == *agent && seen.insert(interaction.id)).then_some(interaction.id)
    });
    opened.filter_map(|id| Some((id, as_seen(observed, id)?))).collect()
}

fn as_seen(observed: &Observation, id: InteractionId) -> Option<Value> {
    if let Some(live) = observed.snapshot.interactions.iter().find(|view| view.interaction.id == id) {
        return serde_json::to_value(live).ok();
    }
    let summary = observed.history.iter().find(|summary| summary.interaction.id == id)?;
    let mut seen = serde_json::to_value(&summary.interaction).ok()?;
    let rest = serde_json::to_value(summary).ok()?;
    seen["disposition"] = rest["disposition"].clone();
    seen["notes"] = rest["notes"].clone();
    Some(seen)
}

/// Fails with the actual and the expected value if they differ.
fn expect<T: PartialEq + std::fmt::Debug>(what: &str, is: T, wanted: T) -> Result<(), String> {
    if is == wanted { Ok(()) } else { Err(format!("{what} is {is:?}, expected {wanted:?}")) }
}
