//! What can be wrong although every value can be read.

use std::net::SocketAddr;

use model::{AgentPlan, Floor};
use tracing_subscriber::EnvFilter;

use super::types::Config;
use crate::floor;
use settings::{Lines, Problem, suggest};

/// Everything that is wrong with a configuration whose values could all be read.
pub(super) fn check(config: &Config, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(listeners(config, lines));
    problems.extend(switches(config, lines));
    problems.extend(telephony(config, lines));
    problems.extend(desks(config, lines));
    problems.extend(talisma(config, lines));
    problems.extend(hosted_connector(config, lines));
    problems.extend(bridges(config, lines));
    problems.extend(clients(config, lines));
    problems.extend(max_desk(config, lines));
    problems.extend(asterisks(config, lines));
    problems.extend(log_level(config, lines));
    problems.extend(floor_file(config, lines));
    problems
}

/// No two listeners on one port.
fn listeners(config: &Config, lines: &Lines) -> Vec<Problem> {
    let listeners = config.listeners();
    let mut problems = Vec::new();
    for (index, (key, address)) in listeners.iter().enumerate() {
        if let Some((other, _)) = listeners[..index].iter().find(|(_, other)| clashes(*other, *address)) {
            problems.push(lines.problem(key, format!("{address} is taken by {other}; give it another port")));
        }
    }
    problems
}

/// Port 0 is any free one. A listener on every address takes the port of each of them.
fn clashes(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && (everywhere || one.ip() == other.ip())
}

/// No two switches of one name.
fn switches(config: &Config, lines: &Lines) -> Vec<Problem> {
    let switches = config.switches();
    let mut problems = Vec::new();
    for (index, (key, id)) in switches.iter().enumerate() {
        if let Some((other, _)) = switches[..index].iter().find(|(_, other)| other == id) {
            problems.push(
                lines.problem(key, format!("{:?} is the name of {other}; give it another", id.as_str())),
            );
        }
    }
    problems
}

/// Somebody could be the MAX.
fn max_desk(config: &Config, lines: &Lines) -> Option<Problem> {
    let error = config.max.desk.as_ref()?.session().check().err()?;
    Some(lines.problem("max.desk", error.to_string()))
}

fn telephony(config: &Config, lines: &Lines) -> Option<Problem> {
    let error = config.uwq.telephony.as_ref()?.session().check().err()?;
    Some(lines.problem("uwq.telephony.mapping", error.to_string()))
}

fn desks(config: &Config, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, desk) in config.uwq.desk.iter().enumerate() {
        let key = format!("uwq.desk.{index}");
        if let Err(error) = uwq::Desk::new(desk.session(), desk.id.clone()) {
            problems.push(lines.problem(&format!("{key}.url"), error.to_string()));
        }
        let without = desk.agents.iter().enumerate().filter(|(_, agent)| agent.password.is_none());
        problems.extend(without.map(|(agent, _)| {
            lines.problem(&format!("{key}.agents.{agent}.password"), "must be given, or password_file")
        }));
    }
    problems
}

fn hosted_connector(config: &Config, lines: &Lines) -> Option<Problem> {
    let desk = config.crm_connector.desk.as_ref()?;
    let error = crm_connector::Desk::new(desk.session(), desk.id.clone(), uuid::Uuid::nil()).err()?;
    Some(lines.problem("crm_connector.desk.url", error.to_string()))
}

fn talisma(config: &Config, lines: &Lines) -> Option<Problem> {
    let telephony = config.talisma.telephony.as_ref()?;
    if telephony.is_secure() && telephony.tls_ca.is_none() {
        return Some(lines.problem("talisma.telephony.url", "an https address needs tls_ca"));
    }
    let error = talisma::Telephony::new(telephony.session(), uuid::Uuid::nil()).err()?;
    let no_account = matches!(error, talisma::Error::NoAccount { .. });
    let key = if no_account { "talisma.telephony.user" } else { "talisma.telephony.url" };
    Some(lines.problem(key, error.to_string()))
}

/// The bridges of Harmony that we play.
fn bridges(config: &Config, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, desk) in config.harmony.desk.iter().enumerate() {
        let key = format!("harmony.desk.{index}");
        if let Err(error) = harmony::Desk::new(desk.session(), desk.id.clone(), uuid::Uuid::nil()) {
            problems.push(lines.problem(&key, error.to_string()));
        }
        if desk.tls_certificate.is_some() != desk.tls_key.is_some() {
            problems.push(lines.problem(&key, "tls_certificate and tls_key go together"));
        }
        if desk.tls_client_ca.is_some() && desk.tls_certificate.is_none() {
            problems.push(lines.problem(&key, "tls_client_ca means nothing without tls_certificate"));
        }
        if desk.believes_anybody() {
            let text = format!(
                "other machines reach {}, and clients get the agents' passwords; give tls_certificate, tls_key and tls_client_ca so that \
                 clients show certificates, or list in allow from where they may connect, or listen on 127.0.0.1",
                desk.listener()
            );
            problems.push(lines.problem(&format!("{key}.listen"), text));
        }
        let without = desk.agents.iter().enumerate().filter(|(_, agent)| agent.password.is_none());
        problems.extend(without.map(|(agent, _)| {
            lines.problem(&format!("{key}.agents.{agent}.password"), "must be given, or password_file")
        }));
    }
    problems
}

/// The Asterisks that are switches of ours.
fn asterisks(config: &Config, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, ari) in config.ari.iter().enumerate() {
        let key = format!("ari.{index}");
        let session =
            ari.session().and_then(|session| ari::Desk::new(session, ari.id.clone(), uuid::Uuid::nil()));
        if let Err(error) = session {
            problems.push(lines.problem(&key, error.to_string()));
        }
        if ari.password.is_none() {
            problems.push(lines.problem(&format!("{key}.password"), "must be given, or password_file"));
        }
    }
    problems
}

/// The Harmony servers whose client we are.
fn clients(config: &Config, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, end) in config.harmony.telephony.iter().enumerate() {
        let key = format!("harmony.telephony.{index}");
        if let Err(error) = harmony::Telephony::new(end.session(), uuid::Uuid::nil()) {
            problems.push(lines.problem(&key, error.to_string()));
        }
        if end.tls_certificate.is_some() != end.tls_key.is_some() {
            problems.push(lines.problem(&key, "tls_certificate and tls_key go together"));
        }
        if end.tls_certificate.is_some() && end.tls_ca.is_none() {
            problems.push(lines.problem(&key, "tls_certificate means nothing without tls_ca"));
        }
    }
    problems
}

fn log_level(config: &Config, lines: &Lines) -> Option<Problem> {
    let error = EnvFilter::try_new(&config.log.level).err()?;
    Some(lines.problem("log.level", format!("{:?} is no log level: {error}", config.log.level)))
}

/// The floor file is read as well, its problems stand on its own lines; its agents are on switches that are there.
fn floor_file(config: &Config, lines: &Lines) -> Vec<Problem> {
    let Some(file) = &config.floor.file else { return Vec::new() };
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
            "agent {} is on the switch {switch:?}, which is not configured; {}",
            agent.id,
            suggest(switch, known.clone())
        )
    };
    lost.map(text).collect()
}
