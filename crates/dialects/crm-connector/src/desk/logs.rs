//! Saves the connector's logs. What the agent wrote becomes a log entry of the interaction, and then the connector gets a confirmation. A
//! log without an interaction becomes a separate interaction, and the agent gets a notice.

use std::collections::{BTreeMap, VecDeque};

use model::{
    Accepted, AccountName, AgentId, CommandId, Data, InteractionId, Pop, Principal, Rejection, Role, Verb,
};
use session::{Page, Recent, fingerprint};

use super::DeskSession;
use crate::{
    ID_PREFIX,
    wire::{ClientMessage, HistoryItem, Kind, LogRecord, Notification, Severity, limits::LOGS_MAX},
};

/// The longest text of one log entry. Bytes. An entry of an interaction may have 16,384 including its subject.
const ENTRY_BYTES_MAX: usize = 12_000;

/// Logs that are being saved, and recently saved ones.
#[derive(Debug)]
pub(super) struct Logs {
    /// The logs that are being saved, by their current command.
    saving: BTreeMap<CommandId, Saving>,
    /// The state of recent logs, by content.
    known: Recent<u128, SaveStage>,
}

/// Whether a log is being saved or saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SaveStage {
    Begun,
    Saved,
}

impl Logs {
    pub(super) fn len(&self) -> usize {
        self.saving.len() + self.known.len()
    }

    fn stage(&self, content: u128) -> Option<SaveStage> {
        self.known.get(&content).copied()
    }

    fn begin(&mut self, content: u128) {
        self.known.put(content, SaveStage::Begun);
    }

    fn end(&mut self, content: u128, saved: bool) {
        match self.known.get_mut(&content) {
            Some(stage) if saved => *stage = SaveStage::Saved,
            _ => drop(self.known.remove(&content)),
        }
    }
}

impl Default for Logs {
    fn default() -> Self {
        Self { saving: BTreeMap::new(), known: Recent::new(LOGS_MAX) }
    }
}

/// A log that is being saved.
#[derive(Debug)]
struct Saving {
    page: Page,
    by: Principal,
    agent: AgentId,
    log: LogRecord,
    content: u128,
    /// The entries that are left to write, the next one first.
    entries: VecDeque<Verb>,
    at: Target,
}

/// The interaction that gets a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// The interaction that the log belongs to.
    Found(InteractionId),
    /// An interaction is being created for the log.
    Opening,
    /// The interaction that was created for the log.
    Own(InteractionId),
}

impl DeskSession {
    /// Saves a log with its interaction, or with a new one.
    pub(super) fn save(&mut self, page: Page, log: LogRecord, interaction: Option<InteractionId>) {
        let Some(host) = self.hosts.get(&page) else { return };
        let (by, agent) = (host.by.clone(), host.agent.clone());
        if log.is_blank() {
            // Nothing is stored. If the call is known, the history has it.
            return if interaction.is_some() {
                self.saved(page, &log)
            };
        }
        let content = fingerprint(format!("{agent} {}", log.print()).as_bytes());
        match self.logs.stage(content) {
            Some(SaveStage::Saved) => return self.saved(page, &log),
            Some(SaveStage::Begun) => return,
            None => {}
        }
        if self.logs.saving.len() >= LOGS_MAX {
            return self.not_saved(page, &agent, "too many logs are being saved");
        }
        self.logs.begin(content);
        let at = interaction.map_or(Target::Opening, Target::Found);
        let entries = entries(&log);
        self.continue_saving(Saving { page, by, agent, log, content, entries, at });
    }

    /// Sends the next command for a log. When none is left, the log is saved.
    fn continue_saving(&mut self, mut saving: Saving) {
        let id = self.out.command_id(ID_PREFIX, self.instance);
        let (by, interaction, verb) = match saving.at {
            Target::Opening => (self.principal(), None, Verb::Notify { pop: Box::new(pop(&saving.log)) }),
            Target::Found(at) | Target::Own(at) => match saving.entries.pop_front() {
                Some(entry) => (saving.by.clone(), Some(at), entry),
                None => return self.written(&saving),
            },
        };
        self.out.command(id.clone(), by, saving.agent.clone(), interaction, verb);
        self.logs.saving.insert(id, saving);
    }

    /// Handles the hub's answer to a command for a log.
    pub(super) fn log_answered(&mut self, command: &CommandId, result: &Result<Accepted, Rejection>) {
        let Some(mut saving) = self.logs.saving.remove(command) else { return };
        match (result, saving.at) {
            (Ok(accepted), Target::Opening) => {
                let Some(at) = accepted.interaction else {
                    return self.lost_log(&saving, "no interaction could be created for it");
                };
                saving.at = Target::Own(at);
                self.continue_saving(saving);
            }
            (Ok(_), Target::Found(_) | Target::Own(_)) => self.continue_saving(saving),
            // The interaction is completed or has no room for the log.
            (Err(_), Target::Found(_)) => {
                saving.entries = entries(&saving.log);
                saving.at = Target::Opening;
                self.continue_saving(saving);
            }
            (Err(rejection), Target::Opening | Target::Own(_)) => self.lost_log(&saving, &rejection.text),
        }
    }

    /// A log is saved completely.
    fn written(&mut self, saving: &Saving) {
        self.logs.end(saving.content, true);
        self.saved(saving.page, &saving.log);
        let Target::Own(at) = saving.at else { return };
        // If the log has joined a live call, it is completed with that call.
        if self.projection.interaction(at).is_none_or(|interaction| interaction.switch.is_none()) {
            let id = self.out.command_id(ID_PREFIX, self.instance);
            let verb = Verb::Complete { disposition: None, notes: None };
            self.out.command(id, saving.by.clone(), saving.agent.clone(), Some(at), verb);
        }
        let text = "No call in Cordboard belongs to this log. It was saved as a separate interaction.";
        self.notify_connector(saving.page, Severity::Warning, text);
    }

    fn lost_log(&mut self, saving: &Saving, why: &str) {
        self.logs.end(saving.content, false);
        self.not_saved(saving.page, &saving.agent, why);
    }

    /// Confirms a saved log to the connector (crm-connector.md §4.8).
    fn saved(&mut self, page: Page, log: &LogRecord) {
        let item = HistoryItem {
            task_id: log.interaction.clone(),
            interaction: Some(log.interaction.clone()),
            parameters: log.fields.clone(),
            log: log.source.clone(),
        };
        self.post(page, &ClientMessage::CreateHistoryItem(Box::new(item)));
    }

    /// Reports a log that could not be saved, to the connector and to the agent's desks.
    fn not_saved(&mut self, page: Page, agent: &AgentId, why: &str) {
        tracing::warn!(%agent, why, "a log of the connector could not be saved");
        let text = format!("The log could not be saved in Cordboard: {why}");
        self.notify_connector(page, Severity::Error, &text);
        self.out.warn(agent.clone(), None, text);
    }

    fn notify_connector(&mut self, page: Page, severity: Severity, text: &str) {
        let notification = Notification {
            kind: Kind::Transient,
            severity,
            title: self.config.name.clone(),
            text: text.to_owned(),
            store: true,
            ..Notification::default()
        };
        self.post(page, &ClientMessage::DisplayErrorNotification(Box::new(notification)));
    }

    /// The principal that creates interactions for logs.
    fn principal(&self) -> Principal {
        let account = format!("connector-{}", self.switch.as_str().chars().take(48).collect::<String>());
        let account = AccountName::new(&account)
            .unwrap_or_else(|_| unreachable!("{account} is short and has no control character"));
        Principal { account, role: Role::Integration, agent: None }
    }
}

/// The entries of a log. The first one has the subject and the fields. Long notes continue in further entries.
fn entries(log: &LogRecord) -> VecDeque<Verb> {
    let (mut fields, mut rest) = (Data::new(), String::new());
    let disposition = log.disposition.as_ref().map(|code| ("disposition".into(), code.clone()));
    for (name, value) in log.fields.iter().chain(disposition.as_ref()).filter(|(_, value)| !value.is_empty())
    {
        if fields.set(name, value).is_err() {
            // The name is too long for a field.
            rest.push_str(&format!("\n{name}: {value}"));
        }
    }
    let mut texts = pieces(&format!("{}{rest}", log.comments)).into_iter();
    let first = Verb::Log { subject: log.subject.clone(), text: texts.next().unwrap_or_default(), fields };
    let more = texts.map(|text| Verb::Log { subject: log.subject.clone(), text, fields: Data::new() });
    std::iter::once(first).chain(more).collect()
}

fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for character in text.chars() {
        if let Some(last) =
            pieces.last_mut().filter(|last| last.len() + character.len_utf8() <= ENTRY_BYTES_MAX)
        {
            last.push(character);
        } else {
            pieces.push(character.to_string());
        }
    }
    pieces
}

/// The screen pop of an interaction that is created for a log.
fn pop(log: &LogRecord) -> Pop {
    let mut data = Data::new();
    let shown = [
        ("interactionId", &log.interaction),
        ("from", &log.originating),
        ("to", &log.destination),
        ("topic", &log.topic),
    ];
    for (name, value) in shown.into_iter().filter(|(_, value)| !value.is_empty()) {
        // The texts of the connector are within the limits.
        let _ = data.set(name, value);
    }
    let customer = if log.inbound { &log.originating } else { &log.destination };
    Pop { ani: model::Number::new(customer).ok(), data, ..Pop::default() }
}
