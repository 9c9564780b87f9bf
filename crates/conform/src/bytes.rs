//! Bytes as a report shows them: readable, without secrets, limited.

/// The most characters that a report shows of one message.
const SHOWN_MAX: usize = 600;

/// What replaces a secret.
const MASK: &str = "***";

/// Writes a whole message as text without secrets, in one line.
pub(crate) fn show_all(bytes: &[u8], secrets: &[String]) -> String {
    secrets.iter().fold(escaped(bytes).replace('\n', " "), |text, secret| text.replace(secret.as_str(), MASK))
}

/// Writes bytes as text. Line ends stay, other control characters and invalid UTF-8 are escaped, and the rest is cut.
pub(crate) fn show(bytes: &[u8], secrets: &[String]) -> String {
    let text = secrets.iter().fold(escaped(bytes), |text, secret| text.replace(secret.as_str(), MASK));
    match text.char_indices().nth(SHOWN_MAX) {
        None => text,
        Some((end, _)) => format!("{}… ({} bytes in all)", &text[..end], bytes.len()),
    }
}

/// The forms in which a secret is written in a message. An empty secret has none.
pub(crate) fn forms(secret: &str) -> Vec<String> {
    if secret.is_empty() {
        return Vec::new();
    }
    let encoded = percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC);
    vec![secret.to_owned(), encoded.to_string()]
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        chunk.valid().replace("\r\n", "\n").chars().for_each(|one| match one {
            '\n' => text.push('\n'),
            one if one.is_control() => text.extend(one.escape_default()),
            one => text.push(one),
        });
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text.trim_end_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_readable_without_secrets_and_limited() {
        assert_eq!(show(b"GET /\r\nA: \x00\xff\r\n\r\n", &[]), "GET /\nA: \\u{0}\\xff");
        let secrets = forms("p&ss");
        assert_eq!(show(b"agentPassword=p%26ss p&ss", &secrets), "agentPassword=*** ***");
        assert!(forms("").is_empty());
        assert!(show(&[b'x'; 5_000], &[]).ends_with("x… (5000 bytes in all)"));
    }
}
