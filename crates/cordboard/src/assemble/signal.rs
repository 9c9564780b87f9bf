//! Signals: those that stop a node, and the one that makes it read its certificates and its configuration again.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Waits for Ctrl-C or SIGTERM and returns the name of the signal.
pub(crate) async fn stop() -> io::Result<&'static str> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(tokio::select! {
        _ = interrupt.recv() => "interrupt",
        _ = terminate.recv() => "terminate",
    })
}

/// Calls `act` at each SIGHUP. Returns only the error of listening to it.
pub(super) async fn hang_ups(mut act: impl AsyncFnMut()) -> io::Error {
    let mut hang_up = match signal(SignalKind::hangup()) {
        Ok(hang_up) => hang_up,
        Err(error) => return error,
    };
    loop {
        hang_up.recv().await;
        act().await;
    }
}
