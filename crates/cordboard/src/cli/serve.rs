//! `cordboard serve`: runs a node.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::{
    Dialects,
    assemble::{self, JournalChoice, Reload},
    config, floor, log,
};

const EXAMPLES: &str = "\
Examples:
  cordboard serve --config cordboard.toml
  CORDBOARD_LOG__FORMAT=json cordboard serve --config cordboard.toml

Ctrl-C and SIGTERM stop the node. It accepts no new work, and finishes and
stores what it has started.";

/// Run a node with your configuration.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Serve {
    /// The configuration file. `cordboard config example` writes one.
    #[arg(long, env = "CORDBOARD_CONFIG", value_name = "FILE")]
    config: PathBuf,
    #[command(flatten)]
    journal: JournalChoice,
}

impl Serve {
    pub(super) async fn run(self, dialects: Dialects) -> Result<()> {
        let config = config::load(dialects, &self.config)?;
        let level = log::start(&config.node.log)?;
        let reload = Reload::new(dialects, self.config, level)?;
        let plan = config.node.floor.file.as_deref().map(floor::load).transpose()?;
        let running = assemble::start(&config, plan, &self.journal).await?;
        tracing::info!(http = %running.places().http, "node started");
        running.until_stopped(Some(reload)).await
    }
}
