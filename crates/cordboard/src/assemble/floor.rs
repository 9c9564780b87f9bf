//! The floor with which a node starts.

use std::sync::Arc;

use anyhow::Result;
use hub::{Handle, node::FloorChange};
use model::Floor;

use crate::floor::{self, Plan};

/// Takes the plan on where there is one, and gives the floor.
pub(super) async fn take_on(handle: &Handle, plan: Option<Plan>) -> Result<Arc<Floor>> {
    let Some(Plan { floor, accounts, contacts }) = plan else {
        return Ok(Arc::new(handle.read(|reader| reader.floor()).await?.unwrap_or_default()));
    };
    let floor = Arc::new(floor);
    let kept = handle.read(|reader| reader.accounts()).await?;
    let accounts = (!accounts.is_empty()).then(|| floor::hash_all(accounts, &kept)).transpose()?;
    handle.put_floor(FloorChange { floor: Arc::clone(&floor), accounts, contacts }).await?;
    for (key, warning) in numbers::warnings(&floor) {
        tracing::warn!(key, warning, "the floor is not as safe as it could be");
    }
    tracing::info!(agents = floor.agents.len(), queues = floor.queues.len(), "took the floor file on");
    Ok(floor)
}
