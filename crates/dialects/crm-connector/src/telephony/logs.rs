//! Logs completed interactions in the CRM, and shows what it has saved (crm-connector.md §4.8).

use model::{Cause, Direction, Interaction, InteractionId, InteractionState, InteractionSummary, Timestamp};
use serde_json::Value;
use session::Page;

use super::{
    TelephonySession,
    connector_page::ClickContext,
    page_messages::{SavedLog, ToOwnPage},
};
use crate::wire::{
    ConnectorMessage, HistoryItem, LogRecord,
    limits::{FIELDS_MAX, HISTORY_WITHIN},
};

/// How much of the agent's notes is logged. Characters. Our choice.
const COMMENTS_MAX: usize = 4_000;
/// How much of a custom field is logged. Characters. Our choice.
const FIELD_MAX: usize = 250;
/// The subject of a call that nobody answered, if the agent wrote none. `LabelOptions` of the CRM page can replace it.
const NOT_ANSWERED: &str = "Not answered";
/// The name of that text in `LabelOptions`. Our choice.
const NOT_ANSWERED_LABEL: &str = "notAnswered";
/// For how many logged interactions a page waits. Our choice.
const LOGGED_MAX: usize = 64;

impl TelephonySession {
    /// Sends a completed interaction to the CRM, which may save it.
    pub(super) fn log(&mut self, page: Page, summary: &InteractionSummary) {
        let now = self.out.now();
        let id = summary.interaction.id;
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        let click = connector_page.kept.forget(id);
        let settings = &connector_page.crm.settings;
        if !connector_page.is_active() || !settings.log.enabled || goes_on(summary) {
            return;
        }
        let label = settings.labels.get(NOT_ANSWERED_LABEL).cloned();
        connector_page.logged.retain(|(until, _)| *until > now);
        if connector_page.logged.len() >= LOGGED_MAX {
            connector_page.logged.pop_front();
        }
        connector_page.logged.push_back((now + HISTORY_WITHIN, id));
        let offset_min = connector_page.offset_min;
        let mut record = LogRecord { offset_min, ..self.log_record(summary, click) };
        if !record.answered && record.subject.is_empty() {
            record.subject = label.unwrap_or_else(|| NOT_ANSWERED.into());
        }
        self.post(page, &ConnectorMessage::RequestSaveInteractionLog(Box::new(record)));
    }

    fn log_record(&self, summary: &InteractionSummary, click: Option<ClickContext>) -> LogRecord {
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
            answered: interaction.started_at.is_some(),
            agent: interaction.agent.as_str().into(),
            disposition: summary.disposition.as_ref().map(|code| code.as_str().into()),
            subject: log.map(|log| log.subject.clone()).unwrap_or_default(),
            comments: shortened(
                &notes.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"),
                COMMENTS_MAX,
            ),
            fields: fields
                .map(|(name, value)| (name.into(), shortened(value, FIELD_MAX).into()))
                .take(FIELDS_MAX)
                .collect(),
            related: click.map(|click| click.related).unwrap_or_default(),
            source: Value::Null,
        }
    }

    /// The CRM has saved a log. It replaces an earlier history item with the same ID.
    pub(super) fn saved(&mut self, page: Page, item: HistoryItem) {
        let now = self.out.now();
        let Some(connector_page) =
            self.pages.get_mut(&page).filter(|connector_page| connector_page.is_active())
        else {
            return;
        };
        let named = item.interaction.as_deref().and_then(|text| text.parse::<InteractionId>().ok());
        let known = connector_page.history.iter().position(|(_, saved)| saved.task_id == item.task_id);
        let waited = connector_page.logged.iter().any(|(until, id)| *until > now && Some(*id) == named);
        let before = known.and_then(|at| connector_page.history.remove(at)).map(|(id, _)| id);
        let Some(id) = named.filter(|_| waited).or(before) else {
            return tracing::debug!(page = page.0, "history item without an interaction ignored");
        };
        connector_page.history.push_front((id, item));
        connector_page.history.truncate(connector_page.crm.settings.log.history);
        self.send_history(page);
    }

    fn send_history(&mut self, page: Page) {
        let Some(connector_page) = self.pages.get(&page) else { return };
        let history = connector_page.history.clone();
        let saved = |(interaction, item): &'_ (InteractionId, HistoryItem)| (*interaction, item.clone());
        let items: Vec<_> = history.iter().map(saved).collect();
        let items = items.iter().map(|(interaction, item)| SavedLog {
            task_id: &item.task_id,
            interaction: *interaction,
            parameters: &item.parameters,
        });
        self.send(page, &ToOwnPage::History { items: items.collect() });
    }
}

/// Whether the customer's call goes on at another phone or in its queue, and the agent had nothing to do with it. The agent who answers it
/// logs it.
fn goes_on(summary: &InteractionSummary) -> bool {
    let interaction = &summary.interaction;
    let wrote_nothing =
        interaction.logs.is_empty() && summary.notes.is_none() && summary.disposition.is_none();
    let moved = match interaction.cause {
        Some(Cause::Deflected | Cause::Transferred) => true,
        Some(Cause::NoAnswer | Cause::Rejected | Cause::Busy | Cause::InvalidNumber | Cause::Failed) => {
            interaction.queue.is_some()
        }
        Some(Cause::Normal | Cause::Abandoned | Cause::Conferenced | Cause::Lost | Cause::Forced) | None => {
            false
        }
    };
    moved && wrote_nothing && interaction.started_at.is_none() && interaction.is_incoming()
}

/// The first characters of a text.
fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn began(interaction: &Interaction) -> Timestamp {
    interaction.started_at.unwrap_or(interaction.opened_at)
}

/// The caller and the called party.
pub(super) fn ends(interaction: &Interaction) -> (String, String) {
    let customer = interaction.customer.at.number().unwrap_or_default().to_owned();
    let dialled = interaction.dialled.as_ref().map(|number| number.as_str().to_owned());
    let device = interaction.device.as_str().to_owned();
    if agent_is_caller(interaction) { (device, customer) } else { (customer, dialled.unwrap_or(device)) }
}

/// Whether the agent was the caller.
pub(super) fn agent_is_caller(interaction: &Interaction) -> bool {
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
