//! The floor: agents, queues, reasons, dispositions, the dial policy, and the scripts and pages that desks show.

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

/// The most agents, queues, reasons or dispositions that one floor can have. Our choice.
const ENTRIES_MAX: usize = 20_000;

/// The floor's lists that every desk loads completely.
const PAGES: [&str; 3] = ["scripts", "records", "pages"];

/// The most entries in each list of [`PAGES`]. Our choice.
const PAGES_MAX: usize = 200;

/// Why a floor is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FloorError {
    /// Two entries have the same ID.
    #[error("{what} {id} is defined twice; remove or rename one of the two")]
    Twice {
        /// The kind of entry: `agent`, `queue`, …
        what: &'static str,
        /// The ID that occurs twice.
        id: String,
        /// The key of the first of the two entries.
        first: String,
    },
    /// An entry names a queue that the floor does not define.
    #[error("{whose} names queue {queue}, which the floor does not define")]
    NoQueue {
        /// The entry that names the queue: `agent 1001`, `page kb`.
        whose: String,
        /// The unknown queue.
        queue: QueueId,
    },
    /// The floor has too many entries of one kind.
    #[error("the floor has {count} entries of {what}; the maximum is {count_max}")]
    TooMany {
        /// The kind of entry: `agent`, `queue`, …
        what: &'static str,
        /// The number of entries.
        count: usize,
        /// The allowed number of entries.
        count_max: usize,
    },
}

/// The configuration of a contact center: agents, queues, reasons, dispositions, dial policy, scripts and pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Floor {
    /// The country that the phones are in. Numbers without a country code are read as numbers of this country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// The agents.
    pub agents: Vec<AgentPlan>,
    /// The queues.
    pub queues: Vec<QueuePlan>,
    /// The reasons for being not ready or for signing out. When empty, any reason is accepted.
    pub reasons: Vec<Reason>,
    /// The dispositions of an interaction. When empty, any disposition is accepted.
    pub dispositions: Vec<Disposition>,
    /// The rules that decide which numbers can be dialed.
    pub dial_policy: DialPolicy,
    /// Wrap-up time after a call that did not come from a queue. Milliseconds; 0 disables it.
    pub wrap_up_ms: u64,
    /// How long an agent stays ready after the last desk disconnects. Milliseconds; 0 means forever.
    #[schema(value_type = u64)]
    pub desk_grace_ms: GraceMs,
    /// How long agents stay ready after the connection to their switch is lost. Milliseconds; 0 means forever.
    #[schema(value_type = u64)]
    pub switch_grace_ms: GraceMs,
    /// The call scripts for agents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<Script>,
    /// The CRM pages that show records, one for each type of record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordPage>,
    /// The pages that desks show in frames.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
    /// The CRM pages that can host the connector. Only the origin of each address is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub crm_origins: Vec<WebAddress>,
    /// Further sites whose pictures the desktop and the connector show, such as those of contacts. Only the origin of
    /// each address is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub image_origins: Vec<WebAddress>,
    /// Further sites that a page in a frame of the desktop can go to, such as its sign-in page. Only the origin of each
    /// address is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frame_origins: Vec<WebAddress>,
    /// The agents and queues that were removed while they were in use. In a floor that is applied, they count as
    /// removed.
    #[serde(skip_serializing_if = "Retiring::is_empty")]
    pub retiring: Retiring,
}

/// A grace time: how long a desk or a switch can be disconnected before its agents become not ready. Milliseconds; 0
/// means forever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GraceMs(pub u64);

impl GraceMs {
    /// When the grace time ends that started at `since`; `None` when it never ends.
    pub fn over_at(self, since: Timestamp) -> Option<Timestamp> {
        (self.0 > 0).then(|| since + Duration::from_millis(self.0))
    }
}

impl Default for GraceMs {
    /// 30 seconds: longer than it takes to reload a page or to restart a node. Our choice.
    fn default() -> Self {
        Self(30_000)
    }
}

/// The configuration of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPlan {
    /// The agent's ID.
    pub id: AgentId,
    /// The agent's display name.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// The agent's default phone.
    pub device: DeviceId,
    /// The switch that the phone is connected to.
    pub switch: SwitchId,
    /// The queues whose calls the agent takes by default.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// The agent's ID at the ACD, for peers that use it (UWQ `agentID`, Harmony).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub acd_id: Option<CompactString>,
    /// The agent's IDs at peers, by dialect: `{"talisma": "2"}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub peer_ids: BTreeMap<CompactString, CompactString>,
}

impl AgentPlan {
    /// The ID at the ACD, or the agent's ID when there is none.
    pub fn id_at_acd(&self) -> &str {
        self.acd_id.as_deref().unwrap_or(self.id.as_str())
    }

    /// The ID that the peers of a dialect use for the agent.
    pub fn peer_id(&self, dialect: &str) -> Option<&str> {
        self.peer_ids.get(dialect).map(CompactString::as_str)
    }
}

/// The configuration of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueuePlan {
    /// The queue's ID. It is also the number that is dialed to reach the queue.
    pub id: QueueId,
    /// The queue's display name.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// The priority of the queue. Calls with a higher priority are offered first.
    #[serde(default)]
    pub priority: u8,
    /// How long a call rings at one agent. Milliseconds.
    #[serde(default = "ring_ms_default")]
    pub ring_ms: u64,
    /// Wrap-up time after a call from this queue. Milliseconds; 0 disables it.
    #[serde(default)]
    pub wrap_up_ms: u64,
}

/// The default of `ring_ms`. Milliseconds. Our choice.
fn ring_ms_default() -> u64 {
    20_000
}

impl QueuePlan {
    /// How long a call rings at one agent.
    pub fn ring(&self) -> Duration {
        Duration::from_millis(self.ring_ms)
    }
}

/// The use of a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonUse {
    /// For the state not ready.
    NotReady,
    /// For signing out.
    SignOut,
}

/// A reason for being not ready or for signing out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The code of the reason.
    pub code: ReasonCode,
    /// The display name.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// The action that the reason applies to.
    #[serde(rename = "use")]
    pub used_for: ReasonUse,
}

/// A disposition: a possible result of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// The code of the disposition.
    pub code: DispositionCode,
    /// The display name.
    #[schema(value_type = String)]
    pub name: CompactString,
}

/// The rules that decide which numbers agents can dial. They apply to dial, consult, transfer and merge, and to numbers
/// dialed by hand when the switch asks.
///
/// Emergency numbers are always allowed. Numbers in the floor's country are allowed by default; `countries` and
/// `classes` allow others. `cordboard_numbers::check` decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DialPolicy {
    /// Patterns of allowed numbers, matched against every way to dial a number. When empty, any number is allowed. A
    /// number that matches can be in any country.
    pub allow: Vec<NumberPattern>,
    /// Patterns of denied numbers, matched against every way to dial a number.
    pub deny: Vec<NumberPattern>,
    /// Countries whose numbers can be dialed, in addition to the floor's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Country>,
    /// Classes of numbers that can be dialed. All others are denied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<NumberClass>,
    /// The most numbers that one agent can dial in a minute; 0 means no limit.
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
    /// The default of `per_minute_max`. Our choice: nobody dials faster by hand.
    pub const PER_MINUTE_MAX_DEFAULT: u32 = 30;
}

/// A class of numbers that is denied unless the dial policy allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NumberClass {
    /// Numbers in other countries.
    International,
    /// Numbers that cost the caller more than a normal call: premium rate, shared cost, personal numbers, pagers.
    Premium,
    /// Satellite phones and international networks: +870, +878, +881, +882, +883, and unassigned country codes.
    Satellite,
    /// Service codes with `*` or `#`, which set call forwarding and similar features.
    ServiceCode,
    /// Numbers that are not valid in their country.
    Unknown,
}

impl NumberClass {
    /// All classes.
    pub const ALL: [Self; 5] =
        [Self::International, Self::Premium, Self::Satellite, Self::ServiceCode, Self::Unknown];

    /// The name of the class in `dial_policy.classes`.
    pub fn as_str(self) -> &'static str {
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
        out.pad(self.as_str())
    }
}

/// A pattern for numbers. `X` matches any digit, `Z` 1 to 9, `N` 2 to 9; at the end `.` matches one or more characters
/// and `!` zero or more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "+1NXXNXXXXXX")]
pub struct NumberPattern(CompactString);

impl NumberPattern {
    /// Whether the pattern matches the whole number.
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
                "number pattern {text:?} is invalid; it can contain 0-9 * # X Z N, a leading + and a final . or !"
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
    /// Checks that IDs are unique and that referenced queues exist. Returns the first problem.
    pub fn check(&self) -> Result<(), FloorError> {
        self.faults().into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Finds all inconsistencies, each with its key, such as `agents.0.acd_id`.
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

    /// Finds queues that agents or pages name and the floor does not define.
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

    /// Finds an agent by ID.
    pub fn agent(&self, id: &AgentId) -> Option<&AgentPlan> {
        self.agents.iter().find(|agent| agent.id == *id)
    }

    /// Finds an agent by its ID at the ACD.
    pub fn agent_at_acd(&self, id: &str) -> Option<&AgentPlan> {
        self.agents.iter().find(|agent| agent.id_at_acd() == id)
    }

    /// Finds a page by ID.
    pub fn page(&self, id: &PageId) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == *id)
    }

    /// Finds a queue by ID.
    pub fn queue(&self, id: &QueueId) -> Option<&QueuePlan> {
        self.queues.iter().find(|queue| queue.id == *id)
    }
}

/// Adds an error for each ID that occurs more than once in a list. `path` is the list and the key of the ID in each entry.
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

/// Finds IDs that occur more than once, each with its key and the key of the first occurrence.
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
    fn two_agents_cannot_have_the_same_id_at_a_peer() {
        let plan = |id: &str, talisma: &str| serde_json::json!({"id": id, "name": id, "device": id, "switch": "pbx", "peer_ids": {"talisma": talisma}});
        let floor = |other: &str| {
            let agents = serde_json::json!({"agents": [plan("1001", "2"), plan("1002", other)]});
            serde_json::from_value::<Floor>(agents).unwrap()
        };
        assert_eq!(floor("3").check(), Ok(()));
        assert_eq!(floor("3").agents[0].peer_id("talisma"), Some("2"));
        assert_eq!(
            floor("2").check().unwrap_err().to_string(),
            "peer id 2 is defined twice; remove or rename one of the two"
        );
    }

    #[test]
    fn every_inconsistency_is_reported_with_its_key() {
        let agent = |queue: &str| serde_json::json!({"id": "1001", "name": "A", "device": "1001", "switch": "pbx", "acd_id": "7001", "queues": [queue]});
        let floor = serde_json::json!({"agents": [agent("7700"), agent("7701")], "queues": [{"id": "7700", "name": "Sales"}]});
        let faults = serde_json::from_value::<Floor>(floor).unwrap().faults().into_iter();
        let faults: Vec<String> = faults.map(|(key, error)| format!("{key}: {error}")).collect();
        let expected = [
            "agents.1.id: agent 1001 is defined twice; remove or rename one of the two",
            "agents.1.acd_id: ACD id 7001 is defined twice; remove or rename one of the two",
            "agents.1.queues: agent 1001 names queue 7701, which the floor does not define",
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn the_queues_of_a_contact_panel_are_checked() {
        let page = |id: &str| serde_json::json!({"id": id, "title": id, "url": "https://kb.example/", "place": "contact-panel", "queues": ["7700"]});
        let floor = |pages: &[&str], queues: serde_json::Value| {
            let pages: Vec<_> = pages.iter().map(|id| page(id)).collect();
            serde_json::from_value::<Floor>(serde_json::json!({"pages": pages, "queues": queues})).unwrap()
        };
        let sales = serde_json::json!([{"id": "7700", "name": "Sales"}]);
        let wrong = floor(&["kb"], serde_json::json!([])).check().unwrap_err().to_string();
        assert_eq!(wrong, "page kb names queue 7700, which the floor does not define");
        assert_eq!(floor(&["kb", "crm"], sales.clone()).check(), Ok(()));
        assert_eq!(
            floor(&["kb", "kb"], sales).check().unwrap_err().to_string(),
            "page kb is defined twice; remove or rename one of the two"
        );
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
    fn an_invalid_pattern_is_rejected() {
        for text in ["", "1.2", "ab", "1+"] {
            assert!(NumberPattern::try_from(CompactString::new(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_default_policy_has_a_limit() {
        let read = |text: &str| serde_json::from_str::<DialPolicy>(text).unwrap();
        assert_eq!(read("{}"), DialPolicy::default());
        assert_eq!(read("{}").per_minute_max, 30);
        assert_eq!(read(r#"{"allow":[],"deny":[],"per_minute_max":0}"#).per_minute_max, 0, "as it was kept");
        assert_eq!(read(r#"{"classes":["service-code"]}"#).classes, [NumberClass::ServiceCode]);
    }
}
