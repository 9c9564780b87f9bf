//! The legs of interactions. For EBS each leg is a call.

use model::{AgentId, Conversation, ConversationState, Interaction, Leg};
use session::{PopKey, Projection};

/// One leg of an interaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) interaction: &'a Interaction,
    pub(super) leg: Leg,
    pub(super) conversation: &'a Conversation,
    /// Identifies the call for EBS. After a transfer or a conference the customer is a new call (uwq.md §5.6).
    pub(super) key: PopKey,
}

impl<'a> Call<'a> {
    /// All calls of an agent that have not ended, older interactions first.
    pub(super) fn of_agent(projection: &'a Projection, agent: &AgentId) -> impl Iterator<Item = Self> {
        let legs = projection.interactions_of(agent).flat_map(|interaction| {
            interaction.conversations().filter_map(move |(leg, conversation)| {
                let key = PopKey::of_leg(interaction, leg)?;
                Some(Self { interaction, leg, conversation, key })
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
