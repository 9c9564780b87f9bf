//! Applies the floor file at the start of a node.

use std::sync::Arc;

use anyhow::Result;
use hub::{Handle, node::FloorChange};
use model::Floor;

use crate::floor::{self, Plan};

/// Applies the plan if there is one, and returns the floor.
pub(super) async fn apply(handle: &Handle, plan: Option<Plan>) -> Result<Arc<Floor>> {
    let Some(Plan { floor, accounts, contacts }) = plan else {
        return Ok(handle.floor().await?);
    };
    let floor = Arc::new(floor);
    let stored = handle.read(|reader| reader.accounts()).await?;
    let accounts = (!accounts.is_empty()).then(|| floor::hash_all(accounts, &stored)).transpose()?;
    handle.put_floor(FloorChange { floor: Arc::clone(&floor), accounts, contacts }).await?;
    for (key, warning) in numbers::warnings(&floor) {
        tracing::warn!(key, warning, "the floor file has a risk");
    }
    tracing::info!(agents = floor.agents.len(), queues = floor.queues.len(), "floor file applied");
    let floor = handle.floor().await?;
    warn_of_retiring(&floor);
    Ok(floor)
}

/// Logs agents and queues that are missing from the file and still in use.
fn warn_of_retiring(floor: &Floor) {
    for agent in &floor.retiring.agents {
        tracing::warn!(%agent, "agent deleted from the floor; it finishes its interactions first");
    }
    for queue in &floor.retiring.queues {
        tracing::warn!(%queue, "queue deleted from the floor; its waiting calls are still served");
    }
}
