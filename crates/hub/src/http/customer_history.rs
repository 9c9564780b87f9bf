//! Access of an agent to the history of the customer in a current interaction.

use std::collections::BTreeSet;

use model::{Interaction, InteractionSummary, LinkageId, Number, PartyKind, Principal, Role};

use super::{Api, problem::Problem, state::seen};
use crate::engine::everybody;

/// A customer, by the criteria of a history request.
#[derive(Debug, Default)]
pub(super) struct Customer {
    pub(super) contact: Option<String>,
    pub(super) number: Option<Number>,
    pub(super) linkage: Option<LinkageId>,
}

impl Customer {
    /// The customer of a completed interaction.
    pub(super) fn of(summary: &InteractionSummary) -> Self {
        let interaction = &summary.interaction;
        Self {
            contact: interaction.contact.as_ref().map(|contact| contact.id.to_string()),
            number: outside(interaction).cloned(),
            linkage: Some(interaction.linkage),
        }
    }

    /// Whether an interaction that is not completed is with this customer. One matching criterion is enough.
    fn is_in(&self, live: &Interaction) -> bool {
        let contact = live.contact.as_ref().map(|contact| contact.id.as_str());
        let is_number = |number: &Number| outside(live).is_some_and(|other| is_same(number, other));
        self.linkage == Some(live.linkage)
            || self.contact.as_deref().is_some_and(|id| contact == Some(id))
            || self.number.as_ref().is_some_and(is_number)
    }
}

/// Whether `caller` may see all work with a customer. Roles that see all work always may. An agent may while it has an interaction that is
/// not completed and is with this customer, or that grew out of a call with this customer, such as a consultation.
pub(super) async fn may_see(api: &Api, caller: &Principal, customer: &Customer) -> Result<bool, Problem> {
    match caller.role {
        Role::Supervisor | Role::Admin | Role::Integration => return Ok(true),
        Role::Agent => {}
    }
    let own = seen(api, caller.clone()).await?.interactions;
    if own.iter().any(|view| customer.is_in(&view.interaction)) {
        return Ok(true);
    }
    if own.is_empty() {
        return Ok(false);
    }
    let linkages: BTreeSet<LinkageId> = own.iter().map(|view| view.interaction.linkage).collect();
    let all = seen(api, everybody()).await?.interactions;
    let mut linked = all.iter().filter(|view| linkages.contains(&view.interaction.linkage));
    Ok(linked.any(|view| customer.is_in(&view.interaction)))
}

/// The customer's number, if the customer is outside the floor.
fn outside(interaction: &Interaction) -> Option<&Number> {
    match &interaction.customer.at {
        PartyKind::Outside(number) => Some(number),
        PartyKind::Device(_) | PartyKind::Withheld => None,
    }
}

/// Whether two numbers have the same digits. The history uses the same comparison.
fn is_same(one: &Number, other: &Number) -> bool {
    one.digits().eq(other.digits()) && one.digits().next().is_some()
}
