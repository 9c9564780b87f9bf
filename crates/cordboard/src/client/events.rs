//! Live events, without gaps even when the connection is lost.
//!
//! A subscription starts with a snapshot, or with the events after a cursor. When the connection is lost, the next one starts after the
//! last event that was returned. When an event does not follow the one before it, the connection counts as lost.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use model::{Code, JournalId, Secret, Seq, Snapshot};
use serde::Deserialize;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, protocol::WebSocketConfig},
};

use super::{
    Error, Node,
    connection::{NodeConnector, Stream},
    token,
};

/// The longest message that is read. Bytes. Our choice: a snapshot of 20,000 agents has about 10 MB.
const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long opening a connection may take. Our choice.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// How long a node may be silent. Our choice: nodes send a ping more often.
const SILENCE_MAX: Duration = Duration::from_secs(90);

/// The position of the last event that was returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The journal of the event.
    pub(crate) journal: JournalId,
    /// The sequence number of the event.
    pub(crate) seq: Seq,
}

/// A message from a node.
#[derive(Debug)]
pub(crate) struct Message {
    /// The parsed message.
    pub(crate) content: StreamMessage,
    /// The message as it arrived.
    pub(crate) json: String,
}

/// A parsed message.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum StreamMessage {
    /// The complete state.
    Snapshot {
        /// The journal of the node.
        journal: JournalId,
        /// The last event that the state includes.
        seq: Seq,
        /// Whether the node skipped events before this snapshot.
        resync: bool,
        /// Why the node skipped events.
        reason: Option<String>,
        /// The state.
        snapshot: Box<Snapshot>,
    },
    /// The events after the cursor follow.
    Resumed {
        /// The journal of the cursor.
        journal: JournalId,
        /// The sequence number of the cursor.
        seq: Seq,
    },
    /// An event.
    Event {
        /// The sequence number of the event that was delivered before this one.
        prev: Seq,
        /// The event with its sequence number and time.
        #[serde(flatten)]
        record: Box<model::Record>,
    },
    /// The node ends the subscription.
    Error {
        /// The word of a [`Code`].
        code: String,
        /// The reason, a sentence.
        detail: String,
    },
}

type Socket = WebSocketStream<Stream>;

/// A subscription.
pub(crate) struct Events {
    node: Node,
    connector: NodeConnector,
    /// The token to use; `None` looks for a token before each subscription.
    token: Option<Secret>,
    cursor: Option<Cursor>,
    socket: Option<Socket>,
}

impl Events {
    pub(super) fn new(
        node: Node,
        connector: NodeConnector,
        token: Option<Secret>,
        after: Option<Cursor>,
    ) -> Self {
        Self { node, connector, token, cursor: after, socket: None }
    }

    /// The next message. After an error that may pass, the next call continues after the last event that was returned.
    pub(crate) async fn next(&mut self) -> Result<Message, Error> {
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            None => self.subscribe().await?,
        };
        let message = self.receive(&mut socket).await?;
        self.follow(&message.content)?;
        self.socket = Some(socket);
        Ok(message)
    }

    async fn subscribe(&self) -> Result<Socket, Error> {
        let connecting = tokio::time::timeout(CONNECT_PATIENCE, self.connect()).await;
        let mut socket = connecting.map_err(|_| self.lost("it does not answer"))??;
        let token = match &self.token {
            Some(token) => token.clone(),
            // Read each time: a node that restarted has written another token.
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
        let stream = self.connector.connect().await;
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

    /// Reads up to the next text message. The library answers pings.
    async fn receive(&self, socket: &mut Socket) -> Result<Message, Error> {
        loop {
            let frame = tokio::time::timeout(SILENCE_MAX, socket.next()).await;
            let frame = frame.map_err(|_| self.lost("it sent nothing for 90 s"))?;
            let frame = frame
                .ok_or_else(|| self.lost("it closed the connection"))?
                .map_err(|error| self.lost(error))?;
            if let tungstenite::Message::Text(text) = frame {
                let content =
                    serde_json::from_str(&text).map_err(|error| Error::Unreadable(error.to_string()))?;
                return Ok(Message { content, json: text.to_string() });
            }
        }
    }

    fn follow(&mut self, content: &StreamMessage) -> Result<(), Error> {
        match content {
            StreamMessage::Snapshot { journal, seq, .. } | StreamMessage::Resumed { journal, seq } => {
                self.cursor = Some(Cursor { journal: *journal, seq: *seq });
            }
            StreamMessage::Event { prev, record } => match &mut self.cursor {
                Some(cursor) if cursor.seq == *prev => cursor.seq = record.seq,
                Some(cursor) => {
                    let wanted = cursor.seq;
                    return Err(self.lost(format!("an event follows {prev}, expected {wanted}")));
                }
                None => return Err(self.lost("an event came before the snapshot")),
            },
            StreamMessage::Error { code, .. }
                if code == Code::Unauthenticated.as_str() && token::is_from_file() =>
            {
                return Err(self.lost("it has not written its token file yet"));
            }
            StreamMessage::Error { code, detail } => {
                return Err(Error::Refused { code: code.clone(), detail: detail.clone() });
            }
        }
        Ok(())
    }

    fn lost(&self, why: impl ToString) -> Error {
        Error::Unreached { node: self.node.clone(), why: why.to_string() }
    }
}
