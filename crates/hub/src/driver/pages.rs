//! Connects Cordboard's pages to a session. A page relays messages between the session and its frames.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use model::{Code, Principal, Rejection};
use serde::Serialize;
use serde_json::Value;
use session::{FRAMES_MAX, Frame, FromPage, Page, PageInput, PageOutput, ToPage};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::PeerChannel;

/// How many inputs from pages may wait for the session. Further pages wait until there is room. Our choice.
const WAITING_MAX: usize = 256;

/// The limits for pages.
#[derive(Debug, Clone)]
pub struct PageLimits {
    /// The most simultaneous pages.
    pub pages_max: usize,
    /// How many bytes may wait to be sent to one page. With more, the page is disconnected.
    pub unsent_bytes_max: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { pages_max: 16_384, unsent_bytes_max: 4 << 20 }
    }
}

/// Connects pages to one session.
#[derive(Debug, Clone)]
pub struct Relay {
    limits: PageLimits,
    places: Arc<Semaphore>,
    last: Arc<AtomicU64>,
    sender: mpsc::Sender<ConnectionInput>,
}

/// An input from a page.
#[derive(Debug)]
pub(super) enum ConnectionInput {
    /// The page is connected. Contains the sending side.
    Opened(Page, Principal, Outgoing),
    Message(Page, FromPage),
}

/// The sending side of one page.
#[derive(Debug)]
pub(super) struct Outgoing {
    messages: mpsc::UnboundedSender<Message>,
    unsent: Arc<AtomicUsize>,
}

/// An output for a page.
#[derive(Debug)]
pub(crate) enum Message {
    /// A message in JSON.
    Text(String),
    /// The connection ends, with the reason.
    Close(Rejection),
}

impl Relay {
    /// Creates the relay, and its counterpart for the session's driver.
    pub(super) fn new(limits: PageLimits) -> (Self, Pages) {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        let places = Arc::new(Semaphore::new(limits.pages_max));
        let unsent_bytes_max = limits.unsent_bytes_max;
        let relay = Self { limits, places, last: Arc::default(), sender };
        (relay, Pages { unsent_bytes_max, open: HashMap::new(), receiver })
    }

    /// Connects a page to the session.
    pub(crate) async fn open(&self, by: Principal) -> Result<PageConnection, Rejection> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Rejection::new(
                Code::TooMany,
                format!("there are already {} pages connected", self.limits.pages_max),
            )
        })?;
        let page = Page(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let (messages, receiver) = mpsc::unbounded_channel();
        let unsent = Arc::new(AtomicUsize::new(0));
        let outgoing = Outgoing { messages, unsent: Arc::clone(&unsent) };
        let connection = PageConnection {
            page,
            frames: Vec::new(),
            sender: self.sender.clone(),
            receiver,
            unsent,
            _place: place,
        };
        connection.pass(ConnectionInput::Opened(page, by, outgoing)).await?;
        Ok(connection)
    }
}

/// The connection of one page to its session.
pub(crate) struct PageConnection {
    page: Page,
    /// The open frames.
    frames: Vec<Frame>,
    sender: mpsc::Sender<ConnectionInput>,
    receiver: mpsc::UnboundedReceiver<Message>,
    unsent: Arc<AtomicUsize>,
    _place: OwnedSemaphorePermit,
}

impl PageConnection {
    /// Passes a message of the page to the session. Refuses a message that does not fit the open frames.
    pub(crate) async fn send(&mut self, message: FromPage) -> Result<(), Rejection> {
        self.count(&message)?;
        self.pass(ConnectionInput::Message(self.page, message)).await
    }

    /// Waits for the next output. `None`: the session is gone, or it disconnected the page because it reads too slowly.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        let message = self.receiver.recv().await?;
        if let Message::Text(text) = &message {
            self.unsent.fetch_sub(text.len(), Ordering::Relaxed);
        }
        Some(message)
    }

    /// Ends the connection.
    pub(crate) async fn close(self, why: String) {
        // The session may have ended.
        self.pass(ConnectionInput::Message(self.page, FromPage::Closed { why })).await.ok();
    }

    async fn pass(&self, input: ConnectionInput) -> Result<(), Rejection> {
        let gone = |_| Rejection::new(Code::Unavailable, "the session has ended");
        self.sender.send(input).await.map_err(gone)
    }

    fn count(&mut self, message: &FromPage) -> Result<(), Rejection> {
        let invalid = |text: String| Err(Rejection::new(Code::Invalid, text));
        match message {
            FromPage::FrameOpened { frame, .. } if self.frames.contains(frame) => {
                invalid(format!("frame {} is there already", frame.0))
            }
            FromPage::FrameOpened { .. } if self.frames.len() >= FRAMES_MAX => {
                let text = format!("a page can have at most {FRAMES_MAX} frames");
                Err(Rejection::new(Code::TooMany, text))
            }
            FromPage::FrameOpened { frame, .. } => {
                self.frames.push(*frame);
                Ok(())
            }
            FromPage::Posted { frame, .. }
            | FromPage::FrameLoaded { frame }
            | FromPage::FrameClosed { frame }
                if !self.frames.contains(frame) =>
            {
                invalid(format!("frame {} is not open", frame.0))
            }
            FromPage::FrameClosed { frame } => {
                self.frames.retain(|open| open != frame);
                Ok(())
            }
            FromPage::Opened { .. }
            | FromPage::FrameLoaded { .. }
            | FromPage::Posted { .. }
            | FromPage::Message { .. }
            | FromPage::Closed { .. } => Ok(()),
        }
    }
}

/// All pages of one session.
pub struct Pages {
    unsent_bytes_max: usize,
    open: HashMap<Page, Outgoing>,
    receiver: mpsc::Receiver<ConnectionInput>,
}

impl PeerChannel<session::Pages> for Pages {
    async fn next(&mut self, inputs: &mut Vec<PageInput>) {
        match self.receiver.recv().await {
            Some(ConnectionInput::Opened(page, by, outgoing)) => {
                self.open.insert(page, outgoing);
                inputs.push(PageInput { page, message: FromPage::Opened { by } });
            }
            Some(ConnectionInput::Message(page, message)) => {
                if let FromPage::Closed { .. } = message {
                    self.open.remove(&page);
                }
                inputs.push(PageInput { page, message });
            }
            // No further page can connect.
            None => std::future::pending().await,
        }
    }

    /// Sends an output to a page. A page that reads too slowly is disconnected.
    fn send(&mut self, PageOutput { page, message }: PageOutput) {
        let Some(outgoing) = self.open.get(&page) else { return };
        let message = match message {
            ToPage::Post { frame, origin, message } => {
                ToClient::Post { frame: frame.0, origin, message }.text()
            }
            ToPage::Keep { frame, state } => ToClient::Keep { frame: frame.0, state }.text(),
            ToPage::OnClose { frame, origin, message } => {
                ToClient::OnClose { frame: frame.0, origin, message }.text()
            }
            ToPage::Message { message } => ToClient::Message { message }.text(),
            ToPage::Close { why } => Message::Close(why),
        };
        if let Message::Text(text) = &message {
            let unsent = outgoing.unsent.fetch_add(text.len(), Ordering::Relaxed) + text.len();
            if unsent > self.unsent_bytes_max {
                tracing::warn!(page = page.0, unsent, "page reads too slowly; disconnected");
                self.open.remove(&page);
                return;
            }
        }
        let ends = matches!(message, Message::Close(_));
        // The page may be gone. The session gets that as an input.
        drop(outgoing.messages.send(message));
        if ends {
            self.open.remove(&page);
        }
    }
}

/// A message to a page, as it is sent.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum ToClient {
    Post {
        frame: u64,
        origin: String,
        message: Value,
    },
    Keep {
        frame: u64,
        state: Value,
    },
    OnClose {
        frame: u64,
        origin: String,
        message: Option<Value>,
    },
    #[serde(rename = "tell")]
    Message {
        message: Value,
    },
}

impl ToClient {
    fn text(&self) -> Message {
        match serde_json::to_string(self) {
            Ok(text) => Message::Text(text),
            Err(error) => Message::Close(Rejection::new(Code::Internal, error.to_string())),
        }
    }
}
