//! The handshake, the settings, and what the page knows.

use serde_json::{Value, json};

use super::{Script, r};
use crate::page::{Came, Message};

const TYPES: [&str; 5] = ["transient", "okDialog", "okCancelDialog", "fixedDialog", "html"];
const SEVERITIES: [&str; 6] = ["EVENT", "INFO", "WARNING", "ERROR", "CRITICAL", "SUCCESS"];

impl Script<'_> {
    pub(super) async fn greets(&mut self) -> Option<()> {
        let opening = self.talk.run.browser.opening;
        match self.talk.run.next(opening).await {
            Some(Came::Loaded { document, .. }) => self.talk.document = document,
            Some(Came::Message(_)) | None => {
                self.talk.run.findings.deviates(r::READY, "a page that embeds the run", "nothing in time");
                return None;
            }
        }
        let early = self.talk.rest().await;
        self.talk.only(r::WAITS, &early, &["ready"]);
        // A page may listen only after it has loaded the frame.
        for _ in 0..5 {
            self.talk.send("ready", &Value::Null);
            if let Some(ready) = self.talk.until("ready", self.talk.run.terms.silence).await {
                self.judge_ready(&ready);
                break;
            }
        }
        self.talk.rest().await;
        self.talk.send("ready", &Value::Null);
        let ready = self.talk.expect(r::EVERY, "ready").await;
        match &ready {
            Some(ready) => self.judge_ready(ready),
            None => self.talk.run.findings.deviates(r::READY, "ready", "nothing"),
        }
        ready.map(drop)
    }

    fn judge_ready(&mut self, ready: &Message) {
        self.talk.check(r::READY, true, "", ready);
        let data = ready.at("/data");
        self.talk.check(r::BARE, data.is_null() || data == &json!({}), "no data, or {}", ready);
    }

    /// Returns whether the page has a directory.
    pub(super) async fn expect_data_request(&mut self) -> Option<bool> {
        self.talk.send("requestCrmData", &Value::Null);
        let came = self.talk.expect(r::DATA, "crmData").await?;
        let settings = came.at("/data/callCenterSettings");
        let sections = settings.as_object();
        let whole = settings.is_null() || sections.is_some_and(|all| all.values().all(Value::is_object));
        self.talk.check(r::SETTINGS, whole, "an object of objects", &came);
        let wrong = sections.into_iter().flatten().find_map(|(name, section)| {
            let wrong = section.as_object()?.iter().find(|(_, value)| !value.is_string())?;
            Some(format!("{name}.{}", wrong.0))
        });
        let expected = format!("a text as {}", wrong.as_deref().unwrap_or("each value"));
        self.talk.check(r::VALUES, wrong.is_none(), &expected, &came);
        let user = came.at("/data/currentUser");
        let named = ["Name", "Username", "LanguageLocaleKey"].iter().all(|key| user[*key].is_string());
        let numbered = user["Id"].is_string() || user["Id"].is_number();
        let expected = "Name, Username, Id and LanguageLocaleKey";
        self.talk.check(r::USER, named && numbered, expected, &came);
        let about = came.at("/data/capabilities");
        let whole = about["name"].is_string() && about["directoryAvailable"].is_boolean();
        self.talk.check(r::CAPABILITIES, whole, "name and directoryAvailable", &came);
        let extensions = about["extensions"].as_array();
        let texts = extensions.is_some_and(|all| all.iter().all(Value::is_string));
        let right = about["extensions"].is_null() || texts;
        self.talk.check(r::EXTENSIONS, right, "a list of texts", &came);
        self.extended = extensions.is_some_and(|all| all.contains(&json!("interactionEvents")));
        Some(about["directoryAvailable"] == json!(true))
    }

    /// Messages that are not for the page.
    pub(super) async fn ignores(&mut self) {
        self.rest().await;
        self.talk.send_as_stranger("ready", &Value::Null);
        let came = self.rest().await;
        self.talk.only(r::STRANGERS, &came, &[]);
        self.talk.send("conformUnknown", &json!({}));
        let came = self.rest().await;
        self.talk.only(r::UNKNOWN, &came, &[]);
    }

    pub(super) async fn expect_fields_request(&mut self) {
        let names = json!({ "voice": ["case_id"], "digital": ["case_id"] });
        self.talk.send("requestCustomFieldsValues", &json!({ "object": names }));
        let patience = self.talk.run.terms.silence;
        let Some(came) = self.talk.until("customFieldsDataResponse", patience).await else {
            let why =
                format!("the page did not answer requestCustomFieldsValues within {patience:?}; it need not");
            return self.talk.run.findings.not_reached(&[r::FIELDS, r::FIELD_INFO], &why);
        };
        let parsed = came.at("/data").as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let object = parsed.filter(Value::is_object);
        let expected = "a string that holds JSON";
        if !self.talk.check(r::FIELDS, object.is_some(), expected, &came) {
            return;
        }
        let object = object.unwrap_or_default();
        let fields = ["voice", "digital"].into_iter().filter_map(|side| object[side].as_object()).flatten();
        let right = fields.into_iter().all(|(_, field)| {
            let info = &field["customFieldInfo"];
            info["customFieldLabel"].is_string()
                && ["STRING", "PICKLIST"].iter().any(|kind| info["customFieldType"] == **kind)
        });
        let expected = "customFieldInfo with customFieldLabel, and customFieldType STRING or PICKLIST";
        self.talk.check(r::FIELD_INFO, right, expected, &came);
    }

    pub(super) async fn expect_directory_request(&mut self) {
        self.talk.send("requestGetCrmDirectory", &Value::Null);
        let patience = self.talk.run.terms.timeout;
        let Some(came) = self.talk.until("crmDirectory", patience).await else {
            let why = "the page did not answer requestGetCrmDirectory; without entries it sends nothing";
            return self.talk.run.findings.not_reached(&[r::DIRECTORY, r::PERSON], why);
        };
        let results = came.at("/data/results").as_array();
        let count = came.text("/data/count").parse().ok();
        let whole = results.is_some_and(|results| count == Some(results.len()));
        self.talk.check(r::DIRECTORY, whole, "count, a number as a text, and as many results", &came);
        let is_text = |value: &Value| value.is_string() || value.is_null();
        let right = results.into_iter().flatten().all(|one| {
            (one["id"].is_string() || one["id"].is_number())
                && one["name"].is_string()
                && is_text(&one["phone"])
                && is_text(&one["email"])
        });
        self.talk.check(r::PERSON, right, "id, name, and the texts phone and email", &came);
    }

    pub(super) fn judge_notice(&mut self, notice: &Message) {
        let data = notice.at("/data");
        let severity = data["severity"].as_str().or(data["serverity"].as_str()).unwrap_or_default();
        let right = data["type"].as_str().is_some_and(|kind| TYPES.contains(&kind))
            && SEVERITIES.contains(&severity)
            && data["textArray"].as_array().is_some_and(|all| all.iter().all(Value::is_string));
        self.talk.check(r::NOTICE, right, "type, severity and textArray", notice);
    }
}
