//! Notes that are typed before the interaction is completed.

use crate::floor;

use floor::*;
use model::{Cause, Code, Event, InteractionEvent, InteractionSummary, Verb};

fn set(notes: &str) -> Verb {
    Verb::SetNotes { notes: Some(notes.to_owned()), disposition: None }
}

fn records(hub: &Hub) -> Vec<InteractionSummary> {
    let completed = hub.journal.iter().filter_map(|record| {
        let Event::Interaction(InteractionEvent::Completed { summary, .. }) = &record.event else {
            return None;
        };
        Some((**summary).clone())
    });
    completed.collect()
}

#[test]
fn notes_that_are_too_long_are_refused_with_both_values() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    let refused = hub.run("1001", set(&"x".repeat(16_385))).unwrap_err();
    assert_eq!(refused.code, Code::TooMany);
    assert_eq!(refused.text, "the notes have 16385 bytes; the maximum is 16384");
    hub.run("1001", set(&"x".repeat(16_384))).unwrap();
}

#[test]
fn the_same_notes_again_change_nothing() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1001", set("same")).unwrap();
    let recorded = hub.journal.len();
    hub.run("1001", set("same")).unwrap();
    hub.run("1001", Verb::SetNotes { notes: None, disposition: None }).unwrap();
    assert_eq!(hub.journal.len(), recorded);
}

#[test]
fn a_call_that_was_never_answered_keeps_what_was_typed() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.queued("a");
    hub.take_requests();
    hub.delivered("a", "1001", caller(), None);
    hub.run("1001", set("an odd number")).unwrap();
    hub.cleared("a", caller().at, Cause::Normal);
    hub.cleared("a", phone("1001").at, Cause::Normal);
    let records = records(&hub);
    assert_eq!(records[0].notes.as_deref(), Some("an odd number"));
    assert_eq!(records[0].interaction.notes, None, "they are in one place");
}

#[test]
fn a_call_that_the_switch_has_lost_keeps_what_was_typed() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1001", set("lost")).unwrap();
    hub.link_up(Vec::new());
    hub.wait(30_000);
    assert_eq!(records(&hub)[0].notes.as_deref(), Some("lost"));
}

#[test]
fn what_may_be_amended_is_bounded_and_follows_from_the_journal() {
    let mut hub = Hub::new();
    for call in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
        hub.talk(call, "1001");
        hub.cleared(call, caller().at, Cause::Normal);
        hub.cleared(call, phone("1001").at, Cause::Normal);
        hub.run("1001", Verb::Complete { disposition: None, notes: Some(call.to_owned()) }).unwrap();
    }
    let late = |hub: &mut Hub, nth: usize, key: &str| {
        let about = records(hub)[nth].interaction.id;
        let command = model::Command { interaction: Some(about), ..hub.command("1001", set("late"), key) };
        hub.input(cordboard_core::Input::Command(Box::new(command))).reply
    };
    assert_eq!(late(&mut hub, 1, "oldest").unwrap_err().code, Code::UnknownInteraction);
    late(&mut hub, 2, "kept").unwrap();
    assert_eq!(hub.replayed().state(), hub.core.state());
}
