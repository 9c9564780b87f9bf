//! From words to bytes.

use super::is_allowed;

/// Stands for a character that XML cannot carry.
const REPLACEMENT: char = '\u{fffd}';

/// A text as it may stand in a document, between tags or within a value.
pub fn escaped(text: &str) -> String {
    let mut xml = Writer::new();
    xml.escape(text, Writer::escape_value);
    xml.finish()
}

/// Writes one document: no declaration, no white space of its own, ASCII quotes. Names are ours and are written as they are.
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
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins an element.
    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.written.push('>');
        self.open.push(name);
    }

    /// Writes an element with nothing in it.
    pub fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.written.push_str("/>");
    }

    /// Writes an element with nothing but text in it.
    pub fn leaf(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close();
    }

    /// Writes text.
    pub fn text(&mut self, text: &str) {
        self.escape(text, Self::escape_text);
    }

    /// Ends the element that was begun last; does nothing when none is open.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.written.push_str("</");
            self.written.push_str(name);
            self.written.push('>');
        }
    }

    /// Ends all that is open and gives the document.
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

    /// Writes what is the same in text and values in one go, and the rest by `one`.
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

    /// In a value white space other than a blank would be read back as a blank unless it is a reference.
    fn escape_value(&mut self, character: char) {
        match character {
            '"' => self.written.push_str("&quot;"),
            '\'' => self.written.push_str("&apos;"),
            '\t' => self.written.push_str("&#9;"),
            '\n' => self.written.push_str("&#10;"),
            character => self.escape_text(character),
        }
    }

    /// A carriage return would be read back as a line feed unless it is a reference.
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

/// Whether a character of one byte is written as it is wherever it stands.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')
}
