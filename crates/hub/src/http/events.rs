//! Events over a WebSocket: a snapshot, or what was missed, and then every event.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{
        FromRequestParts, Request, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
    },
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::SinkExt;
use http::{HeaderMap, header::ORIGIN};
use model::{Code, Rejection, Role, Secret, Seq, Snapshot};
use serde::{Deserialize, Serialize};
use tokio::time::{MissedTickBehavior, interval_at, timeout};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    guard::{Caller, allow, bearer},
    problem::Problem,
};
use crate::node::{Delivery, Published, Subscription};

/// What a socket buffers either way. Bytes. Ours: the default of 128 KiB for each idle desk is too much.
const BUFFER_BYTES: usize = 4 << 10;

/// The largest message from a client. Bytes. Ours: a subscription is far smaller.
const MESSAGE_BYTES_MAX: usize = 4 << 10;

/// The most that may be buffered for a client: one snapshot of a large floor. Bytes. Ours.
const WRITE_BYTES_MAX: usize = 64 << 20;

/// How long a client may take for its first message.
const SUBSCRIBE_WITHIN: Duration = Duration::from_secs(5);

/// How often a client is pinged, and its token looked at again.
const PING_EVERY: Duration = Duration::from_secs(20);

/// How long a client may be silent.
const SILENT_MAX: Duration = Duration::from_secs(60);

/// Why a socket is closed after an error: policy violation (RFC 6455, 7.4.1).
const CLOSE_POLICY: u16 = 1008;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(events))
}

/// The first message of a client.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
enum FromClient {
    /// Asks for events.
    Subscribe {
        /// Where the request had no `Authorization`.
        #[schema(value_type = Option<String>)]
        token: Option<Secret>,
        /// The last event that the client has seen.
        after: Option<Seq>,
    },
}

/// What is said besides events.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum ToClient<'a> {
    Snapshot { seq: Seq, resync: bool, snapshot: &'a Snapshot },
    Resumed { seq: Seq },
    Error { title: &'a str, status: u16, detail: &'a str, code: Code },
}

/// Events over a WebSocket. The client's first message is `{"type":"subscribe","token"?:…,"after"?:…}`.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    responses((status = 101, description = "Messages as docs/api.md says"), (status = "default", body = Problem)))]
async fn events(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    check_origin(&api, &parts.headers)?;
    let holder = holder(&api, &parts.headers)?;
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &api).await;
    let upgrade = upgrade.map_err(|error| Problem::new(Code::Invalid, error.body_text()))?;
    let upgrade = upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BYTES_MAX)
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX);
    Ok(upgrade
        .on_upgrade(move |socket| Desk { api, socket, holder, heard: Instant::now() }.run())
        .into_response())
}

/// A browser names the page that asks: it must be a page of ours. Others name none.
fn check_origin(api: &Api, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    if api.origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden, format!("origin {origin:?} is not one of the configured ones")))
}

/// A token and whose it is.
struct Holder {
    token: Secret,
    caller: Caller,
}

/// Whose token the request has; `None` when it has none.
fn holder(api: &Api, headers: &HeaderMap) -> Result<Option<Holder>, Problem> {
    let Some(token) = bearer(headers) else { return Ok(None) };
    let caller = allow(api, headers, &Role::ALL)?;
    Ok(Some(Holder { token: Secret::new(token), caller }))
}

/// One client.
struct Desk {
    api: Api,
    socket: WebSocket,
    holder: Option<Holder>,
    heard: Instant,
}

/// How it ends: said to the client, or not when it is gone.
enum End {
    Said(Rejection),
    Gone,
}

impl From<axum::Error> for End {
    fn from(_: axum::Error) -> Self {
        Self::Gone
    }
}

impl From<Rejection> for End {
    fn from(rejection: Rejection) -> Self {
        Self::Said(rejection)
    }
}

impl Desk {
    async fn run(mut self) {
        let Err(end) = self.serve().await;
        if let End::Said(rejection) = end {
            // The client may be gone.
            self.say_last(rejection).await.ok();
        }
    }

    async fn serve(&mut self) -> Result<std::convert::Infallible, End> {
        let FromClient::Subscribe { token, after } = self.first_message().await?;
        let caller = self.sign_in(token)?;
        let mut subscription = self.api.handle.subscribe(caller.0, after).await?;
        let mut pings = interval_at(tokio::time::Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                deliveries = subscription.next() => self.deliver(deliveries).await?,
                message = self.socket.recv() => self.hear(message.ok_or(End::Gone)??)?,
                _ = pings.tick() => self.look_after(&subscription).await?,
            }
        }
    }

    async fn first_message(&mut self) -> Result<FromClient, End> {
        loop {
            let late =
                |_| Rejection::new(Code::Unauthenticated, format!("no message within {SUBSCRIBE_WITHIN:?}"));
            let message = timeout(SUBSCRIBE_WITHIN, self.socket.recv()).await.map_err(late)?;
            match message.ok_or(End::Gone)?? {
                Message::Text(text) => {
                    let wrong = |error: serde_json::Error| Rejection::new(Code::Invalid, error.to_string());
                    return Ok(serde_json::from_str(&text).map_err(wrong)?);
                }
                Message::Ping(_) | Message::Pong(_) => {}
                Message::Binary(_) => return Err(Rejection::new(Code::Invalid, "messages are text").into()),
                Message::Close(_) => return Err(End::Gone),
            }
        }
    }

    /// Who it is: by the message's token, else by the request's.
    fn sign_in(&mut self, token: Option<Secret>) -> Result<Caller, Rejection> {
        let nobody = || Rejection::new(Code::Unauthenticated, "no token, or one that is not good");
        if let Some(token) = token {
            let principal = self.api.handle.auth().bearer(token.reveal()).ok_or_else(nobody)?;
            self.holder = Some(Holder { token, caller: Caller(principal) });
        }
        self.holder.as_ref().map(|holder| holder.caller.clone()).ok_or_else(nobody)
    }

    /// Hands over what there is in one go, so that small events share packets.
    async fn deliver(&mut self, deliveries: Option<Vec<Delivery>>) -> Result<(), End> {
        let ended = || Rejection::new(Code::Unavailable, "the node is stopping");
        for delivery in deliveries.ok_or_else(ended)? {
            let frame = frame(delivery)?;
            self.socket.feed(Message::Text(frame)).await?;
        }
        Ok(self.socket.flush().await?)
    }

    fn hear(&mut self, message: Message) -> Result<(), End> {
        self.heard = Instant::now();
        match message {
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
            Message::Text(_) | Message::Binary(_) => {
                Err(Rejection::new(Code::Invalid, "nothing can be said after the subscription").into())
            }
        }
    }

    /// Ends when the client is silent, its token is good no longer, or the account is another one.
    async fn look_after(&mut self, subscription: &Subscription) -> Result<(), End> {
        if self.heard.elapsed() > SILENT_MAX {
            return Err(End::Gone);
        }
        let token = self.holder.as_ref().map(|holder| holder.token.reveal());
        let principal = token.and_then(|token| self.api.handle.auth().bearer(token));
        if principal.as_ref() != Some(subscription.viewer()) {
            return Err(Rejection::new(Code::Unauthenticated, "the token is good no longer").into());
        }
        Ok(self.socket.send(Message::Ping(Bytes::new())).await?)
    }

    async fn say_last(&mut self, Rejection { code, text }: Rejection) -> Result<(), axum::Error> {
        let problem = Problem::new(code, &text);
        let (title, status) = (problem.title, problem.status);
        let error = ToClient::Error { title, status, detail: &text, code };
        let text = serde_json::to_string(&error).map_err(axum::Error::new)?;
        self.socket.send(Message::Text(text.into())).await?;
        let close = CloseFrame { code: CLOSE_POLICY, reason: Utf8Bytes::from_static(code.word()) };
        self.socket.send(Message::Close(Some(close))).await
    }
}

/// A message for the client.
fn frame(delivery: Delivery) -> Result<Utf8Bytes, Rejection> {
    match delivery {
        Delivery::Snapshot { picture, resync } => {
            let (seq, snapshot) = (picture.snapshot.seq, &*picture.snapshot);
            json(&ToClient::Snapshot { seq, resync, snapshot })
        }
        Delivery::Resumed(seq) => json(&ToClient::Resumed { seq }),
        Delivery::Event { prev, published } => event_frame(prev, &published),
    }
}

fn json(message: &ToClient<'_>) -> Result<Utf8Bytes, Rejection> {
    let text = serde_json::to_string(message);
    text.map(Utf8Bytes::from).map_err(|error| Rejection::new(Code::Internal, error.to_string()))
}

/// The record's own JSON with two members in front. Clients that have the same `prev`, as all that see everything do, share its bytes.
fn event_frame(prev: Seq, published: &Arc<Published>) -> Result<Utf8Bytes, Rejection> {
    let (made_for, shared) =
        published.frame.get_or_init(|| (prev, write_event(prev, published.entry.json())));
    let frame = if *made_for == prev { shared.clone() } else { write_event(prev, published.entry.json()) };
    Utf8Bytes::try_from(frame).map_err(|error| Rejection::new(Code::Internal, error.to_string()))
}

fn write_event(prev: Seq, record: &Bytes) -> Bytes {
    let head = format!(r#"{{"type":"event","prev":{prev},"#);
    // A record is an object that is not empty: what follows its first byte are members.
    [head.as_bytes(), record.get(1..).unwrap_or_default()].concat().into()
}
