//! Writes the messages of an HTTP session in both directions.

use bytes::Bytes;
use http::{Method, Request, Response};
use model::Timestamp;
use session::{Failure, FromHttp, Http, Input, Output, Reason, Session, ToHttp};
use uwq::wire::{Event, Reply, redact};

use super::entry::{Entry, Way};
use crate::output::Out;

/// Wraps a session and writes its messages.
pub(super) struct Recorder<S> {
    session: S,
    out: Out,
}

impl<S: Session<Transport = Http>> Recorder<S> {
    /// Wraps `session`.
    pub(super) fn new(session: S, out: Out) -> Self {
        Self { session, out }
    }

    fn write(&self, entry: &Entry) {
        // The session continues even when standard output is closed.
        let _ = self.out.one(entry, Entry::text);
    }
}

impl<S: Session<Transport = Http>> Session for Recorder<S> {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        if let Input::Peer(message) = &input {
            received(message).iter().for_each(|entry| self.write(entry));
        }
        self.session.handle(now, input);
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        let output = self.session.poll()?;
        if let Output::Peer(message) = &output {
            sent(message).iter().for_each(|entry| self.write(entry));
        }
        Some(output)
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.session.deadline()
    }
}

fn received(message: &FromHttp) -> Vec<Entry> {
    let whats = match message {
        FromHttp::Request { request, .. } => request_text(request),
        FromHttp::Response { response, .. } => vec![response_text(response)],
        FromHttp::Failed { failure: Failure::NotSent(why), .. } => vec![format!("cannot connect: {why}")],
        FromHttp::Failed { failure: Failure::NoAnswer(why), .. } => vec![format!("no answer: {why}")],
    };
    whats.into_iter().map(|what| Entry { way: Way::In, what }).collect()
}

fn sent(message: &ToHttp) -> Vec<Entry> {
    let whats = match message {
        ToHttp::Request { request, .. } => request_text(request),
        ToHttp::Response { response, .. } => vec![response_text(response)],
    };
    whats.into_iter().map(|what| Entry { way: Way::Out, what }).collect()
}

/// A request as text: a callout without its password, or the events of a POST.
fn request_text(request: &Request<Bytes>) -> Vec<String> {
    if request.method() != Method::POST {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        return vec![format!("{} {}", request.method(), redact(target))];
    }
    match Event::parse(request.body()) {
        Ok(events) => events.iter().map(event).collect(),
        Err(error) => vec![format!("POST of {} bytes without an event: {error}", request.body().len())],
    }
}

fn event(event: &Event) -> String {
    let pairs = match event {
        Event::ScreenPop(pop) => {
            let known = [("occtSourceID", &pop.source), ("occtANI", &pop.ani), ("occtDNIS", &pop.dnis)];
            let more = pop.data.iter().map(|(name, value)| (name.as_str(), value));
            known.into_iter().chain(more).map(|(name, value)| format!(" {name}={value}")).collect()
        }
        Event::CallEstablished(source) | Event::CallReleased(source) => format!(" occtSourceID={source}"),
        Event::Error(text) => format!(" occtErrorMsg={text}"),
        Event::Other { data, .. } => data.iter().map(|(name, value)| format!(" {name}={value}")).collect(),
    };
    format!("{}{pairs}", event.name())
}

fn response_text(response: &Response<Bytes>) -> String {
    match Reply::parse(response) {
        Reply::Accepted => format!("{} accepted", response.status().as_u16()),
        Reply::Refused { text, .. } | Reply::Broken { text } => {
            format!("{} {text}", response.status().as_u16())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(requests: &[(Method, &str, &str)]) -> String {
        let request = |(method, target, body): &(Method, &str, &str)| {
            let request = Request::builder().method(method.clone()).uri(*target);
            request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
        };
        requests.iter().map(request).flat_map(|request| request_text(&request)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn callouts_are_written_without_their_password() {
        let login = "/?FunctionName=Login&telesetNumber=1001&agentID=7001&agentPassword=demo&agentQueue=7700";
        insta::assert_snapshot!(lines(&[(Method::GET, login, "")]), @"GET /?FunctionName=Login&telesetNumber=1001&agentID=7001&agentPassword=***&agentQueue=7700");
    }

    #[test]
    fn events_are_written_with_their_pairs() {
        let pop = Event::ScreenPop(uwq::wire::ScreenPop {
            source: "a-1".to_owned(),
            ani: "14155550100".to_owned(),
            dnis: "1001".to_owned(),
            data: vec![("AccountCode".to_owned(), "A-1".to_owned())],
        });
        let released = Event::CallReleased("a-1".to_owned());
        let posts = [pop.print(), released.print(), "hello".to_owned()];
        let posts: Vec<_> = posts.iter().map(|body| (Method::POST, "/", body.as_str())).collect();
        insta::assert_snapshot!(lines(&posts), @r"
        ScreenPop occtSourceID=a-1 occtANI=14155550100 occtDNIS=1001 AccountCode=A-1
        CallReleased occtSourceID=a-1
        POST of 5 bytes without an event: xml is not well-formed at byte 5: there is text outside of the root
        ");
    }

    #[test]
    fn answers_are_written_as_they_are_meant() {
        let refusal = uwq::wire::Refusal::new(uwq::wire::Token::LoginFailed, "wrong password");
        assert_eq!(response_text(&uwq::wire::refused(&refusal, false)), "200 LoginFailed: wrong password");
        assert_eq!(response_text(&Response::new(Bytes::new())), "200 accepted");
    }
}
