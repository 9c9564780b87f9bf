//! `cordboard man`: writes the manual pages.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;

use super::Cli;

const EXAMPLES: &str = "\
Examples:
  cordboard man | man -l -
  cordboard man /usr/local/share/man/man1";

/// Write the manual pages.
///
/// Without a folder, writes the page cordboard(1). With a folder, writes the
/// pages of all commands into it: cordboard.1, cordboard-serve.1 and so on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Man {
    /// The folder for the pages. It must exist.
    folder: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self) -> Result<()> {
        match self.folder {
            Some(folder) => clap_mangen::generate_to(Cli::command(), &folder)
                .with_context(|| format!("cannot write manual pages to {}", folder.display())),
            None => {
                let mut page = Vec::new();
                Page::new(Cli::command()).render(&mut page)?;
                crate::output::bytes(&page)?;
                Ok(())
            }
        }
    }
}
