//! The desk end: the peer is a third-party softphone, which is a switch on the floor.
//!
//! What an agent is on the floor is compared with what the softphone was told; the difference is the next callout, one at a time. What
//! the softphone posts becomes the switch's events. It can be asked for one thing only: to make a call.

mod agents;
mod callouts;
mod calls;
mod events;
mod link;
mod requests;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response, Uri, uri::Authority};
use model::{DeviceId, SwitchEvent, SwitchFeature, SwitchId, Timestamp};
use session::{
    Exchange, FromHttp, FromHub, Http, Input, Output, Outputs, PeerAgents, Reason, Session, SwitchRequests,
    ToHub,
};

use self::{agents::AtSoftphone, callouts::Doing, calls::Calls, link::Link, requests::Dial};
use crate::{DeskConfig, Error};

/// What a softphone can be asked for.
const FEATURES: [SwitchFeature; 1] = [SwitchFeature::MakeCall];

/// The desk end of UWQ.
#[derive(Debug)]
pub struct Desk {
    config: DeskConfig,
    /// What the hub calls the softphone.
    switch: SwitchId,
    authority: Authority,
    link: Link,
    agents: PeerAgents<AtSoftphone>,
    calls: Calls,
    /// Calls to be made.
    requests: SwitchRequests<Dial>,
    /// The digits that were dialled last at a phone, and until when a call to them is that one.
    dialled: BTreeMap<DeviceId, (String, Timestamp)>,
    /// The callout that is on its way.
    flight: Option<(Exchange, Doing)>,
    closing: bool,
    out: Outputs<Http>,
}

impl Desk {
    /// A session for the softphone that the hub knows as `switch`.
    pub fn new(config: DeskConfig, switch: SwitchId) -> Result<Self, Error> {
        let authority = authority(&config.url)?;
        let credentials = config.agents.iter().map(|agent| (agent.acd_id.clone(), agent.clone()));
        Ok(Self {
            agents: PeerAgents::new(switch.clone(), credentials),
            config,
            switch,
            authority,
            link: Link::default(),
            calls: Calls::default(),
            requests: SwitchRequests::default(),
            dialled: BTreeMap::new(),
            flight: None,
            closing: false,
            out: Outputs::default(),
        })
    }

    /// Whether the softphone can be reached.
    pub fn is_up(&self) -> bool {
        self.link.is_up()
    }

    /// How many things are held for later: calls, ids that are remembered, requests that wait, output.
    pub fn held(&self) -> usize {
        self.calls.held() + self.requests.len() + self.out.len() + usize::from(self.flight.is_some())
    }

    fn peer(&mut self, said: FromHttp) {
        match said {
            FromHttp::Request { exchange, from, request } => {
                let response = self.posted(from.ip(), &request);
                self.out.respond(exchange, response);
            }
            FromHttp::Response { exchange, response } => self.replied(exchange, &response),
            FromHttp::Failed { exchange, failure } => self.not_replied(exchange, &failure),
        }
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.agents.replace(&snapshot, &floor, &mut self.out);
            }
            FromHub::Event(record) => self.agents.apply(&record.event, &mut self.out),
            FromHub::Requested { request, asked } => self.asked(request, asked),
            FromHub::Closing => self.closing = true,
            FromHub::Answer { .. } | FromHub::Authenticated { .. } => {}
        }
    }

    fn tell(&mut self, event: SwitchEvent) {
        self.out.say(ToHub::Switch(event));
    }
}

impl Session for Desk {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.say(ToHub::Subscribe),
            Input::Peer(said) => self.peer(said),
            Input::Hub(said) => self.hub(said),
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
        let poll = self.link.poll_at().filter(|_| self.flight.is_none() && !self.closing);
        let poll = poll.map(|at| (at, "the softphone is to be asked whether it lives"));
        let gone = self.calls.unannounced_at().map(|at| (at, "calls that were not announced again are over"));
        self.out.earliest(poll.into_iter().chain(gone).chain(self.agents.deadline()))
    }
}

/// The host and port of `http://host:port`; a final slash does no harm.
fn authority(url: &str) -> Result<Authority, Error> {
    let wrong = || Error::Url { url: url.to_owned() };
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let plain = uri.scheme_str() == Some("http") && uri.path() == "/" && uri.query().is_none();
    uri.authority().filter(|_| plain).cloned().ok_or_else(wrong)
}

/// Shapes that the parts of this folder share.
type Got = Request<Bytes>;
type Said = Response<Bytes>;
