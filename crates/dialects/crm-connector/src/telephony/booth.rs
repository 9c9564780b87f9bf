//! One page of ours in a frame of a CRM's page, and how far it has come.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use compact_str::CompactString;
use model::{AgentId, CommandId, InteractionId, Principal, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::{CrmData, HistoryItem};

/// The most interactions that a page keeps something of. Ours.
const MEMO_MAX: usize = 256;

/// One page of ours.
#[derive(Debug)]
pub(super) struct Booth {
    pub(super) by: Principal,
    pub(super) agent: AgentId,
    /// The page's window stands in another one.
    pub(super) framed: bool,
    /// The origin of the page around, once it is found to be one of the floor's.
    pub(super) around: Option<CompactString>,
    pub(super) offset_min: i32,
    pub(super) phase: Phase,
    /// How many of our `ready` have no answer.
    pub(super) pings: u32,
    pub(super) crm: CrmData,
    /// What was last said of clicks.
    pub(super) clicks_enabled: Option<bool>,
    /// A click is being dialled.
    pub(super) dialing: Option<CommandId>,
    /// What the page keeps for us.
    pub(super) memo: Memo,
    /// Until when an answer is waited for.
    pub(super) directory_until: Option<Timestamp>,
    pub(super) fields_until: Option<Timestamp>,
    /// What was logged and may come back as a history item, the oldest first.
    pub(super) logged: VecDeque<(Timestamp, InteractionId)>,
    /// The last one first.
    pub(super) history: VecDeque<(InteractionId, HistoryItem)>,
    /// It was said that a message came from elsewhere.
    pub(super) warned: bool,
}

/// How far a page has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It has not said where it stands.
    Opened,
    /// It stands where it may not.
    Refused,
    /// `ready` is said until it is answered.
    Pinging { since: Timestamp, next: Timestamp },
    /// The configuration was asked for so many times.
    Asking { times: u32, until: Timestamp },
    /// Everything goes.
    Active,
}

impl Phase {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Refused => "refused",
            Self::Pinging { .. } => "pinging",
            Self::Asking { .. } => "asking",
            Self::Active => "active",
        }
    }
}

impl Booth {
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
            memo: Memo::default(),
            directory_until: None,
            fields_until: None,
            logged: VecDeque::new(),
            history: VecDeque::new(),
            warned: false,
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.phase == Phase::Active
    }

    /// When something is to be done without anybody saying so, and what.
    pub(super) fn due(&self) -> Option<(Timestamp, session::Reason)> {
        let shake = match self.phase {
            Phase::Pinging { next, .. } => Some((next, "the page around is to be greeted again")),
            Phase::Asking { until, .. } => Some((until, "the configuration is overdue")),
            Phase::Opened | Phase::Refused | Phase::Active => None,
        };
        let directory = self.directory_until.map(|at| (at, "the crm's directory is overdue"));
        let fields = self.fields_until.map(|at| (at, "the definitions of custom fields are overdue"));
        shake.into_iter().chain(directory).chain(fields).min()
    }

    /// How many things are held for later.
    pub(super) fn held(&self) -> usize {
        self.memo.clicks.len() + self.memo.popped.len() + self.logged.len() + self.history.len()
    }
}

/// What is known of an agent's interactions; the page keeps it, so that a connection that is made anew shows no record twice.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Memo {
    /// Whose records were shown.
    popped: BTreeSet<InteractionId>,
    /// What came of clicks.
    clicks: BTreeMap<InteractionId, Clicked>,
}

/// What is said back of a click.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Clicked {
    /// The click's own result.
    pub(super) result: Value,
    /// What the call is related to.
    pub(super) related: Value,
}

impl Memo {
    /// What a page kept, if it is what it was told to keep, and not more.
    pub(super) fn of(kept: Value) -> Self {
        let memo: Self = serde_json::from_value(kept).unwrap_or_default();
        Some(memo).filter(|memo| memo.popped.len() + memo.clicks.len() <= MEMO_MAX).unwrap_or_default()
    }

    pub(super) fn was_shown(&self, interaction: InteractionId) -> bool {
        self.popped.contains(&interaction)
    }

    pub(super) fn show(&mut self, interaction: InteractionId) {
        self.popped.insert(interaction);
    }

    pub(super) fn clicked(&mut self, interaction: InteractionId, clicked: Clicked) {
        self.clicks.insert(interaction, clicked);
    }

    pub(super) fn click(&self, interaction: InteractionId) -> Option<&Clicked> {
        self.clicks.get(&interaction)
    }

    /// The interaction is completed.
    pub(super) fn forget(&mut self, interaction: InteractionId) -> Option<Clicked> {
        self.popped.remove(&interaction);
        self.clicks.remove(&interaction)
    }
}
