//! Reading a file, with all its problems.

use std::{io, path::Path};

use crate::{Given, Lines, Problem, Problems, Reader, reader::Notes, tree};

/// Access to the file system.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The folder at which relative paths start.
    pub folder: &'a Path,
    /// Reads another file that the file names.
    pub read: &'a dyn Fn(&Path) -> io::Result<String>,
}

/// The result of reading a file: the content, the places of its keys, and the problems.
pub struct File<T> {
    /// The content; `None` when a value is invalid or missing.
    pub content: Option<T>,
    /// The places of the keys.
    pub lines: Lines,
    /// The keys that are set, without secrets.
    pub given: Given,
    /// The problems.
    pub problems: Vec<Problem>,
}

impl<T> File<T> {
    /// Reads a text, and environment variables that override it. `read` is [`crate::Section::read`] of the file's type.
    pub fn parse(
        text: &str,
        source: Source<'_>,
        variables: impl IntoIterator<Item = (String, String)>,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Self {
        let mut root = match tree::parse(text) {
            Ok(root) => root,
            // Other problems of such a file would be consequences of this one.
            Err(problems) => {
                return Self { content: None, lines: Lines::default(), given: Given::default(), problems };
            }
        };
        let mut notes = Notes { problems: tree::overlay(&mut root, variables), ..Notes::default() };
        let (lines, mut given) = (Lines::of(&root), Given::of(&root));
        let content = read(&mut Reader::new(source, root, &mut notes));
        given.redact(&notes.secrets);
        Self { content, lines, given, problems: notes.problems }
    }

    /// The content, if there are no problems. `check` finds problems that concern several values.
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
