//! `hang-up`: hangs up a leg, or all.

use model::{Command, ConversationState, InteractionState, Leg, Rejection, SwitchRequest};

use super::subject::{Ask, Subject, run};
use crate::turn::Turn;

pub(crate) fn hang_up(turn: &mut Turn, command: &Command, leg: Option<Leg>) -> Result<(), Rejection> {
    run(turn, command, |subject| check(subject, leg))
}

pub(super) fn check(subject: Subject, leg: Option<Leg>) -> Result<Ask, Rejection> {
    match subject.interaction.state {
        InteractionState::Dialing | InteractionState::Started => {}
        InteractionState::Alerting => return Err(subject.wrong("answer or reject it")),
        InteractionState::Ended | InteractionState::Completed => {
            return Err(subject.wrong("nothing is left to hang up"));
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
    // The one asked goes first: a switch may take the customer's hanging up for a transfer to the other.
    subject.ask(legs.into_iter().rev().map(clear).collect::<Result<_, Rejection>>()?)
}
