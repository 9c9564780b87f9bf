//! The two ends of MAX that a configuration asks for, each with the name by which pages of ours reach it.

use anyhow::Result;
use hub::{
    Node,
    driver::{PageLimits, Relay, Transport},
};
use max::Telephony;

use super::dialects::instance;
use crate::config::Config;

/// By this name the pages in frames of the desktop reach us.
const TELEPHONY: &str = "max";

/// Is MAX for pages in frames.
pub(super) async fn telephony(node: &Node, config: &Config) -> Result<Option<(&'static str, Relay)>> {
    let Some(telephony) = &config.max.telephony else { return Ok(None) };
    let session = Telephony::new(telephony.session(), instance()?);
    let transport = Transport::Relay(PageLimits::default());
    let attached = node.attach(TELEPHONY, Box::new(session), transport).await?;
    Ok(attached.relay.map(|relay| (TELEPHONY, relay)))
}
