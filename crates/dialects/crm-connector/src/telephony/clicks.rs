//! Clicks on numbers (crm-connector.md §4.4 to §4.6), and automatic actions of the configuration.

use std::time::Duration;

use compact_str::CompactString;
use model::{
    Accepted, Card, CommandId, ConversationEvent, Data, Event, Interaction, InteractionEvent, InteractionId,
    InteractionState, Leg, LinkEvent, Number, Record, Rejection, SwitchAnswer, Verb,
};
use session::Page;

use super::{
    Purpose, TelephonySession,
    connector_page::{ClickContext, Dialing, UserRequest},
    page_messages::ToOwnPage,
};
use crate::wire::{Click, ConnectorMessage};

/// The message for a click without a number.
const NO_NUMBER: &str = "the click has no number to call";

impl TelephonySession {
    /// Tells the CRM page whether clicks are accepted, if that has changed.
    pub(super) fn update_click_to_dial(&mut self, page: Page) {
        let Some(connector_page) = self.pages.get(&page).filter(|connector_page| connector_page.is_active())
        else {
            return;
        };
        let softphone = &connector_page.crm.settings.softphone;
        let at_work = self.projection.is_signed_in(&connector_page.agent);
        let talks = self
            .projection
            .interactions_of(&connector_page.agent)
            .any(|interaction| interaction.state.is_live());
        let on = softphone.click_to_dial && at_work && (!talks || softphone.click_to_consult);
        if connector_page.clicks_enabled == Some(on) {
            return;
        }
        if let Some(connector_page) = self.pages.get_mut(&page) {
            connector_page.clicks_enabled = Some(on);
        }
        self.post(page, &ConnectorMessage::RequestEnableClickToDial(on));
        // When the connector page closes, the CRM page must stop offering clicks.
        let off = ConnectorMessage::RequestEnableClickToDial(false);
        self.post_on_close(page, on.then_some(&off));
    }

    /// Handles a click: dials the number, or starts a consultation during a call. Ignores a second click in the meantime.
    pub(super) fn clicked(&mut self, page: Page, click: Click) {
        let Some(connector_page) = self.pages.get(&page).filter(|connector_page| connector_page.is_active())
        else {
            return;
        };
        if connector_page.clicks_enabled != Some(true) || connector_page.dialing.is_some() {
            return tracing::debug!(page = page.0, "click ignored");
        }
        if self.is_repeated(page, UserRequest::Call) {
            return tracing::debug!(page = page.0, "click ignored: it repeats the last one");
        }
        match self.to_dial(page, &click) {
            Ok(to) => self.dial(page, to, click),
            Err(text) => self.send(page, &ToOwnPage::Notice { text: &text }),
        }
    }

    fn to_dial(&self, page: Page, click: &Click) -> Result<Number, String> {
        let name = click.record_name.as_deref().unwrap_or("this person");
        if click.do_not_call {
            return Err(format!("{name} does not want to be called"));
        }
        let text = click.number.as_deref().ok_or(NO_NUMBER)?;
        let number = Number::new(text).map_err(|error| format!("{text:?} cannot be dialed: {error}"))?;
        let plan =
            self.pages.get(&page).and_then(|connector_page| connector_page.crm.settings.dialing.as_ref());
        match plan {
            Some(plan) => {
                let dialled =
                    if self.dial_prefixes { plan.prefixed(&number) } else { plan.international(&number) };
                dialled.map_err(|error| format!("{text:?} cannot be dialed: {error}"))
            }
            None => Ok(number),
        }
    }

    fn dial(&mut self, page: Page, to: Number, click: Click) {
        let Some(connector_page) = self.pages.get(&page) else { return };
        let talking = self
            .projection
            .interactions_of(&connector_page.agent)
            .find(|interaction| interaction.state == InteractionState::Started);
        let consults = talking.map(|interaction| interaction.id);
        let within = Duration::from_secs(connector_page.crm.settings.softphone.timeout_s);
        let data = record(&click);
        let verb = if consults.is_some() { Verb::Consult { to, data } } else { Verb::Dial { to, data } };
        // The call opens with the switch's answer, some events after the hub's.
        let Some(command) = self.command(page, consults, verb, Purpose::Click) else { return };
        let until = self.out.now() + within;
        if let Some(connector_page) = self.pages.get_mut(&page) {
            connector_page.dialing = Some(Dialing { command, request: None, consults, click, until });
        }
    }

    /// Handles the hub's answer to the command of a click.
    pub(super) fn click_answered(
        &mut self,
        page: Page,
        command: &CommandId,
        result: Result<Accepted, Rejection>,
    ) {
        let Err(rejection) = result else { return };
        if let Some(connector_page) = self.pages.get_mut(&page) {
            connector_page.dialing.take_if(|dialing| dialing.command == *command);
            self.send(page, &ToOwnPage::Notice { text: &rejection.text });
        }
    }

    /// Follows the click that is being dialed.
    pub(super) fn follow_click(&mut self, page: Page, record: &Record) {
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        let Some(dialing) = &mut connector_page.dialing else { return };
        if let Event::Link(LinkEvent::Requested { request, .. }) = &record.event
            && is_result_of(record, &dialing.command)
        {
            dialing.request = Some(*request);
        }
        // The agent gets a notice from the hub.
        if let Event::Link(LinkEvent::Answered { request, answer: SwitchAnswer::Refused { .. }, .. }) =
            &record.event
            && dialing.request == Some(*request)
        {
            connector_page.dialing = None;
        }
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event
            && interaction.state == InteractionState::Dialing
            && let Some(Dialing { click, .. }) =
                connector_page.dialing.take_if(|dialing| dialing.consults.is_none())
        {
            return self.dialled(page, interaction.id, click);
        }
        if let Event::Conversation(ConversationEvent::Opened { interaction, leg: Leg::Consult, .. }) =
            &record.event
            && let Some(Dialing { click, .. }) =
                connector_page.dialing.take_if(|dialing| dialing.consults == Some(*interaction))
        {
            self.consulted(page, *interaction, click);
        }
    }

    /// Shows the record's name at the person who is consulted and makes the record available.
    fn consulted(&mut self, page: Page, interaction: InteractionId, click: Click) {
        let name = click.record_name.as_deref();
        self.send(page, &ToOwnPage::Consulted { interaction, live: true, name });
        if let Some(connector_page) = self.pages.get_mut(&page) {
            let context = ClickContext { result: click.result, related: click.related };
            connector_page.kept.consulted(interaction, context);
            self.keep(page);
        }
    }

    /// Follows the end of a consultation that a click started.
    pub(super) fn follow_consult(&mut self, page: Page, record: &Record) {
        let Event::Conversation(ConversationEvent::Closed { interaction, leg: Leg::Consult, .. }) =
            &record.event
        else {
            return;
        };
        let known = self.pages.get_mut(&page);
        if known.is_some_and(|connector_page| connector_page.kept.end_consult(*interaction)) {
            self.send(page, &ToOwnPage::Consulted { interaction: *interaction, live: false, name: None });
            self.keep(page);
        }
    }

    /// Gives up a click that was not dialed in time. The next click is accepted.
    pub(super) fn clicks_due(&mut self, page: Page) {
        let now = self.out.now();
        if let Some(connector_page) = self.pages.get_mut(&page) {
            connector_page.dialing.take_if(|dialing| dialing.until <= now);
        }
    }

    /// Shows the record's name on the contact card and makes the record available.
    fn dialled(&mut self, page: Page, interaction: InteractionId, click: Click) {
        let name = click.record_name.clone();
        self.send(page, &ToOwnPage::Clicked { interaction, name: name.as_deref() });
        if let Some(connector_page) = self.pages.get_mut(&page) {
            connector_page
                .kept
                .clicked(interaction, ClickContext { result: click.result, related: click.related });
            self.keep(page);
        }
        if let Some(name) = name {
            let card = Card { name: Some(name), image: None };
            self.command(page, Some(interaction), Verb::SetCard { card }, Purpose::Silent);
        }
    }

    /// The agent has asked for the record of a click.
    pub(super) fn navigate(&mut self, page: Page, interaction: InteractionId, consult: bool) {
        if self.is_repeated(page, UserRequest::Record) {
            return;
        }
        let connector_page = self.pages.get(&page).filter(|connector_page| connector_page.is_active());
        let result = connector_page
            .and_then(|connector_page| match consult {
                true => connector_page.kept.consult(interaction),
                false => connector_page.kept.click(interaction),
            })
            .map(|click| click.result.clone());
        if let Some(result) = result.filter(serde_json::Value::is_object) {
            self.post(page, &ConnectorMessage::RequestNavigateToClickToDialResult(result));
        }
    }

    /// Signs the agent in and makes them ready, if the configuration says so.
    pub(super) fn start_work(&mut self, page: Page) {
        let Some(connector_page) = self.pages.get(&page) else { return };
        let softphone = &connector_page.crm.settings.softphone;
        let (wanted, ready) = (softphone.starts_work, softphone.starts_ready);
        let away = !self.projection.is_signed_in(&connector_page.agent);
        if !wanted || !away {
            return;
        }
        self.command(page, None, Verb::SignIn { device: None, queues: None }, Purpose::Silent);
        if ready {
            self.command(page, None, Verb::Ready, Purpose::Silent);
        }
    }

    /// Answers a ringing call, if the configuration says so.
    pub(super) fn pick_up(&mut self, page: Page, interaction: &Interaction) {
        let wanted = self.pages.get(&page).is_some_and(|connector_page| {
            connector_page.is_active() && connector_page.crm.settings.softphone.answers
        });
        if wanted && interaction.state == InteractionState::Alerting {
            self.command(page, Some(interaction.id), Verb::Answer, Purpose::Silent);
        }
    }
}

/// Whether an event resulted from a command of this session.
fn is_result_of(record: &Record, command: &CommandId) -> bool {
    record.origin.as_ref().is_some_and(|origin| origin.command == *command)
}

/// The data of the record for other desks.
fn record(click: &Click) -> Data {
    let pairs: [(&str, &Option<CompactString>); 5] = [
        ("crm.recordId", &click.record_id),
        ("crm.objectType", &click.object_type),
        ("crm.recordName", &click.record_name),
        ("crm.email", &click.email),
        ("crm.url", &click.url),
    ];
    pairs.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect()
}
