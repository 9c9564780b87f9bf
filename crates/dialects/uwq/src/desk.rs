//! The desk end: Cordboard is EBS. The peer is a third-party softphone, which is a switch on the floor.
//!
//! The session compares each agent's state on the floor with the state that the softphone has confirmed. The difference is the next callout;
//! callouts are sent one at a time. Events that the softphone posts become switch events. The only request it supports is to make a call.

mod agents;
mod callouts;
mod calls;
mod events;
mod link;
mod requests;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{
    Request, Response, Uri,
    uri::{Authority, Scheme},
};
use model::{DeviceId, SwitchEvent, SwitchFeature, SwitchId, Timestamp};
use session::{
    Exchange, FromHttp, FromHub, Http, Input, Output, Outputs, PeerAgents, Reason, Session, SwitchRequests,
    ToHub,
};

use self::{agents::SoftphoneAgent, callouts::Purpose, calls::Calls, link::SoftphoneLink, requests::Dial};
use crate::{DeskConfig, Error};

/// The switch features of a softphone.
const FEATURES: [SwitchFeature; 1] = [SwitchFeature::MakeCall];

/// The desk end of UWQ.
#[derive(Debug)]
pub struct DeskSession {
    config: DeskConfig,
    /// The softphone's ID as a switch.
    switch: SwitchId,
    scheme: Scheme,
    authority: Authority,
    link: SoftphoneLink,
    agents: PeerAgents<SoftphoneAgent>,
    calls: Calls,
    /// Calls that still have to be made.
    requests: SwitchRequests<Dial>,
    /// The last digits dialed at each phone, and until when a call to them counts as that call.
    dialled: BTreeMap<DeviceId, (String, Timestamp)>,
    /// The callout that is in flight.
    in_flight: Option<(Exchange, Purpose)>,
    closing: bool,
    out: Outputs<Http>,
}

impl DeskSession {
    /// Creates a session for a softphone. `switch` is its ID on the floor.
    pub fn new(config: DeskConfig, switch: SwitchId) -> Result<Self, Error> {
        let (scheme, authority) = place(&config.url)?;
        let credentials = config.agents.iter().map(|agent| (agent.acd_id.clone(), agent.clone()));
        Ok(Self {
            agents: PeerAgents::new(switch.clone(), credentials),
            config,
            switch,
            scheme,
            authority,
            link: SoftphoneLink::default(),
            calls: Calls::default(),
            requests: SwitchRequests::default(),
            dialled: BTreeMap::new(),
            in_flight: None,
            closing: false,
            out: Outputs::default(),
        })
    }

    /// Whether the softphone is reachable.
    pub fn is_up(&self) -> bool {
        self.link.is_up()
    }

    /// How many items the session keeps: calls, remembered IDs, waiting requests and output.
    pub fn held(&self) -> usize {
        self.calls.held() + self.requests.len() + self.out.len() + usize::from(self.in_flight.is_some())
    }

    fn peer(&mut self, message: FromHttp) {
        match message {
            FromHttp::Request { exchange, from, request } => {
                let response = self.posted(from.ip(), &request);
                self.out.respond(exchange, response);
            }
            FromHttp::Response { exchange, response } => self.replied(exchange, &response),
            FromHttp::Failed { exchange, failure } => self.not_replied(exchange, &failure),
        }
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.agents.replace(&snapshot, &floor, &mut self.out);
            }
            FromHub::Event(record) => self.agents.apply(&record.event, &mut self.out),
            FromHub::Requested { request, requested } => self.requested(request, requested),
            FromHub::Closing => self.closing = true,
            FromHub::Answer { .. } | FromHub::Authenticated { .. } => {}
        }
    }

    fn report(&mut self, event: SwitchEvent) {
        self.out.push(ToHub::Switch(event));
    }
}

impl Session for DeskSession {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(message) => self.peer(message),
            Input::Hub(message) => self.hub(message),
            Input::Tick => {}
        }
        self.clear_unannounced();
        self.agents.end_pauses(self.out.now());
        self.call_next();
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let poll = self.link.poll_at().filter(|_| self.in_flight.is_none() && !self.closing);
        let poll = poll.map(|at| (at, "ask the softphone for its status"));
        let gone = self.calls.unannounced_at().map(|at| (at, "end calls that were not announced again"));
        self.out.earliest(poll.into_iter().chain(gone).chain(self.agents.deadline()))
    }
}

/// The scheme, and the host and port, of a URL `http://host:port` or `https://host:port`, with or without a final slash.
fn place(url: &str) -> Result<(Scheme, Authority), Error> {
    let wrong = || Error::Url { url: url.to_owned() };
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let is_bare = uri.path() == "/" && uri.query().is_none();
    let scheme = uri.scheme().filter(|scheme| is_bare && [Scheme::HTTP, Scheme::HTTPS].contains(scheme));
    scheme.cloned().zip(uri.authority().cloned()).ok_or_else(wrong)
}

/// The HTTP types that the parts of this folder use.
type EventRequest = Request<Bytes>;
type HttpResponse = Response<Bytes>;
