//! Reports the progress of interactions to CRM pages that support it (a proposal: crm-connector.md §8.1).

use model::{
    ConversationEvent, ConversationState, Event, Interaction, InteractionEvent, InteractionState, Leg,
};
use session::Page;

use super::{
    TelephonySession,
    logs::{agent_is_caller, ends},
};
use crate::wire::{ConnectorMessage, Progress, Step};

/// The name of the extension in the CRM page's list.
const EXTENSION: &str = "interactionEvents";

impl TelephonySession {
    /// Reports an event, if it is one of the steps and the CRM page supports them.
    pub(super) fn send_progress(&mut self, page: Page, event: &Event) {
        if !self.supports_progress(page) {
            return;
        }
        let interaction = event.interaction().and_then(|id| self.projection.interaction(id));
        let sent = interaction.filter(|interaction| interaction.switch.is_some()).zip(step(event));
        if let Some(progress) = sent.map(|(interaction, step)| progress(interaction, step)) {
            self.post(page, &ConnectorMessage::InteractionEvent(progress));
        }
    }

    /// Reports the current step of each interaction, because the CRM page knows nothing yet or outdated steps.
    pub(super) fn send_all_progress(&mut self, page: Page) {
        let Some(agent) = self.pages.get(&page).map(|connector_page| connector_page.agent.clone()) else {
            return;
        };
        if !self.supports_progress(page) || self.active_pages(&agent).last() != Some(&page) {
            return;
        }
        let interactions = self
            .projection
            .interactions_of(&agent)
            .filter(|interaction| interaction.switch.is_some() && interaction.state.is_live());
        let all: Vec<Progress> = interactions
            .filter_map(|interaction| Some(progress(interaction, current_step(interaction)?)))
            .collect();
        for progress in all {
            self.post(page, &ConnectorMessage::InteractionEvent(progress));
        }
    }

    fn supports_progress(&self, page: Page) -> bool {
        let connector_page = self.pages.get(&page).filter(|connector_page| connector_page.is_active());
        connector_page
            .is_some_and(|connector_page| connector_page.crm.extensions.iter().any(|name| name == EXTENSION))
    }
}

/// The current step of an interaction.
fn current_step(interaction: &Interaction) -> Option<Step> {
    let is_held = interaction.primary.as_ref().is_some_and(|leg| leg.state == ConversationState::Held);
    if is_held { Some(Step::Held) } else { of_state(interaction.state) }
}

/// The step that an event means.
fn step(event: &Event) -> Option<Step> {
    if let Event::Interaction(InteractionEvent::Opened { interaction }) = event {
        return of_state(interaction.state);
    }
    if let Event::Interaction(InteractionEvent::StateChanged { to, .. }) = event {
        return of_state(*to);
    }
    let Event::Conversation(ConversationEvent::StateChanged { leg: Leg::Primary, from, to, .. }) = event
    else {
        return None;
    };
    match (from, to) {
        (_, ConversationState::Held) => Some(Step::Held),
        (ConversationState::Held, ConversationState::Talking) => Some(Step::Resumed),
        (_, _) => None,
    }
}

fn of_state(state: InteractionState) -> Option<Step> {
    match state {
        InteractionState::Alerting | InteractionState::Dialing => Some(Step::Alerting),
        InteractionState::Started => Some(Step::Connected),
        InteractionState::Ended => Some(Step::Ended),
        InteractionState::Completed => None,
    }
}

fn progress(interaction: &Interaction, step: Step) -> Progress {
    let (originating, destination) = ends(interaction);
    Progress {
        step,
        interaction: interaction.id.to_string().into(),
        inbound: !agent_is_caller(interaction),
        originating: originating.into(),
        destination: destination.into(),
        began: interaction.opened_at.0,
    }
}
