//! A real notification server is our peer: calls of agents who have a Talisma user id are posted to it.
//!
//! Namespaces and port are learned from the service's WSDL before the first call is posted. Each user has a queue of its own with one
//! notification on its way at a time. What did not arrive is posted again for a minute, and for as long as the call rings. A
//! notification that may have arrived is not posted again, since each opens a phone session; unless sessions have ids that the server
//! knows them by (`session_ids`).
//!
//! That a notification was taken is kept in the data of the interaction ([`SESSION_PAIR`]), so it is known after a restart.

mod calls;
mod compose;
mod link;
mod posts;
mod reports;

use std::collections::BTreeMap;

use http::Uri;
use model::{AccountName, AgentId, Principal, Role, Timestamp};
use session::{
    Exchange, FromHttp, FromHub, Http, Input, Outbox, Output, Outputs, Projection, Reason, Session, ToHub,
};
use uuid::Uuid;

use self::{calls::Calls, link::Link, posts::Post, reports::Reports};
use crate::{Auth, Error, PEER_ID, TelephonyConfig, wire::Learned};

/// The pair in the data of an interaction that says what became of its notification: the number of the phone session, [`NO_NUMBER`] or
/// [`NOT_TAKEN`]. An interaction without it is still to be notified of. Ours.
pub const SESSION_PAIR: &str = "TalismaSessionId";
/// Stands in [`SESSION_PAIR`] when the service took the notification and did not say which phone session it opened. Ours.
pub const NO_NUMBER: &str = "unknown";
/// Stands in [`SESSION_PAIR`] when the notification was refused or given up. Ours.
pub const NOT_TAKEN: &str = "none";

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
    projection: Projection,
    calls: Calls,
    /// What is to be posted, by user.
    outboxes: BTreeMap<i32, Outbox<Post>>,
    /// Whose notification each request carries.
    flights: BTreeMap<Exchange, i32>,
    reports: Reports,
    /// Why the last post, or the last question for the WSDL, came to nothing.
    trouble: String,
    closing: bool,
    out: Outputs<Http>,
}

impl Telephony {
    /// A session that has posted nothing. `instance` must be another one in each process.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Result<Self, Error> {
        let url = address(&config.url)?;
        check_account(&config)?;
        let link = match &config.namespaces {
            Some(contract) => {
                let (contract, address) = (contract.clone(), url.clone());
                Link::Known(Learned { action: contract.action(), contract, address })
            }
            None => Link::default(),
        };
        Ok(Self {
            config: config.with_custom_list(),
            url,
            instance,
            link,
            users: BTreeMap::new(),
            projection: Projection::default(),
            calls: Calls::default(),
            outboxes: BTreeMap::new(),
            flights: BTreeMap::new(),
            reports: Reports::default(),
            trouble: String::new(),
            closing: false,
            out: Outputs::default(),
        })
    }

    /// How many things are held for later: calls, notifications that wait, output.
    pub fn held(&self) -> usize {
        let waiting: usize = self.outboxes.values().map(Outbox::len).sum();
        self.calls.len() + waiting + self.flights.len() + self.out.len()
    }

    /// Why nothing can be posted to the service, when its description says so.
    pub fn refused(&self) -> Option<&Error> {
        self.link.refused()
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, .. } => {
                self.users = crate::users(&floor).collect();
                self.projection = Projection::from_snapshot(&snapshot, floor);
                self.snapshot();
            }
            FromHub::Event(record) => self.record(&record),
            FromHub::Closing => self.closing = true,
            FromHub::Answer { .. } | FromHub::Authenticated { .. } | FromHub::Requested { .. } => {}
        }
    }

    fn peer(&mut self, said: FromHttp) {
        match said {
            FromHttp::Request { exchange, .. } => self.out.respond_not_found(exchange),
            FromHttp::Response { exchange, response } if self.link.asks(exchange) => {
                self.described(&response)
            }
            FromHttp::Response { exchange, response } => self.posted(exchange, &response),
            FromHttp::Failed { exchange, .. } if self.link.asks(exchange) => self.not_described("no answer"),
            FromHttp::Failed { exchange, failure } => self.not_posted(exchange, &failure),
        }
    }
}

impl Session for Telephony {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.say(ToHub::Subscribe),
            Input::Peer(said) => self.peer(said),
            Input::Hub(said) => self.hub(said),
            Input::Tick => {}
        }
        self.expire();
        self.learn();
        self.post_due();
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        if self.closing {
            return None;
        }
        let learn = self.link.again_at().map(|at| (at, "the service's wsdl is to be asked for again"));
        // While the service is not known nothing can be posted.
        let known = matches!(self.link, Link::Known(_));
        let rests = self.outboxes.values().filter_map(Outbox::paused_until).min();
        let post = rests.filter(|_| known).map(|at| (at, "a notification is to be posted again"));
        self.out.earliest(learn.into_iter().chain(post))
    }
}

/// Who writes down that a notification was taken.
fn principal() -> Principal {
    let account = AccountName::new(PEER_ID).unwrap_or_else(|_| unreachable!("the dialect's name is a name"));
    Principal { account, role: Role::Integration, agent: None }
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
    if config.user.as_ref().is_none_or(|user| user.is_empty()) || config.password.is_none() {
        Err(Error::NoAccount { auth })
    } else {
        Ok(())
    }
}
