//! Accepts requests. The script decides when and how each one is answered.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
    time::timeout,
};

use super::{Message, read};

/// How long the rest of a request may take after its connection.
const READING: Duration = Duration::from_secs(5);

/// A request that waits for its response.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// The request.
    pub(crate) request: Message,
    stream: TcpStream,
}

impl Arrival {
    /// Answers and closes the connection.
    pub(crate) async fn answer(mut self, response: &str) {
        // A peer that is gone is noticed by what it sends next.
        let _ = self.stream.write_all(response.as_bytes()).await;
        let _ = self.stream.shutdown().await;
    }
}

/// A listener. Each connection has one request.
#[derive(Debug)]
pub(crate) struct Listener {
    /// The address where it listens.
    pub(crate) address: SocketAddr,
    arrivals: UnboundedReceiver<Arrival>,
    accepting: JoinHandle<()>,
}

impl Listener {
    /// Listens at an address; port 0 chooses a free one.
    pub(crate) async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (arrived, arrivals) = unbounded_channel();
        let accepting = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let arrived = arrived.clone();
                tokio::spawn(async move {
                    if let Some(request) = read(&mut stream, READING).await {
                        // The script may have ended.
                        let _ = arrived.send(Arrival { request, stream });
                    }
                });
            }
        });
        Ok(Self { address, arrivals, accepting })
    }

    /// The next request, when one arrives in time.
    pub(crate) async fn next(&mut self, patience: Duration) -> Option<Arrival> {
        timeout(patience, self.arrivals.recv()).await.ok().flatten()
    }

    /// Stops listening, so that connections are refused.
    pub(crate) async fn close(self) -> SocketAddr {
        self.accepting.abort();
        // It ends by the abort.
        let _ = self.accepting.await;
        self.address
    }
}
