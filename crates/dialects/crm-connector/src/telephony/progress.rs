//! How interactions go on, for pages that want to know (a proposal: crm-connector.md §8.1).

use model::{
    ConversationEvent, ConversationState, Event, Interaction, InteractionEvent, InteractionState, Leg,
};
use session::Page;

use super::{
    Telephony,
    logs::{begun_here, ends},
};
use crate::wire::{ConnectorMessage, Progress, Step};

/// The name under which a page lists that it understands this.
const EXTENSION: &str = "interactionEvents";

impl Telephony {
    /// Says what happened, where it is one of the steps and the page has listed that it understands them.
    pub(super) fn tell_progress(&mut self, page: Page, event: &Event) {
        if !self.wants_progress(page) {
            return;
        }
        let work = event.interaction().and_then(|id| self.projection.work(id));
        let told = work.filter(|work| work.switch.is_some()).zip(step(event));
        if let Some(progress) = told.map(|(work, step)| progress(work, step)) {
            self.post(page, &ConnectorMessage::InteractionEvent(progress));
        }
    }

    /// Says how each interaction of the agent's stands: the page knows nothing yet, or what it knows may be over.
    pub(super) fn tell_all_progress(&mut self, page: Page) {
        let Some(agent) = self.booths.get(&page).map(|booth| booth.agent.clone()) else { return };
        if !self.wants_progress(page) || self.pages(&agent).last() != Some(&page) {
            return;
        }
        let works =
            self.projection.works(&agent).filter(|work| work.switch.is_some() && work.state.is_live());
        let all: Vec<Progress> = works.filter_map(|work| Some(progress(work, stands(work)?))).collect();
        for progress in all {
            self.post(page, &ConnectorMessage::InteractionEvent(progress));
        }
    }

    fn wants_progress(&self, page: Page) -> bool {
        let booth = self.booths.get(&page).filter(|booth| booth.is_active());
        booth.is_some_and(|booth| booth.crm.extensions.iter().any(|name| name == EXTENSION))
    }
}

/// The step that an interaction has come to.
fn stands(work: &Interaction) -> Option<Step> {
    let is_held = work.primary.as_ref().is_some_and(|leg| leg.state == ConversationState::Held);
    if is_held { Some(Step::Held) } else { of_state(work.state) }
}

/// Which step an event is.
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

fn progress(work: &Interaction, step: Step) -> Progress {
    let (originating, destination) = ends(work);
    Progress {
        step,
        interaction: work.id.to_string().into(),
        inbound: !begun_here(work),
        originating: originating.into(),
        destination: destination.into(),
        began: work.opened_at.0,
    }
}
