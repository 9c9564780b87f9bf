//! The native API over real sockets.

use crate::common;
use crate::served;

use std::time::Duration;

use common::*;
use cordboard_hub::{
    NodeConfig,
    driver::{HttpLimits, HttpTransport},
    http::{HttpConfig, Mount},
};
use futures_util::SinkExt;
use model::{Contact, Role, Seq, Verb};
use serde_json::json;
use served::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error as WsError, Message, client::IntoClientRequest},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_and_out() {
    let served = served(NodeConfig::default()).await;
    let token = served.sign_in("1001").await;
    let me = served.get(&token, "/api/v1/me").await;
    assert_eq!(me.body, json!({"account": "1001", "role": "agent", "agent": "1001"}));
    assert!(
        me.head.contains("x-content-type-options: nosniff") && me.head.contains("cache-control: no-store")
    );
    let wrong = json!({"account": "1001", "password": "wrong"});
    let refused = served.call("POST", "/api/v1/sign-in", &[], Some(wrong)).await;
    assert_eq!((refused.status, &refused.body["code"]), (401, &json!("unauthenticated")));
    assert!(refused.head.contains("content-type: application/problem+json"));
    assert_eq!(served.call("POST", "/api/v1/sign-out", &[("authorization", &token)], None).await.status, 204);
    assert_eq!(served.get(&token, "/api/v1/me").await.status, 401);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_are_taken_once_and_refused_in_words() {
    let served = served(NodeConfig::default()).await;
    let token = served.sign_in("1001").await;
    let path = "/api/v1/agents/1001/commands";
    let headers = [("authorization", token.as_str()), ("idempotency-key", "once")];
    let first = served.call("POST", path, &headers, Some(json!({"verb": "sign-in"}))).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let again = served.call("POST", path, &headers, Some(json!({"verb": "sign-in"}))).await;
    assert_eq!(first.body, again.body);
    let other = served.call("POST", path, &headers, Some(json!({"verb": "ready"}))).await;
    assert_eq!((other.status, &other.body["code"]), (409, &json!("conflict")));
    let foreign = served.post(&token, "/api/v1/agents/1002/commands", json!({"verb": "ready"})).await;
    assert_eq!((foreign.status, &foreign.body["code"]), (403, &json!("forbidden")));
    let number = served.post(&token, path, json!({"verb": "dial", "to": "12x"})).await;
    assert_eq!(number.status, 400);
    assert!(number.body["detail"].as_str().unwrap().contains("number contains 'x'"), "{}", number.body);
    let unknown = served.post(&token, path, json!({"verb": "hold", "when": "now"})).await;
    assert!(unknown.body["detail"].as_str().unwrap().contains("when"), "{}", unknown.body);
    let nothing = served
        .post(
            &token,
            "/api/v1/interactions/01890000-0000-7000-8000-000000000000/commands",
            json!({"verb": "answer"}),
        )
        .await;
    assert_eq!(nothing.body["code"], "unknown-interaction");
    let long = "k".repeat(129);
    let headers = [("authorization", token.as_str()), ("idempotency-key", long.as_str())];
    let long = served.call("POST", path, &headers, Some(json!({"verb": "ready"}))).await;
    assert_eq!(long.status, 400);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_is_shown_as_the_caller_may_see_it() {
    let served = served(NodeConfig::default()).await;
    let (own, boss) = (served.sign_in("1001").await, served.sign_in("boss").await);
    let agents = served.get(&own, "/api/v1/agents").await.body;
    assert_eq!(agents["items"].as_array().unwrap().len(), 1);
    assert_eq!(served.get(&own, "/api/v1/agents/1002").await.status, 404);
    assert_eq!(served.get(&boss, "/api/v1/agents/1002").await.body["state"], "signed-out");
    assert_eq!(served.get(&boss, "/api/v1/queues").await.body["items"][0]["id"], "7700");
    assert_eq!(served.get(&boss, "/api/v1/interactions").await.body, json!({"items": []}));
    assert_eq!(served.get(&boss, "/api/v1/snapshot").await.body["agents"].as_array().unwrap().len(), 2);
    assert_eq!(served.get(&boss, "/api/v1/history/waits?limit=5").await.body, json!({"items": []}));
    let unknown = served.get(&boss, "/api/v1/history/waits?colour=red").await;
    assert!(unknown.body["detail"].as_str().unwrap().contains("colour"), "{}", unknown.body);
    assert_eq!(served.get(&boss, "/api/v1/history/waits?limit=0").await.status, 400);
    assert_eq!(served.get(&own, "/api/v1/history/agents?agent=1002").await.status, 403);
    assert_eq!(served.get(&boss, "/api/v1/nothing").await.body["code"], "not-found");
    assert_eq!(served.call("DELETE", "/api/v1/floor", &[("authorization", &boss)], None).await.status, 404);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_floor_is_replaced_with_its_accounts() {
    let served = served(NodeConfig::default()).await;
    let (admin, own) = (served.sign_in("admin").await, served.sign_in("1001").await);
    let mut other = serde_json::to_value(floor(3)).unwrap();
    let changed = served.put(&admin, "/api/v1/floor", json!({"floor": other})).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert!(changed.body["seq"].as_u64().unwrap() > 0);
    assert_eq!(served.get(&own, "/api/v1/floor").await.body["agents"].as_array().unwrap().len(), 3);
    other["agents"][0]["queues"] = json!(["nowhere"]);
    let broken = served.put(&admin, "/api/v1/floor", json!({"floor": other})).await;
    assert!(broken.body["detail"].as_str().unwrap().contains("nowhere"), "{}", broken.body);
    let accounts = served.get(&admin, "/api/v1/accounts").await;
    let kept = served.node.handle().read(|reader| reader.accounts()).await.unwrap();
    for account in &kept {
        let (salt, hash) = account.password_hash.rsplit_once('$').unwrap();
        let shown = accounts.body.to_string();
        assert!(shown.contains(salt) && !shown.contains(hash), "{shown}");
    }
    let kept = account("admin", Role::Admin, None);
    let accounts = json!([{"name": "admin", "role": "admin", "password_hash": kept.password_hash}]);
    let body = json!({"floor": floor(3), "accounts": accounts});
    assert_eq!(served.put(&admin, "/api/v1/floor", body).await.status, 200);
    assert_eq!(served.get(&own, "/api/v1/me").await.status, 401, "a removed account keeps its token");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contacts_are_kept() {
    let served = served(NodeConfig::default()).await;
    let (peer, own) = (served.sign_in("peer").await, served.sign_in("1001").await);
    let contact = json!({"id": "c1", "name": "Ada", "numbers": ["+14155550100"]});
    assert_eq!(served.put(&peer, "/api/v1/contacts/c1", contact.clone()).await.status, 200);
    assert_eq!(served.put(&own, "/api/v1/contacts/c1", contact.clone()).await.status, 403);
    assert_eq!(served.put(&peer, "/api/v1/contacts/c2", contact.clone()).await.status, 400);
    assert_eq!(served.get(&peer, "/api/v1/contacts/c1").await.body, contact);
    assert_eq!(served.get(&own, "/api/v1/contacts?search=ada").await.body["items"][0], contact);
    let page = served.get(&peer, "/api/v1/contacts?limit=1").await.body;
    assert_eq!(page["next"], "c1");
    let removed = served.call("DELETE", "/api/v1/contacts/c1", &[("authorization", &peer)], None).await;
    assert_eq!(removed.status, 204);
    assert_eq!(served.get(&peer, "/api/v1/contacts/c1").await.status, 404);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_searches_contacts_and_cannot_copy_the_directory_nor_hide_a_contact() {
    let served = served(NodeConfig::default()).await;
    let (peer, own) = (served.sign_in("peer").await, served.sign_in("1001").await);
    for index in 0..60 {
        let (id, number) = (format!("c{index:02}"), format!("+141555501{index:02}"));
        let contact = json!({"id": id, "name": format!("Ada {index}"), "numbers": [number]});
        assert_eq!(served.put(&peer, &format!("/api/v1/contacts/{id}"), contact).await.status, 200);
    }
    let found = served.get(&own, "/api/v1/contacts?search=ada&limit=1000").await.body;
    assert_eq!(found["items"].as_array().unwrap().len(), 50);
    assert!(found.get("next").is_none());
    assert_eq!(served.get(&own, "/api/v1/contacts").await.body["items"], json!([]));
    assert_eq!(served.get(&own, "/api/v1/contacts?search=ada&after=c07").await.status, 403);
    assert_eq!(served.get(&own, "/api/v1/contacts/c01").await.status, 403);
    for number in ["+14155550107", "4155550107"] {
        let other = json!({"name": "Mallory", "numbers": ["+14155559999", number]});
        let hidden = served.post(&own, "/api/v1/contacts", other.clone()).await;
        assert_eq!((hidden.status, &hidden.body["code"]), (409, &json!("conflict")), "{number}");
        if number.starts_with('+') {
            assert_eq!(served.post(&peer, "/api/v1/contacts", other).await.status, 201, "a household");
        }
    }
    let unknown = json!({"name": "Grace", "numbers": ["+14155551234"]});
    let twice = tokio::join!(
        served.post(&own, "/api/v1/contacts", unknown.clone()),
        served.post(&own, "/api/v1/contacts", unknown.clone())
    );
    let mut statuses = [twice.0.status, twice.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_an_open_socket_at_once() {
    let served = served(NodeConfig::default()).await;
    let token = served.sign_in("1001").await;
    let mut socket = served.subscribed(&token, None).await;
    assert_eq!(receive(&mut socket).await.unwrap()["type"], "snapshot");
    assert_eq!(served.call("POST", "/api/v1/sign-out", &[("authorization", &token)], None).await.status, 204);
    let ended = async {
        loop {
            let message = receive(&mut socket).await.unwrap();
            if message["type"] == "error" {
                break message["code"].clone();
            }
        }
    };
    let code = tokio::time::timeout(Duration::from_secs(3), ended).await.expect("the socket stays open");
    assert_eq!(code, "unauthenticated");
    assert_eq!(receive(&mut socket).await, None);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_65th_sign_in_of_an_account_does_not_end_the_first_and_its_agent_is_notified() {
    let served = served(NodeConfig::default()).await;
    let first = served.sign_in("1001").await;
    let mut socket = served.subscribed(&first, None).await;
    assert_eq!(receive(&mut socket).await.unwrap()["type"], "snapshot");
    for _ in 1..64 {
        served.sign_in("1001").await;
    }
    let body = json!({"account": "1001", "password": PASSWORD});
    let refused = served.call("POST", "/api/v1/sign-in", &[], Some(body)).await;
    assert_eq!((refused.status, &refused.body["code"]), (429, &json!("too-many")));
    assert!(refused.head.contains("retry-after"), "{}", refused.head);
    while !receive(&mut socket).await.unwrap().to_string().contains("notice-raised") {}
    assert_eq!(served.get(&first, "/api/v1/me").await.status, 200);
    assert_eq!(served.call("POST", "/api/v1/sign-out", &[("authorization", &first)], None).await.status, 204);
    served.sign_in("1001").await;
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_floods_with_commands_is_limited_and_no_other_is() {
    let served = served(NodeConfig { commands_per_s: 1, ..NodeConfig::default() }).await;
    let (own, other) = (served.sign_in("1001").await, served.sign_in("1002").await);
    let command = async |token: &str, agent: &str| {
        let path = format!("/api/v1/agents/{agent}/commands");
        served.post(token, &path, json!({"verb": "sign-in"})).await
    };
    let mut statuses = Vec::new();
    for _ in 0..30 {
        statuses.push(command(&own, "1001").await.status);
    }
    assert_eq!(statuses[0], 200);
    assert!(statuses.contains(&429), "{statuses:?}");
    let refused = command(&own, "1001").await;
    assert!(refused.body["detail"].as_str().unwrap().contains("account 1001 sends too many commands"));
    assert_eq!(command(&other, "1002").await.status, 200);
    served.node.stop().await.unwrap();
}

/// The answer to a request with this many bytes of headers; empty if the connection ends without one.
async fn head_of(at: std::net::SocketAddr, token: &str, bytes: usize) -> String {
    let half = "a".repeat(bytes / 2);
    let head = format!(
        "GET /api/v1/me HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\nauthorization: {token}\r\nx-a: {half}\r\nx-b: {half}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(head.as_bytes()).await.ok();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.ok();
    String::from_utf8(response).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_over_the_limit_gets_413_and_a_long_head_431() {
    let served = served(NodeConfig::default()).await;
    let own = served.sign_in("1001").await;
    let large = json!({"name": "a".repeat((2 << 20) + 1_024)});
    let refused = served.post(&own, "/api/v1/contacts", large).await;
    assert_eq!((refused.status, &refused.body["code"]), (413, &json!("invalid")), "{}", refused.body);
    for (bytes, is_fine) in [(31 << 10, true), (33 << 10, false), (40 << 10, false)] {
        let response = head_of(served.at, &own, bytes).await;
        // A connection that is closed with unread bytes may lose its response.
        let refused = response.is_empty() || response.starts_with("HTTP/1.1 431");
        assert_eq!(response.starts_with("HTTP/1.1 200"), is_fine, "{bytes}: {response}");
        assert_eq!(refused, !is_fine, "{bytes}: {response}");
    }
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watcher_gets_health_metrics_and_the_description() {
    let served = served(NodeConfig::default()).await;
    work(&served.node.handle(), 1, 3).await;
    assert_eq!(served.call("GET", "/healthz", &[], None).await.status, 200);
    assert_eq!(served.call("GET", "/readyz", &[], None).await.body["status"], "ready");
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut metrics = String::new();
    soon(stream.read_to_string(&mut metrics)).await.unwrap();
    for line in [
        r#"cordboard_commands_total{verb="sign-in",result="accepted"} 1"#,
        r#"cordboard_events_total{type="agent-signed-in"} 1"#,
        r#"cordboard_agents{state="signed-out"} 1"#,
        r#"cordboard_waiting_calls{queue="7700"} 0"#,
        "cordboard_invariant_violations_total 0",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    let document = served.call("GET", "/api/v1/openapi.json", &[], None).await.body;
    assert!(document["paths"]["/api/v1/events"]["get"].is_object());
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_follow_a_snapshot_and_a_cursor_gives_what_was_missed() {
    let served = served(NodeConfig::default()).await;
    let (boss, handle) = (served.sign_in("boss").await, served.node.handle());
    let mut socket = served.subscribed(&boss, None).await;
    let snapshot = receive(&mut socket).await.unwrap();
    assert_eq!((&snapshot["type"], &snapshot["resync"]), (&json!("snapshot"), &json!(false)));
    let began = snapshot["seq"].as_u64().unwrap();
    assert_eq!(snapshot["snapshot"]["agents"].as_array().unwrap().len(), 2);
    let last = work(&handle, 1, 4).await;
    let mut prev = began;
    let mut first = None;
    while prev < last.0 {
        let event = receive(&mut socket).await.unwrap();
        assert_eq!((&event["type"], event["prev"].as_u64()), (&json!("event"), Some(prev)));
        prev = event["seq"].as_u64().unwrap();
        assert!(event["at"].is_u64() && event["event"]["type"].is_string(), "{event}");
        first.get_or_insert(event);
    }
    let first = first.unwrap();
    assert_eq!(
        (&first["event"]["type"], &first["origin"]["by"]),
        (&json!("agent-signed-in"), &json!("tester"))
    );
    drop(socket);
    let last = work(&handle, 2, 4).await;
    let mut socket = served.subscribed(&boss, Some(began)).await;
    let journal = handle.journal();
    assert_eq!(
        receive(&mut socket).await.unwrap(),
        json!({"type": "resumed", "journal": journal, "seq": began})
    );
    for seq in began + 1..=last.0 {
        let event = receive(&mut socket).await.unwrap();
        assert_eq!((event["seq"].as_u64(), event["prev"].as_u64()), (Some(seq), Some(seq - 1)));
    }
    served.node.stop().await.unwrap();
    assert_eq!(receive(&mut socket).await.unwrap()["code"], "unavailable");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_is_not_one_of_this_journal_gets_a_snapshot_with_the_reason() {
    let served = served(NodeConfig::default()).await;
    let (boss, journal) = (served.sign_in("boss").await, served.node.handle().journal());
    let last = work(&served.node.handle(), 1, 4).await.0;
    let another = "9f86d081-884c-4d65-9a2f-eaa0c55ad015";
    let cases = [
        (json!({"type": "subscribe", "after": 1}), "no-journal"),
        (json!({"type": "subscribe", "after": 1, "journal": another}), "another-journal"),
        (json!({"type": "subscribe", "after": last + 1, "journal": journal}), "future"),
    ];
    for (subscribe, reason) in cases {
        let mut socket = served.subscribed_with(&boss, &subscribe).await;
        let message = receive(&mut socket).await.unwrap();
        assert_eq!((&message["type"], &message["resync"]), (&json!("snapshot"), &json!(true)), "{subscribe}");
        assert_eq!(
            (&message["reason"], &message["journal"]),
            (&json!(reason), &json!(journal)),
            "{subscribe}"
        );
    }
    let snapshot = served.get(&boss, "/api/v1/snapshot").await;
    assert_eq!(snapshot.body["journal"], json!(journal));
    assert_eq!(served.get(&boss, "/readyz").await.body["journal"], json!(journal));
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_gets_its_own_only() {
    let served = served(NodeConfig::default()).await;
    let (own, handle) = (served.sign_in("1001").await, served.node.handle());
    let mut socket = served.subscribed(&own, None).await;
    let snapshot = receive(&mut socket).await.unwrap();
    assert_eq!(snapshot["snapshot"]["agents"].as_array().unwrap().len(), 1);
    work(&handle, 2, 4).await;
    work(&handle, 1, 0).await;
    let event = receive(&mut socket).await.unwrap();
    assert_eq!((&event["event"]["agent"], &event["prev"]), (&json!("1001"), &snapshot["seq"]));
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_subscribes_to_can_gets_the_allowed_verbs() {
    let served = served(NodeConfig::default()).await;
    let (own, handle) = (served.sign_in("1001").await, served.node.handle());
    let mut socket = served.socket(Some(&own)).await;
    send(&mut socket, &json!({"type": "subscribe", "can": true})).await;
    assert_eq!(receive(&mut socket).await.unwrap()["type"], "snapshot");
    let away = receive(&mut socket).await.unwrap();
    assert_eq!(
        (&away["type"], &away["agent"], &away["can"]),
        (&json!("can"), &json!("1001"), &json!(["sign-in"]))
    );
    work(&handle, 1, 0).await;
    loop {
        let message = receive(&mut socket).await.unwrap();
        if message["type"] == "can" {
            assert!(message["can"].as_array().unwrap().contains(&json!("sign-out")), "{message}");
            break;
        }
    }
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_finds_its_colleagues_and_adds_contacts_under_ids_of_their_own() {
    let served = served(NodeConfig::default()).await;
    let own = served.sign_in("1001").await;
    let colleagues = served.get(&own, "/api/v1/directory").await.body;
    let second = &colleagues["items"][1];
    assert_eq!((&second["id"], &second["state"]), (&json!("1002"), &json!("signed-out")));
    assert!(second.get("can").is_none() && second.get("reason").is_none(), "{second}");
    let added =
        served.post(&own, "/api/v1/contacts", json!({"name": "Ada", "numbers": ["+14155550100"]})).await;
    assert_eq!((added.status, &added.body["name"]), (201, &json!("Ada")));
    let id = added.body["id"].as_str().unwrap();
    let boss = served.sign_in("boss").await;
    assert_eq!(served.get(&boss, &format!("/api/v1/contacts/{id}")).await.body, added.body);
    let named = served.post(&own, "/api/v1/contacts", json!({"id": "c1", "name": "Ada"})).await;
    assert_eq!(named.status, 400);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_without_a_good_token_ends() {
    let served = served(NodeConfig::default()).await;
    let token = served.sign_in("boss").await;
    let mut socket = served.socket(None).await;
    send(&mut socket, &json!({"type": "subscribe", "token": token.trim_start_matches("Bearer ")})).await;
    assert_eq!(receive(&mut socket).await.unwrap()["type"], "snapshot");
    send(&mut socket, &json!({"type": "subscribe"})).await;
    assert_eq!(receive(&mut socket).await.unwrap()["code"], "invalid");
    assert_eq!(receive(&mut socket).await, None);
    for message in [json!({"type": "subscribe"}), json!({"type": "subscribe", "token": "guessed"})] {
        let mut socket = served.socket(None).await;
        send(&mut socket, &message).await;
        let error = receive(&mut socket).await.unwrap();
        assert_eq!(
            (&error["type"], &error["code"], &error["status"]),
            (&json!("error"), &json!("unauthenticated"), &json!(401))
        );
        assert_eq!(receive(&mut socket).await, None);
    }
    let mut socket = served.socket(None).await;
    send(&mut socket, &json!({"type": "subscribe", "colour": "red"})).await;
    assert_eq!(receive(&mut socket).await.unwrap()["code"], "invalid");
    let mut socket = served.socket(Some(&token)).await;
    socket.send(Message::text("x".repeat(10_000))).await.ok();
    assert_eq!(receive(&mut socket).await, None, "a message over the limit ends the socket");
    let mut silent = served.socket(Some(&token)).await;
    let error = tokio::time::timeout(Duration::from_secs(7), receive(&mut silent)).await.unwrap().unwrap();
    assert_eq!(error["code"], "unauthenticated");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_somebody_else_gets_no_socket() {
    let served = served(NodeConfig::default()).await;
    let own = format!("http://{}", served.at);
    for (origin, status) in
        [("https://evil.example", 403), ("https://desk.example", 101), (own.as_str(), 101), ("null", 403)]
    {
        let mut request = format!("ws://{}/api/v1/events", served.at).into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let got = match soon(connect_async(request)).await {
            Ok((_, response)) => response.status().as_u16(),
            Err(WsError::Http(response)) => response.status().as_u16(),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(got, status, "{origin}");
    }
    served.node.stop().await.unwrap();
}

/// A session that echoes its requests.
#[derive(Default)]
struct Mirror(Option<session::Output<session::Http>>);

impl session::Session for Mirror {
    type Transport = session::Http;

    fn handle(&mut self, _: model::Timestamp, input: session::Input<session::Http>) {
        if let session::Input::Peer(session::FromHttp::Request { exchange, request, .. }) = input {
            let text = format!("\"{} {}\"", request.method(), request.uri());
            let response = http::Response::new(text.into());
            self.0 = Some(session::Output::Peer(session::ToHttp::Response { exchange, response }));
        }
    }

    fn poll(&mut self) -> Option<session::Output<session::Http>> {
        self.0.take()
    }

    fn deadline(&self) -> Option<(model::Timestamp, session::Reason)> {
        None
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mounted_session_sees_its_own_path_from_its_own_roles() {
    let served = served(NodeConfig::default()).await;
    let transport = HttpTransport::Forwarded(HttpLimits::default());
    let forwarder =
        served.node.attach("mirror", Box::new(Mirror::default()), transport).await.unwrap().forwarder;
    let mounts = vec![Mount {
        path: "/api/v1/simulated",
        any_case: true,
        roles: Some(&[Role::Supervisor]),
        forwarder,
    }];
    let config = HttpConfig { mounts, ..HttpConfig::default() };
    let at = served.node.serve_http("127.0.0.1:0".parse().unwrap(), config).await.unwrap();
    let (own, boss) = (served.sign_in("1001").await, served.sign_in("boss").await);
    let mounted = Served { at, ..served };
    let answer = mounted.get(&boss, "/api/v1/simulated/calls/7?x=1").await;
    assert_eq!((answer.status, answer.body), (200, json!("GET /calls/7?x=1")));
    assert_eq!(mounted.get(&own, "/api/v1/simulated/calls").await.status, 403);
    assert_eq!(mounted.call("GET", "/api/v1/simulated/calls", &[], None).await.status, 401);
    mounted.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_gets_a_snapshot_later_and_delays_nobody() {
    let mailbox = cordboard_hub::engine::MailboxLimits { events_max: 100, bytes_max: 1 << 20 };
    let served = served(NodeConfig { mailbox, ..NodeConfig::default() }).await;
    let (boss, handle) = (served.sign_in("boss").await, served.node.handle());
    let mut slow = served.subscribed(&boss, None).await;
    assert_eq!(receive(&mut slow).await.unwrap()["type"], "snapshot");
    let mut fast = served.subscribed(&boss, None).await;
    let began = receive(&mut fast).await.unwrap()["seq"].as_u64().unwrap();
    command(&handle, agent(1), sign_in(), "in").await.unwrap();
    command(&handle, agent(1), Verb::Notify { pop: Box::default() }, "pop").await.unwrap();
    let (mut last, mut seen) = (Seq(0), began);
    // More than the operating system buffers for a connection: 16 MB.
    for turn in 0..2_000 {
        let set = [("k", format!("{turn:08000}"))].into_iter().collect();
        let verb = Verb::SetData { set, unset: Vec::new() };
        last = command(&handle, agent(1), verb, &turn.to_string()).await.unwrap().seq;
        while seen < last.0 {
            let event = receive(&mut fast).await.unwrap();
            assert_eq!((&event["type"], event["prev"].as_u64()), (&json!("event"), Some(seen)));
            seen = event["seq"].as_u64().unwrap();
        }
    }
    let (mut prev, mut resyncs) = (began, 0);
    while prev < last.0 {
        let message = receive(&mut slow).await.unwrap();
        if message["type"] == "snapshot" {
            assert_eq!(message["resync"], true);
            resyncs += 1;
        } else {
            assert_eq!(message["prev"].as_u64(), Some(prev));
        }
        prev = message["seq"].as_u64().unwrap();
    }
    assert!(resyncs > 0, "the slow client was never told");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_directory_identifies_the_caller() {
    let served = served(NodeConfig::default()).await;
    let handle = served.node.handle();
    let contact: Contact =
        serde_json::from_value(json!({"id": "c1", "name": "Ada", "numbers": ["+14155550100"]})).unwrap();
    handle.write(move |writer| writer.put_contacts(&[contact])).await.unwrap();
    let pop = json!({"verb": "notify", "pop": {"ani": "+14155550100"}});
    let peer = served.sign_in("peer").await;
    served.post(&peer, "/api/v1/agents/1001/commands", json!({"verb": "sign-in"})).await;
    let accepted = served.post(&peer, "/api/v1/agents/1001/commands", pop).await;
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    let path = format!("/api/v1/interactions/{}", accepted.body["interaction"].as_str().unwrap());
    soon(async {
        while served.get(&peer, &path).await.body["contact"]["name"] != "Ada" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    served.node.stop().await.unwrap();
}

/// Shows a customer's record to an agent: work with this customer that is not completed.
async fn works_with(served: &Served, peer: &str, agent: &str, number: &str) -> String {
    let path = format!("/api/v1/agents/{agent}/commands");
    let pop = json!({"verb": "notify", "pop": {"ani": number}});
    let accepted = served.post(peer, &path, pop).await;
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    accepted.body["interaction"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_sees_the_past_of_a_customer_whom_it_has_on_the_line() {
    let served = served(NodeConfig::default()).await;
    let (own, peer) = (served.sign_in("1001").await, served.sign_in("peer").await);
    let past = works_with(&served, &peer, "1002", "+14155550100").await;
    let complete = json!({"verb": "complete", "notes": "asked for an offer"});
    let path = format!("/api/v1/interactions/{past}/commands");
    assert_eq!(served.post(&peer, &path, complete).await.status, 200);
    let with = "/api/v1/history/interactions?number=1%20415%20555%200100";
    let one = format!("/api/v1/history/interactions/{past}");
    assert_eq!(served.get(&own, with).await.body, json!({"items": []}), "nobody is on the line");
    assert_eq!(served.get(&own, &one).await.status, 404);

    let other = works_with(&served, &peer, "1001", "+14155550199").await;
    assert_eq!(served.get(&own, with).await.body, json!({"items": []}), "somebody else is on the line");
    assert_eq!(served.get(&own, &one).await.status, 404);

    let live = works_with(&served, &peer, "1001", "+14155550100").await;
    let found = served.get(&own, with).await.body;
    assert_eq!(found["items"][0]["interaction"]["agent"], "1002", "{found}");
    assert_eq!(found["items"][0]["notes"], "asked for an offer");
    assert_eq!(served.get(&own, &one).await.body["notes"], "asked for an offer");
    assert_eq!(served.get(&own, "/api/v1/history/interactions").await.body, json!({"items": []}));
    assert_eq!(served.get(&own, "/api/v1/history/interactions?agent=1002").await.status, 403);

    for done in [other, live] {
        let path = format!("/api/v1/interactions/{done}/commands");
        served.post(&own, &path, json!({"verb": "complete"})).await;
    }
    let items = served.get(&own, with).await.body;
    assert_eq!(items["items"].as_array().unwrap().len(), 1, "its own only: {items}");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_and_a_linkage_name_a_customer_too() {
    let served = served(NodeConfig::default()).await;
    let (own, peer) = (served.sign_in("1001").await, served.sign_in("peer").await);
    let contact = json!({"verb": "set-contact", "contact": {"id": "c-1", "name": "Dana"}});
    let past = works_with(&served, &peer, "1002", "+14155550100").await;
    let path = format!("/api/v1/interactions/{past}/commands");
    served.post(&peer, &path, contact.clone()).await;
    served.post(&peer, &path, json!({"verb": "complete"})).await;
    let with = "/api/v1/history/interactions?contact=c-1&limit=5";
    assert_eq!(served.get(&own, with).await.body, json!({"items": []}));
    // Another number of the same person.
    let live = works_with(&served, &peer, "1001", "+14155550177").await;
    served.post(&own, &format!("/api/v1/interactions/{live}/commands"), contact).await;
    let found = served.get(&own, with).await.body;
    assert_eq!(found["items"][0]["interaction"]["id"], past.as_str(), "{found}");
    let linkage = served.get(&own, &format!("/api/v1/interactions/{live}")).await.body["linkage"].clone();
    let linked = format!("/api/v1/history/interactions?linkage={}&agent=1002", linkage.as_str().unwrap());
    assert_eq!(served.get(&own, &linked).await.status, 200);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_is_amended_after_completion() {
    let served = served(NodeConfig::default()).await;
    let (own, peer, boss) =
        (served.sign_in("1001").await, served.sign_in("peer").await, served.sign_in("boss").await);
    let id = works_with(&served, &peer, "1001", "+14155550100").await;
    let path = format!("/api/v1/interactions/{id}/commands");
    served.post(&own, &path, json!({"verb": "set-notes", "notes": "draft"})).await;
    assert_eq!(served.get(&own, &format!("/api/v1/interactions/{id}")).await.body["notes"], "draft");
    assert_eq!(served.post(&own, &path, json!({"verb": "complete"})).await.status, 200);
    let record = format!("/api/v1/history/interactions/{id}");
    assert_eq!(served.get(&own, &record).await.body["notes"], "draft");
    assert_eq!(served.post(&own, &path, json!({"verb": "set-notes", "notes": "late"})).await.status, 200);
    assert_eq!(served.get(&own, &record).await.body["notes"], "late");
    let supervised = json!({"verb": "set-notes", "disposition": "sold"});
    assert_eq!(served.post(&boss, &path, supervised).await.status, 200);
    let body = served.get(&own, &record).await.body;
    assert_eq!((&body["notes"], &body["disposition"]), (&json!("late"), &json!("sold")));
    served.node.stop().await.unwrap();
}
