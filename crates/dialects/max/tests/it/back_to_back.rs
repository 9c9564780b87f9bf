//! Both ends together: what the telephony end posts, the desk end receives, and the reverse.

use crate::max_bench;
use crate::support;

use max_bench::MaxBench;
use model::{AgentState, ConversationState, SwitchEvent, SwitchRequest};
use support::{ORIGIN, Stage};

/// Cordboard as MAX, with a page of Cordboard's desk end in its workspace.
struct Pair {
    stage: Stage,
    max_bench: MaxBench,
    /// The events of the switch, in a word each.
    reported: Vec<String>,
    answers: usize,
    verbs: Vec<&'static str>,
    picture: usize,
}

impl Pair {
    fn new(mut stage: Stage) -> Self {
        stage.workspace(1);
        let mut pair = Self {
            stage,
            max_bench: MaxBench::new(),
            reported: Vec::new(),
            answers: 0,
            verbs: Vec::new(),
            picture: 0,
        };
        pair.carry();
        pair
    }

    /// Carries messages in both directions until there are none.
    fn carry(&mut self) {
        loop {
            let from_desk = self.max_bench.sent();
            self.reported.extend(from_desk.brief());
            self.answers += from_desk.done().iter().filter(|done| **done).count();
            for event in &from_desk.events {
                if let SwitchEvent::LinkUp { calls, .. } = event {
                    self.picture = calls.len();
                }
            }
            for (_, message) in &from_desk.posts {
                self.stage.post_from(1, ORIGIN, message.clone());
            }
            let from_telephony = self.stage.sent();
            self.verbs.extend(from_telephony.verbs());
            if from_desk.posts.is_empty() && from_telephony.posts.is_empty() {
                return;
            }
            for (_, _, message) in from_telephony.posts {
                self.max_bench.post(max_bench::MAX, message);
            }
        }
    }

    fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.reported)
    }

    fn request(
        &mut self,
        make: impl Fn(model::CallId, model::DeviceId) -> SwitchRequest,
    ) -> Vec<&'static str> {
        self.max_bench.request(make("1001:1".parse().unwrap(), "1001".parse().unwrap()));
        self.carry();
        std::mem::take(&mut self.verbs)
    }
}

#[test]
fn a_call_of_one_hub_is_worked_at_another() {
    let mut pair = Pair::new(Stage::ready());
    assert_eq!(pair.take(), ["link-up"]);
    pair.stage.ring(1);
    pair.carry();
    assert_eq!(pair.take(), ["delivered"]);
    assert_eq!(pair.request(|call, device| SwitchRequest::AnswerCall { call, device }), ["answer"]);
    pair.stage.answer(1);
    pair.carry();
    assert_eq!((pair.take(), pair.answers), (vec!["established".to_owned()], 1));
    assert_eq!(pair.request(|call, device| SwitchRequest::HoldCall { call, device }), ["hold"]);
    pair.stage.leg(1, ConversationState::Held);
    pair.carry();
    assert_eq!((pair.take(), pair.answers), (vec!["held".to_owned()], 2));
    assert_eq!(pair.request(|call, device| SwitchRequest::RetrieveCall { call, device }), ["resume"]);
    pair.stage.leg(1, ConversationState::Talking);
    pair.carry();
    assert_eq!(pair.request(|call, device| SwitchRequest::SetMute { call, device, on: true }), ["mute"]);
    pair.stage.controls(1, true, false, false);
    pair.carry();
    assert_eq!(pair.request(|call, device| SwitchRequest::StartRecording { call, device }), ["record"]);
    pair.stage.controls(1, true, false, true);
    pair.carry();
    assert_eq!(pair.request(|call, device| SwitchRequest::PauseRecording { call, device }), ["mask"]);
    pair.stage.controls(1, true, true, true);
    pair.carry();
    assert_eq!(pair.request(|call, device| SwitchRequest::ResumeRecording { call, device }), ["mask"]);
    pair.stage.controls(1, true, false, true);
    pair.carry();
    assert_eq!(pair.request(|call, device| SwitchRequest::ClearConnection { call, device }), ["hang-up"]);
    pair.stage.end(1);
    pair.stage.complete(1);
    pair.carry();
    assert_eq!(
        (pair.take(), pair.answers),
        (vec!["retrieved".to_owned(), "connection-cleared".to_owned(), "connection-cleared".to_owned()], 8)
    );
}

#[test]
fn a_consult_of_one_hub_is_the_consult_at_another() {
    let mut pair = Pair::new(Stage::talking());
    pair.take();
    pair.stage.leg(1, ConversationState::Held);
    pair.stage.consult(1, ConversationState::Dialing);
    pair.carry();
    assert_eq!(pair.take(), ["held", "originated"]);
    pair.stage.consult(1, ConversationState::Talking);
    pair.carry();
    assert_eq!(pair.take(), ["established"]);
    pair.stage.merge(1);
    pair.carry();
    assert_eq!(pair.take(), ["retrieved", "conferenced"]);
    pair.stage.alone(1);
    pair.carry();
    assert_eq!(pair.take(), ["connection-cleared"]);
}

#[test]
fn a_page_that_comes_in_mid_call_has_the_call_in_its_picture() {
    let pair = Pair::new(Stage::talking());
    assert_eq!((pair.reported, pair.picture), (vec!["link-up".to_owned()], 1));
}

#[test]
fn a_page_that_was_reloaded_is_still_registered_and_registers_anew() {
    let mut pair = Pair::new(Stage::talking());
    let fresh = MaxBench::new();
    pair.max_bench = fresh;
    pair.carry();
    assert!(!pair.max_bench.bench.session().is_up(), "the window is registered, and hears nothing");
    pair.max_bench.pass(3);
    pair.carry();
    assert!(pair.max_bench.bench.session().is_up());
    assert_eq!(pair.picture, 1);
}

#[test]
fn an_agent_who_goes_and_comes_is_followed() {
    let mut pair = Pair::new(Stage::signed_out());
    pair.stage.sign_in();
    pair.stage.become_(AgentState::Ready, None);
    let from_telephony = pair.stage.sent();
    for (_, _, message) in from_telephony.posts {
        pair.max_bench.post(max_bench::MAX, message);
    }
    assert_eq!(pair.max_bench.sent().verbs(), ["sign-in", "not-ready", "sign-in", "ready"]);
    pair.stage.sign_out();
    let from_telephony = pair.stage.sent();
    for (_, _, message) in from_telephony.posts {
        pair.max_bench.post(max_bench::MAX, message);
    }
    assert_eq!(pair.max_bench.sent().verbs(), ["sign-out"]);
}
