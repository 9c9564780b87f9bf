//! Directory lookups of callers: while a call waits, with a time limit, and without choosing among several contacts.

use crate::floor;

use cordboard_core::{DirectoryLookup, Input};
use floor::*;
use model::{Code, Contact, Data, DetailEvent, Event, Party, PartyKind, SwitchEvent, Verb};

fn contact(id: &str) -> Contact {
    Contact { id: id.into(), name: id.into(), numbers: vec![number("+14155550100")], data: Data::new() }
}

/// The lookups since the floor was applied, in order.
fn lookups(hub: &Hub) -> Vec<DirectoryLookup> {
    hub.journal
        .iter()
        .filter_map(|record| DirectoryLookup::for_event(&record.event))
        .map(|(of, _)| of)
        .collect()
}

/// Answers the last lookup of the directory.
fn answer_lookup(hub: &mut Hub, contacts: &[&str]) -> usize {
    let of = lookups(hub).pop().unwrap();
    hub.input(Input::Contacts { of, contacts: contacts.iter().map(|id| contact(id)).collect() }).records.len()
}

#[test]
fn a_call_that_waited_opens_with_its_contact_and_needs_no_event_for_it() {
    for (contacts, is) in [(&["c-1"][..], Some("c-1")), (&[], None), (&["c-1", "c-2"], None)] {
        let mut hub = Hub::new();
        hub.ready("1001");
        hub.queued("a");
        hub.take_requests();
        assert_eq!(answer_lookup(&mut hub, contacts), 0);
        hub.delivered("a", "1001", caller(), None);
        let one = hub.of("1001");
        assert_eq!(one.contact.map(|contact| contact.id.to_string()).as_deref(), is);
        assert_eq!(one.candidates.len(), if contacts.len() > 1 { 2 } else { 0 });
        assert!(!one.contact_pending);
        hub.wait(1_000);
        assert!(!hub.words().contains(&"contact-resolved"));
        assert_eq!(hub.replayed().state(), hub.core.state(), "the journal alone gives the same");
    }
}

#[test]
fn a_call_that_rings_before_the_directory_has_answered_waits_for_it() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.queued("a");
    hub.take_requests();
    let of_call = lookups(&hub).pop().unwrap();
    hub.delivered("a", "1001", caller(), None);
    assert!(hub.of("1001").contact_pending);
    hub.input(Input::Contacts { of: of_call, contacts: vec![contact("c-1")] });
    let one = hub.of("1001");
    assert!(!one.contact_pending && one.contact.is_some());
    assert_eq!(answer_lookup(&mut hub, &["c-1"]), 0, "it was asked about twice and is told once");
}

#[test]
fn a_directory_that_is_slow_is_not_waited_for_and_its_late_answer_is_used() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.delivered("a", "1001", caller(), None);
    hub.wait(249);
    assert!(hub.of("1001").contact_pending);
    hub.wait(1);
    assert!(!hub.of("1001").contact_pending);
    let recorded = hub.journal.last().unwrap().event.clone();
    assert!(
        matches!(recorded, Event::Detail(DetailEvent::ContactResolved { contact: None, .. })),
        "{recorded:?}"
    );
    assert_eq!(answer_lookup(&mut hub, &[]), 0, "nothing more is to be told");
    answer_lookup(&mut hub, &["c-1"]);
    assert!(hub.of("1001").contact.is_some());
    assert_eq!(hub.replayed().state(), hub.core.state());
}

#[test]
fn several_contacts_are_offered_and_one_is_chosen() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.delivered("a", "1001", caller(), None);
    answer_lookup(&mut hub, &["c-1", "c-2"]);
    let one = hub.of("1001");
    assert_eq!((one.contact, one.candidates.len(), one.contact_pending), (None, 2, false));
    hub.run("1001", Verb::SetContact { contact: Some(contact("c-2")) }).unwrap();
    let one = hub.of("1001");
    assert_eq!((one.contact.unwrap().id.as_str(), one.candidates.len()), ("c-2", 0));
    assert_eq!(answer_lookup(&mut hub, &["c-1"]), 0, "what was chosen stands");
}

#[test]
fn who_gives_no_number_is_not_looked_up() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.delivered("a", "1001", Party::new(PartyKind::Withheld), None);
    assert!(!hub.of("1001").contact_pending && lookups(&hub).is_empty());
}

#[test]
fn an_answer_about_another_caller_is_not_used_for_this_one() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.queued("a");
    hub.take_requests();
    answer_lookup(&mut hub, &["c-1"]);
    hub.delivered("a", "1001", Party::new(PartyKind::Outside(number("+14155550199"))), None);
    let one = hub.of("1001");
    assert!(one.contact.is_none() && one.contact_pending);
}

#[test]
fn help_can_be_called_whatever_the_policy_and_however_often() {
    let mut floor = small_floor();
    floor.dial_policy =
        serde_json::from_str(r#"{"allow":["1XXX"],"deny":["9!"],"per_minute_max":1}"#).unwrap();
    let mut hub = Hub::on(floor);
    hub.ready("1001");
    let dial = |to: &str| Verb::Dial { to: number(to), data: Data::new() };
    hub.run("1001", dial("1002")).unwrap();
    hub.take_requests();
    assert_eq!(hub.run("1001", dial("1003")).unwrap_err().code, Code::TooMany);
    for help in ["911", "112", "911"] {
        hub.run("1001", dial(help)).unwrap();
        hub.take_requests();
    }
}

#[test]
fn a_floor_without_a_policy_denies_what_is_dangerous_on_every_way_out() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1001", Verb::Hold { leg: None }).unwrap();
    hub.take_requests();
    hub.report(SwitchEvent::Held { call: call("a"), device: device("1001") });
    for to in ["+19005550100", "9005550100", "*72", "011442079460000", "+870773111632"] {
        for verb in [
            Verb::Dial { to: number(to), data: Data::new() },
            Verb::Consult { to: number(to), data: Data::new() },
            Verb::Transfer { to: number(to) },
        ] {
            assert_eq!(hub.run("1001", verb).unwrap_err().code, Code::NumberRefused, "{to}");
        }
    }
    hub.run("1001", Verb::Consult { to: number("4155550111"), data: Data::new() }).unwrap();
}
