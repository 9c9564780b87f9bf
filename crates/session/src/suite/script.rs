//! Random messages of a hub and a peer, mostly plausible, in any order.
//!
//! All messages are about a small floor, so that later messages often refer to the same things as earlier ones.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use model::{
    Accepted, AccountName, AgentEvent, AgentId, AgentPlan, AgentState, AgentView, CallId, Cause, Code,
    Conversation, ConversationEvent, ConversationId, ConversationState, Data, DetailEvent, DeviceId,
    Direction, Event, Floor, FloorEvent, Interaction, InteractionEvent, InteractionId, InteractionState,
    InteractionSummary, InteractionView, Leg, LinkEvent, LinkageId, Number, PagePlace, Party, PartyKind,
    Principal, QueueId, QueuePlan, Record, Rejection, RequestId, Role, Sandbox, Seq, Snapshot, SwitchId,
    SwitchRequest, Timestamp, WebAddress, reason,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::Value;
use uuid::Uuid;

use super::Step;
use crate::{Failure, Frame, FrameContext, FromHub, FromPage};

/// The number of agents on the suite's floor: `1001`, `1002`, … with ACD IDs `7001`, …, Talisma user IDs `2`, … and
/// phones `70001`, ….
const AGENTS: u16 = 4;
/// The ID of the suite's switch.
const SWITCH: &str = "pbx";
/// The ID of the suite's queue.
const QUEUE: &str = "7700";
/// The ID of the suite's page that is always open.
const WORKSPACE: &str = "kb";
/// The ID of the suite's page that opens for each interaction.
const PANEL: &str = "crm";
/// The origin of both pages.
const ORIGIN: &str = "https://pages.example";

/// Steps with requests and responses of a peer and any messages of a hub.
pub fn steps(
    requests: impl Strategy<Value = http::Request<Bytes>> + 'static,
    responses: impl Strategy<Value = http::Response<Bytes>> + 'static,
    count_max: usize,
) -> impl Strategy<Value = Vec<Step>> {
    let responses = responses.boxed();
    let step = prop_oneof![
        2 => span().prop_map(Step::Pass),
        8 => (address(), requests).prop_map(|(from, request)| Step::Request(from, request)),
        4 => (any::<usize>(), responses.clone()).prop_map(|(index, response)| Step::Respond(index, response)),
        1 => (any::<usize>(), failure()).prop_map(|(index, failure)| Step::Fail(index, failure)),
        1 => (0..50_u64, responses).prop_map(|(number, response)| Step::Stray(number, response)),
        4 => (any::<usize>(), answer()).prop_map(|(index, answer)| Step::Answer(index, answer)),
        4 => (any::<usize>(), principal()).prop_map(|(index, who)| Step::Authenticated(index, who)),
        8 => hub().prop_map(Step::Hub),
    ];
    (any::<bool>(), vec(step, 0..count_max)).prop_map(|(is_subscribed, mut steps)| {
        if is_subscribed {
            steps.insert(0, Step::Hub(snapshot_of(Vec::new(), Vec::new(), false)));
        }
        steps
    })
}

/// Who opens the byte streams of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Streams {
    /// Its peers.
    In,
    /// The session.
    Out,
}

/// Steps with pieces of a peer's byte streams and any messages of a hub.
pub fn stream_steps(
    streams: Streams,
    pieces: impl Strategy<Value = Bytes> + 'static,
    count_max: usize,
) -> impl Strategy<Value = Vec<Step>> {
    let pieces = pieces.boxed();
    let connected = prop_oneof![4 => address().prop_map(Ok), 1 => Just(Err("refused".to_owned()))];
    let made = match streams {
        Streams::In => address().prop_map(Step::Connect).boxed(),
        Streams::Out => {
            (any::<usize>(), connected).prop_map(|(index, result)| Step::Connected(index, result)).boxed()
        }
    };
    let step = prop_oneof![
        2 => span().prop_map(Step::Pass),
        2 => made,
        12 => (any::<usize>(), pieces.clone()).prop_map(|(index, bytes)| Step::Receive(index, bytes)),
        1 => any::<usize>().prop_map(Step::Disconnect),
        1 => (any::<u64>(), pieces).prop_map(|(number, bytes)| Step::StrayBytes(number, bytes)),
        4 => (any::<usize>(), answer()).prop_map(|(index, answer)| Step::Answer(index, answer)),
        4 => (any::<usize>(), principal()).prop_map(|(index, who)| Step::Authenticated(index, who)),
        8 => hub().prop_map(Step::Hub),
    ];
    (any::<bool>(), vec(step, 0..count_max)).prop_map(|(is_subscribed, mut steps)| {
        if is_subscribed {
            steps.insert(0, Step::Hub(snapshot_of(Vec::new(), Vec::new(), false)));
        }
        steps
    })
}

/// Steps with messages of pages and their frames and any messages of a hub. `messages` are posted by frames.
pub fn page_steps(
    messages: impl Strategy<Value = Value> + 'static,
    message: impl Strategy<Value = Value> + 'static,
    count_max: usize,
) -> impl Strategy<Value = Vec<Step>> {
    let by = principal().prop_filter_map("only somebody has a page", Result::ok);
    let step = prop_oneof![
        2 => span().prop_map(Step::Pass),
        2 => by.prop_map(Step::OpenPage),
        16 => (any::<usize>(), from_page(messages, message)).prop_map(|(index, message)| Step::Page(index, message)),
        4 => (any::<usize>(), answer()).prop_map(|(index, answer)| Step::Answer(index, answer)),
        8 => hub().prop_map(Step::Hub),
    ];
    (any::<bool>(), vec(step, 0..count_max)).prop_map(|(is_subscribed, mut steps)| {
        if is_subscribed {
            steps.insert(0, Step::Hub(snapshot_of(Vec::new(), Vec::new(), false)));
        }
        steps
    })
}

/// Any message of a page, in any order.
fn from_page(
    messages: impl Strategy<Value = Value> + 'static,
    message: impl Strategy<Value = Value> + 'static,
) -> impl Strategy<Value = FromPage> {
    let messages = messages.boxed();
    let frame = || (0..4_u64).prop_map(Frame);
    let place = select(vec![WORKSPACE, PANEL, crate::AROUND, "unheard-of"]);
    let about = (place, option::of((1..4_u128).prop_map(interaction_id)))
        .prop_map(|(place, interaction)| FrameContext { place: place.into(), interaction });
    let kept = option::weighted(0.2, messages.clone());
    let origin = select(vec![ORIGIN, ORIGIN, "https://other.example", "null", ""]);
    prop_oneof![
        4 => (frame(), about, kept).prop_map(|(frame, about, kept)| FromPage::FrameOpened { frame, about, kept }),
        12 => (frame(), origin, messages)
            .prop_map(|(frame, origin, message)| FromPage::Posted { frame, origin: origin.to_owned(), message }),
        1 => frame().prop_map(|frame| FromPage::FrameLoaded { frame }),
        1 => frame().prop_map(|frame| FromPage::FrameClosed { frame }),
        1 => message.prop_map(|message| FromPage::Message { message }),
        1 => Just(FromPage::Closed { why: "the window was closed".into() }),
    ]
}

/// Any HTTP request that a server accepts: any method, path, headers and body.
pub fn request() -> impl Strategy<Value = http::Request<Bytes>> {
    let method = select(vec!["GET", "POST", "HEAD", "PUT", "OPTIONS", "PURGE"]);
    let target = "/[a-z/]{0,8}(\\?[a-zA-Z0-9=&%+;.-]{0,60})?";
    let header = (select(vec!["host", "origin", "content-type", "cookie"]), "[ -~]{0,20}");
    (method, target, vec(header, 0..4), vec(any::<u8>(), 0..200)).prop_map(
        |(method, target, headers, body)| {
            let mut request = http::Request::builder().method(method).uri(target);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            request.body(Bytes::from(body)).expect("every part is made of allowed characters")
        },
    )
}

/// Any HTTP response.
pub fn response() -> impl Strategy<Value = http::Response<Bytes>> {
    (100..600_u16, vec(any::<u8>(), 0..200)).prop_map(|(status, body)| {
        let response = http::Response::builder().status(status);
        response.body(Bytes::from(body)).expect("every status from 100 to 599 is one")
    })
}

/// Any message that a hub sends unasked, in any order.
pub fn hub() -> impl Strategy<Value = FromHub> {
    prop_oneof![
        2 => snapshot(),
        12 => (event(), 0..1_000_u64).prop_map(|(event, seq)| recorded(event, seq)),
        2 => (0..20_u64, switch_request()).prop_map(|(request, requested)| FromHub::Requested { request: RequestId(request), requested }),
        1 => ("[a-z0-9-]{1,20}", answer()).prop_map(|(id, result)| {
            let command = id.parse().expect("a short text is an id");
            FromHub::Answer { command, result }
        }),
        1 => (900..999_u64, principal())
            .prop_map(|(ticket, result)| FromHub::Authenticated { ticket: crate::Ticket(ticket), result }),
        1 => Just(FromHub::Closing),
    ]
}

/// A hub with the suite's floor, where nobody is signed in.
pub fn hub_snapshot() -> FromHub {
    snapshot_of(Vec::new(), Vec::new(), false)
}

/// The suite's floor.
pub fn floor() -> Floor {
    let queue = QueuePlan { id: queue(), name: "Sales".into(), priority: 0, ring_ms: 20_000, wrap_up_ms: 0 };
    let pages = vec![page(WORKSPACE, PagePlace::Workspace), page(PANEL, PagePlace::ContactPanel)];
    let crm_origins = vec![WebAddress::new(ORIGIN).expect("an address")];
    let agents = (1..=AGENTS).map(agent_plan).collect();
    Floor { agents, queues: vec![queue], pages, crm_origins, ..Floor::default() }
}

fn page(id: &str, place: PagePlace) -> model::Page {
    model::Page {
        id: id.parse().expect("a short text is an id"),
        title: id.into(),
        url: WebAddress::new(format!("{ORIGIN}/{id}")).expect("an address"),
        place,
        queues: Vec::new(),
        sandbox: Sandbox::usual(),
        allow: Vec::new(),
    }
}

fn agent_plan(index: u16) -> AgentPlan {
    AgentPlan {
        id: agent_id(index),
        name: format!("Agent {index}").into(),
        device: device_id(index),
        switch: switch(),
        queues: vec![queue()],
        acd_id: Some(format!("700{index}").into()),
        peer_ids: [("talisma".into(), (index + 1).to_string().into())].into(),
    }
}

fn span() -> impl Strategy<Value = Duration> {
    select(vec![0, 1, 500, 2_000, 30_000, 400_000]).prop_map(Duration::from_millis)
}

fn address() -> impl Strategy<Value = SocketAddr> {
    let host = select(vec!["127.0.0.1", "10.0.0.1", "::1"]);
    (host, 1_024..9_999_u16)
        .prop_map(|(host, port)| (host.parse::<std::net::IpAddr>().expect("an address"), port).into())
}

fn failure() -> impl Strategy<Value = Failure> {
    any::<bool>().prop_map(|sent| {
        if sent { Failure::NoAnswer("reset".into()) } else { Failure::NotSent("refused".into()) }
    })
}

fn answer() -> impl Strategy<Value = Result<Accepted, Rejection>> {
    prop_oneof![
        (0..1_000_u64).prop_map(|seq| Ok(Accepted { seq: Seq(seq), interaction: None })),
        select(Code::ALL.to_vec()).prop_map(|code| Err(Rejection::new(code, "refused by the suite"))),
    ]
}

fn principal() -> impl Strategy<Value = Result<Principal, Rejection>> {
    let good = (1..=AGENTS).prop_map(|index| {
        let account = AccountName::new(format!("100{index}")).expect("a short text is a name");
        Ok(Principal { account, role: Role::Agent, agent: Some(agent_id(index)) })
    });
    prop_oneof![4 => good, 1 => Just(Err(Rejection::new(Code::Unauthenticated, "wrong password")))]
}

fn switch_request() -> impl Strategy<Value = SwitchRequest> {
    prop_oneof![
        (device(), party()).prop_map(|(device, to)| {
            let to = to.at.number().and_then(|text| Number::new(text).ok()).unwrap_or_else(dialled);
            SwitchRequest::MakeCall { device, to, data: Data::new() }
        }),
        device().prop_map(|device| SwitchRequest::AnswerCall { call: call(1), device }),
        Just(SwitchRequest::Snapshot),
    ]
}

fn snapshot() -> impl Strategy<Value = FromHub> {
    (vec(agent_view(), 0..4), vec(interaction(), 0..4), any::<bool>())
        .prop_map(|(agents, interactions, resync)| snapshot_of(agents, interactions, resync))
}

fn snapshot_of(agents: Vec<AgentView>, interactions: Vec<Interaction>, resync: bool) -> FromHub {
    let interactions = interactions
        .into_iter()
        .map(|interaction| InteractionView { interaction, can: Vec::new() })
        .collect();
    let (queues, switches) = (Vec::new(), Vec::new());
    let snapshot = Snapshot { seq: Seq(1), at: Timestamp(1), agents, interactions, queues, switches };
    FromHub::Snapshot { snapshot: Arc::new(snapshot), floor: Arc::new(floor()), resync }
}

fn recorded(event: Event, seq: u64) -> FromHub {
    FromHub::Event(Arc::new(Record { seq: Seq(seq), at: Timestamp(1), origin: None, event }))
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => agent_event(),
        4 => interaction().prop_map(|interaction| Event::Interaction(InteractionEvent::Opened { interaction: Box::new(interaction) })),
        6 => conversation_event(),
        2 => interaction_event(),
        1 => any::<bool>().prop_map(|up| Event::Link(LinkEvent::Changed { switch: switch(), up, features: Vec::new(), lost: false })),
        1 => (0..AGENTS).prop_map(|left_out| {
            let mut floor = floor();
            floor.agents.remove(usize::from(left_out));
            Event::Floor(FloorEvent::Changed { floor: Arc::new(floor) })
        }),
    ]
}

fn agent_event() -> impl Strategy<Value = Event> {
    let from_since = Timestamp(1);
    prop_oneof![
        (agent(), device()).prop_map(|(agent, device)| {
            Event::Agent(AgentEvent::SignedIn { agent, device, switch: switch(), queues: vec![queue()] })
        }),
        (agent(), agent_state(), agent_state()).prop_map(move |(agent, from, to)| {
            Event::Agent(AgentEvent::StateChanged { agent, from, from_since, to, next: None })
        }),
        (agent(), agent_state()).prop_map(move |(agent, from)| Event::Agent(AgentEvent::SignedOut {
            agent,
            from,
            from_since,
            reason: None
        })),
    ]
}

fn conversation_event() -> impl Strategy<Value = Event> {
    let which = (agent(), 0..4_u128, leg());
    prop_oneof![
        (which.clone(), conversation()).prop_map(|((agent, interaction, leg), conversation)| {
            let (interaction, conversation) = (interaction_id(interaction), Box::new(conversation));
            Event::Conversation(ConversationEvent::Opened { agent, interaction, leg, conversation })
        }),
        (which.clone(), 0..6_u128, conversation_state(), conversation_state(), any::<bool>()).prop_map(
            |((agent, interaction, leg), conversation, from, to, delivered)| {
                let (interaction, conversation) =
                    (interaction_id(interaction), conversation_id(conversation));
                Event::Conversation(ConversationEvent::StateChanged {
                    agent,
                    interaction,
                    leg,
                    conversation,
                    from,
                    to,
                    delivered,
                })
            }
        ),
        (which, 0..6_u128).prop_map(|((agent, interaction, leg), conversation)| {
            let (interaction, conversation) = (interaction_id(interaction), conversation_id(conversation));
            Event::Conversation(ConversationEvent::Closed {
                agent,
                interaction,
                leg,
                conversation,
                cause: Cause::Normal,
                to: None,
            })
        }),
    ]
}

fn interaction_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (agent(), 0..4_u128, data()).prop_map(|(agent, interaction, set)| Event::Detail(
            DetailEvent::DataChanged {
                agent,
                interaction: interaction_id(interaction),
                set,
                unset: vec!["language".into()],
            }
        )),
        interaction().prop_map(|interaction| Event::Interaction(InteractionEvent::Completed {
            agent: interaction.agent.clone(),
            summary: Box::new(InteractionSummary {
                interaction,
                completed_at: Timestamp(1),
                disposition: None,
                notes: None,
            }),
        })),
    ]
}

fn interaction() -> impl Strategy<Value = Interaction> {
    let direction = select(vec![Direction::Inbound, Direction::Outbound, Direction::Internal]);
    let legs = (conversation(), option::of(conversation()));
    (0..4_u128, agent(), direction, party(), legs, data()).prop_map(
        |(id, agent, direction, customer, (primary, consult), data)| Interaction {
            id: interaction_id(id),
            number: u64::try_from(id).unwrap_or_default() + 1,
            linkage: LinkageId(Uuid::from_u128(id)),
            agent,
            device: device_id(1),
            switch: Some(switch()),
            direction,
            queue: Some(queue()),
            customer,
            dialled: Some(dialled()),
            state: InteractionState::Alerting,
            opened_at: Timestamp(1),
            forced_by: None,
            started_at: None,
            ended_at: None,
            cause: None,
            primary: Some(primary),
            consult,
            muted: false,
            masked: false,
            recording: false,
            data,
            contact: None,
            candidates: Vec::new(),
            customer_changes: 0,
            transferred_to: None,
            conference: Vec::new(),
            held_ms: 0,
            held_at: None,
            contact_pending: false,
            card: None,
            pops: Vec::new(),
            logs: Vec::new(),
            calls: Vec::new(),
            recordings: Vec::new(),
            notes: None,
            disposition: None,
        },
    )
}

fn conversation() -> impl Strategy<Value = Conversation> {
    (0..6_u128, conversation_state(), any::<bool>(), vec(party(), 0..3)).prop_map(
        |(id, state, delivered, parties)| Conversation {
            id: conversation_id(id),
            call: call(id),
            state,
            delivered,
            parties,
            talking_at: None,
        },
    )
}

fn agent_view() -> impl Strategy<Value = AgentView> {
    (agent(), agent_state(), option::of(device())).prop_map(|(id, state, device)| AgentView {
        name: "Agent".into(),
        id,
        state,
        since: Timestamp(1),
        next: None,
        device,
        queues: Vec::new(),
        can: Vec::new(),
    })
}

fn agent_state() -> impl Strategy<Value = AgentState> {
    select(vec![
        AgentState::SignedOut,
        AgentState::NotReady { reason: reason::code(reason::UNSPECIFIED) },
        AgentState::Ready,
        AgentState::Busy,
        AgentState::WrapUp,
    ])
}

fn conversation_state() -> impl Strategy<Value = ConversationState> {
    select(vec![
        ConversationState::Alerting,
        ConversationState::Dialing,
        ConversationState::Talking,
        ConversationState::Held,
        ConversationState::Ended,
    ])
}

fn leg() -> impl Strategy<Value = Leg> + Clone {
    select(vec![Leg::Primary, Leg::Consult])
}

fn party() -> impl Strategy<Value = Party> {
    let outside = "[+]?[0-9]{1,15}".prop_map(|text| match Number::new(text) {
        Ok(number) => PartyKind::Outside(number),
        Err(_) => PartyKind::Withheld,
    });
    prop_oneof![outside, device().prop_map(PartyKind::Device), Just(PartyKind::Withheld)].prop_map(Party::new)
}

fn data() -> impl Strategy<Value = Data> {
    vec(("[a-zA-Z_]{1,12}", "\\PC{0,30}"), 0..4).prop_map(|pairs| {
        let mut data = Data::new();
        for (name, value) in pairs {
            data.set(name, value).expect("few short pairs have room");
        }
        data
    })
}

fn agent() -> impl Strategy<Value = AgentId> + Clone {
    (1..=AGENTS).prop_map(agent_id)
}

fn device() -> impl Strategy<Value = DeviceId> + Clone {
    (1..=AGENTS).prop_map(device_id)
}

fn agent_id(index: u16) -> AgentId {
    AgentId::new(format!("100{index}")).expect("a short text is an id")
}

fn device_id(index: u16) -> DeviceId {
    DeviceId::new(format!("7000{index}")).expect("a short text is an id")
}

fn switch() -> SwitchId {
    SwitchId::new(SWITCH).expect("a short text is an id")
}

fn queue() -> QueueId {
    QueueId::new(QUEUE).expect("a short text is an id")
}

fn call(index: u128) -> CallId {
    CallId::new(format!("call-{index}")).expect("a short text is an id")
}

fn dialled() -> Number {
    Number::new(QUEUE).expect("digits are a number")
}

fn interaction_id(index: u128) -> InteractionId {
    InteractionId(Uuid::from_u128(index))
}

fn conversation_id(index: u128) -> ConversationId {
    ConversationId(Uuid::from_u128(0x100 + index))
}
