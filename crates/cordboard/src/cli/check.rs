//! `cordboard check`: what is wrong with a configuration.

use std::path::{Path, PathBuf};

use anyhow::{Error, Result, anyhow};
use clap::Args;
use hub::http::EndView;
use serde::Serialize;
use settings::Problems;

use crate::{
    Dialects, assemble,
    config::{self, Config},
    floor,
    output::{Form, Out},
};

const EXAMPLES: &str = "\
Examples:
  cordboard check cordboard.toml
  CORDBOARD_HTTP__LISTEN=127.0.0.1:9000 cordboard check cordboard.toml";

/// Check a configuration file, the environment over it, and the floor file it names.
///
/// Everything that is wrong is told at once, each on a line of its own with the file's line, the key and what was perhaps meant. Of a floor file that is
/// good it says what agents may dial, and warns of what is dangerous.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// The configuration file.
    file: PathBuf,
}

impl Check {
    pub(super) fn run(self, dialects: Dialects, out: Out) -> Result<()> {
        let config = match config::load(dialects, &self.file) {
            Ok(config) => config,
            Err(problems) => return Err(tell(&problems, out)?),
        };
        let ends = config.ends.iter().map(|end| assemble::shown(end, None)).collect();
        let good = Good { file: &self.file, good: true, ends, dialing: Dialing::of(&config)? };
        out.one(&good, Good::text)?;
        Ok(())
    }
}

/// What is said of a file without problems.
#[derive(Serialize)]
struct Good<'a> {
    file: &'a Path,
    good: bool,
    ends: Vec<EndView>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    dialing: Option<Dialing>,
}

/// What may be dialed from the floor.
#[derive(Serialize)]
struct Dialing {
    dial_policy: String,
    warnings: Vec<String>,
}

impl Dialing {
    /// Nothing when no floor file is named: then the floor is what the node keeps.
    fn of(config: &Config) -> Result<Option<Self>, Problems> {
        let Some(file) = &config.node.floor.file else { return Ok(None) };
        let floor = floor::load(file)?.floor;
        Ok(Some(Self { dial_policy: numbers::summary(&floor), warnings: floor::warnings(file, &floor) }))
    }
}

impl Good<'_> {
    fn text(&self) -> String {
        let mut lines = vec![format!("{} is good", self.file.display())];
        if let Some(Dialing { dial_policy, warnings }) = &self.dialing {
            lines.push(dial_policy.clone());
            lines.extend(warnings.iter().map(|warning| format!("warning: {warning}")));
        }
        lines.join("\n")
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
