//! What is known of the service, and how it is read from the service's WSDL.

use bytes::Bytes;
use http::{Request, Response, Uri};
use model::Timestamp;
use session::{Backoff, ConnectionReuse, Exchange, Timeouts, ToHttp};

use super::{TelephonySession, posts::QueuedNotification};
use crate::{
    Error,
    wire::{
        ServiceInfo, WsdlReader,
        limits::{ANSWER, CONNECT, LEARN_AGAIN},
    },
};

/// What is known of the service.
#[derive(Debug)]
pub(super) enum ServiceState {
    /// Nothing; the WSDL is requested at this time.
    Unknown { at: Timestamp, backoff: Backoff },
    /// The WSDL is being read.
    Requesting { exchange: Exchange, survey: Box<WsdlReader>, backoff: Backoff },
    /// Everything that a post needs.
    Known(ServiceInfo),
    /// The service cannot be used, for this reason.
    Refused(Error),
}

impl Default for ServiceState {
    fn default() -> Self {
        Self::Unknown { at: Timestamp::default(), backoff: Backoff::new(&LEARN_AGAIN) }
    }
}

impl ServiceState {
    pub(super) fn waits_for(&self, requested: Exchange) -> bool {
        matches!(self, Self::Requesting { exchange, .. } if *exchange == requested)
    }

    pub(super) fn refused(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) => Some(error),
            Self::Unknown { .. } | Self::Requesting { .. } | Self::Known(_) => None,
        }
    }

    pub(super) fn again_at(&self) -> Option<Timestamp> {
        match self {
            Self::Unknown { at, .. } => Some(*at),
            Self::Requesting { .. } | Self::Known(_) | Self::Refused(_) => None,
        }
    }
}

impl TelephonySession {
    /// Requests the WSDL when that is due. WCF has all of it in one document (`?singleWsdl`). Where that is not served, `?wsdl` names
    /// the documents with the rest.
    pub(super) fn request_wsdl(&mut self) {
        let ServiceState::Unknown { at, backoff } = self.service else { return };
        if at > self.out.now() || self.closing {
            return;
        }
        let query = if backoff.failures() % 2 == 0 { "singleWsdl" } else { "wsdl" };
        let Ok(first) = format!("{}?{query}", self.url).parse::<Uri>() else { return };
        let mut survey = WsdlReader::new(&first);
        if let Some(document) = survey.next_document() {
            self.request(document, survey, backoff);
        }
    }

    fn request(&mut self, document: Uri, survey: WsdlReader, backoff: Backoff) {
        let exchange = self.out.exchange();
        self.service = ServiceState::Requesting { exchange, survey: Box::new(survey), backoff };
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = document;
        let timeouts = Timeouts { connect: CONNECT, answer: ANSWER, reuse: ConnectionReuse::Resend };
        self.out.push(ToHttp::Request { exchange, request, timeouts });
    }

    /// A document of the WSDL arrived.
    pub(super) fn described(&mut self, response: &Response<Bytes>) {
        if !response.status().is_success() {
            return self.not_described(&format!("HTTP status {}", response.status()));
        }
        let ServiceState::Requesting { survey, backoff, .. } = std::mem::take(&mut self.service) else {
            return;
        };
        let mut survey = *survey;
        let taken = survey.take(response.body());
        match (taken, survey.next_document()) {
            (Err(error), _) => self.request_wsdl_later(backoff, &error.to_string()),
            (Ok(()), Some(document)) => self.request(document, survey, backoff),
            (Ok(()), None) => self.wsdl_read(survey, backoff),
        }
    }

    pub(super) fn not_described(&mut self, why: &str) {
        if let ServiceState::Requesting { backoff, .. } = self.service {
            self.request_wsdl_later(backoff, why);
        }
    }

    fn wsdl_read(&mut self, survey: WsdlReader, backoff: Backoff) {
        match survey.finish(self.config.soap.into()) {
            Ok(learned) => {
                self.last_failure.clear();
                self.service = ServiceState::Known(self.reachable(learned));
            }
            Err(error @ Error::SecurityContext { .. }) => {
                tracing::error!(%error, "the talisma service cannot be used");
                let why = error.to_string();
                self.service = ServiceState::Refused(error);
                let waiting: Vec<QueuedNotification> =
                    self.outboxes.values_mut().flat_map(|outbox| outbox.remove(|_| true)).collect();
                waiting.into_iter().for_each(|post| self.gave_up(post, &why));
            }
            Err(error) => self.request_wsdl_later(backoff, &error.to_string()),
        }
    }

    /// The address of a port. If the WSDL gives another host, as behind a proxy, the host that served the WSDL is used: a WSDL cannot send
    /// us to another host.
    fn reachable(&self, learned: ServiceInfo) -> ServiceInfo {
        let (there, here) = (&learned.address, &self.url);
        if there.authority() == here.authority() && there.scheme() == here.scheme() {
            return learned;
        }
        let path = learned.address.path_and_query().cloned();
        let mut parts = self.url.clone().into_parts();
        parts.path_and_query = path;
        let address = Uri::from_parts(parts).unwrap_or_else(|_| self.url.clone());
        ServiceInfo { address, ..learned }
    }

    fn request_wsdl_later(&mut self, mut backoff: Backoff, why: &str) {
        self.service_failed(&format!("its WSDL cannot be read: {why}"));
        self.service = ServiceState::Unknown { at: self.out.now() + backoff.fail(), backoff };
    }
}
