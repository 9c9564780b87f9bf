//! Callouts on their way: one at a time, in order (uwq.md §10).

use http::{Uri, uri::PathAndQuery};
use model::{AgentId, RequestId};
use session::{ConnectionReuse, Exchange, Failure, Timeouts, ToHttp};

use super::{
    DeskSession, EventRequest, HttpResponse,
    agents::{Agent, Step},
};
use crate::wire::{
    Callout, Reply, Token,
    limits::{CALLOUT_ANSWER, CALLOUT_CONNECT, STATUS_ANSWER},
};

/// The purpose of a callout.
#[derive(Debug, Clone)]
pub(super) enum Purpose {
    Status,
    Step(AgentId, Step),
    Dial(RequestId),
}

impl DeskSession {
    /// Sends the next callout if none is in flight: first status checks, then agent steps, then calls.
    pub(super) fn call_next(&mut self) {
        if self.in_flight.is_some() || self.closing {
            return;
        }
        if self.link.poll_at().is_some_and(|at| at <= self.out.now()) {
            return self.call(Purpose::Status, &Callout::CheckStatus);
        }
        if !self.link.is_open() {
            return;
        }
        let listener = self.config.listener.socket();
        let step = |agent: &Agent| Step::next(agent).map(|step| (step, step.callout(agent, listener)));
        if let Some((agent, (step, callout))) = self.agents.next_step(step) {
            if let Some(agent) = self.agents.get(&agent).filter(|_| step == Step::Login) {
                self.calls.logging_in_at(&agent.device);
            }
            self.call(Purpose::Step(agent, step), &callout);
        } else if let Some((request, callout)) = self.next_dial() {
            self.call(Purpose::Dial(request), &callout);
        }
    }

    fn call(&mut self, purpose: Purpose, callout: &Callout) {
        let exchange = self.out.exchange();
        let answer = match purpose {
            Purpose::Status => STATUS_ANSWER,
            Purpose::Step(..) | Purpose::Dial(_) => CALLOUT_ANSWER,
        };
        self.in_flight = Some((exchange, purpose));
        let request = self.get(callout);
        let timeouts = Timeouts { connect: CALLOUT_CONNECT, answer, reuse: reuse(callout) };
        self.out.push(ToHttp::Request { exchange, request, timeouts });
    }

    fn get(&self, callout: &Callout) -> EventRequest {
        let target = PathAndQuery::try_from(callout.target())
            .unwrap_or_else(|error| unreachable!("an encoded query is a valid target: {error}"));
        let uri = Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone());
        let uri = uri.path_and_query(target).build();
        let mut request = EventRequest::default();
        *request.uri_mut() =
            uri.unwrap_or_else(|error| unreachable!("a checked authority makes a valid uri: {error}"));
        request
    }

    pub(super) fn replied(&mut self, exchange: Exchange, response: &HttpResponse) {
        let Some(purpose) = self.take_in_flight(exchange) else { return };
        match Reply::parse(response) {
            Reply::Accepted => self.accepted(purpose),
            Reply::Refused { token, text } => self.refused(purpose, token, &text),
            Reply::Broken { text } => self.failed(purpose, &text),
        }
    }

    pub(super) fn not_replied(&mut self, exchange: Exchange, failure: &Failure) {
        let Some(purpose) = self.take_in_flight(exchange) else { return };
        let (Failure::NotSent(text) | Failure::NoAnswer(text)) = failure;
        self.failed(purpose, text);
    }

    fn take_in_flight(&mut self, exchange: Exchange) -> Option<Purpose> {
        self.in_flight.take_if(|(known, _)| *known == exchange).map(|(_, purpose)| purpose)
    }

    fn accepted(&mut self, purpose: Purpose) {
        self.answered();
        match purpose {
            Purpose::Status => self.status_answered(true),
            Purpose::Step(agent, step) => self.step_done(&agent, step),
            Purpose::Dial(request) => self.dialled(request, Ok(())),
        }
    }

    fn refused(&mut self, purpose: Purpose, token: Option<Token>, text: &str) {
        match purpose {
            Purpose::Status if token == Some(Token::NotRegistered) => self.status_answered(false),
            Purpose::Status => self.unanswered(text),
            Purpose::Step(agent, step) => {
                self.answered();
                self.step_refused(&agent, step, token, text);
            }
            Purpose::Dial(request) => {
                self.answered();
                self.dialled(request, Err((token, text)));
            }
        }
    }

    fn failed(&mut self, purpose: Purpose, text: &str) {
        match purpose {
            Purpose::Status => {}
            Purpose::Step(agent, step) => self.step_failed(&agent, step, text),
            Purpose::Dial(request) => self.dialled(request, Err((None, text))),
        }
        self.unanswered(text);
    }
}

/// Whether a callout may be sent again when a kept connection turns out to be closed. What each leads to is a state, so doing it twice is
/// doing it once; a call that is made twice is two calls (uwq.md §4.4).
fn reuse(callout: &Callout) -> ConnectionReuse {
    match callout {
        Callout::Register { .. }
        | Callout::Unregister(_)
        | Callout::Login { .. }
        | Callout::Logout { .. }
        | Callout::Ready(_)
        | Callout::NotReady(_)
        | Callout::CheckStatus => ConnectionReuse::Resend,
        Callout::MakeCall { .. } | Callout::DialCanonical { .. } => ConnectionReuse::Avoid,
    }
}
