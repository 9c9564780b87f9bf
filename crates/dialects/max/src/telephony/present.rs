//! Presents agents and calls in MAX's terms.

use model::{
    AgentState as Doing, Cause, Conversation, ConversationState, Direction, Floor, Interaction,
    InteractionState, NextState, PartyKind, ReasonCode, ReasonUse, Timestamp, reason,
};
use session::AgentStatus;

use crate::wire::{
    AgentState, CallContact, ContactId, CurrentState, Next, Status, clipped,
    limits::{CONSULT_IDS_FROM, TEXT_CHARS_MAX},
};

/// The reason of an agent who refused a call. Our choice (max.md §8).
const REFUSED: &str = "Refused";

/// The code of a disconnected call without a code (max.md §7.4).
const NO_CODE: &str = "NA";

/// The code of an outbound call to an invalid number (max.md §7.4).
const BAD_NUMBER: &str = "BadNumber";

/// A call in MAX's terms. The time of its last change is estimated from the known times.
pub(super) fn call(interaction: &Interaction, floor: &Floor) -> CallContact {
    let queue = interaction.queue.as_ref().and_then(|id| floor.queue(id));
    let status = status(interaction);
    let (own, other) = (interaction.device.as_str(), number(&interaction.customer.at));
    let dialled = interaction.dialled.as_ref().map_or(own, |number| number.as_str());
    let is_inbound = interaction.is_incoming();
    let (ani, dnis) = if is_inbound { (other, dialled) } else { (own, other) };
    let ring_s = queue.map_or(0, |queue| queue.ring_ms / 1_000);
    CallContact {
        status,
        is_final: interaction.state == InteractionState::Completed,
        is_inbound,
        ani: ani.to_owned(),
        dnis: dnis.to_owned(),
        skill: queue.map_or("0", |queue| clipped(&queue.name, TEXT_CHARS_MAX)).to_owned(),
        started: Some(interaction.opened_at),
        changed: Some(last_change(interaction)),
        disconnect_code: if interaction.cause == Some(Cause::InvalidNumber) { BAD_NUMBER } else { NO_CODE }
            .to_owned(),
        is_consult: is_consulted(interaction),
        is_recorded: interaction.recording,
        timeout_s: if status == Status::Incoming { ring_s } else { 0 },
        interaction: interaction.id.to_string(),
        data: interaction.data.clone(),
        ..CallContact::bare(ContactId::from(interaction.number), status)
    }
}

/// Whether a colleague consults the agent. After a transfer the customer is the agent's, and the contact is a regular one.
fn is_consulted(interaction: &Interaction) -> bool {
    let with_colleague = matches!(interaction.customer.at, PartyKind::Device(_));
    with_colleague
        && interaction.direction == Direction::Internal
        && interaction.is_incoming()
        && is_linked(interaction)
}

/// Whether an interaction grew out of another one.
pub(super) fn is_linked(interaction: &Interaction) -> bool {
    interaction.linkage.0 != interaction.id.0
}

/// The call with a colleague about the customer of `interaction`, as a contact of its own.
pub(super) fn consult(
    interaction: &Interaction,
    consult: &Conversation,
    customer: &CallContact,
) -> CallContact {
    let status = match consult.state {
        ConversationState::Alerting => Status::Incoming,
        ConversationState::Dialing => Status::Dialing,
        ConversationState::Held => Status::Holding,
        ConversationState::Talking => Status::Active,
        ConversationState::Ended => Status::Disconnected,
    };
    CallContact {
        master: customer.master.clone(),
        parent: Some(customer.id.clone()),
        is_consult: true,
        ani: interaction.device.to_string(),
        dnis: consult.parties.first().map_or("", |party| number(&party.at)).to_owned(),
        interaction: customer.interaction.clone(),
        ..CallContact::bare(ContactId::from(consult_number(consult)), status)
    }
}

/// The contact ID of a consult. It is above all numbers of interactions, and the same after a restart.
pub(super) fn consult_number(consult: &Conversation) -> u64 {
    let (high, low) = consult.id.0.as_u64_pair();
    CONSULT_IDS_FROM + (high ^ low) % CONSULT_IDS_FROM
}

/// The status of a customer's contact. During a consult, it is `Holding`.
fn status(interaction: &Interaction) -> Status {
    match interaction.state {
        InteractionState::Alerting => Status::Incoming,
        InteractionState::Dialing => Status::Dialing,
        InteractionState::Ended | InteractionState::Completed => Status::Disconnected,
        InteractionState::Started => {
            match interaction.primary.as_ref().map(|leg| (leg.state, leg.parties.len())) {
                // The customer has left, and the consult continues.
                None if interaction.consult.is_some() => Status::Disconnected,
                Some((ConversationState::Held, _)) => Status::Holding,
                Some((ConversationState::Dialing, _)) => Status::Dialing,
                Some(_) if interaction.masked => Status::Masking,
                Some((_, 2..)) => Status::Joined,
                Some(_) | None => Status::Active,
            }
        }
    }
}

fn number(at: &PartyKind) -> &str {
    at.number().unwrap_or_default()
}

/// The latest known time of a change.
fn last_change(interaction: &Interaction) -> Timestamp {
    let talked = interaction.conversations().filter_map(|(_, leg)| leg.talking_at).max();
    let known = [interaction.started_at, interaction.ended_at, talked];
    known.into_iter().flatten().fold(interaction.opened_at, Timestamp::max)
}

/// The state of an agent in MAX's terms; `None` without a session.
pub(super) fn agent(status: &AgentStatus, newest: Option<&Interaction>, floor: &Floor) -> Option<AgentState> {
    let wrap_up_s = newest.map_or(0, |interaction| wrap_up_s(interaction, floor));
    let (state, reason) = match &status.state {
        Doing::SignedOut => return None,
        Doing::NotReady { reason } => (CurrentState::Unavailable, self::reason(reason, floor)),
        Doing::Ready => (CurrentState::Available, String::new()),
        Doing::Busy => (busy(newest), String::new()),
        Doing::WrapUp => (CurrentState::Unavailable, String::new()),
    };
    let is_wrap_up = status.state == Doing::WrapUp;
    Some(AgentState {
        state,
        reason,
        since: Some(status.since),
        is_wrap_up,
        wrap_up_s: if is_wrap_up { wrap_up_s } else { 0 },
        next_is_wrap_up: status.state == Doing::Busy && wrap_up_s > 0,
        next: status.next.iter().map(|next| next_of(next, floor)).collect(),
    })
}

fn busy(newest: Option<&Interaction>) -> CurrentState {
    match newest {
        Some(interaction) if interaction.consult.is_some() => CurrentState::OutboundConsult,
        Some(interaction) if is_consulted(interaction) => CurrentState::InboundConsult,
        Some(interaction) if interaction.is_incoming() => CurrentState::InboundContact,
        Some(_) | None => CurrentState::OutboundContact,
    }
}

fn next_of(next: &NextState, floor: &Floor) -> Next {
    match next {
        NextState::SignedOut => Next { state: CurrentState::LoggedOut, reason: String::new() },
        NextState::NotReady { reason } => {
            Next { state: CurrentState::Unavailable, reason: self::reason(reason, floor) }
        }
        NextState::Ready => Next { state: CurrentState::Available, reason: String::new() },
    }
}

/// The name of a reason: the floor's, or the one for a reason of the hub.
fn reason(code: &ReasonCode, floor: &Floor) -> String {
    let of_floor = floor.reasons.iter().find(|one| one.code == *code && one.used_for == ReasonUse::NotReady);
    let text = match (of_floor, code.as_str()) {
        (Some(reason), _) => reason.name.as_str(),
        (None, reason::SIGNED_IN | reason::UNSPECIFIED) => "",
        (None, reason::REJECTED | reason::RONA) => REFUSED,
        (None, code) => code,
    };
    clipped(text, TEXT_CHARS_MAX).to_owned()
}

/// The wrap-up time after a call. Seconds.
fn wrap_up_s(interaction: &Interaction, floor: &Floor) -> u64 {
    let queue = interaction.queue.as_ref().and_then(|id| floor.queue(id));
    queue.map_or(floor.wrap_up_ms, |queue| queue.wrap_up_ms) / 1_000
}
