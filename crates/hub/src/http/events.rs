//! The event stream over a WebSocket: a snapshot or the missed events, then every event.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{Request, State},
    response::Response,
};
use bytes::Bytes;
use model::{Code, JournalId, Rejection, Scope, Secret, Seq, Snapshot};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, can,
    problem::Problem,
    socket::{self, Socket, SocketEnd, SocketLimits},
};
use crate::{
    engine::{Delivery, Published, Resync},
    node::Cursor,
};

/// The largest message from a client. Bytes. Our choice: a subscription is much smaller.
const MESSAGE_BYTES_MAX: usize = 4 << 10;

/// The most output that may be buffered for a client: one snapshot of a large floor. Bytes. Our choice.
const WRITE_BYTES_MAX: usize = 64 << 20;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(events))
}

/// The first message of a client.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
enum FromClient {
    /// Subscribes to events.
    Subscribe {
        /// The token. Required if the request has no `Authorization` header.
        #[schema(value_type = Option<String>)]
        token: Option<Secret>,
        /// The journal that `after` belongs to, as the server named it. `after` has no effect without it.
        journal: Option<JournalId>,
        /// The sequence number of the last event that the client has seen.
        after: Option<Seq>,
        /// Whether to send the possible verbs of the client's agent after events.
        #[serde(default)]
        can: bool,
    },
}

/// Messages other than events.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum ToClient<'a> {
    Snapshot {
        journal: JournalId,
        seq: Seq,
        resync: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Resync>,
        snapshot: &'a Snapshot,
    },
    Resumed {
        journal: JournalId,
        seq: Seq,
    },
}

/// Opens the event stream. The first message of the client is `{"type":"subscribe","token"?:…,"journal"?:…,"after"?:…,"can"?:…}`.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    responses((status = 101, description = "Messages as docs/api.md says"), (status = "default", body = Problem)))]
async fn events(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let sizes =
        SocketLimits { scope: Some(Scope::Read), message_max: MESSAGE_BYTES_MAX, write_max: WRITE_BYTES_MAX };
    socket::upgrade(api, request, sizes, async |mut socket| {
        let Err(end) = serve(&mut socket).await;
        (socket, end)
    })
    .await
}

async fn serve(socket: &mut Socket) -> Result<Infallible, SocketEnd> {
    let FromClient::Subscribe { token, journal, after, can } = socket.first().await?;
    let principal = socket.sign_in(token)?;
    let token_ends = socket.token_ends();
    tokio::pin!(token_ends);
    socket.attend(&principal).await;
    let worker = can::worker(&principal).filter(|_| can);
    let handle = &socket.api.handle;
    let mut subscription = match after {
        Some(seq) => handle.resume(principal.clone(), Cursor { journal, seq }).await?,
        None => handle.subscribe(principal.clone(), None).await?,
    };
    let own = handle.journal();
    let mut pings = socket::pings();
    let ended = || Rejection::new(Code::Unavailable, "the node is stopping");
    loop {
        tokio::select! {
            deliveries = subscription.next() => {
                let deliveries = deliveries.ok_or_else(ended)?.into_iter();
                socket.send(deliveries.map(|delivery| frame(own, delivery))).await?;
                if let Some(worker) = &worker {
                    socket.send(can::frame(&socket.api.handle, worker).await).await?;
                }
            }
            message = socket.next::<IgnoredAny>() => {
                message?;
                return Err(Rejection::new(Code::Invalid, "no message is allowed after subscribe").into());
            }
            why = &mut token_ends => return Err(why.into()),
            _ = pings.tick() => socket.check_liveness(&principal).await?,
        }
    }
}

/// The message for a delivery.
fn frame(journal: JournalId, delivery: Delivery) -> Result<Utf8Bytes, Rejection> {
    match delivery {
        Delivery::Snapshot { current, resync: reason } => {
            let (seq, snapshot) = (current.snapshot.seq, &*current.snapshot);
            json(&ToClient::Snapshot { journal, seq, resync: reason.is_some(), reason, snapshot })
        }
        Delivery::Resumed(seq) => json(&ToClient::Resumed { journal, seq }),
        Delivery::Event { prev, published } => event_frame(prev, &published),
    }
}

fn json(message: &ToClient<'_>) -> Result<Utf8Bytes, Rejection> {
    let text = serde_json::to_string(message);
    text.map(Utf8Bytes::from).map_err(|error| Rejection::new(Code::Internal, error.to_string()))
}

/// The JSON of the record with two more members. Clients with the same `prev`, such as all that see everything, share its bytes.
fn event_frame(prev: Seq, published: &Arc<Published>) -> Result<Utf8Bytes, Rejection> {
    let (made_for, shared) =
        published.frame.get_or_init(|| (prev, write_event(prev, published.entry.json())));
    let frame = if *made_for == prev { shared.clone() } else { write_event(prev, published.entry.json()) };
    Utf8Bytes::try_from(frame).map_err(|error| Rejection::new(Code::Internal, error.to_string()))
}

fn write_event(prev: Seq, record: &Bytes) -> Bytes {
    let head = format!(r#"{{"type":"event","prev":{prev},"#);
    // A record is a non-empty object, so its members follow the first byte.
    [head.as_bytes(), record.get(1..).unwrap_or_default()].concat().into()
}
