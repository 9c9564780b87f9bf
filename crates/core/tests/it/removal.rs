//! Changes of the floor while it is in use: no call is lost, and removed entries receive no further calls.

use crate::floor;

use floor::*;
use model::{AgentId, Cause, Code, Data, Floor, Verb};

/// The agents that are being removed.
fn retiring(hub: &Hub) -> Vec<AgentId> {
    hub.core.floor().retiring.agents.clone()
}

fn dial() -> Verb {
    Verb::Dial { to: number("+14155550100"), data: Data::new() }
}

#[test]
fn an_agent_with_a_call_who_is_removed_finishes_it_and_is_then_gone() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.put_floor(without_agent("1001")).unwrap();
    assert_eq!((hub.state_of("1001").as_str(), retiring(&hub)), ("busy", vec![agent("1001")]));
    for verb in [Verb::Ready, dial()] {
        assert_eq!(hub.run("1001", verb).unwrap_err().code, Code::WrongState);
    }
    hub.cleared("a", phone("1001").at, Cause::Normal);
    assert_eq!((hub.state_of("1001").as_str(), retiring(&hub)), ("wrap-up", vec![agent("1001")]));
    hub.run("1001", Verb::Complete { disposition: None, notes: Some("done".into()) }).unwrap();
    assert_eq!(**hub.core.floor(), without_agent("1001"));
    assert_eq!(hub.completed().len(), 1);
    assert!(hub.words().contains(&"agent-signed-out"));
    assert_eq!(hub.replayed().state(), hub.core.state());
}

#[test]
fn the_time_for_what_is_left_ends_the_removal_too() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.cleared("a", phone("1001").at, Cause::Normal);
    hub.put_floor(without_agent("1001")).unwrap();
    assert_eq!(hub.state_of("1001"), "wrap-up");
    hub.wait(30_000);
    assert_eq!(**hub.core.floor(), without_agent("1001"));
}

#[test]
fn an_idle_agent_who_is_removed_is_signed_out_and_its_offer_goes_to_another() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.queued("a");
    hub.take_requests();
    hub.ready("1002");
    hub.put_floor(without_agent("1001")).unwrap();
    assert_eq!(**hub.core.floor(), without_agent("1001"));
    hub.delivered("a", "1002", caller(), None);
    assert_eq!(hub.state_of("1002"), "busy");
    assert_eq!(
        hub.run("1001", Verb::SignIn { device: None, queues: None }).unwrap_err().code,
        Code::UnknownAgent
    );
}

#[test]
fn a_queue_that_is_removed_is_served_until_nobody_waits() {
    let mut hub = Hub::new();
    hub.run("1001", Verb::SignIn { device: None, queues: None }).unwrap();
    hub.queued("a");
    hub.put_floor(without_queue()).unwrap();
    assert_eq!(hub.core.floor().retiring.queues, [queue("7700")]);
    let join = Verb::SignIn { device: None, queues: Some(vec![queue("7700")]) };
    assert_eq!(hub.run("1002", join).unwrap_err().code, Code::UnknownQueue);
    hub.run("1001", Verb::Ready).unwrap();
    hub.take_requests();
    hub.delivered("a", "1001", caller(), None);
    hub.run("1001", Verb::Answer).unwrap();
    hub.take_requests();
    assert_eq!(hub.core.floor().retiring.queues, [queue("7700")], "it is not answered yet");
    hub.established("a", "1001");
    assert_eq!(**hub.core.floor(), without_queue());
    assert_eq!(hub.replayed().state(), hub.core.state());
}

#[test]
fn who_comes_back_while_being_removed_stays() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.put_floor(without_agent("1001")).unwrap();
    hub.put_floor(small_floor()).unwrap();
    assert_eq!(**hub.core.floor(), small_floor());
    hub.run("1001", Verb::Ready).unwrap();
    hub.cleared("a", phone("1001").at, Cause::Normal);
    hub.run("1001", Verb::Complete { disposition: None, notes: None }).unwrap();
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn a_floor_as_it_was_read_while_something_is_removed_can_be_put_back() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.put_floor(without_agent("1001")).unwrap();
    let read: Floor = (**hub.core.floor()).clone();
    let before = hub.journal.len();
    hub.put_floor(read).unwrap();
    assert_eq!(hub.journal.len(), before, "nothing has changed");
}

#[test]
fn a_floor_that_contradicts_itself_changes_nothing() {
    let mut hub = Hub::new();
    hub.ready("1001");
    let mut wrong = without_agent("1001");
    wrong.queues.clear();
    let before = hub.journal.len();
    assert_eq!(hub.put_floor(wrong).unwrap_err().code, Code::Invalid);
    assert_eq!((hub.journal.len(), hub.state_of("1001").as_str()), (before, "ready"));
}
