//! Log lines to standard error. INFO has one line for each life-cycle change; lines that grow with traffic are DEBUG or TRACE.

mod bounded;

use std::io::{self, IsTerminal};

use anyhow::{Result, anyhow};
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, filter::filter_fn, fmt::layer, layer::SubscriberExt, registry, reload,
    util::SubscriberInitExt,
};

use crate::config::{Log, LogFormat};

/// Libraries whose TRACE lines contain whole messages, with the tokens and passwords in them.
const TALKATIVE: [&str; 6] = ["tungstenite", "tokio_tungstenite", "hyper", "hyper_util", "rustls", "axum"];

/// Changes the level of log lines while the process runs.
pub(crate) struct LevelHandle(reload::Handle<EnvFilter, Registry>);

impl LevelHandle {
    /// Sets the level.
    pub(crate) fn set(&self, level: &str) -> Result<()> {
        Ok(self.0.reload(EnvFilter::try_new(level)?)?)
    }
}

/// Starts logging. Call it once in a process.
pub(crate) fn start(log: &Log) -> Result<LevelHandle> {
    let (filter, level) = reload::Layer::new(EnvFilter::try_new(&log.level)?);
    let lines = layer().with_writer(io::stderr);
    let lines = match log.format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let bounded = bounded::Bounded::start();
    let started = registry().with(filter).with(filter_fn(is_discreet)).with(bounded).with(lines).try_init();
    started.map_err(|error| anyhow!("logging cannot start: {error}"))?;
    Ok(LevelHandle(level))
}

/// Whether lines of this kind contain no whole messages of libraries.
fn is_discreet(line: &Metadata<'_>) -> bool {
    let library = line.target().split("::").next().unwrap_or_default();
    *line.level() != Level::TRACE || !TALKATIVE.contains(&library)
}
