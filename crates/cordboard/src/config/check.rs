//! What can be wrong although every value can be read.

use std::net::SocketAddr;

use tracing_subscriber::EnvFilter;

use super::types::Config;
use crate::{
    file::{Lines, Problem},
    floor,
};

/// Everything that is wrong with a configuration whose values could all be read.
pub(super) fn check(config: &Config, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(listeners(config, lines));
    problems.extend(log_level(config, lines));
    problems.extend(floor_file(config, lines));
    problems
}

/// No two listeners on one port.
fn listeners(config: &Config, lines: &Lines) -> Vec<Problem> {
    let mut taken: Vec<(&str, SocketAddr)> = Vec::new();
    let mut problems = Vec::new();
    for (key, address) in config.listeners() {
        let clash = taken.iter().find(|(_, other)| clashes(*other, address));
        if let Some((other, _)) = clash {
            problems.push(lines.problem(key, format!("{address} is taken by {other}; give it another port")));
        }
        taken.push((key, address));
    }
    problems
}

/// Port 0 is any free one. A listener on every address takes the port of each of them.
fn clashes(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && (everywhere || one.ip() == other.ip())
}

fn log_level(config: &Config, lines: &Lines) -> Option<Problem> {
    let error = EnvFilter::try_new(&config.log.level).err()?;
    Some(lines.problem("log.level", format!("{:?} is no log level: {error}", config.log.level)))
}

/// The floor file is read as well, its problems stand on its own lines.
fn floor_file(config: &Config, lines: &Lines) -> Vec<Problem> {
    let Some(file) = &config.floor.file else { return Vec::new() };
    let problems = match floor::load(file) {
        Ok(_) => return Vec::new(),
        Err(problems) => problems,
    };
    problems.lines().map(|line| lines.problem("floor.file", line)).collect()
}
