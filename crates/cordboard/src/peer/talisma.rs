//! One end of the Talisma Web Notification Server.
//!
//! As the telephony end it posts the help article's sample once; as the desk end it is the server, and writes what arrives.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{Request, Response};
use hub::{
    auth::hash_password,
    driver::{ClientTls, HttpWay},
    node::FloorChange,
};
use model::{AccountName, AgentPlan, Floor, Role, Secret, Timestamp};
use serde_json::json;
use session::{ConnectionReuse, Exchange, FromHttp, Http, Input, Output, Reason, Session, Timeouts, ToHttp};
use settings::Address;
use store::Account;
use talisma::{
    Desk, DeskConfig, NotSignedIn, PEER_ID,
    wire::{Contract, Custom, Details, Notification, Outcome, PayLoad, Property, limits},
};
use tokio::sync::mpsc;
use wire::soap::{Head, Message, Token, Validity, Version, write};

use super::{at, bare_node, listening};
use crate::{
    assemble::{instance, signal},
    output::Out,
};

/// Who notifies, and who is notified.
#[derive(Debug, Clone)]
pub(crate) struct Parties {
    /// The account of the telephony system.
    pub(crate) account: AccountName,
    /// Its password.
    pub(crate) password: Secret,
    /// The Talisma user id of the agent.
    pub(crate) user: i32,
}

/// Posts the article's sample to `url`, and writes what is said to it.
pub(crate) async fn post(url: &str, tls: Option<ClientTls>, parties: Parties, out: Out) -> Result<()> {
    let (say, mut said) = mpsc::unbounded_channel();
    let post =
        Post { url: url.parse().with_context(|| format!("{url:?} is no address"))?, parties, say, out: None };
    let node = bare_node()?;
    node.attach("talisma-sample", Box::new(post), HttpWay::Ask { tls }).await?;
    let told = said.recv().await.context("the sample was not posted")?;
    node.stop().await?;
    match told {
        FromHttp::Response { response, .. } => answered(&response, out),
        FromHttp::Failed { failure, .. } => bail!("{url} did not answer: {failure:?}"),
        FromHttp::Request { .. } => bail!("{url} asks instead of answering"),
    }
}

fn answered(response: &Response<Bytes>, out: Out) -> Result<()> {
    let status = response.status();
    let message = Message::read(response.body(), Version::Soap11, &limits::MESSAGE);
    let message = message.with_context(|| format!("http status {status}"))?;
    if let Some(fault) = message.fault() {
        bail!("http status {status}, fault {:?}: {}", fault.kind, fault.reason);
    }
    let outcome = Outcome::read(&message.body.context("the answer is empty")?)?;
    let Outcome { json, status, error, exception } = outcome;
    let machine = json!({ "status": status, "json": json, "error": error, "exception": exception });
    out.one(&machine, |_| {
        let lines = [json.as_deref(), error.as_deref(), exception.as_deref()].map(Option::unwrap_or_default);
        format!("<- StatusCode {status} {}", lines.join(" ").trim())
    })?;
    if status < 0 { bail!("the notification was refused with status {status}") } else { Ok(()) }
}

/// Posts once, and passes on what is said to it.
struct Post {
    url: http::Uri,
    parties: Parties,
    say: mpsc::UnboundedSender<FromHttp>,
    out: Option<Output<Http>>,
}

impl Post {
    fn request(&self, now: Timestamp) -> Request<Bytes> {
        let Parties { account, password, user } = &self.parties;
        let token = Token { username: account.to_string(), password: password.reveal().to_owned() };
        let validity = Some(Validity::from(now.0));
        let head = Head { token: Some(&token), validity, ..Head::new(Version::Soap11) };
        let contract = Contract::default();
        let body = write(&head, |xml| sample(*user).write(xml, &contract));
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = self.url.clone();
        let content_type = http::HeaderValue::from_static(Version::Soap11.content_type());
        request.headers_mut().insert(http::header::CONTENT_TYPE, content_type);
        if let Ok(action) = format!("\"{}\"", contract.action()).parse() {
            request.headers_mut().insert("soapaction", action);
        }
        request
    }
}

impl Session for Post {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        match input {
            Input::Start => {
                let timeouts = Timeouts {
                    connect: limits::CONNECT,
                    answer: limits::ANSWER,
                    reuse: ConnectionReuse::Use,
                };
                let (exchange, request) = (Exchange(1), self.request(now));
                self.out = Some(Output::Peer(ToHttp::Request { exchange, request, timeouts }));
            }
            // Whoever waits for it may be gone.
            Input::Peer(said) => drop(self.say.send(said)),
            Input::Hub(_) | Input::Tick => {}
        }
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.take()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

/// The article's sample.
fn sample(user_id: i32) -> Notification {
    let property = |id, value: &str| Property { id, value: value.to_owned() };
    let properties = vec![property(2_000_104, "ANI - 101"), property(2_000_105, "DNI - 101")];
    let details = Details {
        object_type: 20_005,
        object_id: 10,
        custom_list: vec![Custom { key: "Key".to_owned(), value: "value".to_owned() }],
        is_log_case_mandatory: true,
        pay_load: vec![PayLoad { object_type: 26, properties }],
        ..Details::default()
    };
    Notification { user_id, media_type: 1, details: Some(details) }
}

/// Is the notification server until a signal ends it.
pub(crate) async fn serve(listen: Address, parties: Parties, out: Out) -> Result<()> {
    let node = bare_node()?;
    node.handle().put_floor(floor(&parties)?).await?;
    let config = DeskConfig {
        mount: "".into(),
        path: "/TalismaWebNotificationServer/PostNotification.svc".into(),
        not_signed_in: NotSignedIn::Keep,
        ..DeskConfig::default()
    };
    let path = config.path.clone();
    let session = Heard { desk: Desk::new(config, instance()?)?, out };
    let bound =
        node.attach("talisma-desk", Box::new(session), at(listen)).await.map(|attached| attached.address);
    out.say(&format!("listening at http://{}{path}; Ctrl-C ends it", listening(bound, listen)?))?;
    signal::stop().await?;
    Ok(node.stop().await?)
}

/// One agent, who is the user, and the account that notifies.
fn floor(parties: &Parties) -> Result<FloorChange> {
    let user = parties.user.to_string();
    let plan = AgentPlan {
        id: user.parse()?,
        name: user.as_str().into(),
        device: user.parse()?,
        switch: "none".parse()?,
        queues: Vec::new(),
        acd_id: None,
        peer_ids: [(PEER_ID.into(), user.into())].into(),
    };
    let account = Account {
        name: parties.account.clone(),
        role: Role::Integration,
        agent: None,
        password_hash: hash_password(&parties.password),
    };
    let floor = Floor { agents: vec![plan], ..Floor::default() };
    Ok(FloorChange { floor: Arc::new(floor), accounts: Some(vec![account]), contacts: Vec::new() })
}

/// Writes notifications and answers as they pass.
struct Heard {
    desk: Desk,
    out: Out,
}

impl Heard {
    fn write(&self, way: &str, what: &serde_json::Value) {
        // Nobody reads any more; the session goes on until it is ended.
        let _ = self.out.one(&json!({ "way": way, "what": what }), |_| {
            format!("{} {what}", if way == "in" { "<-" } else { "->" })
        });
    }
}

impl Session for Heard {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        if let Input::Peer(FromHttp::Request { request, .. }) = &input {
            self.write("in", &notification(request));
        }
        self.desk.handle(now, input);
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        let output = self.desk.poll()?;
        if let Output::Peer(ToHttp::Response { response, .. }) = &output {
            self.write("out", &outcome(response));
        }
        Some(output)
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.desk.deadline()
    }
}

/// The notification in a request, without its credentials; else the request's first line.
fn notification(request: &Request<Bytes>) -> serde_json::Value {
    let body = body(request.headers(), request.body());
    let read = body.and_then(|body| Notification::read(&body).ok().flatten());
    let line = || json!(format!("{} {}", request.method(), request.uri().path()));
    read.and_then(|notification| serde_json::to_value(notification).ok()).unwrap_or_else(line)
}

fn outcome(response: &Response<Bytes>) -> serde_json::Value {
    let body = body(response.headers(), response.body());
    let status = response.status().as_u16();
    match body.and_then(|body| Outcome::read(&body).ok()) {
        Some(outcome) => {
            json!({ "http": status, "StatusCode": outcome.status, "ErrorMessage": outcome.error })
        }
        None => json!({ "http": status }),
    }
}

fn body(headers: &http::HeaderMap, body: &Bytes) -> Option<wire::xml::Element> {
    let content_type = headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    Message::read(body, Version::of_content_type(content_type)?, &limits::MESSAGE).ok()?.body
}
