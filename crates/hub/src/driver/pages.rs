//! Pages of ours that relay the messages of frames: what they say goes to their session, and what it says to them.

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

use super::Lines;

/// How many things of pages may wait for the session; whoever comes then waits itself. Ours.
const WAITING_MAX: usize = 256;

/// What pages may ask for.
#[derive(Debug, Clone)]
pub struct PageLimits {
    /// Pages at once.
    pub pages_max: usize,
    /// How much may wait to be sent to one page; with more it ends. Bytes.
    pub unsent_bytes_max: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { pages_max: 16_384, unsent_bytes_max: 4 << 20 }
    }
}

/// The way in to a session for pages.
#[derive(Debug, Clone)]
pub struct Relay {
    limits: PageLimits,
    places: Arc<Semaphore>,
    last: Arc<AtomicU64>,
    says: mpsc::Sender<Happened>,
}

/// Something that happened to a page.
#[derive(Debug)]
pub(super) enum Happened {
    /// It is there, and takes what is said to it.
    Came(Page, Principal, Outgoing),
    Said(Page, FromPage),
}

/// What is to be sent to one page.
#[derive(Debug)]
pub(super) struct Outgoing {
    messages: mpsc::UnboundedSender<Message>,
    unsent: Arc<AtomicUsize>,
}

/// What is sent to a page.
#[derive(Debug)]
pub(crate) enum Message {
    /// A message in JSON.
    Text(String),
    /// It ends.
    Close(Rejection),
}

impl Relay {
    /// The way in, and for the session's driver what comes of it.
    pub(super) fn new(limits: PageLimits) -> (Self, Pages) {
        let (says, hears) = mpsc::channel(WAITING_MAX);
        let places = Arc::new(Semaphore::new(limits.pages_max));
        let unsent_bytes_max = limits.unsent_bytes_max;
        let relay = Self { limits, places, last: Arc::default(), says };
        (relay, Pages { unsent_bytes_max, open: HashMap::new(), hears })
    }

    /// Brings a page to the session.
    pub(crate) async fn open(&self, by: Principal) -> Result<Line, Rejection> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Rejection::new(Code::TooMany, format!("there are {} pages already", self.limits.pages_max))
        })?;
        let page = Page(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let (messages, hears) = mpsc::unbounded_channel();
        let unsent = Arc::new(AtomicUsize::new(0));
        let outgoing = Outgoing { messages, unsent: Arc::clone(&unsent) };
        let line = Line { page, frames: Vec::new(), says: self.says.clone(), hears, unsent, _place: place };
        line.tell(Happened::Came(page, by, outgoing)).await?;
        Ok(line)
    }
}

/// A page's way to its session and back.
pub(crate) struct Line {
    page: Page,
    /// The frames that are there.
    frames: Vec<Frame>,
    says: mpsc::Sender<Happened>,
    hears: mpsc::UnboundedReceiver<Message>,
    unsent: Arc<AtomicUsize>,
    _place: OwnedSemaphorePermit,
}

impl Line {
    /// Tells the session what the page said. What a page cannot say as things stand is refused.
    pub(crate) async fn say(&mut self, said: FromPage) -> Result<(), Rejection> {
        self.count(&said)?;
        self.tell(Happened::Said(self.page, said)).await
    }

    /// What is to be sent next. `None`: the session is gone, or has ended the page because it does not read.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        let message = self.hears.recv().await?;
        if let Message::Text(text) = &message {
            self.unsent.fetch_sub(text.len(), Ordering::Relaxed);
        }
        Some(message)
    }

    /// Ends the page.
    pub(crate) async fn close(self, why: String) {
        // The session may have ended.
        self.tell(Happened::Said(self.page, FromPage::Closed { why })).await.ok();
    }

    async fn tell(&self, happened: Happened) -> Result<(), Rejection> {
        let gone = |_| Rejection::new(Code::Unavailable, "the session has ended");
        self.says.send(happened).await.map_err(gone)
    }

    fn count(&mut self, said: &FromPage) -> Result<(), Rejection> {
        let invalid = |text: String| Err(Rejection::new(Code::Invalid, text));
        match said {
            FromPage::FrameOpened { frame, .. } if self.frames.contains(frame) => {
                invalid(format!("frame {} is there already", frame.0))
            }
            FromPage::FrameOpened { .. } if self.frames.len() >= FRAMES_MAX => {
                let text = format!("a page has {FRAMES_MAX} frames at most");
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
                invalid(format!("there is no frame {}", frame.0))
            }
            FromPage::FrameClosed { frame } => {
                self.frames.retain(|open| open != frame);
                Ok(())
            }
            FromPage::Opened { .. }
            | FromPage::FrameLoaded { .. }
            | FromPage::Posted { .. }
            | FromPage::Said { .. }
            | FromPage::Closed { .. } => Ok(()),
        }
    }
}

/// All pages of one session.
pub struct Pages {
    unsent_bytes_max: usize,
    open: HashMap<Page, Outgoing>,
    hears: mpsc::Receiver<Happened>,
}

impl Lines<session::Pages> for Pages {
    async fn next(&mut self, said: &mut Vec<PageInput>) {
        match self.hears.recv().await {
            Some(Happened::Came(page, by, outgoing)) => {
                self.open.insert(page, outgoing);
                said.push(PageInput { page, said: FromPage::Opened { by } });
            }
            Some(Happened::Said(page, what)) => {
                if let FromPage::Closed { .. } = what {
                    self.open.remove(&page);
                }
                said.push(PageInput { page, said: what });
            }
            // No page can come any more.
            None => std::future::pending().await,
        }
    }

    /// A page that has not read what was said before for long is ended.
    fn say(&mut self, PageOutput { page, say }: PageOutput) {
        let Some(outgoing) = self.open.get(&page) else { return };
        let message = match say {
            ToPage::Post { frame, origin, message } => {
                ToClient::Post { frame: frame.0, origin, message }.text()
            }
            ToPage::Keep { frame, state } => ToClient::Keep { frame: frame.0, state }.text(),
            ToPage::OnClose { frame, origin, message } => {
                ToClient::OnClose { frame: frame.0, origin, message }.text()
            }
            ToPage::Tell { message } => ToClient::Tell { message }.text(),
            ToPage::Close { why } => Message::Close(why),
        };
        if let Message::Text(text) = &message {
            let unsent = outgoing.unsent.fetch_add(text.len(), Ordering::Relaxed) + text.len();
            if unsent > self.unsent_bytes_max {
                tracing::warn!(page = page.0, unsent, "page does not read: ended");
                self.open.remove(&page);
                return;
            }
        }
        let ends = matches!(message, Message::Close(_));
        // The page may be gone: the session will hear of it.
        drop(outgoing.messages.send(message));
        if ends {
            self.open.remove(&page);
        }
    }
}

/// A message as it is sent.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum ToClient {
    Post { frame: u64, origin: String, message: Value },
    Keep { frame: u64, state: Value },
    OnClose { frame: u64, origin: String, message: Option<Value> },
    Tell { message: Value },
}

impl ToClient {
    fn text(&self) -> Message {
        match serde_json::to_string(self) {
            Ok(text) => Message::Text(text),
            Err(error) => Message::Close(Rejection::new(Code::Internal, error.to_string())),
        }
    }
}
