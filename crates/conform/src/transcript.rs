//! The conversation of a run: the messages in their order, with the requirements that each one was checked against.

use std::fmt::Write;

use crate::bytes::show_all;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// Whether the run sent it.
    sent: bool,
    bytes: Vec<u8>,
    /// The IDs of requirements, in the order of the checks.
    requirements: Vec<&'static str>,
}

impl Entry {
    fn came(bytes: &[u8], requirement: &'static str) -> Self {
        Self { sent: false, bytes: bytes.to_vec(), requirements: vec![requirement] }
    }

    /// Whether it is not a response of HTTP. It can be checked after later messages.
    fn is_json(&self) -> bool {
        self.bytes.starts_with(b"{")
    }
}

/// The messages of a run.
#[derive(Debug, Default)]
pub(crate) struct Transcript(Vec<Entry>);

impl Transcript {
    /// Adds a message of the run.
    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        self.0.push(Entry { sent: true, bytes: bytes.to_vec(), requirements: Vec::new() });
    }

    /// Adds a check of a message of the tested end, and the message at its first check.
    pub(crate) fn checked(&mut self, bytes: &[u8], requirement: &'static str) {
        if !is_message(bytes) {
            return;
        }
        // The same bytes can come again after another message of the run. Then the same is checked again.
        let last_sent = self.0.iter().rposition(|entry| entry.sent).unwrap_or(0);
        let known =
            self.0.iter_mut().enumerate().rev().find(|(_, entry)| !entry.sent && entry.bytes == bytes);
        match known {
            Some((at, entry)) if entry.requirements.contains(&requirement) => {
                if at < last_sent {
                    self.0.push(Entry::came(bytes, requirement));
                }
            }
            Some((at, entry)) if at > last_sent || entry.is_json() => entry.requirements.push(requirement),
            Some(_) | None => self.0.push(Entry::came(bytes, requirement)),
        }
    }

    /// The conversation as text: two lines for each message of the tested end, one for each message of the run.
    pub(crate) fn write(&self, secrets: &[String]) -> String {
        let mut text = String::new();
        for entry in &self.0 {
            let sign = if entry.sent { '>' } else { '<' };
            let _ = writeln!(text, "{sign} {}", show_all(&line(&entry.bytes), secrets));
            if !entry.requirements.is_empty() {
                let _ = writeln!(text, "  {}", entry.requirements.join(" "));
            }
        }
        text
    }
}

/// Whether bytes are a whole message. Some checks are made with a part of one.
fn is_message(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
    bytes.starts_with(b"{\"") || first.windows(7).any(|part| part == b"HTTP/1.")
}

/// A message in one line: of HTTP the method and the target, or the status, and the body.
fn line(bytes: &[u8]) -> Vec<u8> {
    let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { return bytes.to_vec() };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let start = head.lines().next().unwrap_or_default().replace(" HTTP/1.1", "").replace("HTTP/1.1 ", "");
    let body = &bytes[end + 4..];
    if body.is_empty() { start.into_bytes() } else { [start.as_bytes(), b" ", body].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_one_line_and_its_requirements() {
        let mut transcript = Transcript::default();
        transcript.sent(b"GET /?agentPassword=secret HTTP/1.1\r\nHost: x\r\n\r\n");
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        transcript.checked(answer, "X-1");
        transcript.checked(answer, "X-2");
        transcript.checked(answer, "X-1");
        transcript.checked(b"a part", "X-3");
        transcript.sent(b"PUT / HTTP/1.1\r\n\r\n");
        transcript.checked(answer, "X-1");
        let written = transcript.write(&["secret".to_owned()]);
        let expected = "> GET /?agentPassword=***\n< 200 OK ok\n  X-1 X-2\n> PUT /\n< 200 OK ok\n  X-1\n";
        assert_eq!(written, expected);
    }
}
