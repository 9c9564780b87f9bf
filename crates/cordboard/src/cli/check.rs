//! `cordboard check`: what is wrong with a configuration.

use std::path::PathBuf;

use anyhow::{Error, Result, anyhow};
use clap::Args;
use serde_json::json;

use crate::{
    config,
    file::Problems,
    output::{Form, Out},
};

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
        if let Err(problems) = config::load(&self.file) {
            return Err(tell(&problems, out)?);
        }
        out.one(&json!({ "file": self.file, "good": true }), |_| format!("{} is good", self.file.display()))?;
        Ok(())
    }
}

/// Programs are given the problems on standard output, people on standard error.
fn tell(problems: &Problems, out: Out) -> Result<Error> {
    match out.form() {
        Form::Text => Ok(problems.clone().into()),
        Form::Json => {
            problems.list.iter().try_for_each(|problem| out.one(problem, |problem| problem.text.clone()))?;
            Ok(anyhow!("{} has {} problems", problems.file, problems.list.len()))
        }
    }
}
