//! Problems of a configuration, with their places.

use std::fmt;

use serde::Serialize;

/// The place at which a value is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A line of the file, counted from 1.
    Line(usize),
    /// An environment variable.
    Variable(String),
    /// No place: the value is a default, or it is missing.
    Nowhere,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The place of the problem.
    pub place: Place,
    /// The key, as `section.key`; empty if the problem concerns no key.
    pub key: String,
    /// What is wrong, with the value, what was expected and what to do.
    pub text: String,
}

/// All problems of one file, in the order of their lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The file's name, as the user wrote it.
    pub file: String,
    /// The problems; at least one.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Sorts problems by their lines.
    pub fn new(file: impl Into<String>, mut list: Vec<Problem>) -> Self {
        list.sort();
        Self { file: file.into(), list }
    }

    /// One line for each problem.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.list.iter().map(|problem| problem.line(&self.file))
    }
}

impl Problem {
    fn line(&self, file: &str) -> String {
        let key = if self.key.is_empty() { String::new() } else { format!("{}: ", self.key) };
        match &self.place {
            Place::Line(line) => format!("{file}:{line}: {key}{}", self.text),
            Place::Variable(name) => format!("{name}: {key}{}", self.text),
            Place::Nowhere => format!("{file}: {key}{}", self.text),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.lines().collect();
        out.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// The known word that is most similar to an unknown one, if it is similar enough.
fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// How similar two words must be, from 0 to 1. Our choice: `listne` finds `listen`, `color` does not.
    const SIMILARITY_MIN: f64 = 0.7;
    let rated = known.into_iter().map(|word| (strsim::jaro_winkler(unknown, word), word));
    let best = rated.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(similarity, _)| *similarity >= SIMILARITY_MIN).map(|(_, word)| word)
}

/// How many known words a suggestion lists. Our choice: a floor can have thousands of queues.
const LISTED_MAX: usize = 12;

/// Suggests a known word in place of an unknown one. If none is similar, lists the known words.
pub fn suggest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(word) = nearest(unknown, known.clone()) {
        return format!("did you mean {word:?}?");
    }
    let words: Vec<String> = known.into_iter().map(|word| format!("{word:?}")).collect();
    match words.as_slice() {
        [] => "none is defined".to_owned(),
        [word] => format!("expected {word}"),
        words if words.len() <= LISTED_MAX => format!("expected one of {}", words.join(", ")),
        words => format!("expected one of {}, …", words[..LISTED_MAX].join(", ")),
    }
}
