//! A WebSocket connection whose messages have a bounded number of frames. The size of a message is limited elsewhere, but frames without
//! content add nothing to it, so a peer could send them without end.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, ReadBuf};

use super::filtered::{Filtered, ReadFilter};

/// How many frames a message may have. Our choice: browsers send one, and libraries that split messages use frames of some kilobytes.
const FRAMES_MAX: usize = 256;

/// The most bytes of a frame's head: two, a length of eight and a mask of four (RFC 6455, 5.2).
const HEAD_BYTES_MAX: usize = 14;

/// A connection after its upgrade to a WebSocket.
pub(crate) type Fragments<S> = Filtered<S, FrameCount>;

/// Counts the frames of the current message.
#[derive(Default)]
pub(crate) struct FrameCount {
    head: [u8; HEAD_BYTES_MAX],
    /// How many bytes of the head have arrived.
    arrived: usize,
    /// How many bytes of the frame's content have not arrived.
    content_left: u64,
    /// The frames of the message that is not complete.
    frames: usize,
}

impl FrameCount {
    /// Takes incoming bytes. Returns whether the message still has few enough frames.
    fn take(&mut self, mut bytes: &[u8]) -> bool {
        while let Some((first, rest)) = bytes.split_first() {
            if self.content_left > 0 {
                let count = usize::try_from(self.content_left).unwrap_or(usize::MAX).min(bytes.len());
                self.content_left -= count as u64;
                bytes = &bytes[count..];
                continue;
            }
            self.head[self.arrived] = *first;
            self.arrived += 1;
            bytes = rest;
            if self.arrived == self.head_bytes() && !self.end_head() {
                return false;
            }
        }
        true
    }

    /// How many bytes the head has, as far as it is known.
    fn head_bytes(&self) -> usize {
        if self.arrived < 2 {
            return HEAD_BYTES_MAX;
        }
        let mask = if self.head[1] & 0x80 == 0 { 0 } else { 4 };
        2 + self.length_bytes() + mask
    }

    /// How many bytes follow the short length.
    fn length_bytes(&self) -> usize {
        match self.head[1] & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        }
    }

    /// Counts the frame whose head is complete. Returns whether it is allowed.
    fn end_head(&mut self) -> bool {
        let long = self.head[2..2 + self.length_bytes()].iter();
        self.content_left = match self.length_bytes() {
            0 => u64::from(self.head[1] & 0x7f),
            _ => long.fold(0, |length, byte| length << 8 | u64::from(*byte)),
        };
        self.arrived = 0;
        let (is_last, is_control) = (self.head[0] & 0x80 != 0, self.head[0] & 0x08 != 0);
        if !is_control {
            self.frames = if is_last { 0 } else { self.frames + 1 };
        }
        self.frames < FRAMES_MAX
    }
}

impl ReadFilter for FrameCount {
    fn poll_read<S: AsyncRead + Unpin>(
        &mut self,
        stream: Pin<&mut S>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(stream.poll_read(context, into))?;
        if self.take(&into.filled()[before..]) {
            return Poll::Ready(Ok(()));
        }
        let text = format!("a message has {FRAMES_MAX} frames or more");
        Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame with a mask, as clients send it.
    fn frame(first: u8, content: usize) -> Vec<u8> {
        let length = match content {
            0..126 => vec![0x80 | content as u8],
            126..65_536 => [vec![0x80 | 126], (content as u16).to_be_bytes().to_vec()].concat(),
            _ => [vec![0x80 | 127], (content as u64).to_be_bytes().to_vec()].concat(),
        };
        [vec![first], length, vec![0; 4], vec![0xff; content]].concat()
    }

    /// Takes bytes in pieces of this size; returns whether all were allowed.
    fn takes(bytes: &[u8], piece: usize) -> bool {
        let mut frames = FrameCount::default();
        bytes.chunks(piece).all(|bytes| frames.take(bytes))
    }

    #[test]
    fn messages_of_any_size_and_pings_pass() {
        let whole = [0, 1, 125, 126, 4_096, 70_000].map(|content| frame(0x81, content)).concat();
        let split = [frame(0x01, 10), frame(0x89, 0), frame(0x00, 0), frame(0x80, 3)].concat();
        for piece in [1, 7, 100_000] {
            assert!(takes(&whole.repeat(3), piece));
            assert!(takes(&split.repeat(500), piece));
            assert!(takes(&frame(0x89, 0).repeat(5_000), piece), "pings are limited elsewhere");
        }
    }

    #[test]
    fn a_message_of_ever_more_empty_frames_is_cut() {
        for first in [0x01, 0x02] {
            let endless = [frame(first, 0), frame(0x00, 0).repeat(10_000)].concat();
            for piece in [1, 7, 100_000] {
                assert!(!takes(&endless, piece));
            }
        }
        let many = [frame(0x01, 1), frame(0x00, 1).repeat(FRAMES_MAX - 2), frame(0x80, 1)].concat();
        assert!(takes(&many, 3));
    }
}
