//! Writes the messages of a Harmony session in both directions, without passwords and DTMF digits.

use bytes::Bytes;
use harmony::{
    WireConfig,
    wire::{Answer, Envelope, MessageKind, Words, redact},
};
use model::Timestamp;
use session::{FromStream, Input, Output, Reason, Session, Stream, ToStream};
use wire::frame::Reader;

use super::super::entry::{Entry, Way};
use crate::output::Out;

/// Wraps a session and writes its messages.
pub(super) struct Recorder<S> {
    session: S,
    out: Out,
    words: Words,
    received: Reader,
    sent: Reader,
}

impl<S: Session<Transport = Stream>> Recorder<S> {
    /// Wraps a session with the default message format.
    pub(super) fn new(session: S, out: Out) -> Self {
        let wire = WireConfig::default();
        let words = wire.words().unwrap_or_else(|error| unreachable!("the table is sound: {error}"));
        let reader = || Reader::new(wire.format());
        Self { session, out, words, received: reader(), sent: reader() }
    }

    fn receive(&mut self, message: &FromStream) {
        match message {
            FromStream::Connected { from, .. } => {
                let format = WireConfig::default().format();
                (self.received, self.sent) = (Reader::new(format), Reader::new(format));
                self.write(Way::In, format!("connected to {from}"));
            }
            FromStream::Received { bytes, .. } => {
                for line in lines(&mut self.received, bytes, &self.words) {
                    self.write(Way::In, line);
                }
            }
            FromStream::Disconnected { why, .. } => self.write(Way::In, format!("disconnected: {why}")),
        }
    }

    fn send(&mut self, message: &ToStream) {
        match message {
            ToStream::Connect { .. } => {}
            ToStream::Send { bytes, .. } => {
                for line in lines(&mut self.sent, bytes, &self.words) {
                    self.write(Way::Out, line);
                }
            }
            ToStream::Disconnect { why, .. } => self.write(Way::Out, format!("closes the connection: {why}")),
        }
    }

    fn write(&self, way: Way, what: String) {
        // The session continues even when standard output is closed.
        let _ = self.out.one(&Entry { way, what }, Entry::text);
    }
}

impl<S: Session<Transport = Stream>> Session for Recorder<S> {
    type Transport = Stream;

    fn handle(&mut self, now: Timestamp, input: Input<Stream>) {
        if let Input::Peer(message) = &input {
            self.receive(message);
        }
        self.session.handle(now, input);
    }

    fn poll(&mut self) -> Option<Output<Stream>> {
        let output = self.session.poll()?;
        if let Output::Peer(message) = &output {
            self.send(message);
        }
        Some(output)
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.session.deadline()
    }
}

/// The complete messages in the bytes so far.
fn lines(reader: &mut Reader, bytes: &Bytes, words: &Words) -> Vec<String> {
    reader.push(bytes);
    std::iter::from_fn(|| reader.next().ok().flatten()).map(|contents| line(&contents, words)).collect()
}

fn line(contents: &[u8], words: &Words) -> String {
    let shown = redact(contents, words);
    let Ok(Envelope { target, name, kind, body }) = Envelope::parse(shown.as_bytes()) else { return shown };
    let kind = match kind {
        MessageKind::Request { query: true, .. } => "query   ".to_owned(),
        MessageKind::Request { query: false, .. } => "request ".to_owned(),
        MessageKind::Response { answer: Answer::Success, .. } => "success ".to_owned(),
        MessageKind::Response { answer: Answer::Failure(why), .. } => {
            return format!("FAILURE  {target} {name}: {why}");
        }
        MessageKind::Event => "event   ".to_owned(),
    };
    let body =
        if body.as_object().is_some_and(|body| body.is_empty()) { String::new() } else { format!(" {body}") };
    format!("{kind} {target} {name}{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_written_without_their_password() {
        let words = WireConfig::default().words().unwrap();
        let query = br#"{"header":{"type":"cti.query","name":"control.query.validateagent","target":"DEMO.CONTROL","requestId":"1"},
            "body":{"id":"7001","password":"demo"}}"#;
        let refused =
            br#"{"header":{"type":"cti.response","name":"channel.request.dial","target":"t","requestId":"1",
            "result":"FAILURE","errorMessage":"invalid state"}}"#;
        let event = br#"{"header":{"type":"cti.event","name":"channel.ready","target":"t"},"body":{}}"#;
        let written =
            [&query[..], refused, event, b"hello"].map(|contents| line(contents, &words)).join("\n");
        insta::assert_snapshot!(written, @r#"
        query    DEMO.CONTROL control.query.validateagent {"id":"7001","password":"…"}
        FAILURE  t channel.request.dial: invalid state
        event    t channel.ready
        5 bytes that are not json
        "#);
    }
}
