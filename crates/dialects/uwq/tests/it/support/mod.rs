//! A telephony end with a hub that accepts everything, and listeners for its events.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use cordboard_uwq::{TelephonyConfig, TelephonySession};
use http::{Request, Response, header::HeaderMap};
use model::{
    Accepted, AccountName, AgentId, AgentState, AgentView, CallId, Cause, Code, Command, Conversation,
    ConversationEvent, ConversationId, ConversationState, Data, DetailEvent, DeviceId, Direction, Event,
    Interaction, InteractionEvent, InteractionId, InteractionState, InteractionView, Leg, LinkEvent,
    LinkageId, Number, Origin, Party, PartyKind, Principal, Record, Rejection, RequestId, Role, Secret, Seq,
    Snapshot, SwitchAnswer, SwitchId, SwitchRequest, Timestamp, Verb,
};
use session::{
    Exchange, Failure, FromHub, Http, Output, ToHttp, ToHub,
    suite::{self, Step, TestBench},
};
use uuid::Uuid;

pub(crate) const LINE: &str = "telesetNumber=70001&agentID=7001";
pub(crate) const REGISTER: &str =
    "FunctionName=Register&telesetNumber=70001&agentID=7001&ipAddress=127.0.0.1&port=8888";
pub(crate) const LOGIN: &str =
    "FunctionName=Login&telesetNumber=70001&agentID=7001&agentPassword=1234&agentQueue=7700";

/// How listeners behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listeners {
    /// They answer 200.
    Up,
    /// They cannot be reached.
    Down,
    /// They accept the event and do not answer.
    Mute,
    /// They refuse.
    Refuse,
    /// They have not answered yet.
    Slow,
}

/// How the switch answers requests for calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SwitchAnswers {
    /// It makes them.
    Accept,
    /// It refuses them.
    Refuse,
    /// It has not answered yet.
    Nothing,
}

/// A telephony end and its surroundings.
pub(crate) struct Softphone {
    pub(crate) bench: TestBench<TelephonySession>,
    pub(crate) commands: Vec<Command>,
    /// The agents whose desk connected or disconnected.
    pub(crate) desks: Vec<(AgentId, bool)>,
    /// Addresses and bodies of the events that were posted.
    pub(crate) posts: Vec<(String, String)>,
    pub(crate) post_headers: HeaderMap,
    pub(crate) slow: Vec<Exchange>,
    pub(crate) listeners: Listeners,
    pub(crate) rejects: Option<Code>,
    pub(crate) switch_answers: SwitchAnswers,
    pub(crate) from: SocketAddr,
    pub(crate) last: Option<Response<Bytes>>,
}

impl Softphone {
    pub(crate) fn new(config: TelephonyConfig) -> Self {
        let session = TelephonySession::new(config, Uuid::from_u128(0xabc)).unwrap();
        let mut phone = Self {
            bench: TestBench::start(session),
            commands: Vec::new(),
            desks: Vec::new(),
            posts: Vec::new(),
            post_headers: HeaderMap::new(),
            slow: Vec::new(),
            listeners: Listeners::Up,
            rejects: None,
            switch_answers: SwitchAnswers::Accept,
            from: "127.0.0.1:50000".parse().unwrap(),
            last: None,
        };
        phone.hub(snapshot(Vec::new(), Vec::new(), false));
        phone
    }

    /// A telephony end with an agent who is logged in.
    pub(crate) fn logged_in(config: TelephonyConfig) -> Self {
        let mut phone = Self::new(config);
        assert_eq!(phone.get(REGISTER), "");
        assert_eq!(phone.get(LOGIN), "");
        phone.commands.clear();
        phone
    }

    /// The agents whose desk connected or disconnected since the last call.
    pub(crate) fn desks_reported(&mut self) -> Vec<String> {
        let sent = std::mem::take(&mut self.desks).into_iter();
        sent.map(|(agent, there)| format!("{agent} has {}", if there { "a desk" } else { "none" })).collect()
    }

    /// Sends a callout and returns the body of the answer.
    pub(crate) fn get(&mut self, query: &str) -> String {
        let request =
            Request::get(format!("/?{query}")).header("host", "localhost:3107").body(Bytes::new()).unwrap();
        let response = self.send(request);
        assert_eq!(response.status(), 200, "{query}");
        String::from_utf8(response.into_body().to_vec()).unwrap()
    }

    /// Sends a callout and returns the token of the refusal.
    pub(crate) fn token(&mut self, query: &str) -> String {
        let body = self.get(query);
        let text = body.split("value=\"").nth(1).unwrap_or_else(|| panic!("{query} was accepted: {body:?}"));
        text.split(':').next().unwrap().to_owned()
    }

    /// Sends a callout whose answer may come later.
    pub(crate) fn callout(&mut self, query: &str) {
        let request =
            Request::get(format!("/?{query}")).header("host", "localhost:3107").body(Bytes::new()).unwrap();
        self.last = None;
        self.bench.request(self.from, request);
        self.pump();
    }

    pub(crate) fn send(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        self.last = None;
        self.bench.request(self.from, request);
        self.pump();
        self.last.take().unwrap()
    }

    pub(crate) fn hub(&mut self, message: FromHub) {
        self.bench.step(&Step::Hub(message));
        self.pump();
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.hub(FromHub::Event(Arc::new(Record { seq: Seq(1), at: Timestamp(1), origin: None, event })));
    }

    pub(crate) fn pass(&mut self, span: Duration) {
        self.bench.pass(span);
        self.pump();
    }

    /// Names and calls of the events that were posted; clears them.
    pub(crate) fn events_sent(&mut self) -> Vec<String> {
        std::mem::take(&mut self.posts).iter().map(|(_, body)| short(body)).collect()
    }

    pub(crate) fn verbs(&mut self) -> Vec<String> {
        let commands = std::mem::take(&mut self.commands);
        commands.iter().map(|command| format!("{} {}", command.agent, command.verb.name().as_str())).collect()
    }

    pub(crate) fn pump(&mut self) {
        loop {
            let outputs = self.bench.take();
            if outputs.is_empty() {
                return;
            }
            outputs.into_iter().for_each(|output| self.output(output));
        }
    }

    fn output(&mut self, output: Output<Http>) {
        match output {
            Output::Peer(ToHttp::Response { response, .. }) => self.last = Some(response),
            Output::Peer(ToHttp::Request { exchange, request, .. }) => self.post(exchange, request),
            Output::Hub(ToHub::Command(command)) => {
                let accepted = Ok(Accepted { seq: Seq(1), interaction: None });
                let result =
                    self.rejects.map_or(accepted, |code| Err(Rejection::new(code, "the hub says no")));
                let dialed =
                    (matches!(command.verb, Verb::Dial { .. }) && result.is_ok()).then(|| (*command).clone());
                self.commands.push(*command);
                self.bench.step(&Step::Answer(0, result));
                if let Some(command) = dialed {
                    self.switch_requested(&command);
                }
            }
            Output::Hub(ToHub::Authenticate { login, secret, .. }) => {
                self.bench.step(&Step::Authenticated(0, authenticate(&login, &secret)));
            }
            Output::Hub(ToHub::Desk { agent, attended }) => self.desks.push((agent, attended)),
            Output::Hub(
                ToHub::Subscribe | ToHub::Notice { .. } | ToHub::Switch(_) | ToHub::SwitchAnswer { .. },
            ) => {}
        }
    }

    /// The switch gets the request of a call and answers.
    fn switch_requested(&mut self, command: &Command) {
        let switch = SwitchId::new("pbx").unwrap();
        let request = RequestId(self.commands.len() as u64);
        let Verb::Dial { to, data } = command.verb.clone() else { return };
        let requested = SwitchRequest::MakeCall { device: device(1), to, data };
        let agent = Some(command.agent.clone());
        let requested = LinkEvent::Requested {
            request,
            switch: switch.clone(),
            agent: agent.clone(),
            interaction: None,
            requested: Box::new(requested),
        };
        let origin = Some(Origin {
            command: command.id.clone(),
            by: command.by.account.clone(),
            verb: command.verb.name(),
            digest: None,
        });
        self.bench.step(&Step::Hub(FromHub::Event(Arc::new(Record {
            seq: Seq(1),
            at: Timestamp(1),
            origin,
            event: Event::Link(requested),
        }))));
        let answer = match self.switch_answers {
            SwitchAnswers::Accept => SwitchAnswer::Done { call: None },
            SwitchAnswers::Refuse => {
                SwitchAnswer::Refused { cause: Cause::Failed, text: "no line is free".into() }
            }
            SwitchAnswers::Nothing => return,
        };
        self.event(Event::Link(LinkEvent::Answered { request, switch, agent, interaction: None, answer }));
    }

    fn post(&mut self, exchange: Exchange, request: Request<Bytes>) {
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        self.posts.push((request.uri().to_string(), body));
        self.post_headers = request.headers().clone();
        match self.listeners {
            Listeners::Up => self.bench.respond(exchange, Response::new(Bytes::new())),
            Listeners::Down => self.bench.fail(exchange, Failure::NotSent("refused".into())),
            Listeners::Mute => self.bench.fail(exchange, Failure::NoAnswer("timed out".into())),
            Listeners::Refuse => {
                self.bench.respond(exchange, Response::builder().status(400).body(Bytes::new()).unwrap());
            }
            Listeners::Slow => self.slow.push(exchange),
        }
    }
}

fn authenticate(login: &session::Login, secret: &Secret) -> Result<Principal, Rejection> {
    let session::Login::Agent(agent) = login else { panic!("an agent logs in, not {login:?}") };
    match secret.reveal() {
        "1234" => Ok(principal(agent)),
        _ => Err(Rejection::new(Code::Unauthenticated, "wrong password")),
    }
}

pub(crate) fn principal(agent: &AgentId) -> Principal {
    let account = AccountName::new(agent.as_str()).unwrap();
    Principal { account, role: Role::Agent, agent: Some(agent.clone()) }
}

/// `ScreenPop 1`, `CallEstablished 1`, …
fn short(body: &str) -> String {
    let name = body.split("event name=\"").nth(1).unwrap().split('"').next().unwrap();
    let source = body.split("occtSourceID\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let call = u128::from_str_radix(&source.replace('-', ""), 16).unwrap();
    let again = if body.contains("reannounce") { " again" } else { "" };
    format!("{name} {call}{again}")
}

pub(crate) fn agent(index: u16) -> AgentId {
    AgentId::new(format!("100{index}")).unwrap()
}

pub(crate) fn device(index: u16) -> DeviceId {
    DeviceId::new(format!("7000{index}")).unwrap()
}

pub(crate) fn outside(number: &str) -> PartyKind {
    PartyKind::Outside(Number::new(number).unwrap())
}

pub(crate) fn snapshot(agents: Vec<AgentView>, interactions: Vec<Interaction>, resync: bool) -> FromHub {
    let interactions = interactions
        .into_iter()
        .map(|interaction| InteractionView { interaction, can: Vec::new() })
        .collect();
    let (queues, switches) = (Vec::new(), Vec::new());
    let snapshot = Snapshot { seq: Seq(1), at: Timestamp(1), agents, interactions, queues, switches };
    FromHub::Snapshot { snapshot: Arc::new(snapshot), floor: Arc::new(suite::floor()), resync }
}

pub(crate) fn view(index: u16, state: AgentState) -> AgentView {
    AgentView {
        id: agent(index),
        name: "Agent".into(),
        state,
        since: Timestamp(1),
        next: None,
        device: Some(device(index)),
        queues: Vec::new(),
        can: Vec::new(),
    }
}

pub(crate) fn conversation(id: u128, state: ConversationState, remote: PartyKind) -> Conversation {
    Conversation {
        id: ConversationId(Uuid::from_u128(id)),
        call: CallId::new(format!("call-{id}")).unwrap(),
        state,
        delivered: false,
        parties: vec![Party::new(remote)],
        talking_at: None,
    }
}

/// An interaction of an agent with one call, both with the same number.
pub(crate) fn interaction(index: u16, id: u128, state: ConversationState, remote: PartyKind) -> Interaction {
    let direction =
        if state == ConversationState::Dialing { Direction::Outbound } else { Direction::Inbound };
    Interaction {
        id: InteractionId(Uuid::from_u128(id)),
        number: 1,
        linkage: LinkageId(Uuid::from_u128(id)),
        agent: agent(index),
        device: device(index),
        switch: None,
        direction,
        queue: None,
        customer: Party::new(remote.clone()),
        dialled: Some(Number::new("7700").unwrap()),
        state: InteractionState::Alerting,
        opened_at: Timestamp(1),
        forced_by: None,
        started_at: None,
        ended_at: None,
        cause: None,
        primary: Some(conversation(id, state, remote)),
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

/// The directory has found the customer's id, or found nobody.
pub(crate) fn resolved(id: u128, customer: Option<&str>) -> Event {
    let contact = customer.map(|customer| {
        let data = [("CustomerID", customer)].into_iter().collect();
        Box::new(model::Contact { id: "c-9".into(), name: "Erin".into(), numbers: Vec::new(), data })
    });
    let interaction = InteractionId(Uuid::from_u128(id));
    Event::Detail(DetailEvent::ContactResolved {
        agent: agent(1),
        interaction,
        contact,
        candidates: Vec::new(),
    })
}

pub(crate) fn opened(interaction: Interaction) -> Event {
    Event::Interaction(InteractionEvent::Opened { interaction: Box::new(interaction) })
}

pub(crate) fn rings(index: u16, id: u128) -> Event {
    opened(interaction(index, id, ConversationState::Alerting, outside("+16505067000")))
}

pub(crate) fn dials(index: u16, id: u128) -> Event {
    opened(interaction(index, id, ConversationState::Dialing, outside("+16505067000")))
}

pub(crate) fn becomes(index: u16, id: u128, to: ConversationState, delivered: bool) -> Event {
    Event::Conversation(ConversationEvent::StateChanged {
        agent: agent(index),
        interaction: InteractionId(Uuid::from_u128(id)),
        leg: Leg::Primary,
        conversation: ConversationId(Uuid::from_u128(id)),
        from: ConversationState::Alerting,
        to,
        delivered,
    })
}

pub(crate) fn closes(index: u16, id: u128) -> Event {
    Event::Conversation(ConversationEvent::Closed {
        agent: agent(index),
        interaction: InteractionId(Uuid::from_u128(id)),
        leg: Leg::Primary,
        conversation: ConversationId(Uuid::from_u128(id)),
        cause: Cause::Normal,
        to: None,
    })
}

pub(crate) fn data(pairs: &[(&str, &str)]) -> Data {
    let mut data = Data::new();
    pairs.iter().for_each(|(name, value)| data.set(name, value).unwrap());
    data
}

pub(crate) fn is_not_ready(command: &Command, word: &str) -> bool {
    matches!(&command.verb, Verb::NotReady { reason: Some(reason) } if reason.as_str() == word)
}
