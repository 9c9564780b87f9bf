//! Output to standard output and standard error. No other part of the program writes there.

mod event;
mod iso;
mod printable;
mod table;
mod time;

use std::io::{self, Write};

use serde::Serialize;

pub(crate) use self::{
    event::{describe, party, state, word},
    iso::Iso,
    printable::cell,
    table::Table,
    time::{Zone, took},
};

use self::printable::printable;

/// The form of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Text for people.
    Text,
    /// One JSON value for each line, for programs.
    Json,
}

/// Standard output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    form: Form,
}

impl Out {
    /// Output as JSON, or as text.
    pub(crate) fn new(json: bool) -> Self {
        Self { form: if json { Form::Json } else { Form::Text } }
    }

    /// The form of results.
    pub(crate) fn form(self) -> Form {
        self.form
    }

    /// Writes one result: as JSON, or as the text that `text` returns.
    pub(crate) fn one<T: Serialize>(self, result: &T, text: impl FnOnce(&T) -> String) -> io::Result<()> {
        match self.form {
            Form::Text => self.line(&text(result)),
            Form::Json => self.line(&serde_json::to_string(result)?),
        }
    }

    /// Writes a list: each item as JSON, or all items as the table that `table` returns.
    pub(crate) fn list<T: Serialize>(self, items: &[T], table: impl FnOnce(&[T]) -> Table) -> io::Result<()> {
        match self.form {
            Form::Text => self.line(&table(items).to_string()),
            Form::Json => items.iter().try_for_each(|item| self.line(&serde_json::to_string(item)?)),
        }
    }

    /// Writes text for people. Writes nothing when the form is JSON.
    pub(crate) fn note(self, text: &str) -> io::Result<()> {
        match self.form {
            Form::Text => self.line(text),
            Form::Json => Ok(()),
        }
    }

    /// Writes text that is the same in both forms.
    pub(crate) fn line(self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", printable(text))?;
        out.flush()
    }
}

/// Writes a line to standard error.
pub(crate) fn complain(text: &str) {
    // There is no other place to report that standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{}", printable(text));
}

/// A reason from the operating system, without its error number.
pub(crate) fn plain_reason(why: &str) -> &str {
    why.split(" (os error").next().unwrap_or(why)
}

/// Writes bytes unchanged.
pub(crate) fn bytes(bytes: &[u8]) -> io::Result<()> {
    io::stdout().lock().write_all(bytes)
}
