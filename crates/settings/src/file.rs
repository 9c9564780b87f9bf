//! A file that is read, with everything that is wrong with it.

use std::{io, path::Path};

use crate::{Lines, Problem, Problems, Reader, tree};

/// Where a file comes from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Relative paths begin here.
    pub folder: &'a Path,
    /// Reads another file that this one names.
    pub read: &'a dyn Fn(&Path) -> io::Result<String>,
}

/// A file as it was read: its content, where its keys stand, and what is wrong.
pub struct File<T> {
    /// The whole; `None` when a value of it is wrong or missing.
    pub content: Option<T>,
    /// Where its keys stand.
    pub lines: Lines,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl<T> File<T> {
    /// Reads a text, and variables that override it. `read` is [`crate::Section::read`] of the file's own type.
    pub fn parse(
        text: &str,
        source: Source<'_>,
        variables: impl IntoIterator<Item = (String, String)>,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Self {
        let mut root = match tree::parse(text) {
            Ok(root) => root,
            // What else seems wrong with such a file only follows from this.
            Err(problems) => return Self { content: None, lines: Lines::default(), problems },
        };
        let mut problems = tree::overlay(&mut root, variables);
        let lines = Lines::of(&root);
        let content = read(&mut Reader::new(source, root, &mut problems));
        Self { content, lines, problems }
    }

    /// The content, when nothing is wrong; `check` looks for what can be wrong although every value could be read.
    pub fn checked(
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
