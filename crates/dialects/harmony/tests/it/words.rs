//! Reading and writing of every message and every response body.

use std::{collections::BTreeSet, fmt::Write};

use cordboard_harmony::wire::{
    Body, BridgeRequest, Event, Fault, Object, Word, Words,
    reply::{
        Agent, Capabilities, ChannelInit, ConversationInit, GroupInit, InteractionData, InteractionInit,
        Native, SessionInit,
    },
    words::{EventName, RequestName},
};
use serde_json::{Value, json};

/// A body with every key that a message can have.
fn full() -> Value {
    let channel = json!({ "end-point": "70001", "type": "TELEPHONY" });
    json!({
        "id": "s1", "nativeid": "n1", "target": "DEMO.s1", "type": "TELEPHONY", "name": "a name",
        "agent": { "id": "7001", "password": "secret", "extension": "70001" },
        "password": "secret", "first-name": "Ann", "last-name": "Lee", "extension": "70001",
        "status": "STARTED", "message": "all is well", "reason": "lunch", "disposition": "sold",
        "destination": "+14155550100", "digits": "12#", "chat": true, "email": false, "callback": true,
        "channels": [channel], "channel-groups": [{ "id": "g1", "name": "group", "channels": [channel] }],
        "vendor": "Cordboard", "version": "1", "capabilities": { "dial": false, "chat": true },
        "login-state": "ACTIVE", "agent-state": { "state": "NOT_READY", "reason": "lunch" },
        "reasons": [{ "code": "1", "name": "lunch" }], "interactions": [{ "id": "i1", "type": "TELEPHONY" }],
        "interaction-state": "STARTED", "interaction-data": { "a": { "b": "c" } },
        "conversations": { "primary": { "id": "v1" }, "consult": { "id": "v2" } },
        "conversation-state": "TALKING", "direction": "INBOUND",
        "members": [{ "id": "1001", "name": "Bob" }], "member": { "id": "1001", "name": "Bob" },
    })
}

/// The results for the full body, for an empty one, and for each key that is missing, empty or of another type.
fn trial(name: &str, words: &Words, read: impl Fn(Body) -> Result<Value, Fault>) -> String {
    let outcome = |body: &Value| match Body::new(words, body).and_then(&read) {
        Ok(value) => value.to_string(),
        Err(fault) => fault.to_string(),
    };
    let (whole, nothing) = (outcome(&full()), outcome(&json!({})));
    let mut text = format!("{name}\n  full: {whole}\n  empty: {nothing}\n");
    for key in full().as_object().unwrap().keys() {
        let with = |value: Value| {
            let mut body = full();
            body[key] = value;
            outcome(&body)
        };
        let others = [Value::Null, json!(""), json!(5), json!("?"), json!({}), json!([{}])].map(with);
        for other in others.into_iter().filter(|other| *other != whole).collect::<BTreeSet<_>>() {
            writeln!(text, "  other {key}: {other}").unwrap();
        }
    }
    text
}

#[test]
fn messages_are_read_and_written_like_this() {
    let words = Words::new(&Default::default()).unwrap();
    let body_of = |name: &RequestName| {
        let title = format!("{} {:?}", name.slot(), name.mark());
        trial(&title, &words, |body| {
            let body_of = BridgeRequest::read(*name, body)?;
            assert_eq!(body_of.name(), *name);
            Ok(body_of.body(&words))
        })
    };
    let event = |name: &EventName| {
        let title = format!("{} {:?}", name.slot(), name.mark());
        trial(&title, &words, |body| {
            let event = Event::read(*name, body)?;
            assert_eq!(event.name(), *name);
            Ok(event.body(&words))
        })
    };
    let texts: String =
        RequestName::ALL.iter().map(body_of).chain(EventName::ALL.iter().map(event)).collect();
    insta::assert_snapshot!(texts);
}

#[test]
fn bodies_of_responses_are_read_and_written_like_this() {
    let words = Words::new(&Default::default()).unwrap();
    macro_rules! trials {
        ($($reply:ident)*) => {
            [$(trial(stringify!($reply), &words, |body| Ok($reply::read(body)?.print(&words))),)*]
        };
    }
    let texts = trials!(Agent Capabilities ChannelInit ConversationInit GroupInit InteractionData
        InteractionInit Native SessionInit);
    insta::assert_snapshot!(texts.concat());
}
