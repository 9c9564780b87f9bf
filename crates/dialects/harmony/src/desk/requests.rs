//! The hub's requests to the switch. A repeated request is carried out once and answered each time.

use model::{CallId, RequestId, SwitchRequest};

use super::{DeskSession, services::Refusal};
use crate::wire::limits::OPEN_MAX;

impl DeskSession {
    pub(super) fn requested(&mut self, request: RequestId, requested: SwitchRequest) {
        if !self.requests.is_new(request, &mut self.out) {
            return;
        }
        if !self.is_up() || self.closing {
            return self.refuse(request, "the client cannot be reached");
        }
        if self.requests.open_len() >= OPEN_MAX {
            return self.refuse(request, "too many requests are already waiting for the client");
        }
        if requested == SwitchRequest::Snapshot {
            self.report_all();
            return self.done(request, None);
        }
        self.requests.open(request, None, None);
        if let Err(Refusal(text)) = self.serve(request, requested) {
            self.refuse(request, &text);
        }
    }

    /// Postpones the retrieval of a call until the other call has ended.
    pub(super) fn postpone(&mut self, request: RequestId, call: CallId) {
        self.requests.open(request, None, Some(call));
    }

    /// Takes the calls whose retrieval was postponed.
    pub(super) fn take_postponed(&mut self) -> Vec<(RequestId, CallId)> {
        let postponed = self.requests.iter_mut().filter_map(|(request, call)| Some((request, call.take()?)));
        postponed.collect()
    }

    pub(super) fn done(&mut self, request: RequestId, call: Option<CallId>) {
        self.requests.done(request, call, &mut self.out);
    }

    pub(super) fn refuse(&mut self, request: RequestId, text: &str) {
        self.requests.refuse(request, text, &mut self.out);
    }
}
