//! Compares expectations with the visible state.

mod calls;
mod covers;
mod happened;
mod state;

use std::collections::BTreeMap;

use model::{AgentId, Event, InteractionEvent, InteractionId};
use serde_json::Value;

pub use covers::covers;

use crate::{depth::Look, story::Expected};

/// The beginning of a step. Nothing before it counts for the step.
#[derive(Debug, Clone, Default)]
pub struct Mark {
    /// The number of records.
    pub records: usize,
    /// The number of posts that each EBS client had received.
    pub posts: BTreeMap<AgentId, usize>,
    /// The beginning of the step at the hub with the phones, if that is a separate hub.
    pub phones: Option<Box<Mark>>,
}

impl Mark {
    /// A mark after everything in `look`.
    pub fn after(look: &Look) -> Self {
        let posts = look.posts.iter().map(|(agent, posts)| (agent.clone(), posts.len()));
        let phones = look.phones.as_deref().map(|look| Box::new(Self::after(look)));
        Self { records: look.records.len(), posts: posts.collect(), phones }
    }
}

/// Checks one expectation. The error says what was found.
pub fn check(expected: &Expected, look: &Look, mark: &Mark) -> Result<(), String> {
    match expected {
        Expected::Agent(wanted) => state::agent(wanted, look),
        Expected::Interaction(wanted) => state::interaction(wanted, look),
        Expected::Work(wanted) => state::work(wanted, look),
        Expected::Linked(agents) => state::linked(agents, look),
        Expected::Queue(wanted) => state::queue(wanted, look),
        Expected::SwitchUp(up) => state::switch(*up, look),
        Expected::History(wanted) => state::history(wanted, look),
        Expected::Events(wanted) => happened::events(wanted, look, mark),
        Expected::Posts(wanted) => happened::posts(wanted, look, mark),
        Expected::Calls(wanted) => calls::count(wanted, look),
        Expected::Phone(wanted) => calls::phone(wanted, look),
        Expected::Heard(wanted) => calls::heard(wanted, look),
        Expected::AtPhones(expected) => match (&look.phones, &mark.phones) {
            (Some(look), Some(mark)) => check(expected, look, mark),
            _ => Err("`at-phones` needs a depth with two hubs".to_owned()),
        },
    }
}

/// The agent's interactions in the order in which they were opened: live ones in their current state, completed ones from the history.
pub fn interactions(look: &Look, agent: &AgentId) -> Vec<(InteractionId, Value)> {
    let opened = look.records.iter().filter_map(|record| {
        let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event else { return None };
        (interaction.agent == *agent).then_some(interaction.id)
    });
    opened.filter_map(|id| Some((id, as_seen(look, id)?))).collect()
}

fn as_seen(look: &Look, id: InteractionId) -> Option<Value> {
    if let Some(live) = look.snapshot.interactions.iter().find(|view| view.interaction.id == id) {
        return serde_json::to_value(live).ok();
    }
    let summary = look.history.iter().find(|summary| summary.interaction.id == id)?;
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
