//! The client's connection: one at a time, watched, and lost. Who becomes the client: see `guests`.

use model::{SwitchEvent, Timestamp};
use session::{FromStream, Link, ToStream};
use wire::frame::Reader;

use super::{Desk, Phase, guests::Guest, sent::Doing};
use crate::wire::{
    Answer, Ask, ControlAsk, Envelope, Said,
    limits::SILENCE,
    reply::Capabilities,
    words::{ServerStatus, Status},
};

/// The client's connection.
#[derive(Debug, Default)]
pub(super) struct Line {
    up: Option<Up>,
}

#[derive(Debug)]
struct Up {
    link: Link,
    reader: Reader,
    /// When the client was heard last.
    heard: Timestamp,
    /// The client has not kept to the protocol, and a person was told so.
    slipped: bool,
}

impl Line {
    pub(super) fn link(&self) -> Option<Link> {
        self.up.as_ref().map(|up| up.link)
    }
}

impl Desk {
    pub(super) fn peer(&mut self, said: FromStream) {
        match said {
            FromStream::Connected { link, from } => self.greet(link, from),
            FromStream::Received { link, bytes } if self.line.link() == Some(link) => self.received(&bytes),
            FromStream::Disconnected { link, why } if self.line.link() == Some(link) => self.lost(&why),
            FromStream::Received { link, bytes } => self.guest_said(link, &bytes),
            FromStream::Disconnected { link, why: _ } => self.guest_left(link),
        }
    }

    /// Somebody has answered the first requests and is the client from here on.
    pub(super) fn let_in(&mut self, guest: Guest) {
        let Guest { link, from, reader, status, capabilities, .. } = guest;
        tracing::info!(processor = %self.config.processor, %from, "client connected");
        if let Some(Capabilities { vendor, version, .. }) = &capabilities {
            tracing::info!(processor = %self.config.processor, %vendor, %version, "client introduced");
        }
        self.line.up = Some(Up { link, reader, heard: self.out.now(), slipped: false });
        self.phase = Phase::Greeting;
        (self.status, self.capabilities) = (status, capabilities);
        self.read_on();
    }

    pub(super) fn control(&mut self, ask: ControlAsk, doing: Doing) {
        let target = self.control.clone();
        self.ask(&target, &Ask::Control(ask), doing);
    }

    fn received(&mut self, bytes: &[u8]) {
        if let Some(up) = &mut self.line.up {
            up.heard = self.out.now();
            up.reader.push(bytes);
        }
        self.send_waiting_away();
        self.read_on();
    }

    fn read_on(&mut self) {
        while let Some(up) = &mut self.line.up {
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
            Ok(Envelope { target, name, said, body }) => match said {
                Said::Event => self.event_came(&target, &name, &body),
                Said::Response { id, answer } => {
                    let result = match answer {
                        Answer::Success => Ok(body),
                        Answer::Failure(text) => Err(text),
                    };
                    self.response_came(&id, &target, &name, result);
                }
                Said::Ask { .. } => {
                    self.slipped(&name, &target, "a client sends responses and events only: ignored");
                }
            },
            Err(error) => self.hang_up(&error.to_string()),
        }
    }

    /// The client does not keep to the protocol, and goes on. The first time on a connection is a warning; more would grow with its traffic.
    pub(super) fn slipped(&mut self, name: &str, target: &str, what: &str) {
        let first = self.line.up.as_mut().is_some_and(|up| !std::mem::replace(&mut up.slipped, true));
        if first {
            let processor = self.config.processor.as_str();
            tracing::warn!(
                processor,
                name,
                target,
                what,
                "slip of the client; more of them are told at debug"
            );
        } else {
            tracing::debug!(name, target, what, "slip of the client");
        }
    }

    pub(super) fn hang_up(&mut self, why: &str) {
        if let Some(link) = self.line.link() {
            tracing::warn!(processor = %self.config.processor, why, "client sent away");
            self.out.say(ToStream::Disconnect { link, why: why.to_owned() });
            self.lost(why);
        }
    }

    /// Nothing of the client's is known any longer; the hub keeps its calls until they can be compared.
    fn lost(&mut self, why: &str) {
        tracing::info!(processor = %self.config.processor, why, "client disconnected");
        self.line.up = None;
        self.link_down(why);
        self.phase = Phase::Down;
        self.forget();
        (self.status, self.capabilities) = (None, None);
    }

    /// The client stands otherwise, above all with its phone system.
    pub(super) fn status_came(&mut self, status: Status) {
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
            self.tell(SwitchEvent::LinkDown { why: why.into() });
        }
        self.requests.refuse_all("connection lost", &mut self.out);
        self.doubt = None;
    }

    fn forget(&mut self) {
        self.tree.clear();
        self.sent.clear();
        self.agents.restart();
    }

    /// When the client will have been silent for long. It is asked for its status then, and gone if it does not answer.
    pub(super) fn silent_at(&self) -> Option<Timestamp> {
        let up = self.line.up.as_ref().filter(|_| !self.asks_for_status())?;
        Some(up.heard + SILENCE)
    }

    /// Does what is due, and what has become possible.
    pub(super) fn advance(&mut self) {
        self.look_after_guests();
        if self.silent_at().is_some_and(|at| at <= self.out.now()) {
            self.control(ControlAsk::Status, Doing::Status);
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
            self.tell_all();
        }
        if self.doubt.is_some_and(|at| at <= self.out.now()) && self.phase == Phase::Up {
            self.tell_all();
        }
    }

    /// The node is going to stop: tells the client and leaves.
    pub(super) fn close(&mut self) {
        self.closing = true;
        self.dismiss(|_| true, "the node is going to stop");
        if let Some(link) = self.line.link() {
            self.control(ControlAsk::ServerStatus(ServerStatus::Shutdown), Doing::Ignored);
            self.dispose_sessions();
            let why = "the node is going to stop".to_owned();
            self.out.say(ToStream::Disconnect { link, why: why.clone() });
            self.lost(&why);
        }
    }
}
