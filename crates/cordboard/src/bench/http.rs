//! A minimal HTTP client that repeats requests on one connection, so that the figures show the server.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The longest answer. Bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// A connection to a server.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4_096) })
    }

    /// Sends a request and reads the body of the answer.
    pub(super) async fn exchange(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(body) = body(&self.buffer)? {
                return Ok(&self.buffer[body..]);
            }
            if self.buffer.len() > ANSWER_BYTES_MAX {
                bail!("the answer has more than {ANSWER_BYTES_MAX} bytes");
            }
        }
    }
}

/// The position of the body, if the answer is complete.
fn body(answer: &[u8]) -> Result<Option<usize>> {
    let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&answer[..head]).context("the header of the answer is not text")?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
    });
    let length = length.context("the answer has no length")??;
    Ok((answer.len() >= head + 4 + length).then_some(head + 4))
}
