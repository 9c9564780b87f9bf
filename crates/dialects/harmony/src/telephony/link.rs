//! The connection to the bridge: made again after each loss, with pauses that grow.

use std::net::SocketAddr;

use model::Timestamp;
use session::{Backoff, FromStream, Link, ToStream};
use wire::frame::{Format, Reader};

use super::Telephony;
use crate::wire::{
    Envelope, Said,
    limits::{BACK_OFF, CONNECT},
};

/// The connection to the bridge.
#[derive(Debug)]
pub(super) struct Line {
    format: Format,
    state: State,
    backoff: Backoff,
}

#[derive(Debug)]
enum State {
    Resting(Timestamp),
    Calling(Link),
    Up { link: Link, from: SocketAddr, reader: Reader },
}

impl Line {
    pub(super) fn new(format: Format) -> Self {
        Self { format, state: State::Resting(Timestamp::default()), backoff: Backoff::new(&BACK_OFF) }
    }

    pub(super) fn is_up(&self) -> bool {
        self.link().is_some()
    }

    pub(super) fn link(&self) -> Option<Link> {
        match &self.state {
            State::Up { link, .. } => Some(*link),
            State::Resting(_) | State::Calling(_) => None,
        }
    }

    pub(super) fn from(&self) -> Option<SocketAddr> {
        match &self.state {
            State::Up { from, .. } => Some(*from),
            State::Resting(_) | State::Calling(_) => None,
        }
    }

    pub(super) fn resting_until(&self) -> Option<Timestamp> {
        match &self.state {
            State::Resting(until) => Some(*until),
            State::Calling(_) | State::Up { .. } => None,
        }
    }

    /// The connection is gone, or came to nothing. One on which the bridge spoke is made again after the shortest pause.
    fn rest(&mut self, now: Timestamp) {
        self.state = State::Resting(now + self.backoff.fail());
    }

    fn is(&self, link: Link) -> bool {
        match &self.state {
            State::Calling(known) | State::Up { link: known, .. } => *known == link,
            State::Resting(_) => false,
        }
    }
}

impl Telephony {
    pub(super) fn peer(&mut self, said: FromStream) {
        match said {
            FromStream::Connected { link, from } if self.line.is(link) => {
                let reader = Reader::new(self.line.format);
                self.line.state = State::Up { link, from, reader };
                tracing::info!(processor = %self.config.processor, "connected to the bridge");
            }
            FromStream::Received { link, bytes } if self.line.link() == Some(link) => self.received(&bytes),
            FromStream::Disconnected { link, why } if self.line.is(link) => {
                tracing::info!(processor = %self.config.processor, why, "not connected to the bridge");
                self.lost();
            }
            FromStream::Connected { .. } | FromStream::Received { .. } | FromStream::Disconnected { .. } => {}
        }
    }

    /// Calls the bridge, when it is time to.
    pub(super) fn call_up(&mut self) {
        let due = self.line.resting_until().is_some_and(|until| until <= self.out.now());
        if !due || !self.running || self.closing {
            return;
        }
        let link = Link(self.out.number());
        self.line.state = State::Calling(link);
        let to = self.config.server.clone();
        self.out.say(ToStream::Connect { link, to, timeout: CONNECT });
    }

    pub(super) fn hang_up(&mut self, why: &str) {
        if let Some(link) = self.line.link() {
            self.out.say(ToStream::Disconnect { link, why: why.to_owned() });
            self.lost();
        }
    }

    /// The bridge makes everything anew on the next connection (harmony.md §5).
    fn lost(&mut self) {
        self.line.rest(self.out.now());
        self.objects.clear();
        self.opens.clear();
        self.checks.clear();
        self.replies.clear();
    }

    fn received(&mut self, bytes: &[u8]) {
        if let State::Up { reader, .. } = &mut self.line.state {
            reader.push(bytes);
        }
        while let State::Up { reader, .. } = &mut self.line.state {
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
            Ok(Envelope { target, name, said: Said::Ask { id, query: _ }, body }) => {
                self.line.backoff.reset();
                self.asked(super::Asked { id, name, target }, &body);
            }
            Ok(envelope) => {
                tracing::debug!(name = %envelope.name, "a bridge sends queries and requests only: ignored");
            }
            Err(error) => {
                tracing::warn!(processor = %self.config.processor, %error, "unreadable message from the bridge");
                self.hang_up(&error.to_string());
            }
        }
    }
}
