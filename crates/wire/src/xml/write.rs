//! Writes documents.

use super::is_allowed;

/// Replaces characters that XML cannot represent.
const REPLACEMENT: char = '\u{fffd}';

/// Escapes a text for use between tags or in a value.
pub fn escaped(text: &str) -> String {
    let mut xml = Writer::new();
    xml.escape(text, Writer::escape_value);
    xml.finish()
}

/// Writes one document, without a declaration or extra white space, with ASCII quotes. Element names are trusted and
/// not escaped.
///
/// ```
/// let mut xml = cordboard_wire::xml::Writer::new();
/// xml.open("a", &[("b", "1 < 2")]);
/// xml.text("x & y");
/// xml.empty("c", &[]);
/// assert_eq!(xml.finish(), r#"<a b="1 &lt; 2">x &amp; y<c/></a>"#);
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    written: String,
    open: Vec<&'static str>,
}

impl Writer {
    /// Creates an empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens an element.
    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.written.push('>');
        self.open.push(name);
    }

    /// Writes an element without contents.
    pub fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.written.push_str("/>");
    }

    /// Writes an element that contains only text.
    pub fn leaf(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close();
    }

    /// Writes text.
    pub fn text(&mut self, text: &str) {
        self.escape(text, Self::escape_text);
    }

    /// Closes the element that was opened last. Does nothing when none is open.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.written.push_str("</");
            self.written.push_str(name);
            self.written.push('>');
        }
    }

    /// Closes all open elements and returns the document.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.written
    }

    fn start(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.written.push('<');
        self.written.push_str(name);
        for (name, value) in attributes {
            self.written.push(' ');
            self.written.push_str(name);
            self.written.push_str("=\"");
            self.escape(value, Self::escape_value);
            self.written.push('"');
        }
    }

    /// Writes plain characters in runs, and all others with `one`.
    fn escape(&mut self, text: &str, one: fn(&mut Self, char)) {
        let mut rest = text;
        loop {
            let plain = rest.bytes().take_while(|byte| is_plain(*byte)).count();
            self.written.push_str(&rest[..plain]);
            let mut characters = rest[plain..].chars();
            let Some(character) = characters.next() else { return };
            one(self, character);
            rest = characters.as_str();
        }
    }

    /// Escapes a character of a value. White space other than a space must be a reference, otherwise it would be read
    /// as a space.
    fn escape_value(&mut self, character: char) {
        match character {
            '"' => self.written.push_str("&quot;"),
            '\'' => self.written.push_str("&apos;"),
            '\t' => self.written.push_str("&#9;"),
            '\n' => self.written.push_str("&#10;"),
            character => self.escape_text(character),
        }
    }

    /// Escapes a character of text. A carriage return must be a reference, otherwise it would be read as a line feed.
    fn escape_text(&mut self, character: char) {
        match character {
            '&' => self.written.push_str("&amp;"),
            '<' => self.written.push_str("&lt;"),
            '>' => self.written.push_str("&gt;"),
            '\r' => self.written.push_str("&#13;"),
            character if is_allowed(character) => self.written.push(character),
            _ => self.written.push(REPLACEMENT),
        }
    }
}

/// Whether an ASCII character never needs an escape.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')
}
