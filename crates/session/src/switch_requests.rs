//! Requests of the hub to a session that is a switch.

use model::{CallId, Cause, RequestId, SwitchAnswer, Timestamp};

use crate::{Outputs, Recent, RequestBook, ToHub, Transport};

/// The most answers that are kept. Our choice.
const ANSWERS_MAX: usize = 1_024;

/// Requests of the hub. Each is carried out once, and answered as often as the hub sends it. `T` is the data that a
/// session keeps for an open request.
#[derive(Debug)]
pub struct SwitchRequests<T> {
    open: RequestBook<RequestId, T>,
    answers: Recent<RequestId, SwitchAnswer>,
}

impl<T> Default for SwitchRequests<T> {
    fn default() -> Self {
        Self { open: RequestBook::default(), answers: Recent::new(ANSWERS_MAX) }
    }
}

impl<T> SwitchRequests<T> {
    /// Whether a request must be carried out. A request that was already answered gets the same answer again; an open
    /// one waits for its answer.
    pub fn is_new(&self, request: RequestId, out: &mut Outputs<impl Transport>) -> bool {
        if let Some(answer) = self.answers.get(&request).cloned() {
            out.push(ToHub::SwitchAnswer { request, answer });
            return false;
        }
        !self.open.contains(&request)
    }

    /// Keeps a request until it is answered.
    pub fn open(&mut self, request: RequestId, until: impl Into<Option<Timestamp>>, what: T) {
        self.open.open(request, until, what);
    }

    /// The open requests, the oldest first, because IDs ascend.
    pub fn iter(&self) -> impl Iterator<Item = (RequestId, &T)> {
        self.open.iter().map(|(request, what)| (*request, what))
    }

    /// The open requests with mutable data.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (RequestId, &mut T)> {
        self.open.iter_mut().map(|(request, what)| (*request, what))
    }

    /// Answers a request. Returns its data.
    pub fn answer(
        &mut self,
        request: RequestId,
        answer: SwitchAnswer,
        out: &mut Outputs<impl Transport>,
    ) -> Option<T> {
        self.answers.put(request, answer.clone());
        out.push(ToHub::SwitchAnswer { request, answer });
        self.open.close(&request)
    }

    /// Answers that a request was carried out.
    pub fn done(
        &mut self,
        request: RequestId,
        call: Option<CallId>,
        out: &mut Outputs<impl Transport>,
    ) -> Option<T> {
        self.answer(request, SwitchAnswer::Done { call }, out)
    }

    /// Refuses a request.
    pub fn refuse(&mut self, request: RequestId, text: &str, out: &mut Outputs<impl Transport>) -> Option<T> {
        self.answer(request, SwitchAnswer::Refused { cause: Cause::Failed, text: text.into() }, out)
    }

    /// Refuses all open requests.
    pub fn refuse_all(&mut self, text: &str, out: &mut Outputs<impl Transport>) {
        let open: Vec<RequestId> = self.open.iter().map(|(request, _)| *request).collect();
        for request in open {
            self.refuse(request, text, out);
        }
    }

    /// Refuses the open requests whose deadline has passed.
    pub fn refuse_late(&mut self, text: &str, out: &mut Outputs<impl Transport>) {
        while let Some((request, _)) = self.open.close_late(out.now()) {
            self.refuse(request, text, out);
        }
    }

    /// The first deadline of an open request.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.open.deadline()
    }

    /// How many requests are open.
    pub fn open_len(&self) -> usize {
        self.open.len()
    }

    /// How many requests are open or remembered.
    pub fn len(&self) -> usize {
        self.open.len() + self.answers.len()
    }

    /// Whether no request is open or remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Http, Output};

    fn answers(out: &mut Outputs<Http>) -> Vec<(u64, bool)> {
        let answers = std::iter::from_fn(|| out.poll()).map(|output| {
            let Output::Hub(ToHub::SwitchAnswer { request, answer }) = output else { panic!("{output:?}") };
            (request.0, matches!(answer, SwitchAnswer::Done { .. }))
        });
        answers.collect()
    }

    #[test]
    fn a_request_is_carried_out_once_and_answered_as_often_as_it_is_sent() {
        let (mut requests, mut out) = (SwitchRequests::default(), Outputs::default());
        assert!(requests.is_new(RequestId(1), &mut out));
        requests.open(RequestId(1), None, "dial");
        assert!(!requests.is_new(RequestId(1), &mut out));
        assert_eq!(answers(&mut out), []);
        assert_eq!(requests.done(RequestId(1), None, &mut out), Some("dial"));
        assert!(!requests.is_new(RequestId(1), &mut out));
        assert_eq!(answers(&mut out), [(1, true), (1, true)]);
    }

    #[test]
    fn what_nobody_answers_is_refused() {
        let (mut requests, mut out) = (SwitchRequests::default(), Outputs::default());
        requests.open(RequestId(1), Timestamp(10), ());
        requests.open(RequestId(2), Timestamp(20), ());
        out.note(Timestamp(10));
        requests.refuse_late("late", &mut out);
        assert_eq!((answers(&mut out), requests.deadline()), (vec![(1, false)], Some(Timestamp(20))));
        requests.refuse_all("gone", &mut out);
        assert_eq!((answers(&mut out), requests.open_len()), (vec![(2, false)], 0));
    }
}
