//! The relay between browser windows and a session: messages of Cordboard's pages and of the frames in them.

use compact_str::CompactString;
use model::{InteractionId, Principal, Rejection};
use serde_json::Value;

/// The ID of a browser page of Cordboard; unique within a session, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Page(pub u64);

/// The ID of a window of another application that a page relays. The page numbers them. 0 is the window around a page
/// that is itself embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame(pub u64);

/// The place of the window around an embedded page.
pub const AROUND: &str = "around";

/// What a frame shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameContext {
    /// The ID of the page that the floor defines, or [`AROUND`].
    pub place: CompactString,
    /// The interaction that the frame belongs to; `None` when it belongs to none.
    pub interaction: Option<InteractionId>,
}

/// A message from a page, about itself or one of its frames.
#[derive(Debug, Clone)]
pub enum FromPage {
    /// The page has opened.
    Opened {
        /// The account that is signed in on the page.
        by: Principal,
    },
    /// A frame has opened.
    FrameOpened {
        /// The frame.
        frame: Frame,
        /// What the frame shows.
        about: FrameContext,
        /// The state that the page last kept for the frame, when the connection to the hub was lost and the frame
        /// stayed open.
        kept: Option<Value>,
    },
    /// An open frame loaded a document again: the same one or another. The browser reports it after the document's
    /// scripts have run, so messages that the document posted by then arrive earlier.
    FrameLoaded {
        /// The frame.
        frame: Frame,
    },
    /// A frame posted a message.
    Posted {
        /// The frame.
        frame: Frame,
        /// The origin of the document that posted it, as reported by the browser and never taken from the message.
        origin: String,
        /// The message.
        message: Value,
    },
    /// A frame has closed.
    FrameClosed {
        /// The frame.
        frame: Frame,
    },
    /// The page sent a message of its own, in the format of the dialect.
    Message {
        /// The message.
        message: Value,
    },
    /// The page has closed, and its frames with it.
    Closed {
        /// The reason, one sentence.
        why: String,
    },
}

/// A message to a page.
#[derive(Debug, Clone)]
pub enum ToPage {
    /// Posts a message to a frame.
    Post {
        /// The frame.
        frame: Frame,
        /// The target origin. The browser delivers the message only while the frame shows a document of this origin.
        origin: String,
        /// The message.
        message: Value,
    },
    /// Requests the page to keep state for a frame. It replaces the state that the page kept before.
    Keep {
        /// The frame.
        frame: Frame,
        /// The state; small.
        state: Value,
    },
    /// Sets the message that the page posts to a frame when the relay closes permanently, whatever the reason. It
    /// replaces the message set before. The session may learn of the close later or not at all.
    OnClose {
        /// The frame.
        frame: Frame,
        /// The target origin, as in [`ToPage::Post`].
        origin: String,
        /// The message; `None` to post nothing.
        message: Option<Value>,
    },
    /// Sends a message to the page itself, in the format of the dialect.
    Message {
        /// The message.
        message: Value,
    },
    /// Closes the page after all earlier messages were sent.
    Close {
        /// The reason, which the page receives.
        why: Rejection,
    },
}
