//! Repairs request lines of old clients, whose targets contain spaces and raw bytes. The HTTP parser would refuse them before the dialect
//! could answer.

/// Percent-encodes each byte of a request line's target that a URI may not contain. A line that is not a request line stays unchanged.
pub(crate) fn request_line(line: &[u8]) -> Vec<u8> {
    let method = line.iter().position(|byte| *byte == b' ');
    let version = line.windows(6).rposition(|six| six == b" HTTP/");
    let (Some(method), Some(version)) = (method, version.filter(|version| Some(*version) > method)) else {
        return line.to_vec();
    };
    let mut formed = line[..=method].to_vec();
    for byte in &line[method + 1..version] {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~' => formed.push(*byte),
            _ => formed.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    formed.extend_from_slice(&line[version..]);
    formed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formed(line: &[u8]) -> String {
        String::from_utf8(request_line(line)).unwrap()
    }

    #[test]
    fn blanks_and_raw_bytes_of_a_target_are_written_as_a_uri_has_them() {
        let request = b"GET /?a=b c&d=\xff\"{} HTTP/1.1\r\n";
        assert_eq!(formed(request), "GET /?a=b%20c&d=%FF%22%7B%7D HTTP/1.1\r\n");
    }

    #[test]
    fn what_is_no_request_line_stays_as_it_is() {
        for line in ["no request at all", "\r\n", "GET HTTP/1.1\r\n"] {
            assert_eq!(formed(line.as_bytes()), line);
        }
    }
}
