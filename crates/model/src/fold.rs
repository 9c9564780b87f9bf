//! What events make of an interaction: the same for the core that decided them and for everybody who is told.

use crate::{
    Card, Conversation, ConversationState, Data, Event, Interaction, InteractionState, Leg, PartyKind,
    Timestamp,
};

impl Interaction {
    /// Takes an event that concerns it. One that does not fit is passed over.
    pub fn apply(&mut self, at: Timestamp, event: &Event) {
        if event.interaction() != Some(self.id) {
            return;
        }
        match event {
            Event::InteractionStateChanged { to, cause, .. } => {
                self.state = *to;
                match to {
                    InteractionState::Started => self.started_at = Some(at),
                    InteractionState::Ended => (self.ended_at, self.cause) = (Some(at), *cause),
                    InteractionState::Alerting | InteractionState::Dialing | InteractionState::Completed => {}
                }
            }
            Event::InteractionForced { by, .. } => self.forced_by = Some(by.clone()),
            Event::ConversationOpened { leg, conversation, .. } => {
                *self.slot(*leg) = Some((**conversation).clone());
            }
            Event::ConversationStateChanged { leg, to, delivered, .. } => {
                self.on_leg(*leg, |conversation| {
                    (conversation.state, conversation.delivered) = (*to, *delivered);
                    if *to == ConversationState::Talking {
                        conversation.talking_at = Some(at);
                    }
                });
            }
            Event::ConversationClosed { leg, .. } => *self.slot(*leg) = None,
            Event::PartiesChanged { leg, call, parties, .. } => {
                self.on_leg(*leg, |conversation| {
                    conversation.call.clone_from(call);
                    conversation.parties.clone_from(parties);
                });
                if *leg == Leg::Primary {
                    self.follow_customer();
                }
            }
            Event::ControlsChanged { muted, masked, recording, .. } => {
                (self.muted, self.masked, self.recording) = (*muted, *masked, *recording);
            }
            Event::DataChanged { set, unset, .. } => self.data.change(set, unset),
            Event::ContactResolved { contact, .. } => self.contact = contact.as_deref().cloned(),
            Event::CardChanged { card, .. } => {
                self.card = Some(card.clone()).filter(|card| *card != Card::default())
            }
            Event::Popped { pop, .. } => self.pops.push((**pop).clone()),
            Event::Logged { log, .. } => self.logs.push((**log).clone()),
            Event::InteractionOpened { interaction } => self.clone_from(interaction),
            Event::InteractionCompleted { summary, .. } => self.clone_from(&summary.interaction),
            Event::FloorChanged { .. }
            | Event::SwitchLinkChanged { .. }
            | Event::AgentSignedIn { .. }
            | Event::AgentStateChanged { .. }
            | Event::AgentNextChanged { .. }
            | Event::AgentSignedOut { .. }
            | Event::AgentDeskChanged { .. }
            | Event::ReleaseOverdue { .. }
            | Event::QueueChanged { .. }
            | Event::NoticeRaised { .. }
            | Event::SwitchRequested { .. }
            | Event::SwitchAnswered { .. } => {}
        }
    }

    fn slot(&mut self, leg: Leg) -> &mut Option<Conversation> {
        match leg {
            Leg::Primary => &mut self.primary,
            Leg::Consult => &mut self.consult,
        }
    }

    fn on_leg(&mut self, leg: Leg, change: impl FnOnce(&mut Conversation)) {
        if let Some(conversation) = self.slot(leg) {
            change(conversation);
        }
    }

    /// Keeps the customer among the parties: whoever is outside, else whoever is there.
    fn follow_customer(&mut self) {
        let Some(conversation) = &self.primary else { return };
        let parties = &conversation.parties;
        if parties.iter().any(|party| party.at == self.customer.at) {
            return;
        }
        let outside = parties.iter().find(|party| !matches!(party.at, PartyKind::Device(_)));
        if let Some(customer) = outside.or_else(|| parties.first()) {
            self.customer = customer.clone();
        }
    }
}

impl Data {
    /// Takes pairs out and sets others. Whoever decided this has checked that there is room.
    pub fn change(&mut self, set: &Data, unset: &[impl AsRef<str>]) {
        for name in unset {
            self.unset(name.as_ref());
        }
        for (name, value) in set.iter() {
            let _ = self.set(name, value);
        }
    }
}
