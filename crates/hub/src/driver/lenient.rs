//! Request lines as old clients write them: with blanks and raw bytes in the target. Servers refuse those before anybody could answer in
//! the peer's own words, so the target is brought into form on the way in.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much is read in one go. Bytes. Ours.
const CHUNK: usize = 4_096;

/// A connection whose request targets are brought into form, where that is asked for.
pub(super) struct Lenient<S> {
    stream: S,
    lines: Option<Lines>,
    /// In form and not read yet.
    formed: Vec<u8>,
    read: usize,
}

impl<S> Lenient<S> {
    /// Brings targets into form and cuts them after `target_bytes_max`; leaves them as they are when that is not given.
    pub(super) fn new(stream: S, target_bytes_max: Option<usize>) -> Self {
        Self { stream, lines: target_bytes_max.map(Lines::new), formed: Vec::new(), read: 0 }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lenient<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, lines, formed, read } = self.get_mut();
        let Some(lines) = lines else { return Pin::new(stream).poll_read(context, out) };
        while *read == formed.len() {
            *read = 0;
            formed.clear();
            let mut chunk = [0; CHUNK];
            let mut taken = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut *stream).poll_read(context, &mut taken))?;
            if taken.filled().is_empty() {
                lines.end(formed);
                if formed.is_empty() {
                    return Poll::Ready(Ok(()));
                }
            }
            lines.take(taken.filled(), formed);
        }
        let count = out.remaining().min(formed.len() - *read);
        out.put_slice(&formed[*read..*read + count]);
        *read += count;
        if *read == formed.len() {
            // An idle connection holds no buffer.
            (*formed, *read) = (Vec::new(), 0);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Lenient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The lines of requests as they come.
struct Lines {
    target_bytes_max: usize,
    place: Place,
    line: Vec<u8>,
}

/// Which part of a request comes next.
enum Place {
    /// The request line.
    Request,
    /// The headers, and whether one of them announces a body.
    Headers { body: bool },
    /// A body, whose end this does not look for: what follows stays as it is.
    Rest,
}

impl Lines {
    fn new(target_bytes_max: usize) -> Self {
        Self { target_bytes_max, place: Place::Request, line: Vec::new() }
    }

    /// Takes what came, and adds what is in form.
    fn take(&mut self, mut bytes: &[u8], formed: &mut Vec<u8>) {
        while !bytes.is_empty() {
            if matches!(self.place, Place::Rest) {
                formed.extend_from_slice(bytes);
                return;
            }
            let end = bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            self.keep(part);
            bytes = rest;
            if end.is_some() {
                self.end_line(formed);
            }
        }
    }

    /// The connection has ended: what there is stays as it is.
    fn end(&mut self, formed: &mut Vec<u8>) {
        formed.append(&mut self.line);
    }

    /// Adds to the line; of one that is too long only the beginning and the very end are kept.
    fn keep(&mut self, part: &[u8]) {
        let room = (self.target_bytes_max + VERSION_BYTES).saturating_sub(self.line.len());
        self.line.extend_from_slice(&part[..part.len().min(room)]);
        let cut = &part[part.len().min(room)..];
        if !cut.is_empty() {
            let last = self.line.len().saturating_sub(VERSION_BYTES);
            let tail: Vec<u8> = self.line[last..].iter().chain(cut).copied().collect();
            self.line.truncate(last);
            self.line.extend_from_slice(&tail[tail.len().saturating_sub(VERSION_BYTES)..]);
        }
    }

    fn end_line(&mut self, formed: &mut Vec<u8>) {
        let line = std::mem::take(&mut self.line);
        match &mut self.place {
            Place::Request => {
                form(&line, formed);
                // Blank lines before a request are allowed (RFC 9112, 2.2).
                if !line.trim_ascii().is_empty() {
                    self.place = Place::Headers { body: false };
                }
            }
            Place::Headers { body } => {
                formed.extend_from_slice(&line);
                *body |= announces_body(&line);
                if line.trim_ascii().is_empty() {
                    self.place = if *body { Place::Rest } else { Place::Request };
                }
            }
            Place::Rest => formed.extend_from_slice(&line),
        }
    }
}

/// The end of a request line that is kept however long it is: ` HTTP/1.1` and the line's end. Bytes.
const VERSION_BYTES: usize = 16;

fn announces_body(header: &[u8]) -> bool {
    let name = header.split(|byte| *byte == b':').next().unwrap_or_default();
    name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"transfer-encoding")
}

/// Writes a request line with every byte of its target that a URI may not have as `%XX`.
fn form(line: &[u8], formed: &mut Vec<u8>) {
    let method = line.iter().position(|byte| *byte == b' ');
    let version = line.windows(6).rposition(|six| six == b" HTTP/");
    let (Some(method), Some(version)) = (method, version.filter(|version| Some(*version) > method)) else {
        formed.extend_from_slice(line);
        return;
    };
    formed.extend_from_slice(&line[..=method]);
    for byte in &line[method + 1..version] {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~' => formed.push(*byte),
            _ => formed.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    formed.extend_from_slice(&line[version..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formed(bytes: &[u8], chunk: usize) -> String {
        let (mut lines, mut formed) = (Lines::new(100), Vec::new());
        bytes.chunks(chunk).for_each(|part| lines.take(part, &mut formed));
        lines.end(&mut formed);
        String::from_utf8(formed).unwrap()
    }

    #[test]
    fn blanks_and_raw_bytes_of_a_target_are_written_as_a_uri_has_them() {
        let asked = b"GET /?a=b c&d=\xff\"{} HTTP/1.1\r\nHost: h\r\n\r\nGET /?x y HTTP/1.1\r\n\r\n";
        let wanted = "GET /?a=b%20c&d=%FF%22%7B%7D HTTP/1.1\r\nHost: h\r\n\r\nGET /?x%20y HTTP/1.1\r\n\r\n";
        for chunk in [1, 7, 1_000] {
            assert_eq!(formed(asked, chunk), wanted);
        }
    }

    #[test]
    fn headers_and_bodies_stay_as_they_are() {
        let asked = "POST / HTTP/1.1\r\nContent-Length: 9\r\nX: a b\r\n\r\nGET /a b HTTP/1.1\r\n";
        assert_eq!(formed(asked.as_bytes(), 3), asked);
        assert_eq!(formed(b"no request at all", 5), "no request at all");
    }

    #[test]
    fn a_target_that_is_too_long_is_cut_and_keeps_its_version() {
        let asked = format!("GET /?{} HTTP/1.1\r\n\r\n", "a".repeat(100_000));
        for chunk in [1, 50, 100_000] {
            let formed = formed(asked.as_bytes(), chunk);
            assert!(formed.len() < 200 && formed.ends_with(" HTTP/1.1\r\n\r\n"), "{formed:?}");
        }
    }
}
