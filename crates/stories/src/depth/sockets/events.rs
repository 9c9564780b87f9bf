//! The API's events over a WebSocket, read by a separate thread.

use std::{
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex, PoisonError},
};

use model::{Record, Seq};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Message, WebSocket, client, client::IntoClientRequest};

use super::ActionError;

/// What the thread has read.
#[derive(Debug, Default)]
struct Read {
    records: Vec<Arc<Record>>,
    last: Seq,
    broken: Option<ActionError>,
}

/// A subscription to every event.
pub(super) struct Events(Arc<Mutex<Read>>);

impl Events {
    /// Subscribes to every event.
    pub(super) fn subscribe(api: SocketAddr, token: &str) -> Result<Self, ActionError> {
        let text = |error: &dyn std::fmt::Display| format!("events: {error}");
        let stream = TcpStream::connect(api).map_err(|error| text(&error))?;
        let request = format!("ws://{api}/api/v1/events").into_client_request();
        let opened = client(request.map_err(|error| text(&error))?, stream);
        let (mut socket, _) = opened.map_err(|error| text(&error))?;
        let subscribe = json!({ "type": "subscribe", "token": token }).to_string();
        socket.send(Message::text(subscribe)).map_err(|error| text(&error))?;
        let read = Arc::new(Mutex::new(Read::default()));
        let shared = Arc::clone(&read);
        // The thread ends when the node ends. Nothing joins it.
        std::thread::spawn(move || follow(socket, &shared));
        Ok(Self(read))
    }

    /// All events so far, or an error if the stream violated its contract.
    pub(super) fn records(&self) -> Result<Vec<Arc<Record>>, ActionError> {
        let read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read.broken.clone().map_or_else(|| Ok(read.records.clone()), Err)
    }

    /// The sequence number of the last event, or of the snapshot.
    pub(super) fn last(&self) -> Seq {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last
    }
}

fn follow(mut socket: WebSocket<TcpStream>, read: &Mutex<Read>) {
    while let Ok(message) = socket.read() {
        let Message::Text(text) = message else { continue };
        let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(trouble) = read.take(&text) {
            read.broken = Some(format!("events: {trouble}"));
        }
    }
}

impl Read {
    fn take(&mut self, text: &str) -> Result<(), ActionError> {
        let mut message: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match message["type"].as_str() {
            Some("snapshot") => {
                self.last = Seq(message["seq"].as_u64().ok_or("a snapshot lacks `seq`")?);
                Ok(())
            }
            Some("event") => {
                if message["prev"] != self.last.0 {
                    return Err(format!("{message} does not follow {:?}", self.last));
                }
                if let Some(fields) = message.as_object_mut() {
                    fields.retain(|name, _| name != "type" && name != "prev");
                }
                let record: Record = serde_json::from_value(message).map_err(|error| error.to_string())?;
                self.last = record.seq;
                self.records.push(Arc::new(record));
                Ok(())
            }
            _ => Err(format!("{message} is neither a snapshot nor an event")),
        }
    }
}
