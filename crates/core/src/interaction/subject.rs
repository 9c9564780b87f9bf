//! What a command is about, and what it comes to: requests to the switch.

use model::{
    Code, Command, Conversation, ConversationState, Interaction, InteractionId, InteractionState, Leg,
    Rejection, SwitchFeature, SwitchId, SwitchRequest,
};

use crate::{State, turn::Turn};

/// An interaction in its surroundings, to be asked what is possible.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) state: &'a State,
    pub(super) interaction: &'a Interaction,
}

/// What a verb comes to.
pub(super) struct Ask {
    switch: SwitchId,
    interaction: InteractionId,
    requests: Vec<SwitchRequest>,
}

impl<'a> Subject<'a> {
    /// Says "not as things stand", with how they stand.
    pub(super) fn wrong(&self, why: &str) -> Rejection {
        let one = self.interaction;
        let text = format!("interaction {} is {}: {why}", one.id, word(one.state));
        Rejection::new(Code::WrongState, text)
    }

    /// Comes to these requests, if the switch can do them all.
    pub(super) fn ask(&self, requests: Vec<SwitchRequest>) -> Result<Ask, Rejection> {
        for feature in requests.iter().filter_map(SwitchRequest::feature) {
            self.needs(feature)?;
        }
        Ok(Ask { switch: self.switch()?.clone(), interaction: self.interaction.id, requests })
    }

    /// The switch that carries the call.
    pub(super) fn switch(&self) -> Result<&'a SwitchId, Rejection> {
        self.interaction.switch.as_ref().ok_or_else(|| self.wrong("it has no call"))
    }

    /// Whether the switch was asked to hang up and did not.
    pub(super) fn is_overdue(&self) -> bool {
        self.state.interactions.get(&self.interaction.id).is_some_and(|live| live.overdue)
    }

    /// Says whether the switch can be reached and can do this.
    pub(super) fn needs(&self, feature: SwitchFeature) -> Result<(), Rejection> {
        self.state.can(self.switch()?, feature)
    }

    /// Says whether it is going on.
    pub(super) fn started(&self) -> Result<(), Rejection> {
        match self.interaction.state {
            InteractionState::Started => self.switch().map(|_| ()),
            InteractionState::Alerting
            | InteractionState::Dialing
            | InteractionState::Ended
            | InteractionState::Completed => Err(self.wrong("it is not going on")),
        }
    }

    /// A leg in one of some states.
    pub(super) fn leg(&self, leg: Leg, states: &[ConversationState]) -> Result<&'a Conversation, Rejection> {
        let found = self.interaction.leg(leg).filter(|conversation| states.contains(&conversation.state));
        found.ok_or_else(|| {
            let is =
                self.interaction.leg(leg).map_or("not there", |conversation| leg_word(conversation.state));
            self.wrong(&format!(
                "its {} leg is {is}",
                if leg == Leg::Primary { "primary" } else { "consult" }
            ))
        })
    }
}

/// Finds what a command is about: the interaction it names, or the agent's only one that passes.
pub(super) fn find<T>(
    state: &State,
    command: &Command,
    check: impl Fn(Subject) -> Result<T, Rejection>,
) -> Result<T, Rejection> {
    let own = || state.interactions_of(&command.agent);
    if let Some(id) = command.interaction {
        return match own().find(|interaction| interaction.id == id) {
            Some(interaction) => check(Subject { state, interaction }),
            None => {
                let text = format!("agent {} has no interaction {id}", command.agent);
                Err(Rejection::new(Code::UnknownInteraction, text))
            }
        };
    }
    let mut checked: Vec<_> = own().map(|interaction| check(Subject { state, interaction })).collect();
    let passed = checked.iter().filter(|result| result.is_ok()).count();
    let verb = command.verb.name().word();
    match (passed, checked.len()) {
        (1, _) => checked.into_iter().find(Result::is_ok).unwrap_or_else(|| unreachable!("one has passed")),
        (0, 1) => checked.remove(0),
        (0, _) => {
            let text = format!("agent {} has no interaction to {verb}", command.agent);
            Err(Rejection::new(Code::WrongState, text))
        }
        (count, _) => {
            let text = format!("agent {} has {count} interactions to {verb}: name one", command.agent);
            Err(Rejection::new(Code::Ambiguous, text))
        }
    }
}

/// Asks of the switch what a command comes to.
pub(super) fn run(
    turn: &mut Turn,
    command: &Command,
    check: impl Fn(Subject) -> Result<Ask, Rejection>,
) -> Result<(), Rejection> {
    let Ask { switch, interaction, requests } = find(turn.state(), command, check)?;
    for request in requests {
        turn.ask(&switch, Some(&command.agent), Some(interaction), request);
    }
    Ok(())
}

fn word(state: InteractionState) -> &'static str {
    match state {
        InteractionState::Alerting => "alerting",
        InteractionState::Dialing => "dialing",
        InteractionState::Started => "started",
        InteractionState::Ended => "ended",
        InteractionState::Completed => "completed",
    }
}

fn leg_word(state: ConversationState) -> &'static str {
    match state {
        ConversationState::Alerting => "alerting",
        ConversationState::Dialing => "dialing",
        ConversationState::Talking => "talking",
        ConversationState::Held => "held",
        ConversationState::Ended => "ended",
    }
}
