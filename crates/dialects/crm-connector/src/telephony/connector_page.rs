//! A connector page in a frame of a CRM page, and its state.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use compact_str::CompactString;
use model::{AgentId, CommandId, Interaction, InteractionId, PartyKind, Principal, RequestId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use session::PopKey;

use crate::wire::{Click, CrmData, HistoryItem};

/// The most interactions of which a page keeps something. Our choice.
const KEPT_MAX: usize = 256;

/// A connector page.
#[derive(Debug)]
pub(super) struct ConnectorPage {
    pub(super) by: Principal,
    pub(super) agent: AgentId,
    /// Whether the page is shown in a frame.
    pub(super) framed: bool,
    /// The origin of the CRM page, if it is allowed.
    pub(super) around: Option<CompactString>,
    pub(super) offset_min: i32,
    pub(super) phase: Phase,
    /// How many `ready` messages are unanswered.
    pub(super) pings: u32,
    pub(super) crm: CrmData,
    /// What the CRM page last received about clicks.
    pub(super) clicks_enabled: Option<bool>,
    /// The click that is being dialed.
    pub(super) dialing: Option<Dialing>,
    /// The state that the page keeps for the session.
    pub(super) kept: KeptState,
    /// The time limit for an answer.
    pub(super) directory_until: Option<Timestamp>,
    pub(super) fields_until: Option<Timestamp>,
    /// Whether an answer may still come, in time or late.
    pub(super) directory_requested: bool,
    pub(super) fields_requested: bool,
    /// When the agent last requested something (`debounceTime`).
    pub(super) last_requested: BTreeMap<UserRequest, Timestamp>,
    /// Logged interactions whose history item may still come, the oldest first.
    pub(super) logged: VecDeque<(Timestamp, InteractionId)>,
    /// The history items, the newest first.
    pub(super) history: VecDeque<(InteractionId, HistoryItem)>,
    /// Whether the console was warned of another origin.
    pub(super) warned: bool,
}

/// What an agent requests, in the CRM page or in the connector page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UserRequest {
    /// A call, by a click on a number.
    Call,
    Directory,
    /// The record of a click.
    Record,
    Reports,
}

/// A click that is being dialed and is not an interaction yet.
#[derive(Debug)]
pub(super) struct Dialing {
    pub(super) command: CommandId,
    /// The hub's request to the switch.
    pub(super) request: Option<RequestId>,
    /// The interaction for which somebody is consulted; `None` for a call of its own.
    pub(super) consults: Option<InteractionId>,
    pub(super) click: Click,
    /// When the click is given up.
    pub(super) until: Timestamp,
}

/// The phase of a page's handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The page has not reported its place.
    Opened,
    /// The page is in a place that is not allowed.
    Refused,
    /// `ready` is repeated until the CRM page answers.
    Pinging { since: Timestamp, next: Timestamp },
    /// The configuration was requested this many times.
    Requesting { times: u32, until: Timestamp },
    /// The handshake is complete.
    Active,
}

impl Phase {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Refused => "refused",
            Self::Pinging { .. } => "pinging",
            Self::Requesting { .. } => "asking",
            Self::Active => "active",
        }
    }
}

impl ConnectorPage {
    pub(super) fn new(by: Principal, agent: AgentId) -> Self {
        Self {
            by,
            agent,
            framed: false,
            around: None,
            offset_min: 0,
            phase: Phase::Opened,
            pings: 0,
            crm: CrmData::default(),
            clicks_enabled: None,
            dialing: None,
            kept: KeptState::default(),
            directory_until: None,
            fields_until: None,
            directory_requested: false,
            fields_requested: false,
            last_requested: BTreeMap::new(),
            logged: VecDeque::new(),
            history: VecDeque::new(),
            warned: false,
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.phase == Phase::Active
    }

    /// The next due action of the page.
    pub(super) fn due(&self) -> Option<(Timestamp, session::Reason)> {
        let handshake = match self.phase {
            Phase::Pinging { next, .. } => Some((next, "send ready to the CRM page again")),
            Phase::Requesting { until, .. } => Some((until, "the configuration is overdue")),
            Phase::Opened | Phase::Refused | Phase::Active => None,
        };
        let directory = self.directory_until.map(|at| (at, "the crm's directory is overdue"));
        let fields = self.fields_until.map(|at| (at, "the definitions of custom fields are overdue"));
        let dialing =
            self.dialing.as_ref().map(|dialing| (dialing.until, "give up a click that was not dialed"));
        handshake.into_iter().chain(directory).chain(fields).chain(dialing).min()
    }

    /// How many items the page keeps.
    pub(super) fn held(&self) -> usize {
        self.kept.len() + self.last_requested.len() + self.logged.len() + self.history.len()
    }
}

/// The state of the agent's interactions. The page keeps it, so that no record is shown twice after a reconnect.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct KeptState {
    /// The customers whose records were shown.
    popped: BTreeSet<PopKey>,
    /// The interactions that began with a click.
    clicks: BTreeMap<InteractionId, ClickContext>,
    /// The interactions for which a click started a consultation.
    #[serde(default)]
    consults: BTreeMap<InteractionId, ClickContext>,
    /// The customers whose records were shown while a colleague consulted, by the interaction of the consultation.
    #[serde(default)]
    early: BTreeMap<InteractionId, PartyKind>,
}

/// What is sent back about a click.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct ClickContext {
    /// The result that came with the click.
    pub(super) result: Value,
    /// The related objects that came with the click.
    pub(super) related: Value,
}

impl KeptState {
    /// The state that a page kept, if it is valid and within the limits.
    pub(super) fn of(kept: Value) -> Self {
        let kept: Self = serde_json::from_value(kept).unwrap_or_default();
        Some(kept).filter(|kept| kept.len() <= KEPT_MAX).unwrap_or_default()
    }

    fn len(&self) -> usize {
        self.popped.len() + self.clicks.len() + self.consults.len() + self.early.len()
    }

    /// Whether the record of the interaction's present customer was shown, also if that was during the consultation.
    pub(super) fn was_shown(&self, interaction: &Interaction) -> bool {
        let received = || {
            interaction.customer_changes == 1
                && self.early.get(&interaction.id) == Some(&interaction.customer.at)
        };
        self.popped.contains(&PopKey::of(interaction)) || received()
    }

    pub(super) fn show(&mut self, customer: PopKey) {
        self.popped.insert(customer);
    }

    /// The record that was shown is that of a customer whom a colleague consults about.
    pub(super) fn show_early(&mut self, interaction: InteractionId, customer: PartyKind) {
        self.early.insert(interaction, customer);
    }

    pub(super) fn clicked(&mut self, interaction: InteractionId, clicked: ClickContext) {
        self.clicks.insert(interaction, clicked);
    }

    pub(super) fn click(&self, interaction: InteractionId) -> Option<&ClickContext> {
        self.clicks.get(&interaction)
    }

    pub(super) fn consulted(&mut self, interaction: InteractionId, clicked: ClickContext) {
        self.consults.insert(interaction, clicked);
    }

    pub(super) fn consult(&self, interaction: InteractionId) -> Option<&ClickContext> {
        self.consults.get(&interaction)
    }

    /// Removes a consultation that has ended. Returns whether a click had started it.
    pub(super) fn end_consult(&mut self, interaction: InteractionId) -> bool {
        self.consults.remove(&interaction).is_some()
    }

    /// Forgets a completed interaction.
    pub(super) fn forget(&mut self, interaction: InteractionId) -> Option<ClickContext> {
        self.popped.retain(|customer| customer.interaction() != interaction);
        self.consults.remove(&interaction);
        self.early.remove(&interaction);
        self.clicks.remove(&interaction)
    }
}
