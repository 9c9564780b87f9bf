//! What is written to standard output: the one place that may.

mod event;
mod table;
mod time;

use std::io::{self, Write};

use serde::Serialize;

pub(crate) use self::{
    event::{describe, party, state, word},
    table::Table,
    time::{moment, took},
};

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people.
    Text,
    /// One JSON value a line, for programs.
    Json,
}

/// Standard output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    form: Form,
}

impl Out {
    /// Writes in this form.
    pub(crate) fn new(json: bool) -> Self {
        Self { form: if json { Form::Json } else { Form::Text } }
    }

    /// Which form it is.
    pub(crate) fn form(self) -> Form {
        self.form
    }

    /// Writes one result: as JSON, or as the line that `text` makes of it.
    pub(crate) fn one<T: Serialize>(self, result: &T, text: impl FnOnce(&T) -> String) -> io::Result<()> {
        match self.form {
            Form::Text => self.line(&text(result)),
            Form::Json => self.line(&serde_json::to_string(result)?),
        }
    }

    /// Writes a list: each item as JSON, or all of them as the table that `table` makes.
    pub(crate) fn list<T: Serialize>(self, items: &[T], table: impl FnOnce(&[T]) -> Table) -> io::Result<()> {
        match self.form {
            Form::Text => self.line(&table(items).to_string()),
            Form::Json => items.iter().try_for_each(|item| self.line(&serde_json::to_string(item)?)),
        }
    }

    /// Writes text for people; nothing where the form is JSON.
    pub(crate) fn say(self, text: &str) -> io::Result<()> {
        match self.form {
            Form::Text => self.line(text),
            Form::Json => Ok(()),
        }
    }

    /// Writes a text that is the same in either form.
    pub(crate) fn line(self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}")?;
        out.flush()
    }
}

/// Writes a line to standard error.
pub(crate) fn complain(text: &str) {
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> io::Result<()> {
    io::stdout().lock().write_all(bytes)
}
