//! Calls whose end the switch does not report.

use crate::floor;

use cordboard_core::Input;
use floor::*;
use model::{
    AccountName, Cause, Code, Command, CommandId, InteractionState, Principal, Role, SwitchAnswer,
    SwitchEvent, SwitchFeature, SwitchRequest, Verb,
    switch::{CallPicture, ConnectionPicture, ConnectionState},
};

fn by(hub: &mut Hub, role: Role) -> Result<(), Code> {
    let by = Principal { account: AccountName::new("boss").unwrap(), role, agent: None };
    let id = CommandId::new(format!("boss-{}", hub.journal.len())).unwrap();
    let command = Command { id, by, agent: agent("1001"), interaction: None, verb: Verb::ForceEnd };
    hub.input(Input::Command(Box::new(command))).reply.map(drop).map_err(|rejection| rejection.code)
}

fn clear(id: &str) -> SwitchRequest {
    SwitchRequest::ClearConnection { call: call(id), device: device("1001") }
}

/// The report of a switch that still has a call.
fn believed(id: &str) -> CallPicture {
    let connected = |party| ConnectionPicture { party, state: ConnectionState::Connected };
    CallPicture {
        call: call(id),
        queue: None,
        caller: caller(),
        dialled: number("7700"),
        linked: None,
        data: Default::default(),
        connections: vec![connected(caller()), connected(phone("1001"))],
    }
}

#[test]
fn somebody_who_oversees_agents_may_force_the_end_at_any_time() {
    for role in [Role::Supervisor, Role::Admin] {
        let mut hub = Hub::new();
        hub.talk("a", "1001");
        by(&mut hub, role).unwrap();
        assert_eq!(hub.take_requests(), [clear("a"), SwitchRequest::Snapshot]);
        let one = hub.of("1001");
        assert_eq!((one.state, one.cause), (InteractionState::Ended, Some(Cause::Forced)));
        assert_eq!(one.forced_by.unwrap().as_str(), "boss");
        assert_eq!(hub.state_of("1001"), "wrap-up");
        hub.wait(30_000);
        assert_eq!(hub.state_of("1001"), "ready");
        assert_eq!(hub.completed()[0].forced_by.as_ref().unwrap().as_str(), "boss");
        assert_eq!(*hub.replayed().state(), *hub.core.state());
    }
}

#[test]
fn the_agent_may_once_a_release_had_no_effect() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    assert_eq!(hub.run("1001", Verb::ForceEnd).unwrap_err().code, Code::WrongState);
    assert!(!hub.can("1001").contains(&"force-end"));
    hub.run("1001", Verb::HangUp { leg: None }).unwrap();
    assert_eq!(hub.take_requests(), [clear("a")]);
    hub.wait(9_999);
    assert!(!hub.can("1001").contains(&"force-end"));
    hub.wait(1);
    assert!(hub.can("1001").contains(&"force-end"));
    assert_eq!(hub.words().iter().filter(|word| **word == "release-overdue").count(), 1);
    assert_eq!(hub.requests.last().unwrap().what, SwitchRequest::Snapshot);
    hub.run("1001", Verb::ForceEnd).unwrap();
    assert_eq!(hub.state_of("1001"), "wrap-up");
    assert_eq!(hub.of("1001").forced_by.unwrap().as_str(), "1001");
}

#[test]
fn the_agent_may_once_a_release_was_refused_or_not_answered() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1001", Verb::HangUp { leg: None }).unwrap();
    let request = hub.requests.last().unwrap().request;
    hub.answer(request, SwitchAnswer::Refused { cause: Cause::Failed, text: "no".into() });
    assert!(hub.can("1001").contains(&"force-end"));

    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1001", Verb::HangUp { leg: None }).unwrap();
    hub.wait(10_000);
    assert!(hub.can("1001").contains(&"force-end"));
    assert_eq!(hub.words().iter().filter(|word| **word == "release-overdue").count(), 1);
}

#[test]
fn a_consult_that_was_cancelled_is_no_release_without_effect() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.report(SwitchEvent::Held { call: call("a"), device: device("1001") });
    hub.report(SwitchEvent::Originated {
        call: call("b"),
        device: device("1001"),
        to: phone("1002"),
        linked: Some(call("a")),
        data: Default::default(),
    });
    hub.run("1001", Verb::CancelConsult).unwrap();
    hub.take_requests();
    hub.cleared("b", phone("1001").at, Cause::Normal);
    hub.wait(60_000);
    assert!(!hub.words().contains(&"release-overdue"));
}

#[test]
fn where_the_switch_cannot_hang_up_the_agent_may_at_any_time() {
    let mut hub = Hub::new();
    hub.report(SwitchEvent::LinkUp { features: vec![SwitchFeature::MakeCall], calls: Vec::new() });
    hub.ready("1001");
    hub.delivered("a", "1001", caller(), None);
    hub.established("a", "1001");
    hub.run("1001", Verb::ForceEnd).unwrap();
    assert_eq!(hub.take_requests(), [SwitchRequest::Snapshot]);
    assert_eq!(hub.completed()[0].cause, Some(Cause::Forced));
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn later_events_of_the_call_do_not_bring_it_back() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    by(&mut hub, Role::Admin).unwrap();
    hub.take_requests();
    hub.link_up(vec![believed("a")]);
    hub.established("a", "1001");
    hub.report(SwitchEvent::Held { call: call("a"), device: device("1001") });
    hub.delivered("a", "1001", caller(), None);
    hub.link_up(vec![believed("a")]);
    hub.cleared("a", phone("1001").at, Cause::Normal);
    hub.wait(30_000);
    assert_eq!(hub.all_of("1001"), []);
    assert_eq!(hub.state_of("1001"), "ready");
    hub.core = hub.replayed();
    hub.link_up(vec![believed("a")]);
    assert_eq!(hub.all_of("1001"), []);
}

#[test]
fn a_ringing_call_that_is_forced_waits_in_front_again() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.queued("a");
    hub.take_requests();
    hub.delivered("a", "1001", caller(), None);
    by(&mut hub, Role::Supervisor).unwrap();
    assert_eq!(hub.state_of("1001"), "not-ready rejected");
    assert!(!hub.take_requests().contains(&clear("a")), "the caller is not hung up on");
    hub.ready("1002");
    assert_eq!(hub.take_requests().len(), 1, "the call is offered to the next");
}

#[test]
fn nothing_is_left_to_force_after_the_call() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.cleared("a", phone("1001").at, Cause::Normal);
    assert_eq!(by(&mut hub, Role::Admin), Err(Code::WrongState));
}
