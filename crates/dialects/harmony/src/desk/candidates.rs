//! Connections that may become the client. Each is queried for its status and capabilities. The first that answers both becomes the client.
//! Others get no further message, and above all no password.
//!
//! While there is a client, another connection that has answered waits. If the client is still alive, the connection is closed. If not, it
//! becomes the client.

use std::net::SocketAddr;

use compact_str::CompactString;
use model::Timestamp;
use session::{Link, ToStream};
use wire::frame::Reader;

use super::{DeskSession, bridge_requests::PrintedRequest, sent_requests::Purpose};
use crate::wire::{
    Answer, Body, BridgeRequest, ControlEvent, ControlRequest, Envelope, Event, MessageKind, Object,
    limits::{CANDIDATES_MAX, CHALLENGE, GREETING},
    reply::Capabilities,
    words::{EventName, Status},
};

/// A connection that may become the client.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) link: Link,
    pub(super) from: SocketAddr,
    pub(super) reader: Reader,
    /// The ID of the status request until it is answered.
    status_request: Option<CompactString>,
    pub(super) status: Option<Status>,
    capabilities_request: CompactString,
    pub(super) capabilities: Option<Capabilities>,
    /// Whether it has answered and waits for the client's place.
    waits: bool,
    /// When it is disconnected; or, if it waits, when it becomes the client.
    until: Timestamp,
}

impl Candidate {
    fn has_answered(&self) -> bool {
        self.status_request.is_none() && self.capabilities.is_some()
    }
}

impl DeskSession {
    /// Asks a new connection for its status and capabilities.
    pub(super) fn query_candidate(&mut self, link: Link, from: SocketAddr) {
        if self.closing {
            return self.disconnect(link, from, "the node is stopping");
        }
        if self.candidates.len() >= CANDIDATES_MAX {
            let oldest = self.candidates.remove(0);
            self.disconnect(oldest.link, oldest.from, "too many connections wait to become the client");
        }
        let control = self.control.clone();
        let print = |desk: &mut Self, request| desk.print_request(&control, &BridgeRequest::Control(request));
        let status = print(self, ControlRequest::Status);
        let capabilities = print(self, ControlRequest::Capabilities);
        let (Ok(status), Ok(capabilities)) = (status, capabilities) else {
            return self.disconnect(link, from, "message_bytes_max is too small for the first requests");
        };
        let (
            PrintedRequest { id: status_request, bytes: first },
            PrintedRequest { id: capabilities_request, bytes: second },
        ) = (status, capabilities);
        self.out.push(ToStream::Send { link, bytes: first });
        self.out.push(ToStream::Send { link, bytes: second });
        self.candidates.push(Candidate {
            link,
            from,
            reader: Reader::new(self.config.wire.format()),
            status_request: Some(status_request),
            status: None,
            capabilities_request,
            capabilities: None,
            waits: false,
            until: self.out.now() + GREETING,
        });
    }

    pub(super) fn candidate_received(&mut self, link: Link, bytes: &[u8]) {
        if let Some(candidate) = self.candidate(link) {
            candidate.reader.push(bytes);
        }
        while let Some(candidate) = self.candidate(link) {
            let taken = match candidate.reader.next() {
                Ok(Some(contents)) if contents.is_empty() => Ok(()),
                Ok(Some(contents)) => self.candidate_message(link, &contents),
                Ok(None) => break,
                Err(error) => Err(error.to_string()),
            };
            if let Err(why) = taken {
                self.dismiss(|candidate| candidate.link == link, &why);
            }
        }
        self.candidate_answered(link);
    }

    fn candidate_message(&mut self, link: Link, contents: &[u8]) -> Result<(), String> {
        let envelope = Envelope::parse(contents).map_err(|error| error.to_string())?;
        match &envelope.kind {
            MessageKind::Response { id, answer } => {
                let result = match answer {
                    Answer::Success => Ok(envelope.body),
                    Answer::Failure(text) => Err(text.clone()),
                };
                let Some(candidate) = self.candidates.iter_mut().find(|candidate| candidate.link == link)
                else {
                    return Ok(());
                };
                if candidate.status_request.as_ref() == Some(id) {
                    candidate.status_request = None;
                } else if candidate.capabilities_request == *id {
                    let read = result.and_then(|body| {
                        let body = Body::new(&self.words, &body);
                        body.and_then(Capabilities::read).map_err(|fault| fault.to_string())
                    });
                    let capabilities = read.unwrap_or_else(|why| {
                        tracing::warn!(from = %candidate.from, why, "the client did not tell its capabilities; those of a phone are assumed");
                        Capabilities::assumed()
                    });
                    candidate.capabilities = Some(capabilities);
                }
            }
            MessageKind::Event if envelope.target == self.control => {
                let status = self.status_in(&envelope);
                if let Some(candidate) = self.candidate(link) {
                    candidate.status = status.or(candidate.status);
                }
            }
            MessageKind::Event | MessageKind::Request { .. } => {
                tracing::debug!(name = %envelope.name, "message before the first responses ignored");
            }
        }
        Ok(())
    }

    fn status_in(&self, envelope: &Envelope) -> Option<Status> {
        let known = self.words.find::<EventName>(&envelope.name)?;
        match Body::new(&self.words, &envelope.body).and_then(|body| Event::read(known, body)) {
            Ok(Event::Control(ControlEvent::Status { status, message: _ })) => Some(status),
            Ok(_) | Err(_) => None,
        }
    }

    /// A connection has answered both requests: checks whether the client is still alive.
    fn candidate_answered(&mut self, link: Link) {
        let (now, taken) = (self.out.now(), self.connection.link().is_some());
        let Some(candidate) =
            self.candidate(link).filter(|candidate| candidate.has_answered() && !candidate.waits)
        else {
            return;
        };
        candidate.waits = true;
        candidate.until = now + CHALLENGE;
        if taken {
            tracing::debug!("another client has connected; asking the current one for its status");
            self.control(ControlRequest::Status, Purpose::Status);
        }
    }

    /// The client is still alive: closes the waiting connections.
    pub(super) fn send_waiting_away(&mut self) {
        self.dismiss(|candidate| candidate.waits, "another client is connected and alive");
    }

    /// Accepts a waiting connection if there is no client, and closes those that took too long.
    pub(super) fn update_candidates(&mut self) {
        let now = self.out.now();
        let late = |candidate: &&Candidate| candidate.until <= now;
        if self.candidates.iter().filter(late).any(|candidate| candidate.waits)
            && self.connection.link().is_some()
        {
            self.hang_up("silent while another client is waiting");
        }
        self.dismiss(|candidate| late(&candidate) && !candidate.waits, "no response to the first requests");
        if self.connection.link().is_none()
            && let Some(at) = self.candidates.iter().position(|candidate| candidate.waits)
        {
            let candidate = self.candidates.remove(at);
            self.accept_client(candidate);
            self.send_waiting_away();
        }
    }

    /// The earliest time limit of a candidate.
    pub(super) fn candidates_until(&self) -> Option<Timestamp> {
        self.candidates.iter().map(|candidate| candidate.until).min()
    }

    pub(super) fn candidate_left(&mut self, link: Link) {
        self.candidates.retain(|candidate| candidate.link != link);
    }

    pub(super) fn dismiss(&mut self, meets: impl Fn(&Candidate) -> bool, why: &str) {
        let gone: Vec<Candidate> = self.candidates.extract_if(.., |candidate| meets(candidate)).collect();
        gone.iter().for_each(|candidate| self.disconnect(candidate.link, candidate.from, why));
    }

    fn disconnect(&mut self, link: Link, from: SocketAddr, why: &str) {
        tracing::warn!(processor = %self.config.processor, %from, why, "client connection closed");
        self.out.push(ToStream::Disconnect { link, why: why.to_owned() });
    }

    fn candidate(&mut self, link: Link) -> Option<&mut Candidate> {
        self.candidates.iter_mut().find(|candidate| candidate.link == link)
    }
}
