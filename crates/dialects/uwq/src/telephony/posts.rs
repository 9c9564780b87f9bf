//! Posts events to the listeners (uwq.md §5.1, §5.6).

use bytes::Bytes;
use http::{
    Request, Response, Uri,
    header::{CONNECTION, CONTENT_TYPE, USER_AGENT},
    uri::Scheme,
};
use session::{ConnectionReuse, Exchange, Failure, PopKey, Timeouts, ToHttp};

use super::{
    TelephonySession,
    registration::{Announced, Key, Registration},
    silence::TimerKind,
};
use crate::{
    TelephonyConfig,
    wire::{
        CLOSE, XML_TYPE,
        limits::{EVENT_ANSWER, EVENT_CONNECT},
    },
};

/// An event that waits to be posted.
#[derive(Debug, Clone)]
pub(super) struct QueuedEvent {
    /// The call of the event.
    pub(super) call: PopKey,
    pub(super) body: Bytes,
}

/// The value of `User-Agent`.
const PRODUCT: &str = concat!("Cordboard/", env!("CARGO_PKG_VERSION"));

impl TelephonySession {
    /// Sends the next event of a registration if none is in flight. Removes a leaving registration after its last event.
    pub(super) fn post_next(&mut self, key: Key) {
        let Some(registration) = self.registrations.get_mut(key) else { return };
        let next = registration.outbox.send(self.out.now());
        let Some(body) = next.map(|post| post.body.clone()) else { return self.left(key) };
        let request = post(registration, body, &self.config);
        let exchange = self.out.exchange();
        self.posts.insert(exchange, key);
        // A lost event hides a call; a repeated event may open a second screen pop.
        let timeouts =
            Timeouts { connect: EVENT_CONNECT, answer: EVENT_ANSWER, reuse: ConnectionReuse::Avoid };
        self.out.push(ToHttp::Request { exchange, request, timeouts });
    }

    /// The listener has answered. The body of a successful response is ignored.
    pub(super) fn posted(&mut self, exchange: Exchange, response: &Response<Bytes>) {
        let Some(key) = self.posts.remove(&exchange) else { return };
        if !response.status().is_success() {
            return self.give_up(key);
        }
        if let Some(registration) = self.registrations.get_mut(key) {
            registration.outbox.finish();
        }
        self.post_next(key);
    }

    /// The listener has not answered. The event is retried only if the listener cannot have read it. A listener that is slow once gets the
    /// later events of the call.
    pub(super) fn not_posted(&mut self, exchange: Exchange, failure: &Failure) {
        let Some(key) = self.posts.remove(&exchange) else { return };
        let Some(registration) = self.registrations.get_mut(key) else { return };
        match failure {
            Failure::NotSent(_) if !registration.outbox.is_tried_out() => {
                let again = registration.outbox.fail(self.out.now(), None);
                self.timers.set((key, TimerKind::Retry), again);
            }
            Failure::NotSent(_) => self.give_up(key),
            Failure::NoAnswer(_) => {
                // The listener may have read the event, so it is not sent again, and the later ones are.
                registration.outbox.finish();
                self.post_next(key);
            }
        }
    }

    /// Drops all further events of the call whose event failed. The call continues, and other calls are announced.
    fn give_up(&mut self, key: Key) {
        if let Some(registration) = self.registrations.get_mut(key) {
            let call = registration.outbox.finish().map(|post| post.call);
            registration.outbox.remove(|post| Some(post.call) == call);
            if let Some(announced) = call.and_then(|call| registration.announced.get_mut(&call)) {
                *announced = Announced::GivenUp;
            }
        }
        self.post_next(key);
    }
}

fn post(registration: &Registration, body: Bytes, config: &TelephonyConfig) -> Request<Bytes> {
    let scheme = if config.tls_ca.is_some() { Scheme::HTTPS } else { Scheme::HTTP };
    let mut request = Request::post(uri(scheme, registration)).header(CONTENT_TYPE, XML_TYPE);
    if !config.keep_alive {
        request = request.header(CONNECTION, CLOSE);
    }
    let request = request.header(USER_AGENT, PRODUCT).body(body);
    request
        .unwrap_or_else(|error| unreachable!("a uri and three fixed headers make a valid request: {error}"))
}

fn uri(scheme: Scheme, registration: &Registration) -> Uri {
    let address = registration.listener;
    let uri = Uri::builder().scheme(scheme).authority(address.to_string()).path_and_query("/").build();
    uri.unwrap_or_else(|error| unreachable!("an address and a port make a valid authority: {error}"))
}
