//! Clicks on numbers (crm-connector.md §4.4 to §4.6), and what the configuration has the agent do by itself.

use compact_str::CompactString;
use model::{
    Accepted, Card, CommandId, Data, Event, Interaction, InteractionEvent, InteractionId, InteractionState,
    LinkEvent, Number, Record, Rejection, SwitchAnswer, Verb,
};
use session::Page;

use super::{
    Asked, Telephony,
    booth::{Clicked, Dialing},
    words::ToOurs,
};
use crate::wire::{Click, ConnectorMessage, limits::DIALING_WITHIN};

/// What a refused click is told as, when the page has no number.
const NO_NUMBER: &str = "there is no number to call";

impl Telephony {
    /// Says whether clicks are to be told, when that is otherwise than it was said.
    pub(super) fn settle_clicks(&mut self, page: Page) {
        let Some(booth) = self.booths.get(&page).filter(|booth| booth.is_active()) else { return };
        let softphone = &booth.crm.settings.softphone;
        let at_work = self.projection.is_signed_in(&booth.agent);
        let talks = self.projection.works(&booth.agent).any(|work| work.state.is_live());
        let on = softphone.click_to_dial && at_work && (!talks || softphone.click_to_consult);
        if booth.clicks_enabled == Some(on) {
            return;
        }
        if let Some(booth) = self.booths.get_mut(&page) {
            booth.clicks_enabled = Some(on);
        }
        self.post(page, &ConnectorMessage::RequestEnableClickToDial(on));
        // Whoever signs out leaves a page around that must not offer clicks that nobody hears.
        let off = ConnectorMessage::RequestEnableClickToDial(false);
        self.post_on_close(page, on.then_some(&off));
    }

    /// A number was clicked: it is dialled, or asked in the middle of a call. A second click meanwhile is passed over.
    pub(super) fn clicked(&mut self, page: Page, click: Click) {
        let Some(booth) = self.booths.get(&page).filter(|booth| booth.is_active()) else { return };
        if booth.clicks_enabled != Some(true) || booth.dialing.is_some() {
            return tracing::debug!(page = page.0, "a click is passed over");
        }
        match self.to_dial(page, &click) {
            Ok(to) => self.dial(page, to, click),
            Err(text) => self.tell(page, &ToOurs::Notice { text: &text }),
        }
    }

    fn to_dial(&self, page: Page, click: &Click) -> Result<Number, String> {
        let name = click.record_name.as_deref().unwrap_or("this person");
        if click.do_not_call {
            return Err(format!("{name} does not want to be called"));
        }
        let text = click.number.as_deref().ok_or(NO_NUMBER)?;
        let number = Number::new(text).map_err(|error| format!("{text:?} cannot be dialled: {error}"))?;
        let plan = self.booths.get(&page).and_then(|booth| booth.crm.settings.dialing.as_ref());
        match plan {
            Some(plan) => {
                plan.dialled(&number).map_err(|error| format!("{text:?} cannot be dialled: {error}"))
            }
            None => Ok(number),
        }
    }

    fn dial(&mut self, page: Page, to: Number, click: Click) {
        let Some(booth) = self.booths.get(&page) else { return };
        let talking =
            self.projection.works(&booth.agent).find(|work| work.state == InteractionState::Started);
        match talking.map(|work| work.id) {
            Some(id) => {
                let verb = Verb::Consult { to, data: record(&click) };
                self.ask(page, Some(id), verb, Asked::Click);
            }
            None => self.dial_anew(page, to, click),
        }
    }

    /// The interaction comes with the switch's answer, some events after the hub's.
    fn dial_anew(&mut self, page: Page, to: Number, click: Click) {
        let until = self.out.now() + DIALING_WITHIN;
        let verb = Verb::Dial { to, data: record(&click) };
        let Some(command) = self.ask(page, None, verb, Asked::Click) else { return };
        if let Some(booth) = self.booths.get_mut(&page) {
            booth.dialing = Some(Dialing { command, request: None, click, until });
        }
    }

    /// The hub took a click, or refused it.
    pub(super) fn click_answered(
        &mut self,
        page: Page,
        command: &CommandId,
        result: Result<Accepted, Rejection>,
    ) {
        let Err(rejection) = result else { return };
        if let Some(booth) = self.booths.get_mut(&page) {
            booth.dialing.take_if(|dialing| dialing.command == *command);
            self.tell(page, &ToOurs::Notice { text: &rejection.text });
        }
    }

    /// Takes from an event what becomes of the click that is being dialled.
    pub(super) fn follow_click(&mut self, page: Page, record: &Record) {
        let Some(booth) = self.booths.get_mut(&page) else { return };
        let Some(dialing) = &mut booth.dialing else { return };
        if let Event::Link(LinkEvent::Requested { request, .. }) = &record.event
            && came_of(record, &dialing.command)
        {
            dialing.request = Some(*request);
        }
        // The agent has the hub's own notice of it.
        if let Event::Link(LinkEvent::Answered { request, answer: SwitchAnswer::Refused { .. }, .. }) =
            &record.event
            && dialing.request == Some(*request)
        {
            booth.dialing = None;
        }
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event
            && interaction.state == InteractionState::Dialing
            && let Some(Dialing { click, .. }) = booth.dialing.take()
        {
            self.dialled(page, interaction.id, click);
        }
    }

    /// Nothing came of it in time: the next click counts.
    pub(super) fn clicks_due(&mut self, page: Page) {
        let now = self.out.now();
        if let Some(booth) = self.booths.get_mut(&page) {
            booth.dialing.take_if(|dialing| dialing.until <= now);
        }
    }

    /// The card bears the record's name, and the record can be shown.
    fn dialled(&mut self, page: Page, interaction: InteractionId, click: Click) {
        let name = click.record_name.clone();
        self.tell(page, &ToOurs::Clicked { interaction, name: name.as_deref() });
        if let Some(booth) = self.booths.get_mut(&page) {
            booth.memo.clicked(interaction, Clicked { result: click.result, related: click.related });
            self.keep(page);
        }
        if let Some(name) = name {
            let card = Card { name: Some(name), image: None };
            self.ask(page, Some(interaction), Verb::SetCard { card }, Asked::Small);
        }
    }

    /// The agent wants to see the record that the number was clicked in.
    pub(super) fn navigate(&mut self, page: Page, interaction: InteractionId) {
        let booth = self.booths.get(&page).filter(|booth| booth.is_active());
        let result = booth.and_then(|booth| booth.memo.click(interaction)).map(|click| click.result.clone());
        if let Some(result) = result.filter(serde_json::Value::is_object) {
            self.post(page, &ConnectorMessage::RequestNavigateToClickToDialResult(result));
        }
    }

    /// Signs the agent in and makes them ready, where the configuration wants that.
    pub(super) fn start_work(&mut self, page: Page) {
        let Some(booth) = self.booths.get(&page) else { return };
        let softphone = &booth.crm.settings.softphone;
        let (wanted, ready) = (softphone.starts_work, softphone.starts_ready);
        let away = !self.projection.is_signed_in(&booth.agent);
        if !wanted || !away {
            return;
        }
        self.ask(page, None, Verb::SignIn { device: None, queues: None }, Asked::Small);
        if ready {
            self.ask(page, None, Verb::Ready, Asked::Small);
        }
    }

    /// Picks up what rings, where the configuration wants that.
    pub(super) fn pick_up(&mut self, page: Page, interaction: &Interaction) {
        let wanted = self
            .booths
            .get(&page)
            .is_some_and(|booth| booth.is_active() && booth.crm.settings.softphone.answers);
        if wanted && interaction.state == InteractionState::Alerting {
            self.ask(page, Some(interaction.id), Verb::Answer, Asked::Small);
        }
    }
}

/// Whether an event came of a command of ours.
fn came_of(record: &Record, command: &CommandId) -> bool {
    record.origin.as_ref().is_some_and(|origin| origin.command == *command)
}

/// What other desks are told of the record, under names of ours.
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
