//! How events change an interaction. The core and all subscribers use the same code.

use crate::{
    CallId, Card, Conversation, ConversationEvent, ConversationState, Data, DetailEvent, Event, Interaction,
    InteractionEvent, InteractionState, InteractionSummary, Leg, Party, Timestamp,
};

/// How many calls an interaction remembers; later ones are not added. Our choice; the browser's reducer uses the same
/// limit.
const CALLS_MAX: usize = 100;

/// How many parties of a conference an interaction remembers; later ones are not added. Our choice; the browser's
/// reducer uses the same limit.
const CONFERENCE_MAX: usize = 32;

impl Interaction {
    /// Applies an event to this interaction. Ignores events of other interactions.
    pub fn apply(&mut self, at: Timestamp, event: &Event) {
        if event.interaction() != Some(self.id) {
            return;
        }
        match event {
            Event::Interaction(InteractionEvent::StateChanged { to, cause, .. }) => {
                self.state = *to;
                match to {
                    InteractionState::Started => self.started_at = Some(at),
                    InteractionState::Ended => (self.ended_at, self.cause) = (Some(at), *cause),
                    InteractionState::Alerting | InteractionState::Dialing | InteractionState::Completed => {}
                }
            }
            Event::Interaction(InteractionEvent::Forced { by, .. }) => self.forced_by = Some(by.clone()),
            Event::Conversation(ConversationEvent::Opened { leg, conversation, .. }) => {
                *self.slot(*leg) = Some((**conversation).clone());
                self.note_call(&conversation.call);
            }
            Event::Conversation(ConversationEvent::StateChanged { leg, to, delivered, .. }) => {
                self.on_leg(*leg, |conversation| {
                    (conversation.state, conversation.delivered) = (*to, *delivered);
                    if *to == ConversationState::Talking {
                        conversation.talking_at = Some(at);
                    }
                });
                if *leg == Leg::Primary {
                    self.hold(at, *to == ConversationState::Held);
                }
            }
            Event::Conversation(ConversationEvent::Closed { leg, to, .. }) => {
                if *leg == Leg::Primary {
                    self.hold(at, false);
                    self.transferred_to = to.as_deref().cloned();
                }
                *self.slot(*leg) = None;
            }
            Event::Conversation(ConversationEvent::PartiesChanged { leg, call, parties, .. }) => {
                self.on_leg(*leg, |conversation| {
                    conversation.call.clone_from(call);
                    conversation.parties.clone_from(parties);
                });
                self.note_call(call);
                if *leg == Leg::Primary && parties.len() > 1 {
                    self.note_conference(parties);
                }
            }
            Event::Conversation(ConversationEvent::ControlsChanged { muted, masked, recording, .. }) => {
                (self.muted, self.masked, self.recording) = (*muted, *masked, *recording);
            }
            Event::Detail(event) => self.apply_detail(event),
            Event::Interaction(InteractionEvent::Opened { interaction }) => self.clone_from(interaction),
            Event::Interaction(InteractionEvent::Completed { summary, .. }) => {
                self.clone_from(&summary.interaction)
            }
            Event::Interaction(InteractionEvent::ReleaseOverdue { .. })
            | Event::Agent(_)
            | Event::Link(_)
            | Event::Floor(_) => {}
        }
    }

    fn apply_detail(&mut self, event: &DetailEvent) {
        match event {
            DetailEvent::DataChanged { set, unset, .. } => self.data.change(set, unset),
            DetailEvent::ContactResolved { contact, candidates, .. } => {
                self.contact = contact.as_deref().cloned();
                self.candidates.clone_from(candidates);
                self.contact_pending = false;
            }
            DetailEvent::CustomerChanged { customer, contact, candidates, contact_pending, .. } => {
                self.customer.clone_from(customer);
                self.customer_changes = self.customer_changes.saturating_add(1);
                self.contact = contact.as_deref().cloned();
                self.candidates.clone_from(candidates);
                self.contact_pending = *contact_pending;
                self.card = None;
            }
            DetailEvent::CardChanged { card, .. } => {
                self.card = Some(card.clone()).filter(|card| *card != Card::default())
            }
            DetailEvent::Popped { pop, .. } => self.pops.push((**pop).clone()),
            DetailEvent::Logged { log, .. } => self.logs.push((**log).clone()),
            DetailEvent::RecordingStarted { recording, .. } => self.recordings.push(recording.clone()),
            DetailEvent::NotesChanged { notes, disposition, .. } => {
                self.notes.clone_from(notes);
                self.disposition.clone_from(disposition);
            }
        }
    }

    /// Adds a call to the list of calls that the legs have used.
    fn note_call(&mut self, call: &CallId) {
        if self.calls.len() < CALLS_MAX && !self.calls.contains(call) {
            self.calls.push(call.clone());
        }
    }

    /// Notes that the customer is on hold, or adds the time of the hold that is over.
    fn hold(&mut self, at: Timestamp, is_held: bool) {
        if is_held {
            self.held_at.get_or_insert(at);
        } else if let Some(since) = self.held_at.take() {
            self.held_ms = self.held_ms.saturating_add(at.0.saturating_sub(since.0));
        }
    }

    /// Adds the parties of a conference.
    fn note_conference(&mut self, parties: &[Party]) {
        for party in parties {
            let is_new = self.conference.iter().all(|known| known.at != party.at);
            if is_new && self.conference.len() < CONFERENCE_MAX {
                self.conference.push(party.clone());
            }
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
}

impl InteractionSummary {
    /// Applies a change of the notes to a completed interaction. Ignores events of other interactions.
    pub fn apply(&mut self, event: &Event) {
        if let Event::Detail(DetailEvent::NotesChanged { interaction, notes, disposition, .. }) = event
            && *interaction == self.interaction.id
        {
            self.notes.clone_from(notes);
            self.disposition.clone_from(disposition);
        }
    }
}

impl Data {
    /// Removes pairs and sets others. The caller has checked that there is room.
    pub fn change(&mut self, set: &Data, unset: &[impl AsRef<str>]) {
        for name in unset {
            self.unset(name.as_ref());
        }
        for (name, value) in set.iter() {
            let _ = self.set(name, value);
        }
    }
}
