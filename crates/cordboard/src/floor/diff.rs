//! The changes that a floor file makes at a node.

use std::{collections::BTreeMap, fmt};

use model::{Contact, Floor};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Plan;

/// The current state of a node.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The floor.
    pub(crate) floor: Floor,
    /// The accounts: objects with `name`, `role` and sometimes `agent`.
    pub(crate) accounts: Vec<Value>,
    /// The contacts.
    pub(crate) contacts: Vec<Contact>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub(crate) enum Change {
    /// An entry is added.
    Added { what: &'static str, id: String },
    /// An entry is deleted.
    Removed { what: &'static str, id: String },
    /// A field of an entry changes.
    Changed { what: &'static str, id: String, field: String, from: Value, to: Value },
    /// Passwords are updated where they differ. Only the node can compare them.
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
                write!(out, "~ passwords of {accounts} accounts: updated where they differ")
            }
        }
    }
}

/// All changes from the current state to the plan.
pub(crate) fn compare(current: &State, plan: &Plan) -> Vec<Change> {
    // Entries that are being deleted are left out already.
    let (old, new) = (&current.floor.requested(), &plan.floor);
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
    changes.extend(accounts(current, plan));
    let contacts = lists("contact", "id", &current.contacts, &plan.contacts);
    changes.extend(contacts.into_iter().filter(|change| !matches!(change, Change::Removed { .. })));
    changes
}

/// The changes of accounts. A plan without accounts changes none.
fn accounts(current: &State, plan: &Plan) -> Vec<Change> {
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
    let mut changes = lists("account", "name", &current.accounts, &wanted);
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
        Ok(_) | Err(_) => unreachable!("every part of a floor is a JSON object"),
    }
}

/// The fields of the floor that are not lists.
fn itself(floor: &Floor) -> Map<String, Value> {
    object(&serde_json::json!({
        "country": floor.country,
        "wrap_up_ms": floor.wrap_up_ms,
        "desk_grace_ms": floor.desk_grace_ms,
        "switch_grace_ms": floor.switch_grace_ms,
        "crm_origins": floor.crm_origins,
        "image_origins": floor.image_origins,
        "frame_origins": floor.frame_origins,
    }))
}
