//! Frames on a byte stream: a length of four bytes, followed by the contents.
//!
//! A reader accepts pieces of any size and returns whole frames. It checks a length before it buffers the contents, so
//! it never holds more than one frame of the maximum size plus the last piece.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// The bytes of the length before each frame.
const HEAD_BYTES: usize = 4;

/// The byte order of a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ByteOrder {
    /// The most significant byte first (network byte order).
    #[default]
    Big,
    /// The least significant byte first.
    Little,
}

/// The frame format that both ends of a stream use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// The byte order of lengths.
    pub order: ByteOrder,
    /// The longest contents, in bytes, without the length itself.
    pub bytes_max: usize,
}

/// Why a stream cannot be read further, or contents cannot be sent. A stream of frames has no marks, so a reader cannot
/// skip a broken frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The contents are too long.
    #[error("a frame has {bytes} bytes; the maximum is {bytes_max}")]
    Bytes {
        /// The announced or given length, in bytes.
        bytes: usize,
        /// The maximum length, in bytes.
        bytes_max: usize,
    },
    /// The stream ended within a frame.
    #[error("the stream ended after {bytes} bytes of a frame")]
    Cut {
        /// The received bytes, including the length.
        bytes: usize,
    },
}

/// Adds the length to contents.
pub fn encode(format: Format, contents: &[u8]) -> Result<Bytes, Error> {
    let bytes = contents.len();
    let too_long = Error::Bytes { bytes, bytes_max: format.bytes_max };
    if bytes > format.bytes_max {
        return Err(too_long);
    }
    let length = u32::try_from(bytes).map_err(|_| too_long)?;
    let mut frame = BytesMut::with_capacity(HEAD_BYTES + bytes);
    match format.order {
        ByteOrder::Big => frame.put_u32(length),
        ByteOrder::Little => frame.put_u32_le(length),
    }
    frame.put_slice(contents);
    Ok(frame.freeze())
}

/// Reads the frames of one stream.
#[derive(Debug)]
pub struct Reader {
    format: Format,
    buffer: BytesMut,
}

impl Reader {
    /// Creates a reader for a new stream.
    pub fn new(format: Format) -> Self {
        Self { format, buffer: BytesMut::new() }
    }

    /// Adds received bytes. Read all whole frames before adding the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The contents of the next frame, which can be empty. After an error the stream cannot be read further.
    #[allow(clippy::should_implement_trait, reason = "a reader goes on after it has nothing to give")]
    pub fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(bytes) = self.announced() else { return Ok(None) };
        if bytes > self.format.bytes_max {
            self.buffer = BytesMut::new();
            return Err(Error::Bytes { bytes, bytes_max: self.format.bytes_max });
        }
        if self.buffer.len() < HEAD_BYTES + bytes {
            return Ok(None);
        }
        self.buffer.advance(HEAD_BYTES);
        Ok(Some(self.buffer.split_to(bytes).freeze()))
    }

    /// Checks that the stream can end here.
    pub fn end(&self) -> Result<(), Error> {
        match self.buffer.len() {
            0 => Ok(()),
            bytes => Err(Error::Cut { bytes }),
        }
    }

    /// The number of bytes that wait for the rest of their frame.
    pub fn held(&self) -> usize {
        self.buffer.len()
    }

    fn announced(&self) -> Option<usize> {
        let head: [u8; HEAD_BYTES] = self.buffer.get(..HEAD_BYTES)?.try_into().ok()?;
        let length = match self.format.order {
            ByteOrder::Big => u32::from_be_bytes(head),
            ByteOrder::Little => u32::from_le_bytes(head),
        };
        // A length that does not fit into `usize` exceeds every limit.
        Some(usize::try_from(length).unwrap_or(usize::MAX))
    }
}
