//! Which calls there are, and when they are notified of.

use std::collections::BTreeMap;

use model::{
    AgentId, Data, DetailEvent, Direction, Event, FloorEvent, Interaction, InteractionEvent, InteractionId,
    InteractionState, Snapshot, Verb,
};
use session::Outbox;

use super::{SESSION_PAIR, Telephony, compose, posts::Post, principal};
use crate::{NotifyOn, wire::limits::RETRIES};

/// Calls of agents who are users. It is bounded by what is live on the floor.
pub(super) type Calls = BTreeMap<InteractionId, Call>;

#[derive(Debug)]
pub(super) struct Call {
    interaction: Interaction,
    told: bool,
}

impl Call {
    pub(super) fn rings(&self) -> bool {
        self.interaction.state == InteractionState::Alerting
    }
}

impl Telephony {
    /// Calls that existed before this session are posted, unless an earlier run has posted them.
    pub(super) fn snapshot(&mut self, snapshot: &Snapshot) {
        let before = std::mem::take(&mut self.calls);
        for view in &snapshot.interactions {
            let interaction = &view.interaction;
            if !self.concerns(interaction) {
                continue;
            }
            let told = before
                .get(&interaction.id)
                .map_or_else(|| interaction.data.get(SESSION_PAIR).is_some(), |call| call.told);
            self.calls.insert(interaction.id, Call { interaction: interaction.clone(), told });
            self.tell(interaction.id);
        }
        let gone: Vec<_> = before.into_keys().filter(|id| !self.calls.contains_key(id)).collect();
        gone.into_iter().for_each(|id| self.forget(id));
    }

    pub(super) fn event(&mut self, event: &Event) {
        if let Event::Floor(FloorEvent::Changed { floor }) = event {
            self.users = super::users(floor);
        }
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = event
            && self.concerns(interaction)
        {
            let call = Call { interaction: (**interaction).clone(), told: false };
            self.calls.insert(interaction.id, call);
            if interaction.data.get(SESSION_PAIR).is_some() {
                // A call that was passed on brings its data along: another agent's session is not this one's.
                self.mark(interaction.agent.clone(), interaction.id, None);
            }
            self.tell(interaction.id);
        }
        if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = event {
            self.forget(summary.interaction.id);
        }
        if let Some(id) = event.interaction() {
            self.follow(id, event);
        }
    }

    fn follow(&mut self, id: InteractionId, event: &Event) {
        let now = self.out.now();
        let Some(call) = self.calls.get_mut(&id) else { return };
        if let Event::Detail(DetailEvent::DataChanged { set, unset, .. }) = event {
            // The core has checked that they fit.
            set.iter().for_each(|(name, value)| drop(call.interaction.data.set(name, value)));
            for name in unset {
                call.interaction.data.unset(name);
            }
        }
        if let Event::Detail(DetailEvent::ContactResolved { contact, .. }) = event {
            call.interaction.contact = contact.as_deref().cloned();
            call.interaction.contact_pending = false;
            self.tell(id);
            return;
        }
        if let Event::Interaction(InteractionEvent::StateChanged { to, .. }) = event {
            call.interaction.state = *to;
            if *to == InteractionState::Started {
                call.interaction.started_at = Some(now);
            }
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
        let since = match self.config.notify_on {
            NotifyOn::Ring => call.interaction.opened_at,
            NotifyOn::Answer => call.interaction.started_at.unwrap_or(call.interaction.opened_at),
        };
        let notification = compose::notification(&call.interaction, user, &self.config).into();
        let post = Post { call: id, agent: call.interaction.agent.clone(), since, notification };
        if let Some(error) = self.link.refused() {
            let why = error.to_string();
            return self.gave_up(post, &why);
        }
        let outbox = self.outboxes.entry(user).or_insert_with(|| Outbox::new(&RETRIES));
        let is_full = outbox.len() >= self.config.waiting_max.max(2);
        let dropped = if is_full { outbox.drop_oldest() } else { None };
        outbox.push(post);
        if let Some(dropped) = dropped {
            let why = format!("more than {} notifications wait for the user", self.config.waiting_max);
            self.gave_up(dropped, &why);
        }
    }

    /// Keeps with an interaction that the service has taken its notification, or that it has not.
    pub(super) fn mark(&mut self, agent: AgentId, call: InteractionId, session: Option<&str>) {
        let mut set = Data::new();
        if let Some(session) = session {
            // The name and the value are short.
            let _ = set.set(SESSION_PAIR, session);
        }
        let unset = if session.is_none() { vec![SESSION_PAIR.into()] } else { Vec::new() };
        let id = self.out.command_id("talisma-session", self.instance);
        self.out.command(id, principal(), agent, Some(call), Verb::SetData { set, unset });
    }

    fn forget(&mut self, id: InteractionId) {
        self.calls.remove(&id);
        // What was not posted yet need not be.
        for outbox in self.outboxes.values_mut() {
            outbox.remove(|post| post.call == id);
        }
    }
}
