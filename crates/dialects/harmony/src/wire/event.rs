//! Events, from the client to its bridge.

use compact_str::CompactString;
use serde_json::Value;

use super::{
    body::{Body, Fault, Field, Object, Writer, field},
    messages::messages,
    reply::{ChannelEntry, Member},
    vocabulary::{Kind, Mark, Vocabulary, Word, Words},
    words::{ConversationState, InteractionState, Key, Status, words},
};

messages! {
    /// An event, by the kind of its object.
    Event,
    /// The names of events.
    EventName in events;

    /// From the processor itself (harmony.md §5).
    Control(ControlEvent) {
        "control.status" Proposed ControlStatus => Status { status: Status = Status, message: Option<CompactString> = StatusMessage },
    }

    /// From an agent's session (harmony.md §6).
    Session(SessionEvent) {
        "session.channelgroup" Proposed SessionChannelGroup =>
            ChannelGroup { native: CompactString = NativeId, name: CompactString = NativeName or default },
        "session.loggedout" Proposed SessionLoggedOut => LoggedOut { reason: Option<CompactString> = Reason },
        "session.disposed" Proposed SessionDisposed => Disposed,
    }

    /// From a channel group (harmony.md §7).
    Group(GroupEvent) {
        "channelgroup.channel" Proposed GroupChannel => Channel(entry: ChannelEntry = inline),
        "channelgroup.disposed" Proposed GroupDisposed => Disposed,
    }

    /// From a channel (harmony.md §8, §9).
    Channel(ChannelEvent) {
        "channel.activated" Known ChannelActivated => Activated,
        "channel.deactivated" Known ChannelDeactivated => Deactivated,
        "channel.unavailable" Known ChannelUnavailable => Unavailable,
        "channel.available" Known ChannelAvailable => Available,
        "channel.ready" Proposed ChannelReady => Ready,
        "channel.notready" Proposed ChannelNotReady => NotReady { reason: Option<CompactString> = Reason },
        "channel.interaction" Proposed ChannelInteraction =>
            Interaction { native: CompactString = NativeId, kind: CompactString = NativeType or default },
        "channel.disposed" Known ChannelDisposed => Disposed,
    }

    /// From an interaction (harmony.md §10, §11.4).
    Interaction(InteractionEvent) {
        State(InteractionState) {
            "interaction.alerting" Proposed InteractionAlerting => Alerting,
            "interaction.dialing" Proposed InteractionDialing => Dialing,
            "interaction.started" Proposed InteractionStarted => Started,
            "interaction.ended" Proposed InteractionEnded => Ended,
            "interaction.completed" Proposed InteractionCompleted => Completed,
        }
        /// The complete data, as on the wire. Absent if the client has sent none.
        "interaction.datachanged" Proposed InteractionDataChanged => DataChanged(data: Option<Value> = InteractionData),
        "interaction.consult" Known InteractionConsult => Consult { native: CompactString = NativeId },
        "interaction.disposed" Proposed InteractionDisposed => Disposed,
    }

    /// From a conversation (harmony.md §12).
    Conversation(ConversationEvent) {
        State(ConversationState) {
            "conversation.alerting" Proposed ConversationAlerting => Alerting,
            "conversation.dialing" Proposed ConversationDialing => Dialing,
            "conversation.talking" Proposed ConversationTalking => Talking,
            "conversation.held" Proposed ConversationHeld => Held,
            "conversation.ended" Proposed ConversationEnded => Ended,
        }
        "conversation.member.added" Proposed ConversationMemberAdded => MemberAdded(member: Member = Member),
        "conversation.member.removed" Proposed ConversationMemberRemoved => MemberRemoved(member: Member = Member),
        "conversation.disposed" Proposed ConversationDisposed => Disposed,
    }
}
