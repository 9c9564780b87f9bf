//! Random inputs in any order: the invariants hold, and replaying the journal gives the same state.

use crate::floor;

use floor::*;
use model::{
    Cause, Data, Leg, Party, PartyKind, Pop, SwitchAnswer, SwitchEvent, Verb, reason,
    switch::{CallPicture, ConnectionPicture, ConnectionState},
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Command(&'static str, Verb),
    Event(Box<SwitchEvent>),
    Answer(bool),
    Wait(u64),
    Floor(usize),
}

fn an_agent() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["1001", "1002", "1003"])
}

fn a_call() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "d"])
}

fn a_party() -> impl Strategy<Value = Party> {
    prop_oneof![Just(caller()), an_agent().prop_map(phone), Just(Party::new(PartyKind::Withheld))]
}

fn a_cause() -> impl Strategy<Value = Cause> {
    prop::sample::select(vec![Cause::Normal, Cause::Abandoned, Cause::NoAnswer, Cause::Deflected])
}

fn a_verb() -> impl Strategy<Value = Verb> {
    let to = || number("1002");
    let pop = Pop { ani: Some(number("14155550100")), log_required: true, occupies: true, ..Pop::default() };
    let log = Verb::Log { subject: "s".into(), text: "t".into(), fields: Data::new() };
    prop::sample::select(vec![
        Verb::SignIn { device: None, queues: None },
        Verb::SignIn { device: Some(device("1003")), queues: None },
        Verb::SignOut { reason: None },
        Verb::Ready,
        Verb::Ready,
        Verb::NotReady { reason: Some(reason::code(reason::AFTER_CALL)) },
        Verb::Dial { to: to(), data: Data::new() },
        Verb::Answer,
        Verb::Reject,
        Verb::HangUp { leg: None },
        Verb::HangUp { leg: Some(Leg::Consult) },
        Verb::Hold { leg: None },
        Verb::Resume { leg: None },
        Verb::Mute { on: true },
        Verb::Record,
        Verb::Transfer { to: to() },
        Verb::Consult { to: to(), data: Data::new() },
        Verb::Alternate,
        Verb::CompleteTransfer,
        Verb::Merge,
        Verb::CancelConsult,
        log,
        Verb::SetNotes { notes: Some("typed".into()), disposition: None },
        Verb::Complete { disposition: None, notes: None },
        Verb::Notify { pop: Box::new(pop) },
    ])
}

fn a_picture() -> impl Strategy<Value = CallPicture> {
    let state = prop::sample::select(vec![
        ConnectionState::Initiated,
        ConnectionState::Alerting,
        ConnectionState::Connected,
        ConnectionState::Held,
        ConnectionState::Queued,
    ]);
    let connection = (a_party(), state).prop_map(|(party, state)| ConnectionPicture { party, state });
    (a_call(), a_party(), prop::collection::vec(connection, 0..4), prop::option::of(a_call())).prop_map(
        |(id, caller, connections, linked)| CallPicture {
            call: call(id),
            queue: Some(queue("7700")),
            caller,
            dialled: number("7700"),
            linked: linked.map(call),
            data: Data::new(),
            connections,
        },
    )
}

fn an_event() -> impl Strategy<Value = SwitchEvent> {
    let join = || (an_agent(), a_call(), a_call(), prop::collection::vec(a_party(), 0..4));
    prop_oneof![
        a_call().prop_map(|id| SwitchEvent::Queued {
            call: call(id),
            queue: queue("7700"),
            caller: caller(),
            dialled: number("7700"),
            priority: None,
            linked: None,
            data: Data::new(),
        }),
        (a_call(), an_agent(), a_party(), prop::option::of(a_call())).prop_map(|(id, at, to, linked)| {
            SwitchEvent::Originated {
                call: call(id),
                device: device(at),
                to,
                linked: linked.map(call),
                data: Data::new(),
            }
        }),
        (a_call(), a_party(), a_party(), prop::option::of(a_call())).prop_map(|(id, at, caller, linked)| {
            SwitchEvent::Delivered(model::switch::Delivery {
                call: call(id),
                at: at.at,
                caller,
                dialled: number("7700"),
                queue: None,
                linked: linked.map(call),
                data: Data::new(),
            })
        }),
        (a_call(), a_party()).prop_map(|(id, at)| SwitchEvent::Established { call: call(id), at: at.at }),
        (a_call(), an_agent()).prop_map(|(id, at)| SwitchEvent::Held { call: call(id), device: device(at) }),
        (a_call(), an_agent())
            .prop_map(|(id, at)| SwitchEvent::Retrieved { call: call(id), device: device(at) }),
        join().prop_map(|(at, primary, consult, parties)| SwitchEvent::Transferred {
            device: device(at),
            primary: call(primary),
            consult: Some(call(consult)),
            into: call(primary),
            parties,
        }),
        join().prop_map(|(at, primary, consult, parties)| SwitchEvent::Conferenced {
            device: device(at),
            primary: call(primary),
            consult: call(consult),
            into: call(consult),
            parties,
        }),
        (a_call(), a_party(), a_cause()).prop_map(|(id, at, cause)| SwitchEvent::ConnectionCleared {
            call: call(id),
            at: at.at,
            cause
        }),
        (a_call(), an_agent()).prop_map(|(id, at)| SwitchEvent::Failed {
            call: call(id),
            device: device(at),
            cause: Cause::Busy
        }),
        Just(SwitchEvent::LinkDown { why: "cut".into() }),
        prop::collection::vec(a_picture(), 0..3)
            .prop_map(|calls| SwitchEvent::LinkUp { features: model::SwitchFeature::ALL.to_vec(), calls }),
    ]
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (an_agent(), a_verb()).prop_map(|(id, verb)| Step::Command(id, verb)),
        6 => an_event().prop_map(|event| Step::Event(Box::new(event))),
        2 => any::<bool>().prop_map(Step::Answer),
        1 => (0_u64..25_000).prop_map(Step::Wait),
        1 => (0_usize..4).prop_map(Step::Floor),
    ]
}

fn take(hub: &mut Hub, step: Step) {
    match step {
        Step::Command(id, verb) => {
            let _ = hub.run(id, verb);
        }
        Step::Event(event) => hub.report(*event),
        Step::Answer(well) => {
            let Some(request) = hub.requests.pop() else { return };
            let refused = SwitchAnswer::Refused { cause: Cause::Failed, text: "no".into() };
            hub.answer(request.request, if well { SwitchAnswer::Done { call: None } } else { refused });
        }
        Step::Wait(ms) => hub.wait(ms),
        Step::Floor(which) => {
            let floors = [small_floor(), without_agent("1001"), without_agent("1002"), without_queue()];
            hub.put_floor(floors[which].clone()).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_input_breaks_what_is_always_true(steps in prop::collection::vec(a_step(), 1..60)) {
        let mut hub = Hub::new();
        for step in steps {
            take(&mut hub, step);
        }
        let replayed = hub.replayed();
        prop_assert_eq!(replayed.state(), hub.core.state());
    }
}
