//! What a floor file would change.

use std::{collections::BTreeMap, fmt};

use model::{Contact, Floor};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Plan;

/// What a node has.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Its floor.
    pub(crate) floor: Floor,
    /// Who may sign in: objects with `name`, `role` and perhaps `agent`.
    pub(crate) accounts: Vec<Value>,
    /// Its contacts.
    pub(crate) contacts: Vec<Contact>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub(crate) enum Change {
    /// It is not there yet.
    Added { what: &'static str, id: String },
    /// It is there and would go.
    Removed { what: &'static str, id: String },
    /// It is otherwise.
    Changed { what: &'static str, id: String, field: String, from: Value, to: Value },
    /// Passwords cannot be compared here: they would be set where they differ.
    PasswordsSet { accounts: usize },
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { what, id } => write!(out, "+ {what} {id}"),
            Self::Removed { what, id } => write!(out, "- {what} {id}"),
            Self::Changed { what, id, field, from, to } if id.is_empty() => {
                write!(out, "~ {what} {field}: {from} → {to}")
            }
            Self::Changed { what, id, field, from, to } => {
                write!(out, "~ {what} {id} {field}: {from} → {to}")
            }
            Self::PasswordsSet { accounts } => {
                write!(out, "~ passwords of {accounts} accounts are set where they differ")
            }
        }
    }
}

/// Everything that is otherwise: first what goes, comes or changes, at the end the passwords.
pub(crate) fn compare(has: &State, plan: &Plan) -> Vec<Change> {
    // What is being removed is on its way already.
    let (old, new) = (&has.floor.asked(), &plan.floor);
    let mut changes = Vec::new();
    changes.extend(fields("floor", "", &itself(old), &itself(new)));
    changes.extend(fields("dial policy", "", &object(&old.dial_policy), &object(&new.dial_policy)));
    changes.extend(lists("queue", "id", &old.queues, &new.queues));
    changes.extend(lists("agent", "id", &old.agents, &new.agents));
    changes.extend(lists("reason", "code", &old.reasons, &new.reasons));
    changes.extend(lists("disposition", "code", &old.dispositions, &new.dispositions));
    changes.extend(lists("script", "name", &old.scripts, &new.scripts));
    changes.extend(lists("record page", "type", &old.records, &new.records));
    changes.extend(lists("page", "id", &old.pages, &new.pages));
    changes.extend(accounts(has, plan));
    let contacts = lists("contact", "id", &has.contacts, &plan.contacts);
    changes.extend(contacts.into_iter().filter(|change| !matches!(change, Change::Removed { .. })));
    changes
}

/// Accounts that a plan does not speak of stay.
fn accounts(has: &State, plan: &Plan) -> Vec<Change> {
    if plan.accounts.is_empty() {
        return Vec::new();
    }
    let shown = |account: &super::PlannedAccount| {
        let mut shown = serde_json::json!({ "name": account.name, "role": account.role });
        if let Some(agent) = &account.agent {
            shown["agent"] = Value::from(agent.as_str());
        }
        shown
    };
    let wanted: Vec<Value> = plan.accounts.iter().map(shown).collect();
    let mut changes = lists("account", "name", &has.accounts, &wanted);
    changes.push(Change::PasswordsSet { accounts: wanted.len() });
    changes
}

fn lists<T: Serialize>(what: &'static str, key: &str, old: &[T], new: &[T]) -> Vec<Change> {
    let (old, new) = (by_id(key, old), by_id(key, new));
    let removed = old.keys().filter(|id| !new.contains_key(*id));
    let mut changes: Vec<Change> = removed.map(|id| Change::Removed { what, id: id.clone() }).collect();
    for (id, wanted) in &new {
        match old.get(id) {
            None => changes.push(Change::Added { what, id: id.clone() }),
            Some(had) => changes.extend(fields(what, id, had, wanted)),
        }
    }
    changes
}

fn by_id<T: Serialize>(key: &str, items: &[T]) -> BTreeMap<String, Map<String, Value>> {
    let entry = |item: &T| {
        let object = object(item);
        let id = object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        (id, object)
    };
    items.iter().map(entry).collect()
}

fn fields(what: &'static str, id: &str, old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<Change> {
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let value = |object: &Map<String, Value>, name: &String| object.get(name).cloned().unwrap_or(Value::Null);
    let changed = names.into_iter().filter(|name| value(old, name) != value(new, name));
    let change = |field: &String| Change::Changed {
        what,
        id: id.to_owned(),
        field: field.clone(),
        from: value(old, field),
        to: value(new, field),
    };
    changed.map(change).collect()
}

fn object<T: Serialize>(item: &T) -> Map<String, Value> {
    match serde_json::to_value(item) {
        Ok(Value::Object(object)) => object,
        Ok(_) | Err(_) => unreachable!("every part of a floor is an object of texts and numbers"),
    }
}

/// What the floor says beside its lists.
fn itself(floor: &Floor) -> Map<String, Value> {
    object(&serde_json::json!({
        "country": floor.country,
        "wrap_up_ms": floor.wrap_up_ms,
        "desk_grace_ms": floor.desk_grace_ms,
        "switch_grace_ms": floor.switch_grace_ms,
        "crm_origins": floor.crm_origins,
    }))
}
