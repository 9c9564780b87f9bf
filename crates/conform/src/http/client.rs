//! Sends one request on its own connection.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{Message, read};
use crate::Terms;

/// How long a connection may stay open after a response that announced its end, or have further bytes.
const LINGER: Duration = Duration::from_millis(500);

/// Sends bytes and reads the response. The error says why there is none.
pub(crate) async fn send(host: &str, request: &[u8], terms: &Terms) -> Result<Message, String> {
    let connected = timeout(terms.timeout, TcpStream::connect(host)).await;
    let mut stream = match connected {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(format!("no connection to {host}: {error}")),
        Err(_) => return Err(format!("no connection to {host} within {:?}", terms.timeout)),
    };
    // An end that refuses a long request may answer before it has read it.
    let _ = timeout(terms.timeout, stream.write_all(request)).await;
    let mut response = read(&mut stream, terms.timeout)
        .await
        .ok_or_else(|| format!("no response from {host} within {:?}", terms.timeout))?;
    if !response.closed {
        let mut rest = Vec::new();
        response.closed = matches!(timeout(LINGER, stream.read_to_end(&mut rest)).await, Ok(Ok(_)));
        response.body.extend_from_slice(&rest);
        response.bytes.extend_from_slice(&rest);
    }
    Ok(response)
}
