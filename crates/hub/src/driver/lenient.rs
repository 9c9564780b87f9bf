//! Repairs request lines, where a dialect requires it, before the HTTP parser reads them.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use session::dialect::Repair;
use tokio::io::{AsyncRead, ReadBuf};

use super::filtered::{Filtered, ReadFilter};

/// How many bytes are read at a time. Our choice.
const CHUNK: usize = 4_096;

/// A connection whose request lines are repaired.
pub(super) type Lenient<S> = Filtered<S, RequestRepair>;

/// Repairs the request lines of a connection.
pub(super) struct RequestRepair {
    lines: Option<RequestLines>,
    /// Repaired bytes that have not been read yet.
    formed: Vec<u8>,
    read: usize,
}

impl RequestRepair {
    /// Repairs request lines and cuts their targets after `target_bytes_max`. Without `repair` it changes nothing.
    pub(super) fn new(repair: Option<Repair>, target_bytes_max: usize) -> Self {
        let lines = repair.map(|repair| RequestLines::new(repair, target_bytes_max));
        Self { lines, formed: Vec::new(), read: 0 }
    }
}

impl ReadFilter for RequestRepair {
    fn poll_read<S: AsyncRead + Unpin>(
        &mut self,
        mut stream: Pin<&mut S>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { lines, formed, read } = self;
        let Some(lines) = lines else { return stream.poll_read(context, out) };
        while *read == formed.len() {
            *read = 0;
            formed.clear();
            let mut chunk = [0; CHUNK];
            let mut taken = ReadBuf::new(&mut chunk);
            ready!(stream.as_mut().poll_read(context, &mut taken))?;
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
            // An idle connection needs no buffer.
            (*formed, *read) = (Vec::new(), 0);
        }
        Poll::Ready(Ok(()))
    }
}

/// Splits incoming bytes into the lines of requests.
struct RequestLines {
    repair: Repair,
    target_bytes_max: usize,
    position: Position,
    line: Vec<u8>,
}

/// Which part of a request comes next.
#[derive(Clone, Copy)]
enum Position {
    /// The request line.
    Request,
    /// The headers, and the kind of body that follows them.
    Headers(Body),
    /// The number of body bytes that are left.
    Body(u64),
    /// A body whose end is unknown. All further bytes stay as they are.
    Rest,
}

/// What follows the headers of a request.
#[derive(Clone, Copy)]
enum Body {
    /// A body of this many bytes.
    Bytes(u64),
    /// A body in chunks.
    Chunks,
}

impl RequestLines {
    fn new(repair: Repair, target_bytes_max: usize) -> Self {
        Self { repair, target_bytes_max, position: Position::Request, line: Vec::new() }
    }

    /// Takes incoming bytes and appends the repaired ones.
    fn take(&mut self, mut bytes: &[u8], formed: &mut Vec<u8>) {
        while !bytes.is_empty() {
            match self.position {
                Position::Request | Position::Headers(_) => bytes = self.take_line(bytes, formed),
                Position::Body(left) => {
                    let count = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    formed.extend_from_slice(&bytes[..count]);
                    bytes = &bytes[count..];
                    let left = left - count as u64;
                    self.position = if left == 0 { Position::Request } else { Position::Body(left) };
                }
                Position::Rest => {
                    formed.extend_from_slice(bytes);
                    return;
                }
            }
        }
    }

    /// Takes a line, or the part of it that has arrived. Returns the rest.
    fn take_line<'a>(&mut self, bytes: &'a [u8], formed: &mut Vec<u8>) -> &'a [u8] {
        let end = bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
        self.keep(part);
        if end.is_some() {
            self.end_line(formed);
        }
        rest
    }

    /// The connection has ended: passes on what is left, unchanged.
    fn end(&mut self, formed: &mut Vec<u8>) {
        formed.append(&mut self.line);
    }

    /// Appends to the current line. Of a line that is too long, it keeps only the beginning and the last bytes.
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
        let is_blank = line.trim_ascii().is_empty();
        match self.position {
            Position::Headers(body) => {
                formed.extend_from_slice(&line);
                self.position = match body {
                    // Chunked encoding overrides an announced length (RFC 9112, 6.3).
                    Body::Chunks if !is_blank => Position::Headers(Body::Chunks),
                    Body::Bytes(_) if !is_blank => Position::Headers(announced(&line).unwrap_or(body)),
                    Body::Bytes(0) => Position::Request,
                    Body::Bytes(count) => Position::Body(count),
                    Body::Chunks => Position::Rest,
                };
            }
            // Blank lines before a request are allowed (RFC 9112, 2.2).
            Position::Request if is_blank => formed.extend_from_slice(&line),
            Position::Request => {
                formed.extend_from_slice(&(self.repair)(&line));
                self.position = Position::Headers(Body::Bytes(0));
            }
            Position::Body(_) | Position::Rest => formed.extend_from_slice(&line),
        }
    }
}

/// How many bytes at the end of a request line are always kept: ` HTTP/1.1` and the line ending.
const VERSION_BYTES: usize = 16;

/// The body that a header announces. An invalid length is left to the HTTP parser: the rest stays unchanged.
fn announced(header: &[u8]) -> Option<Body> {
    let colon = header.iter().position(|byte| *byte == b':')?;
    let (name, value) = (&header[..colon], header[colon + 1..].trim_ascii());
    if name.eq_ignore_ascii_case(b"transfer-encoding") {
        return Some(Body::Chunks);
    }
    let length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
    name.eq_ignore_ascii_case(b"content-length").then(|| length.map_or(Body::Chunks, Body::Bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formed(bytes: &[u8], chunk: usize) -> String {
        let repair = |line: &[u8]| line.to_ascii_uppercase();
        let (mut lines, mut formed) = (RequestLines::new(repair, 100), Vec::new());
        bytes.chunks(chunk).for_each(|part| lines.take(part, &mut formed));
        lines.end(&mut formed);
        String::from_utf8(formed).unwrap()
    }

    #[test]
    fn request_lines_are_repaired_and_nothing_else() {
        let request = "get /a HTTP/1.1\r\nHost: h\r\n\r\n\r\nget /b HTTP/1.1\r\n\r\n";
        let wanted = "GET /A HTTP/1.1\r\nHost: h\r\n\r\n\r\nGET /B HTTP/1.1\r\n\r\n";
        for chunk in [1, 7, 1_000] {
            assert_eq!(formed(request.as_bytes(), chunk), wanted);
        }
        assert_eq!(formed(b"no request at all", 5), "no request at all");
    }

    #[test]
    fn the_request_behind_a_body_is_repaired_too() {
        let request = |length: usize, body: &str| {
            format!("post / HTTP/1.1\r\ncontent-length: {length}\r\nX: a b\r\n\r\n{body}")
        };
        let request = [request(0, ""), request(8, "get /a b"), request(0, "")].concat();
        let wanted = request.replace("post /", "POST /");
        for chunk in [1, 3, 1_000] {
            assert_eq!(formed(request.as_bytes(), chunk), wanted);
        }
    }

    #[test]
    fn what_follows_chunks_or_a_length_that_is_none_stays_as_it_is() {
        for header in ["Transfer-Encoding: chunked", "Content-Length: -1"] {
            let request = format!("POST / HTTP/1.1\r\n{header}\r\n\r\nget /a HTTP/1.1\r\n");
            assert_eq!(formed(request.as_bytes(), 3), request);
        }
    }

    #[test]
    fn a_target_that_is_too_long_is_cut_and_keeps_its_version() {
        let request = format!("GET /?{} HTTP/1.1\r\n\r\n", "a".repeat(100_000));
        for chunk in [1, 50, 100_000] {
            let formed = formed(request.as_bytes(), chunk);
            assert!(formed.len() < 200 && formed.ends_with(" HTTP/1.1\r\n\r\n"), "{formed:?}");
        }
    }
}
