//! Which calls there are, and when they are notified of.

use std::collections::BTreeMap;

use model::{Direction, Event, Interaction, InteractionId, InteractionState, Snapshot};

use super::{Telephony, compose, queue::Post};
use crate::NotifyOn;

/// Calls of agents who are users. It is bounded by what is live on the floor.
pub(super) type Calls = BTreeMap<InteractionId, Call>;

#[derive(Debug)]
pub(super) struct Call {
    interaction: Interaction,
    told: bool,
}

impl Telephony {
    /// Calls that were there before we were are taken for told: whoever ran before us told of them. After a resync, those that ring and
    /// are not known are told of.
    pub(super) fn snapshot(&mut self, snapshot: &Snapshot) {
        let first = !std::mem::replace(&mut self.told, true);
        let before = std::mem::take(&mut self.calls);
        for view in &snapshot.interactions {
            let interaction = &view.interaction;
            if !self.concerns(interaction) {
                continue;
            }
            let rings = interaction.state == InteractionState::Alerting;
            let told = before.get(&interaction.id).map_or(first || !rings, |call| call.told);
            let told = told && !(first && rings && self.config.notify_on == NotifyOn::Answer);
            self.calls.insert(interaction.id, Call { interaction: interaction.clone(), told });
            self.tell(interaction.id);
        }
        let gone: Vec<_> = before.into_keys().filter(|id| !self.calls.contains_key(id)).collect();
        gone.into_iter().for_each(|id| self.forget(id));
    }

    pub(super) fn event(&mut self, event: &Event) {
        if let Event::FloorChanged { floor } = event {
            self.users = super::users(floor);
        }
        if let Event::InteractionOpened { interaction } = event
            && self.concerns(interaction)
        {
            let call = Call { interaction: (**interaction).clone(), told: false };
            self.calls.insert(interaction.id, call);
            self.tell(interaction.id);
        }
        if let Event::InteractionCompleted { summary, .. } = event {
            self.forget(summary.interaction.id);
        }
        if let Some(id) = event.interaction() {
            self.follow(id, event);
        }
    }

    fn follow(&mut self, id: InteractionId, event: &Event) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        if let Event::DataChanged { set, unset, .. } = event {
            // The core has checked that they fit.
            set.iter().for_each(|(name, value)| drop(call.interaction.data.set(name, value)));
            for name in unset {
                call.interaction.data.unset(name);
            }
        }
        if let Event::ContactResolved { contact, .. } = event {
            call.interaction.contact = contact.as_deref().cloned();
            call.interaction.contact_pending = false;
            self.tell(id);
            return;
        }
        if let Event::InteractionStateChanged { to, .. } = event {
            call.interaction.state = *to;
            if to.is_live() { self.tell(id) } else { self.forget(id) }
        }
    }

    /// Calls from outside, of users. What a desk opened without a call is no news to a desk.
    fn concerns(&self, interaction: &Interaction) -> bool {
        interaction.switch.is_some()
            && interaction.direction == Direction::Inbound
            && interaction.state.is_live()
            && self.users.contains_key(&interaction.agent)
    }

    /// Puts the call into its user's queue, when it is time and it was not yet. The directory says first who calls.
    fn tell(&mut self, id: InteractionId) {
        let Some(call) = self.calls.get_mut(&id).filter(|call| !call.told) else { return };
        let answered = call.interaction.state == InteractionState::Started;
        let early = self.config.notify_on == NotifyOn::Answer && !answered;
        if early || call.interaction.contact_pending {
            return;
        }
        call.told = true;
        let Some(user) = self.users.get(&call.interaction.agent).copied() else { return };
        let notification = compose::notification(&call.interaction, user, &self.config).into();
        let post = Post { call: id, since: self.out.now(), notification };
        let dropped = self.queues.entry(user).or_default().push(post, self.config.waiting_max);
        if dropped.is_some() {
            tracing::warn!(user, waiting_max = self.config.waiting_max, "a talisma notification was dropped");
        }
    }

    fn forget(&mut self, id: InteractionId) {
        self.calls.remove(&id);
        self.queues.values_mut().for_each(|queue| queue.forget(id));
    }
}
