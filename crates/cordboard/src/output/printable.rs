//! Text that others chose, such as the name of a contact, must not control the terminal on which it is shown.

use std::borrow::Cow;

/// The text with control characters as `\u001b`. Line ends and tabs stay. JSON stays the same value.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, |character| is_control(character) && !['\n', '\t'].contains(&character))
}

/// The text of a table's cell: line ends and tabs are escaped too.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    escaped(text, is_control)
}

/// Whether a character acts on a terminal: control characters, and those that change the direction of the text around them.
fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(text: &str, acts: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if acts(character) {
            out += &format!("\\u{:04x}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_on_a_terminal_is_left() {
        let name = "\u{1b}]0;owned\u{7}\u{9b}31mAda\u{202e}\r\u{7f}";
        assert_eq!(printable(name), r"\u001b]0;owned\u0007\u009b31mAda\u202e\u000d\u007f");
        assert_eq!(printable("two\nlines\tand Zoë 日本"), "two\nlines\tand Zoë 日本");
        assert_eq!(cell("two\nlines"), r"two\u000alines");
    }

    #[test]
    fn json_stays_the_same_value() {
        let json = serde_json::to_string("\u{9b}1m\u{7f}").unwrap();
        let shown = printable(&json).into_owned();
        assert!(shown.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), "\u{9b}1m\u{7f}");
    }
}
