//! Notifications on their way to the service.

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{
    Request, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use model::Secret;
use session::{Exchange, Failure, Kept, Patience, ToPeer};
use uuid::Uuid;
use wire::soap::{Head, Message, Token, Validity, Version, write};

use super::{Telephony, link::Link, queue::Setback};
use crate::{
    Auth,
    wire::{
        Learned, Notification, Outcome,
        limits::{ANSWER, CONNECT, MESSAGE},
    },
};

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
        let due: Vec<_> =
            self.queues.iter_mut().filter_map(|(user, queue)| Some((*user, queue.fly(now)?))).collect();
        self.queues.retain(|_, queue| queue.len() > 0);
        for (user, notification) in due {
            let exchange = self.out.exchange();
            let request = self.compose(exchange, &notification, &learned);
            self.flights.insert(exchange, user);
            let patience = Patience { connect: CONNECT, answer: ANSWER, kept: Kept::Use };
            self.out.say(ToPeer::Request { exchange, request, patience });
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
        Some(Token { username: self.config.user.to_string(), password: password.reveal().to_owned() })
    }

    fn basic(&self) -> String {
        let password = self.config.password.as_ref().map_or("", Secret::reveal);
        format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{password}", self.config.user)))
    }

    /// The service answered.
    pub(super) fn posted(&mut self, exchange: Exchange, response: &Response<Bytes>) {
        let Some(user) = self.flights.remove(&exchange) else { return };
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            return self.try_again(user, "the service is not available");
        }
        if let Err(why) = said(response, self.config.soap.into()) {
            tracing::warn!(user, why, "a talisma notification was refused");
        }
        if let Some(queue) = self.queues.get_mut(&user) {
            queue.landed();
        }
    }

    /// The service did not answer. What may have arrived is posted again only if the service knows it again.
    pub(super) fn not_posted(&mut self, exchange: Exchange, failure: &Failure) {
        let Some(user) = self.flights.remove(&exchange) else { return };
        match failure {
            Failure::NotSent(why) => self.try_again(user, why),
            Failure::NoAnswer(why) if self.config.session_ids => self.try_again(user, why),
            Failure::NoAnswer(why) => {
                tracing::warn!(user, why, "it is not known whether a talisma notification arrived");
                if let Some(queue) = self.queues.get_mut(&user) {
                    queue.landed();
                }
            }
        }
    }

    fn try_again(&mut self, user: i32, why: &str) {
        let now = self.out.now();
        let Some(queue) = self.queues.get_mut(&user) else { return };
        if queue.not_arrived(now) == Setback::Final {
            tracing::warn!(user, why, "a talisma notification was given up");
        }
    }
}

/// What the service said: nothing but a negative status is a refusal (talisma.md §8).
fn said(response: &Response<Bytes>, version: Version) -> Result<(), String> {
    let message = Message::read(response.body(), version, &MESSAGE);
    let status = response.status();
    let message = message.map_err(|refusal| format!("http status {status}: {refusal}"))?;
    if let Some(fault) = message.fault() {
        return Err(format!("{:?}: {}", fault.trouble, fault.reason));
    }
    let body = message.body.ok_or_else(|| format!("http status {status}, and an empty body"))?;
    let outcome = Outcome::read(&body).map_err(|error| error.to_string())?;
    if outcome.status >= 0 {
        return Ok(());
    }
    Err(format!("status {}: {}", outcome.status, outcome.error.unwrap_or_default()))
}
