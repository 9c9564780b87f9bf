//! What can go wrong between a client and its node; each says what to try.

use std::{path::PathBuf, time::Duration};

use http::StatusCode;
use serde::Deserialize;

use super::Node;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Nobody is there.
    #[error("no node answers at {node} ({why}); start one with `cordboard demo`, or name another with --url")]
    Unreached {
        /// Where.
        node: Node,
        /// What the system said.
        why: String,
    },
    /// Somebody is there and says nothing.
    #[error("the node at {node} did not answer within {} s; look at its log", .patience.as_secs())]
    Silent {
        /// Where.
        node: Node,
        /// How long was waited.
        patience: Duration,
    },
    /// No credentials.
    #[error(
        "no node of yours runs at {node}: there is no {}; start one with `cordboard demo`, name another with --url, \
         or set CORDBOARD_TOKEN to what POST /api/v1/sign-in gives",
        .looked.display()
    )]
    NoToken {
        /// Where.
        node: Node,
        /// Which file was looked for.
        looked: PathBuf,
    },
    /// Credentials that others could have read or written.
    #[error("the token file {} {why}; remove it and start the node again", .file.display())]
    BadToken {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The node said no.
    #[error("the node refused: {detail} ({code})")]
    Refused {
        /// The word of a [`model::Code`], or an HTTP status.
        code: String,
        /// A sentence.
        detail: String,
    },
    /// What was said is not what this program understands.
    #[error("the answer cannot be read: {0}; is it a node of the same version?")]
    Unreadable(String),
}

/// The fields of a problem that a client shows.
#[derive(Deserialize)]
struct Problem {
    code: String,
    detail: String,
}

impl Error {
    /// The problem that an answer carries, or else its status.
    pub(super) fn refused(status: StatusCode, body: &[u8]) -> Self {
        match serde_json::from_slice::<Problem>(body) {
            Ok(Problem { code, detail }) => Self::Refused { code, detail },
            Err(_) => {
                Self::Refused { code: status.as_str().to_owned(), detail: "it gave no reason".to_owned() }
            }
        }
    }

    /// The innermost cause is the one that a person understands: `connection refused`.
    pub(super) fn unreached(node: &Node, error: &dyn std::error::Error) -> Self {
        let mut why = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            why = inner.to_string();
            source = inner.source();
        }
        Self::Unreached { node: node.clone(), why }
    }

    /// Whether trying again may help.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            // A node that is started again writes its token a moment later.
            Self::Unreached { .. } | Self::Silent { .. } | Self::NoToken { .. } => true,
            Self::Refused { code, .. } => [model::Code::Overloaded, model::Code::Unavailable]
                .iter()
                .any(|passing| code == passing.word()),
            Self::BadToken { .. } | Self::Unreadable(_) => false,
        }
    }
}
