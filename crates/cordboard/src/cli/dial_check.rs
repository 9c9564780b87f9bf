//! `cordboard dial-check`: what the dial policy decides for a number.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use model::{AgentId, Floor, Number};
use numbers::Decision;
use serde::Serialize;

use super::NodeArgs;
use crate::{Dialects, config, floor, output::Out};

const EXAMPLES: &str = "\
Examples:
  cordboard dial-check +14155550100
      what the floor of the running node decides
  cordboard dial-check 9005550100 --floor floor.toml
      what a floor file would decide
  cordboard dial-check 011442071838750 --config cordboard.toml --agent 1001";

/// Show whether a number may be dialed, and why.
///
/// The exit code is 1 when the number is denied.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DialCheck {
    /// The number, as an agent dials it.
    number: String,
    /// The agent who dials. Must be on the floor.
    #[arg(long, value_name = "ID")]
    agent: Option<AgentId>,
    /// Use this floor file instead of a running node.
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    floor: Option<PathBuf>,
    /// Use the floor file that this configuration names instead of a running node.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    at: NodeArgs,
}

/// The result, for output.
#[derive(Serialize)]
struct Checked {
    number: Number,
    #[serde(flatten)]
    decision: Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<AgentId>,
    /// How many numbers one agent may dial in a minute; `None` for no limit.
    per_minute_max: Option<u32>,
}

impl DialCheck {
    pub(super) async fn run(self, dialects: Dialects, out: Out) -> Result<()> {
        let number = Number::new(&self.number)
            .map_err(|error| anyhow!("{:?} cannot be dialed: {error}", self.number))?;
        let floor = self.read_floor(dialects).await?;
        if let Some(agent) = &self.agent
            && !floor.agents.iter().any(|plan| plan.id == *agent)
        {
            bail!("agent {agent} is not on the floor");
        }
        let decision = numbers::explain(&floor, &number);
        let limit = floor.dial_policy.per_minute_max;
        let per_minute_max = (limit > 0 && decision.is_limited).then_some(limit);
        let is_allowed = decision.is_allowed;
        let checked = Checked { number, decision, agent: self.agent, per_minute_max };
        out.one(&checked, Checked::text)?;
        if is_allowed { Ok(()) } else { bail!("{} is denied", checked.number) }
    }

    async fn read_floor(&self, dialects: Dialects) -> Result<Floor> {
        if let Some(file) = &self.floor {
            return of_file(file);
        }
        if let Some(file) = &self.config {
            let config = config::load(dialects, file)?;
            let floor = config.node.floor.file.as_deref();
            let why = "names no floor file; use --floor, or --url for a running node";
            return of_file(floor.with_context(|| format!("{} {why}", file.display()))?);
        }
        Ok(self.at.client()?.get("/api/v1/floor").await?)
    }
}

fn of_file(file: &Path) -> Result<Floor> {
    Ok(floor::load(file)?.floor)
}

impl Checked {
    fn text(&self) -> String {
        let Decision { is_allowed, class, country, why, .. } = &self.decision;
        let mut lines = vec![format!("{}: {}", self.number, if *is_allowed { "allowed" } else { "denied" })];
        lines.push(format!("class: {class}"));
        lines.extend(country.map(|country| format!("country: {country}")));
        lines.push(format!("rule: {why}"));
        let who = self.agent.as_ref().map_or("each agent".to_owned(), |agent| format!("agent {agent}"));
        lines.push(match self.per_minute_max {
            Some(limit) => format!("limit: {who} may dial {limit} numbers a minute"),
            None => "limit: none".to_owned(),
        });
        lines.join("\n")
    }
}
