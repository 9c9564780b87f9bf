//! `cordboard check`: finds mistakes in a configuration.

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
  CORDBOARD_HTTP__LISTEN=0.0.0.0:8080 cordboard check cordboard.toml";

/// Check a configuration file, and the floor file that it names.
///
/// Environment variables that override keys are checked too. Each mistake is
/// one line with the file, its line number, the key and, where possible, a
/// suggestion. For a valid file it warns of listeners without encryption. For a
/// valid floor file it also shows which numbers agents may
/// dial, and warns of risks.
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
            Err(problems) => return Err(report(&problems, out)?),
        };
        let ends = config.ends.iter().map(|end| assemble::shown(end, None)).collect();
        let exposed = config::exposed(&config);
        let good = Good { file: &self.file, good: true, ends, exposed, dialing: Dialing::of(&config)? };
        out.one(&good, Good::text)?;
        Ok(())
    }
}

/// The result for a valid configuration.
#[derive(Serialize)]
struct Good<'a> {
    file: &'a Path,
    good: bool,
    ends: Vec<EndView>,
    /// Listeners that other machines can reach without encryption.
    exposed: Vec<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    dialing: Option<Dialing>,
}

/// Which numbers agents may dial.
#[derive(Serialize)]
struct Dialing {
    dial_policy: String,
    warnings: Vec<String>,
}

impl Dialing {
    /// `None` when the configuration names no floor file: then the node keeps the floor that was last applied.
    fn of(config: &Config) -> Result<Option<Self>, Problems> {
        let Some(file) = &config.node.floor.file else { return Ok(None) };
        let floor = floor::load(file)?.floor;
        Ok(Some(Self { dial_policy: numbers::summary(&floor), warnings: floor::warnings(file, &floor) }))
    }
}

impl Good<'_> {
    fn text(&self) -> String {
        let mut lines = vec![format!("{} is valid", self.file.display())];
        lines.extend(self.exposed.iter().map(|risk| format!("warning: {risk}")));
        if let Some(Dialing { dial_policy, warnings }) = &self.dialing {
            lines.push(dial_policy.clone());
            lines.extend(warnings.iter().map(|warning| format!("warning: {warning}")));
        }
        lines.join("\n")
    }
}

/// Writes the problems: for programs to standard output, for people to standard error.
fn report(problems: &Problems, out: Out) -> Result<Error> {
    match out.form() {
        Form::Text => Ok(problems.clone().into()),
        Form::Json => {
            problems.list.iter().try_for_each(|problem| out.one(problem, |problem| problem.text.clone()))?;
            Ok(anyhow!("{} has {} problems", problems.file, problems.list.len()))
        }
    }
}
