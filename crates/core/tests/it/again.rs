//! Repetitions and losses: repeated commands, repeated events, lost links, replayed journals.

use crate::floor;

use cordboard_core::Input;
use floor::*;
use model::{
    Cause, Code, Data, InteractionState, Party, PartyKind, Pop, SwitchEvent, SwitchRequest, Verb,
    switch::{CallPicture, ConnectionPicture, ConnectionState},
};

#[test]
fn a_repeated_command_gets_the_first_answer_and_changes_nothing() {
    let mut hub = Hub::new();
    let sign_in = Verb::SignIn { device: None, queues: None };
    let command = hub.command("1001", sign_in, "once");
    let first = hub.input(Input::Command(Box::new(command.clone())));
    hub.run("1001", Verb::Ready).unwrap();
    let again = hub.input(Input::Command(Box::new(command)));
    assert_eq!(first.reply, again.reply);
    assert!(again.records.is_empty());
    let other = hub.command("1001", Verb::Ready, "once");
    assert_eq!(hub.input(Input::Command(Box::new(other))).reply.unwrap_err().code, Code::Conflict);
}

#[test]
fn a_refused_command_is_refused_again_in_the_same_words() {
    let mut hub = Hub::new();
    let command = hub.command("1001", Verb::Ready, "early");
    let first = hub.input(Input::Command(Box::new(command.clone()))).reply.unwrap_err();
    hub.run("1001", Verb::SignIn { device: None, queues: None }).unwrap();
    assert_eq!(hub.input(Input::Command(Box::new(command))).reply.unwrap_err(), first);
}

#[test]
fn a_command_that_changed_nothing_changes_nothing_when_it_is_repeated() {
    let mut hub = Hub::new();
    hub.run("1001", Verb::SignIn { device: None, queues: None }).unwrap();
    hub.run("1001", Verb::Ready).unwrap();
    let command = hub.command("1001", Verb::Ready, "needless");
    let first = hub.input(Input::Command(Box::new(command.clone()))).reply;
    hub.run("1001", Verb::NotReady { reason: None }).unwrap();
    let again = hub.input(Input::Command(Box::new(command)));
    assert_eq!(again.reply, first);
    assert!(again.records.is_empty());
}

#[test]
fn the_journal_alone_gives_the_same_state() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.queued("b");
    hub.run("1001", Verb::SetData { set: [("k", "v")].into_iter().collect(), unset: vec![] }).unwrap();
    hub.cleared("a", phone("1001").at, Cause::Normal);
    assert_eq!(hub.replayed().state(), hub.core.state());
    let json = serde_json::to_string(hub.core.state()).unwrap();
    let restored = cordboard_core::Core::restore(serde_json::from_str(&json).unwrap());
    assert_eq!(restored.state(), hub.core.state());
}

#[test]
fn an_event_that_is_repeated_after_the_call_requests_a_snapshot_and_rings_nowhere() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.cleared("a", phone("1001").at, Cause::Normal);
    hub.run("1001", Verb::Complete { disposition: None, notes: None }).unwrap();
    hub.delivered("a", "1001", caller(), None);
    assert!(hub.all_of("1001").is_empty());
    assert_eq!(hub.take_requests(), [SwitchRequest::Snapshot]);
}

fn picture(id: &str, connections: &[(Party, ConnectionState)]) -> CallPicture {
    let connection =
        |(party, state): &(Party, ConnectionState)| ConnectionPicture { party: party.clone(), state: *state };
    CallPicture {
        call: call(id),
        queue: None,
        caller: caller(),
        dialled: number("7700"),
        linked: None,
        data: Data::new(),
        connections: connections.iter().map(connection).collect(),
    }
}

#[test]
fn after_a_lost_link_the_switch_is_believed() {
    let mut hub = Hub::new();
    hub.talk("gone", "1001");
    hub.talk("stays", "1002");
    hub.run("1003", Verb::SignIn { device: None, queues: None }).unwrap();
    hub.report(SwitchEvent::LinkDown { why: "cut".into() });
    let hold = hub.run("1002", Verb::Hold { leg: None });
    assert_eq!(hold.unwrap_err().code, Code::SwitchUnavailable);
    let (talks, rings) = (ConnectionState::Connected, ConnectionState::Alerting);
    hub.link_up(vec![
        picture("stays", &[(caller(), talks), (phone("1002"), ConnectionState::Held)]),
        picture("new", &[(caller(), talks), (phone("1003"), rings)]),
    ]);
    assert_eq!(hub.of("1001").cause, Some(Cause::Lost));
    assert_eq!(hub.of("1002").primary.unwrap().state, model::ConversationState::Held);
    assert_eq!(hub.of("1003").state, InteractionState::Alerting);
}

#[test]
fn a_waiting_call_survives_the_loss_of_its_agents_desk() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.queued("a");
    hub.run("1001", Verb::SignOut { reason: None }).unwrap();
    hub.ready("1002");
    let sent = hub.take_requests();
    assert!(matches!(sent.last(), Some(SwitchRequest::DeflectCall { from: None, .. })), "{sent:?}");
}

#[test]
fn a_switch_that_does_not_answer_is_given_up() {
    let mut hub = Hub::new();
    hub.run("1001", Verb::SignIn { device: None, queues: None }).unwrap();
    hub.run("1001", Verb::Dial { to: number("1002"), data: Data::new() }).unwrap();
    hub.wait(34_999);
    assert_eq!(*hub.words().last().unwrap(), "switch-requested");
    hub.wait(1);
    assert_eq!(hub.words()[hub.words().len() - 2..], ["switch-answered", "notice-raised"]);
    hub.run("1001", Verb::Dial { to: number("1002"), data: Data::new() }).unwrap();
}

#[test]
fn a_notice_joins_the_call_with_its_number_and_a_mandatory_log_holds_it_open() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    let pop = Pop { ani: Some(number("14155550100")), log_required: true, ..Pop::default() };
    let mut command = hub.command("1001", Verb::Notify { pop: Box::new(pop) }, "n1");
    command.by.role = model::Role::Integration;
    hub.input(Input::Command(Box::new(command))).reply.unwrap();
    assert_eq!(hub.of("1001").pops.len(), 1);
    hub.cleared("a", phone("1001").at, Cause::Normal);
    hub.wait(60_000);
    assert_eq!(hub.state_of("1001"), "wrap-up");
    let early = hub.run("1001", Verb::Complete { disposition: None, notes: None });
    assert_eq!(early.unwrap_err().code, Code::LogRequired);
    assert_eq!(hub.run("1001", Verb::Ready).unwrap_err().code, Code::LogRequired);
    let log = Verb::Log { subject: "s".into(), text: "t".into(), fields: Data::new() };
    hub.run("1001", log).unwrap();
    hub.run("1001", Verb::Ready).unwrap();
    assert_eq!(hub.completed()[0].logs.len(), 1);
}

#[test]
fn a_waiting_call_that_rings_without_a_request_is_offered_to_whom_it_rings_at() {
    let mut hub = Hub::new();
    hub.run("1001", Verb::SignIn { device: None, queues: None }).unwrap();
    hub.queued("a");
    hub.delivered("a", "1001", caller(), None);
    let offered = hub.journal.iter().any(|record| {
        let event = serde_json::to_value(&record.event).unwrap();
        event["change"] == "offered" && event["agent"] == "1001"
    });
    assert!(offered, "nobody would take it back when it rings and nobody answers");
    assert!(hub.core.deadline().is_some());
}

#[test]
fn a_key_that_was_used_cannot_be_used_for_another_number_or_another_agent() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.ready("1002");
    let dial = |to: &str| Verb::Dial { to: number(to), data: Data::new() };
    let first = hub.command("1001", dial("+14155550100"), "once");
    assert!(hub.input(Input::Command(Box::new(first.clone()))).reply.is_ok());
    let other = hub.command("1001", dial("+14155550199"), "once");
    let refused = hub.input(Input::Command(Box::new(other))).reply.unwrap_err();
    assert_eq!(refused.code, Code::Conflict);
    let by = model::Principal { role: model::Role::Integration, ..first.by.clone() };
    let of_another = model::Command { agent: agent("1002"), by, ..first.clone() };
    assert_eq!(hub.input(Input::Command(Box::new(of_another))).reply.unwrap_err().code, Code::Conflict);
    assert!(hub.input(Input::Command(Box::new(first))).reply.is_ok());
}

#[test]
fn a_key_of_a_refused_command_cannot_be_used_for_another_one() {
    let mut hub = Hub::new();
    let dial = |to: &str| Verb::Dial { to: number(to), data: Data::new() };
    let early = hub.command("1001", dial("+14155550100"), "early");
    assert_eq!(hub.input(Input::Command(Box::new(early))).reply.unwrap_err().code, Code::NotSignedIn);
    let other = hub.command("1001", dial("+14155550199"), "early");
    assert_eq!(hub.input(Input::Command(Box::new(other))).reply.unwrap_err().code, Code::Conflict);
}

#[test]
fn a_phone_that_waits_in_a_queue_is_its_agents_work() {
    let mut hub = Hub::new();
    hub.ready("1001");
    let waits = picture("waits", &[(phone("1001"), ConnectionState::Queued)]);
    hub.link_up(vec![CallPicture { queue: Some(queue("7700")), caller: phone("1001"), ..waits }]);
    let one = hub.of("1001");
    assert_eq!(one.state, InteractionState::Dialing);
    assert_eq!(one.customer.at, PartyKind::Outside(number("7700")));
}
