//! The same seed and the same inputs give exactly the same outputs.

use cordboard_simulated::Config;
use model::SwitchEvent;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use crate::{
    random::{Step, run, steps, trouble},
    room::{Room, config, config_with},
};

fn script() -> Vec<Step> {
    let mut runner = TestRunner::deterministic();
    let pieces = (0..20).map(|_| steps().new_tree(&mut runner).unwrap().current());
    pieces.flatten().collect()
}

fn reported(seed: u64, script: &[Step]) -> String {
    let config = Config { seed, ..config_with(trouble()) };
    serde_json::to_string(&run(Room::with(config), script, |_, _| {})).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_story() {
    let script = script();
    let story = reported(7, &script);
    assert!(story.len() > 10_000, "the script has enough in it to differ");
    assert_eq!(story, reported(7, &script));
    assert_ne!(story, reported(8, &script));
}

/// The name of a switch event.
fn name(event: &SwitchEvent) -> Option<&'static str> {
    match event {
        SwitchEvent::Queued { .. } => Some("queued"),
        SwitchEvent::Originated { .. } => Some("originated"),
        SwitchEvent::Delivered(_) => Some("delivered"),
        SwitchEvent::Established { .. } => Some("established"),
        SwitchEvent::Held { .. } => Some("held"),
        SwitchEvent::Retrieved { .. } => Some("retrieved"),
        SwitchEvent::Transferred { consult: Some(_), .. } => Some("transferred"),
        SwitchEvent::Transferred { consult: None, .. } => Some("transferred in one step"),
        SwitchEvent::Conferenced { .. } => Some("conferenced"),
        SwitchEvent::ConnectionCleared { .. } => Some("cleared"),
        SwitchEvent::Failed { .. } => Some("failed"),
        SwitchEvent::LinkUp { .. }
        | SwitchEvent::PhonesListed { .. }
        | SwitchEvent::LinkDown { .. }
        | SwitchEvent::RecordingStarted { .. } => None,
        SwitchEvent::Offered(_) | SwitchEvent::CallInformation { .. } | SwitchEvent::AgentRefused { .. } => {
            panic!("never told: {event:?}")
        }
    }
}

#[test]
fn random_steps_reach_every_event() {
    let events = run(Room::with(config()), &script(), |_, _| {});
    let names: std::collections::BTreeSet<_> = events.iter().filter_map(name).collect();
    assert_eq!(names.len(), 11, "{names:?}");
}
