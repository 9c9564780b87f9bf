//! Sign-ins with a provider in this process, which answers as the test says.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{get_current_timestamp, jwk::Jwk};
use ring::{
    digest::{SHA256, digest},
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use store::memory::Memory;

use super::{id_token::Refused, *};
use crate::{Node, NodeConfig, Store, node::FloorChange};

const CLIENT: &str = "cordboard";
const ISSUER: &str = "https://login.example";

/// A key of the provider.
struct SigningKey {
    id: &'static str,
    pair: EcdsaKeyPair,
}

impl SigningKey {
    fn new(id: &'static str) -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random).unwrap();
        Self { id, pair }
    }

    fn public(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|part| URL_SAFE_NO_PAD.encode(part));
        json!({"kty": "EC", "crv": "P-256", "kid": self.id, "use": "sig", "alg": "ES256", "x": x, "y": y})
    }

    fn token(&self, claims: &Value) -> String {
        let message = unsigned(&json!({"alg": "ES256", "kid": self.id}), claims);
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

fn keys(several: &[Value]) -> Vec<Jwk> {
    several.iter().map(|key| serde_json::from_value(key.clone()).unwrap()).collect()
}

fn claims(issuer: &str, nonce: &str) -> Value {
    let now = get_current_timestamp();
    json!({"iss": issuer, "aud": CLIENT, "sub": "s-1", "exp": now + 300, "iat": now, "nonce": nonce,
        "preferred_username": "1001", "groups": ["agents"]})
}

fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims(ISSUER, "n");
    claims[name] = value.into();
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims(ISSUER, "n");
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn verify(token: &str, keys: &[Jwk]) -> Result<Claims, Refused> {
    id_token::verify(token, keys, &Expected { issuer: ISSUER, client_id: CLIENT, nonce: "n" })
}

fn why(token: &str, keys: &[Jwk]) -> String {
    match verify(token, keys) {
        Err(Refused::Invalid(why)) => why,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_token_is_accepted_only_as_the_provider_signed_it_for_this_sign_in() {
    let (key, now) = (SigningKey::new("k"), get_current_timestamp());
    let known = keys(&[key.public()]);
    assert!(verify(&key.token(&claims(ISSUER, "n")), &known).is_ok());
    let listed = json!({"aud": [CLIENT, "other"], "azp": CLIENT});
    let mut several = with("aud", listed["aud"].clone());
    assert!(why(&key.token(&several), &known).contains("client None"));
    several["azp"] = listed["azp"].clone();
    assert!(verify(&key.token(&several), &known).is_ok());
    for (claims, wanted) in [
        (with("iss", "https://evil.example"), "another issuer"),
        (with("iss", json!([ISSUER, "https://evil.example"])), "issuer"),
        (with("aud", "another"), "another client"),
        (with("azp", "another"), "client Some(\"another\")"),
        (with("nonce", "another"), "nonce"),
        (with("exp", now - 3_600), "expired"),
        (with("exp", "soon"), "exp"),
        (with("nbf", now + 3_600), "clock"),
        (with("iat", now + 3_600), "clock"),
        (without("nonce"), "nonce"),
        (without("exp"), "exp"),
        (without("iat"), "iat"),
        (without("aud"), "aud"),
        (without("iss"), "iss"),
        (without("sub"), "sub"),
    ] {
        let found = why(&key.token(&claims), &known);
        assert!(found.contains(wanted), "{claims}: {found}, expected {wanted}");
    }
}

#[test]
fn a_token_with_another_signature_or_algorithm_is_refused() {
    let key = SigningKey::new("k");
    let (known, good) = (keys(&[key.public()]), key.token(&claims(ISSUER, "n")));
    // The signature belongs to other claims.
    let (_, signature) = good.rsplit_once('.').unwrap();
    let header = json!({"alg": "ES256", "kid": "k"});
    let changed = format!("{}.{signature}", unsigned(&header, &with("preferred_username", "admin")));
    assert_eq!(why(&changed, &known), "its signature is wrong");
    // Another key with the same name.
    assert_eq!(why(&SigningKey::new("k").token(&claims(ISSUER, "n")), &known), "its signature is wrong");
    assert_eq!(
        verify(&SigningKey::new("other").token(&claims(ISSUER, "n")), &known),
        Err(Refused::UnknownKey)
    );
    // No signature.
    for none in ["none", "None", "NONE", ""] {
        let header = json!({"alg": none, "kid": "k"});
        why(&format!("{}.", unsigned(&header, &claims(ISSUER, "n"))), &known);
    }
    // The public key as a shared secret, and a shared secret among the keys.
    let message = unsigned(&json!({"alg": "HS256", "kid": "k"}), &claims(ISSUER, "n"));
    let secret = hmac::Key::new(hmac::HMAC_SHA256, key.pair.public_key().as_ref());
    let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode(hmac::sign(&secret, message.as_bytes())));
    assert!(why(&forged, &known).contains("HS256 is not accepted"));
    let shared = json!({"kty": "oct", "kid": "k", "k": URL_SAFE_NO_PAD.encode(key.pair.public_key())});
    assert!(why(&forged, &keys(&[shared])).contains("HS256 is not accepted"));
    // Keys that are not for signatures, or for another algorithm.
    for (name, value) in [("use", "enc"), ("alg", "ES384")] {
        let mut public = key.public();
        public[name] = value.into();
        assert_eq!(verify(&good, &keys(&[public])), Err(Refused::UnknownKey));
    }
    for garbage in ["", ".", "..", "a.b.c", "e30.e30.e30", &good[..good.len() / 2]] {
        why(garbage, &known);
    }
}

/// What the provider does.
struct Plan {
    key: SigningKey,
    /// Changes the claims of the ID token.
    change: fn(&mut Value),
    /// Changes the description.
    describe: fn(&mut Value),
    userinfo: Value,
    /// The secret of a client that sends it in the body.
    posted_secret: Option<&'static str>,
    /// The nonce and the challenge of each code.
    codes: HashMap<String, (String, String)>,
}

/// A provider on this machine.
struct TestProvider {
    issuer: String,
    plan: Arc<Mutex<Plan>>,
}

impl TestProvider {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let plan = Arc::new(Mutex::new(Plan {
            key: SigningKey::new("k-1"),
            change: |_| {},
            describe: |_| {},
            userinfo: json!({"sub": "s-1"}),
            posted_secret: None,
            codes: HashMap::new(),
        }));
        let state = (issuer.clone(), Arc::clone(&plan));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(state);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, plan }
    }

    fn oidc(&self, change: impl FnOnce(&mut OidcConfig)) -> Oidc {
        let mut config = OidcConfig {
            name: "Example".to_owned(),
            issuer: self.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(Secret::new("s3cret+/")),
            redirect_url: "https://cti.example/sign-in/".to_owned(),
            scopes: vec!["profile".to_owned()],
            account_claim: "preferred_username".to_owned(),
            groups_claim: "groups".to_owned(),
            agent_groups: vec!["agents".to_owned()],
            supervisor_groups: vec!["leads".to_owned()],
            unknown_persons: UnknownPersons::Accept,
            passwords: true,
            ..OidcConfig::default()
        };
        change(&mut config);
        Oidc::new(config)
    }

    fn plan(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.plan.lock().unwrap());
    }

    /// Begins a sign-in, and lets the person sign in at the provider.
    async fn visit(&self, oidc: &Oidc) -> Returned {
        let begun = oidc.begin("192.0.2.1".parse().unwrap()).await.unwrap();
        let (endpoint, query) = begun.url.split_once('?').unwrap();
        assert_eq!(endpoint, format!("{}/authorize", self.issuer));
        let query: HashMap<String, String> = serde_urlencoded::from_str(query).unwrap();
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["scope"], "openid profile");
        assert_eq!(query["redirect_uri"], "https://cti.example/sign-in/");
        let code = format!("code-{}", query["state"]);
        self.plan(|plan| {
            plan.codes.insert(code.clone(), (query["nonce"].clone(), query["code_challenge"].clone()));
        });
        Returned {
            ticket: begun.ticket,
            state: Secret::new(&query["state"]),
            code: Some(Secret::new(code)),
            issuer: Some(self.issuer.clone()),
            error: None,
        }
    }

    async fn sign_in(&self, oidc: &Oidc, handle: &Handle) -> Result<Principal, Rejection> {
        let returned = self.visit(oidc).await;
        oidc.complete(returned, handle).await
    }
}

type Shared = State<(String, Arc<Mutex<Plan>>)>;

async fn describe(State((issuer, plan)): Shared) -> Json<Value> {
    let mut description = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/jwks"),
        "userinfo_endpoint": format!("{issuer}/userinfo"), "end_session_endpoint": format!("{issuer}/end"),
    });
    (plan.lock().unwrap().describe)(&mut description);
    std::future::ready(Json(description)).await
}

async fn jwks(State((_, plan)): Shared) -> Json<Value> {
    let key = plan.lock().unwrap().key.public();
    std::future::ready(Json(json!({"keys": [{"kty": "unheard-of", "kid": "x"}, key]}))).await
}

/// Exchanges a code as RFC 6749 and RFC 7636 say: once, for the client and the verifier it belongs to.
async fn token(
    State((issuer, plan)): Shared,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let mut plan = plan.lock().unwrap();
    let basic = "Basic Y29yZGJvYXJkOnMzY3JldCUyQiUyRg==";
    let posted = (form.get("client_id").map(String::as_str), form.get("client_secret").map(String::as_str));
    let is_client = match (headers.get("authorization"), posted) {
        (Some(header), (None, None)) => header == basic,
        (None, (Some(client), secret)) => client == CLIENT && secret == plan.posted_secret,
        _ => false,
    };
    let code = plan.codes.remove(&form["code"]);
    let verifier = URL_SAFE_NO_PAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()));
    let Some((nonce, challenge)) = code.filter(|_| is_client) else {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    };
    assert_eq!((verifier, form["redirect_uri"].as_str()), (challenge, "https://cti.example/sign-in/"));
    let mut claims = claims(&issuer, &nonce);
    (plan.change)(&mut claims);
    Json(json!({"id_token": plan.key.token(&claims), "access_token": "a", "token_type": "Bearer"}))
        .into_response()
}

async fn userinfo(State((_, plan)): Shared, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer a");
    let claims = plan.lock().unwrap().userinfo.clone();
    std::future::ready(Json(claims)).await
}

async fn node() -> Node {
    let (writer, reader) = Memory::default().reopen();
    let store = Store { writer: Box::new(writer), reader: Arc::new(reader) };
    let node = Node::start(NodeConfig::default(), store).unwrap();
    let agents = ["1001", "1002"].map(|id| json!({"id": id, "name": id, "device": id, "switch": "pbx"}));
    let floor = Arc::new(serde_json::from_value(json!({"agents": agents})).unwrap());
    let change = FloorChange { floor, accounts: None, contacts: Vec::new() };
    node.handle().put_floor(change).await.unwrap();
    node
}

fn from() -> SocketAddr {
    "192.0.2.1:4000".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_gets_a_token_with_the_role_of_the_groups_and_another_one_next_time() {
    let (provider, node) = (TestProvider::start().await, node().await);
    let (oidc, handle) = (provider.oidc(|_| {}), node.handle());
    let person = provider.sign_in(&oidc, &handle).await.unwrap();
    assert_eq!((person.role, person.agent.as_ref().unwrap().as_str()), (Role::Agent, "1001"));
    let token = handle.sign_in_person(person.clone(), from(), None).await.unwrap();
    assert_eq!(handle.auth().bearer(token.text.reveal()), Some(person));
    assert_eq!(token.life, crate::auth::TOKEN_LIFE);
    provider.plan(|plan| plan.change = |claims| claims["groups"] = json!(["leads", "agents"]));
    assert_eq!(provider.sign_in(&oidc, &handle).await.unwrap().role, Role::Supervisor);
    provider.plan(|plan| plan.change = |claims| claims["groups"] = json!(["guests"]));
    let refused = provider.sign_in(&oidc, &handle).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    assert!(refused.text.contains("1001") && refused.text.contains("groups"), "{}", refused.text);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_does_not_belong_to_the_sign_in_is_refused() {
    let (provider, node) = (TestProvider::start().await, node().await);
    let (oidc, handle) = (provider.oidc(|_| {}), node.handle());
    let code = async |returned| oidc.complete(returned, &handle).await.unwrap_err().code;
    let (mine, theirs) = (provider.visit(&oidc).await, provider.visit(&oidc).await);
    let replayed = Returned {
        ticket: mine.ticket.clone(),
        state: mine.state.clone(),
        code: mine.code.clone(),
        ..provider.visit(&oidc).await
    };
    // Somebody else's answer in this browser: the state is not the one of the ticket.
    let mixed = Returned { ticket: theirs.ticket.clone(), ..mine };
    assert_eq!(code(mixed).await, Code::Unauthenticated);
    // The ticket had one attempt.
    assert_eq!(code(theirs).await, Code::NotFound);
    // A code works once, also with a second sign-in.
    let used = replayed.code.clone();
    assert!(oidc.complete(replayed, &handle).await.is_ok());
    let again = Returned { code: used, ..provider.visit(&oidc).await };
    assert_eq!(code(again).await, Code::Unauthenticated);
    let stranger = Returned { ticket: Secret::new("t"), ..provider.visit(&oidc).await };
    assert_eq!(code(stranger).await, Code::NotFound);
    let denied = Returned { error: Some("access_denied".to_owned()), ..provider.visit(&oidc).await };
    let denied = oidc.complete(denied, &handle).await.unwrap_err();
    assert!(denied.text.contains("access_denied"), "{}", denied.text);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_another_issuer_is_refused() {
    let (provider, node) = (TestProvider::start().await, node().await);
    let handle = node.handle();
    for (issuer, named, accepted) in [
        (Some("https://evil.example"), false, false),
        (Some("https://evil.example"), true, false),
        (None, false, true),
        (None, true, false),
    ] {
        provider.plan(|plan| {
            plan.describe = if named {
                |one| one["authorization_response_iss_parameter_supported"] = true.into()
            } else {
                |_| {}
            };
        });
        // A new one reads the description again.
        let oidc = provider.oidc(|_| {});
        let returned = Returned { issuer: issuer.map(str::to_owned), ..provider.visit(&oidc).await };
        let completed = oidc.complete(returned, &handle).await;
        assert_eq!(completed.is_ok(), accepted, "{issuer:?} {named} {completed:?}");
    }
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_keys_of_the_provider_are_found_and_forged_tokens_stay_refused() {
    let (provider, node) = (TestProvider::start().await, node().await);
    let (oidc, handle) = (provider.oidc(|_| {}), node.handle());
    provider.sign_in(&oidc, &handle).await.unwrap();
    provider.plan(|plan| plan.key = SigningKey::new("k-2"));
    // The keys are requested again after a few seconds.
    let mut signed_in = provider.sign_in(&oidc, &handle).await;
    for _ in 0..200 {
        if signed_in.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        signed_in = provider.sign_in(&oidc, &handle).await;
    }
    assert!(signed_in.is_ok(), "{signed_in:?}");
    provider.plan(|plan| plan.change = |claims| claims["aud"] = "another".into());
    let refused = provider.sign_in(&oidc, &handle).await.unwrap_err();
    assert!(refused.text.contains("another client"), "{}", refused.text);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_that_the_token_lacks_come_from_the_provider_and_only_for_the_same_person() {
    let (provider, node) = (TestProvider::start().await, node().await);
    let (oidc, handle) = (provider.oidc(|_| {}), node.handle());
    let thin = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("groups"));
    provider.plan(|plan| {
        (plan.change, plan.userinfo) = (thin, json!({"sub": "s-1", "groups": "leads", "aud": "x"}));
    });
    assert_eq!(provider.sign_in(&oidc, &handle).await.unwrap().role, Role::Supervisor);
    provider.plan(|plan| plan.userinfo = json!({"sub": "s-2", "groups": "leads"}));
    let refused = provider.sign_in(&oidc, &handle).await.unwrap_err();
    assert!(refused.text.contains("another person"), "{}", refused.text);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_node_authenticates_as_the_provider_wants_it() {
    let (provider, node) = (TestProvider::start().await, node().await);
    let handle = node.handle();
    let wrong = provider.oidc(|config| config.client_secret = Some(Secret::new("wrong")));
    assert_eq!(provider.sign_in(&wrong, &handle).await.unwrap_err().code, Code::Unauthenticated);
    let public = provider.oidc(|config| config.client_secret = None);
    assert!(provider.sign_in(&public, &handle).await.is_ok());
    provider.plan(|plan| {
        plan.posted_secret = Some("s3cret+/");
        plan.describe = |one| one["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    });
    assert!(provider.sign_in(&provider.oidc(|_| {}), &handle).await.is_ok());
    assert!(provider.sign_in(&public, &handle).await.is_err(), "the secret is missing");
    node.stop().await.unwrap();
}

#[tokio::test]
async fn a_provider_that_describes_another_one_is_not_used() {
    for describe in [
        (|one| one["issuer"] = "https://evil.example".into()) as fn(&mut Value),
        |one| one["token_endpoint"] = "http://evil.example/token".into(),
        |one| one["jwks_uri"] = "file:///etc/passwd".into(),
        |one| *one = json!("something else"),
    ] {
        let provider = TestProvider::start().await;
        provider.plan(|plan| plan.describe = describe);
        let refused = provider.oidc(|_| {}).begin("192.0.2.1".parse().unwrap()).await;
        assert_eq!(refused.map(|begun| begun.url).unwrap_err().code, Code::Unavailable);
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_keeps_nobody_waiting() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let config = OidcConfig { issuer, ..OidcConfig::default() };
    let mut oidc = Oidc::new(config);
    oidc.provider.timeouts.answer = Duration::from_millis(20);
    let refused = oidc.begin("192.0.2.1".parse().unwrap()).await;
    assert_eq!(refused.map(|begun| begun.url).unwrap_err().code, Code::Unavailable);
}

#[tokio::test]
async fn people_sign_out_at_the_provider_if_it_is_configured() {
    let provider = TestProvider::start().await;
    assert_eq!(provider.oidc(|_| {}).sign_out_url().await, Ok(None));
    let oidc = provider.oidc(|config| config.signed_out_url = Some("https://cti.example/".to_owned()));
    let url = oidc.sign_out_url().await.unwrap().unwrap();
    let wanted = "/end?client_id=cordboard&post_logout_redirect_uri=https%3A%2F%2Fcti.example%2F";
    assert_eq!(url, format!("{}{wanted}", provider.issuer));
}

#[test]
fn only_https_and_this_machine_are_safe() {
    for safe in ["https://a.example/x", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:9/x"] {
        assert!(is_safe(safe), "{safe}");
    }
    for unsafe_one in
        ["http://a.example", "http://127.0.0.1.example", "ftp://localhost", "//a", "x", "https://"]
    {
        assert!(!is_safe(unsafe_one), "{unsafe_one}");
    }
}
