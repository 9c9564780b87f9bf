//! The entries of the audit trail about the configuration.

use std::collections::BTreeMap;

use anyhow::Result;
use hub::Handle;
use serde_json::{Map, Value, json};
use settings::Given;
use store::{Actor, AuditAction, AuditQuery};

/// Writes the keys that the configuration sets, and how they differ from those of the last start. The values of secrets are not in it.
pub(super) async fn loaded(handle: &Handle, given: &Given) -> Result<()> {
    let query =
        AuditQuery { action: Some(AuditAction::ConfigurationLoaded), limit: 1, ..AuditQuery::default() };
    let last = handle.read(move |reader| reader.audit(&query)).await?.pop();
    let before = last.and_then(|entry| entry.event.detail.get("settings")?.as_object().cloned());
    let settings: Map<String, Value> =
        given.iter().map(|(key, value)| (key.to_owned(), json!(value))).collect();
    let changed = before.map(|before| changes(&before, &settings));
    let detail = json!({ "version": env!("CARGO_PKG_VERSION"), "changed": changed, "settings": settings });
    let action = AuditAction::ConfigurationLoaded;
    Ok(handle.audit(handle.event(Actor::NODE, action, "configuration", detail)).await?)
}

/// Writes that certificates and configuration are read again. Fails only when the node is stopping.
pub(super) async fn reloaded(handle: &Handle) {
    let action = AuditAction::ConfigurationReloaded;
    handle.audit(handle.event(Actor::NODE, action, "configuration", json!({}))).await.ok();
}

/// The keys that differ, with both values.
fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> BTreeMap<String, Value> {
    let keys = before.keys().chain(after.keys());
    let different = keys.filter(|key| before.get(*key) != after.get(*key));
    different
        .map(|key| (key.clone(), json!({ "before": before.get(key), "after": after.get(key) })))
        .collect()
}
