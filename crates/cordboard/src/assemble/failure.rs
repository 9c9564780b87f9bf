//! Errors at start, with what to try.

use anyhow::anyhow;
use hub::Error;

/// Says of a listener that cannot be which key moves it.
pub(super) fn listener(key: &'static str, error: Error) -> anyhow::Error {
    match error {
        Error::Listen { address, error } => {
            anyhow!("{address} cannot be listened at: {error}; give {key} another port, or {}", moved_by(key))
        }
        error @ (Error::Store(_) | Error::Thread { .. } | Error::Panicked(_) | Error::Stuck(_)) => {
            error.into()
        }
    }
}

/// The flag of the demo that does the same.
fn moved_by(key: &str) -> &'static str {
    match key {
        "http.listen" => "`cordboard demo` its --http-port or --port-base",
        "uwq.telephony.listen" => "`cordboard demo` its --uwq-port or --port-base",
        _ => "stop what listens there",
    }
}
