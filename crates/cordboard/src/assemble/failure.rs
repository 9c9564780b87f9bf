//! Errors at start, with what to try.

use anyhow::anyhow;
use hub::Error;

use crate::demo;

/// Says of a store that is not the one that was there what can be done about it.
pub(super) fn store(error: store::Error) -> anyhow::Error {
    let is_lost = matches!(error, store::Error::Lost { .. });
    if !is_lost {
        return error.into();
    }
    anyhow!(
        "{error}; put the database back, together with its -wal file where there was one, or start once with --accept-journal: \
         then what is there goes on as a new journal, and nothing of the lost events comes back"
    )
}

/// Says of a listener that cannot be what moves it: a key of the configuration, and the demo's flag where there is one.
pub(super) fn listener(key: &str, error: Error) -> anyhow::Error {
    match error {
        Error::Listen { address, error } => {
            let flag = demo::flag(key)
                .map(|flag| format!(" (of the demo: {flag} or --port-base)"))
                .unwrap_or_default();
            anyhow!(
                "{address} cannot be listened at: {error}; stop what listens there, or give {key} another port{flag}"
            )
        }
        error @ (Error::Store(_)
        | Error::Thread { .. }
        | Error::Panicked(_)
        | Error::Tls { .. }
        | Error::Stuck(_)) => error.into(),
    }
}
