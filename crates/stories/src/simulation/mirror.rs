//! Whether the two hubs agree: what the telephony ends told is what the desk ends made of it, as far as each dialect can tell.

use std::{collections::BTreeMap, sync::Arc};

use model::{
    AgentId, AgentState, Conversation, ConversationState, DetailEvent, Event, Interaction, InteractionEvent,
    InteractionId, Leg, PartyKind, Record, Snapshot, reason,
};
use talisma::{NOT_TAKEN, SESSION_PAIR};

use super::{
    Broken,
    ends::{CALL_NAME, Dialect, Ends},
    hub::Side,
    plan::{AGENTS, agent},
    world::World,
};

/// An agent's live calls, a few words each, in order.
type Calls = Vec<String>;

impl World {
    /// Counts what the desks' hub came to know of.
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

    /// The hubs see the same calls of each agent who is at work at both.
    pub(super) fn hubs_agree(&mut self) -> Result<(), Broken> {
        let [phones, desks] = Side::ALL.map(|side| self.hubs[side].snapshot(self.now));
        let (phones, desks) = (phones?, desks?);
        for id in AGENTS {
            let (agent, dialect) = (agent(id), self.ends.dialect_of(id));
            let there = calls(&phones, &agent, &self.ends);
            let mut here = calls(&desks, &agent, &self.ends);
            if dialect == Dialect::Connector {
                leave_out(&mut here, &there, records_without_calls(&phones, &agent));
            }
            let at_work = is_at_work(&phones, &agent) && is_at_work(&desks, &agent);
            if there != here && (at_work || !here.is_empty()) {
                return Err(format!("by {dialect:?} agent {id} has {there:?} at A, {here:?} at B"));
            }
        }
        self.notifications_agree()
    }
}

/// How many notifications there were of each call, by the agent and the call's name.
type Notified = BTreeMap<(AgentId, String), usize>;

impl World {
    /// What Talisma's server took the other hub has, and of no call's share more often than it was told.
    fn notifications_agree(&self) -> Result<(), Broken> {
        let [phones, desks] = Side::ALL.map(|side| self.hubs[side].chronicle.records());
        let (told, taken) = notified_of(phones);
        let shown = shown(desks);
        let count = |all: &Notified, key| all.get(key).copied().unwrap_or_default();
        if let Some((key, taken)) = taken.iter().find(|(key, taken)| count(&shown, key) < **taken) {
            return Err(format!("{key:?} was taken {taken} times, and shown {} times", count(&shown, key)));
        }
        // What was taken just before a kill is not known to be, and is posted again; the server knows it again by the session's number.
        let lives = if self.ends.knows_repeats() { 1 } else { self.hubs[Side::Phones].life };
        let again = usize::try_from(lives - 1).unwrap_or_default();
        match shown.iter().find(|(key, shown)| count(&told, key) + again < **shown) {
            None => Ok(()),
            Some((key, shown)) => {
                Err(format!("{key:?} was shown {shown} times, for {} calls", count(&told, key)))
            }
        }
    }
}

/// Of which calls there is something to notify, and what was taken by the word of the server.
fn notified_of(records: &[Arc<Record>]) -> (Notified, Notified) {
    let mut names = BTreeMap::<InteractionId, String>::new();
    let (mut told, mut taken) = (Notified::new(), Notified::new());
    for record in records {
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event
            && let Some(name) = interaction.data.get(CALL_NAME)
        {
            names.insert(interaction.id, name.to_owned());
            *told.entry((interaction.agent.clone(), name.to_owned())).or_default() += 1;
        }
        if let Event::Detail(DetailEvent::DataChanged { agent, interaction, set, .. }) = &record.event
            && set.get(SESSION_PAIR).is_some_and(|session| session != NOT_TAKEN)
            && let Some(name) = names.get(interaction)
        {
            *taken.entry((agent.clone(), name.clone())).or_default() += 1;
        }
    }
    (told, taken)
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

/// Whether an agent works at a hub. Whom the other hub did not let in, in the middle of a call that it took elsewhere, does not.
fn is_at_work(snapshot: &Snapshot, agent: &AgentId) -> bool {
    let view = snapshot.agents.iter().find(|view| view.id == *agent);
    view.is_some_and(|view| match &view.state {
        AgentState::SignedOut => false,
        AgentState::NotReady { reason } => reason.as_str() != reason::PHONE_REFUSED,
        AgentState::Ready | AgentState::Busy | AgentState::WrapUp => true,
    })
}

/// The calls of an agent, as a dialect can tell of them.
fn calls(snapshot: &Snapshot, agent: &AgentId, ends: &Ends) -> Calls {
    let dialect = ends.dialect_of(agent.as_str());
    let all = snapshot.interactions.iter().map(|view| &view.interaction);
    let live = all.filter(|one| one.agent == *agent && one.switch.is_some() && one.state.is_live());
    let mut calls: Calls = match dialect {
        Dialect::Uwq => {
            let legs = live.flat_map(Interaction::conversations).map(|(_, leg)| leg);
            legs.filter(|leg| !is_between_softphones(leg, ends)).filter_map(popped).collect()
        }
        Dialect::Harmony | Dialect::Max | Dialect::Connector | Dialect::Talisma => {
            live.map(|one| told(one, dialect)).collect()
        }
    };
    calls.sort();
    calls
}

/// How many records of an agent's are shown without a call. To a page that was told of no call yet, a record that is to be shown is one.
fn records_without_calls(snapshot: &Snapshot, agent: &AgentId) -> usize {
    let all = snapshot.interactions.iter().map(|view| &view.interaction);
    all.filter(|one| one.agent == *agent && one.switch.is_none() && one.state.is_live()).count()
}

/// Leaves out so many calls that talk at one hub and are none at the other.
fn leave_out(here: &mut Calls, there: &Calls, mut count: usize) {
    while count > 0 && here.len() > there.len() {
        let Some(at) = here.iter().position(|call| call == "talking") else { return };
        here.remove(at);
        count -= 1;
    }
}

/// One call as a dialect can tell of it.
fn told(one: &Interaction, dialect: Dialect) -> String {
    let legs: BTreeMap<&str, String> = one
        .conversations()
        .map(|(leg, conversation)| {
            let state = format!("{:?}", conversation.state).to_lowercase();
            (if leg == Leg::Primary { "primary" } else { "consult" }, state)
        })
        .collect();
    let first = || legs.get("primary").or(legs.get("consult")).cloned().unwrap_or_default();
    match dialect {
        // A consult whose first call is over is a call like any other.
        Dialect::Harmony if legs.len() > 1 => format!("{legs:?}"),
        // A call that is on hold stays so while the consult that is left of it dials.
        Dialect::Max if !legs.contains_key("primary") => first().replace("dialing", "held"),
        // Nothing is said of the hold of a consult.
        Dialect::Connector if !legs.contains_key("primary") => "talking".to_owned(),
        Dialect::Uwq | Dialect::Harmony | Dialect::Max | Dialect::Connector | Dialect::Talisma => first(),
    }
}

/// Whether the other end of a leg is a softphone too. Such a call is two for EBS, one for each of its ends, and each of the two has both
/// agents in it: the desk end cannot know that they belong together.
fn is_between_softphones(leg: &Conversation, ends: &Ends) -> bool {
    leg.parties.iter().any(|party| match &party.at {
        PartyKind::Device(device) => {
            AGENTS.contains(&device.as_str()) && ends.dialect_of(device.as_str()) == Dialect::Uwq
        }
        PartyKind::Outside(_) | PartyKind::Withheld => false,
    })
}

/// A leg as EBS is told of it: each is a call of its own. Nothing is said of holds, and of who called whom, so that a call that was not
/// asked for is taken to come in; and nothing of a call that the agent dials before it rings at the other end.
fn popped(leg: &Conversation) -> Option<String> {
    match leg.state {
        ConversationState::Alerting => Some("alerting".to_owned()),
        ConversationState::Dialing => leg.delivered.then(|| "alerting".to_owned()),
        ConversationState::Talking | ConversationState::Held => Some("talking".to_owned()),
        ConversationState::Ended => None,
    }
}
