//! What a page of a CRM does.

use crate::requirement::requirements;

requirements! {
    OBJECT = "CRM-D-01", "2", Documented, "Each message is posted as an object of JSON values.";
    TYPE = "CRM-D-02", "2", Documented, "The type of each message is ClientAppMessage.";
    ACTION = "CRM-D-03", "4", Documented, "The action of each message is one of the seven, or one of an extension.";
    WAITS = "CRM-D-04", "3", Inferred, "The connector starts: before its ready the page sends nothing, or ready when it was loaded again.";
    READY = "CRM-D-05", "3", Documented, "The page answers ready with ready.";
    EVERY = "CRM-D-06", "3", Documented, "The page answers every ready.";
    BARE = "CRM-D-07", "4.1", Documented, "ready has no payload: no data, or {}.";
    STRANGERS = "CRM-D-08", "1.3", Documented, "The page ignores messages from another origin.";
    UNKNOWN = "CRM-D-09", "2", Documented, "The page ignores unknown actions.";
    DATA = "CRM-D-10", "3", Documented, "crmData answers requestCrmData.";
    SETTINGS = "CRM-D-11", "4.2", Documented, "callCenterSettings is missing or one object of sections.";
    VALUES = "CRM-D-12", "5", Documented, "Every value in the sections is a text.";
    USER = "CRM-D-13", "4.2", Documented, "currentUser has Name, Username, Id and LanguageLocaleKey.";
    CAPABILITIES = "CRM-D-14", "4.2", Documented, "capabilities has the name of the CRM and directoryAvailable, true or false.";
    EXTENSIONS = "CRM-D-15", "4.2", Choice, "capabilities.extensions is missing or a list of texts.";
    NO_ANSWER = "CRM-D-16", "4.4", Documented, "No message answers requestEnableClickToDial.";
    CLICK = "CRM-D-17", "4.5", Documented, "While clicks are enabled, a click on a number causes clickToDialResponse.";
    CLICK_KEYS = "CRM-D-18", "4.5", Documented, "data of clickToDialResponse has all nine keys.";
    NUMBER = "CRM-D-19", "4.5", Documented, "onClickToDialResponse has number, objectType, recordId, recordName, email and url; number is a text.";
    PHONES = "CRM-D-20", "4.5", Documented, "crmPhones is a list with the number.";
    RELATED = "CRM-D-21", "4.5", Documented, "relatedToObjects is a list of {isName, isRelatedTo, pageInfo}.";
    NOT_FORBIDDEN = "CRM-D-22", "4.5", Documented, "softphoneItems is a list, and doNotCall is false.";
    CLICKS_OFF = "CRM-D-23", "4.4", Documented, "clickToDialResponse is sent only while clicks are enabled.";
    SILENT = "CRM-D-24", "4.7", Documented, "No message answers requestPerformInteractionScreenPop, except displayErrorNotification.";
    SAVES = "CRM-D-25", "4.8", Documented, "createHistoryItem has taskId, and data with logParameters and msgData.";
    SAVED_LOG = "CRM-D-26", "4.8", Documented, "data.msgData.message is the message of the log as it came.";
    SAVES_ONCE = "CRM-D-27", "4.8", Choice, "There is one createHistoryItem for a log.";
    FIELDS = "CRM-D-28", "4.10", Documented, "data of customFieldsDataResponse is a string that holds JSON.";
    FIELD_INFO = "CRM-D-29", "4.10", Documented, "Each field has customFieldInfo with customFieldLabel and customFieldType STRING or PICKLIST.";
    DIRECTORY = "CRM-D-30", "4.3", Documented, "crmDirectory has count, a number as a text, and the list results with that many entries.";
    PERSON = "CRM-D-31", "4.3", Documented, "An entry of the directory has id and name, and phone and email are texts where they are present.";
    NOTICE = "CRM-D-32", "4.11", Documented, "displayErrorNotification has a known type, a known severity, and the list textArray.";
    EVENTS = "CRM-D-33", "8.1", Choice, "No message answers interactionEvent.";
}
