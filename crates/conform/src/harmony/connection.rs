//! Frames over TCP (harmony.md §2.1).

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
    time::timeout,
};

use super::message::Message;

/// The longest message (harmony.md §2.1). Bytes.
pub(super) const MESSAGE_BYTES_MAX: usize = 1_048_576;

/// What came over a connection.
#[derive(Debug)]
pub(super) enum Came {
    /// A message.
    Message(Message),
    /// Bytes that are not a frame; the first ones.
    NoFrame(Vec<u8>),
    /// The end of the connection.
    End,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    writer: OwnedWriteHalf,
    came: UnboundedReceiver<Came>,
    reading: JoinHandle<()>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        let (reader, writer) = stream.into_split();
        let (into, came) = unbounded_channel();
        Self { writer, came, reading: tokio::spawn(read(reader, into)) }
    }

    /// Sends a message as a frame.
    pub(super) async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        self.bytes(&[&length.to_be_bytes(), message].concat()).await
    }

    /// Sends bytes as they are.
    pub(super) async fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes).await
    }

    /// What comes next, in time.
    pub(super) async fn next(&mut self, patience: Duration) -> Option<Came> {
        timeout(patience, self.came.recv()).await.ok().map(|came| came.unwrap_or(Came::End))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

async fn read(mut reader: OwnedReadHalf, into: UnboundedSender<Came>) {
    loop {
        let came = frame(&mut reader).await.unwrap_or(Came::End);
        let ends = !matches!(came, Came::Message(_));
        // The script may have ended.
        let gone = into.send(came).is_err();
        if ends || gone {
            return;
        }
    }
}

async fn frame(reader: &mut OwnedReadHalf) -> io::Result<Came> {
    let mut length = [0; 4];
    reader.read_exact(&mut length).await?;
    let bytes = u32::from_be_bytes(length) as usize;
    if bytes == 0 || bytes > MESSAGE_BYTES_MAX {
        return Ok(Came::NoFrame(length.to_vec()));
    }
    let mut message = vec![0; bytes];
    reader.read_exact(&mut message).await?;
    let message = Message::read(message);
    if message.header.is_empty() {
        return Ok(Came::NoFrame(message.bytes));
    }
    Ok(Came::Message(message))
}
