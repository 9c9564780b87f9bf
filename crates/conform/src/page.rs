//! A page in a browser that relays messages of `window.postMessage` between the tested end and the script.
//!
//! ```text
//!  tested end ◄── postMessage ──► page (page.html) ◄── HTTP on this machine ──► script
//! ```
//!
//! The page makes no decisions. It embeds the tested end in a frame, or the tested end embeds it.

mod message;
mod run;
mod server;

use std::{net::SocketAddr, time::Duration};

pub(crate) use self::{
    message::{Came, Message},
    run::Run,
};

/// Where the page of a run is, and how long a person has to open it.
#[derive(Debug, Clone, Copy)]
pub struct Browser {
    /// Where the page is served.
    pub listen: SocketAddr,
    /// How long to wait until the tested end has sent its first message.
    pub opening: Duration,
    /// Tells a person what to do.
    pub instruct: fn(&str),
}

/// The window at the other side of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tested {
    /// The page embeds the document at this address.
    Frame(String),
    /// The tested end embeds the page.
    Around,
}
