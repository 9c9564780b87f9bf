//! The connection to the bridge. It is made again after each loss, with growing pauses.

use std::net::SocketAddr;

use model::Timestamp;
use session::{Backoff, FromStream, Link, ToStream};
use wire::frame::{Format, Reader};

use super::TelephonySession;
use crate::wire::{
    Envelope, MessageKind,
    limits::{BACK_OFF, CONNECT},
};

/// The connection to the bridge.
#[derive(Debug)]
pub(super) struct BridgeConnection {
    format: Format,
    state: State,
    backoff: Backoff,
}

#[derive(Debug)]
enum State {
    Waiting(Timestamp),
    Connecting(Link),
    Up { link: Link, from: SocketAddr, reader: Reader },
}

impl BridgeConnection {
    pub(super) fn new(format: Format) -> Self {
        Self { format, state: State::Waiting(Timestamp::default()), backoff: Backoff::new(&BACK_OFF) }
    }

    pub(super) fn is_up(&self) -> bool {
        self.link().is_some()
    }

    pub(super) fn link(&self) -> Option<Link> {
        match &self.state {
            State::Up { link, .. } => Some(*link),
            State::Waiting(_) | State::Connecting(_) => None,
        }
    }

    pub(super) fn from(&self) -> Option<SocketAddr> {
        match &self.state {
            State::Up { from, .. } => Some(*from),
            State::Waiting(_) | State::Connecting(_) => None,
        }
    }

    pub(super) fn waiting_until(&self) -> Option<Timestamp> {
        match &self.state {
            State::Waiting(until) => Some(*until),
            State::Connecting(_) | State::Up { .. } => None,
        }
    }

    /// Schedules the next attempt. After a connection on which the bridge sent a message, the pause is the shortest one.
    fn schedule_reconnect(&mut self, now: Timestamp) {
        self.state = State::Waiting(now + self.backoff.fail());
    }

    fn is(&self, link: Link) -> bool {
        match &self.state {
            State::Connecting(known) | State::Up { link: known, .. } => *known == link,
            State::Waiting(_) => false,
        }
    }
}

impl TelephonySession {
    pub(super) fn peer(&mut self, message: FromStream) {
        match message {
            FromStream::Connected { link, from } if self.connection.is(link) => {
                let reader = Reader::new(self.connection.format);
                self.connection.state = State::Up { link, from, reader };
                tracing::info!(processor = %self.config.processor, "connected to the bridge");
            }
            FromStream::Received { link, bytes } if self.connection.link() == Some(link) => {
                self.received(&bytes)
            }
            FromStream::Disconnected { link, why } if self.connection.is(link) => {
                tracing::info!(processor = %self.config.processor, why, "disconnected from the bridge");
                self.lost();
            }
            FromStream::Connected { .. } | FromStream::Received { .. } | FromStream::Disconnected { .. } => {}
        }
    }

    /// Connects to the bridge if it is time.
    pub(super) fn connect_when_due(&mut self) {
        let due = self.connection.waiting_until().is_some_and(|until| until <= self.out.now());
        if !due || !self.running || self.closing {
            return;
        }
        let link = Link(self.out.number());
        self.connection.state = State::Connecting(link);
        let to = self.config.server.clone();
        self.out.push(ToStream::Connect { link, to, timeout: CONNECT });
    }

    pub(super) fn hang_up(&mut self, why: &str) {
        if let Some(link) = self.connection.link() {
            self.out.push(ToStream::Disconnect { link, why: why.to_owned() });
            self.lost();
        }
    }

    /// The connection is lost. The bridge creates all objects again on the next one (harmony.md §5).
    fn lost(&mut self) {
        self.connection.schedule_reconnect(self.out.now());
        self.objects.clear();
        self.pending.clear();
        self.checks.clear();
        self.replies.clear();
    }

    fn received(&mut self, bytes: &[u8]) {
        if let State::Up { reader, .. } = &mut self.connection.state {
            reader.push(bytes);
        }
        while let State::Up { reader, .. } = &mut self.connection.state {
            let contents = match reader.next() {
                Ok(Some(contents)) => contents,
                Ok(None) => return,
                Err(error) => return self.hang_up(&error.to_string()),
            };
            if !contents.is_empty() {
                self.message(&contents);
            }
        }
    }

    fn message(&mut self, contents: &[u8]) {
        match Envelope::parse(contents) {
            Ok(Envelope { target, name, kind: MessageKind::Request { id, query: _ }, body }) => {
                self.connection.backoff.reset();
                self.requested(super::RequestHeader { id, name, target }, &body);
            }
            Ok(envelope) => {
                tracing::debug!(name = %envelope.name, "a bridge may send only queries and requests; message ignored");
            }
            Err(error) => {
                tracing::warn!(processor = %self.config.processor, %error, "invalid message from the bridge; disconnecting");
                self.hang_up(&error.to_string());
            }
        }
    }
}
