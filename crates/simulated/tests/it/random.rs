//! Random sequences: no panic, no call with a single party, and events that match the complete state.

use cordboard_simulated::{Chance, Chances};
use model::{
    CallId, Data, Digits, PartyKind, SwitchEvent, SwitchRequest,
    switch::{CallPicture, ConnectionState, DeflectTo},
};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    follow::Follower,
    room::{ABSENT, BRIEF, BUSY, FRIEND, Room, config, config_with, device, number, queue},
};

const PHONES: [&str; 6] = ["1001", "1002", "1003", "1004", "1005", "1009"];
const NUMBERS: [&str; 12] =
    ["1001", "1002", "1003", "1004", "1005", "1009", "7700", "7701", FRIEND, BRIEF, BUSY, ABSENT];
const ACTIONS: [&str; 7] = ["answer", "reject", "hangup", "hold", "retrieve", "auto", "manual"];

/// A step. Its numbers select phones, numbers and calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    kind: u8,
    who: usize,
    call: usize,
    other: usize,
    to: usize,
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..24, 0usize..64, 0usize..64, 0usize..64, 0usize..64);
    prop::collection::vec(
        step.prop_map(|(kind, who, call, other, to)| Step { kind, who, call, other, to }),
        1..80,
    )
}

/// Carries out a step and returns its outputs.
pub(crate) fn take(room: &mut Room, calls: &[CallPicture], step: Step) -> Vec<String> {
    match step.kind {
        0..4 => call_in(room, step),
        4 | 5 => room.wait(step.to as u64 * 100),
        6 | 7 => press(room, step),
        kind => room.request(request(calls, kind, step)),
    }
}

fn call_in(room: &mut Room, step: Step) -> Vec<String> {
    let from = Some(format!("+1415555{:04}", step.call)).filter(|_| !step.other.is_multiple_of(8));
    let body = json!({
        "from": from,
        "to": NUMBERS[step.to % 8],
        "patience_ms": 2_000 + step.who as u64 * 100,
        "talk_ms": 3_000,
        "data": {"step": step.other.to_string()},
    });
    room.http("POST", "/calls", &body);
    Vec::new()
}

fn press(room: &mut Room, step: Step) -> Vec<String> {
    let path = format!("/phones/{}", PHONES[step.who % PHONES.len()]);
    room.http("POST", &path, &json!({"action": ACTIONS[step.to % ACTIONS.len()]}));
    Vec::new()
}

/// A request. Most are possible in the current state; the others are arbitrary.
fn request(calls: &[CallPicture], kind: u8, step: Step) -> SwitchRequest {
    let any = Place { call: pick(calls, step.call), phone: PHONES[step.who % PHONES.len()] };
    let fits = |states: &[ConnectionState]| {
        let places = places(calls, states);
        places.get(step.who % places.len().max(1)).filter(|_| step.other % 8 != 1).unwrap_or(&any).clone()
    };
    let Place { call, phone } = match kind {
        8 | 9 | 23.. => any.clone(),
        10..13 => fits(&[ConnectionState::Alerting]),
        15 => fits(&[ConnectionState::Held]),
        22 if step.to.is_multiple_of(2) => fits(&[ConnectionState::Alerting]),
        18..21 => first_of_two(calls, step).unwrap_or(any.clone()),
        0..8 | 13 | 14 | 16 | 17 | 21 | 22 => fits(&[ConnectionState::Connected]),
    };
    let other = second_of_two(calls, phone, &call).unwrap_or_else(|| pick(calls, step.other));
    let (to, device) = (number(NUMBERS[step.to % NUMBERS.len()]), device(phone));
    match kind {
        8 | 9 => SwitchRequest::MakeCall { device, to, data: Data::new() },
        10..13 => SwitchRequest::AnswerCall { call, device },
        13 => SwitchRequest::ClearConnection { call, device },
        14 => SwitchRequest::HoldCall { call, device },
        15 => SwitchRequest::RetrieveCall { call, device },
        16 | 17 => SwitchRequest::ConsultationCall { call, device, to, data: Data::new() },
        18 => SwitchRequest::AlternateCall { device, active: other, held: call },
        19 => SwitchRequest::TransferCall { device, primary: call, consult: other },
        20 => SwitchRequest::ConferenceCall { device, primary: call, consult: other },
        21 => SwitchRequest::SingleStepTransfer { call, device, to },
        22 => deflect(call, device, step),
        _ => SwitchRequest::GenerateDigits { call, device, tones: Digits::new("1").unwrap().into() },
    }
}

/// A phone's place in a call.
#[derive(Debug, Clone)]
struct Place {
    call: CallId,
    phone: &'static str,
}

/// Where phones are connected in one of these ways.
fn places(calls: &[CallPicture], states: &[ConnectionState]) -> Vec<Place> {
    let of_call = |call: &CallPicture| {
        let fitting = call.connections.iter().filter(|place| states.contains(&place.state));
        let phones = fitting.filter_map(|place| phone_of(&place.party.at));
        phones.map(|phone| Place { call: call.call.clone(), phone }).collect::<Vec<_>>()
    };
    calls.iter().flat_map(of_call).collect()
}

/// A call that a phone holds while it has another active call.
fn first_of_two(calls: &[CallPicture], step: Step) -> Option<Place> {
    let mut held = places(calls, &[ConnectionState::Held]);
    held.retain(|place| second_of_two(calls, place.phone, &place.call).is_some());
    held.get(step.who % held.len().max(1)).cloned()
}

/// The active calls of a phone besides `call`.
fn second_of_two(calls: &[CallPicture], phone: &str, call: &CallId) -> Option<CallId> {
    let in_hand = [ConnectionState::Connected, ConnectionState::Initiated, ConnectionState::Queued];
    let mut others = places(calls, &in_hand).into_iter();
    others.find(|place| place.phone == phone && place.call != *call).map(|place| place.call)
}

fn deflect(call: CallId, from: model::DeviceId, step: Step) -> SwitchRequest {
    let to = match step.to % 3 {
        0 => DeflectTo::Queue(queue("7700")),
        _ => DeflectTo::Device(device(PHONES[step.to % PHONES.len()])),
    };
    SwitchRequest::DeflectCall { call, from: Some(from).filter(|_| step.other.is_multiple_of(2)), to }
}

fn pick(calls: &[CallPicture], index: usize) -> CallId {
    calls.get(index % calls.len().max(1)).map_or_else(|| crate::room::call(1), |call| call.call.clone())
}

fn phone_of(at: &PartyKind) -> Option<&'static str> {
    match at {
        PartyKind::Device(device) => PHONES.into_iter().find(|phone| *phone == device.as_str()),
        PartyKind::Outside(_) | PartyKind::Withheld => None,
    }
}

/// The complete state as the switch reports it. It is not requested from the switch, because a fault could refuse it.
fn everything(room: &mut Room) -> Vec<CallPicture> {
    let (status, body) = room.http("GET", "/calls", &serde_json::Value::Null);
    assert_eq!(status, 200);
    serde_json::from_value(body["items"].clone()).unwrap()
}

fn check(calls: &[CallPicture]) {
    calls.iter().for_each(check_company);
    for phone in PHONES {
        let at = PartyKind::Device(device(phone));
        let places = calls.iter().flat_map(|call| &call.connections).filter(|place| place.party.at == at);
        let engaged = places.filter(|place| is_engaged(place.state)).count();
        assert!(engaged <= 1, "{phone} has {engaged} calls in hand");
    }
}

/// Checks that no party is alone except in a queue, no phone rings without a caller, no party is there twice, and the
/// caller is there.
fn check_company(call: &CallPicture) {
    let states: Vec<ConnectionState> = call.connections.iter().map(|place| place.state).collect();
    assert!(states.len() > 1 || states == [ConnectionState::Queued], "{call:?}");
    assert!(states.iter().any(|state| *state != ConnectionState::Alerting), "{call:?}");
    for place in &call.connections {
        let same = call.connections.iter().filter(|other| other.party.at == place.party.at);
        assert_eq!(same.count(), 1, "{call:?}");
    }
    assert!(call.connections.iter().any(|place| place.party.at == call.caller.at), "{call:?}");
}

fn is_engaged(state: ConnectionState) -> bool {
    match state {
        ConnectionState::Initiated | ConnectionState::Connected | ConnectionState::Queued => true,
        ConnectionState::Alerting | ConnectionState::Held => false,
    }
}

fn sorted(mut call: CallPicture) -> CallPicture {
    call.connections.sort_by(|one, other| one.party.at.number().cmp(&other.party.at.number()));
    call
}

fn chance(chance: f64) -> Chance {
    Chance::try_from(chance).unwrap()
}

pub(crate) fn trouble() -> Chances {
    Chances {
        lost_link: chance(0.02),
        late_event: chance(0.1),
        repeated_event: chance(0.1),
        refused_request: chance(0.05),
        vanished_call: chance(0.03),
        ..Chances::default()
    }
}

/// All outputs while the steps are carried out.
pub(crate) fn run(
    mut room: Room,
    steps: &[Step],
    mut each: impl FnMut(&[SwitchEvent], &[CallPicture]),
) -> Vec<SwitchEvent> {
    for step in steps {
        let calls = everything(&mut room);
        take(&mut room, &calls, *step);
        let calls = everything(&mut room);
        check(&calls);
        each(&room.events, &calls);
    }
    room.wait(600_000);
    room.events
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn the_events_are_complete(steps in steps()) {
        let (mut follower, mut applied) = (Follower::default(), 0);
        run(Room::with(config()), &steps, |events, calls| {
            events[applied..].iter().for_each(|event| follower.apply(event));
            applied = events.len();
            let believed: Vec<CallPicture> = follower.calls.values().cloned().collect();
            assert_eq!(believed, calls);
        });
    }

    #[test]
    fn whatever_goes_wrong_the_calls_stay_sound(steps in steps(), seed in any::<u64>()) {
        let config = cordboard_simulated::Config { seed, ..config_with(trouble()) };
        run(Room::with(config), &steps, |_, _| {});
    }

    #[test]
    fn calls_that_take_their_time_to_ring_come_to_the_same_truth(steps in steps()) {
        let config = cordboard_simulated::Config { delivery_ms: 150, ..config() };
        let mut room = Room::with(config);
        for step in steps {
            let calls = everything(&mut room);
            take(&mut room, &calls, step);
        }
        room.wait(150);
        let (mut follower, calls) = (Follower::default(), everything(&mut room));
        room.events.iter().for_each(|event| follower.apply(event));
        check(&calls);
        // Two parties that are called at the same time can ring in any order.
        assert_eq!(follower.calls.into_values().map(sorted).collect::<Vec<_>>(), calls.into_iter().map(sorted).collect::<Vec<_>>());
    }
}
