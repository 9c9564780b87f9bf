//! What a CTI client does.

use crate::requirement::requirements;

requirements! {
    CONNECTS = "HARMONY-T-01", "1", Documented, "The client connects to the bridge over TCP.";
    FRAME = "HARMONY-T-02", "2.1", Documented, "Each message has four bytes before it, an unsigned integer: the length of the message. Nothing else is in the frame.";
    HEADER = "HARMONY-T-03", "2.2", Documented, "Each message has a header with type, name and target.";
    RESPONSE = "HARMONY-T-04", "2.2", Documented, "A response has the requestId and the name of its query or request, and result SUCCESS or FAILURE.";
    FAILURE = "HARMONY-T-05", "2.2", Documented, "A FAILURE has errorMessage.";
    EVENT = "HARMONY-T-06", "2.2", Documented, "An event has no requestId.";
    ONE_RESPONSE = "HARMONY-T-07", "2.3", Documented, "Each query and each request has exactly one response.";
    SILENT_START = "HARMONY-T-08", "5.1", Documented, "The connection itself starts the exchange: the client sends nothing before the first request.";
    STATUS = "HARMONY-T-09", "5.1", Documented, "After the response to the status request the client sends an event with its status.";
    STARTED = "HARMONY-T-10", "5.2", Choice, "The event control.status has the status STARTED.";
    CAPABILITIES = "HARMONY-T-11", "5.1", Documented, "The client answers the query for its capabilities.";
    VALID = "HARMONY-T-12", "5.1", Documented, "The client validates the credentials of an agent: a right password is a SUCCESS.";
    INVALID = "HARMONY-T-13", "5.1", Documented, "A wrong password is a FAILURE.";
    SAME_TEXT = "HARMONY-T-14", "5.2", Choice, "A wrong password and an unknown agent have the same errorMessage, apart from the ID that was sent.";
    AGENT_INFO = "HARMONY-T-15", "5.2", Choice, "control.query.agentinfo is answered with the id of the agent.";
    SESSION = "HARMONY-T-16", "5.2", Choice, "control.request.createsession is answered with a nativeid.";
    SESSION_INIT = "HARMONY-T-17", "6", Choice, "session.query.init is answered with channel-groups, each with id and channels.";
    GROUP_INIT = "HARMONY-T-18", "7", Documented, "channelgroup.query.init is answered with channels, each with end-point and type.";
    CHANNEL_INIT = "HARMONY-T-19", "8", Choice, "channel.query.init is answered with login-state and interactions.";
    QUIET_OBJECT = "HARMONY-T-20", "4", Documented, "The client sends no event of an object before it has answered the object's first query.";
    UNKNOWN_TARGET = "HARMONY-T-21", "4", Choice, "A request to an unknown target is a FAILURE.";
    UNKNOWN_NAME = "HARMONY-T-22", "4", Choice, "An unknown request is a FAILURE.";
    AGAIN = "HARMONY-T-23", "2.3", Choice, "A request whose requestId came before gets the same response again.";
    EMPTY_FRAME = "HARMONY-T-24", "2.1", Choice, "A frame of length 0 is ignored.";
    ACTIVATED = "HARMONY-T-25", "8", Choice, "channel.request.activate is followed by channel.activated.";
    READY = "HARMONY-T-26", "8", Choice, "channel.request.ready is followed by channel.ready.";
    NOT_READY = "HARMONY-T-27", "8", Choice, "channel.request.notready is followed by channel.notready.";
    AFTER = "HARMONY-T-28", "2.3", Choice, "An event that a request causes follows the response to that request.";
    ARRIVES = "HARMONY-T-29", "8", Choice, "A call is reported by channel.interaction with nativeid and type.";
    INTERACTION_INIT = "HARMONY-T-30", "10", Documented, "interaction.query.init is answered with interaction-state, one of the five states, and interaction-data.";
    PRIMARY = "HARMONY-T-31", "11.1", Documented, "The response to interaction.query.init names the primary conversation.";
    CONVERSATION_INIT = "HARMONY-T-32", "12", Choice, "conversation.query.init is answered with conversation-state, direction and members.";
    ANSWER = "HARMONY-T-33", "12", Choice, "conversation.request.answer is followed by conversation.talking and interaction.started.";
    HOLD = "HARMONY-T-34", "12", Choice, "conversation.request.hold is followed by conversation.held.";
    RETRIEVE = "HARMONY-T-35", "12", Choice, "conversation.request.retrieve is followed by conversation.talking.";
    DATA = "HARMONY-T-36", "10", Choice, "What interaction.request.setdata has set is in the response to interaction.query.data.";
    NO_CONSULT = "HARMONY-T-37", "11.2", Inferred, "interaction.request.consulttransfer without a consult is a FAILURE.";
    CONSULT = "HARMONY-T-38", "11.2", Documented, "interaction.request.consult is answered with the nativeid of the new conversation.";
    CONSULT_INIT = "HARMONY-T-39", "11.3", Inferred, "The conversation of the consult can be created and initialized after that.";
    ALTERNATE = "HARMONY-T-40", "11.2", Documented, "interaction.request.alternate swaps the active and the inactive conversation.";
    RELEASE = "HARMONY-T-41", "12", Choice, "conversation.request.release is followed by conversation.ended and conversation.disposed.";
    ENDED = "HARMONY-T-42", "10", Choice, "When the last conversation is over, interaction.ended follows.";
    COMPLETED = "HARMONY-T-43", "10", Choice, "A completed interaction has the events interaction.completed and interaction.disposed.";
    DIAL = "HARMONY-T-44", "9.1", Documented, "A successful channel.request.dial brings a new interaction on the channel.";
    DIALING = "HARMONY-T-45", "9.1", Inferred, "An outbound interaction is initialized in the state DIALING, or STARTED when it was answered quickly.";
    LOGOUT = "HARMONY-T-46", "6", Inferred, "The client sends no event of a session after the response to session.request.logout.";
}
