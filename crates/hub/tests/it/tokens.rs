//! API tokens and signed-in sessions.

use std::time::Duration;

use cordboard_hub::{
    NodeConfig,
    http::{ROUTES, TOKEN_ROUTES},
};
use model::Timestamp;
use serde_json::{Value, json};

use crate::{common::*, served::*};

impl Served {
    fn in_days(&self, days: u64) -> Timestamp {
        self.node.handle().now() + Duration::from_secs(days * 24 * 60 * 60)
    }

    async fn api_token(&self, admin: &str, name: &str, role: &str, scopes: &[&str]) -> String {
        let mut body = json!({"name": name, "role": role, "scopes": scopes, "expires_at": self.in_days(30)});
        if role == "agent" {
            body["agent"] = json!("1001");
        }
        let created = self.post(admin, "/api/v1/tokens", body).await;
        assert_eq!(created.status, 201, "{}", created.body);
        let text = created.body["token"].as_str().unwrap();
        assert!(text.starts_with("cordboard_") && text.len() == 74, "{text}");
        format!("Bearer {text}")
    }

    async fn delete(&self, token: &str, path: &str) -> Answer {
        self.call("DELETE", path, &[("authorization", token)], None).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_token_reaches_the_routes_of_its_scopes_and_no_other() {
    let served = served(NodeConfig::default()).await;
    let admin = served.sign_in("admin").await;
    for scope in ["read", "commands", "contacts", "history"] {
        let token = served.api_token(&admin, scope, "integration", &[scope]).await;
        for (method, route, _) in
            ROUTES.iter().filter(|route| route.1.starts_with("/api/") && route.1 != "/api/v1/openapi.json")
        {
            let path = route.replace("{agent}", "1001").replace("{name}", "max");
            let path = path.replace("{id}", "01890000-0000-7000-8000-000000000000");
            // Anyone can sign in. The relay has a test of its own, because this node has none.
            if path.starts_with("/api/v1/sign-in") || path.contains("/relay/") {
                continue;
            }
            let headers = [("authorization", token.as_str())];
            let status = served.call(method, &path, &headers, Some(json!({}))).await.status;
            let needs = TOKEN_ROUTES.iter().find(|line| (line.0, line.1) == (*method, *route));
            let is_allowed = needs.is_some_and(|line| line.2.as_str() == scope);
            assert_eq!(status != 403, is_allowed, "{scope}: {method} {route}: {status}");
        }
    }
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_role_of_an_api_token_limits_it_too() {
    let served = served(NodeConfig::default()).await;
    let admin = served.sign_in("admin").await;
    let all = ["read", "commands", "contacts", "history"];
    let agent = served.api_token(&admin, "desk", "agent", &all).await;
    let me = served.get(&agent, "/api/v1/me").await.body;
    assert_eq!(me, json!({"account": "token:desk", "role": "agent", "agent": "1001"}));
    let sign_in = json!({"verb": "sign-in"});
    assert_eq!(served.post(&agent, "/api/v1/agents/1001/commands", sign_in.clone()).await.status, 200);
    assert_eq!(served.post(&agent, "/api/v1/agents/1002/commands", sign_in).await.status, 403);
    assert_eq!(served.get(&agent, "/api/v1/history/waits").await.status, 403);
    let refused = json!({"name": "x", "role": "admin", "scopes": ["read"], "expires_at": served.in_days(1)});
    assert_eq!(served.post(&admin, "/api/v1/tokens", refused).await.status, 400);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn revoking_an_api_token_ends_its_socket_and_its_text_is_nowhere() {
    let served = served(NodeConfig::default()).await;
    let admin = served.sign_in("admin").await;
    let token = served.api_token(&admin, "wallboard", "supervisor", &["read"]).await;
    let mut socket = served.subscribed(&token, None).await;
    assert_eq!(receive(&mut socket).await.unwrap()["type"], "snapshot");
    let text = token.strip_prefix("Bearer ").unwrap();
    let listed = served.get(&admin, "/api/v1/tokens").await.body;
    let audited = served.get(&admin, "/api/v1/audit").await.body.to_string();
    assert!(!listed.to_string().contains(text) && !audited.contains(text));
    assert!(!listed.to_string().contains("fingerprint"), "{listed}");
    assert_eq!(listed["items"][0]["created_by"], "admin");
    let again = json!({"name": "wallboard", "role": "integration", "scopes": ["read"], "expires_at": served.in_days(1)});
    assert_eq!(served.post(&admin, "/api/v1/tokens", again).await.status, 409);
    assert_eq!(served.delete(&admin, "/api/v1/tokens/wallboard").await.status, 204);
    let last = receive(&mut socket).await.unwrap();
    assert_eq!((&last["type"], &last["code"]), (&json!("error"), &json!("unauthenticated")));
    assert_eq!(served.get(&token, "/api/v1/me").await.status, 401);
    assert_eq!(served.delete(&admin, "/api/v1/tokens/wallboard").await.status, 404);
    let audited = served.get(&admin, "/api/v1/audit?action=token-revoked").await.body;
    assert_eq!(audited["items"][0]["object"], "wallboard");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_token_is_valid_after_a_restart_and_its_use_is_known() {
    let memory = store::memory::Memory::default();
    let first = serve(node(NodeConfig::default(), open(&memory), 2).await).await;
    let admin = first.sign_in("admin").await;
    let token = first.api_token(&admin, "crm", "integration", &["read"]).await;
    assert_eq!(first.get(&token, "/api/v1/agents").await.status, 200);
    soon(async {
        while first.get(&admin, "/api/v1/tokens").await.body["items"][0]["used_at"].is_null() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    first.node.stop().await.unwrap();
    let second = serve(node(NodeConfig::default(), open(&memory), 2).await).await;
    assert_eq!(second.get(&token, "/api/v1/agents").await.status, 200);
    second.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_api_token_does_is_in_the_audit_trail_under_its_name() {
    let served = served(NodeConfig::default()).await;
    let admin = served.sign_in("admin").await;
    let token = served.api_token(&admin, "report", "supervisor", &["history"]).await;
    assert_eq!(served.get(&token, "/api/v1/history/waits").await.status, 200);
    let look = &served.get(&admin, "/api/v1/audit?action=history-read").await.body["items"][0];
    assert_eq!(look["actor"]["account"], "token:report");
    assert_eq!(look["actor"]["credential"], "api-token");
    let accounts = vec![account("token:report", model::Role::Admin, None)];
    let change = cordboard_hub::node::FloorChange {
        floor: std::sync::Arc::new(floor(2)),
        accounts: Some(accounts),
        contacts: Vec::new(),
    };
    let refused = served.node.handle().put_floor(change).await.unwrap_err();
    assert!(refused.text.contains("reserved for API tokens"), "{}", refused.text);
    served.node.stop().await.unwrap();
}

fn listed(answer: &Answer) -> Vec<(String, bool)> {
    let items = answer.body["items"].as_array().unwrap();
    let one =
        |item: &Value| (item["account"].as_str().unwrap().to_owned(), item["current"].as_bool().unwrap());
    items.iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_sees_and_ends_its_own_sessions_only() {
    let served = served(NodeConfig::default()).await;
    let (own, other, peer) =
        (served.sign_in("1001").await, served.sign_in("1001").await, served.sign_in("1002").await);
    let mut shown = listed(&served.get(&own, "/api/v1/sessions").await);
    shown.sort();
    assert_eq!(shown, [("1001".to_owned(), false), ("1001".to_owned(), true)]);
    assert_eq!(served.get(&own, "/api/v1/sessions?account=1002").await.status, 403);
    assert_eq!(served.delete(&own, "/api/v1/sessions?account=1002").await.status, 403);
    let theirs = served.get(&peer, "/api/v1/sessions").await.body["items"][0].clone();
    assert_eq!((&theirs["credential"], &theirs["address"]), (&json!("password"), &json!("127.0.0.1")));
    let path = format!("/api/v1/sessions/{}", theirs["id"].as_str().unwrap());
    assert_eq!(served.delete(&own, &path).await.status, 404);
    assert_eq!(served.delete(&own, "/api/v1/sessions").await.body, json!({"ended": 1}));
    assert_eq!(served.get(&other, "/api/v1/me").await.status, 401);
    assert_eq!(served.get(&own, "/api/v1/me").await.status, 200, "the session of the request stays");
    assert_eq!(served.delete(&peer, &path).await.status, 204);
    assert_eq!(served.get(&peer, "/api/v1/me").await.status, 401);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_ends_any_session_and_its_socket_ends_at_once() {
    let served = served(NodeConfig::default()).await;
    let (admin, own) = (served.sign_in("admin").await, served.sign_in("1001").await);
    let mut socket = served.subscribed(&own, None).await;
    assert_eq!(receive(&mut socket).await.unwrap()["type"], "snapshot");
    assert_eq!(served.get(&admin, "/api/v1/sessions").await.body["items"].as_array().unwrap().len(), 2);
    let session = served.get(&admin, "/api/v1/sessions?account=1001").await.body["items"][0].clone();
    assert_eq!(session["sockets"], 1);
    let path = format!("/api/v1/sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(served.delete(&admin, &path).await.status, 204);
    let last = receive(&mut socket).await.unwrap();
    assert_eq!((&last["type"], &last["code"]), (&json!("error"), &json!("unauthenticated")));
    let kept = served.node.handle().read(|reader| reader.tokens()).await.unwrap();
    assert_eq!(kept.len(), 1, "it is not valid after a restart either");
    let audited = &served.get(&admin, "/api/v1/audit?action=session-ended").await.body["items"][0];
    assert_eq!((&audited["actor"]["account"], &audited["object"]), (&json!("admin"), &json!("1001")));
    served.node.stop().await.unwrap();
}
