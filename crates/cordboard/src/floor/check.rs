//! Checks of a floor file that compare several values.

use std::collections::BTreeMap;

use model::{FloorError, Number, Role, repeated};
use settings::{Lines, Problem, suggest};

use super::entries::{AgentEntry, FloorFile};

/// All problems of a file whose values are valid one by one.
pub(super) fn check(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(faults(file, lines));
    problems.extend(twice(file, lines));
    problems.extend(queue_numbers(file, lines));
    problems.extend(passwords(file, lines));
    problems.extend(agents_of_accounts(file, lines));
    problems
}

/// Problems that make a floor invalid, in a file and in the API.
fn faults(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let known = file.queues.iter().map(|queue| queue.id.as_str());
    let text = |fault: FloorError| match fault {
        FloorError::Twice { what, id, first } => {
            format!("{what} {id:?} is defined twice; the first is {first}")
        }
        FloorError::NoQueue { queue, .. } => {
            format!("queue {:?} is not defined; {}", queue.as_str(), suggest(queue.as_str(), known.clone()))
        }
        FloorError::TooMany { .. } => fault.to_string(),
    };
    let faults = file.clone().into_plan().floor.faults().into_iter();
    faults.map(|(key, fault)| lines.problem(&key, text(fault))).collect()
}

/// Accounts and contacts that are defined twice.
fn twice(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let with_account = |(_, agent): &(usize, &AgentEntry)| {
        has_password(agent.password.is_some(), agent.password_hash.as_ref())
    };
    let agents = file.agents.iter().enumerate().rev().filter(with_account);
    // An agent that is defined twice is reported by `faults`.
    let agents: BTreeMap<_, _> =
        agents.map(|(index, agent)| (agent.id.as_str(), format!("agents.{index}.id"))).collect();
    let agents = agents.into_iter().map(|(id, key)| (key, id));
    let names = ids("accounts", "name", file.accounts.iter().map(|account| account.name.as_str()));
    let accounts = repeated(agents.chain(names)).into_iter().map(|twice| ("account", twice));
    let contacts = repeated(ids("contacts", "id", file.contacts.iter().map(|contact| contact.id.as_str())));
    let twice = accounts.chain(contacts.into_iter().map(|twice| ("contact", twice)));
    let problem = |(what, (key, id, first)): (&str, (String, &str, String))| {
        lines.problem(&key, format!("{what} {id:?} is defined twice; the first is {first}"))
    };
    twice.map(problem).collect()
}

/// The IDs of one list, each with its key.
fn ids<'a>(
    list: &str,
    key: &str,
    ids: impl Iterator<Item = &'a str>,
) -> impl Iterator<Item = (String, &'a str)> {
    ids.enumerate().map(move |(index, id)| (format!("{list}.{index}.{key}"), id))
}

/// Queue IDs that cannot be dialed or that are also the number of a phone.
fn queue_numbers(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, queue) in file.queues.iter().enumerate() {
        let key = format!("queues.{index}.id");
        if let Err(error) = Number::new(queue.id.as_str()) {
            problems.push(lines.problem(&key, format!("is not a number that callers can dial: {error}")));
        }
        if let Some(agent) = file.agents.iter().find(|agent| agent.device() == queue.id.as_str()) {
            problems.push(lines.problem(
                &key,
                format!("is also the phone of agent {}; choose another number for the queue", agent.id),
            ));
        }
    }
    problems
}

fn has_password(plain: bool, hash: Option<&String>) -> bool {
    plain || hash.is_some()
}

/// Passwords that are missing or given twice, and invalid hashes.
fn passwords(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let agents = file.agents.iter().enumerate();
    let agents = agents.map(|(index, agent)| {
        (format!("agents.{index}"), agent.password.is_some(), agent.password_hash.as_ref())
    });
    let accounts = file.accounts.iter().enumerate();
    let accounts = accounts.map(|(index, account)| {
        (format!("accounts.{index}"), account.password.is_some(), account.password_hash.as_ref())
    });
    let mut problems = Vec::new();
    for (key, plain, hash) in accounts.clone() {
        if !has_password(plain, hash) {
            problems.push(lines.problem(
                &format!("{key}.password"),
                "is required; give password, password_file or password_hash",
            ));
        }
    }
    for (key, plain, hash) in agents.chain(accounts) {
        let key = format!("{key}.password_hash");
        if plain && hash.is_some() {
            problems.push(lines.problem(&key, "password is given too; delete one of them"));
        }
        if hash.is_some_and(|hash| !hub::auth::is_password_hash(hash)) {
            problems.push(
                lines.problem(&key, "is not an argon2id hash ($argon2id$v=19$m=…,t=…,p=…$salt$hash); make one with `cordboard hash-password`"),
            );
        }
    }
    problems
}

/// Accounts whose agent is not defined or missing.
fn agents_of_accounts(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let known = file.agents.iter().map(|agent| agent.id.as_str());
    let mut problems = Vec::new();
    for (index, account) in file.accounts.iter().enumerate() {
        match &account.agent {
            Some(agent) if !known.clone().any(|id| id == agent.as_str()) => {
                let text = format!(
                    "agent {:?} is not defined; {}",
                    agent.as_str(),
                    suggest(agent.as_str(), known.clone())
                );
                problems.push(lines.problem(&format!("accounts.{index}.agent"), text));
            }
            None if account.role == Role::Agent => {
                let text = "is required for an account with the role \"agent\"";
                problems.push(lines.problem(&format!("accounts.{index}.agent"), text));
            }
            Some(_) | None => {}
        }
    }
    problems
}
