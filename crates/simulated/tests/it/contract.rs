//! Parts of the session contract that other tests do not cover.

use cordboard_simulated::SwitchSession;
use model::{Code, CommandId, Rejection, RequestId, SwitchEvent, SwitchRequest, Timestamp};
use session::{Exchange, Failure, FromHttp, FromHub, Http, Input, Output, Session, ToHub};

use crate::room::config;

fn session() -> SwitchSession {
    SwitchSession::new(config()).unwrap()
}

#[test]
fn what_a_switch_has_no_use_for_is_ignored() {
    let mut session = session();
    let command = CommandId::new("never asked").unwrap();
    let result = Err(Rejection::new(Code::Internal, "never asked"));
    let response = http::Response::new(bytes::Bytes::new());
    let inputs = [
        Input::Tick,
        Input::Hub(FromHub::Closing),
        Input::Hub(FromHub::Answer { command, result }),
        Input::Peer(FromHttp::Response { exchange: Exchange(1), response }),
        Input::Peer(FromHttp::Failed { exchange: Exchange(2), failure: Failure::NotSent(String::new()) }),
    ];
    for input in inputs {
        session.handle(Timestamp(1), input);
        assert!(session.poll().is_none());
        assert!(session.deadline().is_none());
    }
}

#[test]
fn requests_are_taken_while_the_node_is_closing() {
    let mut session = session();
    session.handle(Timestamp(1), Input::Start);
    session.handle(Timestamp(2), Input::Hub(FromHub::Closing));
    let requested = SwitchRequest::Snapshot;
    session.handle(Timestamp(3), Input::Hub(FromHub::Requested { request: RequestId(1), requested }));
    let outputs: Vec<Output<Http>> = std::iter::from_fn(|| session.poll()).collect();
    let [up, phones, answer, again, _] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert!(matches!(up, Output::Hub(ToHub::Switch(_))) && matches!(again, Output::Hub(ToHub::Switch(_))));
    assert!(
        matches!(phones, Output::Hub(ToHub::Switch(SwitchEvent::PhonesListed { phones })) if !phones.is_empty())
    );
    assert!(matches!(answer, Output::Hub(ToHub::SwitchAnswer { request: RequestId(1), .. })));
}

#[test]
fn a_call_of_another_run_has_another_id() {
    let ids = [1, 2].map(|started| {
        let mut switch = cordboard_simulated::Switch::new(config()).unwrap();
        switch.start(Timestamp(started));
        switch.caller(Timestamp(9), cordboard_simulated::Caller::to(crate::room::number("7700"))).unwrap()
    });
    assert_ne!(ids[0], ids[1]);
}
