//! What can be wrong with a floor file although every value can be read.

use std::collections::{BTreeMap, BTreeSet};

use model::{Number, Role};
use settings::{Lines, Problem, suggest};

use super::{
    entries::{AgentEntry, FloorFile},
    password,
};

/// Everything that is wrong.
pub(super) fn check(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(twice(file, lines));
    problems.extend(queues_that_are_not_there(file, lines));
    problems.extend(queue_numbers(file, lines));
    problems.extend(passwords(file, lines));
    problems.extend(agents_of_accounts(file, lines));
    problems
}

/// Ids of one kind, each with its key.
type Ids<'a> = Vec<(String, &'a str)>;

fn ids<'a>(list: &str, key: &str, ids: impl Iterator<Item = &'a str>) -> Ids<'a> {
    ids.enumerate().map(|(index, id)| (format!("{list}.{index}.{key}"), id)).collect()
}

/// Nothing stands twice.
fn twice(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let agents = ids("agents", "id", file.agents.iter().map(|agent| agent.id.as_str()));
    let with_account =
        |agent: &&AgentEntry| has_password(agent.password.is_some(), agent.password_hash.as_ref());
    let with_account: BTreeSet<_> =
        file.agents.iter().filter(with_account).map(|agent| agent.id.as_str()).collect();
    let mut accounts: Ids<'_> = agents.iter().filter(|(_, id)| with_account.contains(id)).cloned().collect();
    // An agent that stands twice is told as such.
    accounts.sort_by_key(|(_, id)| *id);
    accounts.dedup_by_key(|(_, id)| *id);
    accounts.extend(ids("accounts", "name", file.accounts.iter().map(|account| account.name.as_str())));
    let acd_ids = file
        .agents
        .iter()
        .enumerate()
        .filter_map(|(index, agent)| Some((format!("agents.{index}.acd_id"), agent.acd_id.as_deref()?)));
    let talisma_ids = file.agents.iter().enumerate().filter_map(|(index, agent)| {
        Some((format!("agents.{index}.peer_ids.talisma"), agent.peer_ids.get("talisma")?.as_str()))
    });
    let kinds = [
        ("agent", agents),
        ("ACD id", acd_ids.collect()),
        ("Talisma user id", talisma_ids.collect()),
        ("account", accounts),
        ("queue", ids("queues", "id", file.queues.iter().map(|queue| queue.id.as_str()))),
        ("reason", ids("reasons", "code", file.reasons.iter().map(|reason| reason.code.as_str()))),
        (
            "disposition",
            ids("dispositions", "code", file.dispositions.iter().map(|entry| entry.code.as_str())),
        ),
        ("script", ids("scripts", "name", file.scripts.iter().map(|script| script.name.as_str()))),
        ("record type", ids("records", "type", file.records.iter().map(|record| record.r#type.as_str()))),
        ("page", ids("pages", "id", file.pages.iter().map(|page| page.id.as_str()))),
        ("contact", ids("contacts", "id", file.contacts.iter().map(|contact| contact.id.as_str()))),
    ];
    kinds.into_iter().flat_map(|(what, ids)| repeated(what, ids, lines)).collect()
}

fn repeated(what: &str, ids: Ids<'_>, lines: &Lines) -> Vec<Problem> {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for (key, id) in ids {
        if let Some(other) = first.get(id) {
            problems.push(lines.problem(&key, format!("{what} {id:?} stands twice; the first is {other}")));
        } else {
            first.insert(id, key);
        }
    }
    problems
}

/// Whoever has queues has queues of the file.
fn queues_that_are_not_there(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let known = file.queues.iter().map(|queue| queue.id.as_str());
    let agents = file.agents.iter().map(|agent| &agent.queues).enumerate();
    let pages = file.pages.iter().map(|page| &page.queues).enumerate();
    let agents = agents.map(|(index, queues)| (format!("agents.{index}.queues"), queues));
    let pages = pages.map(|(index, queues)| (format!("pages.{index}.queues"), queues));
    let mut problems = Vec::new();
    for (key, queues) in agents.chain(pages) {
        for queue in queues.iter().filter(|queue| !known.clone().any(|id| id == queue.as_str())) {
            let hint = suggest(queue.as_str(), known.clone());
            problems.push(lines.problem(&key, format!("there is no queue {:?}; {hint}", queue.as_str())));
        }
    }
    problems
}

/// A queue's id can be dialled, and reaches no phone.
fn queue_numbers(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, queue) in file.queues.iter().enumerate() {
        let key = format!("queues.{index}.id");
        if let Err(error) = Number::new(queue.id.as_str()) {
            problems.push(lines.problem(&key, format!("is what callers dial: {error}")));
        }
        if let Some(agent) = file.agents.iter().find(|agent| agent.device() == queue.id.as_str()) {
            problems.push(lines.problem(
                &key,
                format!("is the phone of agent {} as well; give the queue another number", agent.id),
            ));
        }
    }
    problems
}

fn has_password(plain: bool, hash: Option<&String>) -> bool {
    plain || hash.is_some()
}

/// Passwords are given once, and hashes are hashes.
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
            problems.push(lines.problem(&format!("{key}.password"), "must be given, or password_hash"));
        }
    }
    for (key, plain, hash) in agents.chain(accounts) {
        let key = format!("{key}.password_hash");
        if plain && hash.is_some() {
            problems.push(lines.problem(&key, "password is given as well; keep one of them"));
        }
        if hash.is_some_and(|hash| !password::is_hash(hash)) {
            problems.push(
                lines.problem(&key, "is no argon2id PHC string ($argon2id$v=19$m=…,t=…,p=…$salt$hash)"),
            );
        }
    }
    problems
}

/// An account's agent is there, and an agent's account has one.
fn agents_of_accounts(file: &FloorFile, lines: &Lines) -> Vec<Problem> {
    let known = file.agents.iter().map(|agent| agent.id.as_str());
    let mut problems = Vec::new();
    for (index, account) in file.accounts.iter().enumerate() {
        match &account.agent {
            Some(agent) if !known.clone().any(|id| id == agent.as_str()) => {
                let text = format!(
                    "there is no agent {:?}; {}",
                    agent.as_str(),
                    suggest(agent.as_str(), known.clone())
                );
                problems.push(lines.problem(&format!("accounts.{index}.agent"), text));
            }
            None if account.role == Role::Agent => {
                let text = "must be given: an account of role \"agent\" works as an agent";
                problems.push(lines.problem(&format!("accounts.{index}.agent"), text));
            }
            Some(_) | None => {}
        }
    }
    problems
}
