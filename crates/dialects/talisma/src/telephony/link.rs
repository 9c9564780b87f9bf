//! What is known of the service, and how it comes to be known.

use bytes::Bytes;
use http::{Request, Response, Uri};
use model::Timestamp;
use session::{Backoff, ConnectionReuse, Exchange, Timeouts, ToHttp};

use super::{Telephony, posts::Post};
use crate::{
    Error,
    wire::{
        Learned, Survey,
        limits::{ANSWER, CONNECT, LEARN_AGAIN},
    },
};

/// What is known of the service.
#[derive(Debug)]
pub(super) enum Link {
    /// Nothing; its description is asked for at that time.
    Unknown { at: Timestamp, backoff: Backoff },
    /// Its description is being read.
    Asking { exchange: Exchange, survey: Box<Survey>, backoff: Backoff },
    /// Enough to post.
    Known(Learned),
    /// That nothing can be posted to it.
    Refused(Error),
}

impl Default for Link {
    fn default() -> Self {
        Self::Unknown { at: Timestamp::default(), backoff: Backoff::new(&LEARN_AGAIN) }
    }
}

impl Link {
    pub(super) fn asks(&self, asked: Exchange) -> bool {
        matches!(self, Self::Asking { exchange, .. } if *exchange == asked)
    }

    pub(super) fn refused(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) => Some(error),
            Self::Unknown { .. } | Self::Asking { .. } | Self::Known(_) => None,
        }
    }

    pub(super) fn again_at(&self) -> Option<Timestamp> {
        match self {
            Self::Unknown { at, .. } => Some(*at),
            Self::Asking { .. } | Self::Known(_) | Self::Refused(_) => None,
        }
    }
}

impl Telephony {
    /// Asks for the description, when it is time. One document has all of it with WCF; where it is not served, the other one has
    /// the rest in documents that it names.
    pub(super) fn learn(&mut self) {
        let Link::Unknown { at, backoff } = self.link else { return };
        if at > self.out.now() || self.closing {
            return;
        }
        let query = if backoff.failures() % 2 == 0 { "singleWsdl" } else { "wsdl" };
        let Ok(first) = format!("{}?{query}", self.url).parse::<Uri>() else { return };
        let mut survey = Survey::new(&first);
        if let Some(document) = survey.wanted() {
            self.ask(document, survey, backoff);
        }
    }

    fn ask(&mut self, document: Uri, survey: Survey, backoff: Backoff) {
        let exchange = self.out.exchange();
        self.link = Link::Asking { exchange, survey: Box::new(survey), backoff };
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = document;
        let timeouts = Timeouts { connect: CONNECT, answer: ANSWER, reuse: ConnectionReuse::Resend };
        self.out.say(ToHttp::Request { exchange, request, timeouts });
    }

    /// A document of the description came.
    pub(super) fn described(&mut self, response: &Response<Bytes>) {
        if !response.status().is_success() {
            return self.not_described(&format!("http status {}", response.status()));
        }
        let Link::Asking { survey, backoff, .. } = std::mem::take(&mut self.link) else { return };
        let mut survey = *survey;
        let taken = survey.take(response.body());
        match (taken, survey.wanted()) {
            (Err(error), _) => self.learn_again(backoff, &error.to_string()),
            (Ok(()), Some(document)) => self.ask(document, survey, backoff),
            (Ok(()), None) => self.learned(survey, backoff),
        }
    }

    pub(super) fn not_described(&mut self, why: &str) {
        if let Link::Asking { backoff, .. } = self.link {
            self.learn_again(backoff, why);
        }
    }

    fn learned(&mut self, survey: Survey, backoff: Backoff) {
        match survey.finish(self.config.soap.into()) {
            Ok(learned) => {
                self.trouble.clear();
                self.link = Link::Known(self.reachable(learned));
            }
            Err(error @ Error::SecurityContext { .. }) => {
                tracing::error!(%error, "nothing can be posted to the talisma service");
                let why = error.to_string();
                self.link = Link::Refused(error);
                let waiting: Vec<Post> =
                    self.outboxes.values_mut().flat_map(|outbox| outbox.remove(|_| true)).collect();
                waiting.into_iter().for_each(|post| self.gave_up(post, &why));
            }
            Err(error) => self.learn_again(backoff, &error.to_string()),
        }
    }

    /// A port that is described at another host, as behind a proxy, is looked for where the description was found: no description
    /// leads us elsewhere.
    fn reachable(&self, learned: Learned) -> Learned {
        let (there, here) = (&learned.address, &self.url);
        if there.authority() == here.authority() && there.scheme() == here.scheme() {
            return learned;
        }
        let path = learned.address.path_and_query().cloned();
        let mut parts = self.url.clone().into_parts();
        parts.path_and_query = path;
        let address = Uri::from_parts(parts).unwrap_or_else(|_| self.url.clone());
        Learned { address, ..learned }
    }

    fn learn_again(&mut self, mut backoff: Backoff, why: &str) {
        self.in_trouble(&format!("its wsdl cannot be read: {why}"));
        self.link = Link::Unknown { at: self.out.now() + backoff.fail(), backoff };
    }
}
