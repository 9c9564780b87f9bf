//! The session contract on both ends, and malicious messages.

use cordboard_max::{
    DeskConfig, DeskSession, TelephonyConfig, TelephonySession,
    wire::{ContactId, Envelope, Event, Hosts, Kind, PageMessage},
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
use session::suite;
use uuid::Uuid;

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

fn telephony() -> TelephonySession {
    TelephonySession::new(TelephonyConfig::default(), Uuid::nil())
}

fn desk() -> DeskSession {
    let config = DeskConfig {
        origins: vec!["https://pages.example".to_owned().try_into().unwrap()],
        ..DeskConfig::default()
    };
    DeskSession::new(config, "pbx".parse().unwrap(), Uuid::nil()).unwrap()
}

/// Mostly what MAX would post.
fn envelope() -> impl Strategy<Value = Value> {
    let status =
        select(vec!["Incoming", "Active", "Holding", "Masking", "Joined", "Dialing", "Disconnected", "?"]);
    let call = (1..5_u64, 0..5_u64, status, any::<bool>(), "[0-9+]{0,12}").prop_map(
        |(number, parent, status, inbound, ani)| {
            json!({"Type": "CallContactEvent", "ContactID": number.to_string(), "Status": status,
               "IsInbound": inbound, "ANI": ani, "DNIS": ani, "FinalState": "True",
               "ParentContactId": parent.to_string(), "MasterID": parent.to_string()})
        },
    );
    let state = select(vec!["Available", "Unavailable", "InboundContact", "LoggedOut"])
        .prop_map(|state| json!({"Type": "AgentState", "CurrentState": state}));
    let ack = any::<bool>().prop_map(|good| {
        json!({"messageType": "ClientEventSubscriptionAcknowledge", "status": if good { "OK" } else { "ERROR" }})
    });
    let mute = any::<bool>().prop_map(|muted| json!({"Type": "Mute", "AgentMuted": muted}));
    let event = prop_oneof![6 => call, 2 => state, 2 => ack, 1 => mute, 1 => any_json()];
    let known =
        vec(event, 0..5).prop_map(|events| json!({"issuer": "MAX", "contactId": null, "events": events}));
    prop_oneof![8 => known, 1 => any_json()]
}

/// Any JSON, not deeply nested.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        let name =
            select(vec!["messageType", "contactId", "subscriptionTypes", "issuer", "events", "Type", "data"]);
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((name, inner), 0..5).prop_map(|members| {
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            }),
        ]
    })
}

/// Mostly what a page would post.
fn message() -> impl Strategy<Value = Value> {
    let word = select(vec![
        "RegisterForClientEvents",
        "RegisterForClientEvents",
        "UnregisterFromClientEvents",
        "ContactCardData",
        "AnswerEvent",
        "RefuseEvent",
        "HoldEvent",
        "MuteEvent",
        "MaskEvent",
        "RecordEvent",
        "HangupEvent",
        "registerforclientevents",
    ]);
    let types = vec(select(vec!["all", "Agent", "contact", "CONTACTS", "sessioninfo", "foo"]), 0..4);
    let contact = prop_oneof![
        4 => Just(Value::Null),
        2 => (0..4_u64).prop_map(Value::from),
        1 => any_json(),
    ];
    let known = (word, types, contact, "\\PC{0,80}").prop_map(|(word, types, contact, name)| {
        json!({"messageType": word, "subscriptionTypes": types, "contactId": contact, "issuer": name,
               "contactCardData": {"name": name, "userImg": format!("https://crm.example/{name}")}})
    });
    let kept = vec(select(vec!["all", "agent", "contacts"]), 0..3).prop_map(
        |types| json!({"types": types, "contact": "1", "explicit": true, "shown": ["1", "2", "x"]}),
    );
    prop_oneof![8 => known, 1 => kept, 1 => any_json()]
}

fn focus() -> impl Strategy<Value = Value> {
    let known = (0..4_u128).prop_map(|id| json!({"type": "focus", "interaction": Uuid::from_u128(id)}));
    prop_oneof![2 => known, 1 => any_json()]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_telephony_end_keeps_the_contract(steps in suite::page_steps(message(), focus(), 120)) {
        suite::check(telephony, TelephonySession::held, 2_000, &steps);
    }

    #[test]
    fn the_desk_end_keeps_the_contract(steps in suite::page_steps(envelope(), any_json(), 120)) {
        suite::check(desk, DeskSession::held, 4_000, &steps);
    }

    #[test]
    fn any_message_is_read_or_ignored(message in any_json()) {
        PageMessage::parse(&message);
        Envelope::parse(&message);
        Event::parse(&message);
    }

    #[test]
    fn a_message_is_read_back(message in message()) {
        if let Some(message) = PageMessage::parse(&message) {
            let read = PageMessage::parse(&message.to_value("Sample"));
            match (message, read) {
                // The part that was invalid is not written back.
                (PageMessage::Register(message), Some(PageMessage::Register(read))) => {
                    prop_assert_eq!(message.kinds.iter().map(Kind::as_str).collect::<Vec<_>>(), read.kinds.iter().map(Kind::as_str).collect::<Vec<_>>());
                    prop_assert_eq!(message.contact.ok().flatten(), read.contact.unwrap());
                }
                (PageMessage::Card(message), Some(PageMessage::Card(read))) => {
                    prop_assert_eq!((message.name, message.image), (read.name, read.image));
                }
                (message, read) => prop_assert_eq!(Some(message), read),
            }
        }
    }

    #[test]
    fn an_id_is_read_back(text in "[0-9]{1,32}") {
        if let Some(id) = ContactId::from_digits(&text) {
            prop_assert_eq!(ContactId::given(Some(&id.to_value())), Ok(Some(id)));
        }
    }

    #[test]
    fn an_envelope_is_read_back(kind in "[A-Z][a-z]{1,10}", ids in vec(option_of_id(), 1..5)) {
        let hosts = Hosts { iis: "H1".into(), vc: "H2".into() };
        let events = ids.into_iter().map(|contact| Event::Other { kind: format!("X{kind}"), contact });
        let envelope = Envelope { issuer: "MAX".into(), contact: ContactId::from_digits("7"), events: events.collect() };
        prop_assert_eq!(Envelope::parse(&envelope.to_value(&hosts)), Some(envelope));
    }
}

fn option_of_id() -> impl Strategy<Value = Option<ContactId>> {
    proptest::option::of((1..1_000_000_u64).prop_map(ContactId::from))
}
