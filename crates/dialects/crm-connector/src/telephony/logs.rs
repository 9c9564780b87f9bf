//! Interactions are logged, and come back as history (crm-connector.md §4.8).

use model::{Direction, Interaction, InteractionId, InteractionState, InteractionSummary, Timestamp};
use session::Page;

use super::{
    Telephony,
    booth::Clicked,
    words::{Saved, ToOurs},
};
use crate::wire::{
    ConnectorMessage, HistoryItem, LogRecord,
    limits::{FIELDS_MAX, HISTORY_WITHIN},
};

/// How much of the agent's notes is logged. Characters. Ours.
const COMMENTS_MAX: usize = 4_000;
/// How much of a custom field is logged. Characters. Ours.
const FIELD_MAX: usize = 250;
/// How many logged interactions a page waits for at once. Ours.
const LOGGED_MAX: usize = 64;

impl Telephony {
    /// Nothing is left to do about an interaction: the CRM may save it.
    pub(super) fn log(&mut self, page: Page, summary: &InteractionSummary) {
        let now = self.out.now();
        let id = summary.interaction.id;
        let Some(booth) = self.booths.get_mut(&page) else { return };
        let click = booth.memo.forget(id);
        if !booth.is_active() || !booth.crm.settings.log.enabled {
            return;
        }
        booth.logged.retain(|(until, _)| *until > now);
        if booth.logged.len() >= LOGGED_MAX {
            booth.logged.pop_front();
        }
        booth.logged.push_back((now + HISTORY_WITHIN, id));
        let record = LogRecord { offset_min: booth.offset_min, ..self.log_record(summary, click) };
        self.post(page, &ConnectorMessage::RequestSaveInteractionLog(Box::new(record)));
    }

    fn log_record(&self, summary: &InteractionSummary, click: Option<Clicked>) -> LogRecord {
        let interaction = &summary.interaction;
        let queue = interaction.queue.as_ref();
        let topic =
            queue.and_then(|queue| self.projection.floor.queue(queue)).map(|queue| queue.name.clone());
        let (originating, destination) = ends(interaction);
        let log = interaction.logs.last();
        let notes = interaction.logs.iter().map(|log| log.text.as_str()).chain(summary.notes.as_deref());
        let fields = interaction.logs.iter().flat_map(|log| log.fields.iter());
        LogRecord {
            interaction: interaction.id.to_string().into(),
            originating: originating.into(),
            destination: destination.into(),
            topic: topic.unwrap_or_default(),
            began: began(interaction).0,
            ended: interaction.ended_at.unwrap_or(summary.completed_at).0,
            offset_min: 0,
            inbound: interaction.direction != Direction::Outbound,
            agent: interaction.agent.as_str().into(),
            disposition: summary.disposition.as_ref().map(|code| code.as_str().into()),
            subject: log.map(|log| log.subject.clone()).unwrap_or_default(),
            comments: cut(
                &notes.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"),
                COMMENTS_MAX,
            ),
            fields: fields
                .map(|(name, value)| (name.into(), cut(value, FIELD_MAX).into()))
                .take(FIELDS_MAX)
                .collect(),
            related: click.map(|click| click.related).unwrap_or_default(),
        }
    }

    /// The CRM has saved a log: it is in the history once, whatever was saved before under its id.
    pub(super) fn saved(&mut self, page: Page, item: HistoryItem) {
        let now = self.out.now();
        let Some(booth) = self.booths.get_mut(&page).filter(|booth| booth.is_active()) else { return };
        let named = item.interaction.as_deref().and_then(|text| text.parse::<InteractionId>().ok());
        let known = booth.history.iter().position(|(_, saved)| saved.task_id == item.task_id);
        let waited = booth.logged.iter().any(|(until, id)| *until > now && Some(*id) == named);
        let before = known.and_then(|at| booth.history.remove(at)).map(|(id, _)| id);
        let Some(id) = named.filter(|_| waited).or(before) else {
            return tracing::debug!(page = page.0, "a history item of no interaction is passed over");
        };
        booth.history.push_front((id, item));
        booth.history.truncate(booth.crm.settings.log.history);
        self.tell_history(page);
    }

    fn tell_history(&mut self, page: Page) {
        let Some(booth) = self.booths.get(&page) else { return };
        let history = booth.history.clone();
        let saved = |(interaction, item): &'_ (InteractionId, HistoryItem)| (*interaction, item.clone());
        let items: Vec<_> = history.iter().map(saved).collect();
        let items = items.iter().map(|(interaction, item)| Saved {
            task_id: &item.task_id,
            interaction: *interaction,
            parameters: &item.parameters,
        });
        self.tell(page, &ToOurs::History { items: items.collect() });
    }
}

/// As much of a text as fits into a message beside all the rest.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn began(interaction: &Interaction) -> Timestamp {
    interaction.started_at.unwrap_or(interaction.opened_at)
}

/// Who called and who was called.
pub(super) fn ends(interaction: &Interaction) -> (String, String) {
    let customer = interaction.customer.at.number().unwrap_or_default().to_owned();
    let dialled = interaction.dialled.as_ref().map(|number| number.as_str().to_owned());
    let device = interaction.device.as_str().to_owned();
    if begun_here(interaction) { (device, customer) } else { (customer, dialled.unwrap_or(device)) }
}

/// Whether the agent called: somebody outside, or the number at another phone of the floor.
pub(super) fn begun_here(interaction: &Interaction) -> bool {
    match interaction.direction {
        Direction::Inbound => false,
        Direction::Outbound => true,
        Direction::Internal => {
            let dialled = interaction.dialled.as_ref().map(|number| number.as_str());
            let is_dialing = interaction.state == InteractionState::Dialing;
            is_dialing || (dialled.is_some() && dialled == interaction.customer.at.number())
        }
    }
}
