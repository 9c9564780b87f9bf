//! Frames: round trips in any pieces, limits, ends.

use cordboard_wire::frame::{ByteOrder, Error, Format, Reader, encode};
use proptest::prelude::*;

const FORMAT: Format = Format { order: ByteOrder::Big, bytes_max: 64 };

fn all(reader: &mut Reader) -> Vec<Vec<u8>> {
    let next = || reader.next().expect("the frames are short enough");
    std::iter::from_fn(next).map(|frame| frame.to_vec()).collect()
}

#[test]
fn a_length_is_written_in_either_order() {
    assert_eq!(encode(FORMAT, b"abc").unwrap().as_ref(), b"\x00\x00\x00\x03abc");
    let little = Format { order: ByteOrder::Little, ..FORMAT };
    assert_eq!(encode(little, b"abc").unwrap().as_ref(), b"\x03\x00\x00\x00abc");
}

#[test]
fn a_frame_may_come_byte_by_byte() {
    let mut reader = Reader::new(FORMAT);
    let stream =
        [encode(FORMAT, b"one").unwrap(), encode(FORMAT, b"").unwrap(), encode(FORMAT, b"two").unwrap()];
    let mut frames = Vec::new();
    for byte in stream.concat() {
        reader.push(&[byte]);
        frames.extend(all(&mut reader));
    }
    assert_eq!(frames, [&b"one"[..], b"", b"two"]);
    assert_eq!(reader.end(), Ok(()));
}

#[test]
fn a_length_of_four_gigabytes_is_refused_at_once() {
    let mut reader = Reader::new(FORMAT);
    reader.push(b"\xff\xff\xff\xff");
    assert_eq!(reader.next(), Err(Error::Bytes { bytes: 0xffff_ffff, bytes_max: 64 }));
    assert_eq!(reader.held(), 0);
    assert!(encode(FORMAT, &[0; 65]).is_err());
}

#[test]
fn a_stream_that_ends_within_a_frame_is_cut() {
    let mut reader = Reader::new(FORMAT);
    reader.push(b"\x00\x00\x00\x09abc");
    assert_eq!(reader.next(), Ok(None));
    assert_eq!(reader.end(), Err(Error::Cut { bytes: 7 }));
}

proptest! {
    #[test]
    fn what_was_sent_is_read_in_whatever_pieces(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..8),
        piece in 1..50_usize,
        little in any::<bool>(),
    ) {
        let order = if little { ByteOrder::Little } else { ByteOrder::Big };
        let format = Format { order, ..FORMAT };
        let stream: Vec<u8> = frames.iter().flat_map(|frame| encode(format, frame).unwrap()).collect();
        let mut reader = Reader::new(format);
        let mut read = Vec::new();
        for part in stream.chunks(piece) {
            reader.push(part);
            read.extend(all(&mut reader));
            prop_assert!(reader.held() <= 4 + 64);
        }
        prop_assert_eq!(read, frames);
    }

    #[test]
    fn garbage_never_panics_and_is_never_kept_for_long(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        let mut reader = Reader::new(FORMAT);
        for part in bytes.chunks(7) {
            reader.push(part);
            while let Ok(Some(frame)) = reader.next() {
                prop_assert!(frame.len() <= 64);
            }
            prop_assert!(reader.held() < 4 + 64 + 7);
        }
    }
}
