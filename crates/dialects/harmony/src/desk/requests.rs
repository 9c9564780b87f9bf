//! What the hub asks of the switch: done once, answered as often as it is asked.

use model::{CallId, RequestId, SwitchRequest};

use super::{Desk, services::Refusal};
use crate::wire::limits::OPEN_MAX;

impl Desk {
    pub(super) fn requested(&mut self, request: RequestId, asked: SwitchRequest) {
        if !self.requests.is_new(request, &mut self.out) {
            return;
        }
        if !self.is_up() || self.closing {
            return self.refuse(request, "the client cannot be reached");
        }
        if self.requests.open_len() >= OPEN_MAX {
            return self.refuse(request, "too many requests wait for the client already");
        }
        if asked == SwitchRequest::Snapshot {
            self.tell_all();
            return self.done(request, None);
        }
        self.requests.open(request, None, None);
        if let Err(Refusal(text)) = self.serve(request, asked) {
            self.refuse(request, &text);
        }
    }

    /// Has a call retrieved when the other one is gone.
    pub(super) fn postpone(&mut self, request: RequestId, call: CallId) {
        self.requests.open(request, None, Some(call));
    }

    /// Takes the calls that are still to be retrieved.
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
