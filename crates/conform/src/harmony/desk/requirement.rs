//! What a bridge does.

use crate::requirement::requirements;

requirements! {
    ACCEPTS = "HARMONY-D-01", "1", Documented, "The bridge is the TCP server and accepts the client.";
    FRAME = "HARMONY-D-02", "2.1", Documented, "Each message has four bytes before it, an unsigned integer: the length of the message. Nothing else is in the frame.";
    HEADER = "HARMONY-D-03", "2.2", Documented, "Each message has a header with type (cti.query or cti.request), name and target.";
    GUID = "HARMONY-D-04", "2.2", Documented, "Each query and request has a requestId of its own, which is a GUID.";
    BODY = "HARMONY-D-05", "2.2", Choice, "Each message has a body, which is an object.";
    STATUS = "HARMONY-D-06", "5.1", Documented, "First the bridge requests the client's status, on the target {processor}.CONTROL.";
    CAPABILITIES = "HARMONY-D-07", "5.1", Documented, "Then the bridge queries the client's capabilities.";
    GREETING = "HARMONY-D-08", "5.3", Choice, "The bridge sends nothing else before both are answered.";
    VALIDATES = "HARMONY-D-09", "5.2", Choice, "control.query.validateagent has id and password of the agent.";
    INFO = "HARMONY-D-10", "5.2", Choice, "control.query.agentinfo has the id of the agent.";
    SESSION = "HARMONY-D-11", "5.2", Choice, "control.request.createsession has id and agent.";
    ORDER = "HARMONY-D-12", "5.3", Choice, "A session begins with validateagent, agentinfo, createsession.";
    SESSION_INIT = "HARMONY-D-13", "6", Documented, "session.query.init has the booleans chat, email and callback.";
    GROUP = "HARMONY-D-14", "6", Choice, "session.request.createchannelgroup has an id and the nativeid that the session has listed.";
    GROUP_INIT = "HARMONY-D-15", "7", Documented, "The bridge queries the channels of the group.";
    CHANNEL = "HARMONY-D-16", "7", Choice, "channelgroup.request.createchannel has an id, the end-point as nativeid, and the type.";
    CHANNEL_INIT = "HARMONY-D-17", "8", Documented, "The bridge queries how the channel stands.";
    ACTIVATE = "HARMONY-D-18", "13", Choice, "The bridge activates a channel that is INACTIVE.";
    READY = "HARMONY-D-19", "8", Choice, "An agent who becomes ready causes channel.request.ready.";
    NOT_READY = "HARMONY-D-20", "8", Choice, "An agent who becomes not ready causes channel.request.notready with a reason.";
    INTERACTION = "HARMONY-D-21", "8", Choice, "After channel.interaction, channel.request.createinteraction has its nativeid and type, and an id.";
    INTERACTION_INIT = "HARMONY-D-22", "10", Documented, "The bridge queries how the interaction stands.";
    CONVERSATION = "HARMONY-D-23", "11.1", Inferred, "The bridge creates an object for the primary conversation, with its nativeid.";
    CONVERSATION_INIT = "HARMONY-D-24", "12", Documented, "The bridge queries how the conversation stands.";
    ANSWER = "HARMONY-D-25", "12", Choice, "An agent who answers causes conversation.request.answer.";
    RELEASE = "HARMONY-D-26", "12", Choice, "An agent who hangs up causes conversation.request.release.";
    DIAL = "HARMONY-D-27", "9.1", Documented, "An agent who dials causes channel.request.dial with destination.";
    TOLERATES = "HARMONY-D-28", "4", Choice, "The bridge ignores unknown events, unknown keys and frames of length 0.";
    STOPPED = "HARMONY-D-29", "5.3", Choice, "When the client is not STARTED any more, the bridge disposes the sessions.";
    RESTARTED = "HARMONY-D-30", "5.1", Documented, "When the client is STARTED again, the bridge creates the sessions again.";
    LOGOUT = "HARMONY-D-31", "6", Choice, "An agent who signs out causes session.request.logout.";
    TOO_LONG = "HARMONY-D-32", "2.1", Choice, "A message of more than 1,048,576 bytes ends the connection.";
    NOT_JSON = "HARMONY-D-33", "2.1", Choice, "A message that is not a JSON object ends the connection.";
}
