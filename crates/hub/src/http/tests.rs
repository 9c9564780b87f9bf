//! Every route against every role, over the router itself.

use std::sync::Arc;

use http::StatusCode;
use http_body_util::BodyExt;
use model::{AccountName, AgentId, Secret};
use session::Login;
use store::{Account, memory::Memory};

use super::{
    access::{self, Access, ROUTES},
    *,
};
use crate::{
    NodeConfig, Store,
    auth::{hash_password, oidc::OidcConfig},
};

const PASSWORD: &str = "correct horse";

fn account(role: Role, hash: &str) -> Account {
    let name = AccountName::new(format!("{role:?}")).unwrap();
    Account { name, role, agent: Some(AgentId::new("1001").unwrap()), password_hash: hash.to_owned() }
}

fn node() -> Node {
    let (mut writer, reader) = Memory::default().reopen();
    let hash = hash_password(&Secret::new(PASSWORD));
    let accounts: Vec<Account> = Role::ALL.iter().map(|role| account(*role, &hash)).collect();
    store::Writer::put_accounts(&mut writer, &accounts).unwrap();
    Node::start(NodeConfig::default(), Store { writer: Box::new(writer), reader: Arc::new(reader) }).unwrap()
}

async fn token(handle: &Handle, role: Role) -> String {
    let login = Login::Account(AccountName::new(format!("{role:?}")).unwrap());
    let from = "127.0.0.1:1".parse().unwrap();
    let token = handle.auth().sign_in(&login, &Secret::new(PASSWORD), from).await.unwrap();
    token.text.reveal().to_owned()
}

async fn call(router: &Router, method: &str, route: &str, token: Option<&str>) -> (StatusCode, String) {
    let path = route.replace("{agent}", "1001").replace("{name}", "max");
    let path = path.replace("{id}", "01890000-0000-7000-8000-000000000000");
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(Peer("127.0.0.1:1".parse().unwrap()));
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_is_open_to_exactly_the_roles_of_its_line() {
    let node = node();
    let router = router(node.handle(), Vec::new(), HttpConfig::default());
    for (method, route, access) in ROUTES {
        let (status, body) = call(&router, method, route, None).await;
        assert_eq!(status == StatusCode::UNAUTHORIZED, matches!(access, Access::Roles(_)), "{route} {body}");
        for role in Role::ALL {
            let token = token(&node.handle(), role).await;
            let (status, body) = call(&router, method, route, Some(&token)).await;
            let open = match access {
                Access::Public | Access::Message => true,
                Access::Roles(roles) => roles.contains(&role),
            };
            assert_eq!(
                status == StatusCode::FORBIDDEN,
                !open,
                "{method} {route} as {role:?}: {status} {body}"
            );
            assert_ne!(status, StatusCode::UNAUTHORIZED, "{method} {route} as {role:?}: {body}");
            assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{method} {route} as {role:?}: {body}");
        }
    }
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_passwords_only_programs_sign_in_with_one() {
    let node = node();
    let config = OidcConfig { name: "Example".to_owned(), passwords: false, ..OidcConfig::default() };
    let oidc = Some(Arc::new(Oidc::new(config)));
    let router = router(node.handle(), Vec::new(), HttpConfig { oidc, ..HttpConfig::default() });
    let (_, methods) = call(&router, "GET", "/api/v1/sign-in", None).await;
    assert_eq!(methods, r#"{"passwords":false,"provider":"Example"}"#);
    for role in Role::ALL {
        for (password, is_right) in [(PASSWORD, true), ("wrong", false)] {
            let body = format!(r#"{{"account": "{role:?}", "password": "{password}"}}"#);
            let request = Request::post("/api/v1/sign-in").header("content-type", "application/json");
            let mut request = request.body(Body::from(body)).unwrap();
            request.extensions_mut().insert(Peer("127.0.0.1:1".parse().unwrap()));
            let status = router.clone().oneshot(request).await.unwrap().status();
            let wanted = match (is_right, role) {
                (false, _) => StatusCode::UNAUTHORIZED,
                (true, Role::Integration) => StatusCode::OK,
                (true, Role::Agent | Role::Supervisor | Role::Admin) => StatusCode::FORBIDDEN,
            };
            assert_eq!(status, wanted, "{role:?} {password}");
        }
    }
    node.stop().await.unwrap();
}

#[test]
fn only_admins_change_the_floor_and_agents_see_no_accounts_nor_waits() {
    let roles = |method: http::Method, route| access::of(&method, route);
    assert_eq!(roles(http::Method::PUT, "/api/v1/floor"), Some(Access::Roles(&[Role::Admin])));
    assert_eq!(roles(http::Method::GET, "/api/v1/accounts"), Some(Access::Roles(&[Role::Admin])));
    for route in ["/api/v1/history/waits", "/api/v1/accounts"] {
        let Some(Access::Roles(roles)) = roles(http::Method::GET, route) else {
            panic!("{route} is not guarded")
        };
        assert!(!roles.contains(&Role::Agent));
    }
    assert_eq!(roles(http::Method::GET, "/api/v1/unheard-of"), None);
    assert_eq!(roles(http::Method::POST, "/api/v1/floor"), None);
}

#[test]
fn every_documented_route_stands_in_the_table_and_every_other_way_round() {
    let document = serde_json::to_value(routes().into_openapi()).unwrap();
    let mut documented = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let methods = operations.as_object().unwrap().keys();
        documented.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    let mut listed: Vec<_> = ROUTES.map(|(method, path, _)| (method.to_owned(), path.to_owned())).to_vec();
    documented.sort();
    listed.sort();
    assert_eq!(documented, listed);
}

/// The types of the web client are generated from this file.
#[test]
fn the_description_kept_for_the_web_client_is_the_one_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/openapi.json");
    let served = format!("{}\n", routes().into_openapi().to_pretty_json().unwrap());
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(path, &served).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        kept == served,
        "{path} is stale: run this test with UPDATE_OPENAPI=1, then `npm run types` in web/"
    );
}
