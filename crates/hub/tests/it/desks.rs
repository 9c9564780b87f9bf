//! Desks that connect and disconnect, over real sockets.

use crate::common;
use crate::served;

use common::*;
use cordboard_hub::NodeConfig;
use serde_json::{Value, json};
use served::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_gone_leaves_its_agent_not_ready_after_the_grace_time() {
    let served = served(NodeConfig::default()).await;
    let (admin, own) = (served.sign_in("admin").await, served.sign_in("1001").await);
    let mut floor = serde_json::to_value(floor(2)).unwrap();
    floor["desk_grace_ms"] = json!(200);
    assert_eq!(served.put(&admin, "/api/v1/floor", json!({"floor": floor})).await.status, 200);
    let mut socket = served.subscribed(&own, None).await;
    assert_eq!(receive(&mut socket).await.unwrap()["type"], "snapshot");
    for verb in ["sign-in", "ready"] {
        let answer = served.post(&own, "/api/v1/agents/1001/commands", json!({"verb": verb})).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let mut watcher = served.subscribed(&admin, None).await;
    receive(&mut watcher).await.unwrap();
    drop(socket);
    let lost = until(&mut watcher, "agent-state-changed").await;
    assert_eq!(lost["to"], json!({"state": "not-ready", "reason": "desk-lost"}));
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_the_sockets_of_the_token_at_once() {
    let served = served(NodeConfig::default()).await;
    let (admin, own) = (served.sign_in("admin").await, served.sign_in("1001").await);
    let mut watcher = served.subscribed(&admin, None).await;
    receive(&mut watcher).await.unwrap();
    let (mut socket, other) = (served.subscribed(&own, None).await, served.sign_in("1001").await);
    receive(&mut socket).await.unwrap();
    let mut stays = served.subscribed(&other, None).await;
    receive(&mut stays).await.unwrap();
    assert_eq!(until(&mut watcher, "agent-desk-changed").await["attended"], true);
    let began = std::time::Instant::now();
    assert_eq!(served.post(&own, "/api/v1/sign-out", json!({})).await.status, 204);
    let last = receive(&mut socket).await.unwrap();
    assert_eq!((&last["type"], &last["code"]), (&json!("error"), &json!("unauthenticated")));
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
    drop(stays);
    assert_eq!(until(&mut watcher, "agent-desk-changed").await["attended"], false);
    served.node.stop().await.unwrap();
}

/// The next event of a type.
async fn until(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let message = receive(socket).await.unwrap();
        if message["event"]["type"] == kind {
            return message["event"].clone();
        }
    }
}
