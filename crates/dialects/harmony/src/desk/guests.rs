//! Clients that have connected and not yet shown that they are one. Each is asked how it stands and what it can do; the first that answers
//! both becomes the client. Nobody else is told anything, above all no password.
//!
//! While there is a client, another one that has answered waits until that client is heard again, and is then sent away; or takes its place
//! when it is not.

use std::net::SocketAddr;

use compact_str::CompactString;
use model::Timestamp;
use session::{Link, ToStream};
use wire::frame::Reader;

use super::{Desk, asks::Asked, sent::Doing};
use crate::wire::{
    Answer, Ask, Body, ControlAsk, ControlEvent, Envelope, Event, Object, Said,
    limits::{CHALLENGE, GREETING, GUESTS_MAX},
    reply::Capabilities,
    words::{EventName, Status},
};

/// A connection that has yet to become the client's.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) link: Link,
    pub(super) from: SocketAddr,
    pub(super) reader: Reader,
    /// The request for its status, until it is answered.
    status_asked: Option<CompactString>,
    pub(super) status: Option<Status>,
    capabilities_asked: CompactString,
    pub(super) capabilities: Option<Capabilities>,
    /// It has answered, and waits whether the client does.
    waits: bool,
    /// When it is sent away; or, when it waits, takes the client's place.
    until: Timestamp,
}

impl Guest {
    fn has_answered(&self) -> bool {
        self.status_asked.is_none() && self.capabilities.is_some()
    }
}

impl Desk {
    /// Greets somebody who has connected.
    pub(super) fn greet(&mut self, link: Link, from: SocketAddr) {
        if self.closing {
            return self.send_away(link, from, "the node is going to stop");
        }
        if self.guests.len() >= GUESTS_MAX {
            let oldest = self.guests.remove(0);
            self.send_away(oldest.link, oldest.from, "too many clients connect at once");
        }
        let control = self.control.clone();
        let ask = |desk: &mut Self, ask| desk.print_ask(&control, &Ask::Control(ask));
        let status = ask(self, ControlAsk::Status);
        let capabilities = ask(self, ControlAsk::Capabilities);
        let (Ok(status), Ok(capabilities)) = (status, capabilities) else {
            return self.send_away(link, from, "the first requests are longer than a message may be");
        };
        let (Asked { id: status_asked, bytes: first }, Asked { id: capabilities_asked, bytes: second }) =
            (status, capabilities);
        self.out.say(ToStream::Send { link, bytes: first });
        self.out.say(ToStream::Send { link, bytes: second });
        self.guests.push(Guest {
            link,
            from,
            reader: Reader::new(self.config.wire.format()),
            status_asked: Some(status_asked),
            status: None,
            capabilities_asked,
            capabilities: None,
            waits: false,
            until: self.out.now() + GREETING,
        });
    }

    pub(super) fn guest_said(&mut self, link: Link, bytes: &[u8]) {
        if let Some(guest) = self.guest(link) {
            guest.reader.push(bytes);
        }
        while let Some(guest) = self.guest(link) {
            let taken = match guest.reader.next() {
                Ok(Some(contents)) if contents.is_empty() => Ok(()),
                Ok(Some(contents)) => self.guest_message(link, &contents),
                Ok(None) => break,
                Err(error) => Err(error.to_string()),
            };
            if let Err(why) = taken {
                self.dismiss(|guest| guest.link == link, &why);
            }
        }
        self.guest_answered(link);
    }

    fn guest_message(&mut self, link: Link, contents: &[u8]) -> Result<(), String> {
        let envelope = Envelope::parse(contents).map_err(|error| error.to_string())?;
        match &envelope.said {
            Said::Response { id, answer } => {
                let result = match answer {
                    Answer::Success => Ok(envelope.body),
                    Answer::Failure(text) => Err(text.clone()),
                };
                let Some(guest) = self.guests.iter_mut().find(|guest| guest.link == link) else {
                    return Ok(());
                };
                if guest.status_asked.as_ref() == Some(id) {
                    guest.status_asked = None;
                } else if guest.capabilities_asked == *id {
                    let read = result.and_then(|body| {
                        let body = Body::new(&self.words, &body);
                        body.and_then(Capabilities::read).map_err(|fault| fault.to_string())
                    });
                    let unclear = |why: String| format!("the client does not say what it can do: {why}");
                    guest.capabilities = Some(read.map_err(unclear)?);
                }
            }
            Said::Event if envelope.target == self.control => {
                let status = self.status_in(&envelope);
                if let Some(guest) = self.guest(link) {
                    guest.status = status.or(guest.status);
                }
            }
            Said::Event | Said::Ask { .. } => {
                tracing::debug!(name = %envelope.name, "said before the first requests were answered: ignored");
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

    /// Somebody has answered: becomes the client, or waits whether the client answers too.
    fn guest_answered(&mut self, link: Link) {
        let (now, taken) = (self.out.now(), self.line.link().is_some());
        let Some(guest) = self.guest(link).filter(|guest| guest.has_answered() && !guest.waits) else {
            return;
        };
        guest.waits = true;
        guest.until = now + CHALLENGE;
        if taken {
            tracing::debug!("another client has connected: the client is asked whether it lives");
            self.control(ControlAsk::Status, Doing::Status);
        }
    }

    /// The client was heard while others wait for its place.
    pub(super) fn send_waiting_away(&mut self) {
        self.dismiss(|guest| guest.waits, "another client is connected");
    }

    /// Lets somebody in where there is no client, and ends what has lasted too long.
    pub(super) fn look_after_guests(&mut self) {
        let now = self.out.now();
        let late = |guest: &&Guest| guest.until <= now;
        if self.guests.iter().filter(late).any(|guest| guest.waits) && self.line.link().is_some() {
            self.hang_up("silent while another client waits");
        }
        self.dismiss(|guest| late(&guest) && !guest.waits, "no answer to the first requests");
        if self.line.link().is_none()
            && let Some(at) = self.guests.iter().position(|guest| guest.waits)
        {
            let guest = self.guests.remove(at);
            self.let_in(guest);
            self.send_waiting_away();
        }
    }

    /// When somebody has waited, or been silent, for too long.
    pub(super) fn guests_until(&self) -> Option<Timestamp> {
        self.guests.iter().map(|guest| guest.until).min()
    }

    pub(super) fn guest_left(&mut self, link: Link) {
        self.guests.retain(|guest| guest.link != link);
    }

    pub(super) fn dismiss(&mut self, meets: impl Fn(&Guest) -> bool, why: &str) {
        let gone: Vec<Guest> = self.guests.extract_if(.., |guest| meets(guest)).collect();
        gone.iter().for_each(|guest| self.send_away(guest.link, guest.from, why));
    }

    fn send_away(&mut self, link: Link, from: SocketAddr, why: &str) {
        tracing::warn!(processor = %self.config.processor, %from, why, "client sent away");
        self.out.say(ToStream::Disconnect { link, why: why.to_owned() });
    }

    fn guest(&mut self, link: Link) -> Option<&mut Guest> {
        self.guests.iter_mut().find(|guest| guest.link == link)
    }
}
