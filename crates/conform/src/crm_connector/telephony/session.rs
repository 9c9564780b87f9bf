//! The handshake, the settings, and what has no effect.

use serde_json::{Value, json};

use super::{Script, r};
use crate::{Step, page::Message};

/// The name of a log field.
pub(super) const FIELD: &str = "case_id";

/// `crmData` with these sections and extensions.
pub(super) fn crm_data(settings: &Value, extended: bool) -> Value {
    let extensions = if extended { json!(["interactionEvents"]) } else { json!([]) };
    json!({
        "callCenterSettings": settings,
        "currentUser": {
            "attributes": { "type": "agent" }, "Name": "Conform", "Username": "conform", "Id": 7,
            "LanguageLocaleKey": "en_US"
        },
        "capabilities": {
            "directoryAvailable": false, "name": "Conform", "reloadsOnNavigation": false,
            "lightningComponentsAvailable": false, "extensions": extensions
        }
    })
}

/// Settings that enable everything.
pub(super) fn settings(wait: &str, dnis: &str) -> Value {
    json!({
        "SoftphoneOptions": { "clickToDial": "Y", "clickToConsultEnabled": "Y" },
        "LogOptions": { "callLogEnabled": "Y", "transactionLogCustomField1": FIELD },
        "CallScreenPopOptions": {
            "screenPopOnAni": "Y", "screenPopOnDnis": dnis, "suppressScreenPop": "N",
            "waitBeforePerformScreenpop": wait
        }
    })
}

fn is_bare(message: &Message) -> bool {
    message.value.get("data").is_none()
}

impl Script<'_> {
    /// The handshake. The page is silent until `ready` has been repeated.
    pub(super) async fn greets(&mut self) -> Option<()> {
        let opening = self.talk.run.browser.opening;
        let first = loop {
            match self.talk.next(opening).await {
                Some(message) if message.text("/action") == "requestSignIn" => {
                    self.talk.run.instruct("Sign in to the softphone in the frame.");
                }
                Some(message) => break message,
                None => {
                    self.talk.run.findings.deviates(r::STARTS, "ready", "nothing in time");
                    return None;
                }
            }
        };
        self.talk.run.instruct("");
        let starts = first.text("/action") == "ready";
        self.talk.check(r::STARTS, starts, "ready", &first);
        self.talk.check(r::BARE, is_bare(&first), "no data", &first);
        let right = origin(&self.connector.to).is_some_and(|origin| origin == first.origin);
        if !right {
            self.talk.run.findings.deviates(r::ORIGIN, &self.connector.to.clone(), &first.origin);
        }
        self.talk.run.findings.held(r::ORIGIN);
        let again = self.talk.expect(r::REPEATS, "ready").await?;
        self.talk.check(r::BARE, is_bare(&again), "no data", &again);
        self.talk.send("ready", &json!({}));
        let request = self.talk.expect(r::REQUESTS_DATA, "requestCrmData").await?;
        self.talk.check(r::BARE, is_bare(&request), "no data", &request);
        // One ready may have been on its way.
        self.talk.passed();
        self.talk.send("ready", &json!({}));
        let rest = self.talk.rest().await;
        self.talk.none(r::NO_ECHO, &rest, &["ready"]);
        self.talk.none(r::ONCE, &rest, &["requestCrmData"]);
        Some(())
    }

    /// Settings with which almost nothing happens.
    pub(super) async fn is_configured(&mut self) -> Option<()> {
        let settings = json!({
            "SoftphoneOptions": { "clickToDial": "N" },
            "LogOptions": { "callLogEnabled": "N", "transactionLogCustomField1": FIELD },
            "CallScreenPopOptions": { "suppressScreenPop": "Y" }
        });
        self.talk.send("crmData", &crm_data(&settings, false));
        let mut came = self.talk.rest().await;
        let signed_in = self.talk.run.step(Step::SignIn, &[r::CLICKS_ON]).await;
        self.signed_in = signed_in;
        if signed_in {
            self.talk.run.step(Step::Ready, &[]).await;
        }
        came.extend(self.talk.rest().await);
        self.clicks_are(&came, false);
        self.talk.none(r::NO_FIELDS, &came, &["requestCustomFieldsValues"]);
        self.talk.none(r::NO_DIRECTORY, &came, &["requestGetCrmDirectory"]);
        Some(())
    }

    /// Checks what is said about clicks.
    fn clicks_are(&mut self, came: &[Message], enabled: bool) {
        for message in came.iter().filter(|message| message.text("/action") == "requestEnableClickToDial") {
            let value = message.at("/data/isEnabled");
            self.talk.check(r::CLICKS, value.is_boolean(), "isEnabled: true or false", message);
            if !enabled {
                self.talk.check(r::CLICKS_OFF, value != &json!(true), "isEnabled: false", message);
            }
        }
        if !enabled {
            self.talk.run.findings.held(r::CLICKS_OFF);
        }
    }

    /// Settings that enable everything.
    pub(super) async fn is_configured_again(&mut self) {
        self.talk.send("crmData", &crm_data(&settings("Y", "Y"), true));
        if let Some(request) = self.talk.expect(r::FIELDS, "requestCustomFieldsValues").await {
            let (voice, digital) = (request.at("/data/object/voice"), request.at("/data/object/digital"));
            let lists = voice.is_array() && digital.is_array();
            self.talk.check(r::FIELD_LISTS, lists, "data.object with the lists voice and digital", &request);
            let named = voice == &json!([FIELD]);
            self.talk.check(r::FIELD_NAMES, named, &format!("voice: [\"{FIELD}\"]"), &request);
            let field =
                json!({ "customFieldInfo": { "customFieldType": "STRING", "customFieldLabel": "Case" } });
            let fields = json!({ "voice": { FIELD: field }, "digital": { FIELD: field } });
            self.talk.send("customFieldsDataResponse", &json!(fields.to_string()));
        }
        let came = self.talk.rest().await;
        self.clicks_are(&came, true);
        self.talk.only(r::SAVED, &came, &["requestEnableClickToDial", "interactionEvent"]);
        let clicks = came.iter().rfind(|message| message.text("/action") == "requestEnableClickToDial");
        if self.signed_in {
            match clicks {
                Some(value) => {
                    let on = value.at("/data/isEnabled") == &json!(true);
                    if self.talk.check(r::CLICKS_ON, on, "isEnabled: true", value) {
                        self.talk.run.findings.held(r::REPLACES);
                    }
                }
                None => self.talk.run.findings.deviates(r::CLICKS_ON, "requestEnableClickToDial", "nothing"),
            }
        }
        if clicks.is_none() && self.signed_in {
            self.talk.run.findings.deviates(r::REPLACES, "an effect of the second crmData", "nothing");
        }
    }

    /// Messages that are not for the connector.
    pub(super) async fn ignores(&mut self) {
        self.talk.rest().await;
        let off = crm_data(&json!({ "SoftphoneOptions": { "clickToDial": "N" } }), false);
        let others = [
            Value::Null,
            json!("ready"),
            json!(7),
            json!([{ "type": "ClientAppMessage", "action": "crmData" }]),
            json!({ "type": "OtherMessage", "action": "crmData", "data": off }),
            json!({ "type": "ClientAppMessage", "action": "conformUnknown", "data": {} }),
        ];
        others.iter().for_each(|other| self.talk.raw(other));
        let came = self.talk.rest().await;
        self.talk.only(r::IGNORES, &came, &[]);
        self.talk.send_as_stranger("crmData", &off);
        let came = self.talk.rest().await;
        self.talk.only(r::STRANGERS, &came, &[]);
        let text = json!({
            "type": "transient", "severity": "INFO", "textArray": ["conform"], "title": "Conform", "dialogId": 1,
            "persist": false, "store": false
        });
        self.talk.send("displayErrorNotification", &text);
        let came = self.talk.rest().await;
        self.talk.only(r::SAVED, &came, &[]);
    }

    /// The page was loaded again.
    pub(super) async fn restarts(&mut self) -> Option<()> {
        for _ in 0..3 {
            self.talk.send("ready", &json!({}));
        }
        self.talk.expect(r::RESTARTS, "requestCrmData").await?;
        self.talk.send("crmData", &crm_data(&settings("N", "N"), false));
        self.talk.rest().await;
        Some(())
    }
}

/// The origin of an address.
fn origin(address: &str) -> Option<&str> {
    let host = address.find("://")? + 3;
    let end = address[host..].find(['/', '?', '#']).map_or(address.len(), |end| host + end);
    Some(&address[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_an_origin() {
        assert_eq!(origin("https://x.example:1/a?b=c"), Some("https://x.example:1"));
        assert_eq!(origin("https://x.example"), Some("https://x.example"));
        assert_eq!(origin("x.example"), None);
    }
}
