//! A hub and a desktop for the telephony end: agent 1001 with an open page, calls that come and go, and frames that post.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic, and no test uses all of it"
)]

use std::{sync::Arc, time::Duration};

use cordboard_max::{TelephonyConfig, TelephonySession};
use model::{
    Accepted, AgentEvent, AgentId, AgentPlan, AgentState, AgentView, CallId, Cause, Command, Conversation,
    ConversationEvent, ConversationId, ConversationState, Data, Direction, Event, Floor, Interaction,
    InteractionEvent, InteractionId, InteractionState, InteractionSummary, InteractionView, Leg, LinkageId,
    NextState, Party, PartyKind, Principal, QueueId, QueuePlan, Reason, ReasonUse, Record, Role, Sandbox,
    Seq, Snapshot, Timestamp, WebAddress, reason,
};
use serde_json::{Value, json};
use session::{
    Frame, FrameContext, FromHub, FromPage, Output, Page, PageOutput, ToHub, ToPage,
    suite::{Step, TestBench},
};
use uuid::Uuid;

/// The origin of the floor's pages.
pub const ORIGIN: &str = "https://pages.example";

pub fn agent() -> AgentId {
    "1001".parse().unwrap()
}

fn plan(id: &str) -> AgentPlan {
    AgentPlan {
        id: id.parse().unwrap(),
        name: "Ann".into(),
        device: id.parse().unwrap(),
        switch: "pbx".parse().unwrap(),
        queues: vec!["7700".parse().unwrap()],
        acd_id: Some("7001".into()),
        peer_ids: Default::default(),
    }
}

fn page(id: &str, place: model::PagePlace) -> model::Page {
    model::Page {
        id: id.parse().unwrap(),
        title: id.into(),
        url: WebAddress::new(format!("{ORIGIN}/{id}")).unwrap(),
        place,
        queues: Vec::new(),
        sandbox: Sandbox::usual(),
        allow: Vec::new(),
    }
}

/// A floor with a workspace `kb`, a contact panel `crm`, a queue with 30 s of wrap-up, and a reason.
pub fn floor() -> Floor {
    Floor {
        agents: vec![plan("1001")],
        queues: vec![QueuePlan {
            id: "7700".parse().unwrap(),
            name: "Sales".into(),
            priority: 0,
            ring_ms: 20_000,
            wrap_up_ms: 30_000,
        }],
        reasons: vec![Reason {
            code: "lunch".parse().unwrap(),
            name: "Lunch".into(),
            used_for: ReasonUse::NotReady,
        }],
        pages: vec![page("kb", model::PagePlace::Workspace), page("crm", model::PagePlace::ContactPanel)],
        ..Floor::default()
    }
}

pub fn id(number: u64) -> InteractionId {
    InteractionId(Uuid::from_u128(u128::from(number)))
}

/// A call that rings at the agent.
pub fn ringing(number: u64, at: Timestamp) -> Interaction {
    Interaction {
        id: id(number),
        number,
        linkage: LinkageId(Uuid::from_u128(u128::from(number))),
        agent: agent(),
        device: "1001".parse().unwrap(),
        switch: Some("pbx".parse().unwrap()),
        direction: Direction::Inbound,
        queue: Some(QueueId::new("7700").unwrap()),
        customer: Party::new(PartyKind::Outside("+14155550100".parse().unwrap())),
        dialled: Some("7700".parse().unwrap()),
        state: InteractionState::Alerting,
        opened_at: at,
        forced_by: None,
        started_at: None,
        ended_at: None,
        cause: None,
        primary: Some(Conversation {
            id: ConversationId(Uuid::from_u128(u128::from(number))),
            call: CallId::new(format!("c-{number}")).unwrap(),
            state: ConversationState::Alerting,
            delivered: false,
            parties: vec![Party::new(PartyKind::Outside("+14155550100".parse().unwrap()))],
            talking_at: None,
        }),
        consult: None,
        muted: false,
        masked: false,
        recording: false,
        data: Data::new(),
        contact: None,
        candidates: Vec::new(),
        contact_pending: false,
        customer_changes: 0,
        transferred_to: None,
        conference: Vec::new(),
        held_ms: 0,
        held_at: None,
        card: None,
        pops: Vec::new(),
        logs: Vec::new(),
        calls: Vec::new(),
        recordings: Vec::new(),
        notes: None,
        disposition: None,
    }
}

/// The hub, and the desktop's page.
pub struct Stage {
    pub bench: TestBench<TelephonySession>,
    pub page: Page,
    seq: u64,
    at: u64,
    calls: Vec<Interaction>,
    state: AgentState,
    kept: Value,
}

impl Stage {
    /// The agent's page is open, and the hub has sent nothing.
    pub fn early() -> Self {
        let mut bench =
            TestBench::start(TelephonySession::new(TelephonyConfig::default(), Uuid::from_u128(0xC0FFEE)));
        let by = Principal { account: "1001".parse().unwrap(), role: Role::Agent, agent: Some(agent()) };
        let page = bench.open_page(by);
        let at = bench.now().0;
        bench.forget();
        Self { bench, page, seq: 0, at, calls: Vec::new(), state: AgentState::SignedOut, kept: Value::Null }
    }

    /// The hub has sent a snapshot in which all agents are signed out.
    pub fn signed_out() -> Self {
        let mut stage = Self::early();
        stage.snapshot(false);
        stage
    }

    /// The agent is ready.
    pub fn ready() -> Self {
        let mut stage = Self::signed_out();
        stage.sign_in();
        stage.become_(AgentState::Ready, None);
        stage.sent();
        stage
    }

    /// The agent talks on call 1.
    pub fn talking() -> Self {
        let mut stage = Self::ready();
        stage.ring(1);
        stage.answer(1);
        stage.sent();
        stage
    }

    /// The hub sends a snapshot.
    pub fn snapshot(&mut self, resync: bool) {
        let view = AgentView {
            id: agent(),
            name: "Ann".into(),
            state: self.state.clone(),
            since: Timestamp(self.at),
            next: None,
            device: Some("1001".parse().unwrap()),
            queues: Vec::new(),
            can: Vec::new(),
        };
        let calls =
            self.calls.iter().cloned().map(|interaction| InteractionView { interaction, can: Vec::new() });
        let snapshot = Snapshot {
            seq: Seq(self.seq),
            at: Timestamp(self.at),
            agents: vec![view],
            interactions: calls.collect(),
            queues: Vec::new(),
            switches: Vec::new(),
        };
        self.hub(FromHub::Snapshot { snapshot: Arc::new(snapshot), floor: Arc::new(floor()), resync });
    }

    /// Changes the state without an event from the hub.
    pub fn unseen(&mut self, change: impl FnOnce(&mut Vec<Interaction>)) {
        change(&mut self.calls);
    }

    fn hub(&mut self, sent: FromHub) {
        self.bench.step(&Step::Hub(sent));
    }

    /// Events of one moment, a second after the ones before.
    pub fn happen(&mut self, events: impl IntoIterator<Item = Event>) {
        self.at += 1_000;
        self.more(events);
    }

    /// More events of the same moment.
    pub fn more(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            self.seq += 1;
            let at = Timestamp(self.at);
            self.calls.iter_mut().for_each(|call| call.apply(at, &event));
            let record = Record { seq: Seq(self.seq), at, origin: None, event };
            self.hub(FromHub::Event(Arc::new(record)));
        }
    }

    pub fn sign_in(&mut self) {
        self.state = AgentState::NotReady { reason: reason::code(reason::SIGNED_IN) };
        let (device, switch) = ("1001".parse().unwrap(), "pbx".parse().unwrap());
        self.happen([Event::Agent(AgentEvent::SignedIn {
            agent: agent(),
            device,
            switch,
            queues: Vec::new(),
        })]);
    }

    pub fn sign_out(&mut self) {
        let from = std::mem::replace(&mut self.state, AgentState::SignedOut);
        let from_since = Timestamp(self.at);
        self.happen([Event::Agent(AgentEvent::SignedOut { agent: agent(), from, from_since, reason: None })]);
    }

    fn state_event(&mut self, to: AgentState, next: Option<NextState>) -> Event {
        let from = std::mem::replace(&mut self.state, to.clone());
        Event::Agent(AgentEvent::StateChanged {
            agent: agent(),
            from,
            from_since: Timestamp(self.at),
            to,
            next,
        })
    }

    pub fn become_(&mut self, to: AgentState, next: Option<NextState>) {
        let event = self.state_event(to, next);
        self.happen([event]);
    }

    pub fn ring(&mut self, number: u64) {
        self.open(ringing(number, Timestamp(self.at + 1_000)));
    }

    /// An interaction opens at the agent, who is busy.
    pub fn open(&mut self, call: Interaction) {
        self.calls.push(call.clone());
        let busy = self.state_event(AgentState::Busy, None);
        self.happen([Event::Interaction(InteractionEvent::Opened { interaction: Box::new(call) }), busy]);
    }

    pub fn answer(&mut self, number: u64) {
        let started = Event::Interaction(InteractionEvent::StateChanged {
            agent: agent(),
            interaction: id(number),
            from: InteractionState::Alerting,
            to: InteractionState::Started,
            cause: None,
        });
        let talks = self.leg_event(number, ConversationState::Talking);
        self.happen([talks, started]);
    }

    pub fn leg_event(&self, number: u64, to: ConversationState) -> Event {
        let call = self.calls.iter().find(|call| call.number == number).unwrap();
        Event::Conversation(ConversationEvent::StateChanged {
            agent: agent(),
            interaction: id(number),
            leg: Leg::Primary,
            conversation: call.primary.as_ref().unwrap().id,
            from: call.primary.as_ref().unwrap().state,
            to,
            delivered: false,
        })
    }

    pub fn leg(&mut self, number: u64, to: ConversationState) {
        let event = self.leg_event(number, to);
        self.happen([event]);
    }

    pub fn controls(&mut self, number: u64, muted: bool, masked: bool, recording: bool) {
        self.happen([Event::Conversation(ConversationEvent::ControlsChanged {
            agent: agent(),
            interaction: id(number),
            muted,
            masked,
            recording,
        })]);
    }

    pub fn join(&mut self, number: u64) {
        let mut parties = self.conversation(number, Leg::Primary).unwrap().parties.clone();
        parties.push(Party::new(PartyKind::Device("1002".parse().unwrap())));
        self.parties(number, parties);
    }

    fn parties(&mut self, number: u64, parties: Vec<Party>) {
        let primary = self.conversation(number, Leg::Primary).unwrap().clone();
        self.happen([Event::Conversation(ConversationEvent::PartiesChanged {
            agent: agent(),
            interaction: id(number),
            leg: Leg::Primary,
            conversation: primary.id,
            call: primary.call,
            parties,
        })]);
    }

    /// The conversation with the customer, or with a consulted colleague.
    fn conversation(&self, number: u64, leg: Leg) -> Option<&Conversation> {
        self.calls.iter().find(|call| call.number == number).unwrap().leg(leg)
    }

    /// The consult of a call, with agent 1002, opens or changes its state.
    pub fn consult(&mut self, number: u64, to: ConversationState) {
        let (agent, interaction, leg) = (agent(), id(number), Leg::Consult);
        let event = match self.conversation(number, leg) {
            Some(consult) => ConversationEvent::StateChanged {
                agent,
                interaction,
                leg,
                conversation: consult.id,
                from: consult.state,
                to,
                delivered: false,
            },
            None => ConversationEvent::Opened {
                agent,
                interaction,
                leg,
                conversation: Box::new(Conversation {
                    id: ConversationId(Uuid::from_u128(77)),
                    call: "c-77".parse().unwrap(),
                    state: to,
                    delivered: false,
                    parties: vec![Party::new(PartyKind::Device("1002".parse().unwrap()))],
                    talking_at: None,
                }),
            },
        };
        self.happen([Event::Conversation(event)]);
    }

    fn closed(&self, number: u64, leg: Leg, cause: Cause) -> Event {
        let conversation = self.conversation(number, leg).unwrap().id;
        let (agent, interaction) = (agent(), id(number));
        Event::Conversation(ConversationEvent::Closed {
            agent,
            interaction,
            leg,
            conversation,
            cause,
            to: None,
        })
    }

    pub fn close_consult(&mut self, number: u64, cause: Cause) {
        let closed = self.closed(number, Leg::Consult, cause);
        self.happen([closed]);
    }

    /// The customer leaves, and the interaction continues.
    pub fn close_primary(&mut self, number: u64) {
        let closed = self.closed(number, Leg::Primary, Cause::Normal);
        self.happen([closed]);
    }

    /// The call and its consult become a conference.
    pub fn merge(&mut self, number: u64) {
        let closed = self.closed(number, Leg::Consult, Cause::Conferenced);
        let talks = self.leg_event(number, ConversationState::Talking);
        self.join(number);
        self.more([closed, talks]);
    }

    /// The colleague leaves the conference.
    pub fn alone(&mut self, number: u64) {
        let parties = self.conversation(number, Leg::Primary).unwrap().parties[..1].to_vec();
        self.parties(number, parties);
    }

    /// The voice of the call has ended; the agent has after-call work.
    pub fn end(&mut self, number: u64) {
        let call = self.calls.iter().find(|call| call.number == number).unwrap();
        let closed = Event::Conversation(ConversationEvent::Closed {
            agent: agent(),
            interaction: id(number),
            leg: Leg::Primary,
            conversation: call.primary.as_ref().unwrap().id,
            cause: model::Cause::Normal,
            to: None,
        });
        let ended = Event::Interaction(InteractionEvent::StateChanged {
            agent: agent(),
            interaction: id(number),
            from: call.state,
            to: InteractionState::Ended,
            cause: Some(model::Cause::Normal),
        });
        let wraps_up = self.state_event(AgentState::WrapUp, None);
        self.happen([closed, ended, wraps_up]);
    }

    /// The after-call work is done.
    pub fn complete(&mut self, number: u64) {
        let at = self.calls.iter().position(|call| call.number == number).unwrap();
        let mut interaction = self.calls.remove(at);
        interaction.state = InteractionState::Completed;
        let completed_at = Timestamp(self.at + 1_000);
        let summary = InteractionSummary { interaction, completed_at, disposition: None, notes: None };
        let ready = self.state_event(AgentState::Ready, None);
        self.happen([
            Event::Interaction(InteractionEvent::Completed { agent: agent(), summary: Box::new(summary) }),
            ready,
        ]);
    }

    /// A frame in the workspace.
    pub fn workspace(&mut self, frame: u64) {
        self.frame(frame, "kb", None, None);
    }

    /// A frame in the panel of a call.
    pub fn panel(&mut self, frame: u64, number: u64) {
        self.frame(frame, "crm", Some(id(number)), None);
    }

    pub fn frame(
        &mut self,
        frame: u64,
        place: &str,
        interaction: Option<InteractionId>,
        kept: Option<Value>,
    ) {
        let about = FrameContext { place: place.into(), interaction };
        self.bench.page(self.page, FromPage::FrameOpened { frame: Frame(frame), about, kept });
    }

    /// The frame has loaded a document again.
    pub fn loaded(&mut self, frame: u64) {
        self.bench.page(self.page, FromPage::FrameLoaded { frame: Frame(frame) });
    }

    pub fn pass(&mut self, seconds: u64) {
        self.bench.pass(Duration::from_secs(seconds));
    }

    pub fn post(&mut self, frame: u64, message: Value) {
        self.post_from(frame, ORIGIN, message);
    }

    pub fn post_from(&mut self, frame: u64, origin: &str, message: Value) {
        let origin = origin.to_owned();
        self.bench.page(self.page, FromPage::Posted { frame: Frame(frame), origin, message });
    }

    pub fn send(&mut self, message: Value) {
        self.bench.page(self.page, FromPage::Message { message });
    }

    pub fn register(&mut self, frame: u64, types: &[&str]) {
        self.post(frame, registration(types));
    }

    pub fn unregister(&mut self, frame: u64) {
        self.post(frame, json!({"messageType": "UnregisterFromClientEvents"}));
    }

    pub fn press(&mut self, frame: u64, word: &str) {
        self.post(frame, json!({"messageType": word}));
    }

    /// All messages since the last call, after the moment is over.
    pub fn sent(&mut self) -> PageSent {
        self.bench.pass(Duration::from_millis(1));
        let mut sent = PageSent::default();
        for output in self.bench.take() {
            match output {
                Output::Peer(PageOutput { message, .. }) => sent.page(message),
                Output::Hub(ToHub::Command(command)) => sent.commands.push(*command),
                Output::Hub(ToHub::Subscribe) => {}
                other => panic!("{other:?}"),
            }
        }
        if let Some(kept) = sent.kept.last() {
            self.kept = kept.clone();
        }
        sent
    }

    /// The state that the page was last given to keep.
    pub fn kept(&self) -> Value {
        self.kept.clone()
    }

    /// The hub accepts every command.
    pub fn accept_all(&mut self) {
        (0..10).for_each(|_| {
            self.bench.step(&Step::Answer(0, Ok(Accepted { seq: Seq(self.seq), interaction: None })));
        });
    }
}

/// A registration with the name `Sample`.
pub fn registration(types: &[&str]) -> Value {
    json!({"messageType": "RegisterForClientEvents", "issuer": "Sample", "subscriptionTypes": types})
}

/// The messages that were sent.
#[derive(Debug, Default)]
pub struct PageSent {
    /// The frame, the origin and the message.
    pub posts: Vec<(u64, String, Value)>,
    pub kept: Vec<Value>,
    pub warnings: Vec<String>,
    pub commands: Vec<Command>,
    pub closed: Option<String>,
}

impl PageSent {
    fn page(&mut self, message: ToPage) {
        match message {
            ToPage::Post { frame, origin, message } => self.posts.push((frame.0, origin, message)),
            ToPage::Keep { state, .. } => self.kept.push(state),
            ToPage::Message { message } => {
                assert_eq!(message["type"], "warn");
                self.warnings.push(message["text"].as_str().unwrap().to_owned());
            }
            ToPage::OnClose { .. } => panic!("nothing is left for the end"),
            ToPage::Close { why } => self.closed = Some(why.text.to_string()),
        }
    }

    /// The envelopes for a frame.
    pub fn to(&self, frame: u64) -> Vec<&Value> {
        self.posts.iter().filter(|(to, _, _)| *to == frame).map(|(_, _, message)| message).collect()
    }

    /// The only envelope for a frame.
    pub fn envelope(&self, frame: u64) -> &Value {
        let all = self.to(frame);
        assert_eq!(all.len(), 1, "{all:?}");
        all[0]
    }

    /// The events for a frame, each in a few words, one line for each envelope.
    pub fn brief(&self, frame: u64) -> Vec<String> {
        let line = |envelope: &&Value| {
            let events = envelope["events"].as_array().unwrap();
            events.iter().map(brief).collect::<Vec<_>>().join(", ")
        };
        self.to(frame).iter().map(line).collect()
    }

    /// The verbs of the commands.
    pub fn verbs(&self) -> Vec<&'static str> {
        self.commands.iter().map(|command| command.verb.name().as_str()).collect()
    }
}

/// An event in a few words.
pub fn brief(event: &Value) -> String {
    let kind = event["Type"].as_str().or(event["messageType"].as_str()).unwrap();
    match kind {
        "ClientEventSubscriptionAcknowledge" => {
            format!("ack {} {} {}", event["status"], event["reason"], event["contactId"]).replace('"', "")
        }
        "AgentState" if event["IsAcw"] == "True" => format!("acw {}", event["AcwTimeout"].as_str().unwrap()),
        "AgentState" => format!(
            "{} {}",
            event["CurrentState"].as_str().unwrap(),
            event["CurrentOutReason"].as_str().unwrap()
        )
        .trim()
        .to_owned(),
        "CallContactEvent" => {
            let last = if event["FinalState"] == "True" { " final" } else { "" };
            format!(
                "call {} {}{last}",
                event["ContactID"].as_str().unwrap(),
                event["Status"].as_str().unwrap()
            )
        }
        "AgentLeg" => format!("leg {}", event["Status"].as_str().unwrap()),
        "Mute" => format!("mute {}", event["AgentMuted"].as_str().unwrap()),
        other => other.to_owned(),
    }
}
