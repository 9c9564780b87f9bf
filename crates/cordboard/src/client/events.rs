//! Live events, with nothing lost when the connection is.
//!
//! A subscription begins with a snapshot, or with what came after a cursor. When the connection is lost, the next one begins after the
//! last event that was given out; when an event does not follow on the one before, the connection counts as lost.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use model::{Code, JournalId, Secret, Seq, Snapshot};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, protocol::WebSocketConfig},
};

use super::{Error, Node, token};

/// The longest message that is read. Bytes. Ours: a snapshot of 20,000 agents has about 10 MB.
const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long a connection may take to stand.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// How long a node may be silent: it pings more often.
const SILENCE_MAX: Duration = Duration::from_secs(90);

/// The last event that was given out, and of which journal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The journal.
    pub(crate) journal: JournalId,
    /// The event.
    pub(crate) seq: Seq,
}

/// What a node said.
#[derive(Debug)]
pub(crate) struct Message {
    /// What it means.
    pub(crate) said: Said,
    /// As it came.
    pub(crate) json: String,
}

/// What a message means.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Said {
    /// The state of things.
    Snapshot {
        /// Which journal it is of.
        journal: JournalId,
        /// The last event in it.
        seq: Seq,
        /// Whether events were left out before it.
        resync: bool,
        /// Why they were.
        reason: Option<String>,
        /// The state.
        snapshot: Box<Snapshot>,
    },
    /// The events after the cursor follow.
    Resumed {
        /// The cursor's journal.
        journal: JournalId,
        /// The cursor.
        seq: Seq,
    },
    /// Something happened.
    Event {
        /// The one delivered before.
        prev: Seq,
        /// The event.
        #[serde(flatten)]
        record: Box<model::Record>,
    },
    /// The node gives up.
    Error {
        /// A code's word.
        code: String,
        /// A sentence.
        detail: String,
    },
}

type Socket = WebSocketStream<TcpStream>;

/// A subscription.
pub(crate) struct Events {
    node: Node,
    /// A token of its own; the one that is found when not given.
    token: Option<Secret>,
    cursor: Option<Cursor>,
    socket: Option<Socket>,
}

impl Events {
    pub(super) fn new(node: Node, token: Option<Secret>, after: Option<Cursor>) -> Self {
        Self { node, token, cursor: after, socket: None }
    }

    /// The next message. After an error that may pass, asking again goes on where it was lost.
    pub(crate) async fn next(&mut self) -> Result<Message, Error> {
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            None => self.subscribe().await?,
        };
        let message = self.receive(&mut socket).await?;
        self.follow(&message.said)?;
        self.socket = Some(socket);
        Ok(message)
    }

    async fn subscribe(&self) -> Result<Socket, Error> {
        let connecting = tokio::time::timeout(CONNECT_PATIENCE, self.connect()).await;
        let mut socket = connecting.map_err(|_| self.lost("it does not answer"))??;
        let token = match &self.token {
            Some(token) => token.clone(),
            // Found anew each time: a node that was started again has written another one.
            None => token::find(&self.node)?,
        };
        let mut subscribe = serde_json::json!({ "type": "subscribe", "token": token.reveal() });
        if let Some(cursor) = self.cursor {
            subscribe["after"] = cursor.seq.0.into();
            subscribe["journal"] = cursor.journal.to_string().into();
        }
        let sent = socket.send(tungstenite::Message::text(subscribe.to_string())).await;
        sent.map_err(|error| self.lost(error))?;
        Ok(socket)
    }

    async fn connect(&self) -> Result<Socket, Error> {
        let stream = TcpStream::connect(self.node.authority()).await;
        let stream = stream.map_err(|error| Error::unreached(&self.node, &error))?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        match client_async_with_config(self.node.events(), stream, Some(config)).await {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::Error::Http(response)) => {
                Err(Error::refused(response.status(), response.body().as_deref().unwrap_or_default()))
            }
            Err(error) => Err(self.lost(error)),
        }
    }

    /// Reads up to the next text; pings are answered underneath.
    async fn receive(&self, socket: &mut Socket) -> Result<Message, Error> {
        loop {
            let frame = tokio::time::timeout(SILENCE_MAX, socket.next()).await;
            let frame = frame.map_err(|_| self.lost("it is silent"))?;
            let frame = frame
                .ok_or_else(|| self.lost("it closed the connection"))?
                .map_err(|error| self.lost(error))?;
            if let tungstenite::Message::Text(text) = frame {
                let said =
                    serde_json::from_str(&text).map_err(|error| Error::Unreadable(error.to_string()))?;
                return Ok(Message { said, json: text.to_string() });
            }
        }
    }

    fn follow(&mut self, said: &Said) -> Result<(), Error> {
        match said {
            Said::Snapshot { journal, seq, .. } | Said::Resumed { journal, seq } => {
                self.cursor = Some(Cursor { journal: *journal, seq: *seq });
            }
            Said::Event { prev, record } => match &mut self.cursor {
                Some(cursor) if cursor.seq == *prev => cursor.seq = record.seq,
                Some(cursor) => {
                    let wanted = cursor.seq;
                    return Err(self.lost(format!("an event follows {prev} and not {wanted}")));
                }
                None => return Err(self.lost("an event came before the state of things")),
            },
            Said::Error { code, .. } if code == Code::Unauthenticated.word() && token::is_from_file() => {
                return Err(self.lost("it has not written its token yet"));
            }
            Said::Error { code, detail } => {
                return Err(Error::Refused { code: code.clone(), detail: detail.clone() });
            }
        }
        Ok(())
    }

    fn lost(&self, why: impl ToString) -> Error {
        Error::Unreached { node: self.node.clone(), why: why.to_string() }
    }
}
