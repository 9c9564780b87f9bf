//! A desk end, a telephony end, and a hub that accepts everything.

#![allow(unreachable_pub, reason = "all test files use it")]

use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use cordboard_talisma::{DeskConfig, DeskSession, Error, TelephonyConfig, TelephonySession};
use http::{Request, Response};
use model::{
    Accepted, AgentId, AgentState, AgentView, Code, Conversation, ConversationEvent, ConversationId,
    ConversationState, DetailEvent, Direction, Event, Interaction, InteractionEvent, InteractionId,
    InteractionState, InteractionView, Leg, LinkageId, Number, Party, PartyKind, Pop, Principal, Record,
    Rejection, Role, Secret, Seq, Snapshot, Timestamp, Verb,
};
use session::{
    Exchange, Failure, FromHttp, FromHub, Http, Input, Login, Output, Session, ToHttp, ToHub, suite,
};
use uuid::Uuid;
use wire::soap::{Message, Version};

/// The desk end's host, as the telephony end has it in its configuration.
const HOST: &str = "crm.example";
const URL: &str = "http://crm.example/TalismaWebNotificationServer/PostNotification.svc";

/// The answers to the telephony end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    Ok,
    Refused(i32),
    Fault,
}

/// Both ends and their surroundings.
#[derive(Debug)]
pub struct Town {
    telephony: TelephonySession,
    pub desk: DeskSide,
    now: Timestamp,
    door_closed: bool,
    lose_next: bool,
    out_of_service: bool,
    not_there: bool,
    posts: usize,
    answers: Vec<Answered>,
    calls: u128,
    hub: u128,
    sessions: Vec<i32>,
    config: TelephonyConfig,
    /// The live interactions of the hub.
    live: Vec<Interaction>,
    /// The notices to agents.
    notices: Vec<String>,
}

/// A desk end with its hub.
#[derive(Debug)]
pub struct DeskSide {
    desk: DeskSession,
    now: Timestamp,
    exchange: u64,
    commands: Vec<(model::Command, Accepted)>,
    taken: usize,
}

impl DeskSide {
    pub fn new(config: DeskConfig) -> Self {
        let desk = DeskSession::new(config, Uuid::from_u128(7)).unwrap();
        let mut side =
            Self { desk, now: Timestamp(1_795_168_800_000), exchange: 0, commands: Vec::new(), taken: 0 };
        side.feed(Input::Start);
        side.feed(Input::Hub(snapshot()));
        side
    }

    /// Posts a request and returns the answer.
    pub fn send(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        self.exchange += 1;
        let (exchange, from) = (Exchange(self.exchange), "127.0.0.1:9".parse().unwrap());
        let mut responses = self.feed(Input::Peer(FromHttp::Request { exchange, from, request }));
        assert_eq!(responses.len(), 1, "each request has one answer");
        assert_eq!(self.desk.held(), 0);
        responses.remove(0)
    }

    /// The commands that were made durable.
    pub fn commands(&self) -> impl Iterator<Item = &model::Command> {
        self.commands.iter().map(|(command, _)| command)
    }

    /// The interaction that shows a command's record, as the hub answers.
    pub fn shown_at(&self, command: usize) -> InteractionId {
        InteractionId(Uuid::from_u128(1_000 + command as u128))
    }

    fn feed(&mut self, input: Input<Http>) -> Vec<Response<Bytes>> {
        let mut responses = Vec::new();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            self.desk.handle(self.now, input);
            while let Some(output) = self.desk.poll() {
                match output {
                    Output::Peer(ToHttp::Response { response, .. }) => responses.push(response),
                    Output::Peer(ToHttp::Request { .. }) => panic!("the desk end asks nothing"),
                    Output::Hub(responses) => inputs.extend(self.hub(responses)),
                }
            }
        }
        responses
    }

    fn hub(&mut self, responses: ToHub) -> Option<Input<Http>> {
        let input = match responses {
            ToHub::Authenticate { ticket, login, secret, .. } => {
                FromHub::Authenticated { ticket, result: authenticate(login, &secret) }
            }
            ToHub::Command(command) => {
                let id = command.id.clone();
                let known = self.commands.iter().find(|(before, _)| before.id == id);
                let accepted = known.map_or(
                    Accepted {
                        seq: Seq(4_711 + self.commands.len() as u64),
                        interaction: Some(self.shown_at(self.commands.len())),
                    },
                    |(_, accepted)| *accepted,
                );
                if known.is_none() {
                    self.commands.push((*command, accepted));
                }
                FromHub::Answer { command: id, result: Ok(accepted) }
            }
            ToHub::Subscribe
            | ToHub::Desk { .. }
            | ToHub::Notice { .. }
            | ToHub::Switch(_)
            | ToHub::SwitchAnswer { .. } => {
                return None;
            }
        };
        Some(Input::Hub(input))
    }
}

fn authenticate(login: Login, secret: &Secret) -> Result<Principal, Rejection> {
    let Login::Account(account) = login else { panic!("talisma users are accounts") };
    if (account.as_str(), secret.reveal()) == ("integration", "demo") {
        return Ok(Principal { account, role: Role::Integration, agent: None });
    }
    Err(Rejection::new(Code::Unauthenticated, "wrong password"))
}

/// The floor of the contract's tests, with agents 1001 and 1002 signed in.
pub fn snapshot() -> FromHub {
    snapshot_with(Vec::new())
}

fn snapshot_with(live: Vec<Interaction>) -> FromHub {
    let view = |id: &str| AgentView {
        id: id.parse().unwrap(),
        name: "Agent".into(),
        state: AgentState::Ready,
        since: Timestamp(1),
        next: None,
        device: None,
        queues: Vec::new(),
        can: Vec::new(),
    };
    let snapshot = Snapshot {
        seq: Seq(1),
        at: Timestamp(1),
        agents: vec![view("1001"), view("1002")],
        interactions: live
            .into_iter()
            .map(|interaction| InteractionView { interaction, can: vec![] })
            .collect(),
        queues: Vec::new(),
        switches: Vec::new(),
    };
    FromHub::Snapshot { snapshot: Arc::new(snapshot), floor: Arc::new(suite::floor()), resync: false }
}

impl Town {
    pub fn new(configure: impl FnOnce(&mut TelephonyConfig)) -> Self {
        Self::try_new(configure).unwrap()
    }

    pub fn try_new(configure: impl FnOnce(&mut TelephonyConfig)) -> Result<Self, Error> {
        let mut config = TelephonyConfig {
            url: URL.into(),
            user: Some("integration".into()),
            password: Some(Secret::new("demo")),
            ..TelephonyConfig::default()
        };
        configure(&mut config);
        let desk = DeskSide::new(DeskConfig::default());
        let now = desk.now;
        let telephony = TelephonySession::new(config.clone(), Uuid::from_u128(9))?;
        let mut town = Self {
            telephony,
            desk,
            now,
            door_closed: false,
            lose_next: false,
            out_of_service: false,
            not_there: false,
            posts: 0,
            answers: Vec::new(),
            calls: 0,
            hub: 1,
            sessions: Vec::new(),
            config,
            live: Vec::new(),
            notices: Vec::new(),
        };
        town.feed(Input::Start);
        town.feed(Input::Hub(snapshot()));
        Ok(town)
    }

    /// A call rings at agent 1001.
    pub fn ring(&mut self, from: &str, to: &str) -> InteractionId {
        self.ring_as(from, to, false)
    }

    /// A call rings at agent 1001 before the directory has found the caller.
    pub fn ring_unresolved(&mut self, from: &str, to: &str) -> InteractionId {
        self.ring_as(from, to, true)
    }

    /// Agent 1001 takes a consultation of a colleague, with the data of the colleague's call.
    pub fn consult(&mut self, colleague: &str, data: &[(&str, &str)]) -> InteractionId {
        self.calls += 1;
        let number = |text| Number::new(text).unwrap();
        let mut call = interaction(self.calls, number("1"), number("1001"));
        (call.direction, call.state) = (Direction::Internal, InteractionState::Started);
        call.customer = Party::new(PartyKind::Device(colleague.parse().unwrap()));
        (call.opened_at, call.started_at) = (self.now, Some(self.now));
        data.iter().for_each(|(name, value)| call.data.set(*name, *value).unwrap());
        call.primary = Some(Conversation {
            id: ConversationId(call.id.0),
            call: "c-2".parse().unwrap(),
            state: ConversationState::Talking,
            delivered: false,
            parties: vec![call.customer.clone()],
            talking_at: Some(self.now),
        });
        let id = call.id;
        self.event(Event::Interaction(InteractionEvent::Opened { interaction: Box::new(call) }));
        id
    }

    /// The colleague completes the transfer: agent 1001 talks to the customer.
    pub fn transfer(&mut self, interaction: InteractionId, customer: &str) {
        let customer = Party::new(PartyKind::Outside(Number::new(customer).unwrap()));
        self.event(Event::Conversation(ConversationEvent::PartiesChanged {
            agent: "1001".parse().unwrap(),
            interaction,
            leg: Leg::Primary,
            conversation: ConversationId(interaction.0),
            call: "c-1".parse().unwrap(),
            parties: vec![customer.clone()],
        }));
        self.event(Event::Detail(DetailEvent::CustomerChanged {
            agent: "1001".parse().unwrap(),
            interaction,
            customer,
            contact: None,
            candidates: Vec::new(),
            contact_pending: false,
        }));
    }

    fn ring_as(&mut self, from: &str, to: &str, contact_pending: bool) -> InteractionId {
        self.calls += 1;
        let (from, to) = (Number::new(from).unwrap(), Number::new(to).unwrap());
        let mut interaction = Interaction { contact_pending, ..interaction(self.calls, from, to) };
        interaction.opened_at = self.now;
        interaction.id = InteractionId(Uuid::from_u128((self.hub << 64) | self.calls));
        let id = interaction.id;
        self.event(Event::Interaction(InteractionEvent::Opened { interaction: Box::new(interaction) }));
        id
    }

    /// Restarts the hub, and with it the telephony end.
    pub fn restart(&mut self) {
        self.telephony = TelephonySession::new(self.config.clone(), Uuid::from_u128(10)).unwrap();
        self.feed(Input::Start);
        self.feed(Input::Hub(snapshot_with(self.live.clone())));
    }

    /// Continues with another hub and the same account: it counts its calls from 1, and its ids are different.
    pub fn another_hub(&mut self) {
        (self.calls, self.hub) = (0, self.hub + 1);
        self.live.clear();
        self.restart();
    }

    /// The numbers of the phone sessions that were posted.
    pub fn posted_sessions(&self) -> Vec<i32> {
        self.sessions.clone()
    }

    /// The agent answers.
    pub fn answer(&mut self, interaction: InteractionId) {
        let agent = "1001".parse().unwrap();
        let (from, to) = (InteractionState::Alerting, InteractionState::Started);
        self.event(Event::Interaction(InteractionEvent::StateChanged {
            agent,
            interaction,
            from,
            to,
            cause: None,
        }));
    }

    /// The call ends.
    pub fn end(&mut self, interaction: InteractionId) {
        let agent = "1001".parse().unwrap();
        let (from, to) = (InteractionState::Alerting, InteractionState::Ended);
        self.event(Event::Interaction(InteractionEvent::StateChanged {
            agent,
            interaction,
            from,
            to,
            cause: None,
        }));
    }

    pub fn event(&mut self, event: Event) {
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = &event {
            self.live.push((**interaction).clone());
        } else {
            let about = self.live.iter_mut().filter(|one| event.interaction() == Some(one.id));
            about.for_each(|one| one.apply(self.now, &event));
        }
        self.live.retain(|one| one.state.is_live());
        let record = Record { seq: Seq(1), at: self.now, origin: None, event };
        self.feed(Input::Hub(FromHub::Event(Arc::new(record))));
    }

    pub fn pass(&mut self, span: Duration) {
        let until = self.now + span;
        while let Some((at, _)) = self.telephony.deadline().filter(|(at, _)| *at <= until) {
            self.now = at;
            self.feed(Input::Tick);
        }
        self.now = until;
        self.feed(Input::Tick);
    }

    pub fn close_door(&mut self, closed: bool) {
        self.door_closed = closed;
    }

    /// The service is missing: another server answers 404.
    pub fn take_service_away(&mut self, away: bool) {
        self.not_there = away;
    }

    /// The notices to agents since the last call.
    pub fn notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    /// The data of a live interaction.
    pub fn kept(&self, id: InteractionId) -> Option<&str> {
        self.live.iter().find(|one| one.id == id)?.data.get(cordboard_talisma::SESSION_PAIR)
    }

    /// The service answers 503.
    pub fn refuse_service(&mut self, refuses: bool) {
        self.out_of_service = refuses;
    }

    pub fn held(&self) -> usize {
        self.telephony.held()
    }

    pub fn lose_next_answer(&mut self) {
        self.lose_next = true;
    }

    /// What desks received to show since the last call.
    pub fn pops(&mut self) -> Vec<(AgentId, Pop)> {
        let new = self.desk.commands.iter().skip(self.desk.taken);
        let pops = new.map(|(command, _)| {
            let Verb::Notify { pop } = &command.verb else { panic!("{:?} is no notification", command.verb) };
            (command.agent.clone(), (**pop).clone())
        });
        let pops = pops.collect();
        self.desk.taken = self.desk.commands.len();
        pops
    }

    pub fn commands(&self) -> usize {
        self.desk.commands.len()
    }

    pub fn posts(&self) -> usize {
        self.posts
    }

    pub fn answers(&self) -> Vec<Answered> {
        self.answers.clone()
    }

    fn feed(&mut self, input: Input<Http>) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            self.telephony.handle(self.now, input);
            while let Some(output) = self.telephony.poll() {
                match output {
                    Output::Peer(ToHttp::Request { exchange, request, .. }) => {
                        inputs.push_back(Input::Peer(self.carry(exchange, request)));
                    }
                    Output::Hub(ToHub::Command(command)) => inputs.push_back(self.keep(*command)),
                    Output::Hub(ToHub::Notice { notice, .. }) => self.notices.push(notice.text.to_string()),
                    Output::Hub(_) | Output::Peer(_) => {}
                }
            }
        }
    }

    /// The hub sets data.
    fn keep(&mut self, command: model::Command) -> Input<Http> {
        let Verb::SetData { set, unset } = command.verb else { panic!("{:?}", command.verb) };
        let interaction = command.interaction.unwrap();
        let event = Event::Detail(DetailEvent::DataChanged { agent: command.agent, interaction, set, unset });
        self.live.iter_mut().filter(|one| one.id == interaction).for_each(|one| one.apply(self.now, &event));
        let record = Record { seq: Seq(1), at: self.now, origin: None, event };
        Input::Hub(FromHub::Event(Arc::new(record)))
    }

    fn carry(&mut self, exchange: Exchange, request: Request<Bytes>) -> FromHttp {
        let is_post = request.method() == http::Method::POST;
        if self.door_closed {
            return FromHttp::Failed { exchange, failure: Failure::NotSent("refused".into()) };
        }
        if self.not_there {
            let response = Response::builder().status(404).body(Bytes::from_static(b"<html>not found"));
            return FromHttp::Response { exchange, response: response.unwrap() };
        }
        if self.out_of_service {
            let response = Response::builder().status(503).body(Bytes::new()).unwrap();
            return FromHttp::Response { exchange, response };
        }
        self.posts += usize::from(is_post);
        let session = if is_post { session_of(&request) } else { 0 };
        self.desk.now = self.now;
        let response = self.desk.send(mounted(request));
        if is_post && std::mem::take(&mut self.lose_next) {
            return FromHttp::Failed { exchange, failure: Failure::NoAnswer("reset".into()) };
        }
        if is_post {
            self.sessions.push(session);
            self.answers.push(answered(&response));
        }
        FromHttp::Response { exchange, response }
    }
}

/// The number of the phone session in a post.
fn session_of(request: &Request<Bytes>) -> i32 {
    let body = std::str::from_utf8(request.body()).unwrap();
    let (_, rest) = body.split_once("SessionId>").unwrap();
    rest.split_once('<').unwrap().0.parse().unwrap()
}

/// A request as the desk end gets it, without the path of the server in front.
fn mounted(mut request: Request<Bytes>) -> Request<Bytes> {
    assert_eq!(request.uri().host(), Some(HOST));
    let target = request.uri().path_and_query().unwrap().as_str();
    let target = target.strip_prefix("/TalismaWebNotificationServer").unwrap().parse().unwrap();
    *request.uri_mut() = target;
    request.headers_mut().insert("host", HOST.parse().unwrap());
    request
}

fn answered(response: &Response<Bytes>) -> Answered {
    let version = Version::of_content_type(response.headers()["content-type"].to_str().unwrap()).unwrap();
    let message = Message::read(response.body(), version, &wire::xml::Limits::MESSAGE).unwrap();
    if message.fault().is_some() {
        return Answered::Fault;
    }
    match cordboard_talisma::wire::Outcome::read(&message.body.unwrap()).unwrap().status {
        0 => Answered::Ok,
        status => Answered::Refused(status),
    }
}

fn interaction(number: u128, from: Number, to: Number) -> Interaction {
    Interaction {
        id: InteractionId(Uuid::from_u128(number)),
        number: number as u64,
        linkage: LinkageId(Uuid::from_u128(number)),
        agent: "1001".parse().unwrap(),
        device: "70001".parse().unwrap(),
        switch: Some("pbx".parse().unwrap()),
        direction: Direction::Inbound,
        queue: None,
        customer: Party::new(PartyKind::Outside(from)),
        dialled: Some(to),
        state: InteractionState::Alerting,
        opened_at: Timestamp(1),
        forced_by: None,
        started_at: None,
        ended_at: None,
        cause: None,
        primary: None,
        consult: None,
        muted: false,
        masked: false,
        recording: false,
        data: model::Data::new(),
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
