//! Files that people write: TOML that is read key by key, so that everything wrong is told at once and with its line.
//!
//! A section is declared once ([`section`]); from the declaration come its type, its reader and its part of an example.

mod lines;
mod problem;
pub(crate) mod section;
mod tree;

use std::{fs, path::Path};

use self::section::{Reader, Section};
pub(crate) use self::{
    lines::Lines,
    problem::{Place, Problem, Problems, suggest},
};

/// A file as it was read: what could be made of it, where its keys stand, and what is wrong.
pub(crate) struct File<T> {
    /// The whole; `None` when a value of it is wrong or missing.
    pub(crate) content: Option<T>,
    /// Where its keys stand.
    pub(crate) lines: Lines,
    /// What is wrong.
    pub(crate) problems: Vec<Problem>,
}

impl<T: Section> File<T> {
    /// Reads a text, and variables that are laid over it; files that it names are looked for from `folder` on.
    pub(crate) fn parse(
        text: &str,
        folder: &Path,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut root = match tree::parse(text) {
            Ok(root) => root,
            // What else seems wrong with such a file only follows from this.
            Err(problems) => return Self { content: None, lines: Lines::default(), problems },
        };
        let mut problems = tree::overlay(&mut root, variables);
        let lines = Lines::of(&root);
        let content = T::read(&mut Reader::new(folder, root, &mut problems));
        Self { content, lines, problems }
    }

    /// The content, when nothing is wrong; `check` looks for what can be wrong although every value could be read.
    pub(crate) fn checked(
        mut self,
        name: &str,
        check: impl FnOnce(&T, &Lines) -> Vec<Problem>,
    ) -> Result<T, Problems> {
        if let Some(content) = &self.content {
            self.problems.extend(check(content, &self.lines));
        }
        match self.content {
            Some(content) if self.problems.is_empty() => Ok(content),
            Some(_) | None => Err(Problems::new(name, self.problems)),
        }
    }
}

/// The text of a file.
pub(crate) fn text_of(file: &Path) -> Result<String, Problems> {
    fs::read_to_string(file).map_err(|error| {
        let problem =
            Problem { place: Place::Nowhere, key: String::new(), text: format!("cannot be read: {error}") };
        Problems::new(file.display().to_string(), vec![problem])
    })
}

/// The folder that a file lies in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}
