//! Parties that leave a call.

use model::{
    CallId, Cause, DeviceId, Event, FloorEvent, InteractionId, Leg, NoticeTopic, Party, PartyKind,
    QueueChange, SwitchId, reason,
};

use crate::{
    interaction::{change_parties, close_leg, drop_unanswered, is_offered, waiter},
    turn::Turn,
};

/// Handles a party that left. At an agent's phone this closes a leg; other legs have one party fewer; a waiting call
/// ends when its caller leaves.
pub(super) fn cleared(turn: &mut Turn, switch: &SwitchId, call: &CallId, at: &PartyKind, cause: Cause) {
    if turn.state().waiting(switch, call).is_some_and(|(_, waiting)| waiting.caller.at == *at) {
        leave_queue(turn, switch, call, if cause == Cause::Normal { Cause::Abandoned } else { cause });
    }
    for (id, leg) in turn.state().legs_of(switch, call) {
        let Some(interaction) = turn.state().interaction(id) else { continue };
        if *at == PartyKind::Device(interaction.device.clone()) {
            close_own(turn, id, leg, cause);
        } else {
            drop_party(turn, id, leg, at);
        }
    }
}

/// Closes the leg of an agent's phone. If the phone did not answer a call that the hub offered, the agent becomes not
/// ready.
fn close_own(turn: &mut Turn, id: InteractionId, leg: Leg, cause: Cause) {
    match refusal(cause).filter(|_| leg == Leg::Primary && is_offered(turn, id)) {
        Some(word) => drop_unanswered(turn, id, cause, Some(reason::code(word))),
        None => close_leg(turn, id, leg, cause),
    }
}

/// The reason why a phone did not answer; `None` when the phone did not cause the end.
fn refusal(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::Rejected | Cause::Busy => Some(reason::REJECTED),
        Cause::NoAnswer => Some(reason::RONA),
        Cause::InvalidNumber | Cause::Failed => Some(reason::DEVICE_FAILED),
        Cause::Normal
        | Cause::Abandoned
        | Cause::Transferred
        | Cause::Conferenced
        | Cause::Deflected
        | Cause::Lost
        | Cause::Forced => None,
    }
}

/// Handles a failed call of a phone that dialed.
pub(super) fn failed(turn: &mut Turn, switch: &SwitchId, call: &CallId, device: &DeviceId, cause: Cause) {
    let Some((id, leg)) = turn.state().leg_at(switch, call, device) else { return };
    let Some(agent) = turn.state().interaction(id).map(|interaction| interaction.agent.clone()) else {
        return;
    };
    turn.notice(Some(&agent), Some(id), NoticeTopic::CallFailed { cause });
    close_leg(turn, id, leg, cause);
}

/// Removes a call from its queue that was not answered.
pub(super) fn leave_queue(turn: &mut Turn, switch: &SwitchId, call: &CallId, cause: Cause) {
    let Some((queue, waiting)) = turn.state().waiting(switch, call) else { return };
    let waited_ms = turn.now.0.saturating_sub(waiting.since.0);
    let (queue, offered) = (queue.clone(), waiting.offered.clone());
    let waiter = waiter(turn.state(), waiting);
    turn.free_agents.extend(offered);
    let change = QueueChange::Left { switch: switch.clone(), call: call.clone(), cause, waited_ms, waiter };
    turn.emit(Event::Floor(FloorEvent::QueueChanged { queue, change }));
}

fn drop_party(turn: &mut Turn, id: InteractionId, leg: Leg, at: &PartyKind) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let Some(conversation) = interaction.leg(leg) else { return };
    let left: Vec<Party> = conversation.parties.iter().filter(|party| party.at != *at).cloned().collect();
    // When no party is left, the switch is about to end this leg too. Keep the last party for display.
    if left.is_empty() || left.len() == conversation.parties.len() {
        return;
    }
    let call = conversation.call.clone();
    change_parties(turn, id, leg, call, left);
}
