//! The simulated network: HTTP requests to and from sessions, and the byte streams between hubs.
//!
//! The network delays messages, loses them, cuts streams, and repeats a request where the dialect allows it. What it gives to a session
//! follows the contract of sessions.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri, header::HOST};
use model::Timestamp;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use session::{ConnectionReuse, Exchange, Failure, FromHttp, FromStream, Link, Timeouts, ToStream};

use super::{
    Broken,
    actions::Action,
    client::ListenerBehavior,
    ends::{DESKS, Dialect, End, TALISMA_MOUNT},
    hub::Side,
    pages::PageStep,
    world::World,
};
use crate::{depth::control, ebs, node::LineId};

/// The longest time that a message takes when the network does not stall. Milliseconds.
pub(super) const WAY_MS: u64 = 30;

/// How long the hubs cannot reach each other at the end: two polls of a softphone and their answers. Milliseconds.
pub(super) const APART_MS: u64 = 60_000;

/// The largest number of pieces in which bytes arrive that were sent together.
const PIECES_MAX: usize = 6;

/// The purpose of an HTTP request to a session.
#[derive(Debug, Clone)]
pub(super) enum Sent {
    /// A request to the control interface of the switch; its answer is ignored.
    Control,
    /// A callout of an EBS client: the client's index and the function.
    Callout(usize, &'static str),
    /// A request to the control interface whose answer the simulation reads.
    Question,
    /// A request from a session of the other hub; the requester, if that session is to receive the answer.
    Wire(Option<Requester>),
}

/// A request of a session, in one life of its hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Requester {
    side: Side,
    life: u64,
    line: LineId,
    exchange: Exchange,
}

/// A request of a session that has not arrived yet.
#[derive(Debug)]
pub(super) struct InFlight {
    requester: Requester,
    request: Request<Bytes>,
    timeouts: Timeouts,
}

/// The state and the faults of the network.
pub(super) struct SimulatedNetwork {
    /// Requests of sessions that have no answer yet.
    open: BTreeSet<Requester>,
    streams: BTreeMap<u64, Stream>,
    /// Nothing arrives before this time.
    pub(super) stalled_until: Timestamp,
    /// The hubs cannot reach each other before this time.
    away_until: Timestamp,
    /// The probability that a request is lost, that its answer is lost, and that it arrives twice.
    lost: f64,
    answer_lost: f64,
    repeated: f64,
    /// The probability that a stream is cut after bytes were sent on it.
    cut: f64,
    /// Whether bytes arrive in pieces of random size.
    in_pieces: bool,
}

/// A byte stream between two hubs. The telephony end connected it.
struct Stream {
    /// Its two ends, indexed by [`End`].
    ends: [StreamEnd; 2],
    is_cut: bool,
}

struct StreamEnd {
    side: Side,
    life: u64,
    line: LineId,
    link: Link,
    /// Whether the session has not received the disconnection yet.
    open: bool,
    /// Whether the session has closed it. The session must not send anything after that.
    closed: bool,
    /// When the last parcel that was sent to this end arrives.
    arrives: Timestamp,
}

/// What a stream carries to one of its ends.
#[derive(Debug)]
pub(super) enum StreamItem {
    Connected,
    Bytes(Bytes),
    Gone(&'static str),
}

/// Something that the network delivers.
#[derive(Debug)]
pub(super) enum Arrival {
    /// A callout of an EBS client: the client's index, the function and the request.
    Callout(usize, &'static str, Box<Request<Bytes>>),
    /// A request of a session arrives at a listener.
    Post(Box<InFlight>),
    /// The answer to a request of a session, or the failure of the request.
    Back(Requester, Box<FromHttp>),
    /// A parcel arrives at one end of a byte stream.
    StreamItem { stream: u64, to: End, parcel: StreamItem },
    /// A byte stream could not be connected.
    NotConnected { side: Side, life: u64, line: LineId, link: Link },
    /// A step of a page.
    Page(PageStep),
}

impl SimulatedNetwork {
    /// Chooses the faults at random. In some runs there are none.
    pub(super) fn new(random: &mut ChaCha8Rng) -> Self {
        let mut chance = |often: f64, most: f64| {
            if random.random_bool(often) { random.random_range(0.0..most) } else { 0.0 }
        };
        let (lost, answer_lost, repeated) = (chance(0.4, 0.1), chance(0.4, 0.1), chance(0.4, 0.3));
        let cut = chance(0.3, 0.005);
        Self {
            open: BTreeSet::new(),
            streams: BTreeMap::new(),
            stalled_until: Timestamp(0),
            away_until: Timestamp(0),
            lost,
            answer_lost,
            repeated,
            cut,
            in_pieces: random.random_bool(0.6),
        }
    }

    /// Turns off all random faults.
    pub(super) fn still(&mut self) {
        (self.lost, self.answer_lost, self.repeated, self.cut) = (0.0, 0.0, 0.0, 0.0);
    }
}

impl World {
    /// Stalls the network between the hubs, interrupts it, or cuts the streams that are connected.
    pub(super) fn network_troubles(&mut self) -> Result<(), Broken> {
        // Shorter than the time for which a session waits for an answer.
        let ms = self.random.random_range(0..4_000);
        match self.random.random_range(0..4) {
            0 => {
                self.note(format!("the network stalls for {ms} ms"));
                self.network.stalled_until = self.now + Duration::from_millis(ms);
            }
            1 => {
                self.note(format!("the hubs cannot reach each other for {ms} ms"));
                self.network.away_until = self.now + Duration::from_millis(ms);
                self.cut_streams();
            }
            _ => self.cut_streams(),
        }
        Ok(())
    }

    pub(super) fn arrive(&mut self, arrival: Arrival) -> Result<(), Broken> {
        match arrival {
            Arrival::Callout(client, function, request) => {
                let uwq = (Dialect::Uwq, End::Telephony);
                let line = self.hubs[Side::Phones].lines.get(&uwq).copied().unwrap_or_default();
                self.request(Side::Phones, line, *request, Sent::Callout(client, function));
            }
            Arrival::Post(post) => return self.post_arrives(*post),
            Arrival::Back(requester, message) => self.comes_back(requester, *message),
            Arrival::StreamItem { stream, to, parcel } => self.parcel_arrives(stream, to, parcel),
            Arrival::NotConnected { side, life, line, link } => self.not_connected(side, life, line, link),
            Arrival::Page(moves) => self.page_moves(moves),
        }
        Ok(())
    }

    /// Schedules an arrival.
    pub(super) fn arrives(&mut self, at: Timestamp, arrival: Arrival) {
        self.schedule.note(at, Action::Arrives(arrival));
    }

    fn is_away(&self) -> bool {
        self.now < self.network.away_until
    }

    fn happens(&mut self, chance: f64) -> bool {
        chance > 0.0 && self.random.random_bool(chance)
    }

    /// Returns the time at which a message arrives that is sent now.
    pub(super) fn arrival(&mut self) -> Timestamp {
        let at = self.now + Duration::from_millis(self.random.random_range(1..=WAY_MS));
        at.max(self.network.stalled_until)
    }

    /// Gives an HTTP request to a session. A request to a node that is down is lost.
    ///
    /// The hubs run on two machines. The EBS clients run on neither of them.
    pub(super) fn request(&mut self, side: Side, line: LineId, request: Request<Bytes>, what: Sent) {
        self.numbers += 1;
        let (exchange, hub) = (Exchange(self.numbers), &mut self.hubs[side]);
        let Some(node) = &mut hub.node else { return };
        hub.sent.insert((line, exchange), what);
        let is_hub = matches!(hub.sent[&(line, exchange)], Sent::Wire(_));
        let is_telephony = hub.lines.iter().any(|((_, end), is)| (*end, *is) == (End::Telephony, line));
        let from = if is_hub && is_telephony { DESKS } else { ([127, 0, 0, 1], 50_000).into() };
        node.send(line, FromHttp::Request { exchange, from, request });
    }

    /// Handles the response of a session to an HTTP request.
    pub(super) fn responded(
        &mut self,
        side: Side,
        line: LineId,
        exchange: Exchange,
        response: Response<Bytes>,
    ) -> Result<(), Broken> {
        match self.hubs[side].sent.remove(&(line, exchange)) {
            None => return Err(format!("session {line} answered {exchange:?}, which is not open")),
            Some(Sent::Control) => {}
            Some(Sent::Question) => self.control_answer = Some(control::body(&response)?),
            Some(Sent::Callout(client, function)) => {
                self.callout_answered(client, function, ebs::refusal(&response));
            }
            Some(Sent::Wire(requester)) => {
                let lost = self.network.answer_lost;
                let is_event = self.hubs[side].end_of(line) == Some(EVENTS_ARRIVE_AT);
                let arrives = is_event || (!self.happens(lost) && !self.is_away());
                if let Some(requester) = requester.filter(|_| arrives) {
                    let exchange = requester.exchange;
                    let at = self.arrival();
                    self.back(requester, FromHttp::Response { exchange, response }, at);
                }
            }
        }
        Ok(())
    }

    /// Sends an HTTP request of a session into the network.
    pub(super) fn requested(
        &mut self,
        side: Side,
        line: LineId,
        exchange: Exchange,
        request: Request<Bytes>,
        timeouts: Timeouts,
    ) -> Result<(), Broken> {
        let requester = Requester { side, life: self.hubs[side].life, line, exchange };
        if !self.network.open.insert(requester) {
            return Err(format!("session {line} of {} uses {exchange:?} twice", side.name()));
        }
        let at = self.arrival();
        self.arrives(at, Arrival::Post(Box::new(InFlight { requester, request, timeouts })));
        Ok(())
    }

    /// Delivers a request to the listener of its address. Without a listener it fails.
    fn post_arrives(&mut self, post: InFlight) -> Result<(), Broken> {
        let (requester, port) = (post.requester, post.request.uri().port_u16());
        match self.hubs[requester.side].end_of(requester.line) {
            Some((Dialect::Uwq, End::Telephony)) if port != Some(DESKS.port()) => {
                return self.posted_to_client(post);
            }
            Some((dialect, end)) => self.crosses(dialect, end, post),
            None => {
                return Err(format!(
                    "session {} of {} sends a request",
                    requester.line,
                    requester.side.name()
                ));
            }
        }
        Ok(())
    }

    /// Delivers a request to the other hub.
    fn crosses(&mut self, dialect: Dialect, end: End, post: InFlight) {
        let InFlight { requester, request, timeouts } = post;
        self.note(format!("{} requests {} {}", requester.side.name(), request.uri(), short(request.body())));
        let exchange = requester.exchange;
        let failed = |failure: Failure| FromHttp::Failed { exchange, failure };
        let in_vain = failed(Failure::NoAnswer("no answer in time".to_owned()));
        let Some((to, line)) = self.session_across(requester.side, dialect, end) else {
            return self.back(requester, failed(Failure::NotSent("refused".to_owned())), self.now);
        };
        if self.is_away() {
            let gives_up = self.now + timeouts.connect;
            return self.back(requester, failed(Failure::NotSent("unreachable".to_owned())), gives_up);
        }
        self.back(requester, in_vain, self.now + timeouts.answer);
        let (lost, repeated) = (self.network.lost, self.network.repeated);
        if (dialect, end.other()) != EVENTS_ARRIVE_AT && self.happens(lost) {
            return;
        }
        let request = received(request);
        // The server closes a kept-alive connection before any byte of the answer, so the client sends the request again.
        if timeouts.reuse == ConnectionReuse::Resend && self.happens(repeated) {
            self.request(to, line, request.clone(), Sent::Wire(None));
        }
        self.request(to, line, request, Sent::Wire(Some(requester)));
    }

    /// The session at the other end, if its node is running.
    fn session_across(&self, side: Side, dialect: Dialect, end: End) -> Option<(Side, LineId)> {
        let to = self.ends.across(side, dialect, end)?;
        self.hubs[to].node.as_ref()?;
        Some((to, *self.hubs[to].lines.get(&(dialect, end.other()))?))
    }

    /// Delivers a post to an EBS client's listener.
    fn posted_to_client(&mut self, post: InFlight) -> Result<(), Broken> {
        let InFlight { requester, request, timeouts } = post;
        let (exchange, port) = (requester.exchange, request.uri().port_u16());
        let client = self.clients.iter_mut().find(|client| Some(client.ebs.port) == port);
        let refused = || FromHttp::Failed { exchange, failure: Failure::NotSent("refused".to_owned()) };
        let (message, wait) = match client {
            None => (refused(), Duration::ZERO),
            Some(client) => match client.behavior {
                ListenerBehavior::Refusing => (refused(), Duration::ZERO),
                ListenerBehavior::Stalled => {
                    drop(client.ebs.post(&request));
                    let failure = Failure::NoAnswer("stalled".to_owned());
                    (FromHttp::Failed { exchange, failure }, timeouts.answer)
                }
                ListenerBehavior::Failing => {
                    let mut response = Response::new(Bytes::new());
                    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                    (FromHttp::Response { exchange, response }, Duration::ZERO)
                }
                ListenerBehavior::Answering => {
                    (FromHttp::Response { exchange, response: client.ebs.post(&request) }, Duration::ZERO)
                }
            },
        };
        self.back(requester, message, self.now + wait);
        self.check_clients()
    }

    /// Schedules the outcome of a request for the session that sent it. Only the first outcome of a request counts.
    fn back(&mut self, requester: Requester, message: FromHttp, at: Timestamp) {
        self.arrives(at, Arrival::Back(requester, Box::new(message)));
    }

    /// Gives the outcome of a request to the session that sent it.
    fn comes_back(&mut self, requester: Requester, message: FromHttp) {
        let hub = &mut self.hubs[requester.side];
        let is_open = self.network.open.remove(&requester) && hub.life == requester.life;
        if let Some(node) = hub.node.as_mut().filter(|_| is_open) {
            node.send(requester.line, message);
        }
    }

    /// Handles a session that connects a byte stream, sends on it or disconnects it.
    pub(super) fn streamed(&mut self, side: Side, line: LineId, message: ToStream) -> Result<(), Broken> {
        match message {
            ToStream::Connect { link, timeout, .. } => self.connects(side, line, link, timeout),
            ToStream::Send { link, bytes } => return self.sends(side, line, link, &bytes),
            ToStream::Disconnect { link, .. } => self.disconnects(side, line, link),
        }
        Ok(())
    }

    fn connects(&mut self, side: Side, line: LineId, link: Link, timeout: Duration) {
        let across = self.session_across(side, Dialect::Harmony, End::Telephony);
        let Some((to, there)) = across.filter(|_| !self.is_away()) else {
            let life = self.hubs[side].life;
            let wait = if self.is_away() { timeout } else { Duration::ZERO };
            return self.arrives(self.now + wait, Arrival::NotConnected { side, life, line, link });
        };
        self.numbers += 1;
        let (id, now) = (self.numbers, self.now);
        let life = |side: Side| self.hubs[side].life;
        let end = |side, line, link| StreamEnd {
            side,
            life: life(side),
            line,
            link,
            open: true,
            closed: false,
            arrives: now,
        };
        let ends = [end(side, line, link), end(to, there, Link(id))];
        self.network.streams.insert(id, Stream { ends, is_cut: false });
        self.parcel(id, End::Telephony, StreamItem::Connected);
        self.parcel(id, End::Desk, StreamItem::Connected);
    }

    fn disconnects(&mut self, side: Side, line: LineId, link: Link) {
        let Some((id, end)) = self.stream(side, line, link) else { return };
        self.parcel(id, end.other(), StreamItem::Gone("the other end has closed it"));
        self.parcel(id, end, StreamItem::Gone("it is closed"));
        if let Some(stream) = self.network.streams.get_mut(&id) {
            stream.ends[end as usize].closed = true;
        }
    }

    fn sends(&mut self, side: Side, line: LineId, link: Link, bytes: &Bytes) -> Result<(), Broken> {
        let Some((id, end)) = self.stream(side, line, link) else { return Ok(()) };
        if self.network.streams[&id].ends[end as usize].closed {
            return Err(format!("session {line} of {} sends on {link:?}, which it has closed", side.name()));
        }
        let mut rest = bytes.clone();
        for _ in 1..PIECES_MAX {
            if !self.network.in_pieces || rest.len() < 2 || self.random.random_bool(0.7) {
                break;
            }
            let piece = rest.split_to(self.random.random_range(1..rest.len()));
            self.parcel(id, end.other(), StreamItem::Bytes(piece));
        }
        self.parcel(id, end.other(), StreamItem::Bytes(rest));
        let cut = self.network.cut;
        if self.happens(cut) {
            self.cut_stream(id);
        }
        Ok(())
    }

    /// The stream that a session has with a link, and the end of the stream.
    fn stream(&self, side: Side, line: LineId, link: Link) -> Option<(u64, End)> {
        let life = self.hubs[side].life;
        let is_it = |end: &StreamEnd| {
            (end.side, end.life, end.line, end.link) == (side, life, line, link) && end.open
        };
        let ends = self.network.streams.iter().flat_map(|(id, stream)| {
            End::ALL.into_iter().zip(&stream.ends).map(move |(end, there)| (*id, end, there))
        });
        ends.filter(|(_, _, there)| is_it(there)).map(|(id, end, _)| (id, end)).next()
    }

    /// Schedules a parcel for one end, after everything that is already on its way there.
    fn parcel(&mut self, id: u64, to: End, parcel: StreamItem) {
        let at = self.arrival();
        let Some(stream) = self.network.streams.get_mut(&id) else { return };
        if stream.is_cut {
            return;
        }
        let arrives = &mut stream.ends[to as usize].arrives;
        *arrives = at.max(*arrives);
        let at = *arrives;
        self.arrives(at, Arrival::StreamItem { stream: id, to, parcel });
    }

    /// Delivers a parcel to one end. After a cut, only the notice of the disconnection is delivered.
    fn parcel_arrives(&mut self, id: u64, to: End, parcel: StreamItem) {
        let Some(stream) = self.network.streams.get_mut(&id) else { return };
        let (is_cut, end) = (stream.is_cut, &mut stream.ends[to as usize]);
        let link = end.link;
        let message = match parcel {
            StreamItem::Connected => FromStream::Connected { link, from: ([127, 0, 0, 1], 7_850).into() },
            StreamItem::Bytes(_) if is_cut => return,
            StreamItem::Bytes(bytes) => FromStream::Received { link, bytes },
            StreamItem::Gone(why) => FromStream::Disconnected { link, why: why.to_owned() },
        };
        if !end.open {
            return;
        }
        end.open = !matches!(message, FromStream::Disconnected { .. });
        let (side, life, line) = (end.side, end.life, end.line);
        if stream.ends.iter().all(|end| !end.open) {
            self.network.streams.remove(&id);
        }
        let hub = &mut self.hubs[side];
        let is_there = hub.life == life;
        if let Some(node) = hub.node.as_mut().filter(|_| is_there) {
            node.send(line, message);
        }
    }

    /// Tells a session that its stream could not be connected.
    fn not_connected(&mut self, side: Side, life: u64, line: LineId, link: Link) {
        let hub = &mut self.hubs[side];
        let is_there = hub.life == life;
        if let Some(node) = hub.node.as_mut().filter(|_| is_there) {
            node.send(line, FromStream::Disconnected { link, why: "refused".to_owned() });
        }
    }

    /// Interrupts the network between the hubs for long enough that every session notices.
    pub(super) fn part_hubs(&mut self) {
        self.note("the hubs cannot reach each other");
        self.network.away_until = Timestamp(self.now.0 + APART_MS);
        self.cut_streams();
    }

    fn cut_streams(&mut self) {
        let streams: Vec<u64> = self.network.streams.keys().copied().collect();
        streams.into_iter().for_each(|id| self.cut_stream(id));
    }

    /// Cuts a stream. What is on its way is lost. Sometimes one end is notified much later.
    fn cut_stream(&mut self, id: u64) {
        self.note(format!("stream {id} is cut"));
        for to in End::ALL {
            let late = self.storms && self.random.random_bool(0.2);
            let ms = self.random.random_range(1..if late { 20_000 } else { 100 });
            let at = self.now + Duration::from_millis(ms);
            self.arrives(at, Arrival::StreamItem { stream: id, to, parcel: StreamItem::Gone("cut") });
        }
        self.network.streams.entry(id).and_modify(|stream| stream.is_cut = true);
    }

    /// Handles the death of a hub: its peers' requests fail and its peers' streams are disconnected.
    pub(super) fn peers_lose(&mut self, side: Side) {
        self.pages_lose(side);
        for sent in std::mem::take(&mut self.hubs[side].sent).into_values() {
            if let Sent::Wire(Some(requester)) = sent {
                let failure = Failure::NoAnswer("the connection is closed".to_owned());
                let message = FromHttp::Failed { exchange: requester.exchange, failure };
                let at = self.arrival();
                self.back(requester, message, at);
            }
        }
        self.network.open.retain(|requester| requester.side != side);
        let streams: Vec<u64> = self.network.streams.keys().copied().collect();
        for id in streams {
            let ends = &self.network.streams[&id].ends;
            let Some(end) = End::ALL.into_iter().find(|end| ends[*end as usize].side == side) else {
                continue;
            };
            self.parcel(id, end.other(), StreamItem::Gone("the other end is gone"));
            if let Some(stream) = self.network.streams.get_mut(&id) {
                stream.ends[end as usize].open = false;
            }
        }
    }
}

/// The end at which UWQ's events arrive. The telephony end sends each event to EBS at most once. If it is not known whether an event
/// arrived, it sends nothing more about that call. An event that is lost, or whose answer is lost, is therefore lost permanently. That is a
/// limit of the protocol.
const EVENTS_ARRIVE_AT: (Dialect, End) = (Dialect::Uwq, End::Desk);

/// The beginning of a text, for the trace.
fn short(body: &Bytes) -> String {
    String::from_utf8_lossy(body).chars().take(160).collect()
}

/// A request as its receiver gets it.
fn received(mut request: Request<Bytes>) -> Request<Bytes> {
    let host = request.uri().authority().and_then(|authority| authority.as_str().parse().ok());
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let target = target.strip_prefix(TALISMA_MOUNT).unwrap_or(target).parse();
    *request.uri_mut() = target.unwrap_or_else(|_| Uri::from_static("/"));
    host.map(|host| request.headers_mut().insert(HOST, host));
    request
}
