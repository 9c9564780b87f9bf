//! `notify`: opens a record at the agent's desk, for the live interaction that it belongs to or for a new one.

use model::{
    Code, Command, DetailEvent, Event, Interaction, InteractionEvent, InteractionId, LinkageId, Number,
    Party, PartyKind, Pop, Rejection,
};

use super::open::blank;
use crate::turn::Turn;

/// The most records that one interaction can show. Our choice.
const POPS_MAX: usize = 50;
/// The most interactions without a call that one agent can have. Our choice.
const DESK_WORK_MAX: usize = 50;

pub(crate) fn notify(turn: &mut Turn, command: &Command, pop: &Pop) -> Result<(), Rejection> {
    let interaction = match target(turn, command, pop)? {
        Some(id) => id,
        None => open(turn, command, pop)?,
    };
    let agent = command.agent.clone();
    turn.emit(Event::Detail(DetailEvent::Popped { agent, interaction, pop: Box::new(pop.clone()) }));
    Ok(())
}

/// The interaction that the command names, or the live one with the same number.
fn target(turn: &Turn, command: &Command, pop: &Pop) -> Result<Option<InteractionId>, Rejection> {
    let mut own = turn.state().interactions_of(&command.agent);
    let found = match (command.interaction, &pop.ani) {
        (Some(id), _) => match own.find(|interaction| interaction.id == id) {
            Some(interaction) => Some(interaction),
            None => {
                let text = format!("agent {} does not have this interaction, or it is completed", command.agent);
                return Err(Rejection::new(Code::UnknownInteraction, text));
            }
        },
        (None, Some(ani)) => own.find(|interaction| interaction.state.is_live() && is_with(interaction, ani)),
        (None, None) => None,
    };
    if found.is_some_and(|interaction| interaction.pops.len() >= POPS_MAX) {
        let text = format!("the interaction already shows {POPS_MAX} records, which is the maximum");
        return Err(Rejection::new(Code::TooMany, text));
    }
    Ok(found.map(|interaction| interaction.id))
}

fn is_with(interaction: &Interaction, ani: &Number) -> bool {
    match &interaction.customer.at {
        PartyKind::Outside(number) => number.digits().eq(ani.digits()),
        PartyKind::Device(device) => device.as_str() == ani.as_str(),
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
