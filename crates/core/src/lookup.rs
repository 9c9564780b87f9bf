//! What the directory said of callers before their call rang at anybody.
//!
//! The directory is asked when a call begins to wait, so that the interaction opens with its contact and no event is needed for it. Like
//! [`crate::command::Unwritten`] this is not in the journal: after a restart the directory is asked again when the interaction opens.

use std::collections::BTreeMap;

use model::{
    CallId, Contact, Event, FloorEvent, InteractionEvent, InteractionId, Number, Party, PartyKind,
    QueueChange, SwitchId,
};

/// What the directory was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedUp {
    /// A call that waits.
    Call {
        /// On which switch.
        switch: SwitchId,
        /// Which call.
        call: CallId,
        /// The caller's number.
        number: Number,
    },
    /// An interaction that opened while the directory was not asked, or had not answered.
    Interaction(InteractionId),
}

impl LookedUp {
    /// What the directory is to be asked about after an event, and by which number: a caller who begins to wait, or the customer of an
    /// interaction that opened before the directory was asked.
    pub fn by(event: &Event) -> Option<(Self, Number)> {
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = event
            && let (true, PartyKind::Outside(number)) =
                (interaction.contact_pending, &interaction.customer.at)
        {
            return Some((Self::Interaction(interaction.id), number.clone()));
        }
        if let Event::Floor(FloorEvent::QueueChanged { change: QueueChange::Entered { waiting }, .. }) = event
            && let PartyKind::Outside(number) = &waiting.caller.at
        {
            let (switch, call) = (waiting.switch.clone(), waiting.call.clone());
            return Some((Self::Call { switch, call, number: number.clone() }, number.clone()));
        }
        None
    }
}

/// Who the directory says it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The only one who has the number.
    pub(crate) contact: Option<Contact>,
    /// All who have it, where they are several.
    pub(crate) candidates: Vec<Contact>,
}

impl Found {
    pub(crate) fn of(mut contacts: Vec<Contact>) -> Self {
        match contacts.len() {
            0 | 1 => Self { contact: contacts.pop(), candidates: Vec::new() },
            _ => Self { contact: None, candidates: contacts },
        }
    }
}

/// Callers that wait and were looked up; as many as calls wait.
#[derive(Debug, Default)]
pub(crate) struct Callers(BTreeMap<(SwitchId, CallId), (Number, Found)>);

impl Callers {
    pub(crate) fn keep(&mut self, switch: SwitchId, call: CallId, number: Number, found: Found) {
        self.0.insert((switch, call), (number, found));
    }

    /// What was found of a caller; nothing when the directory has not said it.
    pub(crate) fn get(&self, switch: &SwitchId, call: &CallId, caller: &Party) -> Option<&Found> {
        let (number, found) = self.0.get(&(switch.clone(), call.clone()))?;
        (caller.at == PartyKind::Outside(number.clone())).then_some(found)
    }

    /// Forgets a call that waits no more.
    pub(crate) fn follow(&mut self, change: &QueueChange) {
        match change {
            QueueChange::Answered { switch, call, .. } | QueueChange::Left { switch, call, .. } => {
                self.0.remove(&(switch.clone(), call.clone()));
            }
            QueueChange::Entered { .. } | QueueChange::Offered { .. } | QueueChange::Returned { .. } => {}
        }
    }
}
