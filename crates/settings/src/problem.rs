//! What is wrong with a configuration, and where.

use std::fmt;

use serde::Serialize;

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// On this line of the file, counted from 1.
    Line(usize),
    /// In this environment variable.
    Variable(String),
    /// Nowhere: it is the default, or it is missing.
    Nowhere,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// Of which key, as `section.key`; empty when it is none's.
    pub key: String,
    /// A sentence.
    pub text: String,
}

/// Everything that is wrong with one file, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The file's name as it was given.
    pub file: String,
    /// What is wrong; at least one thing.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Puts problems in the order of their lines.
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

/// The right word nearest to a wrong one, when one is near enough to have been meant.
fn nearest<'a>(wrong: &str, right: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// How alike two words must be, from 0 to 1. Ours: `listne` finds `listen`, `colour` does not.
    const ALIKE_MIN: f64 = 0.7;
    let alike = right.into_iter().map(|word| (strsim::jaro_winkler(wrong, word), word));
    let best = alike.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(how, _)| *how >= ALIKE_MIN).map(|(_, word)| word)
}

/// Says of a wrong word what was perhaps meant, else what there is.
pub fn suggest<'a>(wrong: &str, right: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(wrong, right.clone()) {
        Some(word) => format!("did you mean {word:?}?"),
        None => {
            let words: Vec<&str> = right.into_iter().collect();
            format!("there are {}", words.join(", "))
        }
    }
}
