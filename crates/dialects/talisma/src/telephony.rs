//! The telephony end: the peer is a real notification server. Calls of agents who have a Talisma user id are posted to it.
//!
//! The namespaces and the port are read from the service's WSDL before the first call is posted. Each user has a separate queue with one
//! notification in flight. A notification that did not arrive is posted again for a minute, or as long as the call rings. One that may
//! have arrived is not posted again, because each post opens a phone session. The exception is a server that recognizes sessions by id
//! (`session_ids`).
//!
//! That a notification was accepted is stored in the data of the interaction ([`SESSION_PAIR`]), so it is known after a restart.

mod calls;
mod compose;
mod failures;
mod posts;
mod service;

use std::collections::BTreeMap;

use http::Uri;
use model::{AccountName, AgentId, Principal, Role, Timestamp};
use session::{
    Exchange, FromHttp, FromHub, Http, Input, Outbox, Output, Outputs, Projection, Reason, Session, ToHub,
};
use uuid::Uuid;

use self::{calls::Calls, failures::LoggedCauses, posts::QueuedNotification, service::ServiceState};
use crate::{Auth, Error, PEER_ID, TelephonyConfig, wire::ServiceInfo};

/// The key in the data of an interaction for the result of its notification: the number of the phone session, [`NO_NUMBER`] or
/// [`NOT_TAKEN`]. For an interaction without it, a notification is still to be posted. Our choice.
pub const SESSION_PAIR: &str = "TalismaSessionId";
/// The value of [`SESSION_PAIR`] when the service accepted the notification and did not name the phone session. Our choice.
pub const NO_NUMBER: &str = "unknown";
/// The value of [`SESSION_PAIR`] when the notification was refused or discarded. Our choice.
pub const NOT_TAKEN: &str = "none";

/// A session of the telephony end of Talisma.
#[derive(Debug)]
pub struct TelephonySession {
    config: TelephonyConfig,
    url: Uri,
    /// A part of the message ids; unique to each process.
    instance: Uuid,
    service: ServiceState,
    /// Agents' Talisma user ids.
    users: BTreeMap<AgentId, i32>,
    projection: Projection,
    calls: Calls,
    /// The notifications to post, by user.
    outboxes: BTreeMap<i32, Outbox<QueuedNotification>>,
    /// The user whose notification each request carries.
    in_flight: BTreeMap<Exchange, i32>,
    logged_causes: LoggedCauses,
    /// Why the last post, or the last request for the WSDL, failed.
    last_failure: String,
    closing: bool,
    out: Outputs<Http>,
}

impl TelephonySession {
    /// Creates a session. `instance` must be unique to each process.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Result<Self, Error> {
        let url = address(&config.url)?;
        check_account(&config)?;
        let service = match &config.namespaces {
            Some(contract) => {
                let (contract, address) = (contract.clone(), url.clone());
                ServiceState::Known(ServiceInfo { action: contract.action(), contract, address })
            }
            None => ServiceState::default(),
        };
        Ok(Self {
            config: config.with_custom_list(),
            url,
            instance,
            service,
            users: BTreeMap::new(),
            projection: Projection::default(),
            calls: Calls::default(),
            outboxes: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            logged_causes: LoggedCauses::default(),
            last_failure: String::new(),
            closing: false,
            out: Outputs::default(),
        })
    }

    /// How many items the session keeps: calls, waiting notifications and output.
    pub fn held(&self) -> usize {
        let waiting: usize = self.outboxes.values().map(Outbox::len).sum();
        self.calls.len() + waiting + self.in_flight.len() + self.out.len()
    }

    /// Why nothing can be posted to the service, when its WSDL says so.
    pub fn refused(&self) -> Option<&Error> {
        self.service.refused()
    }

    fn hub(&mut self, message: FromHub) {
        match message {
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

    fn peer(&mut self, message: FromHttp) {
        match message {
            FromHttp::Request { exchange, .. } => self.out.respond_not_found(exchange),
            FromHttp::Response { exchange, response } if self.service.waits_for(exchange) => {
                self.described(&response)
            }
            FromHttp::Response { exchange, response } => self.posted(exchange, &response),
            FromHttp::Failed { exchange, .. } if self.service.waits_for(exchange) => {
                self.not_described("no answer")
            }
            FromHttp::Failed { exchange, failure } => self.not_posted(exchange, &failure),
        }
    }
}

impl Session for TelephonySession {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(message) => self.peer(message),
            Input::Hub(message) => self.hub(message),
            Input::Tick => {}
        }
        self.expire();
        self.request_wsdl();
        self.post_due();
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        if self.closing {
            return None;
        }
        let wsdl = self.service.again_at().map(|at| (at, "the WSDL of the service is to be requested again"));
        // Until the service is known, nothing can be posted.
        let known = matches!(self.service, ServiceState::Known(_));
        let rests = self.outboxes.values().filter_map(Outbox::paused_until).min();
        let post = rests.filter(|_| known).map(|at| (at, "a notification is to be posted again"));
        self.out.earliest(wsdl.into_iter().chain(post))
    }
}

/// The principal of the commands that store the result of a notification.
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
