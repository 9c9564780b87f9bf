//! Lines from standard input.

use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};

use crate::output;

/// The lines of standard input.
pub(super) struct InputLines(Option<Lines<BufReader<Stdin>>>);

impl InputLines {
    /// Reads from standard input.
    pub(super) fn new() -> Self {
        Self(Some(BufReader::new(tokio::io::stdin()).lines()))
    }

    /// The words of the next line that is not empty. After the end of the input it never returns, and a signal ends the program.
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

/// Reports an unknown command and lists the known ones.
pub(super) fn unknown_command(line: &[String], help: &str) {
    output::complain(&format!("unknown command {:?}; expected one of:\n{help}", line.join(" ")));
}
