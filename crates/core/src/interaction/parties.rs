//! The other parties of a leg, and the customer among them.

use model::{
    CallId, ConversationEvent, DetailEvent, Event, Interaction, InteractionId, Leg, Party, PartyKind,
};

use crate::{State, lookup::LookupResult, turn::Turn};

/// Changes the parties of a leg, or the call that it belongs to. When an agent's counterpart becomes another customer,
/// the interaction gets this customer with their contact, so that every desk can show the record.
pub(crate) fn change_parties(
    turn: &mut Turn,
    id: InteractionId,
    leg: Leg,
    call: CallId,
    parties: Vec<Party>,
) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let Some(conversation) = interaction.leg(leg) else { return };
    turn.emit(Event::Conversation(ConversationEvent::PartiesChanged {
        agent: interaction.agent.clone(),
        interaction: id,
        leg,
        conversation: conversation.id,
        call,
        parties,
    }));
    if leg == Leg::Primary {
        follow_customer(turn, id);
    }
}

fn follow_customer(turn: &mut Turn, id: InteractionId) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let Some(customer) = new_customer(interaction) else { return };
    let known = known(turn.state(), interaction, customer);
    let contact_pending = known.is_none() && matches!(customer.at, PartyKind::Outside(_));
    let LookupResult { contact, candidates } = known.unwrap_or_default();
    turn.emit(Event::Detail(DetailEvent::CustomerChanged {
        agent: interaction.agent.clone(),
        interaction: id,
        customer: customer.clone(),
        contact: contact.map(Box::new),
        candidates,
        contact_pending,
    }));
}

/// The customer after a change of the parties, if it is another one. A person outside takes the place of a colleague. The
/// customer stays when only colleagues remain, because the work is still about the customer.
fn new_customer(interaction: &Interaction) -> Option<&Party> {
    let parties = &interaction.primary.as_ref()?.parties;
    let is_colleague = |party: &Party| matches!(party.at, PartyKind::Device(_));
    let was_colleague = is_colleague(&interaction.customer);
    let is_present = parties.iter().any(|party| party.at == interaction.customer.at);
    if is_present && !was_colleague {
        return None;
    }
    let outside = parties.iter().find(|party| !is_colleague(party));
    outside.or_else(|| parties.first().filter(|_| was_colleague && !is_present))
}

/// The contact of a customer, as another interaction in the same calls has it.
fn known(state: &State, interaction: &Interaction, customer: &Party) -> Option<LookupResult> {
    let switch = interaction.switch.as_ref()?;
    let legs = interaction.calls.iter().flat_map(|call| state.legs_of(switch, call));
    let mut others = legs.filter_map(|(id, _)| state.interaction(id));
    let known = others.find(|other| {
        let is_known = other.contact.is_some() || !other.candidates.is_empty();
        is_known && other.id != interaction.id && other.customer.at == customer.at
    })?;
    Some(LookupResult { contact: known.contact.clone(), candidates: known.candidates.clone() })
}
