//! Both ends together.

use crate::common;

use std::time::Duration;

use common::{Answered, Town};
use cordboard_talisma::{Auth, NOT_TAKEN, NotifyOn, SESSION_PAIR, Soap, wire::Status};
use model::Secret;

#[test]
fn a_call_that_rings_opens_a_phone_session_at_the_other_end() {
    let mut town = Town::new(|_| {});
    town.ring("+1 415 555 0100", "7700");
    let pops = town.pops();
    assert_eq!(pops.len(), 1);
    let (agent, pop) = &pops[0];
    assert_eq!(agent.as_str(), "1001");
    assert_eq!(pop.ani.as_ref().map(|number| number.as_str()), Some("+14155550100"));
    assert_eq!(pop.dialled.as_ref().map(|number| number.as_str()), Some("7700"));
    assert_eq!((pop.resolve[0].key.as_str(), pop.resolve[0].value.as_str()), ("Phone", "+14155550100"));
    assert_eq!(town.answers(), [Answered::Ok]);
}

#[test]
fn soap_12_and_basic_do_as_well() {
    let mut town = Town::new(|config| (config.soap, config.auth) = (Soap::Soap12, Auth::Basic));
    town.ring("+14155550100", "7700");
    assert_eq!((town.pops().len(), town.answers()), (1, vec![Answered::Ok]));
}

#[test]
fn a_call_is_posted_at_the_answer_when_that_is_wanted() {
    let mut town = Town::new(|config| config.notify_on = NotifyOn::Answer);
    let interaction = town.ring("+14155550100", "7700");
    assert_eq!(town.pops().len(), 0);
    town.answer(interaction);
    assert_eq!(town.pops().len(), 1);
}

#[test]
fn a_call_is_posted_when_the_directory_has_answered() {
    let mut town = Town::new(|_| {});
    let interaction = town.ring_unresolved("+14155550100", "7700");
    assert_eq!(town.pops().len(), 0);
    let agent = "1001".parse().unwrap();
    town.event(model::Event::Detail(model::DetailEvent::ContactResolved {
        agent,
        interaction,
        contact: None,
        candidates: Vec::new(),
    }));
    assert_eq!(town.pops().len(), 1);
}

#[test]
fn a_customer_who_is_transferred_after_a_consultation_is_posted_for_the_second_agent() {
    let mut town = Town::new(|_| {});
    let call = town.consult("1002", &[(SESSION_PAIR, "17"), ("TalismaContactId", "57")]);
    assert_eq!(town.posts(), 0);
    // Longer than a notification may wait: its time begins with the transfer.
    town.pass(Duration::from_secs(300));
    town.transfer(call, "+14155550100");
    let pops = town.pops();
    assert_eq!(pops.len(), 1);
    assert_eq!(pops[0].1.ani.as_ref().map(|number| number.as_str()), Some("+14155550100"));
    assert_eq!(pops[0].1.record.as_ref().map(|record| record.id.as_str()), Some("57"));
    assert!(town.notices().is_empty());
    assert!(town.kept(call).is_some_and(|session| session != "17"), "17 is the session of the first agent");
    town.restart();
    assert_eq!((town.pops().len(), town.posts()), (0, 1), "once for each call");
}

#[test]
fn what_may_have_arrived_is_posted_again_only_if_it_is_known_again() {
    for (session_ids, posts) in [(false, 1), (true, 2)] {
        let mut town = Town::new(|config| config.session_ids = session_ids);
        town.lose_next_answer();
        town.ring("+14155550100", "7700");
        town.pass(Duration::from_secs(10));
        assert_eq!(town.posts(), posts, "session ids: {session_ids}");
        assert_eq!(town.commands(), 1, "the agent has one phone session");
    }
}

#[test]
fn what_did_not_arrive_is_posted_again_until_the_call_is_over() {
    let mut town = Town::new(|_| {});
    town.close_door(true);
    town.ring("+14155550100", "7700");
    town.pass(Duration::from_secs(1));
    town.close_door(false);
    town.pass(Duration::from_secs(5));
    assert_eq!((town.pops().len(), town.answers().len()), (1, 1));
    town.close_door(true);
    let second = town.ring("+14155550101", "7700");
    town.end(second);
    town.close_door(false);
    town.pass(Duration::from_secs(30));
    assert_eq!(town.pops().len(), 0, "nobody is shown a call that is over");
}

#[test]
fn what_waits_for_too_long_is_dropped() {
    let mut town = Town::new(|_| {});
    town.pass(Duration::from_secs(1));
    town.refuse_service(true);
    for index in 0..20 {
        town.ring(&format!("+1415555{index:04}"), "7700");
    }
    assert!(town.held() <= 20 + 16 + 1, "{} things are held", town.held());
    town.refuse_service(false);
    town.pass(Duration::from_secs(30));
    let pops = town.pops();
    assert_eq!(pops.len(), 16, "the newest are posted");
    assert_eq!(pops.last().unwrap().1.ani.as_ref().unwrap().as_str(), "+14155550019");
}

#[test]
fn a_refusal_is_no_reason_to_post_again_and_the_agent_is_notified() {
    let mut town = Town::new(|config| config.password = Some(Secret::new("wrong")));
    let call = town.ring("+14155550100", "7700");
    town.pass(Duration::from_secs(30));
    assert_eq!((town.posts(), town.answers()), (1, vec![Answered::Fault]));
    let notices = town.notices();
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0].starts_with("Talisma was not notified of this call: FailedAuthentication"),
        "{notices:?}"
    );
    assert_eq!(town.kept(call), Some(NOT_TAKEN));
    town.restart();
    assert_eq!(town.posts(), 1);
}

/// The ways in which a service can fail to accept a notification.
const FAULTS: [fn(&mut Town, bool); 3] = [Town::close_door, Town::refuse_service, Town::take_service_away];

#[test]
fn what_did_not_arrive_is_posted_for_a_minute() {
    for fault in FAULTS {
        let mut town = Town::new(|_| {});
        fault(&mut town, true);
        let call = town.ring("+14155550100", "7700");
        town.pass(Duration::from_secs(5));
        town.answer(call);
        town.pass(Duration::from_secs(50));
        fault(&mut town, false);
        town.pass(Duration::from_secs(10));
        assert_eq!((town.pops().len(), town.notices().len()), (1, 0));
    }
}

#[test]
fn what_did_not_arrive_within_a_minute_is_given_up_and_the_agent_is_notified() {
    for fault in FAULTS {
        let mut town = Town::new(|_| {});
        fault(&mut town, true);
        let call = town.ring("+14155550100", "7700");
        town.answer(call);
        town.pass(Duration::from_secs(80));
        let notices = town.notices();
        assert_eq!(notices.len(), 1, "{notices:?}");
        fault(&mut town, false);
        town.pass(Duration::from_secs(30));
        assert_eq!((town.pops().len(), town.notices().len(), town.kept(call)), (0, 0, Some(NOT_TAKEN)));
    }
}

#[test]
fn what_did_not_arrive_is_posted_for_as_long_as_the_call_rings() {
    for fault in FAULTS {
        let mut town = Town::new(|_| {});
        fault(&mut town, true);
        town.ring("+14155550100", "7700");
        town.pass(Duration::from_secs(150));
        assert_eq!(town.notices().len(), 0);
        fault(&mut town, false);
        town.pass(Duration::from_secs(10));
        assert_eq!(town.pops().len(), 1);
    }
}

#[test]
fn a_service_that_moved_is_looked_for_again() {
    let mut town = Town::new(|_| {});
    town.ring("+14155550100", "7700");
    town.take_service_away(true);
    town.ring("+14155550101", "7700");
    town.take_service_away(false);
    town.pass(Duration::from_secs(5));
    assert_eq!(town.pops().len(), 2);
}

#[test]
fn what_the_service_has_not_taken_is_posted_after_a_restart_and_nothing_else() {
    for session_ids in [false, true] {
        let mut town = Town::new(|config| config.session_ids = session_ids);
        let taken = town.ring("+14155550100", "7700");
        assert!(town.kept(taken).is_some_and(|kept| kept.parse::<i32>().is_ok()), "{:?}", town.kept(taken));
        town.close_door(true);
        let (waits, ends) = (town.ring("+14155550101", "7700"), town.ring("+14155550102", "7700"));
        town.pass(Duration::from_secs(2));
        assert_eq!(town.kept(waits), None);
        town.end(ends);
        town.close_door(false);
        town.restart();
        town.pass(Duration::from_secs(10));
        let numbers = town.pops().into_iter().map(|(_, pop)| pop.ani.unwrap().as_str().to_owned());
        assert_eq!(numbers.collect::<Vec<_>>(), ["+14155550100", "+14155550101"]);
        town.restart();
        town.pass(Duration::from_secs(10));
        assert_eq!(town.pops().len(), 0);
    }
}

#[test]
fn two_hubs_do_not_take_each_others_calls_for_repeats() {
    let mut town = Town::new(|config| config.session_ids = true);
    town.ring("+14155550100", "7700");
    // The other hub also counts its calls from 1.
    town.another_hub();
    town.ring("+14155550101", "7700");
    assert_eq!(town.pops().len(), 2);
    let numbers: Vec<i32> = town.posted_sessions();
    assert!(numbers.iter().all(|number| *number > 0) && numbers[0] != numbers[1], "{numbers:?}");
}

#[test]
fn an_account_and_an_address_are_needed() {
    let error =
        |change: fn(&mut cordboard_talisma::TelephonyConfig)| Town::try_new(change).unwrap_err().to_string();
    assert_eq!(
        error(|config| config.password = None),
        "auth is wsse, which needs user and password; set both"
    );
    assert_eq!(
        error(|config| config.url = "ftp://crm/x".into()),
        "url \"ftp://crm/x\" is not of the form http://host:port/path or https://host:port/path"
    );
}

#[test]
fn every_status_is_negative_but_success() {
    assert_eq!(Status::Done.code(), 0);
    for code in model::Code::ALL {
        assert!(Status::of(code).code() < 0, "{code:?}");
    }
}
