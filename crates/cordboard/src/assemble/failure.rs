//! Errors at the start of a node, with advice.

use anyhow::anyhow;
use hub::Error;

use crate::{demo, output::plain_reason};

/// Adds advice to the error of a store that has lost events.
pub(super) fn store(error: store::Error) -> anyhow::Error {
    if matches!(error, store::Error::Corrupt(_)) {
        return anyhow!("{error}; `cordboard store check FOLDER` lists the damage");
    }
    let is_lost = matches!(error, store::Error::Lost { .. });
    if !is_lost {
        return error.into();
    }
    anyhow!(
        "{error}; restore the database together with its -wal file, or start once with --accept-journal to continue \
         with a new journal and without the lost events"
    )
}

/// Adds advice to the error of a listener: the key of the configuration, and the option of the demo if there is one.
pub(super) fn listener(key: &str, error: Error) -> anyhow::Error {
    match error {
        Error::Listen { address, error } => {
            let flag =
                demo::flag(key).map(|flag| format!(" (demo: {flag} or --port-base)")).unwrap_or_default();
            anyhow!(
                "cannot listen on {address}: {}; stop the program that uses this address, or choose another port for {key}{flag}",
                plain_reason(&error.to_string())
            )
        }
        error @ (Error::Store(_)
        | Error::Thread { .. }
        | Error::Panicked(_)
        | Error::Tls { .. }
        | Error::Stuck(_)) => error.into(),
    }
}
