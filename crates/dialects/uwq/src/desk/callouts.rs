//! Callouts on their way: one at a time, in order (uwq.md §10).

use http::{Uri, uri::PathAndQuery};
use model::{AgentId, RequestId};
use session::{ConnectionReuse, Exchange, Failure, Timeouts, ToHttp};

use super::{
    Desk, Got, Said,
    agents::{Agent, Step},
};
use crate::wire::{
    Callout, Reply, Token,
    limits::{CALLOUT_ANSWER, CALLOUT_CONNECT, STATUS_ANSWER},
};

/// What a callout is for.
#[derive(Debug, Clone)]
pub(super) enum Doing {
    Status,
    Step(AgentId, Step),
    Dial(RequestId),
}

impl Desk {
    /// Sends the next callout, when none is on its way: first whether the softphone lives, then what agents are to be, then calls.
    pub(super) fn call_next(&mut self) {
        if self.flight.is_some() || self.closing {
            return;
        }
        if self.link.poll_at().is_some_and(|at| at <= self.out.now()) {
            return self.call(Doing::Status, &Callout::CheckStatus);
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
            self.call(Doing::Step(agent, step), &callout);
        } else if let Some((request, callout)) = self.next_dial() {
            self.call(Doing::Dial(request), &callout);
        }
    }

    fn call(&mut self, doing: Doing, callout: &Callout) {
        let exchange = self.out.exchange();
        let answer = match doing {
            Doing::Status => STATUS_ANSWER,
            Doing::Step(..) | Doing::Dial(_) => CALLOUT_ANSWER,
        };
        self.flight = Some((exchange, doing));
        let request = self.get(callout);
        let timeouts = Timeouts { connect: CALLOUT_CONNECT, answer, reuse: reuse(callout) };
        self.out.say(ToHttp::Request { exchange, request, timeouts });
    }

    fn get(&self, callout: &Callout) -> Got {
        let target = PathAndQuery::try_from(callout.target())
            .unwrap_or_else(|error| unreachable!("an encoded query is a target: {error}"));
        let uri =
            Uri::builder().scheme("http").authority(self.authority.clone()).path_and_query(target).build();
        let mut request = Got::default();
        *request.uri_mut() =
            uri.unwrap_or_else(|error| unreachable!("a checked authority makes a uri: {error}"));
        request
    }

    pub(super) fn replied(&mut self, exchange: Exchange, response: &Said) {
        let Some(doing) = self.land(exchange) else { return };
        match Reply::parse(response) {
            Reply::Accepted => self.accepted(doing),
            Reply::Refused { token, text } => self.refused(doing, token, &text),
            Reply::Broken { text } => self.failed(doing, &text),
        }
    }

    pub(super) fn not_replied(&mut self, exchange: Exchange, failure: &Failure) {
        let Some(doing) = self.land(exchange) else { return };
        let (Failure::NotSent(text) | Failure::NoAnswer(text)) = failure;
        self.failed(doing, text);
    }

    fn land(&mut self, exchange: Exchange) -> Option<Doing> {
        self.flight.take_if(|(known, _)| *known == exchange).map(|(_, doing)| doing)
    }

    fn accepted(&mut self, doing: Doing) {
        self.answered();
        match doing {
            Doing::Status => self.alive(true),
            Doing::Step(agent, step) => self.step_done(&agent, step),
            Doing::Dial(request) => self.dialled(request, Ok(())),
        }
    }

    fn refused(&mut self, doing: Doing, token: Option<Token>, text: &str) {
        match doing {
            Doing::Status if token == Some(Token::NotRegistered) => self.alive(false),
            Doing::Status => self.unanswered(text),
            Doing::Step(agent, step) => {
                self.answered();
                self.step_refused(&agent, step, token, text);
            }
            Doing::Dial(request) => {
                self.answered();
                self.dialled(request, Err((token, text)));
            }
        }
    }

    fn failed(&mut self, doing: Doing, text: &str) {
        match doing {
            Doing::Status => {}
            Doing::Step(agent, step) => self.step_failed(&agent, step, text),
            Doing::Dial(request) => self.dialled(request, Err((None, text))),
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
