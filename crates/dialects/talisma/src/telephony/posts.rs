//! Posts notifications to the service.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{
    Request, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use model::{AgentId, InteractionId, InteractionState, Secret, Timestamp};
use session::{ConnectionReuse, Exchange, Failure, Outbox, Timeouts, ToHttp};
use uuid::Uuid;
use wire::soap::{Head, Message, Token, Validity, Version, write};

use super::{NO_NUMBER, TelephonySession, service::ServiceState};
use crate::{
    Auth,
    wire::{
        Notification, Outcome, ServiceInfo,
        limits::{ANSWER, CONNECT, MESSAGE, WAIT_MAX},
    },
};

/// A notification that is to be posted.
#[derive(Debug, Clone)]
pub(super) struct QueuedNotification {
    /// The call that it announces.
    pub(super) call: InteractionId,
    /// The agent of the call.
    pub(super) agent: AgentId,
    /// The start of the time that it may wait: when the call rang or was answered, or when the customer was transferred.
    pub(super) since: Timestamp,
    pub(super) notification: Arc<Notification>,
}

/// The product name in the header `User-Agent`.
const PRODUCT: &str = concat!("Cordboard/", env!("CARGO_PKG_VERSION"));

impl TelephonySession {
    /// Posts the notifications that are due.
    pub(super) fn post_due(&mut self) {
        let ServiceState::Known(learned) = &self.service else { return };
        let (learned, now) = (learned.clone(), self.out.now());
        if self.closing {
            return;
        }
        let due: Vec<_> = self
            .outboxes
            .iter_mut()
            .filter_map(|(user, outbox)| Some((*user, Arc::clone(&outbox.send(now)?.notification))))
            .collect();
        self.outboxes.retain(|_, outbox| !outbox.is_empty());
        for (user, notification) in due {
            let exchange = self.out.exchange();
            let request = self.compose(exchange, &notification, &learned);
            self.in_flight.insert(exchange, user);
            let timeouts = Timeouts { connect: CONNECT, answer: ANSWER, reuse: ConnectionReuse::Use };
            self.out.push(ToHttp::Request { exchange, request, timeouts });
        }
    }

    fn compose(
        &self,
        exchange: Exchange,
        notification: &Notification,
        learned: &ServiceInfo,
    ) -> Request<Bytes> {
        let version = Version::from(self.config.soap);
        let id = Uuid::from_u128(self.instance.as_u128() ^ u128::from(exchange.0)).urn().to_string();
        let (to, token) = (learned.address.to_string(), self.token());
        let validity = token.is_some().then(|| Validity::from(self.out.now().0));
        let head = Head { validity, token: token.as_ref(), ..Head::new(version) };
        let head = match version {
            Version::Soap11 => head,
            Version::Soap12 => {
                Head { action: Some(&learned.action), message_id: Some(&id), to: Some(&to), ..head }
            }
        };
        let body = write(&head, |xml| notification.write(xml, &learned.contract));
        let mut request = Request::post(&learned.address)
            .header(CONTENT_TYPE, version.content_type())
            .header(USER_AGENT, PRODUCT);
        if version == Version::Soap11 {
            request = request.header("SOAPAction", format!("\"{}\"", learned.action));
        }
        if self.config.auth == Auth::Basic {
            request = request.header(AUTHORIZATION, self.basic());
        }
        let request = request.body(Bytes::from(body));
        request.unwrap_or_else(|_| Request::new(Bytes::new()))
    }

    fn token(&self) -> Option<Token> {
        let password = self.config.password.as_ref().filter(|_| self.config.auth == Auth::Wsse)?;
        Some(Token { username: self.user().to_owned(), password: password.reveal().to_owned() })
    }

    fn user(&self) -> &str {
        self.config.user.as_deref().unwrap_or_default()
    }

    fn basic(&self) -> String {
        let password = self.config.password.as_ref().map_or("", Secret::reveal);
        format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{password}", self.user())))
    }

    /// The service answered.
    pub(super) fn posted(&mut self, exchange: Exchange, response: &Response<Bytes>) {
        let Some(user) = self.in_flight.remove(&exchange) else { return };
        match read_answer(response, self.config.soap.into()) {
            Ok(outcome) => self.notification_accepted(user, &outcome),
            Err(PostFailure::NotTaken(why)) => self.try_again(user, &why),
            Err(PostFailure::InDoubt(why)) => self.in_doubt(user, &why),
            Err(PostFailure::Refused(why)) => self.give_up(user, &why),
        }
        let is_learned = matches!(self.service, ServiceState::Known(_)) && self.config.namespaces.is_none();
        if response.status() == StatusCode::NOT_FOUND && is_learned {
            // The WSDL may have changed, so it is read again.
            self.service = ServiceState::default();
        }
    }

    /// The service did not answer.
    pub(super) fn not_posted(&mut self, exchange: Exchange, failure: &Failure) {
        let Some(user) = self.in_flight.remove(&exchange) else { return };
        match failure {
            Failure::NotSent(why) => self.try_again(user, why),
            Failure::NoAnswer(why) => self.in_doubt(user, why),
        }
    }

    /// The service has accepted the notification. This is stored in the interaction, for the next run.
    fn notification_accepted(&mut self, user: i32, outcome: &Outcome) {
        self.last_failure.clear();
        let Some(post) = self.outboxes.get_mut(&user).and_then(Outbox::finish) else { return };
        let number = post.notification.details.as_ref().map(|details| details.session_id);
        let number = number.filter(|number| *number > 0).or_else(|| session(outcome));
        let value = number.map_or_else(|| NO_NUMBER.to_owned(), |number| number.to_string());
        self.mark(post.agent, post.call, Some(&value));
    }

    /// A notification that may have arrived is posted again only if the service recognizes it as a repeat.
    fn in_doubt(&mut self, user: i32, why: &str) {
        if self.config.session_ids {
            return self.try_again(user, why);
        }
        self.give_up(user, &format!("it is unknown whether the notification arrived: {why}"));
    }

    fn give_up(&mut self, user: i32, why: &str) {
        if let Some(post) = self.outboxes.get_mut(&user).and_then(Outbox::finish) {
            self.gave_up(post, why);
        }
    }

    fn try_again(&mut self, user: i32, why: &str) {
        self.service_failed(why);
        let now = self.out.now();
        if let Some(outbox) = self.outboxes.get_mut(&user) {
            // The last attempt is at the end of the time that it may wait.
            let latest = outbox.first().map(|post| post.since + WAIT_MAX).filter(|latest| *latest > now);
            outbox.fail(now, latest);
        }
    }

    /// Discards notifications that have waited for more than a minute and whose call does not ring any more. Those in flight stay.
    pub(super) fn expire(&mut self) {
        let (now, projection) = (self.out.now(), &self.projection);
        let rings = |call| {
            projection
                .interaction(call)
                .is_some_and(|interaction| interaction.state == InteractionState::Alerting)
        };
        let is_over = |post: &QueuedNotification| now.since(post.since) > WAIT_MAX && !rings(post.call);
        let over: Vec<QueuedNotification> =
            self.outboxes.values_mut().flat_map(|outbox| outbox.remove(is_over)).collect();
        let why =
            if self.last_failure.is_empty() { "it has waited for too long" } else { &self.last_failure }
                .to_owned();
        over.into_iter().for_each(|post| self.gave_up(post, &why));
    }
}

/// Why a notification was not accepted.
#[derive(Debug, PartialEq, Eq)]
enum PostFailure {
    /// The service has not read it: it may be posted again.
    NotTaken(String),
    /// It is unknown whether the service has acted on it.
    InDoubt(String),
    /// The service has read and refused it.
    Refused(String),
}

/// Reads the service's answer. Only a negative status is a refusal (talisma.md §8). If the service is missing or down, the server that
/// answers for it sends no envelope.
fn read_answer(response: &Response<Bytes>, version: Version) -> Result<Outcome, PostFailure> {
    let status = response.status();
    let message = Message::read(response.body(), version, &MESSAGE);
    let message = message.map_err(|refusal| no_envelope(status, &refusal.to_string()))?;
    if let Some(fault) = message.fault() {
        return Err(PostFailure::Refused(format!("{:?}: {}", fault.kind, fault.reason)));
    }
    let body = message
        .body
        .ok_or_else(|| PostFailure::Refused(format!("http status {status}, and an empty body")))?;
    let outcome = Outcome::read(&body).map_err(|error| PostFailure::Refused(error.to_string()))?;
    if outcome.status >= 0 {
        return Ok(outcome);
    }
    Err(PostFailure::Refused(format!("status {}: {}", outcome.status, outcome.error.unwrap_or_default())))
}

/// The failure for an answer without an envelope. A proxy whose wait timed out has passed the notification on.
fn no_envelope(status: StatusCode, why: &str) -> PostFailure {
    let text = format!("HTTP status {status}");
    match status {
        StatusCode::GATEWAY_TIMEOUT => PostFailure::InDoubt(text),
        StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS => PostFailure::NotTaken(text),
        _ if status.is_server_error() => PostFailure::NotTaken(text),
        _ => PostFailure::Refused(format!("{text}: {why}")),
    }
}

/// The number of the phone session that was opened, if the service gives it (talisma.md §2.1).
fn session(outcome: &Outcome) -> Option<i32> {
    let json: serde_json::Value = serde_json::from_str(outcome.json.as_deref()?).ok()?;
    let number = json.pointer("/NotificationData/SessionId")?.as_i64()?;
    i32::try_from(number).ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_of_the_service_is_distinguished_from_a_refusal() {
        let of = |status: u16| {
            let mut response = Response::new(Bytes::from_static(b"<html>no</html"));
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
            read_answer(&response, Version::Soap11)
        };
        for status in [404, 429, 500, 502, 503] {
            assert!(matches!(of(status), Err(PostFailure::NotTaken(_))), "{status}");
        }
        assert!(matches!(of(504), Err(PostFailure::InDoubt(_))));
        for status in [200, 400, 401, 403, 413] {
            assert!(matches!(of(status), Err(PostFailure::Refused(_))), "{status}");
        }
    }
}
