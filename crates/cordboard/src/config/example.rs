//! The example configuration, written from the declarations.

use super::types::Config;
use crate::file::section::{Key, Section, Shown};

const HEAD: &str = "\
# Cordboard's configuration, complete, written by `cordboard config example`.
#
# What stands behind a single # is the default, or an example where there is none: a file with nothing in it is a
# good file. `cordboard check FILE` says everything that is wrong with one.
# The environment goes before the file: CORDBOARD_HTTP__LISTEN=127.0.0.1:9000 sets `listen` of [http].
# A span of time is a whole number and a unit: 250ms, 30s, 5m, 8h, 7d.
";

/// The longest line of a comment. Characters.
const WIDTH_MAX: usize = 110;

/// The example as a whole.
pub(crate) fn example() -> String {
    let mut out = HEAD.to_owned();
    write_keys(&mut out, "", "", &Config::keys());
    out
}

/// Writes keys whose sections stand behind `mark`: # within a section that may be left out.
///
/// Values stand before sections: in TOML they would belong to the section otherwise.
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
    // A section of nothing but sections needs no head of its own.
    if keys.iter().any(|key| matches!(key.shown, Shown::Value(_))) {
        out.push('\n');
        write_doc(out, key.doc);
        out.push_str(&format!("{mark}{head}\n"));
    }
    write_keys(out, &path, mark, keys);
}

fn write_doc(out: &mut String, doc: &[&str]) {
    for line in doc {
        let mut width = WIDTH_MAX;
        for word in line.split_whitespace() {
            if width + 1 + word.len() > WIDTH_MAX {
                out.push_str(if width == WIDTH_MAX { "# " } else { "\n# " });
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
    use std::path::Path;

    use super::*;

    const COMMITTED: &str = include_str!("../../../../cordboard.example.toml");

    #[test]
    fn the_committed_example_is_the_generated_one() {
        let hint = "run `cargo run -p cordboard -- config example > cordboard.example.toml`";
        assert_eq!(COMMITTED, example(), "{hint}");
    }

    /// Takes the single # away from what is no sentence.
    fn uncommented() -> String {
        let lines = example();
        let lines = lines
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_key_of_the_example_is_known() {
        let problems = match super::super::read("example", &uncommented(), Path::new("/nowhere"), []) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.list,
        };
        let wrong: Vec<_> = problems.iter().filter(|problem| !problem.key.ends_with("file")).collect();
        assert_eq!(wrong, Vec::<&crate::file::Problem>::new());
    }

    #[test]
    fn the_example_shows_the_defaults() {
        let bare = super::super::read("bare", "", Path::new(""), []).unwrap();
        let as_it_is = super::super::read("example", &example(), Path::new(""), []).unwrap();
        assert_eq!(bare, as_it_is);
    }
}
