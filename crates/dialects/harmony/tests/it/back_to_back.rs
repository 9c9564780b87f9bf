//! Both ends, each with a separate hub: what happens at one end's desk is visible at the other end's phones.

use crate::support;

use std::collections::BTreeSet;

use cordboard_harmony::wire::{Envelope, MessageKind};
use model::{Data, Digits, Verb};
use serde_json::{Map, Value, json};
use support::{CUSTOMER, FRIEND, World, number};

/// An agent of the bridge who is signed in and ready.
fn at_work() -> World {
    let mut world = World::new();
    world.desk("1001", Verb::SignIn { device: None, queues: None });
    world.desk("1001", Verb::Ready);
    assert_eq!(world.phones.state("1001"), r#"{"state":"ready"}"#);
    world
}

/// The agent talks to a customer.
fn on_a_call() -> World {
    let mut world = at_work();
    world.caller("7700");
    world.pass(10);
    world.desk("1001", Verb::Answer);
    assert_eq!(world.bridge.picture("1001"), "started primary:talking");
    world
}

/// A customer is on hold, and there is another agent to consult.
fn in_a_consult() -> World {
    let mut world = on_a_call();
    world.desk("1001", Verb::Consult { to: number(FRIEND), data: Data::new() });
    assert_eq!(both(&world), ["started primary:held consult:talking"; 2]);
    world
}

fn both(world: &World) -> [String; 2] {
    [world.phones.picture("1001"), world.bridge.picture("1001")]
}

/// No event of an object came before the response to its first query.
fn keeps_the_rule(trace: &[(bool, Envelope)]) {
    let mut answered: BTreeSet<&str> = BTreeSet::new();
    for (_, envelope) in trace {
        let target = envelope.target.as_str();
        match &envelope.kind {
            MessageKind::Response { .. } if envelope.name.ends_with(".query.init") => {
                answered.insert(target);
            }
            MessageKind::Event if !target.ends_with(".CONTROL") => {
                assert!(answered.contains(target), "{} of {target} came too early", envelope.name);
            }
            MessageKind::Event | MessageKind::Request { .. } | MessageKind::Response { .. } => {}
        }
    }
}

#[test]
fn an_inbound_call_is_answered_and_ended() {
    let mut world = at_work();
    world.caller("7700");
    world.pass(10);
    assert_eq!(both(&world), ["alerting primary:alerting"; 2]);
    let seen = world.bridge.interaction("1001");
    assert_eq!(seen.customer.at.number(), Some(CUSTOMER));
    assert_eq!(seen.data.get("AccountCode"), Some("A-1"));
    world.desk("1001", Verb::Answer);
    assert_eq!(both(&world), ["started primary:talking"; 2]);
    world.desk("1001", Verb::Hold { leg: None });
    assert_eq!(both(&world), ["started primary:held"; 2]);
    world.desk("1001", Verb::Resume { leg: None });
    world.desk("1001", Verb::HangUp { leg: None });
    assert_eq!(both(&world), ["", ""]);
    assert_eq!(world.phones.state("1001"), r#"{"state":"ready"}"#);
    assert_eq!(world.bridge.state("1001"), r#"{"state":"ready"}"#);
    keeps_the_rule(&world.trace());
}

#[test]
fn the_messages_of_a_call_are_these() {
    let mut world = World::new();
    world.desk("1001", Verb::SignIn { device: None, queues: None });
    world.desk("1001", Verb::Ready);
    world.caller("7700");
    world.pass(10);
    world.desk("1001", Verb::Answer);
    world.desk("1001", Verb::Consult { to: number(FRIEND), data: Data::new() });
    world.desk("1001", Verb::CompleteTransfer);
    insta::assert_snapshot!(world.transcript());
}

#[test]
fn an_outbound_call_is_dialled_and_answered() {
    let mut world = at_work();
    let data: Data = [("OrderID", "9")].into_iter().collect();
    world.try_desk("1001", Verb::Dial { to: number(FRIEND), data }).unwrap();
    world.pass(10);
    assert_eq!(both(&world), ["dialing primary:dialing"; 2]);
    world.pass(200);
    assert_eq!(both(&world), ["started primary:talking"; 2]);
    assert_eq!(world.phones.interaction("1001").data.get("OrderID"), Some("9"));
    world.desk("1001", Verb::HangUp { leg: None });
    assert_eq!(both(&world), ["", ""]);
}

#[test]
fn a_consult_ends_in_a_transfer() {
    let mut world = in_a_consult();
    world.desk("1001", Verb::CompleteTransfer);
    assert_eq!(both(&world), ["", ""]);
    keeps_the_rule(&world.trace());
}

#[test]
fn a_consult_ends_in_a_conference() {
    let mut world = in_a_consult();
    world.desk("1001", Verb::Merge);
    assert_eq!(both(&world), ["started primary:talking"; 2]);
    let primary = world.bridge.interaction("1001").primary.unwrap();
    let others: Vec<_> = primary.parties.iter().filter_map(|party| party.at.number()).collect();
    assert_eq!(others, [CUSTOMER, FRIEND]);
    world.desk("1001", Verb::HangUp { leg: None });
    assert_eq!(both(&world), ["", ""]);
}

#[test]
fn the_legs_alternate_twice_and_the_consult_is_cancelled() {
    let mut world = in_a_consult();
    world.desk("1001", Verb::Alternate);
    assert_eq!(both(&world), ["started primary:talking consult:held"; 2]);
    world.desk("1001", Verb::Alternate);
    assert_eq!(both(&world), ["started primary:held consult:talking"; 2]);
    world.desk("1001", Verb::CancelConsult);
    assert_eq!(both(&world), ["started primary:talking"; 2]);
    keeps_the_rule(&world.trace());
}

#[test]
fn a_call_is_sent_on_without_a_request() {
    let mut world = on_a_call();
    world.desk("1001", Verb::Transfer { to: number(FRIEND) });
    assert_eq!(both(&world), ["", ""]);
}

#[test]
fn tones_are_sent() {
    let mut world = on_a_call();
    world.trace();
    world.desk("1001", Verb::SendDigits { digits: Digits::new("12#").unwrap() });
    let transcript = world.transcript();
    assert!(transcript.contains("conversation.request.senddtmf {\"digits\":\"12#\"}"), "{transcript}");
    assert!(transcript.contains("client success"), "{transcript}");
}

#[test]
fn data_is_changed_from_either_side() {
    let mut world = on_a_call();
    let set: Data = [("Name", "Ada")].into_iter().collect();
    world.desk("1001", Verb::SetData { set, unset: vec!["AccountCode".into()] });
    let data = world.phones.interaction("1001").data;
    assert_eq!((data.get("Name"), data.get("AccountCode")), (Some("Ada"), None));
    let set: Data = [("Name", "Grace")].into_iter().collect();
    world.local("1001", Verb::SetData { set, unset: Vec::new() });
    assert_eq!(world.bridge.interaction("1001").data.get("Name"), Some("Grace"));
    world.local("1001", Verb::SetData { set: Data::new(), unset: vec!["Name".into()] });
    assert_eq!(world.bridge.interaction("1001").data.get("Name"), None);
}

/// Data with values that the hub cannot keep.
fn odd_data() -> Value {
    json!({ "": "x", "Good": "1", "List": ["a"], "Long": "x".repeat(70_000), "Nested": { "Good": 2 } })
}

const ODD_NAMES: &str =
    r#""" is an empty name; "List" is a list, expected a text or an object; "Long" has 70000 bytes"#;

fn pairs(data: &Data) -> Vec<(&str, &str)> {
    data.iter().collect()
}

/// A message about an object whose target is the one of this message in the trace.
fn message(kind: &str, name: &str, target: &str, body: Value) -> Value {
    let header = json!({ "type": kind, "name": name, "target": target, "requestId": "forged" });
    json!({ "header": header, "body": body })
}

fn target_of(world: &mut World, name: &str) -> String {
    let trace = world.trace();
    let found = trace.iter().find(|(_, envelope)| envelope.name == name);
    found.unwrap().1.target.to_string()
}

#[test]
fn one_odd_value_from_the_client_is_named_and_the_others_arrive() {
    let mut world = on_a_call();
    let target = target_of(&mut world, "interaction.query.init");
    let changed =
        message("cti.event", "interaction.datachanged", &target, json!({ "interaction-data": odd_data() }));
    world.forge(false, &changed);
    world.forge(false, &changed);
    let data = world.bridge.interaction("1001").data;
    assert_eq!(pairs(&data), [("Good", "1"), ("Nested.Good", "2")]);
    let text =
        format!("call data is missing, because harmony sent it in a form that cannot be kept: {ODD_NAMES}");
    assert_eq!(world.bridge.notices(), [text], "the agent is told once");
}

#[test]
fn one_odd_value_from_the_bridge_is_named_and_the_others_are_set() {
    let mut world = on_a_call();
    let target = target_of(&mut world, "interaction.query.init");
    let set = |data| {
        message("cti.request", "interaction.request.setdata", &target, json!({ "interaction-data": data }))
    };
    world.forge(true, &set(odd_data()));
    let data = world.phones.interaction("1001").data;
    assert_eq!(pairs(&data), [("AccountCode", "A-1"), ("Good", "1"), ("Nested.Good", "2")]);
    let transcript = world.transcript();
    let failure = format!("not set: {ODD_NAMES}. The other data is set").replace('"', "\\\"").to_lowercase();
    assert!(transcript.contains(&format!("client failure(\"{failure}\")")), "{transcript}");
    let after = transcript.lines().find(|line| line.contains("interaction.datachanged")).unwrap();
    assert!(after.contains(r#""Good":"1""#) && after.contains(r#""AccountCode":"A-1""#), "{after}");
}

#[test]
fn two_hundred_pairs_from_the_bridge_fill_the_room_that_is_left() {
    let mut world = on_a_call();
    let target = target_of(&mut world, "interaction.query.init");
    let many: Map<String, Value> = (0..200).map(|index| (format!("k{index:03}"), json!("v"))).collect();
    let body = json!({ "interaction-data": many });
    world.forge(true, &message("cti.request", "interaction.request.setdata", &target, body));
    assert_eq!(world.phones.interaction("1001").data.len(), 128);
    let transcript = world.transcript();
    assert!(transcript.contains("is one pair too many; and 65 more. the other data is set"), "{transcript}");
}

/// The names of the messages about data, and who sent each.
fn about_data(world: &mut World) -> Vec<(bool, String)> {
    let about = |envelope: &Envelope| {
        ["interaction.datachanged", "interaction.request.setdata"].contains(&envelope.name.as_str())
            && !matches!(envelope.kind, MessageKind::Response { .. })
    };
    let trace = world.trace().into_iter().filter(|(_, envelope)| about(envelope));
    trace.map(|(from_bridge, envelope)| (from_bridge, envelope.name.to_string())).collect()
}

fn name(value: &str) -> Verb {
    Verb::SetData { set: [("Name", value)].into_iter().collect(), unset: Vec::new() }
}

fn names(world: &World) -> [Option<String>; 2] {
    let [phones, bridge] = [world.phones.interaction("1001"), world.bridge.interaction("1001")];
    [phones, bridge].map(|work| work.data.get("Name").map(str::to_owned))
}

#[test]
fn data_that_changes_quickly_at_the_phones_is_not_sent_back() {
    let mut world = on_a_call();
    world.trace();
    for index in 1..=30 {
        world.try_local("1001", name(&index.to_string())).unwrap();
    }
    world.pass(1_000);
    assert_eq!(names(&world), [Some("30".to_owned()), Some("30".to_owned())]);
    let found = about_data(&mut world);
    assert_eq!(found, vec![(false, "interaction.datachanged".to_owned()); 30]);
}

#[test]
fn data_that_is_taken_out_at_the_phones_is_not_sent_back() {
    let mut world = on_a_call();
    world.local("1001", name("Ada"));
    world.trace();
    world.try_local("1001", Verb::SetData { set: Data::new(), unset: vec!["Name".into()] }).unwrap();
    world.try_local("1001", name("Grace")).unwrap();
    world.pass(1_000);
    assert_eq!(names(&world), [Some("Grace".to_owned()), Some("Grace".to_owned())]);
    assert!(about_data(&mut world).iter().all(|(from_bridge, _)| !from_bridge));
}

#[test]
fn data_that_changes_quickly_at_the_bridge_is_not_sent_back() {
    let mut world = on_a_call();
    world.trace();
    for index in 1..=30 {
        world.try_desk("1001", name(&index.to_string())).unwrap();
    }
    world.pass(1_000);
    assert_eq!(names(&world), [Some("30".to_owned()), Some("30".to_owned())]);
    let found = about_data(&mut world);
    assert_eq!(found, vec![(true, "interaction.request.setdata".to_owned()); 30]);
}

#[test]
fn data_that_changes_at_both_ends_at_once_is_the_same_in_the_end() {
    let mut world = on_a_call();
    for round in 0..5 {
        world.try_desk("1001", name(&format!("bridge {round}"))).unwrap();
        world.try_local("1001", name(&format!("phones {round}"))).unwrap();
        world.try_local("1001", name(&format!("phones {round} again"))).unwrap();
        world.pass(1_000);
        let [phones, bridge] = names(&world);
        assert_eq!(phones, bridge);
    }
}

#[test]
fn a_call_is_refused() {
    let mut world = at_work();
    world.caller("7700");
    world.pass(10);
    world.desk("1001", Verb::Reject);
    assert_eq!(both(&world), ["", ""]);
    assert_eq!(world.phones.state("1001"), r#"{"state":"not-ready","reason":"rejected"}"#);
}

#[test]
fn a_caller_who_hangs_up_is_gone_at_both_ends() {
    let mut world = at_work();
    world.caller("1001");
    world.pass(60_000);
    assert_eq!(both(&world), ["", ""]);
}

#[test]
fn an_agent_is_not_ready_for_a_reason_and_logs_out() {
    let mut world = at_work();
    world.desk("1001", Verb::NotReady { reason: Some("lunch".parse().unwrap()) });
    assert_eq!(world.phones.state("1001"), r#"{"state":"not-ready","reason":"lunch"}"#);
    world.local("1001", Verb::Ready);
    assert_eq!(world.bridge.state("1001"), r#"{"state":"ready"}"#);
    world.local("1001", Verb::NotReady { reason: Some("lunch".parse().unwrap()) });
    assert_eq!(world.bridge.state("1001"), r#"{"state":"not-ready","reason":"lunch"}"#);
    world.desk("1001", Verb::SignOut { reason: None });
    assert_eq!(world.phones.state("1001"), r#"{"state":"signed-out"}"#);
    let transcript = world.transcript();
    assert!(transcript.contains("session.request.logout"), "{transcript}");
}

#[test]
fn an_agent_who_leaves_at_the_phones_leaves_at_the_bridge() {
    let mut world = at_work();
    world.local("1001", Verb::SignOut { reason: None });
    assert_eq!(world.bridge.state("1001"), r#"{"state":"signed-out"}"#);
}

#[test]
fn a_consult_that_is_begun_at_the_phone_appears() {
    let mut world = on_a_call();
    world.trace();
    world.local("1001", Verb::Consult { to: number(FRIEND), data: Data::new() });
    assert_eq!(both(&world), ["started primary:held consult:talking"; 2]);
    let trace = world.trace();
    let names: Vec<&str> = trace.iter().map(|(_, envelope)| envelope.name.as_str()).collect();
    let at = |name: &str| names.iter().position(|known| *known == name).unwrap();
    assert!(at("interaction.consult") < at("interaction.request.createconversation"));
    assert!(at("interaction.request.createconversation") < at("conversation.query.init"));
    let target = &trace[at("conversation.query.init")].1.target;
    let first = trace
        .iter()
        .position(|(_, envelope)| envelope.kind == MessageKind::Event && envelope.target == *target);
    let answered = names.iter().rposition(|known| *known == "conversation.query.init").unwrap();
    assert!(first.is_some_and(|first| first > answered), "{names:?}");
    world.desk("1001", Verb::CompleteTransfer);
    assert_eq!(both(&world), ["", ""]);
}

#[test]
fn a_lost_connection_in_a_consult_is_made_again_and_the_state_is_exact() {
    let mut world = in_a_consult();
    let before = world.bridge.interaction("1001");
    world.line = false;
    world.cut();
    world.pass(500);
    assert!(!world.bridge.core.snapshot(world.now, &support::principal("x")).switches[0].up);
    world.local("1001", Verb::Alternate);
    world.line = true;
    world.pass(5_000);
    assert_eq!(both(&world), ["started primary:talking consult:held"; 2]);
    let after = world.bridge.interaction("1001");
    assert_eq!((before.id, before.linkage), (after.id, after.linkage));
    assert_eq!(before.consult.unwrap().id, after.consult.unwrap().id);
    assert!(world.bridge.core.snapshot(world.now, &support::principal("x")).switches[0].up);
    world.desk("1001", Verb::Merge);
    assert_eq!(both(&world), ["started primary:talking"; 2]);
}

#[test]
fn a_call_that_ended_meanwhile_is_ended_and_one_that_came_is_there() {
    let mut world = on_a_call();
    world.line = false;
    world.cut();
    world.local("1001", Verb::HangUp { leg: None });
    world.caller("1001");
    world.line = true;
    world.pass(2_000);
    assert_eq!(both(&world), ["alerting primary:alerting"; 2]);
    world.desk("1001", Verb::Answer);
    assert_eq!(both(&world), ["started primary:talking"; 2]);
}

#[test]
fn it_all_works_byte_by_byte() {
    let mut world = World::new();
    world.piece = 1;
    world.desk("1001", Verb::SignIn { device: None, queues: None });
    world.desk("1001", Verb::Ready);
    world.caller("7700");
    world.pass(10);
    world.desk("1001", Verb::Answer);
    assert_eq!(both(&world), ["started primary:talking"; 2]);
}

#[test]
fn a_wrong_password_gives_no_session_and_the_bridge_stays_up() {
    let mut world = World::with(Default::default(), "wrong");
    world.desk("1001", Verb::SignIn { device: None, queues: None });
    assert_eq!(world.phones.state("1001"), r#"{"state":"signed-out"}"#);
    let transcript = world.transcript();
    assert!(transcript.contains("the credentials of agent 7001 are not accepted"), "{transcript}");
    let refused = world.try_desk("1001", Verb::Dial { to: number(FRIEND), data: Data::new() });
    world.pass(100);
    assert!(refused.is_ok());
    assert_eq!(world.bridge.picture("1001"), "");
}

#[test]
fn an_agent_whom_the_client_refuses_is_not_ready_until_it_is_requested_again() {
    let refused = r#"{"state":"not-ready","reason":"phone-refused"}"#;
    let mut world = World::with(Default::default(), "wrong");
    world.desk("1001", Verb::SignIn { device: None, queues: None });
    world.pass(100);
    assert_eq!(world.bridge.state("1001"), refused);
    let attempts = |world: &mut World| world.transcript().matches("are not accepted").count();
    assert_eq!(attempts(&mut world), 1, "one refusal leads to no other attempt");
    for verb in [Verb::SignIn { device: None, queues: None }, Verb::Ready] {
        world.desk("1001", verb);
        world.pass(100);
        assert_eq!(world.bridge.state("1001"), refused);
        assert_eq!(attempts(&mut world), 1, "each request is one attempt");
    }
}

#[test]
fn an_agent_whose_harmony_server_is_away_for_long_is_not_ready_at_both_ends() {
    let mut world = at_work();
    world.line = false;
    world.cut();
    world.pass(29_000);
    assert_eq!(world.phones.state("1001"), r#"{"state":"ready"}"#);
    world.pass(2_000);
    assert_eq!(world.phones.state("1001"), r#"{"state":"not-ready","reason":"desk-lost"}"#);
    assert_eq!(world.bridge.state("1001"), r#"{"state":"not-ready","reason":"switch-lost"}"#);
}

/// The linkage and the customer of an agent's interaction at the bridge.
fn linkage(world: &World, agent: &str) -> (model::LinkageId, Option<String>) {
    let interaction = world.bridge.interaction(agent);
    (interaction.linkage, interaction.customer.at.number().map(str::to_owned))
}

/// The agent talks to a customer, and a colleague is signed in.
fn with_a_colleague() -> World {
    let mut world = on_a_call();
    world.desk("1002", Verb::SignIn { device: None, queues: None });
    world
}

#[test]
fn a_colleague_who_is_consulted_gets_the_linkage_and_after_the_transfer_the_customer() {
    let mut world = with_a_colleague();
    let (before, _) = linkage(&world, "1001");
    world.desk("1001", Verb::Consult { to: number("1002"), data: Data::new() });
    assert_eq!(linkage(&world, "1002"), (before, Some("1001".to_owned())));
    assert_eq!(world.bridge.interaction("1002").data.get("AccountCode"), Some("A-1"));
    world.desk("1002", Verb::Answer);
    world.desk("1001", Verb::CompleteTransfer);
    world.pass(2_000);
    assert_eq!(world.bridge.picture("1001"), "");
    assert_eq!(world.bridge.picture("1002"), "started primary:talking");
    assert_eq!(linkage(&world, "1002"), (before, Some(CUSTOMER.to_owned())));
}

#[test]
fn a_transfer_without_a_consult_keeps_the_linkage() {
    for to in ["1002", "7700"] {
        let mut world = with_a_colleague();
        let (before, _) = linkage(&world, "1001");
        world.desk("1002", Verb::Ready);
        world.desk("1001", Verb::NotReady { reason: Some("lunch".parse().unwrap()) });
        world.desk("1001", Verb::Transfer { to: number(to) });
        world.pass(1_000);
        assert_eq!(world.bridge.picture("1002"), "alerting primary:alerting", "{to}");
        assert_eq!(linkage(&world, "1002"), (before, Some(CUSTOMER.to_owned())), "{to}");
    }
}

#[test]
fn a_call_of_another_customer_has_a_linkage_of_its_own() {
    let mut world = with_a_colleague();
    let (before, _) = linkage(&world, "1001");
    world.desk("1001", Verb::Transfer { to: number(FRIEND) });
    world.caller_from("+14155557777", "1002");
    world.pass(1_000);
    let (other, customer) = linkage(&world, "1002");
    assert_eq!(customer.as_deref(), Some("+14155557777"));
    assert_ne!(other, before);
}

#[test]
fn a_colleague_who_joins_shares_the_linkage() {
    let mut world = with_a_colleague();
    let (before, _) = linkage(&world, "1001");
    world.desk("1001", Verb::Consult { to: number("1002"), data: Data::new() });
    world.desk("1002", Verb::Answer);
    world.desk("1001", Verb::Merge);
    world.pass(2_000);
    assert_eq!(linkage(&world, "1001").0, before);
    assert_eq!(linkage(&world, "1002").0, before);
    world.desk("1001", Verb::HangUp { leg: None });
    world.pass(2_000);
    assert_eq!(world.bridge.picture("1002"), "started primary:talking");
}

#[test]
fn a_phone_that_another_agent_uses_makes_the_agent_not_ready() {
    let mut world = World::new();
    let device = Some(model::DeviceId::new("1001").unwrap());
    world.local("1003", Verb::SignIn { device, queues: None });
    world.desk("1001", Verb::SignIn { device: None, queues: None });
    world.desk("1001", Verb::Ready);
    let refused = r#"{"state":"not-ready","reason":"phone-refused"}"#;
    assert_eq!(world.bridge.state("1001"), refused);
    let text = "another agent is signed in at phone 1001";
    assert!(world.bridge.notices().iter().any(|notice| notice.contains(text)));
    world.desk("1001", Verb::Ready);
    assert_eq!(world.bridge.state("1001"), refused, "the phone is still taken");
    world.local("1003", Verb::SignOut { reason: None });
    world.desk("1001", Verb::Ready);
    assert_eq!(world.bridge.state("1001"), r#"{"state":"ready"}"#);
    assert_eq!(world.phones.state("1001"), r#"{"state":"ready"}"#);
}

#[test]
fn a_phone_that_another_agent_takes_makes_the_agent_not_ready() {
    let mut world = at_work();
    let target = target_of(&mut world, "channel.request.ready");
    world.forge(false, &message("cti.event", "channel.unavailable", &target, json!({})));
    assert_eq!(world.bridge.state("1001"), r#"{"state":"not-ready","reason":"phone-refused"}"#);
    world.forge(false, &message("cti.event", "channel.available", &target, json!({})));
    world.desk("1001", Verb::Ready);
    assert_eq!(world.bridge.state("1001"), r#"{"state":"ready"}"#);
}

/// The bridge invites a person into the call.
fn invite(world: &mut World, to: &str) {
    let target = target_of(world, "conversation.query.init");
    let body = json!({ "destination": to });
    world.forge(true, &message("cti.request", "conversation.request.blindconference", &target, body));
}

#[test]
fn a_person_who_is_invited_joins_the_call_after_the_answer() {
    let mut world = on_a_call();
    invite(&mut world, FRIEND);
    world.pass(1_000);
    assert_eq!(both(&world), ["started primary:talking"; 2]);
    let primary = world.bridge.interaction("1001").primary.unwrap();
    let others: Vec<_> = primary.parties.iter().filter_map(|party| party.at.number()).collect();
    assert_eq!(others, [CUSTOMER, FRIEND]);
    let transcript = world.transcript();
    assert!(
        transcript.contains("client success") && transcript.contains("conversation.member.added"),
        "{transcript}"
    );
    assert!(
        !transcript.contains("interaction.consult "),
        "the call to the person is not reported: {transcript}"
    );
}

#[test]
fn a_person_who_does_not_answer_an_invitation_is_not_called_any_longer() {
    let mut world = with_a_colleague();
    invite(&mut world, "1002");
    world.pass(19_000);
    assert_eq!(world.bridge.picture("1002"), "alerting primary:alerting");
    world.pass(3_000);
    assert_eq!(world.bridge.picture("1002"), "");
    assert_eq!(both(&world), ["started primary:talking"; 2]);
    let transcript = world.transcript();
    assert!(transcript.contains(r#"client failure("timeout")"#), "{transcript}");
}
