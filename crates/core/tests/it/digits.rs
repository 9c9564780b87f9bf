//! DTMF digits can be a card number: they are sent to the switch and stored nowhere.

use crate::floor;

use cordboard_core::Core;
use floor::*;
use model::{
    Data, Digits, Event, LinkEvent, SwitchAnswer, SwitchRequest, Verb,
    switch::{CallPicture, ConnectionPicture, ConnectionState},
};

const CARD: &str = "4111111111111111";

/// A hub with an unanswered request for tones.
fn sending() -> Hub {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1001", Verb::SendDigits { digits: Digits::new(CARD).unwrap() }).unwrap();
    hub
}

fn answers(hub: &Hub) -> Vec<&SwitchAnswer> {
    let answered = hub.journal.iter().filter_map(|record| {
        let Event::Link(LinkEvent::Answered { answer, .. }) = &record.event else { return None };
        Some(answer)
    });
    answered.collect()
}

/// The call between the caller and a phone, as the switch sees it.
fn talking(id: &str, at: &str) -> CallPicture {
    let state = ConnectionState::Connected;
    CallPicture {
        call: call(id),
        queue: None,
        caller: caller(),
        dialled: number("7700"),
        linked: None,
        data: Data::new(),
        connections: [caller(), phone(at)].map(|party| ConnectionPicture { party, state }).to_vec(),
    }
}

#[test]
fn digits_are_in_the_request_and_in_nothing_that_is_kept() {
    let hub = sending();
    let request = hub.requests.last().unwrap();
    let SwitchRequest::GenerateDigits { tones, .. } = &request.what else { panic!("{request:?}") };
    assert_eq!(tones.digits().unwrap().as_str(), CARD);
    let journal =
        serde_json::to_string(&hub.journal.iter().map(|record| &**record).collect::<Vec<_>>()).unwrap();
    let state = serde_json::to_string(hub.core.state()).unwrap();
    for kept in [&journal, &state, &format!("{:?}", hub.journal), &format!("{:?}", hub.core.state())] {
        assert!(!kept.contains(CARD));
    }
    assert!(journal.contains(r#""service":"generate-digits""#) && journal.contains(r#""tones":16"#));
    assert_eq!(hub.replayed().state(), hub.core.state());
    let Event::Link(LinkEvent::Requested { requested, .. }) = &hub.journal.last().unwrap().event else {
        panic!()
    };
    assert!(requested.lacks_digits(), "nor are they in what is held in memory for subscribers");
}

#[test]
fn after_a_restart_tones_are_given_up() {
    let mut hub = sending();
    hub.requests.clear();
    hub.core =
        Core::restore(serde_json::from_value(serde_json::to_value(hub.core.state()).unwrap()).unwrap());
    hub.report(model::SwitchEvent::LinkDown { why: "the hub was started".into() });
    assert!(hub.core.unanswered(&pbx()).is_empty(), "nothing is left to send");
    let before = answers(&hub).len();
    hub.link_up(vec![talking("a", "1001")]);
    let all = answers(&hub);
    assert_eq!(all.len(), before + 1);
    assert!(matches!(all[before], SwitchAnswer::Refused { .. }));
    assert!(hub.requests.is_empty(), "{:?}", hub.requests);
    assert_eq!(hub.words().last(), Some(&"notice-raised"));
}

#[test]
fn a_picture_requested_in_between_does_not_give_them_up() {
    let mut hub = sending();
    let (request, before) = (hub.requests.last().unwrap().request, answers(&hub).len());
    hub.requests.clear();
    hub.link_up(vec![talking("a", "1001")]);
    assert!(hub.requests.is_empty(), "they are not sent twice: {:?}", hub.requests);
    hub.answer(request, SwitchAnswer::Done { call: None });
    assert_eq!(answers(&hub)[before..], [&SwitchAnswer::Done { call: None }]);
}
