//! The contact of an interaction, as the directory reports it.

use model::{CallId, Contact, DetailEvent, Event, InteractionId, Leg, Number, Party, PartyKind, SwitchId};

use crate::{
    lookup::{DirectoryLookup, LookupResult},
    turn::Turn,
};

/// The directory's result for the customer when an interaction opens.
pub(super) struct CallerLookup {
    pub(super) found: LookupResult,
    /// Whether the directory has not answered yet.
    pub(super) pending: bool,
}

/// Returns the result for a customer, if the directory has answered. Withheld numbers and phones of the floor are not
/// looked up.
pub(super) fn known(turn: &Turn, switch: &SwitchId, call: &CallId, customer: &Party) -> CallerLookup {
    if !matches!(customer.at, PartyKind::Outside(_)) {
        return CallerLookup { found: LookupResult::default(), pending: false };
    }
    match turn.callers.get(switch, call, customer) {
        Some(found) => CallerLookup { found: found.clone(), pending: false },
        None => CallerLookup { found: LookupResult::default(), pending: true },
    }
}

/// Sets the contact from a result of the directory. A contact that a desk has set before is kept.
pub(crate) fn resolve(turn: &mut Turn, of: DirectoryLookup, contacts: Vec<Contact>) {
    let found = LookupResult::new(contacts);
    match of {
        DirectoryLookup::Interaction { interaction, number } => {
            if is_about(turn, interaction, &number) {
                emit_resolved(turn, interaction, found);
            }
        }
        DirectoryLookup::Call { switch, call, number } => {
            for id in pending_of(turn, &switch, &call, &number) {
                emit_resolved(turn, id, found.clone());
            }
            if turn.state().waiting(&switch, &call).is_some() {
                turn.callers.keep(switch, call, number, found);
            }
        }
    }
}

/// Stops waiting for the directory. Desks continue without a contact; a later answer is still applied.
pub(crate) fn lookup_timed_out(turn: &mut Turn, id: InteractionId) {
    emit_resolved(turn, id, LookupResult::default());
}

/// Interactions that wait for the directory's result for a caller.
fn pending_of(turn: &Turn, switch: &SwitchId, call: &CallId, number: &Number) -> Vec<InteractionId> {
    let legs = turn.state().legs_of(switch, call).into_iter().filter(|(_, leg)| *leg == Leg::Primary);
    let waits = |id: &InteractionId| {
        is_about(turn, *id, number) && turn.state().interaction(*id).is_some_and(|one| one.contact_pending)
    };
    legs.map(|(id, _)| id).filter(waits).collect()
}

/// Whether the customer of an interaction has this number.
fn is_about(turn: &Turn, id: InteractionId, number: &Number) -> bool {
    let customer = PartyKind::Outside(number.clone());
    turn.state().interaction(id).is_some_and(|one| one.customer.at == customer)
}

/// Emits the contact, or that there is nothing more to wait for.
fn emit_resolved(turn: &mut Turn, id: InteractionId, found: LookupResult) {
    let Some(one) = turn.state().interaction(id).filter(|one| one.contact.is_none()) else { return };
    if !one.contact_pending && found.contact.is_none() && found.candidates == one.candidates {
        return;
    }
    let (agent, LookupResult { contact, candidates }) = (one.agent.clone(), found);
    turn.emit(Event::Detail(DetailEvent::ContactResolved {
        agent,
        interaction: id,
        contact: contact.map(Box::new),
        candidates,
    }));
}
