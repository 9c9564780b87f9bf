//! Frames on a byte stream: a length of four bytes, then so many bytes of contents.
//!
//! A reader takes pieces of any size and gives whole frames. It checks a length before it keeps a byte of what it announces, so it
//! never holds more than one frame of the largest size and what was handed in with its last piece.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Bytes of the length in front of each frame.
const HEAD_BYTES: usize = 4;

/// How the four bytes of a length are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ByteOrder {
    /// The most significant first, as networks do.
    #[default]
    Big,
    /// The least significant first.
    Little,
}

/// What both ends of a stream agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// How lengths are written.
    pub order: ByteOrder,
    /// The longest contents. Bytes, without the length itself.
    pub bytes_max: usize,
}

/// Why a stream cannot be read on, or contents cannot be sent. A stream of frames has no mark to find the next one by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Too long.
    #[error("a frame has {bytes} bytes, at most {bytes_max} are allowed")]
    Bytes {
        /// Bytes announced or given.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// The stream ended within a frame.
    #[error("the stream ended after {bytes} bytes of a frame")]
    Cut {
        /// Bytes that came, the length among them.
        bytes: usize,
    },
}

/// Puts a length in front of contents.
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
    /// One for a stream that has just begun.
    pub fn new(format: Format) -> Self {
        Self { format, buffer: BytesMut::new() }
    }

    /// Takes what came. Ask for every whole frame before the next piece is handed in.
    pub fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next frame's contents, possibly none at all. After an error the stream cannot be read on.
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

    /// Says whether the stream may end here.
    pub fn end(&self) -> Result<(), Error> {
        match self.buffer.len() {
            0 => Ok(()),
            bytes => Err(Error::Cut { bytes }),
        }
    }

    /// Bytes that wait for the rest of their frame.
    pub fn held(&self) -> usize {
        self.buffer.len()
    }

    fn announced(&self) -> Option<usize> {
        let head: [u8; HEAD_BYTES] = self.buffer.get(..HEAD_BYTES)?.try_into().ok()?;
        let length = match self.format.order {
            ByteOrder::Big => u32::from_be_bytes(head),
            ByteOrder::Little => u32::from_le_bytes(head),
        };
        // A length that does not fit is longer than any limit.
        Some(usize::try_from(length).unwrap_or(usize::MAX))
    }
}
