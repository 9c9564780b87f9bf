//! Clicks, calls and logs.

use serde_json::{Value, json};

use super::{Script, r};
use crate::{Step, page::Message};

const CLICK: &str = "clickToDialResponse";

/// The keys of a click (crm-connector.md §4.5).
const KEYS: [&str; 9] = [
    "onClickToDialResponse",
    "clickToDialLogDetails",
    "softphoneItems",
    "doNotCall",
    "crmEmails",
    "crmPhones",
    "nameObjects",
    "relatedToObjects",
    "pageInfo",
];

/// A call of the run.
struct Call<'a> {
    id: &'a str,
    direction: &'static str,
    from: &'a str,
    to: &'a str,
}

impl Script<'_> {
    /// A click, and the call that it starts.
    pub(super) async fn clicks(&mut self) -> Option<()> {
        self.talk.send("requestEnableClickToDial", &json!({ "isEnabled": true }));
        let came = self.rest().await;
        self.talk.only(r::NO_ANSWER, &came, &[]);
        let of = [r::CLICK, r::CLICK_KEYS, r::NUMBER, r::PHONES, r::RELATED, r::NOT_FORBIDDEN];
        if !self.talk.run.step(Step::Dial, &of).await {
            return None;
        }
        let click = self.talk.expect(r::CLICK, CLICK).await?;
        self.judge_click(&click);
        let number = click.text("/data/onClickToDialResponse/number").to_owned();
        let call = Call {
            id: "c0f0a000-0000-4000-8000-000000000001",
            direction: "OUTBOUND",
            from: "1001",
            to: &number,
        };
        self.progresses(&call, &["ALERTING", "CONNECTED", "ENDED"]).await;
        self.logs(&call).await;
        Some(())
    }

    fn judge_click(&mut self, click: &Message) {
        let data = click.at("/data");
        let missing = KEYS.into_iter().find(|key| data.get(*key).is_none());
        let expected = missing.map_or_else(String::new, |key| format!("the key {key}"));
        self.talk.check(r::CLICK_KEYS, missing.is_none(), &expected, click);
        let about = &data["onClickToDialResponse"];
        let keys = ["objectType", "recordId", "recordName", "email", "url"];
        let whole = keys.iter().all(|key| about.get(*key).is_some());
        let number = about["number"].as_str().unwrap_or_default();
        let expected = "number, objectType, recordId, recordName, email and url";
        self.talk.check(r::NUMBER, whole && !number.is_empty(), expected, click);
        let listed = data["crmPhones"].as_array().is_some_and(|all| all.contains(&json!(number)));
        self.talk.check(r::PHONES, listed, &format!("a list with {number}"), click);
        let related = data["relatedToObjects"].as_array().is_some_and(|all| {
            all.iter().all(|one| {
                one["isName"].is_boolean() && one["isRelatedTo"].is_boolean() && one["pageInfo"].is_object()
            })
        });
        self.talk.check(r::RELATED, related, "a list of {isName, isRelatedTo, pageInfo}", click);
        let free = data["softphoneItems"].is_array() && data["doNotCall"] == json!(false);
        self.talk.check(r::NOT_FORBIDDEN, free, "softphoneItems: [] and doNotCall: false", click);
    }

    /// A call of a customer.
    pub(super) async fn takes_a_call(&mut self) {
        let customer = self.customer.clone();
        let call = Call {
            id: "c0f0a000-0000-4000-8000-000000000002",
            direction: "INBOUND",
            from: &customer,
            to: "7700",
        };
        self.progresses(&call, &["ALERTING", "CONNECTED"]).await;
        self.talk.send(
            "requestPerformInteractionScreenPop",
            &json!({
                "aniValues": [call.from], "interactionId": call.id, "interactionType": "VOICE",
                "direction": call.direction
            }),
        );
        let came = self.rest().await;
        self.talk.only(r::SILENT, &came, &[]);
        self.progresses(&call, &["ENDED"]).await;
        self.logs(&call).await;
        // The page may answer that this one is unknown.
        let unknown = Call { id: "c0f0a000-0000-4000-8000-000000000003", ..call };
        self.logs(&unknown).await;
        let why = "the page had nothing to tell the agent";
        self.talk.run.findings.not_reached(&[r::NOTICE], why);
    }

    /// Events of a call, when the page knows them.
    async fn progresses(&mut self, call: &Call<'_>, events: &[&str]) {
        if !self.extended {
            let why = "the page does not list the extension interactionEvents";
            return self.talk.run.findings.not_reached(&[r::EVENTS], why);
        }
        for event in events {
            let data = json!({
                "event": event, "interactionId": call.id, "channelType": "VOICE", "direction": call.direction,
                "originatingAddress": call.from, "destinationAddress": call.to,
                "startTimestamp": 1_700_000_005_000_u64
            });
            self.talk.send("interactionEvent", &data);
        }
        let came = self.rest().await;
        self.talk.only(r::EVENTS, &came, &[]);
    }

    /// The log of a call.
    async fn logs(&mut self, call: &Call<'_>) {
        let message = log(call);
        self.talk.send("requestSaveInteractionLog", &json!({ "message": message }));
        let patience = self.talk.run.terms.timeout;
        let Some(saved) = self.talk.until("createHistoryItem", patience).await else {
            self.rest().await;
            let why = format!("the page sent no createHistoryItem within {patience:?}; it need not");
            let of = [r::SAVES, r::SAVED_LOG, r::SAVES_ONCE];
            return self.talk.run.findings.not_reached(&of, &why);
        };
        let data = saved.at("/data/data");
        let task = saved.at("/data/taskId");
        let whole = (task.is_string() || task.is_number())
            && data["logParameters"].is_object()
            && data["msgData"]["message"].is_object();
        self.talk.check(r::SAVES, whole, "taskId, data.logParameters and data.msgData.message", &saved);
        let same = data["msgData"]["message"] == message;
        self.talk.check(r::SAVED_LOG, same, "the message of the log", &saved);
        let came = self.rest().await;
        self.talk.none(r::SAVES_ONCE, &came, &["createHistoryItem"]);
    }

    /// A click that must have no effect.
    pub(super) async fn clicks_are_off(&mut self) {
        self.talk.send("requestEnableClickToDial", &json!({ "isEnabled": false }));
        let came = self.rest().await;
        self.talk.only(r::NO_ANSWER, &came, &[]);
        if self.talk.run.lacks(Step::Dial) {
            return self.talk.run.findings.not_reached(&[r::CLICKS_OFF], "needs the step dial");
        }
        // A page may refuse the step.
        let _ = self.talk.run.takes(Step::Dial).await;
        let came = self.rest().await;
        self.talk.none(r::CLICKS_OFF, &came, &[CLICK]);
    }
}

/// `message` of the log of a call (crm-connector.md §4.8).
fn log(call: &Call<'_>) -> Value {
    json!({ "body": {
        "interactionId": call.id,
        "interactionData": {
            "updatedOriginatingAddress": call.from,
            "updatedDestinationAddress": call.to,
            "interaction": {
                "id": call.id, "channelType": "VOICE", "direction": call.direction, "answered": true,
                "topic": "Sales", "startTimestamp": 1_700_000_005_000_u64,
                "endTimestamp": 1_700_000_065_000_u64, "agentId": "conform", "dispositionCode": null,
                "intrinsics": {
                    "START_DATE": "2023-11-14", "START_TIME": "22:13:25(GMT)", "END_TIME": "22:14:25(GMT)",
                    "DURATION": 60
                }
            },
            "logDetails": {
                "subject": "Conform", "comments": "one\ntwo", "relatedTo": null,
                "customFields": [{ "logFieldName": "case_id", "currentValue": "C-1" }]
            }
        }
    } })
}
