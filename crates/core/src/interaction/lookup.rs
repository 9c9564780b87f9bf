//! Who the directory says it is.

use model::{CallId, Contact, DetailEvent, Event, InteractionId, Leg, Number, Party, PartyKind, SwitchId};

use crate::{
    lookup::{Found, LookedUp},
    turn::Turn,
};

/// What is known of the other end when an interaction opens.
pub(super) struct Known {
    pub(super) found: Found,
    /// The directory has yet to say it.
    pub(super) pending: bool,
}

/// Says who calls, or is called, as far as the directory has said it. Who gave no number, and a colleague, is not looked up.
pub(super) fn known(turn: &Turn, switch: &SwitchId, call: &CallId, customer: &Party) -> Known {
    if !matches!(customer.at, PartyKind::Outside(_)) {
        return Known { found: Found::default(), pending: false };
    }
    match turn.callers.get(switch, call, customer) {
        Some(found) => Known { found: found.clone(), pending: false },
        None => Known { found: Found::default(), pending: true },
    }
}

/// The directory says who it is. What a desk has said before stands.
pub(crate) fn resolve(turn: &mut Turn, of: LookedUp, contacts: Vec<Contact>) {
    let found = Found::of(contacts);
    match of {
        LookedUp::Interaction(id) => tell(turn, id, found),
        LookedUp::Call { switch, call, number } => {
            for id in pending_of(turn, &switch, &call, &number) {
                tell(turn, id, found.clone());
            }
            if turn.state().waiting(&switch, &call).is_some() {
                turn.callers.keep(switch, call, number, found);
            }
        }
    }
}

/// The directory has taken too long: desks go on without. When it answers after all, they are told.
pub(crate) fn lookup_ran_out(turn: &mut Turn, id: InteractionId) {
    tell(turn, id, Found::default());
}

/// Interactions with the caller of a call that wait for the directory.
fn pending_of(turn: &Turn, switch: &SwitchId, call: &CallId, number: &Number) -> Vec<InteractionId> {
    let caller = PartyKind::Outside(number.clone());
    let legs = turn.state().legs_of(switch, call).into_iter().filter(|(_, leg)| *leg == Leg::Primary);
    let waits = |id: &InteractionId| {
        turn.state().interaction(*id).is_some_and(|one| one.contact_pending && one.customer.at == caller)
    };
    legs.map(|(id, _)| id).filter(waits).collect()
}

/// Tells what changes by it: who it is, or that nothing more is to be waited for.
fn tell(turn: &mut Turn, id: InteractionId, found: Found) {
    let Some(one) = turn.state().interaction(id).filter(|one| one.contact.is_none()) else { return };
    if !one.contact_pending && found.contact.is_none() && found.candidates == one.candidates {
        return;
    }
    let (agent, Found { contact, candidates }) = (one.agent.clone(), found);
    turn.emit(Event::Detail(DetailEvent::ContactResolved {
        agent,
        interaction: id,
        contact: contact.map(Box::new),
        candidates,
    }));
}
