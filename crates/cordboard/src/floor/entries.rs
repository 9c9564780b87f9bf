//! The sections of a floor file, and the floor that they describe.

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
        /// The country of the phones, as a code of ISO 3166. Numbers without a country code belong to it.
        country: Country = option("\"US\""),
        /// Wrap-up time after a call that did not come from a queue. 0s disables it.
        wrap_up: Span = default(Span::s(0)),
        /// How long an agent stays ready after the last desk has disconnected. 0s: without limit.
        desk_grace: Span = default(Span::s(30)),
        /// How long agents stay ready while their switch is disconnected. 0s: without limit.
        switch_grace: Span = default(Span::s(30)),
        /// The agents.
        /// An agent with a password has an account with the agent's ID as its name.
        agents: AgentEntry = list(),
        /// The queues in which calls wait.
        queues: QueueEntry = list(),
        /// The reasons that agents can give for not ready and for signing out. Without any, all reasons are allowed.
        reasons: ReasonEntry = list(),
        /// The results of interactions from which agents choose. Without any, all dispositions are allowed.
        dispositions: DispositionEntry = list(),
        /// Rules that decide which numbers agents may dial.
        dial_policy: PolicyEntry = section(),
        /// Texts for agents to read to customers.
        scripts: ScriptEntry = list(),
        /// Pages that show records of a CRM.
        records: RecordEntry = list(),
        /// Web pages that the agent desktop shows in frames.
        pages: PageEntry = list(),
        /// Accounts of people and programs that are not agents, and further accounts of agents.
        /// With at least one account or agent password in the file, `apply` deletes accounts that are missing from it.
        accounts: AccountEntry = list(),
        /// Origins of CRM pages that may show the connector in a frame, such as `"https://crm.example"`.
        crm_origins: Vec<WebAddress> = default(Vec::new()),
        /// Further origins of pictures in the desktop and the connector, such as pictures of contacts. Those of `pages`,
        /// `records` and `crm_origins` are allowed already.
        image_origins: Vec<WebAddress> = default(Vec::new()),
        /// Further origins that pages in frames of the desktop may go to, such as the page for single sign-on. Those of
        /// `pages` and `records` are allowed already.
        frame_origins: Vec<WebAddress> = default(Vec::new()),
        /// People in the directory. `apply` never deletes contacts.
        contacts: ContactEntry = list(),
    }
}

section! {
    /// An agent. With a password there is an account with the agent's ID as its name.
    pub(crate) AgentEntry {
        /// The agent's ID.
        id: AgentId = required("\"1001\""),
        /// The name to show.
        name: CompactString = required("\"Ann Example\""),
        /// The agent's phone. Default: the agent's ID.
        device: DeviceId = option("\"1001\""),
        /// The ID of the switch that has the phone.
        switch: SwitchId = required("\"simulated\""),
        /// The IDs of the queues whose calls the agent gets.
        queues: Vec<QueueId> = default(Vec::new()),
        /// The agent's ID at the ACD, for integrations that use it: UWQ and Harmony.
        acd_id: CompactString = option("\"7001\""),
        /// The agent's IDs in other products, such as `{ talisma = "2" }`.
        peer_ids: BTreeMap<CompactString, CompactString> = default(BTreeMap::new()),
        /// What the agent's account may do: "agent" or "supervisor".
        role: Role = default(Role::Agent),
        /// The password. Or give password_file, the name of a file that contains it, or password_hash.
        password: Secret = secret("\"…\""),
        /// The hash of the password. `cordboard hash-password` makes one.
        password_hash: String = option("\"$argon2id$…\""),
    }
}

section! {
    /// A queue.
    pub(crate) QueueEntry {
        /// The queue's ID. It is also the number to dial.
        id: QueueId = required("\"7700\""),
        /// The name to show.
        name: CompactString = required("\"support\""),
        /// Calls of the queue with the highest priority are offered first. 0 to 255.
        priority: u8 = default(0),
        /// How long a call rings at one agent before it is offered to another.
        ring: Span = default(Span::s(20)),
        /// Wrap-up time after a call of this queue. 0s disables it.
        wrap_up: Span = default(Span::s(0)),
    }
}

section! {
    /// A reason.
    pub(crate) ReasonEntry {
        /// The reason's code.
        code: ReasonCode = required("\"lunch\""),
        /// The name to show.
        name: CompactString = required("\"Lunch\""),
        /// The action for which agents can give it: "not-ready" or "sign-out".
        used_for: ReasonUse = default(ReasonUse::NotReady),
    }
}

section! {
    /// A disposition.
    pub(crate) DispositionEntry {
        /// The disposition's code.
        code: DispositionCode = required("\"resolved\""),
        /// The name to show.
        name: CompactString = required("\"Resolved\""),
    }
}

section! {
    /// Which numbers agents may dial.
    pub(crate) PolicyEntry {
        /// If there are patterns here, a number must match one of them, in any form in which it can be dialed. It can then be in any country.
        allow: Vec<NumberPattern> = default(Vec::new()),
        /// A number must not match any of these patterns, in any form in which it can be dialed.
        deny: Vec<NumberPattern> = default(Vec::new()),
        /// Countries that may be dialed besides the floor's country.
        countries: Vec<Country> = default(Vec::new()),
        /// Classes of numbers to allow. All of them are denied by default: "international", "premium", "satellite", "service-code", "unknown".
        classes: Vec<NumberClass> = default(Vec::new()),
        /// How many numbers one agent may dial within a minute. 0: without limit.
        per_minute_max: u32 = default(DialPolicy::PER_MINUTE_MAX_DEFAULT),
    }
}

section! {
    /// A text for agents to read to customers.
    pub(crate) ScriptEntry {
        /// The name by which notifications select it.
        name: CompactString = required("\"greeting\""),
        /// The title to show.
        title: CompactString = required("\"Greeting\""),
        /// The text in Markdown, at most 64 KiB.
        markdown: Markdown = required("\"# Hello\""),
    }
}

section! {
    /// The page for records of one type.
    pub(crate) RecordEntry {
        /// The record type, as notifications name it.
        r#type: CompactString = required("\"Contact\""),
        /// The title to show.
        title: CompactString = required("\"Contact\""),
        /// The address of the page. {id} and {type} are replaced by those of the record, percent-encoded.
        url: RecordAddress = required("\"https://crm.example/contacts/{id}\""),
    }
}

section! {
    /// A web page that the agent desktop shows in a frame.
    pub(crate) PageEntry {
        /// The page's ID.
        id: PageId = required("\"kb\""),
        /// The title to show.
        title: CompactString = required("\"Knowledge base\""),
        /// The address of the page. Messages to it go to its origin only.
        url: WebAddress = required("\"https://kb.example/\""),
        /// "workspace": always open. "contact-panel": opens and closes with each interaction.
        place: PagePlace = required("\"workspace\""),
        /// For a contact panel: only for interactions of these queues. Without any, for all interactions.
        queues: Vec<QueueId> = default(Vec::new()),
        /// What the frame may do: tokens of the HTML attribute `sandbox`.
        sandbox: Vec<Sandbox> = default(Sandbox::usual()),
        /// Browser features that the frame may use, such as "clipboard-write" and "microphone".
        allow: Vec<Permission> = default(Vec::new()),
    }
}

section! {
    /// An account.
    pub(crate) AccountEntry {
        /// The account's name.
        name: AccountName = required("\"integration\""),
        /// What the account may do: "agent", "supervisor", "admin" or "integration".
        role: Role = required("\"integration\""),
        /// The agent that signs in with this account. Required for the role "agent".
        agent: AgentId = option("\"1001\""),
        /// The password. Or give password_file, the name of a file that contains it, or password_hash.
        password: Secret = secret("\"…\""),
        /// The hash of the password. `cordboard hash-password` makes one.
        password_hash: String = option("\"$argon2id$…\""),
    }
}

section! {
    /// A person in the directory.
    pub(crate) ContactEntry {
        /// The contact's ID.
        id: CompactString = required("\"C-1001\""),
        /// The name to show.
        name: CompactString = required("\"Carla Customer\""),
        /// The person's phone numbers.
        numbers: Vec<Number> = default(Vec::new()),
        /// More about the person, such as `{ AccountCode = "A-1001" }`.
        data: Data = default(Data::new()),
    }
}

impl FloorFile {
    /// The floor, accounts and contacts of the file.
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
            image_origins: self.image_origins,
            frame_origins: self.frame_origins,
            ..Floor::default()
        };
        Plan { floor, accounts, contacts }
    }
}

impl AgentEntry {
    /// The ID of the agent's phone.
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

/// The name of an agent's account: the agent's ID. Both types have the same limits.
fn account_name(agent: &AgentId) -> AccountName {
    AccountName::new(agent.as_str()).unwrap_or_else(|_| unreachable!("each agent ID is a valid account name"))
}

/// The default phone of an agent: the agent's ID. Both types have the same limits.
fn device_of(agent: &AgentId) -> DeviceId {
    DeviceId::new(agent.as_str()).unwrap_or_else(|_| unreachable!("each agent ID is a valid device ID"))
}
