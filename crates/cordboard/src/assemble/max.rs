//! The two ends of MAX that a configuration asks for, each with the name by which pages of ours reach it.

use anyhow::{Context, Result};
use hub::{
    Node,
    driver::{PageLimits, Relay, Transport},
};
use max::{Desk, Telephony};

use super::dialects::instance;
use crate::config::Config;

/// By this name the pages in frames of the desktop reach us.
const TELEPHONY: &str = "max";

/// By this name the pages reach us that stand in a real MAX.
const DESK: &str = "max-desk";

/// Both ends, as far as they are asked for.
pub(super) async fn relays(node: &Node, config: &Config) -> Result<Vec<(&'static str, Relay)>> {
    let telephony = telephony(node, config).await?;
    let desk = desk(node, config).await?;
    Ok(telephony.into_iter().chain(desk).collect())
}

/// Is MAX for pages in frames.
async fn telephony(node: &Node, config: &Config) -> Result<Option<(&'static str, Relay)>> {
    let Some(telephony) = &config.max.telephony else { return Ok(None) };
    let session = Telephony::new(telephony.session(), instance()?);
    let transport = Transport::Relay(PageLimits::default());
    let attached = node.attach(TELEPHONY, Box::new(session), transport).await?;
    Ok(attached.relay.map(|relay| (TELEPHONY, relay)))
}

/// Makes a switch of a real MAX.
async fn desk(node: &Node, config: &Config) -> Result<Option<(&'static str, Relay)>> {
    let Some(desk) = &config.max.desk else { return Ok(None) };
    let session = Desk::new(desk.session(), desk.id.clone(), instance()?).context("max.desk cannot start")?;
    let transport = Transport::Relay(PageLimits::default());
    let attached = node.attach_switch(desk.id.clone(), Box::new(session), transport).await?;
    Ok(attached.relay.map(|relay| (DESK, relay)))
}
