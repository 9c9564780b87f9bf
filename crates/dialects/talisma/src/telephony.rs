//! A real notification server is our peer: calls of agents who have a Talisma user id are posted to it.
//!
//! Namespaces and port are learned from the service's WSDL before the first call is posted. Each user has a queue of its own with one
//! notification on its way at a time. A notification that may have arrived is not posted again, since each opens a phone session;
//! unless sessions have ids that the server knows them by (`session_ids`).

mod calls;
mod compose;
mod link;
mod posts;
mod queue;

use std::collections::BTreeMap;

use http::Uri;
use model::{AgentId, Floor, Timestamp};
use session::{Exchange, FromHub, FromPeer, Input, Output, Outputs, Reason, Session, ToHub};
use uuid::Uuid;

use self::{calls::Calls, link::Link, queue::Queue};
use crate::{Auth, DIALECT, Error, TelephonyConfig, wire::Learned};

/// The telephony end of Talisma.
#[derive(Debug)]
pub struct Telephony {
    config: TelephonyConfig,
    url: Uri,
    /// In the ids of our messages; another one for each process.
    instance: Uuid,
    link: Link,
    /// User ids of agents.
    users: BTreeMap<AgentId, i32>,
    calls: Calls,
    /// What is to be posted, by user.
    queues: BTreeMap<i32, Queue>,
    /// Whose notification each request carries.
    flights: BTreeMap<Exchange, i32>,
    told: bool,
    closing: bool,
    out: Outputs,
}

impl Telephony {
    /// A session that has posted nothing. `instance` must be another one in each process.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Result<Self, Error> {
        let url = address(&config.url)?;
        check_account(&config)?;
        let link = match &config.contract {
            Some(contract) => {
                let (contract, address) = (contract.clone(), url.clone());
                Link::Known(Learned { action: contract.action(), contract, address })
            }
            None => Link::default(),
        };
        Ok(Self {
            config,
            url,
            instance,
            link,
            users: BTreeMap::new(),
            calls: Calls::default(),
            queues: BTreeMap::new(),
            flights: BTreeMap::new(),
            told: false,
            closing: false,
            out: Outputs::default(),
        })
    }

    /// How many things are held for later: calls, notifications that wait, output.
    pub fn held(&self) -> usize {
        let waiting: usize = self.queues.values().map(Queue::len).sum();
        self.calls.len() + waiting + self.flights.len() + self.out.len()
    }

    /// Why nothing can be posted to the service, when its description says so.
    pub fn refused(&self) -> Option<&Error> {
        self.link.refused()
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, .. } => {
                self.users = users(&floor);
                self.snapshot(&snapshot);
            }
            FromHub::Event(record) => self.event(&record.event),
            FromHub::Closing => self.closing = true,
            FromHub::Answer { .. } | FromHub::Authenticated { .. } | FromHub::Requested { .. } => {}
        }
    }

    fn peer(&mut self, said: FromPeer) {
        match said {
            FromPeer::Request { exchange, .. } => self.out.nothing_here(exchange),
            FromPeer::Response { exchange, response } if self.link.asks(exchange) => {
                self.described(&response)
            }
            FromPeer::Response { exchange, response } => self.posted(exchange, &response),
            FromPeer::Failed { exchange, .. } if self.link.asks(exchange) => self.not_described("no answer"),
            FromPeer::Failed { exchange, failure } => self.not_posted(exchange, &failure),
            // We speak HTTP only.
            FromPeer::Connected { .. }
            | FromPeer::Received { .. }
            | FromPeer::Disconnected { .. }
            | FromPeer::Page { .. } => {}
        }
    }
}

impl Session for Telephony {
    fn handle(&mut self, now: Timestamp, input: Input) {
        self.out.note(now);
        match input {
            Input::Start => self.out.say(ToHub::Subscribe),
            Input::Peer(said) => self.peer(said),
            Input::Hub(said) => self.hub(said),
            Input::Tick => {}
        }
        self.learn();
        self.post_due();
    }

    fn poll(&mut self) -> Option<Output> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        if self.closing {
            return None;
        }
        let learn = self.link.again_at().map(|at| (at, "the service's wsdl is to be asked for again"));
        let rests = self.queues.values().filter_map(Queue::resting_until).min();
        let post = rests.map(|at| (at, "a notification is to be posted again"));
        self.out.earliest(learn.into_iter().chain(post))
    }
}

/// Ids that are no integers are nobody's.
fn users(floor: &Floor) -> BTreeMap<AgentId, i32> {
    let ids = floor.agents.iter().filter_map(|agent| Some((agent.id.clone(), agent.peer_id(DIALECT)?)));
    ids.filter_map(|(agent, user)| Some((agent, user.parse().ok()?))).collect()
}

fn address(url: &str) -> Result<Uri, Error> {
    let wrong = || Error::Url { url: url.to_owned() };
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let good = matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.authority().is_some()
        && uri.query().is_none();
    if good { Ok(uri) } else { Err(wrong()) }
}

fn check_account(config: &TelephonyConfig) -> Result<(), Error> {
    let auth = match config.auth {
        Auth::Wsse => "wsse",
        Auth::Basic => "basic",
        Auth::None => return Ok(()),
    };
    if config.user.is_empty() || config.password.is_none() { Err(Error::NoAccount { auth }) } else { Ok(()) }
}
