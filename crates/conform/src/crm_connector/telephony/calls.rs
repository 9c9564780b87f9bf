//! Calls of a customer, and clicks.

use serde_json::{Value, json};

use super::{
    Script, r,
    session::{crm_data, settings},
};
use crate::{Step, page::Message};

const POP: &str = "requestPerformInteractionScreenPop";
const LOG: &str = "requestSaveInteractionLog";

/// What an interaction may cause at any time.
const ASIDE: [&str; 2] = ["requestEnableClickToDial", "interactionEvent"];

impl Script<'_> {
    /// A call with settings that allow nothing.
    pub(super) async fn suppresses(&mut self) -> Option<()> {
        let of = [r::SUPPRESSED, r::NO_LOG, r::NO_EVENTS];
        if !self.talk.run.step(Step::Ring, &of).await {
            return None;
        }
        let came = self.talk.rest().await;
        self.talk.none(r::NO_EVENTS, &came, &["interactionEvent"]);
        self.talk.none(r::SUPPRESSED, &came, &[POP]);
        let answered = self.talk.run.step(Step::Answer, &[r::NO_LOG]).await;
        let came = self.talk.rest().await;
        self.talk.none(r::SUPPRESSED, &came, &[POP]);
        if answered && self.talk.run.step(Step::HangUp, &[r::NO_LOG]).await {
            let came = self.talk.rest().await;
            self.talk.none(r::NO_LOG, &came, &[LOG]);
        }
        Some(())
    }

    /// A call whose record is shown when it is answered.
    pub(super) async fn takes_a_call(&mut self) -> Option<()> {
        let of = [r::WAITS, r::POPS, r::ANI, r::DNIS, r::POP_KEYS, r::POP_ONCE, r::LOGS, r::EVENTS];
        if !self.talk.run.step(Step::Ring, &of).await {
            return None;
        }
        let came = self.talk.rest().await;
        self.talk.none(r::WAITS, &came, &[POP]);
        self.event(&came, "ALERTING", "INBOUND");
        if !self.talk.run.step(Step::Answer, &of).await {
            return None;
        }
        if let Some(pop) = self.talk.expect(r::POPS, POP).await {
            self.judge_pop(&pop, true);
        }
        let came = self.talk.rest().await;
        self.talk.none(r::POP_ONCE, &came, &[POP]);
        self.event(&came, "CONNECTED", "INBOUND");
        if !self.talk.run.step(Step::HangUp, &[r::LOGS, r::LOG_IDS, r::LOG_ONCE]).await {
            return None;
        }
        let log = self.talk.expect(r::LOGS, LOG).await?;
        let customer = self.connector.customer.clone();
        self.judge_log(&log, customer.as_deref(), None);
        let came = self.talk.rest().await;
        self.talk.none(r::LOG_ONCE, &came, &[LOG]);
        self.event(&came, "ENDED", "INBOUND");
        self.saves(&log).await;
        Some(())
    }

    /// Saves a log.
    async fn saves(&mut self, log: &Message) {
        let data = log.at("/data");
        let mut saved = data.clone();
        saved["logParameters"] = json!({ "subject": "Conform" });
        saved["msgData"] = json!({ "message": data["message"] });
        let task = log.at("/data/message/body/interactionId").clone();
        self.talk.send("createHistoryItem", &json!({ "taskId": task, "data": saved }));
        let came = self.talk.rest().await;
        self.talk.only(r::SAVED, &came, &ASIDE);
    }

    /// A call whose record is shown when it rings, and that nobody answers.
    pub(super) async fn takes_none(&mut self) -> Option<()> {
        self.talk.send("crmData", &crm_data(&settings("N", "N"), true));
        if let Some(request) = self.talk.until("requestCustomFieldsValues", self.talk.run.terms.timeout).await
        {
            self.talk.check(r::FIELDS, true, "", &request);
        }
        self.talk.rest().await;
        if !self.talk.run.step(Step::GiveUp, &[r::POPS_ON_RING, r::UNANSWERED]).await {
            return None;
        }
        if let Some(pop) = self.talk.expect(r::POPS_ON_RING, POP).await {
            self.judge_pop(&pop, false);
        }
        let log = self.talk.expect(r::LOGS, LOG).await?;
        let interaction = log.at("/data/message/body/interactionData/interaction");
        let subject = log.text("/data/message/body/interactionData/logDetails/subject");
        let unanswered = interaction["answered"] == json!(false)
            && interaction["intrinsics"]["DURATION"] == json!(0)
            && !subject.is_empty();
        let expected = "answered false, DURATION 0 and a subject";
        self.talk.check(r::UNANSWERED, unanswered, expected, &log);
        let came = self.talk.rest().await;
        self.talk.none(r::LOG_ONCE, &came, &[LOG]);
        // An agent who did not answer may have to become ready again.
        let _ = self.talk.run.takes(Step::Ready).await;
        Some(())
    }

    /// Numbers that are clicked.
    pub(super) async fn clicks(&mut self) -> Option<()> {
        let of = [r::DIALS, r::NO_REPLY, r::NOT_CALLED];
        if !self.signed_in {
            self.talk.run.findings.not_reached(&of, "needs an agent who is signed in: see the step sign-in");
            return None;
        }
        self.talk.rest().await;
        let number = self.connector.number.clone();
        self.talk.send("clickToDialResponse", &click(&number, true));
        self.talk.send("clickToDialResponse", &click("", false));
        let came = self.talk.rest().await;
        self.talk.none(r::NOT_CALLED, &came, &["interactionEvent", LOG]);
        self.talk.send("clickToDialResponse", &click(&number, false));
        let came = self.talk.rest().await;
        self.talk.only(r::NO_REPLY, &came, &ASIDE);
        if let Some(event) = came.iter().find(|message| message.text("/action") == "interactionEvent") {
            let right = event.text("/data/direction") == "OUTBOUND"
                && same_number(event.text("/data/destinationAddress"), &number);
            self.talk.check(r::DIALS, right, &format!("OUTBOUND to {number}"), event);
        }
        if !self.talk.run.step(Step::HangUp, &[r::DIALS]).await {
            return None;
        }
        let log = self.talk.expect(r::DIALS, LOG).await?;
        self.judge_log(&log, None, Some(&number));
        self.talk.rest().await;
        Some(())
    }

    fn judge_pop(&mut self, pop: &Message, dnis: bool) {
        let first = pop.at("/data/aniValues/0").as_str();
        let expected = self.connector.customer.clone();
        let right = first.is_some_and(|first| expected.as_ref().is_none_or(|number| number == first));
        let wanted = format!("aniValues: [{:?}, …]", expected.as_deref().unwrap_or("the number"));
        self.talk.check(r::ANI, right, &wanted, pop);
        let dialed = pop.at("/data/dnisValues");
        let right = match dnis {
            true => dialed.get(0).is_some_and(Value::is_string),
            false => dialed.is_null(),
        };
        self.talk.check(r::DNIS, right, if dnis { "dnisValues" } else { "no dnisValues" }, pop);
        let whole = !pop.text("/data/interactionId").is_empty()
            && pop.text("/data/interactionType") == "VOICE"
            && pop.text("/data/direction") == "INBOUND";
        let expected = "interactionId, interactionType VOICE and direction INBOUND";
        self.talk.check(r::POP_KEYS, whole, expected, pop);
    }

    /// Checks that an event has come.
    fn event(&mut self, came: &[Message], event: &str, direction: &str) {
        let is = |message: &&Message| {
            message.text("/action") == "interactionEvent" && message.text("/data/event") == event
        };
        let Some(found) = came.iter().find(is) else {
            let expected = format!("interactionEvent with event {event}");
            return self.talk.run.findings.deviates(r::EVENTS, &expected, "no such event");
        };
        self.talk.check(r::EVENTS, true, "", found);
        let texts = ["interactionId", "originatingAddress", "destinationAddress"];
        let whole = texts.iter().all(|key| found.at("/data")[*key].is_string())
            && found.at("/data/startTimestamp").is_u64()
            && found.text("/data/channelType") == "VOICE"
            && found.text("/data/direction") == direction;
        self.talk.check(r::EVENT_KEYS, whole, &format!("all keys, VOICE and {direction}"), found);
    }
}

/// A click on a number as the sample page reports it; an empty number is left out.
fn click(number: &str, do_not_call: bool) -> Value {
    let record = "Conform Customer";
    let mut about = json!({
        "objectType": "End User", "recordId": 4711, "recordName": record, "email": null,
        "url": "https://crm.example/users/4711"
    });
    let related =
        json!({ "recordId": 4711, "url": about["url"], "recordName": record, "objectType": "End User" });
    let mut phones = json!([]);
    if !number.is_empty() {
        about["number"] = json!(number);
        phones = json!([number]);
    }
    json!({
        "onClickToDialResponse": about,
        "clickToDialLogDetails": { "id": 4711, "name": record, "personAccount": true, "type": "End User" },
        "softphoneItems": [], "doNotCall": do_not_call, "crmEmails": null, "crmPhones": phones,
        "nameObjects": null,
        "relatedToObjects": [{ "isName": false, "isRelatedTo": true, "pageInfo": related }],
        "pageInfo": about
    })
}

/// Whether two spellings have the same digits.
pub(super) fn same_number(one: &str, other: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    !one.is_empty() && digits(one) == digits(other)
}
