//! What EBS does.

use crate::requirement::requirements;

requirements! {
    FORM = "UWQ-D-01", "4.1", Documented, "A callout is a GET of / with everything in the query, FunctionName first.";
    ENCODED = "UWQ-D-02", "4.1", Choice, "Values are form-encoded: the request line has no blank in its target.";
    NAMES = "UWQ-D-03", "4.2", Documented, "Functions have the published names.";
    REGISTER = "UWQ-D-04", "4.2", Documented, "Register has telesetNumber, agentID, ipAddress and port.";
    LOGIN = "UWQ-D-05", "4.2", Documented, "Login has telesetNumber, agentID, agentPassword and agentQueue.";
    READY = "UWQ-D-06", "4.2", Documented, "Ready has telesetNumber and agentID.";
    NOT_READY = "UWQ-D-07", "4.2", Documented, "NotReady has telesetNumber and agentID.";
    MAKE_CALL = "UWQ-D-08", "4.2", Documented, "MakeCall has telesetNumber, agentID and dialString.";
    LOGOUT = "UWQ-D-09", "4.2", Documented, "Logout has telesetNumber, agentID, agentPassword and agentQueue.";
    UNREGISTER = "UWQ-D-10", "4.2", Documented, "Unregister has telesetNumber and agentID.";
    STATUS = "UWQ-D-11", "6.3", Documented, "CheckStatus comes periodically and has no parameters.";
    ORDER = "UWQ-D-12", "6.1", Inferred, "The order is Register, Login, Ready, and at the end Logout, Unregister.";
    LISTENS = "UWQ-D-13", "5.1", Documented, "EBS listens at the address and port of Register.";
    ONE_AT_A_TIME = "UWQ-D-14", "10", Choice, "One callout is on its way at a time.";
    LOST = "UWQ-D-15", "4.4", Choice, "A callout without a response is sent again.";
    CALL_ONCE = "UWQ-D-16", "4.4", Choice, "A MakeCall without a response is not sent again.";
    NOT_REGISTERED = "UWQ-D-17", "4.4", Choice, "After NotRegistered, EBS sends Register and Login again.";
    NOT_LOGGED_IN = "UWQ-D-18", "4.4", Choice, "After NotLoggedIn, EBS sends Login again.";
    STATUS_UNKNOWN = "UWQ-D-19", "6.3", Choice, "After NotRegistered to CheckStatus, EBS registers and signs in all agents again.";
    RESTORED = "UWQ-D-20", "6.3", Choice, "When CheckStatus succeeds after two failures, EBS registers and signs in all agents again.";
    ACCEPTED = "UWQ-D-21", "5.1", Choice, "EBS answers an event with 200 and an empty body.";
    FRAMED = "UWQ-D-22", "5.1", Choice, "Every response has Content-Length, which is the length of its body.";
    REPEATED = "UWQ-D-23", "5.6", Choice, "EBS accepts repeated events and events in any order.";
    UNKNOWN = "UWQ-D-24", "5.3", Choice, "EBS accepts unknown events and ignores them.";
    ANY_PATH = "UWQ-D-25", "5.1", Choice, "EBS accepts an event under any path and with any content type.";
    LAYOUT = "UWQ-D-26", "5.2", Choice, "EBS accepts white space, an XML declaration and single quotes.";
    SEVERAL = "UWQ-D-27", "5.2", Choice, "EBS accepts several events in one document.";
    MALFORMED = "UWQ-D-28", "5.1", Choice, "EBS answers 400 to XML that it cannot read.";
    DTD = "UWQ-D-29", "5.2", Choice, "EBS reads no DTD: it answers 400 to one.";
    METHOD = "UWQ-D-30", "5.1", Choice, "EBS answers 405 to another method.";
    TOO_LARGE = "UWQ-D-31", "5.1", Choice, "EBS answers 413 to more than 64 KiB.";
    FAULT = "UWQ-D-32", "5.1", Choice, "A response of 400, 405 or 413 has an error document as its body.";
}
