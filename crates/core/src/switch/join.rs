//! Two calls that become one, by transfer or by merge.

use model::{
    CallId, Cause, ConversationState, DeviceId, InteractionId, Leg, Party, PartyKind, Recording, SwitchId,
    WaitingCall,
};

use super::{arrive::enter, connect::move_leg, leave::leave_queue, recording};
use crate::{
    interaction::{change_parties, close_leg, close_leg_to},
    turn::Turn,
};

/// The calls that were joined, the call that remains, and its parties.
pub(super) struct Join {
    pub(super) primary: CallId,
    pub(super) consult: Option<CallId>,
    pub(super) into: CallId,
    pub(super) parties: Vec<Party>,
}

impl Join {
    fn calls(&self) -> impl Iterator<Item = &CallId> {
        std::iter::once(&self.primary).chain(&self.consult)
    }
}

/// Handles a transfer: `device` left, and all other parties continue in the remaining call.
pub(super) fn transferred(turn: &mut Turn, switch: &SwitchId, device: &DeviceId, join: &Join) {
    let recordings = recordings_at(turn, switch, device, &join.into);
    for (id, leg) in legs(turn, switch, join) {
        if is_at(turn, id, device) {
            continue;
        }
        rejoin(turn, id, leg, join);
        recordings.iter().for_each(|one| recording::add(turn, id, one));
    }
    wait_on(turn, switch, join);
    // Close the consult leg first, because the interaction ends with its last leg. The history then shows both as
    // transferred.
    let to = transferred_to(turn, switch, device, join);
    for call in join.consult.iter().chain(std::iter::once(&join.primary)) {
        if let Some((id, leg)) = turn.state().leg_at(switch, call, device) {
            let to = to.clone().filter(|_| leg == Leg::Primary);
            close_leg_to(turn, id, leg, Cause::Transferred, to);
        }
    }
}

/// Who received the customer: the person who was consulted, or the number that the agent gave.
fn transferred_to(turn: &Turn, switch: &SwitchId, device: &DeviceId, join: &Join) -> Option<Party> {
    let (id, _) = turn.state().leg_at(switch, &join.primary, device)?;
    let live = turn.state().interactions.get(&id)?;
    let consulted = live.interaction.consult.as_ref().and_then(|consult| consult.parties.first());
    if let Some(consulted) = consulted {
        return Some(consulted.clone());
    }
    let number = live.transfer_to.as_ref();
    let is_number = |party: &&Party| number.is_some_and(|to| party.at.number() == Some(to.as_str()));
    let is_other = |party: &&Party| party.at != live.interaction.customer.at;
    let joined = join.parties.iter().find(is_number).or_else(|| join.parties.iter().find(is_other));
    joined.cloned().or_else(|| Some(Party::new(PartyKind::Outside(number?.clone()))))
}

/// Handles a merge: all parties continue in one call, and the consult leg of the phone that merged them closes.
pub(super) fn conferenced(turn: &mut Turn, switch: &SwitchId, device: &DeviceId, join: &Join) {
    let consult = join.consult.as_ref().and_then(|call| turn.state().leg_at(switch, call, device));
    if let Some((id, leg)) = consult {
        close_leg(turn, id, leg, Cause::Conferenced);
    }
    let recordings = recordings_at(turn, switch, device, &join.into);
    for (id, leg) in legs(turn, switch, join) {
        rejoin(turn, id, leg, join);
        recordings.iter().for_each(|one| recording::add(turn, id, one));
        if is_at(turn, id, device) {
            move_leg(turn, id, leg, ConversationState::Talking);
        }
    }
}

fn legs(turn: &Turn, switch: &SwitchId, join: &Join) -> Vec<(InteractionId, Leg)> {
    join.calls().flat_map(|call| turn.state().legs_of(switch, call)).collect()
}

fn is_at(turn: &Turn, id: InteractionId, device: &DeviceId) -> bool {
    turn.state().interaction(id).is_some_and(|interaction| interaction.device == *device)
}

/// Moves a leg to the remaining call, with all parties except its own agent.
fn rejoin(turn: &mut Turn, id: InteractionId, leg: Leg, join: &Join) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let own = PartyKind::Device(interaction.device.clone());
    let parties = join.parties.iter().filter(|party| party.at != own).cloned().collect();
    change_parties(turn, id, leg, join.into.clone(), parties);
}

/// The recordings of the remaining call, which include the parties that join it.
fn recordings_at(turn: &Turn, switch: &SwitchId, device: &DeviceId, into: &CallId) -> Vec<Recording> {
    let leg = turn.state().leg_at(switch, into, device);
    let interaction = leg.and_then(|(id, _)| turn.state().interaction(id));
    interaction.map(|interaction| interaction.recordings.clone()).unwrap_or_default()
}

/// Handles a transfer to a queue: the customer waits, in the remaining call, since the time of the first call.
fn wait_on(turn: &mut Turn, switch: &SwitchId, join: &Join) {
    for call in join.calls().filter(|call| **call != join.into) {
        let Some((queue, waiting)) = turn.state().waiting(switch, call) else { continue };
        let (queue, waiting) = (queue.clone(), waiting.clone());
        leave_queue(turn, switch, call, Cause::Transferred);
        let caller = join.parties.first().cloned().unwrap_or_else(|| waiting.caller.clone());
        if turn.state().waiting(switch, &join.into).is_none() {
            enter(turn, queue, WaitingCall { call: join.into.clone(), caller, offered: None, ..waiting });
        }
    }
}
