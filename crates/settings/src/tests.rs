//! Tests of a declared section.

use std::{
    io,
    path::{Path, PathBuf},
};

use model::Secret;

use crate::{File, Lines, Section, Source, Span, example, section};

section! {
    /// A link.
    Link {
        /// Where to.
        host: String = required("\"pbx\""),
        /// How often to ask.
        period: Span = clamped(Span::s(30), Span::s(5)..=Span::s(60)),
        /// The password.
        password: Secret = required_secret("\"…\""),
        /// A certificate.
        certificate: PathBuf = path("\"link.pem\""),
        /// How messages are written.
        format: Format = flat(),
        /// How many there may be.
        count_max: usize = fixed(8),
    }
}

section! {
    /// How messages are written.
    Format {
        /// The longest. Bytes.
        bytes_max: usize = default(1_024),
        /// Words that differ.
        words: Word = list(),
    }
}

section! {
    /// A word that differs.
    Word {
        /// The word.
        text: String = required("\"hello\""),
    }
}

fn file(text: &str) -> File<Link> {
    let read = |path: &Path| match path == Path::new("/etc/secret") {
        true => Ok("s3cret\n".to_owned()),
        false => Err(io::Error::other("no such file")),
    };
    File::parse(text, Source { folder: Path::new("/etc"), read: &read }, [], Link::read)
}

fn problems(text: &str) -> String {
    file(text).checked("link.toml", |_, _| Vec::new()).unwrap_err().to_string()
}

#[test]
fn a_missing_key_has_its_default() {
    let link = file("host = \"a\"\npassword_file = \"secret\"\ncertificate = \"a.pem\"\n").content.unwrap();
    let expected = Link {
        host: "a".to_owned(),
        password: Secret::new("s3cret"),
        certificate: Some(PathBuf::from("/etc/a.pem")),
        ..Link::default()
    };
    assert_eq!(link, expected);
    assert_eq!((link.period, link.format.bytes_max, link.count_max), (Span::s(30), 1_024, 8));
}

#[test]
fn the_default_of_a_required_key_is_its_example() {
    assert_eq!(Link::default().host, "pbx");
}

#[test]
fn a_value_out_of_bounds_becomes_the_bound() {
    let period = |text: &str| {
        file(&format!("host = \"a\"\npassword = \"b\"\nperiod = \"{text}\"")).content.unwrap().period
    };
    assert_eq!([period("1s"), period("20s"), period("1h")], [Span::s(5), Span::s(20), Span::s(60)]);
}

#[test]
fn all_problems_are_reported_with_their_lines() {
    let text = "password_file = \"nothing\"\nbytes_max = -1\ncount_max = 1\n[[words]]\ntxet = \"x\"\n";
    assert_eq!(
        problems(text),
        "link.toml:1: password_file: /etc/nothing cannot be read: no such file\n\
         link.toml:2: bytes_max: invalid value: integer `-1`, expected a whole number of 0 or more\n\
         link.toml:3: count_max: unknown key; did you mean \"bytes_max\"?\n\
         link.toml:4: words.0.text: is required, for example text = \"hello\"\n\
         link.toml:5: words.0.txet: unknown key; did you mean \"text\"?\n\
         link.toml: host: is required, for example host = \"pbx\"",
    );
}

#[test]
fn a_missing_secret_does_not_hide_what_the_check_finds() {
    let check = |_: &Link, lines: &Lines| vec![lines.problem("host", "is down")];
    let wrong = file("host = \"a\"\n").checked("link.toml", check).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "link.toml:1: host: is down\nlink.toml: password: is required; give password or password_file"
    );
}

#[test]
fn the_example_has_every_key() {
    let expected = "# Where to.\n#host = \"pbx\"\n# How often to ask.\n#period = \"30s\"\n# The password.\n#password = \"…\"\n\
                    # A certificate.\n#certificate = \"link.pem\"\n# The longest. Bytes.\n#bytes_max = 1024\n\
                    \n# Words that differ.\n#[[words]]\n# The word.\n#text = \"hello\"\n";
    assert_eq!(example("", &Link::keys()), expected);
}
