//! The example conversation (crm-connector.md §11), to the byte.

use crate::support;

use std::fmt::Write;

use model::Verb;
use serde_json::{Value, json};
use support::{Rig, becomes, click, completes, crm_data, opens};

/// The page that shows the conversation.
const PAGE: &str = include_str!("../../../../../docs/protocols/crm-connector.md");

/// A connector, the page around it, and everything they post to each other.
struct Conversation {
    rig: Rig,
    text: String,
}

impl Conversation {
    /// Writes what the connector posted since the last time.
    fn connector(&mut self) {
        for message in std::mem::take(&mut self.rig.posts) {
            writeln!(self.text, "connector > {message}").unwrap();
        }
    }

    fn page(&mut self, action: &str, data: Option<Value>) {
        let mut message = json!({"type": "ClientAppMessage", "action": action});
        if let Some(data) = &data {
            message["data"] = data.clone();
        }
        writeln!(self.text, "page      > {message}").unwrap();
        self.rig.client(action, data);
        self.connector();
    }

    fn event(&mut self, event: Value) {
        self.rig.event(event);
        self.connector();
    }

    fn title(&mut self, title: &str) {
        writeln!(self.text, "# {title}").unwrap();
    }
}

#[test]
fn the_page_shows_what_is_posted() {
    let mut all = Conversation { rig: Rig::new(), text: String::new() };
    all.title("Handshake and configuration");
    all.connector();
    all.page("ready", Some(json!({})));
    let settings = json!({
        "SoftphoneOptions": {"clickToDial": "Y"},
        "LogOptions": {"callLogEnabled": "Y", "transactionLogCustomField1": "case_id"},
    });
    all.page("crmData", Some(crm_data(settings)));
    let field = json!({"customFieldInfo": {"customFieldType": "STRING", "customFieldLabel": "Case id"}});
    let fields = json!({"digital": {}, "voice": {"case_id": field}});
    all.page("customFieldsDataResponse", Some(json!(fields.to_string())));
    all.title("The agent signs in");
    all.event(
        json!({"type": "agent-signed-in", "agent": "1001", "device": "70001", "switch": "pbx", "queues": []}),
    );
    all.title("The agent clicks a number in the CRM; nothing answers");
    all.page("clickToDialResponse", Some(click("+14155550100")));
    assert!(matches!(&all.rig.verbs()[..], [Verb::Dial { .. }]));
    all.title("An inbound call: the record, and the log when the interaction is complete");
    all.event(opens("inbound", "alerting"));
    all.event(becomes("alerting", "started"));
    all.rig.event(completes());
    let log = all.rig.posts.last().unwrap()["data"].clone();
    all.connector();
    let saved = json!({"taskId": "T1", "data": {"logParameters": {"caller": "+14155550100"}, "msgData": {"message": log["message"]}}});
    all.page("createHistoryItem", Some(saved));
    all.title("The CRM reports an error");
    all.page(
        "displayErrorNotification",
        Some(
            json!({"type": "transient", "severity": "ERROR", "textArray": ["User not found"], "title": "Search",
            "dialogId": 1, "persist": false, "store": true}),
        ),
    );
    let block = format!("```text\n{}```\n", all.text);
    assert!(PAGE.contains(&block), "the example of docs/protocols/crm-connector.md is to be:\n{block}");
}
