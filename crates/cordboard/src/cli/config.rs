//! `cordboard config`: writes example files.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::{Dialects, config, floor, output::Out};

/// Show the keys of the configuration and of the floor file.
#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  cordboard config example > cordboard.toml
  cordboard config example --floor > floor.toml";

#[derive(Debug, Subcommand)]
enum What {
    /// Write an example configuration: every key with its meaning and default.
    #[command(after_help = EXAMPLES)]
    Example {
        /// Write an example floor file instead: agents, queues, accounts and so on.
        #[arg(long)]
        floor: bool,
    },
}

impl Config {
    pub(super) fn run(self, dialects: Dialects, out: Out) -> Result<()> {
        match self.what {
            What::Example { floor: false } => out.line(config::example(dialects).trim_end())?,
            What::Example { floor: true } => out.line(floor::example().trim_end())?,
        }
        Ok(())
    }
}
