//! `notify`: opens a record at the agent's desk, for the live interaction that it belongs to or for a new one.

use model::{
    AgentId, Code, Command, Country, DetailEvent, Event, Interaction, InteractionEvent, InteractionId,
    LinkageId, Number, Party, PartyKind, Pop, Rejection, Timestamp,
};
use numbers::ComparableNumber;

use super::{is_call, occupies, open::blank};
use crate::{agent::become_busy, turn::Turn};

/// The most records that one interaction can show. Our choice.
const POPS_MAX: usize = 50;
/// The most interactions without a call that one agent can have. Our choice.
const DESK_WORK_MAX: usize = 50;
/// How long after a notification its call can arrive. Milliseconds. Our choice: a CTI link and a switch report the same
/// call within a second or two; the same caller does not call the same agent again within this time.
const JOIN_MS_MAX: u64 = 10_000;

pub(crate) fn notify(turn: &mut Turn, command: &Command, pop: &Pop) -> Result<(), Rejection> {
    let interaction = match target(turn, command, pop)? {
        Some(id) => id,
        None => open(turn, command, pop)?,
    };
    let agent = command.agent.clone();
    turn.emit(Event::Detail(DetailEvent::Popped {
        agent: agent.clone(),
        interaction,
        pop: Box::new(pop.clone()),
    }));
    if turn.state().interaction(interaction).is_some_and(occupies) {
        become_busy(turn, &agent);
    }
    Ok(())
}

/// The interaction that the command names, or the one that the number joins.
fn target(turn: &Turn, command: &Command, pop: &Pop) -> Result<Option<InteractionId>, Rejection> {
    let found = match (command.interaction, &pop.ani) {
        (Some(id), _) => Some(named(turn, &command.agent, id)?),
        (None, Some(ani)) => joined(turn, &command.agent, ani),
        (None, None) => None,
    };
    if found.is_some_and(|interaction| interaction.pops.len() >= POPS_MAX) {
        let text = format!("the interaction already shows {POPS_MAX} records, which is the maximum");
        return Err(Rejection::new(Code::TooMany, text));
    }
    Ok(found.map(|interaction| interaction.id))
}

fn named<'a>(turn: &'a Turn, agent: &AgentId, id: InteractionId) -> Result<&'a Interaction, Rejection> {
    let mut own = turn.state().interactions_of(agent);
    own.find(|interaction| interaction.id == id).ok_or_else(|| {
        Rejection::new(
            Code::UnknownInteraction,
            format!("agent {agent} does not have this interaction, or it is completed"),
        )
    })
}

/// The interaction that a notification with a calling number joins: the agent's newest live call with that number, or
/// else the newest session that still waits for its call.
fn joined<'a>(turn: &'a Turn, agent: &AgentId, ani: &Number) -> Option<&'a Interaction> {
    let home = turn.state().floor.country;
    let own = || turn.state().interactions_of(agent);
    let same = |one: &&Interaction| has_number(&one.customer.at, ani, home);
    let call = own().filter(|one| is_call(one)).filter(same).max_by_key(|one| newest(one));
    call.or_else(|| own().filter(|one| waits_for_call(turn, one)).filter(same).max_by_key(|one| newest(one)))
}

/// The session that an incoming call joins: its notification arrived shortly before the call, for the same agent and with
/// the number of the call's customer.
pub(super) fn session_before(turn: &Turn, agent: &AgentId, customer: &Party) -> Option<Interaction> {
    let home = turn.state().floor.country;
    let waiting = turn.state().interactions_of(agent).filter(|one| waits_for_call(turn, one));
    let same = waiting.filter(|one| match &one.customer.at {
        PartyKind::Outside(ani) => has_number(&customer.at, ani, home),
        PartyKind::Device(_) | PartyKind::Withheld => false,
    });
    same.max_by_key(|one| newest(one)).cloned()
}

/// Whether a call can still join the interaction: a notification opened it recently, and nothing was logged since.
fn waits_for_call(turn: &Turn, one: &Interaction) -> bool {
    let is_recent = turn.now.0.saturating_sub(one.opened_at.0) <= JOIN_MS_MAX;
    one.switch.is_none() && one.state.is_live() && is_recent && one.logs.is_empty()
}

fn newest(one: &Interaction) -> (Timestamp, u64) {
    (one.opened_at, one.number)
}

/// Whether a party has this number: the same number as dialed in the floor's country, or the phone of this name.
fn has_number(party: &PartyKind, number: &Number, home: Option<Country>) -> bool {
    match party {
        PartyKind::Outside(own) => ComparableNumber::of(own, home).is_some_and(|own| own.is(number)),
        PartyKind::Device(device) => device.as_str() == number.as_str(),
        PartyKind::Withheld => false,
    }
}

fn open(turn: &mut Turn, command: &Command, pop: &Pop) -> Result<InteractionId, Rejection> {
    let Some(agent) = turn.state().agent(&command.agent) else {
        return Err(Rejection::new(
            Code::UnknownAgent,
            format!("agent {} is not defined in the floor", command.agent),
        ));
    };
    let device = agent.seat.as_ref().map_or(&agent.plan.device, |seat| &seat.device).clone();
    let desk_work = turn.state().interactions_of(&command.agent).filter(|one| one.switch.is_none()).count();
    if desk_work >= DESK_WORK_MAX {
        let text = format!(
            "agent {} already has {DESK_WORK_MAX} interactions without a call, which is the maximum; complete some of them",
            command.agent
        );
        return Err(Rejection::new(Code::TooMany, text));
    }
    let at = pop.ani.clone().map_or(PartyKind::Withheld, PartyKind::Outside);
    let (id, linkage) = (InteractionId(turn.uuid()), LinkageId(turn.uuid()));
    let interaction = Interaction {
        dialled: pop.dialled.clone(),
        started_at: Some(turn.now),
        data: pop.data.clone(),
        // The number was not looked up before.
        contact_pending: matches!(at, PartyKind::Outside(_)),
        ..blank(turn, id, linkage, &command.agent, &device, Party::new(at))
    };
    turn.emit(Event::Interaction(InteractionEvent::Opened { interaction: Box::new(interaction) }));
    Ok(id)
}
