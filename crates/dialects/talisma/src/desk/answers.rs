//! From a message to its answer, by way of two questions to the hub.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use model::{
    Accepted, AccountName, AgentId, Code, Command, CommandId, Pop, Principal, Rejection, Timestamp, Verb,
};
use session::{Exchange, Login, Ticket};
use wire::soap::{Addressing, Fault, FaultKind, Head, Message, Refusal, Validity, Version, write};

use super::{
    Desk, Phase,
    credentials::{By, Credentials, Unknown, credentials, not_accepted},
    dispatch,
    gate::{self, Post},
    sessions::{Key, Known},
    translate::{self, No},
};
use crate::{
    NotSignedIn,
    wire::{Notification, Outcome, Status, json_string, limits::MESSAGE},
};

/// When to try again after a 503. Seconds. Ours.
const RETRY_AFTER_S: &str = "5";

/// A message whose sender is being checked.
#[derive(Debug)]
pub(super) struct Check {
    reply: Reply,
    by: By,
    action: Option<String>,
    message: Message,
}

/// A notification that the hub was asked to make durable.
#[derive(Debug)]
pub(super) struct Ask {
    reply: Reply,
    notification: Notification,
    warnings: Vec<String>,
}

/// How to answer a message.
#[derive(Debug, Clone)]
struct Reply {
    exchange: Exchange,
    version: Version,
    /// How the message is addressed, in SOAP 1.2. Clients of 1.1 add it unasked and expect nothing.
    addressed: Option<Addressing>,
    /// The message has a time stamp, so the answer has one: else .NET clients refuse it (talisma.md §3.6).
    stamped: bool,
}

impl Reply {
    fn new(exchange: Exchange, message: &Message) -> Self {
        let stamped = message.security.as_ref().is_some_and(|security| security.validity.is_some());
        Self { stamped, ..Self::to_unread(exchange, message.version, message.addressed.clone()) }
    }

    /// To a message of which no more is known than how it is addressed.
    fn to_unread(exchange: Exchange, version: Version, addressed: Option<Addressing>) -> Self {
        let addressed = addressed.filter(|_| version == Version::Soap12);
        Self { exchange, version, addressed, stamped: false }
    }

    fn head<'a>(&'a self, action: &'a str, validity: Option<Validity>) -> Head<'a> {
        let addressed = self.addressed.as_ref();
        let id = addressed.and_then(|addressed| addressed.message_id.as_deref());
        Head { validity, ..Head::answering(self.version, addressed.map(|_| action), id) }
    }
}

impl Desk {
    /// Reads a message and has its sender checked.
    pub(super) fn post(&mut self, exchange: Exchange, from: SocketAddr, post: Post) {
        if self.phase != Phase::Running || self.open >= self.config.open_max {
            return self.out.respond(exchange, bare(StatusCode::SERVICE_UNAVAILABLE));
        }
        let Post { version, action, basic, body } = post;
        let message = match Message::read(&body, version, &MESSAGE) {
            Ok(message) => message,
            Err(Refusal::Fault { fault, addressed }) => {
                return self.fault(&Reply::to_unread(exchange, version, addressed), &fault, None);
            }
            Err(refusal) => return self.out.respond(exchange, gate::refuse(&refusal)),
        };
        let reply = Reply::new(exchange, &message);
        match credentials(&message, basic, &self.config, self.out.now()) {
            Ok(Credentials { account, secret, by }) => {
                let check = Check { reply, by, action, message };
                self.authenticate(Login::Account(account), secret, from, check);
            }
            Err(Unknown::Challenge) => self.out.respond(exchange, challenge()),
            Err(Unknown::Fault(fault)) => self.fault(&reply, &fault, None),
        }
    }

    /// The sender was checked: has the notification made durable.
    pub(super) fn authenticated(&mut self, ticket: Ticket, result: Result<Principal, Rejection>) {
        let Some(check) = self.checks.remove(&ticket) else { return };
        self.open -= 1;
        let Check { reply, by, action, message } = check;
        let principal = match result {
            Ok(principal) => principal,
            Err(rejection) => return self.not_authenticated(&reply, by, &rejection),
        };
        match dispatch::notification(&message, action.as_deref(), &self.config) {
            Ok(notification) => self.notify(reply, principal, notification),
            Err(fault) => {
                let validity = self.validity(&reply);
                self.fault(&reply, &fault, validity);
            }
        }
    }

    /// A fault about the sender has no time stamp (talisma.md §4).
    fn not_authenticated(&mut self, reply: &Reply, by: By, rejection: &Rejection) {
        let fault = if rejection.code == Code::TooMany {
            Fault::new(FaultKind::FailedAuthentication, rejection.to_string())
        } else if is_ours(rejection.code) {
            Fault::new(FaultKind::InternalServiceFault, rejection.to_string())
        } else {
            not_accepted()
        };
        match by {
            By::Token => self.fault(reply, &fault, None),
            By::Basic if is_ours(rejection.code) => {
                self.out.respond(reply.exchange, bare(StatusCode::SERVICE_UNAVAILABLE));
            }
            By::Basic => self.out.respond(reply.exchange, challenge()),
        }
    }

    fn notify(&mut self, reply: Reply, by: Principal, notification: Option<Notification>) {
        let prepared = self.prepare(notification);
        let (notification, agent, pop, warnings) = match prepared {
            Ok(prepared) => prepared,
            Err(no) => return self.refuse(&reply, &no),
        };
        let Known { id, interaction } = self.known(&by.account, &notification, &pop);
        let ask = Ask { reply, notification, warnings };
        let verb = Verb::Notify { pop: Box::new(pop) };
        self.command(Command { id, by, agent, interaction, verb }, ask);
    }

    fn prepare(
        &self,
        notification: Option<Notification>,
    ) -> Result<(Notification, AgentId, Pop, Vec<String>), No> {
        let missing = || No::new(Status::InvalidRequest, "NotificationRequest is required.");
        let notification = notification.ok_or_else(missing)?;
        let details = translate::details(&notification)?;
        let translate::Translated { pop, warnings } = translate::pop(details, &self.names)?;
        let user = notification.user_id;
        let unknown = || No::new(Status::UnknownUser, format!("User {user} does not exist."));
        let agent = self.users.get(&user).ok_or_else(unknown)?.clone();
        if self.config.not_signed_in == NotSignedIn::Refuse && !self.projection.is_signed_in(&agent) {
            return Err(No::new(Status::UserNotAvailable, format!("User {user} is not signed in.")));
        }
        Ok((notification, agent, pop, warnings))
    }

    /// A notification without a number of a session is nobody's repeat and nobody's update.
    fn known(&mut self, account: &AccountName, notification: &Notification, pop: &Pop) -> Known {
        let number = notification.details.as_ref().map_or(0, |details| details.session_id);
        if number < 1 {
            return Known { id: self.out.command_id("talisma", self.instance), interaction: None };
        }
        self.sessions.command(&Key { account: account.clone(), user: notification.user_id, number }, pop)
    }

    /// The hub took the notification, or refused it.
    pub(super) fn answered(&mut self, command: &CommandId, result: &Result<Accepted, Rejection>) {
        if let Ok(accepted) = result {
            self.sessions.answered(command, accepted);
        }
        for Ask { reply, notification, warnings } in self.asks.remove(command).unwrap_or_default() {
            self.open -= 1;
            match result {
                Ok(accepted) => self.done(&reply, notification, accepted, &warnings),
                Err(rejection) => {
                    let status = Status::of(rejection.code);
                    self.refuse(&reply, &No::new(status, sentence(rejection)));
                }
            }
        }
    }

    /// A session without a number of its own gets that of its event in the journal: it is nobody else's.
    fn done(&mut self, reply: &Reply, notification: Notification, accepted: &Accepted, warnings: &[String]) {
        let mut notification = notification;
        if let Some(details) = notification.details.as_mut().filter(|details| details.session_id <= 0) {
            details.session_id = i32::try_from(accepted.seq.0 % SESSIONS).unwrap_or_default();
        }
        let json = json_string(&notification, self.out.now(), warnings);
        self.outcome(reply, &Outcome { json: Some(json), ..Outcome::default() });
    }

    fn refuse(&mut self, reply: &Reply, no: &No) {
        let outcome =
            Outcome { status: no.status.code(), error: Some(no.text.clone()), ..Outcome::default() };
        self.outcome(reply, &outcome);
    }

    fn outcome(&mut self, reply: &Reply, outcome: &Outcome) {
        let action = self.config.contract().reply_action();
        let contract = &self.config.contract();
        let body = write(&reply.head(&action, self.validity(reply)), |xml| outcome.write(xml, contract));
        self.out.respond(reply.exchange, response(StatusCode::OK, reply.version.content_type(), body));
    }

    fn fault(&mut self, reply: &Reply, fault: &Fault, validity: Option<Validity>) {
        let body = fault.write(&reply.head("", validity));
        let response = response(StatusCode::INTERNAL_SERVER_ERROR, reply.version.content_type(), body);
        self.out.respond(reply.exchange, response);
    }

    fn validity(&self, reply: &Reply) -> Option<Validity> {
        let Timestamp(now) = self.out.now();
        reply.stamped.then(|| Validity::from(now))
    }
}

/// Whether a refusal says nothing of whoever asked.
fn is_ours(code: Code) -> bool {
    matches!(code, Code::Overloaded | Code::Unavailable | Code::Internal)
}

/// Numbers of sessions begin again after this many: they are `xs:int`.
const SESSIONS: u64 = 1 << 31;

/// A refusal of the hub's as the article's server would show it to a person.
fn sentence(rejection: &Rejection) -> String {
    let mut characters = rejection.text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), characters.as_str())
}

/// WCF sends the first request without credentials and waits to be asked (talisma.md §3.7).
fn challenge() -> Response<Bytes> {
    let mut response = bare(StatusCode::UNAUTHORIZED);
    let realm =
        HeaderValue::from_static("Basic realm=\"Talisma Web Notification Server\", charset=\"UTF-8\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, realm);
    response
}

/// A status without a body: .NET hides every message of a body that is no envelope (talisma.md §4).
pub(super) fn bare(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
    }
    *response.status_mut() = status;
    response
}

pub(super) fn response(status: StatusCode, content_type: &'static str, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
