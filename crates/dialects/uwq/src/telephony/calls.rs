//! The legs of interactions. For EBS each leg is a call.

use model::{AgentId, Conversation, ConversationState, Interaction, Leg};
use session::Projection;

/// One leg of an interaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) interaction: &'a Interaction,
    pub(super) leg: Leg,
    pub(super) conversation: &'a Conversation,
}

impl<'a> Call<'a> {
    /// All calls of an agent that have not ended, older interactions first.
    pub(super) fn of_agent(projection: &'a Projection, agent: &AgentId) -> impl Iterator<Item = Self> {
        let legs = projection.works(agent).flat_map(|interaction| {
            interaction.conversations().map(move |(leg, conversation)| Self {
                interaction,
                leg,
                conversation,
            })
        });
        legs.filter(|call| call.conversation.state != ConversationState::Ended)
    }

    /// Whether the agent was called.
    pub(super) fn is_incoming(&self) -> bool {
        self.leg == Leg::Primary && self.interaction.is_incoming()
    }

    /// The number of the other end.
    pub(super) fn remote(&self) -> &str {
        let other = match self.leg {
            Leg::Primary => Some(&self.interaction.customer),
            Leg::Consult => self.conversation.parties.first(),
        };
        other.and_then(|party| party.at.number()).unwrap_or_default()
    }
}
