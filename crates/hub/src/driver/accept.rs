//! Listeners: their addresses, and what happens when the process can accept no more connections.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::{Error, Handle, throttle::Throttle};

/// How many connections may wait to be accepted. Our choice: all desks of a floor that connect after a network failure. The operating system
/// may set a lower limit (Linux: net.core.somaxconn).
const BACKLOG: u32 = 1_024;

/// How long to wait after `accept` failed. Our choice: enough for file descriptors to become free.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// Binds an address. Returns the listener and the address, with the chosen port if it was 0.
pub(crate) fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let bound = listen(address).and_then(|listener| Ok((listener.local_addr()?, listener)));
    let failed = |error: io::Error| Error::Listen { address, error: error.to_string() };
    bound.map(|(bound, listener)| (listener, bound)).map_err(failed)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As the standard library does: a restarted node gets its port although old connections are still closing.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections at one listener.
pub(super) struct Acceptor {
    listener: TcpListener,
    handle: Handle,
    throttle: Throttle,
}

impl Acceptor {
    pub(super) fn new(listener: TcpListener, handle: Handle) -> Self {
        Self { listener, handle, throttle: Throttle::default() }
    }

    /// Waits for the next connection. Cancel-safe.
    pub(super) async fn next(&self) -> (TcpStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok(accepted) => return accepted,
                Err(error) => {
                    self.failed(&error);
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }

    /// A connection waits and cannot be accepted: most often the process has as many open files as it may have.
    fn failed(&self, error: &io::Error) {
        self.handle.metrics().accepts_failed.inc();
        if let Some(unlogged) = self.throttle.due("accept", Instant::now()) {
            let at = self.listener.local_addr().map_or_else(|_| "?".to_owned(), |at| at.to_string());
            tracing::error!(at, %error, unlogged, "connections cannot be accepted and wait; \
                if too many files are open, raise the limit of open files (LimitNOFILE)");
        }
    }
}
