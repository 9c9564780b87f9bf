//! The interaction that a command is about, and the requests that the command leads to.

use model::{
    Code, Command, Conversation, ConversationState, Interaction, InteractionId, InteractionState, Leg, Party,
    PartyKind, Rejection, SwitchFeature, SwitchId, SwitchRequest,
};

use crate::{State, turn::Turn};

/// An interaction together with the state, for checks of what is possible.
#[derive(Clone, Copy)]
pub(super) struct InteractionRef<'a> {
    pub(super) state: &'a State,
    pub(super) interaction: &'a Interaction,
}

/// The requests that a verb leads to.
pub(super) struct PlannedRequests {
    switch: SwitchId,
    interaction: InteractionId,
    requests: Vec<SwitchRequest>,
}

impl<'a> InteractionRef<'a> {
    /// A rejection because of the current state, which it names.
    pub(super) fn wrong_state(&self, why: &str) -> Rejection {
        let text = format!("{} is {}: {why}", described(self.interaction), word(self.interaction.state));
        Rejection::new(Code::WrongState, text)
    }

    /// Plans requests, if the switch supports all of them.
    pub(super) fn plan(&self, requests: Vec<SwitchRequest>) -> Result<PlannedRequests, Rejection> {
        for feature in requests.iter().filter_map(SwitchRequest::feature) {
            self.needs(feature)?;
        }
        Ok(PlannedRequests { switch: self.switch()?.clone(), interaction: self.interaction.id, requests })
    }

    /// The switch that carries the call.
    pub(super) fn switch(&self) -> Result<&'a SwitchId, Rejection> {
        self.interaction.switch.as_ref().ok_or_else(|| self.wrong_state("it has no call"))
    }

    /// Whether the switch got a request to hang up and did not.
    pub(super) fn is_overdue(&self) -> bool {
        self.state.interactions.get(&self.interaction.id).is_some_and(|live| live.overdue)
    }

    /// Checks that the switch can be reached and supports a feature.
    pub(super) fn needs(&self, feature: SwitchFeature) -> Result<(), Rejection> {
        self.state.can(self.switch()?, feature)
    }

    /// Checks that the interaction has been answered and has not ended.
    pub(super) fn started(&self) -> Result<(), Rejection> {
        match self.interaction.state {
            InteractionState::Started => self.switch().map(|_| ()),
            InteractionState::Alerting
            | InteractionState::Dialing
            | InteractionState::Ended
            | InteractionState::Completed => Err(self.wrong_state("it is not in progress")),
        }
    }

    /// Returns a leg that is in one of the given states.
    pub(super) fn leg(&self, leg: Leg, states: &[ConversationState]) -> Result<&'a Conversation, Rejection> {
        let found = self.interaction.leg(leg).filter(|conversation| states.contains(&conversation.state));
        found.ok_or_else(|| {
            let is = self.interaction.leg(leg).map_or("absent", |conversation| leg_word(conversation.state));
            self.wrong_state(&format!(
                "its {} leg is {is}",
                if leg == Leg::Primary { "primary" } else { "consult" }
            ))
        })
    }
}

/// Finds the interaction of a command: the one that it names, or the agent's only one that passes the check.
pub(super) fn find<T>(
    state: &State,
    command: &Command,
    check: impl Fn(InteractionRef) -> Result<T, Rejection>,
) -> Result<T, Rejection> {
    let own = || state.interactions_of(&command.agent);
    if let Some(id) = command.interaction {
        return match own().find(|interaction| interaction.id == id) {
            Some(interaction) => check(InteractionRef { state, interaction }),
            None => {
                let text =
                    format!("agent {} does not have this interaction, or it is completed", command.agent);
                Err(Rejection::new(Code::UnknownInteraction, text))
            }
        };
    }
    let mut checked: Vec<_> = own().map(|interaction| check(InteractionRef { state, interaction })).collect();
    let passed = checked.iter().filter(|result| result.is_ok()).count();
    let verb = command.verb.name().as_str();
    match (passed, checked.len()) {
        (1, _) => checked.into_iter().find(Result::is_ok).unwrap_or_else(|| unreachable!("one has passed")),
        (0, 1) => checked.remove(0),
        (0, _) => {
            let text = format!("agent {} has no interaction for which {verb} is possible", command.agent);
            Err(Rejection::new(Code::WrongState, text))
        }
        (count, _) => {
            let text = format!(
                "agent {} has {count} interactions for which {verb} is possible; specify one",
                command.agent
            );
            Err(Rejection::new(Code::Ambiguous, text))
        }
    }
}

/// Sends the requests that a command leads to.
pub(super) fn run(
    turn: &mut Turn,
    command: &Command,
    check: impl Fn(InteractionRef) -> Result<PlannedRequests, Rejection>,
) -> Result<(), Rejection> {
    let PlannedRequests { switch, interaction, requests } = find(turn.state(), command, check)?;
    for request in requests {
        turn.request(&switch, Some(&command.agent), Some(interaction), request);
    }
    Ok(())
}

/// An interaction for people: its number and who it is with.
pub(crate) fn described(interaction: &Interaction) -> String {
    format!("interaction {} with {}", interaction.number, customer_name(interaction))
}

/// The name of the customer for a text.
pub(crate) fn customer_name(interaction: &Interaction) -> String {
    match &interaction.contact {
        Some(contact) => contact.name.to_string(),
        None => party_name(&interaction.customer),
    }
}

/// The name of a party for a text. Only the last digits of a number are shown.
pub(crate) fn party_name(party: &Party) -> String {
    match (&party.name, &party.at) {
        (Some(name), _) => name.to_string(),
        (None, PartyKind::Device(device)) => format!("phone {device}"),
        (None, PartyKind::Outside(number)) => format!("{number:?}"),
        (None, PartyKind::Withheld) => "a withheld number".to_owned(),
    }
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
