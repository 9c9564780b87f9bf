//! Asking the client, and what its responses are for.

use bytes::Bytes;
use compact_str::{CompactString, ToCompactString};
use serde_json::Value;
use session::ToStream;
use uuid::Uuid;

use super::{
    Desk,
    agents::Known,
    sent::{Doing, Sent},
};
use crate::wire::{Ask, Body, Envelope, Object, Said, limits::RESPONSE, reply::InteractionData};

/// A query or a request that is ready to be sent.
pub(super) struct Asked {
    pub(super) id: CompactString,
    pub(super) bytes: Bytes,
}

impl Desk {
    /// Sends a query or a request; its response is for `doing`.
    pub(super) fn ask(&mut self, target: &CompactString, ask: &Ask, doing: Doing) {
        let Some(link) = self.line.link() else { return };
        match self.print_ask(target, ask) {
            Ok(Asked { id, bytes }) => {
                if matches!(doing, Doing::Status) {
                    self.status_request = Some(id.clone());
                }
                let sent = Sent { name: ask.name(), target: target.clone(), doing };
                self.sent.open(id, self.out.now() + RESPONSE, sent);
                self.out.say(ToStream::Send { link, bytes });
            }
            Err(error) => {
                tracing::warn!(name = self.words.text(ask.name()), error, "message not sent");
                self.responded(doing, Err(error));
            }
        }
    }

    /// A query or a request as it goes out, under an id of its own.
    pub(super) fn print_ask(&mut self, target: &CompactString, ask: &Ask) -> Result<Asked, String> {
        let id = self.request_id();
        let name = ask.name();
        let envelope = Envelope {
            target: target.clone(),
            name: self.words.text(name).into(),
            said: Said::Ask { id: id.clone(), query: name.is_query() },
            body: ask.body(&self.words),
        };
        let bytes = wire::frame::encode(self.config.wire.format(), &envelope.print());
        Ok(Asked { id, bytes: bytes.map_err(|error| error.to_string())? })
    }

    /// A GUID that was never used before: the process's own, with a count in it.
    fn request_id(&mut self) -> CompactString {
        let count = u128::from(self.out.number());
        Uuid::from_u128(self.instance.as_u128() ^ count).hyphenated().to_compact_string()
    }

    /// Whether a request for the client's status has no response yet.
    pub(super) fn asks_for_status(&self) -> bool {
        self.status_request.as_ref().is_some_and(|id| self.sent.contains(id))
    }

    /// Takes a response. Its id alone says what it is for; another name may be the documentation's own slip (harmony.md §2.2).
    pub(super) fn response_came(
        &mut self,
        id: &str,
        target: &CompactString,
        name: &CompactString,
        result: Result<Value, String>,
    ) {
        let Some(sent) = self.sent.close(&id.into()) else {
            return self.slipped(name, target, "response to nothing, or too late: ignored");
        };
        if name != self.words.text(sent.name) || *target != sent.target {
            self.slipped(name, target, "response with another name or target: taken by its id");
        }
        self.responded(sent.doing, result);
    }

    /// Gives up on what the client has not answered.
    pub(super) fn run_out(&mut self) {
        while let Some((_, sent)) = self.sent.close_late(self.out.now()) {
            tracing::debug!(name = self.words.text(sent.name), target = %sent.target, "no response in time");
            if matches!(sent.doing, Doing::Status) {
                return self.hang_up("no response to the request for its status");
            }
            self.responded(sent.doing, Err("timeout".to_owned()));
        }
    }

    fn responded(&mut self, doing: Doing, result: Result<Value, String>) {
        match doing {
            Doing::Status | Doing::Ignored => {}
            Doing::Validate(agent) => self.validated(&agent, result),
            Doing::Info(agent) => self.informed(&agent, result),
            Doing::Create(target) => self.created(&target, result),
            Doing::Init(target) => self.initialised(&target, result),
            Doing::Activate(agent) => self.activated(&agent, result),
            Doing::Ready(agent) => self.steered(&agent, Known::Ready, result),
            Doing::NotReady(agent, reason) => {
                self.steered(&agent, Known::NotReady(reason), result);
            }
            Doing::Logout(agent) => self.logged_out(&agent, result.is_ok()),
            Doing::Data(target) => {
                if let Ok(InteractionData { data }) = self.read(result) {
                    self.data_came(&target, &data);
                }
            }
            Doing::SetData(target, names) => self.data_set(&target, &names, result.is_ok()),
            Doing::Service(request, service) => self.served(request, service, result),
        }
    }

    /// Reads the body of a response; one that cannot be understood is a failure.
    pub(super) fn read<T: Object>(&self, result: Result<Value, String>) -> Result<T, String> {
        let body = result?;
        Body::new(&self.words, &body).and_then(T::read).map_err(|fault| fault.to_string())
    }
}
