//! What a client that posts notifications does.

use crate::requirement::requirements;

requirements! {
    POST = "TALISMA-T-01", "1.1", Documented, "A call is posted to the address of the service.";
    TYPE_11 = "TALISMA-T-02", "3.4", Documented, "A SOAP 1.1 request has Content-Type: text/xml; charset=utf-8.";
    ACTION_11 = "TALISMA-T-03", "3.4", Documented, "A SOAP 1.1 request has the action in the quoted header SOAPAction.";
    TYPE_12 = "TALISMA-T-04", "3.5", Documented, "A SOAP 1.2 request has Content-Type: application/soap+xml; charset=utf-8.";
    ACTION_12 = "TALISMA-T-05", "3.5", Inferred, "A SOAP 1.2 request has the headers Action, To and MessageID of WS-Addressing.";
    BODY = "TALISMA-T-06", "3.1", Documented, "The body has one element: PostNotification in the service namespace.";
    PARAMETER = "TALISMA-T-07", "3.1", Documented, "The child of PostNotification is notificationRequest.";
    UNDERSTOOD = "TALISMA-T-08", "4", Documented, "No header besides those of WS-Security and WS-Addressing has mustUnderstand.";
    SIZE = "TALISMA-T-09", "3.8", Documented, "A request has at most 65,536 bytes.";
    XML = "TALISMA-T-10", "7", Choice, "A request is an envelope in UTF-8, without a document type.";
    NAMES = "TALISMA-T-11", "1.2", Documented, "Members have the names of the contract.";
    ORDER = "TALISMA-T-12", "3.2", Documented, "Members are in ordinal order of their names.";
    NAMESPACE = "TALISMA-T-13", "3.2", Documented, "Members are in the namespace of their type.";
    VALUES = "TALISMA-T-14", "1.2", Inferred, "Values have the types of the contract.";
    NIL = "TALISMA-T-15", "3.2", Inferred, "Null is written as i:nil, and only where the contract allows null.";
    USER = "TALISMA-T-16", "1.2", Documented, "UserId is the CRM user of the agent whose phone rings.";
    MEDIA = "TALISMA-T-17", "1.2", Documented, "MediaType is 1.";
    RECORD = "TALISMA-T-18", "1.2", Documented, "The ID of the record is in AccountId for ObjectType 2, in CaseId for 7, and in ObjectId for other types.";
    FINDS = "TALISMA-T-19", "1.2", Documented, "A Contact without an ID has a CustomList to find it with.";
    PAYLOAD = "TALISMA-T-20", "1.2", Documented, "PayLoad has objects of the types 7 and 26.";
    PROPERTY = "TALISMA-T-21", "2.1", Choice, "PropertyId is above 0.";
    ANI = "TALISMA-T-22", "1.3", Inferred, "Property 2000104 of object 26 is the calling number.";
    DNI = "TALISMA-T-23", "1.3", Inferred, "Property 2000105 of object 26 is the dialed number.";
    SESSION = "TALISMA-T-24", "1.2", Documented, "SessionId is -1.";
    INTERNAL = "TALISMA-T-25", "1.2", Documented, "SessionMode is -1 or 0. ChangeInteractionNotes and CreatePreview are nil or -1.";
    SCRIPT = "TALISMA-T-26", "1.2", Inferred, "ScriptId is -1, or the ID of a script.";
    CREDENTIALS = "TALISMA-T-27", "1.1", Documented, "The client signs in with the name and the password of a CRM user.";
    TOKEN = "TALISMA-T-28", "3.6", Documented, "A Security header has a Timestamp and a UsernameToken.";
    PASSWORD = "TALISMA-T-29", "3.6", Documented, "The type of a password is text: missing, empty or PasswordText.";
    TIMESTAMP = "TALISMA-T-30", "3.6", Documented, "A timestamp has Created before Expires, and is valid when it arrives.";
    BASIC = "TALISMA-T-31", "3.7", Inferred, "A client with HTTP Basic has Authorization, at the latest after a 401.";
    ONCE = "TALISMA-T-32", "8", Inferred, "A notification that had success is not posted again.";
    RETRY = "TALISMA-T-33", "8", Choice, "After 503 without an envelope the notification is posted again.";
    LOST = "TALISMA-T-34", "8", Choice, "A notification without an answer is not posted again.";
    NEGATIVE = "TALISMA-T-35", "8", Choice, "After a negative StatusCode the notification is not posted again.";
    FAULT = "TALISMA-T-36", "8", Choice, "After a fault the notification is not posted again.";
    MOVED = "TALISMA-T-37", "8", Choice, "After a 404 the notification is posted again.";
}
