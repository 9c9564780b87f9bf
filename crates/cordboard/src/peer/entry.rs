//! One message between the ends of a dialect, as `cordboard peer` writes it.

use serde::Serialize;

/// One message, or one event of a message.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Entry {
    pub(super) way: Way,
    pub(super) what: String,
}

/// The direction of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Way {
    In,
    Out,
}

impl Entry {
    pub(super) fn text(&self) -> String {
        let arrow = match self.way {
            Way::In => "<-",
            Way::Out => "->",
        };
        format!("{arrow} {}", self.what)
    }
}
