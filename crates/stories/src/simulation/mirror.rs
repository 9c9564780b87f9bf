//! Checks that the two hubs agree: the desk ends must have what the telephony ends sent, as far as each dialect can express it.

use std::{collections::BTreeMap, sync::Arc};

use model::{
    AgentId, AgentState, Conversation, ConversationState, DetailEvent, Event, Interaction, InteractionEvent,
    InteractionId, Leg, PartyKind, Record, Snapshot, reason,
};
use talisma::{NOT_TAKEN, SESSION_PAIR};

use super::{
    Broken,
    ends::{CALL_NAME, Dialect},
    hub::Side,
    plan::{AGENTS, agent},
    world::World,
};

/// An agent's live calls, each as a short text, sorted.
type Calls = Vec<String>;

impl World {
    /// Counts the interactions that the desks' hub received.
    pub(super) fn count_seen(&mut self, side: Side, records: &[Arc<Record>]) {
        let seen = &mut self.count.seen;
        for record in records.iter().filter(|_| side == Side::Desks) {
            let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event else {
                continue;
            };
            let by = |dialect: &Dialect| interaction.switch.as_ref() == Some(&dialect.switch());
            let count = match Dialect::SWITCHES.into_iter().find(by) {
                Some(Dialect::Uwq) => &mut seen.uwq,
                Some(Dialect::Harmony) => &mut seen.harmony,
                Some(Dialect::Max) => &mut seen.max,
                Some(Dialect::Connector) => &mut seen.connector,
                Some(Dialect::Talisma) | None => &mut seen.talisma,
            };
            *count += 1;
        }
    }

    /// Checks that the hubs have the same calls for each agent who works at both.
    pub(super) fn hubs_agree(&mut self) -> Result<(), Broken> {
        self.calls_agree(Side::TWO)?;
        self.notifications_agree()
    }

    /// Checks that two hubs that dialects join have the same calls for each agent who works at both.
    pub(super) fn calls_agree(&self, sides: [Side; 2]) -> Result<(), Broken> {
        let [phones, desks] = sides.map(|side| self.hubs[side].snapshot(self.now));
        let (phones, desks) = (phones?, desks?);
        for id in AGENTS {
            let Some(dialect) = self.ends.dialect_of(sides[1], id) else { continue };
            let (agent, is_softphone) = (agent(id), |id: &str| {
                AGENTS.contains(&id) && self.ends.dialect_of(sides[1], id) == Some(Dialect::Uwq)
            });
            let there = calls(&phones, &agent, dialect, is_softphone);
            let mut here = calls(&desks, &agent, dialect, is_softphone);
            if dialect == Dialect::Connector {
                leave_out(&mut here, &there, records_without_calls(&phones, &agent));
            }
            let at_work = is_at_work(&phones, &agent) && is_at_work(&desks, &agent);
            if there != here && (at_work || !here.is_empty()) {
                return Err(format!(
                    "with {dialect:?}, agent {id} has {there:?} at one hub and {here:?} at the other"
                ));
            }
        }
        Ok(())
    }
}

/// The number of notifications about each call, by the agent and the call's name.
type Notified = BTreeMap<(AgentId, String), usize>;

impl World {
    /// Checks that the other hub has each notification that Talisma's server accepted, and none more often than it was sent.
    fn notifications_agree(&self) -> Result<(), Broken> {
        let [phones, desks] = Side::TWO.map(|side| self.hubs[side].journal.records());
        let (notified, taken) = notified_of(phones);
        let shown = shown(desks);
        let count = |all: &Notified, key| all.get(key).copied().unwrap_or_default();
        if let Some((key, taken)) = taken.iter().find(|(key, taken)| count(&shown, key) < **taken) {
            return Err(format!(
                "{key:?} was accepted {taken} times, and shown {} times",
                count(&shown, key)
            ));
        }
        // A notification that was accepted just before a kill may be posted again. The server recognizes it if it has a session ID.
        let lives = if self.ends.knows_repeats() { 1 } else { self.hubs[Side::Phones].life };
        let again = usize::try_from(lives - 1).unwrap_or_default();
        match shown.iter().find(|(key, shown)| count(&notified, key) + again < **shown) {
            None => Ok(()),
            Some((key, shown)) => {
                Err(format!("{key:?} was shown {shown} times, for {} calls", count(&notified, key)))
            }
        }
    }
}

/// The calls that cause notifications, and the notifications that the server's answers say were accepted.
fn notified_of(records: &[Arc<Record>]) -> (Notified, Notified) {
    let mut names = BTreeMap::<InteractionId, String>::new();
    let (mut notified, mut taken) = (Notified::new(), Notified::new());
    for record in records {
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event
            && let Some(name) = interaction.data.get(CALL_NAME)
        {
            names.insert(interaction.id, name.to_owned());
            *notified.entry((interaction.agent.clone(), name.to_owned())).or_default() += 1;
        }
        // Another customer causes another notification.
        if let Event::Detail(DetailEvent::CustomerChanged { agent, interaction, .. }) = &record.event
            && let Some(name) = names.get(interaction)
        {
            *notified.entry((agent.clone(), name.clone())).or_default() += 1;
        }
        if let Event::Detail(DetailEvent::DataChanged { agent, interaction, set, .. }) = &record.event
            && set.get(SESSION_PAIR).is_some_and(|session| session != NOT_TAKEN)
            && let Some(name) = names.get(interaction)
        {
            *taken.entry((agent.clone(), name.clone())).or_default() += 1;
        }
    }
    (notified, taken)
}

fn shown(records: &[Arc<Record>]) -> Notified {
    let mut shown = Notified::new();
    for record in records {
        if let Event::Detail(DetailEvent::Popped { agent, pop, .. }) = &record.event
            && let Some(name) = pop.data.get(CALL_NAME)
        {
            *shown.entry((agent.clone(), name.to_owned())).or_default() += 1;
        }
    }
    shown
}

/// Whether an agent works at a hub. An agent whom the other hub refused, for example during a call that it has at another phone, does not.
fn is_at_work(snapshot: &Snapshot, agent: &AgentId) -> bool {
    let view = snapshot.agents.iter().find(|view| view.id == *agent);
    view.is_some_and(|view| match &view.state {
        AgentState::SignedOut => false,
        AgentState::NotReady { reason } => reason.as_str() != reason::PHONE_REFUSED,
        AgentState::Ready | AgentState::Busy | AgentState::WrapUp => true,
    })
}

/// The calls of an agent, as far as a dialect can express them.
fn calls(
    snapshot: &Snapshot,
    agent: &AgentId,
    dialect: Dialect,
    is_softphone: impl Fn(&str) -> bool,
) -> Calls {
    let all = snapshot.interactions.iter().map(|view| &view.interaction);
    let live = all.filter(|one| one.agent == *agent && one.switch.is_some() && one.state.is_live());
    let mut calls: Calls = match dialect {
        Dialect::Uwq => {
            let legs = live.flat_map(Interaction::conversations).map(|(_, leg)| leg);
            legs.filter(|leg| !is_between_softphones(leg, &is_softphone)).filter_map(popped).collect()
        }
        // MAX has a contact for each leg.
        Dialect::Max => live.flat_map(contacts).collect(),
        Dialect::Harmony | Dialect::Connector | Dialect::Talisma => {
            live.map(|one| describe(one, dialect)).collect()
        }
    };
    calls.sort();
    calls
}

/// The state of each of an interaction's contacts in MAX.
fn contacts(one: &Interaction) -> Vec<String> {
    one.conversations().map(|(_, leg)| format!("{:?}", leg.state).to_lowercase()).collect()
}

/// The number of an agent's records that are shown without a call. A page that has received no call yet treats a record that it is asked to
/// show as a call.
fn records_without_calls(snapshot: &Snapshot, agent: &AgentId) -> usize {
    let all = snapshot.interactions.iter().map(|view| &view.interaction);
    all.filter(|one| one.agent == *agent && one.switch.is_none() && one.state.is_live()).count()
}

/// Removes up to `count` talking calls that one hub has and the other does not.
fn leave_out(here: &mut Calls, there: &Calls, mut count: usize) {
    while count > 0 && here.len() > there.len() {
        let Some(at) = here.iter().position(|call| call == "talking") else { return };
        here.remove(at);
        count -= 1;
    }
}

/// The state of one call, as far as a dialect can express it.
fn describe(one: &Interaction, dialect: Dialect) -> String {
    let legs: BTreeMap<&str, String> = one
        .conversations()
        .map(|(leg, conversation)| {
            let state = format!("{:?}", conversation.state).to_lowercase();
            (if leg == Leg::Primary { "primary" } else { "consult" }, state)
        })
        .collect();
    let first = || legs.get("primary").or(legs.get("consult")).cloned().unwrap_or_default();
    match dialect {
        // A consult whose first call has ended is reported like any other call.
        Dialect::Harmony if legs.len() > 1 => format!("{legs:?}"),
        // The connector does not report that a consult is on hold.
        Dialect::Connector if !legs.contains_key("primary") => "talking".to_owned(),
        Dialect::Uwq | Dialect::Harmony | Dialect::Max | Dialect::Connector | Dialect::Talisma => first(),
    }
}

/// Whether the other end of a leg is a softphone too. EBS sees such a call as two calls, one for each end, and each of them contains both
/// agents. The desk end cannot detect that the two belong together.
fn is_between_softphones(leg: &Conversation, is_softphone: impl Fn(&str) -> bool) -> bool {
    // In a conference with a customer, EBS keeps the customer's call.
    !leg.parties.is_empty()
        && leg.parties.iter().all(|party| match &party.at {
            PartyKind::Device(device) => is_softphone(device.as_str()),
            PartyKind::Outside(_) | PartyKind::Withheld => false,
        })
}

/// The state of a leg as EBS receives it: each leg is a call of its own. EBS does not receive holds or the direction of a call, so that a
/// call that the agent did not request counts as inbound. It receives nothing about a call that the agent dials until it rings at the other
/// end.
fn popped(leg: &Conversation) -> Option<String> {
    match leg.state {
        ConversationState::Alerting => Some("alerting".to_owned()),
        ConversationState::Dialing => leg.delivered.then(|| "alerting".to_owned()),
        ConversationState::Talking | ConversationState::Held => Some("talking".to_owned()),
        ConversationState::Ended => None,
    }
}
