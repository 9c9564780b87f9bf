//! Checks of a configuration that compare several values.

use std::net::SocketAddr;

use model::{AgentPlan, Floor};
use settings::{Lines, Problem, suggest};
use tracing_subscriber::EnvFilter;

use super::{oidc, types::Config};
use crate::floor;

/// All problems of a configuration whose values are valid one by one.
pub(super) fn check(config: &Config, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(listeners(config, lines));
    problems.extend(switches(config, lines));
    problems.extend(ends(config, lines));
    problems.extend(log_level(config, lines));
    problems.extend(oidc::check(config, lines));
    problems.extend(floor_file(config, lines));
    problems
}

/// Listeners that use the same port.
fn listeners(config: &Config, lines: &Lines) -> Vec<Problem> {
    let listeners = config.listeners();
    let mut problems = Vec::new();
    for (index, (key, address)) in listeners.iter().enumerate() {
        if let Some((other, _)) = listeners[..index].iter().find(|(_, other)| clashes(*other, *address)) {
            problems.push(
                lines.problem(key, format!("{address} is already used by {other}; choose another port")),
            );
        }
    }
    problems
}

/// Port 0 stands for any free port. A listener on the unspecified address uses the port on all addresses.
fn clashes(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && (everywhere || one.ip() == other.ip())
}

/// Switches with the same ID.
fn switches(config: &Config, lines: &Lines) -> Vec<Problem> {
    let switches = config.switches();
    let mut problems = Vec::new();
    for (index, (key, id)) in switches.iter().enumerate() {
        if let Some((other, _)) = switches[..index].iter().find(|(_, other)| other == id) {
            problems.push(
                lines
                    .problem(key, format!("{:?} is already used by {other}; choose another ID", id.as_str())),
            );
        }
    }
    problems
}

/// The findings of each end.
fn ends(config: &Config, lines: &Lines) -> Vec<Problem> {
    let found = config.ends.iter().flat_map(|end| {
        let findings = end.end.findings().into_iter();
        findings.map(move |finding| lines.problem(&end.key(&finding.key), finding.text))
    });
    found.collect()
}

fn log_level(config: &Config, lines: &Lines) -> Option<Problem> {
    let error = EnvFilter::try_new(&config.node.log.level).err()?;
    Some(lines.problem("log.level", format!("{:?} is not a log level: {error}", config.node.log.level)))
}

/// The problems of the floor file, each with its line in that file, and agents on unknown switches.
fn floor_file(config: &Config, lines: &Lines) -> Vec<Problem> {
    let Some(file) = &config.node.floor.file else { return Vec::new() };
    let wrong: Vec<String> = match floor::load(file) {
        Ok(plan) => unknown_switches(config, &plan.floor),
        Err(problems) => problems.lines().collect(),
    };
    wrong.into_iter().map(|text| lines.problem("floor.file", text)).collect()
}

fn unknown_switches(config: &Config, floor: &Floor) -> Vec<String> {
    let switches = config.switches();
    let known = switches.iter().map(|(_, id)| id.as_str());
    let lost = floor.agents.iter().filter(|agent| !known.clone().any(|id| id == agent.switch.as_str()));
    let text = |agent: &AgentPlan| {
        let switch = agent.switch.as_str();
        format!(
            "agent {} is on switch {switch:?}, which is not configured; {}",
            agent.id,
            suggest(switch, known.clone())
        )
    };
    lost.map(text).collect()
}
