//! The verbs that are currently allowed, so that desks need not guess. The same checks decide about commands.

use model::{Interaction, VerbName};

use super::{
    answer, complete, consult, controls, force_end, hang_up, hold, join, reference::InteractionRef, transfer,
};
use crate::State;

/// The verbs that are allowed for an interaction now. With `oversees` the result is for a supervisor, who can use some
/// verbs at any time; without it for the agent.
pub(crate) fn can(state: &State, interaction: &Interaction, oversees: bool) -> Vec<VerbName> {
    let subject = InteractionRef { state, interaction };
    VerbName::ALL.into_iter().filter(|verb| is_legal(subject, *verb, oversees)).collect()
}

fn is_legal(subject: InteractionRef, verb: VerbName, oversees: bool) -> bool {
    match verb {
        VerbName::ForceEnd => force_end::check(subject, oversees).is_ok(),
        VerbName::Answer => answer::check_answer(subject).is_ok(),
        VerbName::Reject => answer::check_reject(subject).is_ok(),
        VerbName::HangUp => hang_up::check(subject, None).is_ok(),
        VerbName::Hold => hold::check_hold(subject, None).is_ok(),
        VerbName::Resume => hold::check_resume(subject, None).is_ok(),
        VerbName::Mute => controls::check_mute(subject, true).is_ok(),
        VerbName::Mask => controls::check_mask(subject, true).is_ok(),
        VerbName::Record => controls::check_record(subject).is_ok(),
        VerbName::SendDigits => controls::check_send_digits(subject).is_ok(),
        VerbName::Transfer => transfer::check(subject).is_ok(),
        VerbName::Consult => consult::check_consult(subject).is_ok(),
        VerbName::Alternate => consult::check_alternate(subject).is_ok(),
        VerbName::CompleteTransfer => join::check_transfer(subject).is_ok(),
        VerbName::Merge => join::check_merge(subject).is_ok(),
        VerbName::CancelConsult => consult::check_cancel_consult(subject).is_ok(),
        VerbName::Complete => complete::check(subject).is_ok(),
        VerbName::SetData
        | VerbName::SetContact
        | VerbName::SetCard
        | VerbName::Log
        | VerbName::SetNotes
        | VerbName::Notify => true,
        VerbName::SignIn | VerbName::SignOut | VerbName::Ready | VerbName::NotReady | VerbName::Dial => false,
    }
}
