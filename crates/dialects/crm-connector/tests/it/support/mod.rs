//! A connector in a CRM page, with a hub that accepts everything.

use std::{sync::Arc, time::Duration};

use cordboard_crm_connector::TelephonySession;
use model::{
    Accepted, AccountName, Command, Event, InteractionId, Origin, Principal, Record, Role, Seq, Snapshot,
    Timestamp, Verb,
};
use serde_json::{Value, json};
use session::{
    AROUND, Frame, FrameContext, FromHub, FromPage, Output, Page, PageOutput, Pages, ToHub, ToPage,
    suite::{self, Step, TestBench},
};
use uuid::Uuid;

/// The CRM's origin: one of the floor of the contract's tests.
pub(crate) const CRM: &str = "https://pages.example";
/// An interaction.
pub(crate) const ID: &str = "00000000-0000-7000-8000-000000000001";

/// A connector with its page, the CRM page and the hub.
pub(crate) struct Rig {
    pub(crate) bench: TestBench<TelephonySession>,
    pub(crate) page: Page,
    /// The messages to the CRM page, without their `type`.
    pub(crate) posts: Vec<Value>,
    /// The messages to the connector page.
    pub(crate) page_messages: Vec<Value>,
    pub(crate) kept: Option<Value>,
    /// The message that the connector page is to send to the CRM page when it closes.
    pub(crate) on_close: Option<Value>,
    pub(crate) commands: Vec<Command>,
    pub(crate) rejects: Option<model::Rejection>,
    /// The last command's origin.
    pub(crate) origin: Option<Origin>,
}

impl Rig {
    /// A connector whose page agent 1001 has opened, and which has reported its position.
    pub(crate) fn new() -> Self {
        let mut rig = Self::opened(None);
        rig.send(json!({"type": "around", "origin": CRM, "offset_min": 120}));
        rig
    }

    pub(crate) fn opened(kept: Option<Value>) -> Self {
        Self::opened_with(TelephonySession::new(Uuid::from_u128(0xabc), 10), kept)
    }

    /// A connector whose floor has a switch that takes the prefixes of a dial plan.
    pub(crate) fn dialing_prefixes(settings: Value) -> Self {
        let session = TelephonySession::new(Uuid::from_u128(0xabc), 10).with_dial_prefixes(true);
        let mut rig = Self::opened_with(session, None);
        rig.send(json!({"type": "around", "origin": CRM, "offset_min": 120}));
        rig.activate(settings);
        rig
    }

    fn opened_with(session: TelephonySession, kept: Option<Value>) -> Self {
        let mut bench = TestBench::start(session);
        bench.step(&Step::Hub(snapshot()));
        let page = bench.open_page(agent());
        let mut rig = Self {
            bench,
            page,
            posts: Vec::new(),
            page_messages: Vec::new(),
            kept: None,
            on_close: None,
            commands: Vec::new(),
            rejects: None,
            origin: None,
        };
        let about = FrameContext { place: AROUND.into(), interaction: None };
        rig.page_input(FromPage::FrameOpened { frame: Frame(0), about, kept });
        rig
    }

    /// A connector that is active with these sections of settings.
    pub(crate) fn active(settings: Value) -> Self {
        let mut rig = Self::new();
        rig.activate(settings);
        rig
    }

    fn activate(&mut self, settings: Value) {
        self.client("ready", Some(json!({})));
        self.client("crmData", Some(crm_data(settings)));
        self.event(json!({"type": "agent-signed-in", "agent": "1001", "device": "70001", "switch": "pbx", "queues": []}));
    }

    pub(crate) fn page_input(&mut self, message: FromPage) {
        self.bench.page(self.page, message);
        self.pump();
    }

    /// The connector page sends a message.
    pub(crate) fn send(&mut self, message: Value) {
        self.page_input(FromPage::Message { message });
    }

    /// The CRM page sends a message.
    pub(crate) fn client(&mut self, action: &str, data: Option<Value>) {
        let mut message = json!({"type": "ClientAppMessage", "action": action});
        if let Some(data) = data {
            message["data"] = data;
        }
        self.posted(CRM, message);
    }

    pub(crate) fn posted(&mut self, origin: &str, message: Value) {
        self.page_input(FromPage::Posted { frame: Frame(0), origin: origin.to_owned(), message });
    }

    pub(crate) fn event(&mut self, event: Value) {
        self.event_of(None, event);
    }

    /// The hub passes the last command's request to a switch.
    pub(crate) fn requested(&mut self, request: u64) {
        let requested = json!({"service": "make-call", "device": "70001", "to": "+14155550100"});
        let event = json!({"type": "switch-requested", "request": request, "switch": "pbx", "agent": "1001", "asked": requested});
        self.event_of(self.origin.clone(), event);
    }

    fn event_of(&mut self, origin: Option<Origin>, event: Value) {
        let event: Event = serde_json::from_value(event).unwrap();
        let record = Record { seq: Seq(1), at: self.bench.now(), origin, event };
        self.bench.step(&Step::Hub(FromHub::Event(Arc::new(record))));
        self.pump();
    }

    /// Lets seconds pass, each with its ticks.
    pub(crate) fn pass(&mut self, span: Duration) {
        for _ in 0..span.as_secs() {
            self.bench.pass(Duration::from_secs(1));
            self.pump();
        }
    }

    /// The messages that this action sent to the CRM page; clears all messages.
    pub(crate) fn sent(&mut self, action: &str) -> Vec<Value> {
        let posts = std::mem::take(&mut self.posts);
        posts.into_iter().filter(|post| post["action"] == action).map(|post| post["data"].clone()).collect()
    }

    /// The messages of this type to the connector page; clears all messages.
    pub(crate) fn shown(&mut self, kind: &str) -> Vec<Value> {
        std::mem::take(&mut self.page_messages)
            .into_iter()
            .filter(|message| message["type"] == kind)
            .collect()
    }

    pub(crate) fn verbs(&mut self) -> Vec<Verb> {
        std::mem::take(&mut self.commands).into_iter().map(|command| command.verb).collect()
    }

    fn pump(&mut self) {
        loop {
            let outputs = self.bench.take();
            if outputs.is_empty() {
                return;
            }
            outputs.into_iter().for_each(|output| self.take(output));
        }
    }

    fn take(&mut self, output: Output<Pages>) {
        match output {
            Output::Peer(PageOutput { page, message }) => {
                assert_eq!(page, self.page);
                match message {
                    ToPage::Post { frame, origin, message } => {
                        assert_eq!((frame, origin.as_str()), (Frame(0), CRM));
                        assert_eq!(message["type"], "CRMConnectMessage");
                        self.posts.push(message);
                    }
                    ToPage::OnClose { frame, origin, message } => {
                        assert_eq!((frame, origin.as_str()), (Frame(0), CRM));
                        self.on_close = message;
                    }
                    ToPage::Keep { state, .. } => self.kept = Some(state),
                    ToPage::Message { message } => self.page_messages.push(message),
                    ToPage::Close { why } => panic!("closed: {why}"),
                }
            }
            Output::Hub(ToHub::Command(command)) => {
                let result = match &self.rejects {
                    Some(rejection) => Err(rejection.clone()),
                    None => Ok(Accepted { seq: Seq(9), interaction: command.interaction }),
                };
                let Command { id, by, verb, .. } = &*command;
                let (id, by, digest) = (id.clone(), by.account.clone(), None);
                self.origin = Some(Origin { command: id, by, verb: verb.name(), digest });
                self.commands.push(*command);
                self.bench.step(&Step::Answer(0, result));
            }
            Output::Hub(ToHub::Subscribe) => {}
            other => panic!("unexpected {other:?}"),
        }
    }
}

pub(crate) fn id(text: &str) -> InteractionId {
    text.parse().unwrap()
}

pub(crate) fn agent() -> Principal {
    let account = AccountName::new("1001").unwrap();
    Principal { account, role: Role::Agent, agent: Some("1001".parse().unwrap()) }
}

fn snapshot() -> FromHub {
    let snapshot = Snapshot {
        seq: Seq(0),
        at: Timestamp(0),
        agents: Vec::new(),
        interactions: Vec::new(),
        queues: Vec::new(),
        switches: Vec::new(),
    };
    FromHub::Snapshot { snapshot: Arc::new(snapshot), floor: Arc::new(suite::floor()), resync: false }
}

/// The public client's answer to `requestCrmData`.
pub(crate) fn crm_data(settings: Value) -> Value {
    json!({
        "callCenterSettings": settings,
        "currentUser": {"attributes": {"type": "admin"}, "Name": "Ann Example", "Username": "ann@crm.example", "Id": 42,
            "LanguageLocaleKey": "en_US"},
        "capabilities": {"directoryAvailable": true, "name": "Example CRM", "reloadsOnNavigation": true,
            "lightningComponentsAvailable": false},
    })
}

/// A click on a number, with every key that the vendor's page requires.
pub(crate) fn click(number: &str) -> Value {
    let result = json!({"number": number, "objectType": "End User", "recordId": 17, "recordName": "Bo Customer",
        "email": null, "url": "https://pages.example/users/17"});
    json!({
        "onClickToDialResponse": result,
        "clickToDialLogDetails": {"id": 17, "name": "Bo Customer", "personAccount": true, "type": "End User"},
        "softphoneItems": [], "doNotCall": false, "crmEmails": null, "crmPhones": [number], "nameObjects": null,
        "relatedToObjects": [{"isName": false, "isRelatedTo": true, "pageInfo": {"recordId": 17}}],
        "pageInfo": result,
    })
}

/// An interaction opens.
pub(crate) fn opens(direction: &str, state: &str) -> Value {
    json!({"type": "interaction-opened", "interaction": {
        "id": ID, "number": 1, "linkage": ID, "agent": "1001", "device": "70001", "switch": "pbx", "direction": direction,
        "queue": "7700", "customer": {"at": {"outside": "+14155550100"}}, "dialled": "7700", "state": state,
        "opened_at": 1_700_000_000_000_u64, "data": {"case": "C-9"},
    }})
}

pub(crate) fn becomes(from: &str, to: &str) -> Value {
    json!({"type": "interaction-state-changed", "agent": "1001", "interaction": ID, "from": from, "to": to})
}

/// The interaction is completed, and nobody has answered it.
pub(crate) fn completes_unanswered(direction: &str, cause: &str) -> Value {
    let mut interaction = opens(direction, "completed")["interaction"].clone();
    interaction["ended_at"] = json!(1_700_000_020_000_u64);
    interaction["cause"] = json!(cause);
    let summary = json!({"interaction": interaction, "completed_at": 1_700_000_020_000_u64});
    json!({"type": "interaction-completed", "agent": "1001", "summary": summary})
}

/// The interaction is completed, with a log and notes.
pub(crate) fn completes() -> Value {
    let mut interaction = opens("inbound", "completed")["interaction"].clone();
    interaction["started_at"] = json!(1_700_000_005_000_u64);
    interaction["ended_at"] = json!(1_700_000_065_000_u64);
    interaction["logs"] = json!([{"at": 1_700_000_066_000_u64, "by": "1001", "subject": "Order", "text": "wants two",
        "fields": {"case_id": "C-9"}}]);
    json!({"type": "interaction-completed", "agent": "1001", "summary": {
        "interaction": interaction, "completed_at": 1_700_000_070_000_u64, "disposition": "resolved", "notes": "calls again",
    }})
}
