//! What every session keeps: output that waits to be asked for, the time, and a count for the numbers that it gives out.

use std::collections::VecDeque;

use model::{
    AgentId, Code, Command, CommandId, InteractionId, Notice, NoticeLevel, Origin, Principal, Timestamp, Verb,
};
use uuid::Uuid;

use crate::{Exchange, Output, Page, Reason, Ticket, ToHub, ToPage, ToPeer};

/// What a session has to say, in order; with it the time it was last told, and its count.
#[derive(Debug, Default)]
pub struct Outputs {
    queue: VecDeque<Output>,
    now: Timestamp,
    count: u64,
}

impl Outputs {
    /// Takes note of the time; it does not run backwards.
    pub fn note(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    /// The time that was last told.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A number that no other has, from 1.
    pub fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// A name for a request of ours.
    pub fn exchange(&mut self) -> Exchange {
        Exchange(self.number())
    }

    /// A name for a question of who somebody is.
    pub fn ticket(&mut self) -> Ticket {
        Ticket(self.number())
    }

    /// An id for a command. `instance` must be another one in each process: then no two commands share one.
    pub fn command_id(&mut self, dialect: &'static str, instance: Uuid) -> CommandId {
        let id = format!("{dialect}-{}-{}", instance.simple(), self.number());
        CommandId::new(&id).unwrap_or_else(|_| unreachable!("{id} is short and has no control character"))
    }

    /// Whether a change came from a command that a session gave under this name: from its own peer, who needs not be told.
    pub fn is_own(origin: Option<&Origin>, dialect: &'static str, instance: Uuid) -> bool {
        let prefix = format!("{dialect}-{}-", instance.simple());
        origin.is_some_and(|origin| origin.command.as_str().starts_with(&prefix))
    }

    /// Has something said, after all that was said before.
    pub fn say(&mut self, output: impl Into<Output>) {
        self.queue.push_back(output.into());
    }

    /// Has a command given.
    pub fn command(
        &mut self,
        id: CommandId,
        by: Principal,
        agent: AgentId,
        interaction: Option<InteractionId>,
        verb: Verb,
    ) {
        self.say(ToHub::Command(Box::new(Command { id, by, agent, interaction, verb })));
    }

    /// Has an agent warned that something did not happen at a peer.
    pub fn warn(&mut self, agent: AgentId, interaction: Option<InteractionId>, text: impl Into<String>) {
        let text = text.into().into();
        let notice = Notice { level: NoticeLevel::Warning, code: Code::Unavailable, text };
        self.say(ToHub::Notice { agent, interaction, notice });
    }

    /// Has an HTTP request answered.
    pub fn respond(&mut self, exchange: Exchange, response: http::Response<bytes::Bytes>) {
        self.say(ToPeer::Response { exchange, response });
    }

    /// Has something said to a page.
    pub fn page(&mut self, page: Page, say: ToPage) {
        self.say(ToPeer::Page { page, say });
    }

    /// Has a request answered that nobody should have sent: the session serves no HTTP.
    pub fn nothing_here(&mut self, exchange: Exchange) {
        let mut response = http::Response::default();
        *response.status_mut() = http::StatusCode::NOT_FOUND;
        self.respond(exchange, response);
    }

    /// What is to be said next: the answer to [`crate::Session::poll`].
    pub fn poll(&mut self) -> Option<Output> {
        self.queue.pop_front()
    }

    /// How many things wait to be said.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether nothing waits to be said.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The earliest of several deadlines, and never one that has passed: the answer to [`crate::Session::deadline`].
    pub fn earliest(
        &self,
        deadlines: impl IntoIterator<Item = (Timestamp, Reason)>,
    ) -> Option<(Timestamp, Reason)> {
        let (at, reason) = deadlines.into_iter().min()?;
        Some((at.max(self.now), reason))
    }
}

impl From<ToHub> for Output {
    fn from(said: ToHub) -> Self {
        Self::Hub(said)
    }
}

impl From<ToPeer> for Output {
    fn from(said: ToPeer) -> Self {
        Self::Peer(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_has_passed_is_due_at_once() {
        let mut out = Outputs::default();
        out.note(Timestamp(50));
        out.note(Timestamp(20));
        let due = out.earliest([(Timestamp(90), "b"), (Timestamp(10), "a")]);
        assert_eq!(due, Some((Timestamp(50), "a")));
        assert_eq!(out.earliest([]), None);
    }

    #[test]
    fn a_session_knows_its_own_commands() {
        let (instance, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let command = Outputs::default().command_id("x", instance);
        let by = model::AccountName::new("tester").unwrap();
        let origin = Origin { command, by, verb: model::VerbName::SetData, digest: None };
        assert!(Outputs::is_own(Some(&origin), "x", instance));
        assert!(
            !Outputs::is_own(Some(&origin), "x", other) && !Outputs::is_own(Some(&origin), "y", instance)
        );
        assert!(!Outputs::is_own(None, "x", instance));
    }

    #[test]
    fn what_is_said_first_comes_first_and_no_number_comes_twice() {
        let mut out = Outputs::default();
        out.say(ToHub::Subscribe);
        let exchange = out.exchange();
        out.respond(exchange, http::Response::default());
        assert_ne!(exchange.0, out.ticket().0);
        assert!(matches!(out.poll(), Some(Output::Hub(ToHub::Subscribe))));
        assert!(matches!(out.poll(), Some(Output::Peer(ToPeer::Response { .. }))));
        assert!(out.is_empty());
    }
}
