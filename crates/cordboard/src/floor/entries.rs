//! The sections of a floor file, and the floor they make.

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::{
    AccountName, AgentId, AgentPlan, Contact, Country, Data, DeviceId, DialPolicy, Disposition,
    DispositionCode, Floor, GraceMs, Markdown, Number, NumberClass, NumberPattern, Page, PageId, PagePlace,
    Permission, QueueId, QueuePlan, Reason, ReasonCode, ReasonUse, RecordAddress, RecordPage, Role, Sandbox,
    Script, Secret, SwitchId, WebAddress,
};

use super::{
    Plan,
    password::{Password, PlannedAccount},
};
use settings::{Span, section};

section! {
    /// A floor file as a whole.
    pub(crate) FloorFile {
        /// The country that the phones are in, as in ISO 3166: numbers without a country code are read as its own.
        country: Country = option("\"US\""),
        /// How long an agent has for what a call that came through no queue left to do; 0s: not at all.
        wrap_up: Span = default(Span::s(0)),
        /// How long an agent whose last desk is gone stays ready; 0s: forever.
        desk_grace: Span = default(Span::s(30)),
        /// How long agents stay ready whose switch cannot be reached; 0s: forever.
        switch_grace: Span = default(Span::s(30)),
        /// Who handles interactions.
        agents: AgentEntry = list(),
        /// Where calls wait.
        queues: QueueEntry = list(),
        /// Why an agent may be not ready or sign out. None: any.
        reasons: ReasonEntry = list(),
        /// How an interaction may turn out. None: any.
        dispositions: DispositionEntry = list(),
        /// What may be dialled.
        dial_policy: PolicyEntry = section(),
        /// What agents are to say.
        scripts: ScriptEntry = list(),
        /// Where a CRM's records are shown.
        records: RecordEntry = list(),
        /// Pages that desks show in frames.
        pages: PageEntry = list(),
        /// Who may sign in and is no agent.
        accounts: AccountEntry = list(),
        /// Pages of CRMs that may host the connector, such as `"https://crm.example"`; of each the origin counts.
        crm_origins: Vec<WebAddress> = default(Vec::new()),
        /// People whom the directory knows.
        contacts: ContactEntry = list(),
    }
}

section! {
    /// An agent. With a password there is an account of the agent's id.
    pub(crate) AgentEntry {
        /// Who.
        id: AgentId = required("\"1001\""),
        /// Name to show.
        name: CompactString = required("\"Ann Example\""),
        /// The agent's own phone; when not given, the agent's id.
        device: DeviceId = option("\"1001\""),
        /// The switch that the phone is on.
        switch: SwitchId = required("\"simulated\""),
        /// Whose calls the agent takes.
        queues: Vec<QueueId> = default(Vec::new()),
        /// The agent's id at the ACD, for peers that use it.
        acd_id: CompactString = option("\"7001\""),
        /// What other peers call the agent, by dialect.
        peer_ids: BTreeMap<CompactString, CompactString> = default(BTreeMap::new()),
        /// What the agent's account may.
        role: Role = default(Role::Agent),
        /// The password.
        password: Secret = secret("\"…\""),
        /// The password as an argon2id PHC string.
        password_hash: String = option("\"$argon2id$…\""),
    }
}

section! {
    /// A queue.
    pub(crate) QueueEntry {
        /// Which; also the number that is dialled to reach it.
        id: QueueId = required("\"7700\""),
        /// Name to show.
        name: CompactString = required("\"support\""),
        /// Higher is served first.
        priority: u8 = default(0),
        /// How long a call rings at one agent.
        ring: Span = default(Span::s(20)),
        /// How long an agent has for what a call left to do; 0s: not at all.
        wrap_up: Span = default(Span::s(0)),
    }
}

section! {
    /// A reason.
    pub(crate) ReasonEntry {
        /// Its code.
        code: ReasonCode = required("\"lunch\""),
        /// Name to show.
        name: CompactString = required("\"Lunch\""),
        /// What it may be given for: "not-ready" or "sign-out".
        used_for: ReasonUse = default(ReasonUse::NotReady),
    }
}

section! {
    /// A disposition.
    pub(crate) DispositionEntry {
        /// Its code.
        code: DispositionCode = required("\"resolved\""),
        /// Name to show.
        name: CompactString = required("\"Resolved\""),
    }
}

section! {
    /// What agents may dial.
    pub(crate) PolicyEntry {
        /// A number must match one of these, written in any way in which it can be dialed; it may then be in any country. None: any number.
        allow: Vec<NumberPattern> = default(Vec::new()),
        /// A number must match none of these, written in any way in which it can be dialed.
        deny: Vec<NumberPattern> = default(Vec::new()),
        /// Countries whose numbers may be dialed besides the floor's own.
        countries: Vec<Country> = default(Vec::new()),
        /// Classes of numbers that may be dialed, which are denied otherwise: "international", "premium", "satellite", "service-code", "unknown".
        classes: Vec<NumberClass> = default(Vec::new()),
        /// How many numbers one agent may have dialled within a minute; 0: any.
        per_minute_max: u32 = default(DialPolicy::PER_MINUTE_MAX_DEFAULT),
    }
}

section! {
    /// What an agent is to say.
    pub(crate) ScriptEntry {
        /// By this name notifications ask for it.
        name: CompactString = required("\"greeting\""),
        /// What to show above it.
        title: CompactString = required("\"Greeting\""),
        /// What it says, 64 KiB at most.
        markdown: Markdown = required("\"# Hello\""),
    }
}

section! {
    /// Where records of one type are shown.
    pub(crate) RecordEntry {
        /// The type, as notifications name it.
        r#type: CompactString = required("\"Contact\""),
        /// What to call such a record.
        title: CompactString = required("\"Contact\""),
        /// The CRM's page: {id} and {type} stand for the record's, percent-encoded.
        url: RecordAddress = required("\"https://crm.example/contacts/{id}\""),
    }
}

section! {
    /// A page that desks show in a frame.
    pub(crate) PageEntry {
        /// Which.
        id: PageId = required("\"kb\""),
        /// What to call it.
        title: CompactString = required("\"Knowledge base\""),
        /// Where it is. Messages go to its origin and to no other.
        url: WebAddress = required("\"https://kb.example/\""),
        /// "workspace": always open; "contact-panel": opened and closed with each interaction.
        place: PagePlace = required("\"workspace\""),
        /// A contact panel: for interactions of these queues. None: for every one.
        queues: Vec<QueueId> = default(Vec::new()),
        /// What the frame may do: tokens of HTML's sandbox.
        sandbox: Vec<Sandbox> = default(Sandbox::usual()),
        /// What the frame may use of the browser: "clipboard-write", "microphone", …
        allow: Vec<Permission> = default(Vec::new()),
    }
}

section! {
    /// Somebody who may sign in.
    pub(crate) AccountEntry {
        /// By this name.
        name: AccountName = required("\"integration\""),
        /// As this kind.
        role: Role = required("\"integration\""),
        /// As this agent.
        agent: AgentId = option("\"1001\""),
        /// The password.
        password: Secret = secret("\"…\""),
        /// The password as an argon2id PHC string.
        password_hash: String = option("\"$argon2id$…\""),
    }
}

section! {
    /// Somebody whom the directory knows.
    pub(crate) ContactEntry {
        /// The directory's id.
        id: CompactString = required("\"C-1001\""),
        /// Name to show.
        name: CompactString = required("\"Carla Customer\""),
        /// Numbers at which the person is reached.
        numbers: Vec<Number> = default(Vec::new()),
        /// More about the person, such as account numbers of other systems.
        data: Data = default(Data::new()),
    }
}

impl FloorFile {
    /// What the file asks for.
    pub(super) fn into_plan(self) -> Plan {
        let accounts = self.agents.iter().filter_map(AgentEntry::account);
        let accounts = accounts.chain(self.accounts.iter().filter_map(AccountEntry::account)).collect();
        let contacts = self.contacts.into_iter().map(ContactEntry::into_contact).collect();
        let floor = Floor {
            country: self.country,
            agents: self.agents.into_iter().map(AgentEntry::into_plan).collect(),
            queues: self.queues.into_iter().map(QueueEntry::into_plan).collect(),
            reasons: self.reasons.into_iter().map(ReasonEntry::into_reason).collect(),
            dispositions: self.dispositions.into_iter().map(DispositionEntry::into_disposition).collect(),
            dial_policy: self.dial_policy.into_policy(),
            wrap_up_ms: self.wrap_up.as_ms(),
            desk_grace_ms: GraceMs(self.desk_grace.as_ms()),
            switch_grace_ms: GraceMs(self.switch_grace.as_ms()),
            scripts: self.scripts.into_iter().map(ScriptEntry::into_script).collect(),
            records: self.records.into_iter().map(RecordEntry::into_record).collect(),
            pages: self.pages.into_iter().map(PageEntry::into_page).collect(),
            crm_origins: self.crm_origins,
            ..Floor::default()
        };
        Plan { floor, accounts, contacts }
    }
}

impl AgentEntry {
    /// The agent's phone.
    pub(super) fn device(&self) -> &str {
        self.device.as_ref().map_or(self.id.as_str(), DeviceId::as_str)
    }

    fn account(&self) -> Option<PlannedAccount> {
        let password = Password::given(self.password.as_ref(), self.password_hash.as_deref())?;
        let name = account_name(&self.id);
        Some(PlannedAccount { name, role: self.role, agent: Some(self.id.clone()), password })
    }

    fn into_plan(self) -> AgentPlan {
        let device = self.device.unwrap_or_else(|| device_of(&self.id));
        let Self { id, name, switch, queues, acd_id, peer_ids, .. } = self;
        AgentPlan { id, name, device, switch, queues, acd_id, peer_ids }
    }
}

impl AccountEntry {
    fn account(&self) -> Option<PlannedAccount> {
        let password = Password::given(self.password.as_ref(), self.password_hash.as_deref())?;
        Some(PlannedAccount { name: self.name.clone(), role: self.role, agent: self.agent.clone(), password })
    }
}

impl QueueEntry {
    fn into_plan(self) -> QueuePlan {
        let (ring_ms, wrap_up_ms) = (self.ring.as_ms(), self.wrap_up.as_ms());
        QueuePlan { id: self.id, name: self.name, priority: self.priority, ring_ms, wrap_up_ms }
    }
}

impl ReasonEntry {
    fn into_reason(self) -> Reason {
        Reason { code: self.code, name: self.name, used_for: self.used_for }
    }
}

impl DispositionEntry {
    fn into_disposition(self) -> Disposition {
        Disposition { code: self.code, name: self.name }
    }
}

impl PolicyEntry {
    fn into_policy(self) -> DialPolicy {
        let Self { allow, deny, countries, classes, per_minute_max } = self;
        DialPolicy { allow, deny, countries, classes, per_minute_max }
    }
}

impl ScriptEntry {
    fn into_script(self) -> Script {
        Script { name: self.name, title: self.title, markdown: self.markdown }
    }
}

impl RecordEntry {
    fn into_record(self) -> RecordPage {
        RecordPage { kind: self.r#type, title: self.title, url: self.url }
    }
}

impl PageEntry {
    fn into_page(self) -> Page {
        let Self { id, title, url, place, queues, sandbox, allow } = self;
        Page { id, title, url, place, queues, sandbox, allow }
    }
}

impl ContactEntry {
    fn into_contact(self) -> Contact {
        Contact { id: self.id, name: self.name, numbers: self.numbers, data: self.data }
    }
}

/// The name of an agent's account: the agent's id. Both names have the same limits.
fn account_name(agent: &AgentId) -> AccountName {
    AccountName::new(agent.as_str())
        .unwrap_or_else(|_| unreachable!("what is an agent id is an account name"))
}

/// The phone of an agent for whom none is given: the agent's id. Both names have the same limits.
fn device_of(agent: &AgentId) -> DeviceId {
    DeviceId::new(agent.as_str()).unwrap_or_else(|_| unreachable!("what is an agent id is a device id"))
}
