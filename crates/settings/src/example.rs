//! Example files, generated from the declarations.

use crate::{Key, Shown};

/// The longest line of a comment. Characters.
const WIDTH_MAX: usize = 110;

/// An example file with every key, after the text `head`.
pub fn example(head: &str, keys: &[Key]) -> String {
    let mut out = head.to_owned();
    write_keys(&mut out, "", "", keys);
    out
}

/// Writes keys. `mark` precedes the names of their sections: # within an optional section.
///
/// Values come before sections, because in TOML a value after a section name belongs to that section.
fn write_keys(out: &mut String, path: &str, mark: &str, keys: &[Key]) {
    for key in keys {
        if let Shown::Value(text) = &key.shown {
            write_doc(out, key.doc);
            out.push_str(&format!("#{} = {text}\n", key.name));
        }
    }
    for key in keys {
        write_section(out, path, mark, key);
    }
}

fn write_section(out: &mut String, path: &str, mark: &str, key: &Key) {
    let path = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
    let (mark, head, keys) = match &key.shown {
        Shown::Value(_) => return,
        Shown::Section(keys) => (mark, format!("[{path}]"), keys),
        Shown::Part(keys) => ("#", format!("[{path}]"), keys),
        Shown::List(keys) => ("#", format!("[[{path}]]"), keys),
    };
    // A section that contains only sections needs no header.
    if keys.iter().any(|key| matches!(key.shown, Shown::Value(_))) {
        out.push('\n');
        write_doc(out, key.doc);
        out.push_str(&format!("{mark}{head}\n"));
    }
    write_keys(out, &path, mark, keys);
}

fn write_doc(out: &mut String, doc: &[&str]) {
    for line in doc {
        let mut width = 0;
        for word in line.split_whitespace() {
            if width == 0 || width + 1 + word.len() > WIDTH_MAX {
                out.push_str(if width == 0 { "# " } else { "\n# " });
                width = 2;
            } else {
                out.push(' ');
                width += 1;
            }
            out.push_str(word);
            width += word.len();
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_wrapped_also_after_a_line_of_the_full_width() {
        let full = "x".repeat(WIDTH_MAX - 2);
        let mut out = String::new();
        write_doc(&mut out, &[&format!("{full} next"), "another line"]);
        assert_eq!(out, format!("# {full}\n# next\n# another line\n"));
    }
}
