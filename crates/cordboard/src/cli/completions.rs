//! `cordboard completions`: for shells.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;

/// Write completions for a shell: `cordboard completions bash > ~/.local/share/bash-completion/completions/cordboard`.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// Which shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "cordboard", &mut script);
        crate::output::bytes(&script)?;
        Ok(())
    }
}
