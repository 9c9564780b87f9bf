//! The floor: agents, queues, reasons, dispositions, what may be dialled, and what desks show besides calls.

mod address;
mod page;
mod retiring;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    iter::repeat,
    time::Duration,
};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::{
    address::{AddressError, RecordAddress, WebAddress},
    page::{Markdown, Page, PagePlace, Permission, RecordPage, Sandbox, Script},
    retiring::Retiring,
};
use crate::{
    AgentId, Country, DeviceId, DispositionCode, Number, PageId, QueueId, ReasonCode, SwitchId, Timestamp,
};

/// The most agents, queues, reasons or dispositions one floor may have. Ours.
const ENTRIES_MAX: usize = 20_000;

/// The lists that each desk has as a whole.
const PAGES: [&str; 3] = ["scripts", "records", "pages"];

/// The most entries of each of [`PAGES`]. Ours.
const PAGES_MAX: usize = 200;

/// Why a floor cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FloorError {
    /// The same id stands twice.
    #[error("{what} {id} stands twice")]
    Twice {
        /// `agent`, `queue`, …
        what: &'static str,
        /// Which.
        id: String,
        /// The key of the first.
        first: String,
    },
    /// Something refers to what is not there.
    #[error("{whose} has the queue {queue}, which the floor has not")]
    NoQueue {
        /// Whose: `agent 1001`, `page kb`.
        whose: String,
        /// Which.
        queue: QueueId,
    },
    /// Too many.
    #[error("the floor has {count} of {what}, at most {count_max} are allowed")]
    TooMany {
        /// `agent`, `queue`, …
        what: &'static str,
        /// How many.
        count: usize,
        /// How many are allowed.
        count_max: usize,
    },
}

/// The whole of agents, queues, reasons and dispositions. The core decides with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Floor {
    /// The country that the phones are in: numbers without a country code are read as its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Who handles interactions.
    pub agents: Vec<AgentPlan>,
    /// Where calls wait.
    pub queues: Vec<QueuePlan>,
    /// Why an agent may be not ready or sign out. Empty: any.
    pub reasons: Vec<Reason>,
    /// How an interaction may turn out. Empty: any.
    pub dispositions: Vec<Disposition>,
    /// What may be dialled.
    pub dial_policy: DialPolicy,
    /// How long an agent has for what a call that came through no queue left to do. Milliseconds; 0: not at all.
    pub wrap_up_ms: u64,
    /// How long an agent whose last desk is gone stays ready. Milliseconds; 0: forever.
    #[schema(value_type = u64)]
    pub desk_grace_ms: GraceMs,
    /// How long agents stay ready whose switch cannot be reached. Milliseconds; 0: forever.
    #[schema(value_type = u64)]
    pub switch_grace_ms: GraceMs,
    /// What agents are to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<Script>,
    /// Where a CRM's records are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordPage>,
    /// Pages that desks show in frames.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
    /// Pages of CRMs that may host the connector; of each address the origin counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub crm_origins: Vec<WebAddress>,
    /// What was removed while it was in use. In a floor that is put in place it counts as removed.
    #[serde(skip_serializing_if = "Retiring::is_empty")]
    pub retiring: Retiring,
}

/// How long something may be gone before agents are not ready because of it. Milliseconds; 0: forever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GraceMs(pub u64);

impl GraceMs {
    /// When it is over for something that is gone since `since`; never when it is 0.
    pub fn over_at(self, since: Timestamp) -> Option<Timestamp> {
        (self.0 > 0).then(|| since + Duration::from_millis(self.0))
    }
}

impl Default for GraceMs {
    /// Longer than a page takes to load again, or a node to start again. Ours.
    fn default() -> Self {
        Self(30_000)
    }
}

/// An agent as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPlan {
    /// Who.
    pub id: AgentId,
    /// Name to show.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// The agent's own phone.
    pub device: DeviceId,
    /// The switch that the phone is on.
    pub switch: SwitchId,
    /// Whose calls the agent takes.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// The agent's id at the ACD, for peers that use it (UWQ `agentID`, Harmony).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub acd_id: Option<CompactString>,
    /// What other peers call the agent, by dialect: `{"talisma": "2"}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub peer_ids: BTreeMap<CompactString, CompactString>,
}

impl AgentPlan {
    /// Its id at the ACD, else the floor's own.
    pub fn id_at_acd(&self) -> &str {
        self.acd_id.as_deref().unwrap_or(self.id.as_str())
    }

    /// What the peers of a dialect call the agent.
    pub fn peer_id(&self, dialect: &str) -> Option<&str> {
        self.peer_ids.get(dialect).map(CompactString::as_str)
    }
}

/// A queue as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueuePlan {
    /// Which; also the number that is dialled to reach it.
    pub id: QueueId,
    /// Name to show.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// Higher is served first.
    #[serde(default)]
    pub priority: u8,
    /// How long a call rings at one agent. Milliseconds.
    #[serde(default = "ring_ms_default")]
    pub ring_ms: u64,
    /// How long an agent has for what a call left to do. Milliseconds; 0: not at all.
    #[serde(default)]
    pub wrap_up_ms: u64,
}

/// How long a call rings at one agent when the floor does not say. Milliseconds. Ours.
fn ring_ms_default() -> u64 {
    20_000
}

impl QueuePlan {
    /// How long a call rings at one agent.
    pub fn ring(&self) -> Duration {
        Duration::from_millis(self.ring_ms)
    }
}

/// What a reason may be given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonUse {
    /// For being not ready.
    NotReady,
    /// For signing out.
    SignOut,
}

/// A reason as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its code.
    pub code: ReasonCode,
    /// Name to show.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// What it may be given for.
    #[serde(rename = "use")]
    pub used_for: ReasonUse,
}

/// A disposition as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// Its code.
    pub code: DispositionCode,
    /// Name to show.
    #[schema(value_type = String)]
    pub name: CompactString,
}

/// What agents may dial. Dial, consult, transfer and conference all pass it, and so does a phone where its switch asks.
///
/// A number that calls for help always passes. Numbers of the country that the floor is in pass by default; which others are let out
/// `countries` and `classes` say. `cordboard_numbers::check` decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DialPolicy {
    /// A number must match one of these, written in any way in which it can be dialed. Empty: any number. A number that matches may be in any country.
    pub allow: Vec<NumberPattern>,
    /// A number must match none of these, written in any way in which it can be dialed.
    pub deny: Vec<NumberPattern>,
    /// Countries whose numbers may be dialed besides the floor's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Country>,
    /// Classes of numbers that may be dialed; they are denied otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<NumberClass>,
    /// How many numbers one agent may have dialled within a minute; 0: any.
    pub per_minute_max: u32,
}

impl Default for DialPolicy {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            deny: Vec::new(),
            countries: Vec::new(),
            classes: Vec::new(),
            per_minute_max: Self::PER_MINUTE_MAX_DEFAULT,
        }
    }
}

impl DialPolicy {
    /// How many numbers one agent may have dialed within a minute when the floor does not say. Ours: nobody dials faster by hand.
    pub const PER_MINUTE_MAX_DEFAULT: u32 = 30;
}

/// A class of numbers that is denied unless the dial policy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NumberClass {
    /// Numbers in any country.
    International,
    /// Numbers whose caller pays more than for a call: premium rate, shared cost, personal numbers, pagers.
    Premium,
    /// Satellite phones and international networks: +870, +878, +881, +882, +883 and what is not assigned to anybody.
    Satellite,
    /// Codes with `*` or `#`, which switch on call forwarding and the like.
    ServiceCode,
    /// Numbers that are not valid where they would be dialed to.
    Unknown,
}

impl NumberClass {
    /// Every class.
    pub const ALL: [Self; 5] =
        [Self::International, Self::Premium, Self::Satellite, Self::ServiceCode, Self::Unknown];

    /// Its name in `dial_policy.classes`.
    pub fn word(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::Premium => "premium",
            Self::Satellite => "satellite",
            Self::ServiceCode => "service-code",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for NumberClass {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.word())
    }
}

/// A pattern of numbers: `X` any digit, `Z` 1 to 9, `N` 2 to 9, at the end `.` one or more and `!` any characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "+1NXXNXXXXXX")]
pub struct NumberPattern(CompactString);

impl NumberPattern {
    /// Whether the whole number fits.
    pub fn matches(&self, number: &Number) -> bool {
        let mut rest = number.as_str().chars();
        for wanted in self.0.chars() {
            match (wanted, rest.next()) {
                ('!', _) | ('.', Some(_)) => return true,
                ('X', Some('0'..='9')) | ('Z', Some('1'..='9')) | ('N', Some('2'..='9')) => {}
                (wanted, Some(found)) if wanted == found => {}
                (_, _) => return false,
            }
        }
        rest.next().is_none()
    }
}

impl TryFrom<CompactString> for NumberPattern {
    type Error = String;
    fn try_from(text: CompactString) -> Result<Self, String> {
        let fits = |(at, character): (usize, char)| match character {
            '0'..='9' | 'X' | 'Z' | 'N' | '*' | '#' => true,
            '+' => at == 0,
            '.' | '!' => at + 1 == text.len(),
            _ => false,
        };
        if text.is_empty() || !text.char_indices().all(fits) {
            return Err(format!(
                "number pattern {text:?} is not made of 0-9 * # X Z N, a leading + and a final . or !"
            ));
        }
        Ok(Self(text))
    }
}

impl From<NumberPattern> for CompactString {
    fn from(pattern: NumberPattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Floor {
    /// Checks that ids are unique and that what is referred to is there.
    pub fn check(&self) -> Result<(), FloorError> {
        self.faults().into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Everything that contradicts itself, each with its key, such as `agents.0.acd_id`.
    pub fn faults(&self) -> Vec<(String, FloorError)> {
        let mut found = Vec::new();
        unique(&mut found, "agent", "agents.id", self.agents.iter().map(|agent| agent.id.as_str()));
        unique(&mut found, "queue", "queues.id", self.queues.iter().map(|queue| queue.id.as_str()));
        unique(&mut found, "reason", "reasons.code", self.reasons.iter().map(|reason| reason.code.as_str()));
        let dispositions = self.dispositions.iter().map(|disposition| disposition.code.as_str());
        unique(&mut found, "disposition", "dispositions.code", dispositions);
        unique(&mut found, "script", "scripts.name", self.scripts.iter().map(|script| script.name.as_str()));
        unique(&mut found, "record type", "records.type", self.records.iter().map(|page| page.kind.as_str()));
        unique(&mut found, "page", "pages.id", self.pages.iter().map(|page| page.id.as_str()));
        let acd_ids = self.agents.iter().map(|agent| agent.acd_id.as_deref());
        unique(&mut found, "ACD id", "agents.acd_id", acd_ids);
        let dialects: BTreeSet<_> = self.agents.iter().flat_map(|agent| agent.peer_ids.keys()).collect();
        for dialect in dialects {
            let key = format!("agents.peer_ids.{dialect}");
            unique(&mut found, "peer id", &key, self.agents.iter().map(|agent| agent.peer_id(dialect)));
        }
        self.unknown_queues(&mut found);
        found
    }

    /// Whoever has queues has queues of the floor.
    fn unknown_queues(&self, found: &mut Vec<(String, FloorError)>) {
        let known: BTreeSet<&QueueId> = self.queues.iter().map(|queue| &queue.id).collect();
        let agents = self.agents.iter().map(|agent| (format!("agent {}", agent.id), &agent.queues));
        let pages = self.pages.iter().map(|page| (format!("page {}", page.id), &page.queues));
        let (agents, pages) =
            (agents.enumerate().zip(repeat("agents")), pages.enumerate().zip(repeat("pages")));
        for ((index, (whose, queues)), list) in agents.chain(pages) {
            for queue in queues.iter().filter(|queue| !known.contains(queue)) {
                let error = FloorError::NoQueue { whose: whose.clone(), queue: queue.clone() };
                found.push((format!("{list}.{index}.queues"), error));
            }
        }
    }

    /// The agent of an id.
    pub fn agent(&self, id: &AgentId) -> Option<&AgentPlan> {
        self.agents.iter().find(|agent| agent.id == *id)
    }

    /// The agent of an id at the ACD.
    pub fn agent_at_acd(&self, id: &str) -> Option<&AgentPlan> {
        self.agents.iter().find(|agent| agent.id_at_acd() == id)
    }

    /// The page of an id.
    pub fn page(&self, id: &PageId) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == *id)
    }

    /// The queue of an id.
    pub fn queue(&self, id: &QueueId) -> Option<&QueuePlan> {
        self.queues.iter().find(|queue| queue.id == *id)
    }
}

/// Takes note of ids of a list that stand twice. `path` is the list and the key of the id in each entry.
fn unique<'a, Id: Into<Option<&'a str>>>(
    found: &mut Vec<(String, FloorError)>,
    what: &'static str,
    path: &str,
    ids: impl Iterator<Item = Id>,
) {
    let (list, key) = path.split_once('.').unwrap_or((path, "id"));
    let key = |index: usize| format!("{list}.{index}.{key}");
    let ids: Vec<_> = ids.enumerate().filter_map(|(index, id)| Some((index, id.into()?))).collect();
    let (count, count_max) = (ids.len(), if PAGES.contains(&list) { PAGES_MAX } else { ENTRIES_MAX });
    for (again, id, first) in repeated(ids) {
        found.push((key(again), FloorError::Twice { what, id: id.to_owned(), first: key(first) }));
    }
    if count > count_max {
        found.push((list.to_owned(), FloorError::TooMany { what, count, count_max }));
    }
}

/// Ids that stand twice, each with its key and the key of the first.
pub fn repeated<'a, Key: Clone>(ids: impl IntoIterator<Item = (Key, &'a str)>) -> Vec<(Key, &'a str, Key)> {
    let mut firsts = BTreeMap::new();
    let mut repeated = Vec::new();
    for (key, id) in ids {
        match firsts.get(id) {
            Some(first) => repeated.push((key, id, Key::clone(first))),
            None => drop(firsts.insert(id, key)),
        }
    }
    repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> NumberPattern {
        NumberPattern::try_from(CompactString::new(text)).unwrap()
    }

    fn number(text: &str) -> Number {
        Number::new(text).unwrap()
    }

    #[test]
    fn two_agents_have_two_ids_at_a_peer() {
        let plan = |id: &str, talisma: &str| serde_json::json!({"id": id, "name": id, "device": id, "switch": "pbx", "peer_ids": {"talisma": talisma}});
        let floor = |other: &str| {
            let agents = serde_json::json!({"agents": [plan("1001", "2"), plan("1002", other)]});
            serde_json::from_value::<Floor>(agents).unwrap()
        };
        assert_eq!(floor("3").check(), Ok(()));
        assert_eq!(floor("3").agents[0].peer_id("talisma"), Some("2"));
        assert_eq!(floor("2").check().unwrap_err().to_string(), "peer id 2 stands twice");
    }

    #[test]
    fn everything_that_contradicts_itself_is_told_with_its_key() {
        let agent = |queue: &str| serde_json::json!({"id": "1001", "name": "A", "device": "1001", "switch": "pbx", "acd_id": "7001", "queues": [queue]});
        let floor = serde_json::json!({"agents": [agent("7700"), agent("7701")], "queues": [{"id": "7700", "name": "Sales"}]});
        let faults = serde_json::from_value::<Floor>(floor).unwrap().faults().into_iter();
        let faults: Vec<String> = faults.map(|(key, error)| format!("{key}: {error}")).collect();
        let expected = [
            "agents.1.id: agent 1001 stands twice",
            "agents.1.acd_id: ACD id 7001 stands twice",
            "agents.1.queues: agent 1001 has the queue 7701, which the floor has not",
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn a_page_of_a_contact_has_queues_of_the_floor() {
        let page = |id: &str| serde_json::json!({"id": id, "title": id, "url": "https://kb.example/", "place": "contact-panel", "queues": ["7700"]});
        let floor = |pages: &[&str], queues: serde_json::Value| {
            let pages: Vec<_> = pages.iter().map(|id| page(id)).collect();
            serde_json::from_value::<Floor>(serde_json::json!({"pages": pages, "queues": queues})).unwrap()
        };
        let sales = serde_json::json!([{"id": "7700", "name": "Sales"}]);
        let wrong = floor(&["kb"], serde_json::json!([])).check().unwrap_err().to_string();
        assert_eq!(wrong, "page kb has the queue 7700, which the floor has not");
        assert_eq!(floor(&["kb", "crm"], sales.clone()).check(), Ok(()));
        assert_eq!(floor(&["kb", "kb"], sales).check().unwrap_err().to_string(), "page kb stands twice");
    }

    #[test]
    fn patterns_match_whole_numbers() {
        assert!(pattern("1XXX").matches(&number("1001")));
        assert!(!pattern("1XXX").matches(&number("10011")));
        assert!(!pattern("1XXX").matches(&number("100")));
        assert!(pattern("+1900.").matches(&number("+19005550100")));
        assert!(!pattern("+1900.").matches(&number("+1900")));
        assert!(pattern("+1900!").matches(&number("+1900")));
        assert!(pattern("NZX").matches(&number("210")) && !pattern("N").matches(&number("1")));
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        for text in ["", "1.2", "ab", "1+"] {
            assert!(NumberPattern::try_from(CompactString::new(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_policy_that_says_nothing_has_a_limit() {
        let read = |text: &str| serde_json::from_str::<DialPolicy>(text).unwrap();
        assert_eq!(read("{}"), DialPolicy::default());
        assert_eq!(read("{}").per_minute_max, 30);
        assert_eq!(read(r#"{"allow":[],"deny":[],"per_minute_max":0}"#).per_minute_max, 0, "as it was kept");
        assert_eq!(read(r#"{"classes":["service-code"]}"#).classes, [NumberClass::ServiceCode]);
    }
}
