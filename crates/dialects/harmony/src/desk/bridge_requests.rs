//! Sends queries and requests to the client and handles the responses.

use bytes::Bytes;
use compact_str::{CompactString, ToCompactString};
use serde_json::Value;
use session::ToStream;
use uuid::Uuid;

use super::{
    DeskSession,
    agents::KnownAvailability,
    sent_requests::{Purpose, SentRequest},
};
use crate::wire::{
    Body, BridgeRequest, Envelope, MessageKind, Object, limits::RESPONSE, reply::InteractionData,
};

/// A query or request that is ready to be sent.
pub(super) struct PrintedRequest {
    pub(super) id: CompactString,
    pub(super) bytes: Bytes,
}

impl DeskSession {
    /// Sends a query or request. `purpose` is the use of its response.
    pub(super) fn request(
        &mut self,
        target: &CompactString,
        bridge_request: &BridgeRequest,
        purpose: Purpose,
    ) {
        let Some(link) = self.connection.link() else { return };
        match self.print_request(target, bridge_request) {
            Ok(PrintedRequest { id, bytes }) => {
                if matches!(purpose, Purpose::Status) {
                    self.status_request = Some(id.clone());
                }
                let sent = SentRequest { name: bridge_request.name(), target: target.clone(), purpose };
                self.sent.open(id, self.out.now() + RESPONSE, sent);
                self.out.push(ToStream::Send { link, bytes });
            }
            Err(error) => {
                tracing::warn!(
                    name = self.words.text(bridge_request.name()),
                    error,
                    "query or request not sent"
                );
                self.responded(purpose, Err(error));
            }
        }
    }

    /// Encodes a query or request with a new ID.
    pub(super) fn print_request(
        &mut self,
        target: &CompactString,
        bridge_request: &BridgeRequest,
    ) -> Result<PrintedRequest, String> {
        let id = self.request_id();
        let name = bridge_request.name();
        let envelope = Envelope {
            target: target.clone(),
            name: self.words.text(name).into(),
            kind: MessageKind::Request { id: id.clone(), query: name.is_query() },
            body: bridge_request.body(&self.words),
        };
        let bytes = wire::frame::encode(self.config.wire.format(), &envelope.print());
        Ok(PrintedRequest { id, bytes: bytes.map_err(|error| error.to_string())? })
    }

    /// A new GUID: that of the process combined with a counter.
    fn request_id(&mut self) -> CompactString {
        let count = u128::from(self.out.number());
        Uuid::from_u128(self.instance.as_u128() ^ count).hyphenated().to_compact_string()
    }

    /// Whether a status request is unanswered.
    pub(super) fn is_status_requested(&self) -> bool {
        self.status_request.as_ref().is_some_and(|id| self.sent.contains(id))
    }

    /// Handles a response. Only its ID counts; another name may be an error in the documentation (harmony.md §2.2).
    pub(super) fn response_came(
        &mut self,
        id: &str,
        target: &CompactString,
        name: &CompactString,
        result: Result<Value, String>,
    ) {
        let Some(sent) = self.sent.close(&id.into()) else {
            return self.protocol_violation(name, target, "response to no open request; ignored");
        };
        if name != self.words.text(sent.name) || *target != sent.target {
            self.protocol_violation(name, target, "response with another name or target; matched by its ID");
        }
        self.responded(sent.purpose, result);
    }

    /// Ends the requests that the client has not answered in time.
    pub(super) fn expire_requests(&mut self) {
        while let Some((_, sent)) = self.sent.close_late(self.out.now()) {
            tracing::debug!(name = self.words.text(sent.name), target = %sent.target, "no response in time");
            if matches!(sent.purpose, Purpose::Status) {
                return self.hang_up("no response to the request for its status");
            }
            self.responded(sent.purpose, Err("timeout".to_owned()));
        }
    }

    fn responded(&mut self, purpose: Purpose, result: Result<Value, String>) {
        match purpose {
            Purpose::Status | Purpose::Ignored => {}
            Purpose::Validate(agent) => self.validated(&agent, result),
            Purpose::Info(agent) => self.agent_info_received(&agent, result),
            Purpose::Create(target) => self.created(&target, result),
            Purpose::Init(target) => self.initialised(&target, result),
            Purpose::Activate(agent) => self.activated(&agent, result),
            Purpose::Ready(agent) => self.state_change_answered(&agent, KnownAvailability::Ready, result),
            Purpose::NotReady(agent, reason) => {
                self.state_change_answered(&agent, KnownAvailability::NotReady(reason), result);
            }
            Purpose::Logout(agent) => self.logged_out(&agent, result.is_ok()),
            Purpose::Data(target) => {
                if let Ok(InteractionData { data }) = self.read(result) {
                    self.data_received(&target, &data);
                }
            }
            Purpose::SetData(target, names) => self.data_set(&target, &names, result.is_ok()),
            Purpose::Service(request, service) => self.served(request, service, result),
        }
    }

    /// Reads the body of a response. An invalid body counts as a failure.
    pub(super) fn read<T: Object>(&self, result: Result<Value, String>) -> Result<T, String> {
        let body = result?;
        Body::new(&self.words, &body).and_then(T::read).map_err(|fault| fault.to_string())
    }
}
