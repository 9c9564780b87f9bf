//! Errors between a client and its node. Each message says what to do.

use std::{io, path::PathBuf, time::Duration};

use http::StatusCode;
use serde::Deserialize;
use tokio_rustls::rustls;

use super::Node;
use crate::output::plain_reason;

/// An error of a client.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No connection, or a connection that was lost.
    #[error(
        "no node answers at {node} ({why}); start one with `cordboard demo`, or name another node with --url"
    )]
    Unreached {
        /// The node's address.
        node: Node,
        /// The operating system's reason.
        why: String,
    },
    /// A connection, but no answer in time.
    #[error("the node at {node} did not answer within {} s; see the node's log", .patience.as_secs())]
    Silent {
        /// The node's address.
        node: Node,
        /// The time limit.
        patience: Duration,
    },
    /// The node's TLS certificate is not trusted.
    #[error(
        "the TLS certificate of {node} is not trusted ({why}); name the certificate of the authority that signed it \
         with --ca FILE or CORDBOARD_CA"
    )]
    Untrusted {
        /// The node's address.
        node: Node,
        /// The reason, from the TLS library.
        why: String,
    },
    /// The file of --ca is not usable.
    #[error("the CA file {} {why}; expected PEM with at least one certificate", .file.display())]
    BadCa {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// TLS is not usable.
    #[error("TLS cannot be used: {0}")]
    Tls(String),
    /// No credentials.
    #[error(
        "no node of this user runs at {node}: there is no token file {}; start a node with `cordboard demo`, name \
         another node with --url, or set CORDBOARD_TOKEN to a token from POST /api/v1/sign-in",
        .looked.display()
    )]
    NoToken {
        /// The node's address.
        node: Node,
        /// The token file that does not exist.
        looked: PathBuf,
    },
    /// A token file that other users could have read or written.
    #[error("the token file {} {why}; delete it and restart the node", .file.display())]
    BadToken {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The node refused the request.
    #[error("the node refused the request: {detail} ({code})")]
    Refused {
        /// The word of a [`model::Code`], or an HTTP status.
        code: String,
        /// The reason, a sentence.
        detail: String,
    },
    /// An answer that this program cannot read.
    #[error("the answer cannot be read: {0}; check that the node has the same version")]
    Unreadable(String),
}

/// The fields of a problem document (RFC 9457) that a client shows.
#[derive(Deserialize)]
struct Problem {
    code: String,
    detail: String,
}

impl Error {
    /// A refusal, with the reason from the body if it has one.
    pub(super) fn refused(status: StatusCode, body: &[u8]) -> Self {
        match serde_json::from_slice::<Problem>(body) {
            Ok(Problem { code, detail }) => Self::Refused { code, detail },
            Err(_) => {
                Self::Refused { code: status.as_str().to_owned(), detail: "no reason was given".to_owned() }
            }
        }
    }

    /// A failed connection. The message has the innermost cause, which a person understands best: `connection refused`.
    pub(super) fn unreached(node: &Node, error: &(dyn std::error::Error + 'static)) -> Self {
        let node = node.clone();
        let mut why = error.to_string();
        let mut cause = Some(error);
        while let Some(error) = cause {
            why = error.to_string();
            match tls_error(error) {
                Some(rustls::Error::InvalidCertificate(_)) => return Self::Untrusted { node, why },
                Some(rustls::Error::InvalidMessage(_)) => {
                    return Self::Unreached { node, why: "it does not use TLS; try http://".to_owned() };
                }
                Some(_) | None => cause = error.source(),
            }
        }
        Self::Unreached { node, why: plain_reason(&why).to_owned() }
    }

    /// Whether the same request may succeed later.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            // A node that restarts writes its token a moment later.
            Self::Unreached { .. } | Self::Silent { .. } | Self::NoToken { .. } => true,
            Self::Refused { code, .. } => [model::Code::Overloaded, model::Code::Unavailable]
                .iter()
                .any(|passing| code == passing.as_str()),
            Self::Untrusted { .. }
            | Self::BadCa { .. }
            | Self::Tls(_)
            | Self::BadToken { .. }
            | Self::Unreadable(_) => false,
        }
    }
}

/// The error of the TLS library inside an I/O error.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref()
}
