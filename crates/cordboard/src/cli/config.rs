//! `cordboard config`: the example configuration.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::{Dialects, config, output::Out};

/// Show what can be configured.
#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a configuration with every key, its meaning and its default: `cordboard config example > cordboard.toml`.
    Example,
}

impl Config {
    pub(super) fn run(self, dialects: Dialects, out: Out) -> Result<()> {
        match self.what {
            What::Example => out.line(config::example(dialects).trim_end())?,
        }
        Ok(())
    }
}
