//! From a message to its answer, by way of two requests to the hub: one for the credentials, one for the command.

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
    DeskSession, Phase,
    credentials::{AuthMethod, Credentials, CredentialsError, credentials, not_accepted, used_before},
    dispatch,
    gate::{self, PostedMessage},
    nonces::Nonce,
    sessions::{Key, PlannedCommand},
    translate::{self, NotificationError},
};
use crate::{
    NotSignedIn,
    wire::{Notification, Outcome, Status, json_string, limits::MESSAGE},
};

/// When to try again after a 503, in seconds. Our choice.
const RETRY_AFTER_S: &str = "5";

/// A message whose sender is being checked.
#[derive(Debug)]
pub(super) struct PendingCheck {
    reply: Reply,
    by: AuthMethod,
    nonce: Option<Nonce>,
    action: Option<String>,
    message: Message,
}

/// A notification that waits until the hub has written it to the journal.
#[derive(Debug)]
pub(super) struct PendingNotification {
    reply: Reply,
    notification: Notification,
    warnings: Vec<String>,
    /// When it came first.
    at: Timestamp,
}

/// What is needed to answer a message.
#[derive(Debug, Clone)]
struct Reply {
    exchange: Exchange,
    version: Version,
    /// The message's WS-Addressing headers, for SOAP 1.2. Clients of SOAP 1.1 may send them and expect none in the answer.
    addressed: Option<Addressing>,
    /// Whether the answer has a timestamp. It does if the message has one; otherwise .NET clients refuse the answer (talisma.md §3.6).
    stamped: bool,
}

impl Reply {
    fn new(exchange: Exchange, message: &Message) -> Self {
        let stamped = message.security.as_ref().is_some_and(|security| security.validity.is_some());
        Self { stamped, ..Self::to_unread(exchange, message.version, message.addressed.clone()) }
    }

    /// The reply to a message of which only the addressing could be read.
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

impl DeskSession {
    /// Reads a message and has its sender checked.
    pub(super) fn post(&mut self, exchange: Exchange, from: SocketAddr, post: PostedMessage) {
        if self.phase != Phase::Running || self.open >= self.config.open_max {
            return self.out.respond(exchange, bare(StatusCode::SERVICE_UNAVAILABLE));
        }
        let PostedMessage { version, action, basic, body } = post;
        let message = match Message::read(&body, version, &MESSAGE) {
            Ok(message) => message,
            Err(Refusal::Fault { fault, addressed }) => {
                return self.fault(&Reply::to_unread(exchange, version, addressed), &fault, None);
            }
            Err(refusal) => return self.out.respond(exchange, gate::refuse(&refusal)),
        };
        let reply = Reply::new(exchange, &message);
        match credentials(&message, basic, &self.config, self.out.now()) {
            Ok(Credentials { nonce: Some(nonce), .. }) if !self.nonces.begin(nonce) => {
                self.fault(&reply, &used_before(), None);
            }
            Ok(Credentials { account, secret, by, nonce }) => {
                let check = PendingCheck { reply, by, nonce, action, message };
                self.authenticate(Login::Account(account), secret, from, check);
            }
            Err(CredentialsError::Challenge) => self.out.respond(exchange, challenge()),
            Err(CredentialsError::Fault(fault)) => self.fault(&reply, &fault, None),
        }
    }

    /// Handles the result for the sender, and sends the notification to the hub.
    pub(super) fn authenticated(&mut self, ticket: Ticket, result: Result<Principal, Rejection>) {
        let Some(check) = self.pending_checks.remove(&ticket) else { return };
        self.open -= 1;
        let PendingCheck { reply, by, nonce, action, message } = check;
        if let Some(nonce) = nonce {
            self.nonces.checked(nonce, result.is_ok());
        }
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

    /// A fault about the sender has no timestamp (talisma.md §4).
    fn not_authenticated(&mut self, reply: &Reply, by: AuthMethod, rejection: &Rejection) {
        let fault = if rejection.code == Code::TooMany {
            Fault::new(FaultKind::FailedAuthentication, rejection.to_string())
        } else if is_ours(rejection.code) {
            Fault::new(FaultKind::InternalServiceFault, rejection.to_string())
        } else {
            not_accepted()
        };
        match by {
            AuthMethod::Token => self.fault(reply, &fault, None),
            AuthMethod::Basic if is_ours(rejection.code) => {
                self.out.respond(reply.exchange, bare(StatusCode::SERVICE_UNAVAILABLE));
            }
            AuthMethod::Basic => self.out.respond(reply.exchange, challenge()),
        }
    }

    fn notify(&mut self, reply: Reply, by: Principal, notification: Option<Notification>) {
        let prepared = self.prepare(notification);
        let (notification, agent, pop, warnings) = match prepared {
            Ok(prepared) => prepared,
            Err(no) => return self.refuse(&reply, &no),
        };
        let PlannedCommand { id, interaction, at } = self.plan_command(&by.account, &notification, &pop);
        let pending = PendingNotification { reply, notification, warnings, at };
        let verb = Verb::Notify { pop: Box::new(pop) };
        self.command(Command { id, by, agent, interaction, verb }, pending);
    }

    fn prepare(
        &self,
        notification: Option<Notification>,
    ) -> Result<(Notification, AgentId, Pop, Vec<String>), NotificationError> {
        let missing = || NotificationError::new(Status::InvalidRequest, "NotificationRequest is required.");
        let notification = notification.ok_or_else(missing)?;
        let details = translate::details(&notification)?;
        let translate::Translated { pop, warnings } =
            translate::pop(details, &self.names, &self.projection.floor)?;
        let user = notification.user_id;
        let unknown = || NotificationError::new(Status::UnknownUser, format!("User {user} does not exist."));
        let agent = self.users.get(&user).ok_or_else(unknown)?.clone();
        if self.config.not_signed_in == NotSignedIn::Refuse && !self.projection.is_signed_in(&agent) {
            return Err(NotificationError::new(
                Status::UserNotAvailable,
                format!("User {user} is not signed in."),
            ));
        }
        Ok((notification, agent, pop, warnings))
    }

    /// Plans the command for a notification. One without a session number neither repeats nor updates another notification.
    fn plan_command(
        &mut self,
        account: &AccountName,
        notification: &Notification,
        pop: &Pop,
    ) -> PlannedCommand {
        let number = notification.details.as_ref().map_or(0, |details| details.session_id);
        if number < 1 {
            let id = self.out.command_id("talisma", self.instance);
            return PlannedCommand { id, interaction: None, at: self.out.now() };
        }
        let key = Key { account: account.clone(), user: notification.user_id, number };
        self.sessions.command(&key, pop, self.out.now())
    }

    /// The hub accepted or refused the notification.
    pub(super) fn answered(&mut self, command: &CommandId, result: &Result<Accepted, Rejection>) {
        if let Ok(accepted) = result {
            self.sessions.answered(command, accepted);
        }
        for PendingNotification { reply, notification, warnings, at } in
            self.pending_notifications.remove(command).unwrap_or_default()
        {
            self.open -= 1;
            match result {
                Ok(accepted) => self.done(&reply, notification, accepted, &warnings, at),
                Err(rejection) => {
                    let status = Status::of(rejection.code);
                    self.refuse(&reply, &NotificationError::new(status, sentence(rejection)));
                }
            }
        }
    }

    /// Answers a success. A session without a number gets the sequence number of its event in the journal, which is unique.
    fn done(
        &mut self,
        reply: &Reply,
        notification: Notification,
        accepted: &Accepted,
        warnings: &[String],
        at: Timestamp,
    ) {
        let mut notification = notification;
        if let Some(details) = notification.details.as_mut().filter(|details| details.session_id <= 0) {
            details.session_id = i32::try_from(accepted.seq.0 % SESSIONS).unwrap_or_default();
        }
        let json = json_string(&notification, at, warnings);
        self.outcome(reply, &Outcome { json: Some(json), ..Outcome::default() });
    }

    fn refuse(&mut self, reply: &Reply, no: &NotificationError) {
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

/// Whether the cause of a refusal is in the hub and not in the request.
fn is_ours(code: Code) -> bool {
    matches!(code, Code::Overloaded | Code::Unavailable | Code::Internal)
}

/// Session numbers wrap around after this many: they are `xs:int`.
const SESSIONS: u64 = 1 << 31;

/// The text of a refusal as a sentence that can be shown to a person.
fn sentence(rejection: &Rejection) -> String {
    let mut characters = rejection.text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), characters.as_str())
}

/// Asks for HTTP Basic. WCF sends the first request without credentials and waits for this (talisma.md §3.7).
fn challenge() -> Response<Bytes> {
    let mut response = bare(StatusCode::UNAUTHORIZED);
    let realm =
        HeaderValue::from_static("Basic realm=\"Talisma Web Notification Server\", charset=\"UTF-8\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, realm);
    response
}

/// A status without a body: .NET hides the message of a body that is no envelope (talisma.md §4).
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
