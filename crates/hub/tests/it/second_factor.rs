//! Second factors of accounts.

use cordboard_hub::{NodeConfig, node::Proof};
use model::{Code, Secret};
use serde_json::{Value, json};
use store::{Actor, Credential};
use totp_rs::{Builder, Totp};

use crate::{common::*, served::*};

const PATH: &str = "/api/v1/second-factors/admin";

/// The code of a secret this many steps from now.
fn code(served: &Served, secret: &str, steps: u64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp: Totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(served.node.handle().now().0 / 1_000 + 30 * steps).to_string()
}

async fn try_sign_in(served: &Served, code: Option<&str>) -> Answer {
    let body = json!({"account": "admin", "password": PASSWORD, "code": code});
    served.call("POST", "/api/v1/sign-in", &[], Some(body)).await
}

/// Enrolls and confirms the factor of the admin. Returns the secret and the recovery codes.
async fn enroll(served: &Served, token: &str) -> (String, Value) {
    let enrolled = served.post(token, PATH, json!({"password": PASSWORD})).await;
    assert_eq!(enrolled.status, 200, "{}", enrolled.body);
    let secret = enrolled.body["secret"].as_str().unwrap().to_owned();
    let wrong = served.post(token, &format!("{PATH}/confirm"), json!({"code": "1"})).await;
    assert_eq!(wrong.status, 401, "{}", wrong.body);
    assert_eq!(try_sign_in(served, None).await.status, 200, "it is not confirmed");
    let first = json!({"code": code(served, &secret, 0)});
    let confirmed = served.post(token, &format!("{PATH}/confirm"), first).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    (secret, confirmed.body["recovery_codes"].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_with_a_second_factor_signs_in_with_a_code_that_is_used_once() {
    let served = served(NodeConfig::default()).await;
    let admin = served.sign_in("admin").await;
    let (secret, recovery) = enroll(&served, &admin).await;
    let missing = try_sign_in(&served, None).await;
    assert_eq!((missing.status, &missing.body["code"]), (401, &json!("second-factor-required")));
    let next = code(&served, &secret, 1);
    let signed_in = try_sign_in(&served, Some(&next)).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    let again = try_sign_in(&served, Some(&next)).await;
    assert_eq!((again.status, &again.body["code"]), (401, &json!("unauthenticated")));
    let spare = recovery[0].as_str().unwrap();
    assert_eq!(try_sign_in(&served, Some(spare)).await.status, 200);
    assert_eq!(try_sign_in(&served, Some(spare)).await.status, 401);
    let listed = served.get(&admin, "/api/v1/second-factors").await.body;
    assert_eq!(listed["items"][0]["recovery_codes"], 9);
    assert!(!listed.to_string().contains(&secret), "{listed}");
    let signed_in = served.get(&admin, "/api/v1/audit?action=signed-in").await.body;
    assert_eq!(signed_in["items"][0]["actor"]["credential"], "password-and-code");
    let all = served.get(&admin, "/api/v1/audit").await.body.to_string();
    assert!(!all.contains(&secret) && !all.contains(spare) && !all.contains(&next), "{all}");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_alone_admits_nobody_with_a_second_factor_to_a_dialect() {
    let served = served(NodeConfig::default()).await;
    let admin = served.sign_in("admin").await;
    enroll(&served, &admin).await;
    let login = session::Login::Account("admin".parse().unwrap());
    let from = "127.0.0.1:4000".parse().unwrap();
    let refused = served.node.handle().authenticate(&login, &Secret::new(PASSWORD), from).await;
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_cannot_be_guessed_with_the_right_password() {
    let served = served(NodeConfig::default()).await;
    let admin = served.sign_in("admin").await;
    let (secret, _) = enroll(&served, &admin).await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(try_sign_in(&served, Some("000000")).await.status);
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    assert_eq!(try_sign_in(&served, Some(&code(&served, &secret, 1))).await.status, 429);
    let failed = served.get(&admin, "/api/v1/audit?action=sign-in-failed").await.body;
    assert!(failed["items"].as_array().unwrap().len() >= 8, "{failed}");
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_account_itself_and_an_operator_change_a_second_factor() {
    let served = served(NodeConfig::default()).await;
    let (admin, boss) = (served.sign_in("admin").await, served.sign_in("boss").await);
    assert_eq!(served.post(&boss, PATH, json!({"password": PASSWORD})).await.status, 403);
    assert_eq!(served.post(&admin, PATH, json!({})).await.status, 400, "the password is missing");
    assert_eq!(served.post(&admin, PATH, json!({"password": "wrong"})).await.status, 401);
    let (secret, _) = enroll(&served, &admin).await;
    let again = served.post(&admin, PATH, json!({"password": PASSWORD})).await;
    assert_eq!(again.status, 409, "a stolen session cannot replace it");
    let remove = format!("{PATH}/remove");
    assert_eq!(served.post(&boss, &remove, json!({})).await.status, 403);
    assert_eq!(served.post(&admin, &remove, json!({})).await.body["code"], "second-factor-required");
    assert_eq!(served.post(&admin, &remove, json!({"code": "000000"})).await.status, 401);
    let right = json!({"code": code(&served, &secret, 1)});
    assert_eq!(served.post(&admin, &remove, right).await.status, 204);
    assert_eq!(try_sign_in(&served, None).await.status, 200);
    enroll(&served, &admin).await;
    let operator = Actor::new(&principal(model::Role::Admin, None), Credential::Local, None);
    let proof = Proof { password: None, code: None, from: "127.0.0.1:1".parse().unwrap() };
    let handle = served.node.handle();
    handle.remove_second_factor(operator, "admin".parse().unwrap(), proof).await.unwrap();
    assert_eq!(try_sign_in(&served, None).await.status, 200);
    let changes = served.get(&admin, "/api/v1/audit?action=second-factor-changed").await.body;
    assert_eq!(changes["items"][0]["actor"]["credential"], "local");
    assert_eq!(changes["items"].as_array().unwrap().len(), 6);
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_it_is_required_an_admin_without_one_is_refused_and_others_are_not() {
    let served = served(NodeConfig { second_factor_required: true, ..NodeConfig::default() }).await;
    let refused = try_sign_in(&served, None).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("forbidden")));
    assert!(refused.body["detail"].as_str().unwrap().contains("second-factor enroll admin"));
    served.sign_in("boss").await;
    served.node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_and_its_used_codes_are_known_after_a_restart() {
    let memory = store::memory::Memory::default();
    let first = serve(node(NodeConfig::default(), open(&memory), 2).await).await;
    let admin = first.sign_in("admin").await;
    let (secret, _) = enroll(&first, &admin).await;
    let next = code(&first, &secret, 1);
    assert_eq!(try_sign_in(&first, Some(&next)).await.status, 200);
    first.node.stop().await.unwrap();
    let second = serve(node(NodeConfig::default(), open(&memory), 2).await).await;
    assert_eq!(try_sign_in(&second, None).await.status, 401);
    assert_eq!(try_sign_in(&second, Some(&next)).await.status, 401, "the code was used before");
    second.node.stop().await.unwrap();
}
