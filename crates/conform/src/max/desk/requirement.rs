//! What an embedded page does.

use crate::requirement::requirements;

requirements! {
    OBJECT = "MAX-D-01", "1.1", Documented, "Each message is an object of JSON values, not a JSON text.";
    KIND = "MAX-D-02", "1.2", Documented, "messageType of each message is one of the ten.";
    ISSUER = "MAX-D-03", "2.1", Documented, "issuer is a text, if it is there.";
    CONTACT = "MAX-D-04", "2.1", Documented, "contactId is a whole number, if it is there.";
    REGISTERS = "MAX-D-05", "2.2", Documented, "The page subscribes with RegisterForClientEvents.";
    TYPES = "MAX-D-06", "3", Documented, "subscriptionTypes is a list with at least one entry, and each is one of the five.";
    ONCE = "MAX-D-07", "4.4", Documented, "A page that is subscribed does not register again before it unregisters.";
    TOLERATES = "MAX-D-08", "12", Inferred, "The page ignores other messages, unknown events and unknown keys.";
    ANSWER = "MAX-D-09", "2.5", Documented, "An agent who answers at the page causes AnswerEvent.";
    REFUSE = "MAX-D-10", "2.5", Documented, "An agent who rejects a call at the page causes RefuseEvent.";
    HOLD = "MAX-D-11", "2.5", Documented, "An agent who holds the call at the page causes HoldEvent.";
    RESUME = "MAX-D-12", "2.5", Documented, "An agent who resumes the call at the page causes HoldEvent.";
    MUTE = "MAX-D-13", "2.5", Documented, "An agent who mutes at the page causes MuteEvent.";
    RECORD = "MAX-D-14", "2.5", Documented, "An agent who records at the page causes RecordEvent.";
    MASK = "MAX-D-15", "2.5", Documented, "An agent who masks the recording at the page causes MaskEvent.";
    HANG_UP = "MAX-D-16", "2.5", Documented, "An agent who ends the call at the page causes HangupEvent.";
    RIGHT_CONTACT = "MAX-D-17", "2.5", Documented, "A command that names a contact names the one that it is for.";
    NO_REPEAT = "MAX-D-18", "10", Choice, "A command is not repeated while its effect does not show.";
    AGAIN = "MAX-D-19", "4.4", Inferred, "A document that is loaded again registers again.";
}
