//! Answers of switches to requests.

use model::{
    AgentId, AgentState, CallId, Cause, ConversationEvent, Event, InteractionId, Leg, LinkEvent, NoticeTopic,
    RequestId, SwitchAnswer, SwitchId, SwitchRequest, reason, switch::DeflectTo,
};

use super::request_snapshot;
use crate::{
    agent,
    interaction::{self, is_call},
    routing,
    state::PendingRequest,
    turn::Turn,
};

/// Handles the answer to a request. Ignores answers to requests that are not open.
pub(crate) fn answered(turn: &mut Turn, switch: &SwitchId, request: RequestId, answer: SwitchAnswer) {
    let open = turn.state().requests.get(&request).filter(|pending| pending.switch == *switch);
    let Some(pending) = open.cloned() else { return };
    close(turn, switch, request, &pending, answer.clone());
    match answer {
        SwitchAnswer::Done { .. } => done(turn, &pending),
        SwitchAnswer::Refused { text, .. } => refused(turn, switch, &pending, &text),
    }
}

/// Applies the effect of requests for which the switch sends no event: the answer is the only confirmation.
fn done(turn: &mut Turn, pending: &PendingRequest) {
    let Some(id) = pending.interaction else { return };
    match &pending.what {
        SwitchRequest::SetMute { on, .. } => set_controls(turn, id, Some(*on), None, None),
        SwitchRequest::StartRecording { .. } => set_controls(turn, id, None, None, Some(true)),
        SwitchRequest::PauseRecording { .. } => set_controls(turn, id, None, Some(true), None),
        SwitchRequest::ResumeRecording { .. } => set_controls(turn, id, None, Some(false), None),
        SwitchRequest::MakeCall { .. }
        | SwitchRequest::AnswerCall { .. }
        | SwitchRequest::ClearConnection { .. }
        | SwitchRequest::HoldCall { .. }
        | SwitchRequest::RetrieveCall { .. }
        | SwitchRequest::ConsultationCall { .. }
        | SwitchRequest::AlternateCall { .. }
        | SwitchRequest::TransferCall { .. }
        | SwitchRequest::ConferenceCall { .. }
        | SwitchRequest::SingleStepTransfer { .. }
        | SwitchRequest::DeflectCall { .. }
        | SwitchRequest::GenerateDigits { .. }
        | SwitchRequest::Snapshot => {}
    }
}

fn set_controls(
    turn: &mut Turn,
    id: InteractionId,
    muted: Option<bool>,
    masked: Option<bool>,
    recording: Option<bool>,
) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let event = Event::Conversation(ConversationEvent::ControlsChanged {
        agent: interaction.agent.clone(),
        interaction: id,
        muted: muted.unwrap_or(interaction.muted),
        masked: masked.unwrap_or(interaction.masked),
        recording: recording.unwrap_or(interaction.recording),
    });
    turn.emit(event);
}

/// Closes a request that cannot be sent to the switch again.
pub(super) fn give_up(turn: &mut Turn, switch: &SwitchId, request: RequestId, why: &str) {
    let Some(pending) = turn.state().requests.get(&request).cloned() else { return };
    let answer = SwitchAnswer::Refused { cause: Cause::Failed, text: why.into() };
    close(turn, switch, request, &pending, answer);
    let (service, switch, reason) = (service(&pending.what).to_owned(), switch.clone(), why.to_owned());
    notify(turn, &pending, NoticeTopic::RequestNotSent { service, switch, reason });
}

fn close(
    turn: &mut Turn,
    switch: &SwitchId,
    request: RequestId,
    pending: &PendingRequest,
    answer: SwitchAnswer,
) {
    turn.emit(Event::Link(LinkEvent::Answered {
        request,
        switch: switch.clone(),
        agent: pending.agent.clone(),
        interaction: pending.interaction,
        answer,
    }));
}

fn notify(turn: &mut Turn, pending: &PendingRequest, topic: NoticeTopic) {
    turn.notice(pending.agent.as_ref(), pending.interaction, topic);
}

fn refused(turn: &mut Turn, switch: &SwitchId, pending: &PendingRequest, why: &str) {
    let (service, reason) = (service(&pending.what).to_owned(), naming_people(turn, switch, why));
    notify(turn, pending, NoticeTopic::RequestRefused { service, switch: switch.clone(), reason });
    if let SwitchRequest::DeflectCall { call, to, .. } = &pending.what {
        if let (DeflectTo::Device(_), Some(agent)) = (to, &pending.agent) {
            offer_failed(turn, switch, agent, call);
        }
        request_snapshot(turn, switch);
    }
    if let (SwitchRequest::ClearConnection { call, .. }, Some(id)) = (&pending.what, pending.interaction) {
        release_failed(turn, id, call);
    }
    // The request looked possible, so the switch's state differs from the known state.
    let believed = pending.interaction.and_then(|id| turn.state().interaction(id));
    if believed.is_some_and(is_call) {
        request_snapshot(turn, switch);
    }
}

/// A text of a switch, with the people in place of the IDs of known calls.
fn naming_people(turn: &Turn, switch: &SwitchId, text: &str) -> String {
    let mut is_call = false;
    let named = text.split(' ').map(|word| {
        let id = word.trim_end_matches([',', ';', '.', ':']);
        let names_call = std::mem::replace(&mut is_call, word == "call");
        let person = CallId::new(id).ok().filter(|_| names_call);
        let person = person.and_then(|call| person_in(turn, switch, &call));
        person.map_or_else(|| word.to_owned(), |person| format!("with {person}{}", &word[id.len()..]))
    });
    named.collect::<Vec<_>>().join(" ")
}

/// Who the agents of a call talk with.
fn person_in(turn: &Turn, switch: &SwitchId, call: &CallId) -> Option<String> {
    let (id, leg) = *turn.state().legs_of(switch, call).first()?;
    let interaction = turn.state().interaction(id)?;
    match leg {
        Leg::Primary => Some(interaction::customer_name(interaction)),
        Leg::Consult => interaction.leg(leg)?.parties.first().map(interaction::party_name),
    }
}

/// The switch did not hang up, so the agent can force the end of a call that continues.
fn release_failed(turn: &mut Turn, id: InteractionId, call: &CallId) {
    let goes_on = turn.state().interactions.get(&id).is_some_and(|live| live.releasing.contains_key(call));
    if goes_on {
        interaction::overdue(turn, id);
    }
}

/// Handles an offer that the switch could not send to the agent's phone: the call returns to the front of its queue,
/// and the agent is not ready until it sets ready.
fn offer_failed(turn: &mut Turn, switch: &SwitchId, id: &AgentId, call: &CallId) {
    let offer = turn.state().agent(id).and_then(|agent| agent.offer.as_ref());
    let is_offered = offer.is_some_and(|offer| offer.call == *call);
    let rings =
        turn.state().legs_of(switch, call).iter().any(|(one, _)| {
            turn.state().interaction(*one).is_some_and(|interaction| interaction.agent == *id)
        });
    if is_offered && !rings {
        routing::return_offer(turn, id);
        let reason = reason::code(reason::DEVICE_FAILED);
        if turn.state().agent(id).is_some_and(|agent| agent.state == AgentState::Ready) {
            agent::change(turn, id, AgentState::NotReady { reason }, None);
        }
    }
}

/// The CSTA name of a request.
fn service(what: &SwitchRequest) -> &'static str {
    match what {
        SwitchRequest::MakeCall { .. } => "Make Call",
        SwitchRequest::AnswerCall { .. } => "Answer Call",
        SwitchRequest::ClearConnection { .. } => "Clear Connection",
        SwitchRequest::HoldCall { .. } => "Hold Call",
        SwitchRequest::RetrieveCall { .. } => "Retrieve Call",
        SwitchRequest::ConsultationCall { .. } => "Consultation Call",
        SwitchRequest::AlternateCall { .. } => "Alternate Call",
        SwitchRequest::TransferCall { .. } => "Transfer Call",
        SwitchRequest::ConferenceCall { .. } => "Conference Call",
        SwitchRequest::SingleStepTransfer { .. } => "Single Step Transfer Call",
        SwitchRequest::DeflectCall { .. } => "Deflect Call",
        SwitchRequest::GenerateDigits { .. } => "Generate Digits",
        SwitchRequest::SetMute { .. } => "Set Microphone Mute",
        SwitchRequest::StartRecording { .. } => "Record Message",
        SwitchRequest::PauseRecording { .. } => "Suspend",
        SwitchRequest::ResumeRecording { .. } => "Resume",
        SwitchRequest::Snapshot => "Snapshot",
    }
}
