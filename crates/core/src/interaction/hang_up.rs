//! `hang-up`: leaves one leg or all legs.

use model::{Command, ConversationState, InteractionState, Leg, Rejection, SwitchRequest};

use super::reference::{InteractionRef, PlannedRequests, run};
use crate::turn::Turn;

pub(crate) fn hang_up(turn: &mut Turn, command: &Command, leg: Option<Leg>) -> Result<(), Rejection> {
    run(turn, command, |subject| check(subject, leg))
}

pub(super) fn check(subject: InteractionRef, leg: Option<Leg>) -> Result<PlannedRequests, Rejection> {
    match subject.interaction.state {
        InteractionState::Dialing | InteractionState::Started => {}
        InteractionState::Alerting => return Err(subject.wrong_state("answer or reject it instead")),
        InteractionState::Ended | InteractionState::Completed => {
            return Err(subject.wrong_state("it has no call to hang up"));
        }
    }
    let legs = match leg {
        Some(leg) => vec![leg],
        None => subject.interaction.conversations().map(|(leg, _)| leg).collect(),
    };
    let live = [ConversationState::Dialing, ConversationState::Talking, ConversationState::Held];
    let device = &subject.interaction.device;
    let clear = |leg: Leg| {
        let call = subject.leg(leg, &live)?.call.clone();
        Ok(SwitchRequest::ClearConnection { call, device: device.clone() })
    };
    // Hang up the consult leg first: a switch may treat hanging up on the customer as a transfer to the consulted
    // person.
    subject.plan(legs.into_iter().rev().map(clear).collect::<Result<_, Rejection>>()?)
}
