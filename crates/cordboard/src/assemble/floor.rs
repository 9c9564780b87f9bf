//! The floor with which a node starts.

use std::sync::Arc;

use anyhow::Result;
use hub::{Handle, node::FloorChange};
use model::Floor;

use crate::floor::{self, Plan};

/// Takes the plan on where there is one, and gives the floor.
pub(super) async fn take_on(handle: &Handle, plan: Option<Plan>) -> Result<Arc<Floor>> {
    let Some(Plan { floor, accounts, contacts }) = plan else {
        return Ok(handle.floor().await?);
    };
    let floor = Arc::new(floor);
    let kept = handle.read(|reader| reader.accounts()).await?;
    let accounts = (!accounts.is_empty()).then(|| floor::hash_all(accounts, &kept)).transpose()?;
    handle.put_floor(FloorChange { floor: Arc::clone(&floor), accounts, contacts }).await?;
    for (key, warning) in numbers::warnings(&floor) {
        tracing::warn!(key, warning, "the floor is not as safe as it could be");
    }
    tracing::info!(agents = floor.agents.len(), queues = floor.queues.len(), "floor file applied");
    let floor = handle.floor().await?;
    warn_of_retiring(&floor);
    Ok(floor)
}

/// Says what the file no longer has and is still in use.
fn warn_of_retiring(floor: &Floor) {
    for agent in &floor.retiring.agents {
        tracing::warn!(%agent, "removed from the floor with something live: it finishes that first");
    }
    for queue in &floor.retiring.queues {
        tracing::warn!(%queue, "removed from the floor with calls waiting: they are still served");
    }
}
