//! The connection of the client. There is one at a time; see `candidates` for how it is chosen.

use model::{SwitchEvent, Timestamp};
use session::{FromStream, Link, ToStream};
use wire::frame::Reader;

use super::{DeskSession, Phase, candidates::Candidate, sent_requests::Purpose};
use crate::wire::{
    Answer, BridgeRequest, ControlRequest, Envelope, MessageKind,
    limits::SILENCE,
    reply::Capabilities,
    words::{ServerStatus, Status},
};

/// The connection of the client.
#[derive(Debug, Default)]
pub(super) struct ClientConnection {
    up: Option<OpenConnection>,
}

#[derive(Debug)]
struct OpenConnection {
    link: Link,
    reader: Reader,
    /// When the last message of the client came.
    received_at: Timestamp,
    /// Whether a protocol violation was logged as a warning.
    protocol_violation: bool,
}

impl ClientConnection {
    pub(super) fn link(&self) -> Option<Link> {
        self.up.as_ref().map(|up| up.link)
    }
}

impl DeskSession {
    pub(super) fn peer(&mut self, message: FromStream) {
        match message {
            FromStream::Connected { link, from } => self.query_candidate(link, from),
            FromStream::Received { link, bytes } if self.connection.link() == Some(link) => {
                self.received(&bytes)
            }
            FromStream::Disconnected { link, why } if self.connection.link() == Some(link) => self.lost(&why),
            FromStream::Received { link, bytes } => self.candidate_received(link, &bytes),
            FromStream::Disconnected { link, why: _ } => self.candidate_left(link),
        }
    }

    /// Makes a candidate the client.
    pub(super) fn accept_client(&mut self, candidate: Candidate) {
        let Candidate { link, from, reader, status, capabilities, .. } = candidate;
        tracing::info!(processor = %self.config.processor, %from, "client connected");
        if let Some(Capabilities { vendor, version, .. }) = &capabilities {
            tracing::info!(processor = %self.config.processor, %vendor, %version, "client capabilities received");
        }
        self.connection.up =
            Some(OpenConnection { link, reader, received_at: self.out.now(), protocol_violation: false });
        self.phase = Phase::Greeting;
        (self.status, self.capabilities) = (status, capabilities);
        self.read_on();
    }

    pub(super) fn control(&mut self, bridge_request: ControlRequest, purpose: Purpose) {
        let target = self.control.clone();
        self.request(&target, &BridgeRequest::Control(bridge_request), purpose);
    }

    fn received(&mut self, bytes: &[u8]) {
        if let Some(up) = &mut self.connection.up {
            up.received_at = self.out.now();
            up.reader.push(bytes);
        }
        self.send_waiting_away();
        self.read_on();
    }

    fn read_on(&mut self) {
        while let Some(up) = &mut self.connection.up {
            match up.reader.next() {
                Ok(Some(contents)) if contents.is_empty() => {}
                Ok(Some(contents)) => self.message(&contents),
                Ok(None) => return,
                Err(error) => self.hang_up(&error.to_string()),
            }
        }
    }

    fn message(&mut self, contents: &[u8]) {
        match Envelope::parse(contents) {
            Ok(Envelope { target, name, kind, body }) => match kind {
                MessageKind::Event => self.event_came(&target, &name, &body),
                MessageKind::Response { id, answer } => {
                    let result = match answer {
                        Answer::Success => Ok(body),
                        Answer::Failure(text) => Err(text),
                    };
                    self.response_came(&id, &target, &name, result);
                }
                MessageKind::Request { .. } => {
                    self.protocol_violation(
                        &name,
                        &target,
                        "a client may send only responses and events; message ignored",
                    );
                }
            },
            Err(error) => self.hang_up(&error.to_string()),
        }
    }

    /// Logs a protocol violation of the client and continues. Only the first one on a connection is a warning, so the log does not grow with
    /// traffic.
    pub(super) fn protocol_violation(&mut self, name: &str, target: &str, what: &str) {
        let first = self
            .connection
            .up
            .as_mut()
            .is_some_and(|up| !std::mem::replace(&mut up.protocol_violation, true));
        if first {
            let processor = self.config.processor.as_str();
            tracing::warn!(
                processor,
                name,
                target,
                what,
                "protocol violation by the client; further ones are logged at debug level"
            );
        } else {
            tracing::debug!(name, target, what, "protocol violation by the client");
        }
    }

    pub(super) fn hang_up(&mut self, why: &str) {
        if let Some(link) = self.connection.link() {
            tracing::warn!(processor = %self.config.processor, why, "client connection closed");
            self.out.push(ToStream::Disconnect { link, why: why.to_owned() });
            self.lost(why);
        }
    }

    /// The client is gone. The hub keeps its calls until the next report of all calls.
    fn lost(&mut self, why: &str) {
        tracing::info!(processor = %self.config.processor, why, "client disconnected");
        self.connection.up = None;
        self.link_down(why);
        self.phase = Phase::Down;
        self.forget();
        (self.status, self.capabilities) = (None, None);
    }

    /// The client has reported its status, which includes that of its phone system.
    pub(super) fn status_received(&mut self, status: Status) {
        self.status = Some(status);
        if status != Status::Started && matches!(self.phase, Phase::Building | Phase::Up) {
            self.link_down(&format!("the client is {}", self.words.text(status)));
            self.dispose_sessions();
            self.phase = Phase::Greeting;
            self.forget();
        }
    }

    fn link_down(&mut self, why: &str) {
        if self.phase == Phase::Up {
            self.report(SwitchEvent::LinkDown { why: why.into() });
        }
        self.requests.refuse_all("connection lost", &mut self.out);
        self.resync_at = None;
    }

    fn forget(&mut self) {
        self.tree.clear();
        self.sent.clear();
        self.agents.restart();
    }

    /// When a silent client is queried for its status. If it does not answer, it is disconnected.
    pub(super) fn silent_at(&self) -> Option<Timestamp> {
        let up = self.connection.up.as_ref().filter(|_| !self.is_status_requested())?;
        Some(up.received_at + SILENCE)
    }

    /// Carries out everything that is due or has become possible.
    pub(super) fn advance(&mut self) {
        self.update_candidates();
        if self.silent_at().is_some_and(|at| at <= self.out.now()) {
            self.control(ControlRequest::Status, Purpose::Status);
        }
        let started = self.status == Some(Status::Started) && self.capabilities.is_some();
        if self.phase == Phase::Greeting && started {
            self.phase = Phase::Building;
        }
        if matches!(self.phase, Phase::Building | Phase::Up) && !self.closing {
            for agent in self.agents.take_queue() {
                self.begin_session(&agent);
                self.steer(&agent);
            }
        }
        if self.phase == Phase::Building && self.is_built() {
            self.phase = Phase::Up;
            self.report_all();
        }
        if self.resync_at.is_some_and(|at| at <= self.out.now()) && self.phase == Phase::Up {
            self.report_all();
        }
    }

    /// The node is stopping: reports this to the client and disconnects.
    pub(super) fn close(&mut self) {
        self.closing = true;
        self.dismiss(|_| true, "the node is stopping");
        if let Some(link) = self.connection.link() {
            self.control(ControlRequest::ServerStatus(ServerStatus::Shutdown), Purpose::Ignored);
            self.dispose_sessions();
            let why = "the node is stopping".to_owned();
            self.out.push(ToStream::Disconnect { link, why: why.clone() });
            self.lost(&why);
        }
    }
}
