//! `cordboard completions`: writes shell completions.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;

const EXAMPLES: &str = "\
Example for bash:
  dir=~/.local/share/bash-completion/completions
  cordboard completions bash > $dir/cordboard";

/// Write completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// The shell.
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
