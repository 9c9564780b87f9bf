//! Notifications on their way to the service.

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

use super::{NO_NUMBER, Telephony, link::Link};
use crate::{
    Auth,
    wire::{
        Learned, Notification, Outcome,
        limits::{ANSWER, CONNECT, MESSAGE, WAIT_MAX},
    },
};

/// A notification that is to be posted.
#[derive(Debug, Clone)]
pub(super) struct Post {
    /// Of which call.
    pub(super) call: InteractionId,
    /// Whose.
    pub(super) agent: AgentId,
    /// When there was a reason to post it.
    pub(super) since: Timestamp,
    pub(super) notification: Arc<Notification>,
}

/// How we name ourselves.
const PRODUCT: &str = concat!("Cordboard/", env!("CARGO_PKG_VERSION"));

impl Telephony {
    /// Posts what can be posted now.
    pub(super) fn post_due(&mut self) {
        let Link::Known(learned) = &self.link else { return };
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
            self.flights.insert(exchange, user);
            let timeouts = Timeouts { connect: CONNECT, answer: ANSWER, reuse: ConnectionReuse::Use };
            self.out.say(ToHttp::Request { exchange, request, timeouts });
        }
    }

    fn compose(&self, exchange: Exchange, notification: &Notification, learned: &Learned) -> Request<Bytes> {
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
        let Some(user) = self.flights.remove(&exchange) else { return };
        match said(response, self.config.soap.into()) {
            Ok(outcome) => self.taken(user, &outcome),
            Err(Problem::NotTaken(why)) => self.try_again(user, &why),
            Err(Problem::InDoubt(why)) => self.in_doubt(user, &why),
            Err(Problem::Refused(why)) => self.give_up(user, &why),
        }
        let is_learned = matches!(self.link, Link::Known(_)) && self.config.namespaces.is_none();
        if response.status() == StatusCode::NOT_FOUND && is_learned {
            // What is known of the service may be of old.
            self.link = Link::default();
        }
    }

    /// The service did not answer.
    pub(super) fn not_posted(&mut self, exchange: Exchange, failure: &Failure) {
        let Some(user) = self.flights.remove(&exchange) else { return };
        match failure {
            Failure::NotSent(why) => self.try_again(user, why),
            Failure::NoAnswer(why) => self.in_doubt(user, why),
        }
    }

    /// The service has accepted it. This is stored with the interaction, for the next run.
    fn taken(&mut self, user: i32, outcome: &Outcome) {
        self.trouble.clear();
        let Some(post) = self.outboxes.get_mut(&user).and_then(Outbox::finish) else { return };
        let number = post.notification.details.as_ref().map(|details| details.session_id);
        let number = number.filter(|number| *number > 0).or_else(|| session(outcome));
        let value = number.map_or_else(|| NO_NUMBER.to_owned(), |number| number.to_string());
        self.mark(post.agent, post.call, Some(&value));
    }

    /// What may have arrived is posted again only if the service knows it again.
    fn in_doubt(&mut self, user: i32, why: &str) {
        if self.config.session_ids {
            return self.try_again(user, why);
        }
        self.give_up(user, &format!("it is not known whether it arrived: {why}"));
    }

    fn give_up(&mut self, user: i32, why: &str) {
        if let Some(post) = self.outboxes.get_mut(&user).and_then(Outbox::finish) {
            self.gave_up(post, why);
        }
    }

    fn try_again(&mut self, user: i32, why: &str) {
        self.in_trouble(why);
        let now = self.out.now();
        if let Some(outbox) = self.outboxes.get_mut(&user) {
            // The last time is when it has waited for as long as it may.
            let latest = outbox.first().map(|post| post.since + WAIT_MAX).filter(|latest| *latest > now);
            outbox.fail(now, latest);
        }
    }

    /// Gives up what has waited for too long: more than a minute, and its call does not ring any more. What is on its way stays.
    pub(super) fn expire(&mut self) {
        let (now, projection) = (self.out.now(), &self.projection);
        let rings = |call| projection.work(call).is_some_and(|work| work.state == InteractionState::Alerting);
        let is_over = |post: &Post| now.since(post.since) > WAIT_MAX && !rings(post.call);
        let over: Vec<Post> = self.outboxes.values_mut().flat_map(|outbox| outbox.remove(is_over)).collect();
        let why =
            if self.trouble.is_empty() { "it has waited for too long" } else { &self.trouble }.to_owned();
        over.into_iter().for_each(|post| self.gave_up(post, &why));
    }
}

/// Why a notification was not taken.
#[derive(Debug, PartialEq, Eq)]
enum Problem {
    /// Nothing has read it: it may be posted again.
    NotTaken(String),
    /// It is not known whether something has acted on it.
    InDoubt(String),
    /// It was read and refused.
    Refused(String),
}

/// What the service said: nothing but a negative status is a refusal (talisma.md §8). Where the service is not there, or is not up, what
/// answers in its place sends no envelope.
fn said(response: &Response<Bytes>, version: Version) -> Result<Outcome, Problem> {
    let status = response.status();
    let message = Message::read(response.body(), version, &MESSAGE);
    let message = message.map_err(|refusal| no_envelope(status, &refusal.to_string()))?;
    if let Some(fault) = message.fault() {
        return Err(Problem::Refused(format!("{:?}: {}", fault.kind, fault.reason)));
    }
    let body =
        message.body.ok_or_else(|| Problem::Refused(format!("http status {status}, and an empty body")))?;
    let outcome = Outcome::read(&body).map_err(|error| Problem::Refused(error.to_string()))?;
    if outcome.status >= 0 {
        return Ok(outcome);
    }
    Err(Problem::Refused(format!("status {}: {}", outcome.status, outcome.error.unwrap_or_default())))
}

/// An answer that is not the service's. A proxy that waited in vain has passed the notification on.
fn no_envelope(status: StatusCode, why: &str) -> Problem {
    let text = format!("http status {status}");
    match status {
        StatusCode::GATEWAY_TIMEOUT => Problem::InDoubt(text),
        StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS => Problem::NotTaken(text),
        _ if status.is_server_error() => Problem::NotTaken(text),
        _ => Problem::Refused(format!("{text}: {why}")),
    }
}

/// The number of the phone session that was opened, where the service says it (talisma.md §2.1).
fn session(outcome: &Outcome) -> Option<i32> {
    let json: serde_json::Value = serde_json::from_str(outcome.json.as_deref()?).ok()?;
    let number = json.pointer("/NotificationData/SessionId")?.as_i64()?;
    i32::try_from(number).ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_of_the_service_is_told_from_a_refusal() {
        let of = |status: u16| {
            let mut response = Response::new(Bytes::from_static(b"<html>no</html"));
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
            said(&response, Version::Soap11)
        };
        for status in [404, 429, 500, 502, 503] {
            assert!(matches!(of(status), Err(Problem::NotTaken(_))), "{status}");
        }
        assert!(matches!(of(504), Err(Problem::InDoubt(_))));
        for status in [200, 400, 401, 403, 413] {
            assert!(matches!(of(status), Err(Problem::Refused(_))), "{status}");
        }
    }
}
