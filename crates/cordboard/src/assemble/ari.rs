//! The Asterisks that a configuration names.

use anyhow::{Context, Result};
use ari::Desk;
use hub::{
    Node,
    driver::{LinkLimits, Transport, WebSocketClient},
};

use super::dialects::instance;
use crate::config::Config;

/// Makes switches of Asterisks.
pub(super) async fn switches(node: &Node, config: &Config) -> Result<()> {
    for ari in &config.ari {
        let context = || format!("ari {} cannot start", ari.id);
        let session = ari.session().with_context(context)?;
        let client = WebSocketClient::new(session.authorization());
        let desk = Desk::new(session, ari.id.clone(), instance()?).with_context(context)?;
        let transport = Transport::WebSocket { limits: LinkLimits::default(), client };
        node.attach_switch(ari.id.clone(), Box::new(desk), transport).await?;
    }
    Ok(())
}
