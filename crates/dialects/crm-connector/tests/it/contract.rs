//! The session contract, for both ends.

use cordboard_crm_connector::{DeskConfig, DeskSession, TelephonySession};
use model::SwitchId;
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};
use session::suite;
use uuid::Uuid;

fn config() -> ProptestConfig {
    ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() }
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        select(vec![json!("Y"), json!("+14155550100"), json!("ready")])
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let keys = select(vec![
            "number",
            "data",
            "message",
            "body",
            "results",
            "textArray",
            "SoftphoneOptions",
            "callCenterSettings",
        ]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map(keys.prop_map(str::to_owned), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn message(from: &'static str, actions: Vec<&'static str>) -> impl Strategy<Value = Value> {
    let sensible = json!({
        "callCenterSettings": {"SoftphoneOptions": {"clickToDial": "Y", "autoSignOutEnabled": "Y"},
            "LogOptions": {"callLogEnabled": "Y", "transactionLogCustomField1": "case_id"}},
        "capabilities": {"directoryAvailable": true, "extensions": ["interactionEvents"]},
        "onClickToDialResponse": {"number": "+14155550100", "recordName": "Bo"}, "taskId": "T1", "isEnabled": true,
        "aniValues": ["+14155550100"], "event": "CONNECTED", "interactionId": "I1",
        "message": {"body": {"interactionId": "I1"}},
    });
    let data = prop_oneof![3 => Just(sensible), 1 => anything()];
    let known = (select(actions), data)
        .prop_map(move |(action, data)| json!({"type": from, "action": action, "data": data}));
    prop_oneof![8 => known, 1 => anything()]
}

fn client() -> impl Strategy<Value = Value> {
    message(
        "ClientAppMessage",
        vec![
            "ready",
            "crmData",
            "crmDirectory",
            "clickToDialResponse",
            "createHistoryItem",
            "customFieldsDataResponse",
            "displayErrorNotification",
        ],
    )
}

fn connector() -> impl Strategy<Value = Value> {
    message(
        "CRMConnectMessage",
        vec![
            "ready",
            "requestCrmData",
            "requestGetCrmDirectory",
            "requestEnableClickToDial",
            "requestNavigateToClickToDialResult",
            "requestPerformInteractionScreenPop",
            "requestOpenReports",
            "requestSaveInteractionLog",
            "requestCustomFieldsValues",
            "interactionEvent",
        ],
    )
}

fn ours() -> impl Strategy<Value = Value> {
    let around = json!({"type": "around", "origin": "https://pages.example", "offset_min": -300});
    let words = vec![
        around,
        json!({"type": "directory"}),
        json!({"type": "reports"}),
        json!({"type": "around", "origin": "x"}),
    ];
    prop_oneof![6 => select(words), 1 => anything()]
}

fn desk() -> DeskSession {
    let config = DeskConfig { url: "https://pages.example/connector/".into(), ..DeskConfig::default() };
    DeskSession::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(8)).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_telephony_end_keeps_the_contract(steps in suite::page_steps(client(), ours(), 120)) {
        suite::check(|| TelephonySession::new(Uuid::from_u128(7), 8), TelephonySession::held, 4_000, &steps);
    }

    #[test]
    fn the_desk_end_keeps_the_contract(steps in suite::page_steps(connector(), ours(), 120)) {
        suite::check(desk, DeskSession::held, 4_000, &steps);
    }
}
