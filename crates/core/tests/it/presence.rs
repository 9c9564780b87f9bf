//! Agents without a desk, agents whose switch is unreachable, and agents whom the switch refuses.

use crate::floor;

use cordboard_core::Input;
use floor::*;
use model::{Event, FloorEvent, GraceMs, SwitchEvent, SwitchRequest, Verb, switch::DeflectTo};

fn desk(hub: &mut Hub, id: &str, attended: bool) {
    hub.input(Input::Desk { agent: agent(id), attended });
}

fn last_notice(hub: &Hub) -> String {
    let mut notices = hub.journal.iter().rev().filter_map(|record| {
        if let Event::Floor(FloorEvent::NoticeRaised { notice, .. }) = &record.event {
            Some(notice.text.to_string())
        } else {
            None
        }
    });
    notices.next().unwrap()
}

#[test]
fn an_agent_whose_desk_is_gone_is_not_ready_after_the_grace_time() {
    let mut hub = Hub::new();
    desk(&mut hub, "1001", true);
    hub.ready("1001");
    desk(&mut hub, "1001", false);
    hub.wait(29_999);
    assert_eq!(hub.state_of("1001"), "ready");
    hub.wait(1);
    assert_eq!(hub.state_of("1001"), "not-ready desk-lost");
    assert_eq!(
        last_notice(&hub),
        "agent 1001 has had no desk for 30 s and is not ready from now on; open a desk and set ready"
    );
    hub.queued("a");
    assert_eq!(hub.take_requests(), []);
    desk(&mut hub, "1001", true);
    assert_eq!(hub.state_of("1001"), "not-ready desk-lost");
    hub.run("1001", Verb::Ready).unwrap();
    assert_eq!(hub.take_requests().len(), 1);
    assert_eq!(*hub.replayed().state(), *hub.core.state());
}

#[test]
fn a_desk_that_comes_back_in_time_changes_nothing() {
    let mut hub = Hub::new();
    desk(&mut hub, "1001", true);
    hub.ready("1001");
    desk(&mut hub, "1001", false);
    hub.wait(20_000);
    desk(&mut hub, "1001", true);
    hub.wait(60_000);
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn a_call_that_comes_between_the_deadline_and_the_tick_is_offered_to_nobody_without_a_desk() {
    let mut hub = Hub::new();
    desk(&mut hub, "1001", true);
    hub.ready("1001");
    desk(&mut hub, "1001", false);
    hub.now = hub.now + std::time::Duration::from_secs(31);
    hub.queued("a");
    assert_eq!(hub.take_requests(), []);
    assert_eq!(hub.state_of("1001"), "not-ready desk-lost");
}

#[test]
fn an_agent_who_works_by_the_api_alone_is_left_alone() {
    let mut hub = Hub::new();
    hub.ready("1001");
    desk(&mut hub, "1001", false);
    hub.input(Input::Started);
    hub.link_up(Vec::new());
    hub.wait(600_000);
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn who_signs_in_without_a_desk_has_none_to_lose() {
    let mut hub = Hub::new();
    desk(&mut hub, "1001", true);
    hub.ready("1001");
    hub.run("1001", Verb::SignOut { reason: None }).unwrap();
    desk(&mut hub, "1001", false);
    hub.ready("1001");
    hub.wait(600_000);
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn a_busy_agent_without_a_desk_is_not_ready_after_the_call() {
    let mut hub = Hub::new();
    desk(&mut hub, "1001", true);
    hub.talk("a", "1001");
    desk(&mut hub, "1001", false);
    hub.wait(30_000);
    assert_eq!(hub.state_of("1001"), "busy");
    hub.cleared("a", phone("1001").at, model::Cause::Normal);
    hub.wait(30_000);
    assert_eq!(hub.state_of("1001"), "not-ready desk-lost");
}

#[test]
fn who_is_made_ready_without_a_desk_has_the_grace_time_again() {
    let mut hub = Hub::new();
    desk(&mut hub, "1001", true);
    hub.ready("1001");
    desk(&mut hub, "1001", false);
    hub.wait(30_000);
    hub.run("1001", Verb::Ready).unwrap();
    hub.wait(29_999);
    assert_eq!(hub.state_of("1001"), "ready");
    hub.wait(1);
    assert_eq!(hub.state_of("1001"), "not-ready desk-lost");
}

#[test]
fn an_offer_that_has_yet_to_ring_is_taken_back() {
    let mut hub = Hub::on(model::Floor { desk_grace_ms: GraceMs(5_000), ..small_floor() });
    desk(&mut hub, "1001", true);
    hub.ready("1001");
    desk(&mut hub, "1001", false);
    hub.queued("a");
    hub.take_requests();
    hub.wait(5_000);
    let to = DeflectTo::Queue(queue("7700"));
    let back = SwitchRequest::DeflectCall { call: call("a"), from: Some(device("1001")), to };
    assert_eq!(hub.take_requests(), [back]);
    assert_eq!(hub.state_of("1001"), "not-ready desk-lost");
}

#[test]
fn a_call_that_rings_where_the_desk_is_gone_runs_out_as_any_other() {
    let mut hub = Hub::on(model::Floor { desk_grace_ms: GraceMs(5_000), ..small_floor() });
    desk(&mut hub, "1001", true);
    hub.ready("1001");
    hub.queued("a");
    hub.take_requests();
    hub.delivered("a", "1001", caller(), None);
    desk(&mut hub, "1001", false);
    hub.wait(5_000);
    assert_eq!(hub.state_of("1001"), "busy");
    hub.wait(15_000);
    assert_eq!(hub.state_of("1001"), "not-ready rona");
}

#[test]
fn after_a_start_of_the_hub_every_desk_is_gone_from_then_on() {
    let mut hub = Hub::new();
    for id in ["1001", "1002"] {
        desk(&mut hub, id, true);
        hub.ready(id);
    }
    // As when a node shuts down: sockets close first.
    desk(&mut hub, "1002", false);
    hub.core = hub.replayed();
    hub.now = hub.now + std::time::Duration::from_secs(300);
    hub.input(Input::Started);
    hub.link_up(Vec::new());
    desk(&mut hub, "1001", true);
    hub.wait(29_999);
    assert_eq!(hub.state_of("1002"), "ready");
    hub.wait(1);
    assert_eq!(hub.state_of("1002"), "not-ready desk-lost");
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn a_grace_time_of_zero_is_forever() {
    let floor = model::Floor { desk_grace_ms: GraceMs(0), switch_grace_ms: GraceMs(0), ..small_floor() };
    let mut hub = Hub::on(floor);
    desk(&mut hub, "1001", true);
    hub.ready("1001");
    desk(&mut hub, "1001", false);
    hub.report(SwitchEvent::LinkDown { why: "gone".into() });
    hub.wait(3_600_000);
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn agents_of_a_switch_that_is_away_for_long_are_not_ready() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.talk("a", "1002");
    hub.report(SwitchEvent::LinkDown { why: "gone".into() });
    hub.wait(29_999);
    assert_eq!(hub.state_of("1001"), "ready");
    hub.wait(1);
    assert_eq!(hub.state_of("1001"), "not-ready switch-lost");
    assert_eq!(hub.state_of("1002"), "busy");
    assert_eq!(last_notice(&hub), "switch pbx was unreachable for 30 s; 2 agents are not ready");
    hub.link_up(Vec::new());
    hub.wait(30_000);
    assert_eq!(hub.state_of("1002"), "not-ready switch-lost");
    assert_eq!(*hub.replayed().state(), *hub.core.state());
}

#[test]
fn a_link_that_is_lost_for_short_changes_nobody() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.report(SwitchEvent::LinkDown { why: "gone".into() });
    hub.wait(20_000);
    hub.input(Input::Started);
    hub.wait(20_000);
    hub.link_up(Vec::new());
    hub.wait(60_000);
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn an_agent_whom_the_switch_refused_is_not_ready_until_it_is_requested_again() {
    let mut hub = Hub::new();
    hub.ready("1001");
    let refused = SwitchEvent::AgentRefused { agent: agent("1001"), text: "invalid password".into() };
    hub.report(refused.clone());
    assert_eq!(hub.state_of("1001"), "not-ready phone-refused");
    assert!(last_notice(&hub).starts_with("switch pbx refused agent 1001: invalid password."));
    assert!(hub.view_of("1001").can.contains(&model::VerbName::SignIn));
    let before = hub.journal.len();
    hub.report(refused.clone());
    assert_eq!(hub.journal.len(), before, "what was told is not told again");
    hub.run("1001", Verb::SignIn { device: None, queues: None }).unwrap();
    assert_eq!(hub.state_of("1001"), "not-ready signed-in");
    hub.report(refused);
    assert_eq!(hub.state_of("1001"), "not-ready phone-refused");
    hub.run("1001", Verb::Ready).unwrap();
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn an_agent_who_is_refused_in_a_call_is_not_ready_after_it() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.report(SwitchEvent::AgentRefused { agent: agent("1001"), text: "unknown".into() });
    assert_eq!(hub.state_of("1001"), "busy");
    hub.cleared("a", phone("1001").at, model::Cause::Normal);
    hub.wait(30_000);
    assert_eq!(hub.state_of("1001"), "not-ready phone-refused");
}
