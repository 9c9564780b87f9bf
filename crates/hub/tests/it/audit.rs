//! The audit trail: each change and each look at the history of others has an entry.

use cordboard_hub::NodeConfig;
use serde_json::{Value, json};
use store::verify_audit;

use crate::{common::*, served::*};

impl Served {
    /// The entries with this action, the oldest first.
    async fn entries(&self, action: &str) -> Vec<Value> {
        let admin = self.sign_in("admin").await;
        let found = self.get(&admin, &format!("/api/v1/audit?action={action}")).await;
        assert_eq!(found.status, 200, "{}", found.body);
        found.body["items"].as_array().unwrap().iter().rev().cloned().collect()
    }

    async fn verified(&self) -> u64 {
        let read = |reader: &dyn store::Reader| {
            Ok(verify_audit(|after, limit| reader.audit_rows(after, limit), None))
        };
        self.node.handle().read(read).await.unwrap().unwrap().entries
    }
}

/// What an entry says, without its time and hash.
fn content(entry: &Value) -> Value {
    json!([entry["actor"]["account"], entry["actor"]["credential"], entry["object"], entry["detail"]])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_and_sign_outs_are_in_the_trail_and_made_up_names_are_not() {
    let served = served(NodeConfig::default()).await;
    let token = served.sign_in("boss").await;
    served.call("POST", "/api/v1/sign-out", &[("authorization", &token)], None).await;
    for (account, password) in [("boss", "wrong"), ("my-password-typed-here", "x")] {
        let body = json!({"account": account, "password": password});
        served.call("POST", "/api/v1/sign-in", &[], Some(body)).await;
    }
    let signed_in = served.entries("signed-in").await;
    assert_eq!(content(&signed_in[0]), json!(["boss", "password", "boss", {"client": null}]));
    assert_eq!(signed_in[0]["actor"]["address"], "127.0.0.1");
    assert_eq!(content(&served.entries("signed-out").await[0]), json!(["boss", "password", "boss", {}]));
    let failed = served.entries("sign-in-failed").await;
    let detail = json!({"reason": "unauthenticated", "left_out_before": 0});
    assert_eq!(content(&failed[0]), json!(["boss", "none", "boss", detail]));
    assert_eq!(content(&failed[1]), json!([null, "none", "unknown", detail]));
    assert!(served.verified().await > 5);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_failed_sign_ins_writes_a_bounded_number_of_entries() {
    let served = served(NodeConfig::default()).await;
    for _ in 0..40 {
        let body = json!({"account": "boss", "password": "wrong"});
        served.call("POST", "/api/v1/sign-in", &[], Some(body)).await;
    }
    assert_eq!(served.entries("sign-in-failed").await.len(), 30);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_floor_has_an_entry_with_what_it_changes_and_a_refused_one_has_none() {
    let served = served(NodeConfig::default()).await;
    let admin = served.sign_in("admin").await;
    let mut floor = serde_json::to_value(floor(3)).unwrap();
    served.put(&admin, "/api/v1/floor", json!({"floor": floor})).await;
    floor["agents"][0]["queues"] = json!(["nowhere"]);
    assert_eq!(served.put(&admin, "/api/v1/floor", json!({"floor": floor})).await.status, 400);
    let entries = served.entries("floor-applied").await;
    let last = entries.last().unwrap();
    let added = json!({"added": ["1003"], "changed": [], "removed": []});
    assert_eq!(content(last), json!(["admin", "password", "floor", {"agents": added}]));
    assert_eq!(entries.len(), 3, "two come from the node itself");
    assert_eq!(content(&entries[0])[1], "node");
    assert_eq!(entries[1]["detail"]["accounts"]["added"].as_array().unwrap().len(), 5);
    let all = served.get(&admin, "/api/v1/audit").await.body.to_string();
    assert!(!all.contains("argon2"), "{all}");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_at_the_history_of_others_has_an_entry_and_a_look_at_ones_own_has_none() {
    let served = served(NodeConfig::default()).await;
    let (own, boss) = (served.sign_in("1001").await, served.sign_in("boss").await);
    for path in ["interactions", "agents", "interactions?agent=1001"] {
        assert_eq!(served.get(&own, &format!("/api/v1/history/{path}")).await.status, 200);
    }
    assert_eq!(served.entries("history-read").await, [Value::Null; 0]);
    for path in ["interactions?agent=1001&limit=5", "agents", "waits?queue=7700"] {
        assert_eq!(served.get(&boss, &format!("/api/v1/history/{path}")).await.status, 200);
    }
    assert_eq!(served.get(&own, "/api/v1/history/agents?agent=1002").await.status, 403);
    let looks: Vec<Value> = served.entries("history-read").await.iter().map(content).collect();
    let wanted = [
        json!(["boss", "password", "interactions", {"agent": "1001", "limit": 5}]),
        json!(["boss", "password", "agents", {}]),
        json!(["boss", "password", "waits", {"queue": "7700"}]),
    ];
    assert_eq!(looks, wanted);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_supervisor_does_to_an_agent_has_an_entry() {
    let served = served(NodeConfig::default()).await;
    let (own, boss) = (served.sign_in("1001").await, served.sign_in("boss").await);
    let path = "/api/v1/agents/1001/commands";
    served.post(&own, path, json!({"verb": "sign-in"})).await;
    served.post(&own, path, json!({"verb": "ready"})).await;
    assert_eq!(served.entries("agent-changed").await, [Value::Null; 0]);
    assert_eq!(served.post(&boss, path, json!({"verb": "not-ready"})).await.status, 200);
    let detail = json!({"verb": "not-ready", "interaction": null});
    let entries = served.entries("agent-changed").await;
    assert_eq!(
        entries.iter().map(content).collect::<Vec<_>>(),
        [json!(["boss", "password", "1001", detail])]
    );
    served.post(&boss, path, json!({"verb": "dial", "to": "5550100"})).await;
    assert_eq!(served.entries("agent-changed").await.len(), 1, "it is forbidden");
    served.post(&boss, path, json!({"verb": "force-end"})).await;
    assert_eq!(served.entries("force-end").await.len(), 1);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contacts_are_in_the_trail_by_id() {
    let served = served(NodeConfig::default()).await;
    let peer = served.sign_in("peer").await;
    let contact = json!({"id": "c1", "name": "Ada", "numbers": ["+14155550100"]});
    assert_eq!(served.put(&peer, "/api/v1/contacts/c1", contact).await.status, 200);
    served.call("DELETE", "/api/v1/contacts/c1", &[("authorization", &peer)], None).await;
    let written = served.entries("contact-written").await;
    assert_eq!(content(&written[0]), json!(["peer", "password", "c1", {"numbers": 1}]));
    assert!(!written[0].to_string().contains("Ada"));
    assert_eq!(content(&served.entries("contact-deleted").await[0]), json!(["peer", "password", "c1", {}]));
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trail_is_read_by_admins_page_by_page_and_the_look_is_in_it() {
    let served = served(NodeConfig::default()).await;
    let (admin, boss) = (served.sign_in("admin").await, served.sign_in("boss").await);
    assert_eq!(served.get(&boss, "/api/v1/audit").await.status, 403);
    let first = served.get(&admin, "/api/v1/audit?limit=2").await.body;
    let before = first["next"].as_str().unwrap();
    let second = served.get(&admin, &format!("/api/v1/audit?limit=2&before={before}")).await.body;
    let numbers = |page: &Value| -> Vec<u64> {
        page["items"].as_array().unwrap().iter().map(|entry| entry["number"].as_u64().unwrap()).collect()
    };
    let last = numbers(&first)[0];
    assert_eq!((numbers(&first), numbers(&second)), (vec![last, last - 1], vec![last - 2, last - 3]));
    assert_eq!(served.entries("audit-read").await.len(), 3);
    assert_eq!(
        served.get(&admin, "/api/v1/audit?account=boss").await.body["items"].as_array().unwrap().len(),
        1
    );
    let unknown = served.get(&admin, "/api/v1/audit?action=nothing").await;
    assert!(unknown.body["detail"].as_str().unwrap().contains("expected one of"), "{}", unknown.body);
    let head = served.get(&admin, "/api/v1/audit/head").await.body;
    assert_eq!(head["number"].as_u64(), Some(served.verified().await));
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_entries_are_deleted_and_the_rest_stays_verifiable() {
    let served = served(NodeConfig { audit_entries_max: 3, ..NodeConfig::default() }).await;
    let admin = served.sign_in("admin").await;
    for _ in 0..3 {
        served.get(&admin, "/api/v1/audit").await;
    }
    let pruned = served.entries("audit-pruned").await;
    assert_eq!((pruned.len(), &pruned[0]["detail"]["up_to"]), (1, &json!(1)), "{pruned:?}");
    assert_eq!(pruned[0]["actor"], json!({"credential": "node"}));
    assert!(served.verified().await > 3);
    served.node.stop().await.unwrap();
}
