//! One end of the Talisma Web Notification Server at the terminal.
//!
//! The telephony end posts the sample of Talisma's help article once. The desk end is the server and shows what arrives.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{Request, Response};
use hub::{
    auth::hash_password,
    driver::{ClientTls, HttpTransport},
    node::FloorChange,
};
use model::{AccountName, AgentPlan, Floor, Role, Secret, Timestamp};
use serde_json::json;
use session::{
    ConnectionReuse, Exchange, Failure, FromHttp, Http, Input, Output, Reason, Session, Timeouts, ToHttp,
};
use settings::Address;
use store::Account;
use talisma::{
    DeskConfig, DeskSession, NotSignedIn, PEER_ID,
    wire::{Contract, Custom, Details, Notification, Outcome, PayLoad, Property, limits},
};
use tokio::sync::mpsc;
use wire::soap::{Head, Message, Token, Validity, Version, write};

use super::{at, bare_node, listening};
use crate::{
    assemble::{instance, signal},
    output::{Out, plain_reason},
};

/// The account that sends notifications, and the agent who gets them.
#[derive(Debug, Clone)]
pub(crate) struct Parties {
    /// The account of the telephony system.
    pub(crate) account: AccountName,
    /// The password of the account.
    pub(crate) password: Secret,
    /// The Talisma user ID of the agent.
    pub(crate) user: i32,
}

/// Posts the sample to `url` and writes the answer.
pub(crate) async fn post(url: &str, tls: Option<ClientTls>, parties: Parties, out: Out) -> Result<()> {
    let (answers_in, mut answers) = mpsc::unbounded_channel();
    let post = Post {
        url: url.parse().with_context(|| format!("{url:?} is not a URL"))?,
        parties,
        answers: answers_in,
        out: None,
    };
    let node = bare_node()?;
    node.attach("talisma-sample", Box::new(post), HttpTransport::Client { tls }).await?;
    let answer = answers.recv().await.context("the sample was not posted")?;
    node.stop().await?;
    match answer {
        FromHttp::Response { response, .. } => show_answer(&response, out),
        FromHttp::Failed { failure: Failure::NotSent(why), .. } => {
            let why = plain_reason(&why);
            bail!(
                "cannot connect to {url}: {why}; start a node with `cordboard demo`, or name another address with --to"
            )
        }
        FromHttp::Failed { failure: Failure::NoAnswer(why), .. } => {
            bail!("no answer from {url}: {}", plain_reason(&why))
        }
        FromHttp::Request { .. } => bail!("{url} sent a request instead of an answer"),
    }
}

fn show_answer(response: &Response<Bytes>, out: Out) -> Result<()> {
    let status = response.status();
    let message = Message::read(response.body(), Version::Soap11, &limits::MESSAGE);
    let message = message.with_context(|| format!("HTTP status {status}"))?;
    if let Some(fault) = message.fault() {
        bail!("HTTP status {status}, SOAP fault {:?}: {}", fault.kind, fault.reason);
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

/// A session that posts the sample once and passes the answer on.
struct Post {
    url: http::Uri,
    parties: Parties,
    answers: mpsc::UnboundedSender<FromHttp>,
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
            // It does not matter if nobody waits for the answer any more.
            Input::Peer(answer) => drop(self.answers.send(answer)),
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

/// The sample of Talisma's help article.
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

/// Runs a notification server until a signal ends it.
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
    let session = Recorder { desk: DeskSession::new(config, instance()?)?, out };
    let bound =
        node.attach("talisma-desk", Box::new(session), at(listen)).await.map(|attached| attached.address);
    out.note(&format!("listening at http://{}{path}; quit with Ctrl-C", listening(bound, listen)?))?;
    signal::stop().await?;
    Ok(node.stop().await?)
}

/// A floor with one agent, and the account that sends notifications.
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

/// Wraps the desk session and writes notifications and answers.
struct Recorder {
    desk: DeskSession,
    out: Out,
}

impl Recorder {
    fn write(&self, way: &str, what: &serde_json::Value) {
        // The session continues even when standard output is closed.
        let _ = self.out.one(&json!({ "way": way, "what": what }), |_| {
            format!("{} {what}", if way == "in" { "<-" } else { "->" })
        });
    }
}

impl Session for Recorder {
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

/// The notification in a request, without its credentials. For another request: its method and path.
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
