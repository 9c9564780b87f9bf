//! The live calls, and when a notification is posted for each.

use std::collections::BTreeMap;

use model::{
    AgentId, Data, DetailEvent, Event, FloorEvent, Interaction, InteractionEvent, InteractionId,
    InteractionState, PartyKind, Record, Verb,
};
use session::{Outbox, PopKey};

use super::{SESSION_PAIR, TelephonySession, compose, posts::QueuedNotification, principal};
use crate::{NotifyOn, wire::limits::RETRIES};

/// Live calls of agents who are Talisma users, and for which customer each was queued. Its size is bounded by the live interactions of the
/// floor.
pub(super) type Calls = BTreeMap<InteractionId, Option<PopKey>>;

impl TelephonySession {
    /// Queues the calls that existed before this session, unless an earlier run has posted them.
    pub(super) fn snapshot(&mut self) {
        let before = std::mem::take(&mut self.calls);
        let interactions = self.projection.interactions().filter(|interaction| self.concerns(interaction));
        let calls = interactions.map(|interaction| {
            let notified = || interaction.data.get(SESSION_PAIR).map(|_| PopKey::of(interaction));
            (interaction.id, before.get(&interaction.id).copied().unwrap_or_else(notified))
        });
        self.calls = calls.collect();
        let known: Vec<_> = self.calls.keys().copied().collect();
        known.into_iter().for_each(|id| self.enqueue_call(id));
        let gone: Vec<_> = before.into_keys().filter(|id| !self.calls.contains_key(id)).collect();
        gone.into_iter().for_each(|id| self.forget(id));
    }

    pub(super) fn record(&mut self, record: &Record) {
        self.projection.apply(record);
        if let Event::Floor(FloorEvent::Changed { floor }) = &record.event {
            self.users = crate::users(floor).collect();
        }
        if let Event::Interaction(InteractionEvent::Opened { .. })
        | Event::Detail(DetailEvent::CustomerChanged { .. }) = &record.event
        {
            self.begin(record);
        }
        let Some(id) = record.event.interaction() else { return };
        let is_live = self.projection.interaction(id).is_some_and(|interaction| interaction.state.is_live());
        if is_live { self.enqueue_call(id) } else { self.forget(id) }
    }

    /// A call or a customer that a notification is due for.
    fn begin(&mut self, record: &Record) {
        let interaction = record.event.interaction().and_then(|id| self.projection.interaction(id));
        let Some(interaction) = interaction.filter(|interaction| self.concerns(interaction)) else { return };
        let (id, agent, carried) =
            (interaction.id, interaction.agent.clone(), interaction.data.get(SESSION_PAIR).is_some());
        self.calls.entry(id).or_default();
        if carried {
            // A transferred call keeps its data, but the phone session of the earlier agent is not that of this one.
            self.mark(agent, id, None);
        }
    }

    /// Whether the interaction is a call of a user from outside, received from the caller or from a colleague. An interaction that a desk
    /// opened without a call needs no notification.
    fn concerns(&self, interaction: &Interaction) -> bool {
        interaction.switch.is_some()
            && interaction.is_incoming()
            && !matches!(interaction.customer.at, PartyKind::Device(_))
            && interaction.state.is_live()
            && self.users.contains_key(&interaction.agent)
    }

    /// Queues a notification for the call, when it is due and was not queued before. It waits until the directory has found the caller.
    fn enqueue_call(&mut self, id: InteractionId) {
        let Some(call) = self.projection.interaction(id) else { return };
        let key = PopKey::of(call);
        let Some(notified) = self.calls.get_mut(&id).filter(|notified| **notified != Some(key)) else {
            return;
        };
        let early = self.config.notify_on == NotifyOn::Answer && call.state != InteractionState::Started;
        if early || call.contact_pending {
            return;
        }
        *notified = Some(key);
        let Some(user) = self.users.get(&call.agent).copied() else { return };
        let since = match self.config.notify_on {
            _ if call.customer_changes > 0 => self.out.now(),
            NotifyOn::Ring => call.opened_at,
            NotifyOn::Answer => call.started_at.unwrap_or(call.opened_at),
        };
        let notification = compose::notification(call, user, &self.config).into();
        let post = QueuedNotification { call: id, agent: call.agent.clone(), since, notification };
        if let Some(error) = self.service.refused() {
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

    /// Stores the result of the notification in the data of the interaction.
    pub(super) fn mark(&mut self, agent: AgentId, call: InteractionId, session: Option<&str>) {
        let mut set = Data::new();
        if let Some(session) = session {
            // The key and the value are short enough for the data's limits.
            let _ = set.set(SESSION_PAIR, session);
        }
        let unset = if session.is_none() { vec![SESSION_PAIR.into()] } else { Vec::new() };
        let id = self.out.command_id("talisma-session", self.instance);
        self.out.command(id, principal(), agent, Some(call), Verb::SetData { set, unset });
    }

    fn forget(&mut self, id: InteractionId) {
        self.calls.remove(&id);
        // A notification for a call that has ended is not posted.
        for outbox in self.outboxes.values_mut() {
            outbox.remove(|post| post.call == id);
        }
    }
}
