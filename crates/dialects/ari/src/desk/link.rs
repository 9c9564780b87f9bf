//! The event socket: connecting and reconnecting.

use model::{SwitchEvent, Timestamp};
use session::{Failure, FromHttp, FromStream, Link, Reason, ToStream, transport::Either};

use super::{DeskSession, effects::Purpose, picture::StateReading};
use crate::wire::{
    Event, Op,
    limits::{AGAIN_AFTER_REPLACED, CONNECT_WITHIN, EVENTS_MAX, PING_EVERY},
};

/// The phase of the connection.
#[derive(Debug)]
pub(super) enum Phase {
    /// There is no connection.
    Idle,
    /// The next attempt is made at this time.
    Waiting { until: Timestamp },
    /// The socket is being connected.
    Connecting { link: Link },
    /// The socket is connected, and Asterisk's state is being read.
    Reading { link: Link, picture: StateReading },
    /// The switch is up for the hub.
    Up { link: Link },
}

impl Phase {
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Idle | Self::Waiting { .. } | Self::Connecting { .. } | Self::Up { .. } => 0,
            Self::Reading { picture, .. } => picture.held(),
        }
    }

    fn link(&self) -> Option<Link> {
        match self {
            Self::Idle | Self::Waiting { .. } => None,
            Self::Connecting { link } | Self::Reading { link, .. } | Self::Up { link } => Some(*link),
        }
    }
}

impl DeskSession {
    pub(super) fn start(&mut self) {
        self.out.push(session::ToHub::Subscribe);
        self.connect();
    }

    fn connect(&mut self) {
        let link = Link(self.out.number());
        let to = format!("{}/ari/events?app={}", self.config.base("ws"), self.config.application);
        self.out.push(ToStream::Connect { link, to, timeout: CONNECT_WITHIN });
        self.phase = Phase::Connecting { link };
    }

    pub(super) fn peer(&mut self, message: Either<FromHttp, FromStream>) {
        match message {
            Either::First(message) => self.http(message),
            Either::Second(message) => self.socket(message),
        }
    }

    fn http(&mut self, message: FromHttp) {
        match message {
            FromHttp::Response { exchange, response } => {
                self.answered(exchange, response.status(), response.body());
            }
            FromHttp::Failed { exchange, failure: Failure::NotSent(why) | Failure::NoAnswer(why) } => {
                self.unanswered(exchange, &why);
            }
            // Asterisk sends no HTTP requests.
            FromHttp::Request { exchange, .. } => self.out.respond_not_found(exchange),
        }
    }

    fn socket(&mut self, message: FromStream) {
        match message {
            FromStream::Connected { link, .. } => self.connected(link),
            FromStream::Received { link, bytes } if Some(link) == self.phase.link() => self.received(&bytes),
            FromStream::Disconnected { link, why } if Some(link) == self.phase.link() => self.down(&why),
            FromStream::Received { .. } | FromStream::Disconnected { .. } => {}
        }
    }

    fn connected(&mut self, link: Link) {
        if matches!(self.phase, Phase::Connecting { link: made } if made == link) {
            self.phase = Phase::Reading { link, picture: StateReading::default() };
            self.ping = self.out.now() + PING_EVERY;
            self.read_everything();
        } else {
            self.out.push(ToStream::Disconnect { link, why: "the connection is no longer needed".into() });
        }
    }

    fn received(&mut self, bytes: &[u8]) {
        let event = match serde_json::from_slice::<Event>(bytes) {
            Ok(event) => event,
            Err(error) => return tracing::debug!(%error, "invalid event from Asterisk ignored"),
        };
        match &mut self.phase {
            Phase::Reading { picture, .. } if picture.events.len() < EVENTS_MAX => picture.events.push(event),
            Phase::Reading { .. } => self.lose("too many events came while Asterisk's state was read"),
            Phase::Up { .. } => self.event(event),
            Phase::Idle | Phase::Waiting { .. } | Phase::Connecting { .. } => {}
        }
    }

    /// Another program has connected with this application name. This session gets no further events.
    pub(super) fn replaced(&mut self) {
        tracing::warn!(application = %self.config.application, "another program connected to Asterisk with this application name");
        self.lose("another program connected with this application name");
        self.phase = Phase::Waiting { until: self.out.now() + AGAIN_AFTER_REPLACED };
    }

    /// Closes the connection.
    pub(super) fn lose(&mut self, why: &str) {
        let Some(link) = self.phase.link() else { return };
        // A connection in progress is closed once it is made.
        if !matches!(self.phase, Phase::Connecting { .. }) {
            self.out.push(ToStream::Disconnect { link, why: why.into() });
        }
        self.down(why);
    }

    /// The connection is lost. Calls are kept, because they may continue in Asterisk.
    fn down(&mut self, why: &str) {
        let was_up = self.is_up();
        self.phase = match self.closing {
            true => Phase::Idle,
            false => Phase::Waiting { until: self.out.now() + self.backoff.fail() },
        };
        self.clear_requests();
        self.engine.lost("the connection to Asterisk was lost");
        self.carry_out_outputs();
        if was_up {
            tracing::info!(switch = %self.engine.numbering.switch, why, "Asterisk cannot be reached");
            self.report(SwitchEvent::LinkDown { why: why.into() });
        }
    }

    pub(super) fn close(&mut self) {
        self.closing = true;
        self.lose("the node is stopping");
        self.phase = Phase::Idle;
    }

    /// Carries out everything that is due.
    pub(super) fn advance(&mut self) {
        let now = self.out.now();
        match &self.phase {
            Phase::Waiting { until } if *until <= now => self.connect(),
            Phase::Up { .. } => {
                if self.ping <= now {
                    self.ping = now + PING_EVERY;
                    self.send(Op::Ping, Purpose::Ping);
                    if self.phones_at <= now {
                        self.read_phones();
                    }
                }
                self.engine.tick(now);
                self.carry_out_outputs();
            }
            Phase::Idle | Phase::Waiting { .. } | Phase::Connecting { .. } | Phase::Reading { .. } => {}
        }
    }

    pub(super) fn link_deadline(&self) -> Option<(Timestamp, Reason)> {
        match &self.phase {
            Phase::Waiting { until } => Some((*until, "Asterisk is to be connected to again")),
            Phase::Up { .. } => Some((self.ping, "Asterisk is to be asked whether it is there")),
            Phase::Idle | Phase::Connecting { .. } | Phase::Reading { .. } => None,
        }
    }
}
