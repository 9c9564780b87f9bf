//! State that every session has: queued outputs, the current time, and a counter for IDs.

use std::collections::VecDeque;

use model::{
    AgentId, Code, Command, CommandId, InteractionId, Notice, NoticeLevel, Origin, Principal, Timestamp, Verb,
};
use uuid::Uuid;

use crate::{Exchange, Output, Page, PageOutput, Pages, Reason, Ticket, ToHttp, ToHub, ToPage, Transport};

/// The queued outputs of a session in order, the current time, and a counter for IDs.
#[derive(Debug)]
pub struct Outputs<T: Transport> {
    queue: VecDeque<Output<T>>,
    now: Timestamp,
    count: u64,
}

impl<T: Transport> Default for Outputs<T> {
    fn default() -> Self {
        Self { queue: VecDeque::new(), now: Timestamp::default(), count: 0 }
    }
}

impl<T: Transport> Outputs<T> {
    /// Sets the current time. It never goes back.
    pub fn note(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A new number, from 1.
    pub fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// A new ID for a request.
    pub fn exchange(&mut self) -> Exchange {
        Exchange(self.number())
    }

    /// A new ID for an authentication request.
    pub fn ticket(&mut self) -> Ticket {
        Ticket(self.number())
    }

    /// A new ID for a command. `instance` must differ between processes, so that IDs are unique.
    pub fn command_id(&mut self, dialect: &'static str, instance: Uuid) -> CommandId {
        let id = format!("{dialect}-{}-{}", instance.simple(), self.number());
        CommandId::new(&id).unwrap_or_else(|_| unreachable!("{id} is short and has no control character"))
    }

    /// Queues an output.
    pub fn push(&mut self, output: impl Into<Output<T>>) {
        self.queue.push_back(output.into());
    }

    /// Queues a command.
    pub fn command(
        &mut self,
        id: CommandId,
        by: Principal,
        agent: AgentId,
        interaction: Option<InteractionId>,
        verb: Verb,
    ) {
        self.push(ToHub::Command(Box::new(Command { id, by, agent, interaction, verb })));
    }

    /// Queues a notice for an agent about a problem at a peer.
    pub fn warn(&mut self, agent: AgentId, interaction: Option<InteractionId>, text: impl Into<String>) {
        let notice = Notice::from_text(NoticeLevel::Warning, Code::Unavailable, text.into());
        self.push(ToHub::Notice { agent, interaction, notice });
    }

    /// Returns the next output, for [`crate::Session::poll`].
    pub fn poll(&mut self) -> Option<Output<T>> {
        self.queue.pop_front()
    }

    /// The number of queued outputs.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether no output is queued.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The earliest deadline, but never one that has passed; for [`crate::Session::deadline`].
    pub fn earliest(
        &self,
        deadlines: impl IntoIterator<Item = (Timestamp, Reason)>,
    ) -> Option<(Timestamp, Reason)> {
        let (at, reason) = deadlines.into_iter().min()?;
        Some((at.max(self.now), reason))
    }
}

/// Whether a change comes from a command that this session sent. Then the session's own peer already knows about it.
pub fn is_own_command(origin: Option<&Origin>, dialect: &'static str, instance: Uuid) -> bool {
    let prefix = format!("{dialect}-{}-", instance.simple());
    origin.is_some_and(|origin| origin.command.as_str().starts_with(&prefix))
}

impl<T: Transport> Outputs<T>
where
    Output<T>: From<ToHttp>,
{
    /// Queues the response to a request.
    pub fn respond(&mut self, exchange: Exchange, response: http::Response<bytes::Bytes>) {
        self.push(ToHttp::Response { exchange, response });
    }

    /// Queues a 404 response, for a session that serves no requests.
    pub fn respond_not_found(&mut self, exchange: Exchange) {
        let mut response = http::Response::default();
        *response.status_mut() = http::StatusCode::NOT_FOUND;
        self.respond(exchange, response);
    }
}

impl Outputs<Pages> {
    /// Queues a message for a page.
    pub fn page(&mut self, page: Page, message: ToPage) {
        self.push(PageOutput { page, message });
    }
}

impl<T: Transport> From<ToHub> for Output<T> {
    fn from(message: ToHub) -> Self {
        Self::Hub(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Http;

    #[test]
    fn a_deadline_that_has_passed_is_due_at_once() {
        let mut out = Outputs::<Http>::default();
        out.note(Timestamp(50));
        out.note(Timestamp(20));
        let due = out.earliest([(Timestamp(90), "b"), (Timestamp(10), "a")]);
        assert_eq!(due, Some((Timestamp(50), "a")));
        assert_eq!(out.earliest([]), None);
    }

    #[test]
    fn a_session_knows_its_own_commands() {
        let (instance, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let command = Outputs::<Http>::default().command_id("x", instance);
        let by = model::AccountName::new("tester").unwrap();
        let origin = Origin { command, by, verb: model::VerbName::SetData, digest: None };
        assert!(is_own_command(Some(&origin), "x", instance));
        assert!(!is_own_command(Some(&origin), "x", other) && !is_own_command(Some(&origin), "y", instance));
        assert!(!is_own_command(None, "x", instance));
    }

    #[test]
    fn what_is_pushed_first_comes_first_and_no_number_comes_twice() {
        let mut out = Outputs::<Http>::default();
        out.push(ToHub::Subscribe);
        let exchange = out.exchange();
        out.respond(exchange, http::Response::default());
        assert_ne!(exchange.0, out.ticket().0);
        assert!(matches!(out.poll(), Some(Output::Hub(ToHub::Subscribe))));
        assert!(matches!(out.poll(), Some(Output::Peer(ToHttp::Response { .. }))));
        assert!(out.is_empty());
    }
}
