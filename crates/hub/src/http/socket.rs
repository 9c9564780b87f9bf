//! Common parts of the API's WebSockets: origin check, first message, authentication, pings and closing.

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::{FromRequestParts, Request, WebSocketUpgrade},
    response::Response,
};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONNECTION, HOST, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE},
    request::Parts,
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use model::{Code, Principal, Rejection, Role, Scope, Secret};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::{Interval, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message, Utf8Bytes,
        handshake::derive_accept_key,
        protocol::{self, CloseFrame, WebSocketConfig, frame::coding::CloseCode},
    },
};

use super::{
    Api,
    guard::{self, Caller, Peer, allow, bearer, no_token},
    problem::Problem,
    unproven::UnprovenSlot,
};
use crate::{
    driver::{Fragments, FrameCount},
    node::AgentDesk,
};

/// The size of a socket's read and write buffers. Bytes. Our choice: the default of 128 KiB is too much for each idle desk.
const BUFFER_BYTES: usize = 4 << 10;

/// How long a client may take for its first message.
const FIRST_WITHIN: Duration = Duration::from_secs(5);

/// How long a client may take to read the closing message.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// How often a client is pinged and its token is checked again.
const PING_EVERY: Duration = Duration::from_secs(20);

/// How long a client may be silent.
const SILENT_MAX: Duration = Duration::from_secs(60);

type WebSocket = WebSocketStream<Fragments<TokioIo<Upgraded>>>;

/// The limits for messages, in bytes, and for tokens.
pub(super) struct SocketLimits {
    /// The scope that an API token needs. `None`: API tokens are refused.
    pub(super) scope: Option<Scope>,
    /// The largest message from a client.
    pub(super) message_max: usize,
    /// The most output that may be buffered for a client.
    pub(super) write_max: usize,
}

/// A connected client.
pub(super) struct Socket {
    pub(super) api: Api,
    socket: WebSocket,
    holder: Option<TokenHolder>,
    scope: Option<Scope>,
    /// Its slot among the sockets without a valid token.
    slot: Option<UnprovenSlot>,
    received_at: Instant,
    /// Whether a pong may still have to be sent.
    owes_pong: bool,
    /// Present while the client is a desk of an agent.
    desk: Option<AgentDesk>,
}

/// A token and its principal.
struct TokenHolder {
    token: Secret,
    caller: Caller,
}

/// How a socket ends: with a rejection for the client, or because the client is gone.
pub(super) enum SocketEnd {
    Rejected(Rejection),
    Gone,
}

impl From<tokio_tungstenite::tungstenite::Error> for SocketEnd {
    fn from(_: tokio_tungstenite::tungstenite::Error) -> Self {
        Self::Gone
    }
}

impl From<Rejection> for SocketEnd {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// The last message before the server closes a socket.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum ErrorMessage<'a> {
    Error { title: &'a str, status: u16, detail: &'a str, code: Code },
}

/// Upgrades a request to a WebSocket and runs `serve`, which returns how it ended.
pub(super) async fn upgrade<F>(
    api: Api,
    request: Request,
    sizes: SocketLimits,
    serve: impl FnOnce(Socket) -> F + Send + 'static,
) -> Result<Response, Problem>
where
    F: Future<Output = (Socket, SocketEnd)> + Send,
{
    let (mut parts, _) = request.into_parts();
    check_origin(&api, &parts.headers)?;
    let holder = holder(&api, &parts.headers, sizes.scope)?;
    let scope = sizes.scope;
    let from = parts.extensions.get::<Peer>().map(|Peer(from)| from.ip());
    let slot = from.filter(|_| holder.is_none()).map(|from| api.unproven.admit(from));
    let (upgrading, response) = accept(&mut parts, &api).await?;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(sizes.write_max)
        .max_message_size(Some(sizes.message_max))
        .max_frame_size(Some(sizes.message_max));
    tokio::spawn(async move {
        // The client is gone before the response was sent.
        let Ok(upgraded) = upgrading.await else { return };
        let stream = Fragments::new(TokioIo::new(upgraded), FrameCount::default());
        let socket = WebSocketStream::from_raw_socket(stream, protocol::Role::Server, Some(config)).await;
        let socket = Socket {
            api,
            socket,
            holder,
            scope,
            slot,
            received_at: Instant::now(),
            owes_pong: false,
            desk: None,
        };
        if let (mut socket, SocketEnd::Rejected(rejection)) = serve(socket).await {
            // The client may be gone or may not read.
            timeout(CLOSE_WITHIN, socket.send_error(rejection)).await.ok();
        }
    });
    Ok(response)
}

/// Checks the handshake (RFC 6455, 4.2.1). Returns the connection that follows the response, and the response.
async fn accept(parts: &mut Parts, api: &Api) -> Result<(OnUpgrade, Response), Problem> {
    let invalid = |text: String| Problem::new(Code::Invalid, text);
    let upgrading = parts.extensions.get::<OnUpgrade>().cloned();
    let checked = WebSocketUpgrade::from_request_parts(parts, api).await;
    drop(checked.map_err(|error| invalid(error.body_text()))?);
    let key = parts.headers.get(SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let missing = || invalid("the connection cannot become a WebSocket".to_owned());
    let (upgrading, key) = upgrading.zip(key).ok_or_else(missing)?;
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(CONNECTION, "upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_ACCEPT, key)
        .body(Body::empty());
    Ok((upgrading, response.map_err(|error| Problem::new(Code::Internal, error.to_string()))?))
}

/// Checks the origin of a browser's page. Other clients send no origin.
fn check_origin(api: &Api, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    let listed = api.origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes());
    if listed || is_own(origin, headers.get(HOST)) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden, format!("origin {origin:?} is not in http.origins")))
}

/// Whether the page comes from the host of the request and that host is this machine. Then the page is Cordboard's own, perhaps through
/// a forwarded port. Any other name could be made to resolve to this server by its owner.
fn is_own(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let Some(origin) = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")) else {
        return false;
    };
    let Some(host) = host.and_then(|host| host.to_str().ok()) else { return false };
    let name =
        host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    let loopback =
        name == "localhost" || name == "[::1]" || name.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback());
    loopback && origin == host
}

/// The token of the request and its principal; `None` without a token.
fn holder(api: &Api, headers: &HeaderMap, scope: Option<Scope>) -> Result<Option<TokenHolder>, Problem> {
    let Some(token) = bearer(headers) else { return Ok(None) };
    let caller = Caller(allow(api, headers, &Role::ALL, scope)?.principal);
    Ok(Some(TokenHolder { token: Secret::new(token), caller }))
}

/// Ticks when it is time to call [`Socket::check_liveness`].
pub(super) fn pings() -> Interval {
    let mut pings = interval_at(tokio::time::Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pings
}

/// Returns when the socket must close to make room for others.
async fn evicted(slot: &mut Option<UnprovenSlot>) {
    match slot {
        Some(slot) => slot.evicted().await,
        None => std::future::pending().await,
    }
}

impl Socket {
    /// Waits for the first message of a client.
    pub(super) async fn first<T: DeserializeOwned>(&mut self) -> Result<T, SocketEnd> {
        let late =
            |_| Rejection::new(Code::Unauthenticated, format!("no message came within {FIRST_WITHIN:?}"));
        let mut slot = self.slot.take();
        tokio::select! {
            first = timeout(FIRST_WITHIN, self.next()) => first.map_err(late)?,
            () = evicted(&mut slot) => {
                let text = "too many sockets without a token; try again in a few seconds";
                Err(Rejection::new(Code::Overloaded, text).into())
            }
        }
    }

    /// Waits for the next message of a client. Reads nothing more until the answer to a ping is sent: else answers would pile up.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<T, SocketEnd> {
        loop {
            if self.owes_pong {
                self.socket.flush().await?;
                self.owes_pong = false;
            }
            let message = self.socket.next().await.ok_or(SocketEnd::Gone)??;
            self.received_at = Instant::now();
            match message {
                Message::Text(text) => {
                    let wrong = |error: serde_json::Error| Rejection::new(Code::Invalid, error.to_string());
                    return Ok(serde_json::from_str(&text).map_err(wrong)?);
                }
                Message::Ping(_) => self.owes_pong = true,
                Message::Pong(_) | Message::Frame(_) => {}
                Message::Binary(_) => return Err(Rejection::new(Code::Invalid, "messages are text").into()),
                Message::Close(_) => return Err(SocketEnd::Gone),
            }
        }
    }

    /// The principal of the message's token, or else of the request's.
    pub(super) fn sign_in(&mut self, token: Option<Secret>) -> Result<Principal, Rejection> {
        if let Some(token) = token {
            let principal = guard::holder(&self.api, token.reveal(), self.scope)?.principal;
            self.holder = Some(TokenHolder { token, caller: Caller(principal) });
        }
        self.holder.as_ref().map(|holder| holder.caller.0.clone()).ok_or_else(no_token)
    }

    /// Waits until the client's token is revoked.
    pub(super) fn token_ends(&self) -> impl Future<Output = Rejection> + Send + use<> {
        let token = self.holder.as_ref().map(|holder| holder.token.reveal().to_owned());
        let ends = self.api.handle.auth().token_ends(&token.unwrap_or_default());
        async move {
            ends.await;
            token_expired()
        }
    }

    /// Makes the client a desk of its agent until the socket ends.
    pub(super) async fn attend(&mut self, principal: &Principal) {
        let works = matches!(principal.role, Role::Agent | Role::Supervisor);
        if let Some(agent) = principal.agent.clone().filter(|_| works) {
            self.desk = Some(self.api.handle.attend(agent).await);
        }
    }

    /// Pings the client. Ends the socket if the client is silent, its token is no longer valid, or its account changed.
    pub(super) async fn check_liveness(&mut self, principal: &Principal) -> Result<(), SocketEnd> {
        if self.received_at.elapsed() > SILENT_MAX {
            return Err(SocketEnd::Gone);
        }
        let token = self.holder.as_ref().map(|holder| holder.token.reveal());
        let holder = token.and_then(|token| self.api.handle.auth().holder(token));
        if holder.as_ref().map(|holder| &holder.principal) != Some(principal) {
            return Err(token_expired().into());
        }
        Ok(self.socket.send(Message::Ping(Bytes::new())).await?)
    }

    /// Sends messages together, so that small ones share packets.
    pub(super) async fn send(
        &mut self,
        texts: impl IntoIterator<Item = Result<Utf8Bytes, Rejection>>,
    ) -> Result<(), SocketEnd> {
        for text in texts {
            self.socket.feed(Message::Text(text?)).await?;
        }
        Ok(self.socket.flush().await?)
    }

    async fn send_error(&mut self, Rejection { code, text }: Rejection) -> Result<(), SocketEnd> {
        let problem = Problem::new(code, &text);
        let (title, status) = (problem.title, problem.status);
        let error = ErrorMessage::Error { title, status, detail: &text, code };
        let text = serde_json::to_string(&error).map_err(|_| SocketEnd::Gone)?;
        self.socket.send(Message::Text(text.into())).await?;
        let close = CloseFrame { code: CloseCode::Policy, reason: Utf8Bytes::from_static(code.as_str()) };
        Ok(self.socket.send(Message::Close(Some(close))).await?)
    }
}

fn token_expired() -> Rejection {
    Rejection::new(Code::Unauthenticated, "the token is no longer valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_same_loopback_address_is_ours() {
        let own = |origin: &str, host: &str| is_own(&origin.parse().unwrap(), Some(&host.parse().unwrap()));
        assert!(own("http://localhost:8081", "localhost:8081"));
        assert!(own("http://127.0.0.1:8081", "127.0.0.1:8081"));
        assert!(own("http://[::1]", "[::1]"));
        for (origin, host) in [
            ("http://localhost:8081", "localhost:8080"),
            ("https://localhost:8081", "localhost:8081"),
            ("http://evil.example:8081", "evil.example:8081"),
            ("http://localhost.evil.example", "localhost.evil.example"),
            ("http://10.0.0.1", "10.0.0.1"),
            ("null", "localhost"),
        ] {
            assert!(!own(origin, host), "{origin} at {host}");
        }
        assert!(!is_own(&"http://localhost".parse().unwrap(), None));
    }
}
