//! The call that a ringing call grew out of, so that both get the same linkage. No message names it (harmony.md §12.1).
//!
//! A call from another phone of the client grew out of the call with which that phone dials this one. A call whose caller an agent has just
//! transferred grew out of that agent's call.

use compact_str::CompactString;
use model::{CallId, RequestId, Timestamp};

use super::{
    DeskSession,
    sent_requests::{Purpose, SentRequest},
    services::Service,
    tree::Conversation,
};
use crate::wire::{
    limits::{HANDOVER, HANDOVERS_MAX},
    words::{ConversationState, Direction},
};

/// Transfers to numbers at which nobody has answered yet.
#[derive(Debug, Default)]
pub(super) struct Handovers(Vec<Handover>);

/// A transfer.
#[derive(Debug)]
struct Handover {
    request: RequestId,
    call: CallId,
    /// The parties that are transferred.
    parties: Vec<CompactString>,
    to: CompactString,
    until: Timestamp,
}

impl Handovers {
    /// Removes a transfer that the client has refused.
    pub(super) fn refuse(&mut self, request: RequestId) {
        self.0.retain(|known| known.request != request);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl DeskSession {
    /// Notes that a leg is about to be transferred.
    pub(super) fn note_handover(&mut self, request: RequestId, leg: &str, to: &str) {
        let now = self.out.now();
        let Some(conversation) = self.tree.conversation(leg) else { return };
        let parties = conversation.members.iter().map(|member| member.id.clone()).collect();
        let call = conversation.call.clone();
        let known = &mut self.handovers.0;
        known.retain(|known| known.until > now);
        if known.len() >= HANDOVERS_MAX {
            known.remove(0);
        }
        known.push(Handover { request, call, parties, to: to.into(), until: now + HANDOVER });
    }

    /// The call that a call at a phone grew out of.
    pub(super) fn origin(&self, conversation: &Conversation) -> Option<CallId> {
        let caller = conversation.members.first().map(|member| member.id.as_str()).unwrap_or_default();
        let from_phone = || self.dialing_at(caller, conversation).or_else(|| self.consulting_at(caller));
        from_phone().or_else(|| Some(self.handover(caller, conversation)?.call.clone()))
    }

    /// The call with which the caller's phone dials this phone, or a number that leads to it.
    fn dialing_at(&self, caller: &str, to: &Conversation) -> Option<CallId> {
        let at_caller = |one: &&Conversation| one.device.as_str() == caller && one.call != to.call;
        let all = self.tree.conversations().map(|(_, one)| one).filter(at_caller);
        let dialed = all
            .filter(|one| one.direction != Some(Direction::Inbound) && one.state != ConversationState::Ended);
        let leads_here =
            |one: &Conversation| one.members.iter().any(|member| member.id == to.device.as_str());
        let found = dialed.filter(|one| leads_here(one) || one.state == ConversationState::Dialing);
        found.max_by_key(|one| leads_here(one)).map(|one| one.call.clone())
    }

    /// The call at the caller's phone for which a consult was requested, if the client has not answered yet.
    fn consulting_at(&self, caller: &str) -> Option<CallId> {
        let interaction = |sent: &SentRequest| match &sent.purpose {
            Purpose::Service(_, Service::Consult(interaction)) => self.tree.interaction(interaction),
            Purpose::Service(..)
            | Purpose::Status
            | Purpose::Ignored
            | Purpose::Validate(_)
            | Purpose::Info(_)
            | Purpose::Create(_)
            | Purpose::Init(_)
            | Purpose::Activate(_)
            | Purpose::Ready(_)
            | Purpose::NotReady(..)
            | Purpose::Logout(_)
            | Purpose::Data(_)
            | Purpose::SetData(..) => None,
        };
        let mut requested = self.sent.iter().filter_map(|(_, sent)| interaction(sent));
        requested.find(|interaction| interaction.device.as_str() == caller)?.call.clone()
    }

    /// The transfer that has led a caller to this phone. A transfer to another number than that of a phone may lead to any phone.
    fn handover(&self, caller: &str, to: &Conversation) -> Option<&Handover> {
        let leads_here = |known: &Handover| match known.to == to.device.as_str() {
            true => caller.is_empty() || known.parties.iter().any(|party| party == caller),
            false => {
                let is_anywhere = !caller.is_empty() && self.agents.at(&known.to).is_none();
                is_anywhere && known.parties.iter().any(|party| party == caller)
            }
        };
        let mut known = self.handovers.0.iter().rev().filter(|known| known.until > self.out.now());
        known.find(|known| known.call != to.call && leads_here(known))
    }

    /// Removes the transfer that has led to this call.
    pub(super) fn take_handover(&mut self, from: &CallId) {
        self.handovers.0.retain(|known| known.call != *from);
    }
}
