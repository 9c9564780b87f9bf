//! Results of the directory for callers whose call has not reached an agent yet.
//!
//! The hub queries the directory when a call enters a queue, so that an interaction opens with its contact and needs no
//! extra event. Like [`crate::command::UnrecordedAnswers`] the results are not in the journal: after a restart the
//! directory is queried again when an interaction opens.

use std::collections::BTreeMap;

use model::{
    CallId, Contact, DetailEvent, Event, FloorEvent, InteractionEvent, InteractionId, Number, Party,
    PartyKind, QueueChange, SwitchId,
};

/// What to look up in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectoryLookup {
    /// The caller of a waiting call.
    Call {
        /// The switch.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// The caller's number.
        number: Number,
    },
    /// The customer of an interaction for whom the directory has not answered yet: at the start, or after the customer
    /// has changed.
    Interaction {
        /// The interaction.
        interaction: InteractionId,
        /// The customer's number. The answer is ignored if the customer has changed since.
        number: Number,
    },
}

impl DirectoryLookup {
    /// The lookup that an event makes necessary, with the number to look up: for a call that enters a queue, for an
    /// interaction that opened without a lookup, or for a new customer.
    pub fn for_event(event: &Event) -> Option<(Self, Number)> {
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = event
            && interaction.contact_pending
        {
            return Self::for_customer(interaction.id, &interaction.customer);
        }
        if let Event::Detail(DetailEvent::CustomerChanged { interaction, customer, contact_pending, .. }) =
            event
            && *contact_pending
        {
            return Self::for_customer(*interaction, customer);
        }
        if let Event::Floor(FloorEvent::QueueChanged { change: QueueChange::Entered { waiting }, .. }) = event
            && let PartyKind::Outside(number) = &waiting.caller.at
        {
            let (switch, call) = (waiting.switch.clone(), waiting.call.clone());
            return Some((Self::Call { switch, call, number: number.clone() }, number.clone()));
        }
        None
    }

    fn for_customer(interaction: InteractionId, customer: &Party) -> Option<(Self, Number)> {
        let PartyKind::Outside(number) = &customer.at else { return None };
        Some((Self::Interaction { interaction, number: number.clone() }, number.clone()))
    }
}

/// The result of a directory lookup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LookupResult {
    /// The contact, when exactly one has the number.
    pub(crate) contact: Option<Contact>,
    /// All contacts with the number, when there is more than one.
    pub(crate) candidates: Vec<Contact>,
}

impl LookupResult {
    pub(crate) fn new(mut contacts: Vec<Contact>) -> Self {
        match contacts.len() {
            0 | 1 => Self { contact: contacts.pop(), candidates: Vec::new() },
            _ => Self { contact: None, candidates: contacts },
        }
    }
}

/// Lookup results of waiting callers; at most one for each waiting call.
#[derive(Debug, Default)]
pub(crate) struct CallerCache(BTreeMap<(SwitchId, CallId), (Number, LookupResult)>);

impl CallerCache {
    pub(crate) fn keep(&mut self, switch: SwitchId, call: CallId, number: Number, found: LookupResult) {
        self.0.insert((switch, call), (number, found));
    }

    /// The lookup result for a caller; `None` when there is none yet.
    pub(crate) fn get(&self, switch: &SwitchId, call: &CallId, caller: &Party) -> Option<&LookupResult> {
        let (number, found) = self.0.get(&(switch.clone(), call.clone()))?;
        (caller.at == PartyKind::Outside(number.clone())).then_some(found)
    }

    /// Removes calls that no longer wait.
    pub(crate) fn update(&mut self, change: &QueueChange) {
        match change {
            QueueChange::Answered { switch, call, .. } | QueueChange::Left { switch, call, .. } => {
                self.0.remove(&(switch.clone(), call.clone()));
            }
            QueueChange::Entered { .. } | QueueChange::Offered { .. } | QueueChange::Returned { .. } => {}
        }
    }
}
