//! HTTP/1.1, as far as a judge needs it: whole messages with their bytes, and what is wrong with their framing.

mod client;
mod listener;

pub(crate) use self::{
    client::send,
    listener::{Arrival, Listener},
};

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    time::timeout,
};

/// The most bytes of a message that are read.
const BYTES_MAX: usize = 1 << 20;

/// A request or a response as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    /// Every byte.
    pub(crate) bytes: Vec<u8>,
    /// The first line.
    pub(crate) start: String,
    /// The names and values of the headers.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// Whether the other end closed the connection after the message.
    pub(crate) closed: bool,
}

impl Message {
    /// The value of a header. Names are compared in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The status of a response; 0 when the first line has none.
    pub(crate) fn status(&self) -> u16 {
        self.start.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    /// Whether `Content-Length` is the length of the body.
    pub(crate) fn is_framed(&self) -> bool {
        let length = self.header("content-length").and_then(|length| length.parse::<usize>().ok());
        length == Some(self.body.len())
    }

    /// Whether the body comes in chunks.
    fn is_chunked(&self) -> bool {
        self.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
    }

    /// The body without the lengths of its chunks.
    pub(crate) fn content(&self) -> Vec<u8> {
        if !self.is_chunked() {
            return self.body.clone();
        }
        let (mut rest, mut content) = (&self.body[..], Vec::new());
        while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
            let length = String::from_utf8_lossy(&rest[..end]).into_owned();
            let length = usize::from_str_radix(length.split(';').next().unwrap_or_default().trim(), 16);
            let chunk = length.ok().and_then(|length| rest.get(end + 2..end + 2 + length));
            let Some(chunk) = chunk.filter(|chunk| !chunk.is_empty()) else { break };
            content.extend_from_slice(chunk);
            rest = rest.get(end + 4 + chunk.len()..).unwrap_or_default();
        }
        content
    }

    /// Whether the connection ends after this message.
    pub(crate) fn has_connection_close(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

/// Reads one message. `None` when nothing came in time.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin), patience: Duration) -> Option<Message> {
    let mut bytes = Vec::new();
    let mut closed = false;
    while !closed && wanted(&bytes).is_none_or(|whole| bytes.len() < whole) && bytes.len() < BYTES_MAX {
        match timeout(patience, stream.read_buf(&mut bytes)).await {
            Ok(Ok(count)) if count > 0 => {}
            Ok(Ok(_) | Err(_)) => closed = true,
            Err(_) => break,
        }
    }
    (!bytes.is_empty()).then(|| Message { closed, ..parse(bytes) })
}

/// The length of the whole message, when its head has arrived and says it. A message without a length ends with the connection.
fn wanted(bytes: &[u8]) -> Option<usize> {
    let message = parse(bytes.to_vec());
    let head = head_length(bytes)?;
    match message.header("content-length") {
        Some(length) => Some(head + length.parse::<usize>().unwrap_or(0)),
        None if message.is_chunked() => bytes.ends_with(b"0\r\n\r\n").then_some(bytes.len()),
        None if message.start.starts_with("HTTP/") => None,
        None => Some(head),
    }
}

fn head_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn parse(bytes: Vec<u8>) -> Message {
    let end = head_length(&bytes).unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let start = lines.next().unwrap_or_default().to_owned();
    let pair =
        |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    let headers = lines.filter_map(pair).collect();
    Message { start, headers, body: bytes[end..].to_vec(), bytes, closed: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_chunks_is_one_body() {
        let bytes =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n";
        assert_eq!(wanted(bytes), Some(bytes.len()));
        assert_eq!(wanted(&bytes[..bytes.len() - 3]), None);
        assert_eq!(parse(bytes.to_vec()).content(), b"abcde");
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\n\r\nx".to_vec()).content(), b"x");
    }
}
