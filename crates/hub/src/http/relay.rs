//! Connects Cordboard's pages to their session over a WebSocket. A page relays the messages of its frames.

use std::convert::Infallible;

use axum::{
    extract::{Request, State},
    response::Response,
};
use compact_str::CompactString;
use model::{Code, InteractionId, Rejection, Secret};
use serde::Deserialize;
use serde_json::Value;
use session::{Frame, FrameContext, FromPage};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::Path,
    problem::Problem,
    socket::{self, Socket, SocketEnd, SocketLimits},
};
use crate::driver::{Message, Relay};

/// The largest message from a page: a frame's message and its envelope. Bytes. Our choice.
const MESSAGE_BYTES_MAX: usize = session::MESSAGE_BYTES_MAX + (4 << 10);

/// The most output that may be buffered for a page. Bytes. Our choice.
const WRITE_BYTES_MAX: usize = 8 << 20;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(relay))
}

/// The first message of a page.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
enum OpenMessage {
    Open { token: Option<Secret> },
}

/// Further messages of a page.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
enum FromClient {
    FrameOpened {
        frame: u64,
        place: CompactString,
        interaction: Option<InteractionId>,
        kept: Option<Value>,
    },
    FrameLoaded {
        frame: u64,
    },
    FrameClosed {
        frame: u64,
    },
    Posted {
        frame: u64,
        origin: String,
        message: Value,
    },
    #[serde(rename = "said")]
    Message {
        message: Value,
    },
}

impl From<FromClient> for FromPage {
    fn from(message: FromClient) -> Self {
        match message {
            FromClient::FrameOpened { frame, place, interaction, kept } => {
                Self::FrameOpened { frame: Frame(frame), about: FrameContext { place, interaction }, kept }
            }
            FromClient::FrameLoaded { frame } => Self::FrameLoaded { frame: Frame(frame) },
            FromClient::FrameClosed { frame } => Self::FrameClosed { frame: Frame(frame) },
            FromClient::Posted { frame, origin, message } => {
                Self::Posted { frame: Frame(frame), origin, message }
            }
            FromClient::Message { message } => Self::Message { message },
        }
    }
}

/// Reads a message of a page after the first one.
pub fn read_page_message(text: &str) -> serde_json::Result<FromPage> {
    serde_json::from_str::<FromClient>(text).map(FromPage::from)
}

/// Connects a page and its frames to a session. The first message of the page is `{"type":"open","token"?:…}`.
#[utoipa::path(get, path = "/api/v1/relay/{name}", tag = "events", params(("name" = String, Path)),
    responses((status = 101, description = "Messages as docs/api.md says"), (status = "default", body = Problem)))]
async fn relay(
    State(api): State<Api>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let relay = api.relays.iter().find(|(known, _)| *known == name).map(|(_, relay)| relay.clone());
    let relay = relay.ok_or_else(|| Problem::new(Code::NotFound, format!("there is no relay {name:?}")))?;
    let sizes = SocketLimits { scope: None, message_max: MESSAGE_BYTES_MAX, write_max: WRITE_BYTES_MAX };
    socket::upgrade(api, request, sizes, async move |mut socket| {
        let Err(end) = attend(&mut socket, &relay).await;
        (socket, end)
    })
    .await
}

async fn attend(socket: &mut Socket, relay: &Relay) -> Result<Infallible, SocketEnd> {
    let OpenMessage::Open { token } = socket.first().await?;
    let principal = socket.sign_in(token)?;
    let token_ends = socket.token_ends();
    tokio::pin!(token_ends);
    socket.attend(&principal).await;
    let mut connection = relay.open(principal.clone()).await?;
    let ended = async {
        socket.send([Ok(r#"{"type":"opened"}"#.into())]).await?;
        let mut pings = socket::pings();
        loop {
            tokio::select! {
                message = connection.next() => pass_on(socket, message).await?,
                message = socket.next::<FromClient>() => connection.send(message?.into()).await?,
                why = &mut token_ends => return Err(why.into()),
                _ = pings.tick() => socket.check_liveness(&principal).await?,
            }
        }
    };
    let Err(end): Result<Infallible, SocketEnd> = ended.await;
    let why = match &end {
        SocketEnd::Rejected(Rejection { text, .. }) => text.to_string(),
        SocketEnd::Gone => "the page closed the connection".to_owned(),
    };
    connection.close(why).await;
    Err(end)
}

async fn pass_on(socket: &mut Socket, message: Option<Message>) -> Result<(), SocketEnd> {
    match message {
        Some(Message::Text(text)) => socket.send([Ok(text.into())]).await,
        Some(Message::Close(why)) => Err(why.into()),
        None => {
            Err(Rejection::new(Code::Unavailable, "the page reads too slowly, or the node is stopping")
                .into())
        }
    }
}
