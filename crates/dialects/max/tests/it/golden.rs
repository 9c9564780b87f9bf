//! Complete messages in their wire format.

use crate::support;

use model::{Cause, ConversationState};
use support::*;

#[test]
fn a_call_from_the_first_ring_to_the_end() {
    let mut stage = Stage::signed_out();
    stage.workspace(1);
    stage.register(1, &["all"]);
    stage.sign_in();
    stage.ring(304_828_365);
    stage.answer(304_828_365);
    stage.leg(304_828_365, ConversationState::Held);
    stage.controls(304_828_365, true, false, true);
    stage.end(304_828_365);
    stage.complete(304_828_365);
    stage.sign_out();
    let sent = stage.sent();
    insta::assert_json_snapshot!(sent.to(1));
}

#[test]
fn a_consult_from_the_first_ring_to_the_end() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["contacts", "agent"]);
    stage.sent();
    stage.leg(1, ConversationState::Held);
    stage.consult(1, ConversationState::Dialing);
    stage.consult(1, ConversationState::Talking);
    stage.consult(1, ConversationState::Held);
    stage.close_consult(1, Cause::Normal);
    insta::assert_json_snapshot!(stage.sent().to(1));
}

#[test]
fn what_a_page_keeps() {
    let mut stage = Stage::talking();
    stage.panel(1, 1);
    stage.register(1, &["contact", "sessioninfo"]);
    stage.sent();
    insta::assert_json_snapshot!(stage.kept());
}
