//! `cordboard check`: what is wrong with a configuration.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::{config, output::Out};

const EXAMPLES: &str = "\
Examples:
  cordboard check cordboard.toml
  CORDBOARD_HTTP__LISTEN=127.0.0.1:9000 cordboard check cordboard.toml";

/// Check a configuration file, the environment over it, and the floor file it names.
///
/// Everything that is wrong is told at once, each on a line of its own with the file's line, the key and what was perhaps meant.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// The configuration file.
    file: PathBuf,
}

impl Check {
    pub(super) fn run(self, out: Out) -> Result<()> {
        config::load(&self.file)?;
        out.one(&json!({ "file": self.file, "good": true }), |_| format!("{} is good", self.file.display()))?;
        Ok(())
    }
}
