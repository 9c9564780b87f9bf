//! The fuzz target for the core: commands, events of a switch, answers, floors and time, in any order. After each line every invariant must
//! hold. At the end the journal must give the same state.

#[path = "../../crates/core/tests/it/floor/mod.rs"]
mod floor;

use cordboard_core::Input;
use floor::Hub;
use model::{
    AccountName, AgentId, Command, CommandId, Floor, Principal, Role, SwitchAnswer, SwitchEvent, Verb,
};
use serde::Deserialize;

use crate::{Named, script};

/// The target of the core.
pub(crate) const TARGETS: &[Named] = &[("core", core)];

/// One line of a script.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    /// An agent sends a command; `about` selects one of the agent's interactions.
    #[serde(rename = "say")]
    Command { agent: AgentId, verb: Verb, about: Option<usize> },
    /// The switch sends an event.
    #[serde(rename = "hear")]
    Event(SwitchEvent),
    /// The switch answers its latest request.
    Answer(SwitchAnswer),
    /// Time passes. Milliseconds.
    Wait(u64),
    /// A new floor.
    Floor(Box<Floor>),
}

fn core(script: &[u8]) {
    let mut hub = Hub::new();
    for line in script::lines(script) {
        take(&mut hub, line);
    }
    assert_eq!(hub.replayed().state(), hub.core.state());
}

fn take(hub: &mut Hub, line: Line) {
    match line {
        Line::Command { agent, verb, about } => {
            let command = command(hub, agent, verb, about);
            // A refused command changes nothing; the replay at the end confirms this.
            let _ = hub.input(Input::Command(Box::new(command)));
        }
        Line::Event(event) => hub.report(event),
        Line::Answer(answer) => {
            if let Some(request) = hub.requests.pop() {
                hub.answer(request.request, answer);
            }
        }
        Line::Wait(ms) => hub.wait(script::span_ms(ms)),
        Line::Floor(floor) => drop(hub.put_floor(*floor)),
    }
}

fn command(hub: &Hub, agent: AgentId, verb: Verb, about: Option<usize>) -> Command {
    let id = CommandId::new(format!("command-{}", hub.journal.len())).expect("a short text is an id");
    let account = AccountName::new("1001").expect("a short text is a name");
    let by = Principal { account, role: Role::Agent, agent: Some(agent.clone()) };
    let interactions = hub.core.snapshot(hub.now, &by).interactions;
    let interaction = about.and_then(|index| Some(interactions.get(index)?.interaction.id));
    Command { id, by, agent, interaction, verb }
}
