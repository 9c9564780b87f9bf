//! The desk end: the peer is a third-party softphone, which is a switch on the floor.
//!
//! What an agent is on the floor is compared with what the softphone was told; the difference is the next callout, one at a time. What
//! the softphone posts becomes the switch's events. It can be asked for one thing only: to make a call.

mod callouts;
mod calls;
mod events;
mod link;
mod requests;
mod seats;

use bytes::Bytes;
use http::{Request, Response, Uri, uri::Authority};
use model::{
    AgentEvent, AgentId, AgentState, Event, FloorEvent, SwitchEvent, SwitchFeature, SwitchId, Timestamp,
    reason,
};
use session::{
    Exchange, FromHttp, FromHub, Http, Input, Output, Outputs, Reason, Session, SwitchRequests, ToHub,
};

use self::{callouts::Doing, calls::Calls, link::Link, requests::Dial, seats::Seats};
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
    seats: Seats,
    calls: Calls,
    /// Calls to be made.
    requests: SwitchRequests<Dial>,
    /// The callout that is on its way.
    flight: Option<(Exchange, Doing)>,
    closing: bool,
    out: Outputs<Http>,
}

impl Desk {
    /// A session for the softphone that the hub knows as `switch`.
    pub fn new(config: DeskConfig, switch: SwitchId) -> Result<Self, Error> {
        let authority = authority(&config.url)?;
        Ok(Self {
            config,
            switch,
            authority,
            link: Link::default(),
            seats: Seats::default(),
            calls: Calls::default(),
            requests: SwitchRequests::default(),
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
                self.seats.plan(&floor, &self.switch, &self.config);
                snapshot.agents.iter().for_each(|agent| self.seats.see(agent));
                snapshot.agents.iter().for_each(|agent| self.check_served(&agent.id, &agent.state));
            }
            FromHub::Event(record) => self.event(&record.event),
            FromHub::Requested { request, asked } => self.asked(request, asked),
            FromHub::Closing => self.closing = true,
            FromHub::Answer { .. } | FromHub::Authenticated { .. } => {}
        }
    }

    fn event(&mut self, event: &Event) {
        if let Event::Floor(FloorEvent::Changed { floor }) = event {
            self.seats.plan(floor, &self.switch, &self.config);
        }
        if let Event::Agent(AgentEvent::SignedIn { agent, device, .. }) = event {
            self.seats.signed_in(agent, device);
            let reason = reason::code(reason::SIGNED_IN);
            self.check_served(agent, &AgentState::NotReady { reason });
        }
        if let Event::Agent(AgentEvent::StateChanged { agent, to, .. }) = event {
            self.seats.changed(agent, to);
            self.check_served(agent, to);
        }
        if let Event::Agent(AgentEvent::SignedOut { agent, .. }) = event {
            self.seats.signed_out(agent);
        }
    }

    /// Says so where the softphone cannot serve an agent who wants to work.
    fn check_served(&mut self, agent: &AgentId, state: &AgentState) {
        if let Some(refusal) = self.seats.refusal(agent, state) {
            self.tell(refusal);
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
        self.seats.rested(self.out.now());
        self.call_next();
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let poll = self.link.poll_at().filter(|_| self.flight.is_none() && !self.closing);
        let poll = poll.map(|at| (at, "the softphone is to be asked whether it lives"));
        let gone = self.calls.unannounced_at().map(|at| (at, "calls that were not announced again are over"));
        let again =
            self.seats.rested_at().map(|at| (at, "the softphone is to be asked again about an agent"));
        self.out.earliest(poll.into_iter().chain(gone).chain(again))
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
