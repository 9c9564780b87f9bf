//! Pages of ours and the frames in them: what goes through the relay between a window and a session.

use compact_str::CompactString;
use model::{InteractionId, Principal, Rejection};
use serde_json::Value;

/// Names a page of ours; unique within a session, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Page(pub u64);

/// Names a window of somebody else's that a page relays; the page counts. 0 is the window around a page that is itself embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame(pub u64);

/// The place of the window around a page.
pub const AROUND: &str = "around";

/// Where a frame stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameAbout {
    /// The id of the floor's page that is shown in it, or [`AROUND`].
    pub place: CompactString,
    /// The interaction that it is opened and closed with.
    pub interaction: Option<InteractionId>,
}

/// What a page said, for itself or for a frame of its.
#[derive(Debug, Clone)]
pub enum FromPage {
    /// The page is there, and shows whose it is.
    Opened {
        /// Whose.
        by: Principal,
    },
    /// A frame is there.
    FrameOpened {
        /// Which.
        frame: Frame,
        /// Where it stands.
        about: FrameAbout,
        /// What the page was last told to keep for it, when the frame outlived the way to the hub.
        kept: Option<Value>,
    },
    /// A frame that was there has loaded a document again: the same one, or another of its. The browser says so only after the
    /// document's own scripts have run, so what the document posted until then came before.
    FrameLoaded {
        /// Which.
        frame: Frame,
    },
    /// A frame posted a message.
    Posted {
        /// Which.
        frame: Frame,
        /// Whose document it was that posted, as the browser says: never taken from the message.
        origin: String,
        /// What it posted.
        message: Value,
    },
    /// A frame is gone.
    FrameClosed {
        /// Which.
        frame: Frame,
    },
    /// The page itself says something, in the dialect's own words.
    Said {
        /// What.
        message: Value,
    },
    /// The page is gone, and its frames with it.
    Closed {
        /// A sentence.
        why: String,
    },
}

/// What is to be said to a page.
#[derive(Debug, Clone)]
pub enum ToPage {
    /// Posts a message to a frame.
    Post {
        /// Which.
        frame: Frame,
        /// The browser hands it over only while the frame shows a document of this origin.
        origin: String,
        /// What.
        message: Value,
    },
    /// Has the page keep something for a frame, in place of what it kept before.
    Keep {
        /// Which.
        frame: Frame,
        /// What; small.
        state: Value,
    },
    /// Has the page post a message to a frame when it closes the relay for good, whatever the reason, in place of what was to be
    /// posted before. The session may hear of the end only afterwards, or never.
    OnClose {
        /// Which.
        frame: Frame,
        /// As for [`ToPage::Post`].
        origin: String,
        /// What; nothing when there is nothing to say any longer.
        message: Option<Value>,
    },
    /// Says something to the page itself, in the dialect's own words.
    Tell {
        /// What.
        message: Value,
    },
    /// Ends the page, after what was said before.
    Close {
        /// Why; the page is told.
        why: Rejection,
    },
}
