//! What a connector does.

use crate::requirement::requirements;

requirements! {
    OBJECT = "CRM-T-01", "2", Documented, "Each message is posted as an object of JSON values.";
    TYPE = "CRM-T-02", "2", Documented, "The type of each message is CRMConnectMessage.";
    ACTION = "CRM-T-03", "4", Documented, "The action of each message is one of the nine, or one of an extension.";
    ORIGIN = "CRM-T-04", "1.3", Inferred, "The connector posts from the origin of its address.";
    STARTS = "CRM-T-05", "3", Documented, "The connector starts, with ready.";
    REPEATS = "CRM-T-06", "3", Documented, "It repeats ready until the page answers.";
    BARE = "CRM-T-07", "2", Documented, "Messages without a payload, such as ready and requestCrmData, have no data.";
    REQUESTS_DATA = "CRM-T-08", "3", Documented, "After the page's ready comes requestCrmData.";
    NO_ECHO = "CRM-T-09", "3", Inferred, "The connector does not answer ready.";
    ONCE = "CRM-T-10", "3", Choice, "An answer to each ready of the connector has no further effect: requestCrmData comes once.";
    CLICKS = "CRM-T-11", "4.4", Documented, "data of requestEnableClickToDial is {\"isEnabled\": true} or {\"isEnabled\": false}.";
    CLICKS_OFF = "CRM-T-12", "4.4", Choice, "With clickToDial N, isEnabled is never true.";
    CLICKS_ON = "CRM-T-13", "4.4", Choice, "With clickToDial Y and an agent who is signed in, requestEnableClickToDial follows crmData with isEnabled true.";
    REPLACES = "CRM-T-14", "3", Choice, "crmData may come at any time and replaces the settings.";
    FIELDS = "CRM-T-15", "4.10", Choice, "After crmData with names of log fields comes requestCustomFieldsValues.";
    FIELD_LISTS = "CRM-T-16", "4.10", Documented, "data.object of requestCustomFieldsValues has the lists voice and digital.";
    FIELD_NAMES = "CRM-T-17", "4.10", Inferred, "The names are those of transactionLogCustomField1 and so on.";
    NO_FIELDS = "CRM-T-18", "4.10", Choice, "Without names, or with callLogEnabled N, there is no requestCustomFieldsValues.";
    NO_DIRECTORY = "CRM-T-19", "4.2", Inferred, "requestGetCrmDirectory comes only with directoryAvailable true.";
    SUPPRESSED = "CRM-T-20", "4.7", Choice, "With suppressScreenPop Y there is no requestPerformInteractionScreenPop.";
    NO_LOG = "CRM-T-21", "4.8", Choice, "With callLogEnabled N there is no requestSaveInteractionLog.";
    WAITS = "CRM-T-22", "4.7", Choice, "With waitBeforePerformScreenpop Y the screen pop comes when the call is answered, not earlier.";
    POPS = "CRM-T-23", "4.7", Documented, "An incoming call causes requestPerformInteractionScreenPop.";
    ANI = "CRM-T-24", "4.7", Documented, "aniValues is a list that begins with the number of the caller.";
    DNIS = "CRM-T-25", "4.7", Choice, "dnisValues has the dialed number with screenPopOnDnis Y, and is missing with N.";
    POP_KEYS = "CRM-T-26", "4.7", Choice, "A screen pop has interactionId, interactionType VOICE and direction INBOUND.";
    POP_ONCE = "CRM-T-27", "4.7", Choice, "There is one screen pop for a call.";
    POPS_ON_RING = "CRM-T-28", "4.7", Choice, "With waitBeforePerformScreenpop N the screen pop comes when the call rings.";
    LOGS = "CRM-T-29", "4.8", Documented, "The end of an interaction causes requestSaveInteractionLog.";
    LOG_IDS = "CRM-T-30", "4.8", Documented, "A log has message.body.interactionId, and interactionData with interaction and logDetails.";
    ADDRESSES = "CRM-T-31", "4.8", Documented, "updatedOriginatingAddress is who called, updatedDestinationAddress who was called.";
    START_TIME = "CRM-T-32", "4.8", Inferred, "intrinsics.START_TIME is HH:MM:SS, then anything in parentheses.";
    START_DATE = "CRM-T-33", "4.8", Documented, "intrinsics has START_DATE, and interaction has topic; both are texts.";
    DETAILS = "CRM-T-34", "4.8", Documented, "logDetails has the texts subject and comments, and the list customFields.";
    LOG_KEYS = "CRM-T-35", "4.8", Choice, "interaction has id, channelType, direction, startTimestamp, endTimestamp and answered.";
    UNANSWERED = "CRM-T-36", "4.8", Choice, "A call that nobody answered has answered false, DURATION 0 and a subject.";
    LOG_ONCE = "CRM-T-37", "4.8", Choice, "There is one log for an interaction.";
    SAVED = "CRM-T-38", "2", Inferred, "No message answers createHistoryItem, customFieldsDataResponse or displayErrorNotification.";
    DIALS = "CRM-T-39", "4.5", Documented, "clickToDialResponse creates an interaction with the number.";
    NO_REPLY = "CRM-T-40", "4.5", Documented, "No message answers clickToDialResponse.";
    NOT_CALLED = "CRM-T-41", "4.5", Choice, "A click with doNotCall true, or without a number, has no effect.";
    EVENTS = "CRM-T-42", "8.1", Choice, "With the extension interactionEvents each change of an interaction causes interactionEvent.";
    EVENT_KEYS = "CRM-T-43", "8.1", Choice, "interactionEvent has event, interactionId, channelType, direction, originatingAddress, destinationAddress and startTimestamp.";
    NO_EVENTS = "CRM-T-44", "8", Choice, "An extension is used only when the page lists it.";
    IGNORES = "CRM-T-45", "2", Choice, "What is not an object, has another type or an unknown action has no effect and no answer.";
    STRANGERS = "CRM-T-46", "6", Documented, "A message from a wrong origin is dropped without an answer.";
    RESTARTS = "CRM-T-47", "3", Choice, "A further ready of the page causes requestCrmData again.";
}
