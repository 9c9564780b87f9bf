//! What is typed, line by line.

use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};

use crate::output;

/// The lines of standard input.
pub(super) struct Typed(Option<Lines<BufReader<Stdin>>>);

impl Typed {
    /// Reads from the terminal.
    pub(super) fn new() -> Self {
        Self(Some(BufReader::new(tokio::io::stdin()).lines()))
    }

    /// The words of the next line that has any. Waits for ever when nothing can be typed any more: then a signal ends the program.
    pub(super) async fn next(&mut self) -> Vec<String> {
        while let Some(lines) = &mut self.0 {
            match lines.next_line().await {
                Ok(Some(line)) if line.trim().is_empty() => {}
                Ok(Some(line)) => return line.split_whitespace().map(str::to_owned).collect(),
                Ok(None) | Err(_) => self.0 = None,
            }
        }
        std::future::pending().await
    }
}

/// Says that a line was not understood, and what can be typed.
pub(super) fn not_understood(line: &[String], help: &str) {
    output::complain(&format!("{:?} cannot be typed here\n{help}", line.join(" ")));
}
