//! The sessions that pages of ours reach, each by the name of its relay.

use anyhow::{Context, Result};
use hub::{
    Node,
    driver::{PageLimits, Relay, Transport},
};

use super::instance;
use crate::config::Config;

/// Where the connector's page finds its session.
const CONNECTOR: &str = "connector";
/// Where the page that hosts somebody else's connector finds its session.
const CONNECTOR_DESK: &str = "connector-desk";

/// Runs them, and says where pages find them.
pub(super) async fn relays(node: &Node, config: &Config) -> Result<Vec<(&'static str, Relay)>> {
    let connector = connector(node, config).await?.map(|relay| (CONNECTOR, relay));
    let host = connector_desk(node, config).await?.map(|relay| (CONNECTOR_DESK, relay));
    Ok(connector.into_iter().chain(host).collect())
}

/// Is the connector in CRM pages.
async fn connector(node: &Node, config: &Config) -> Result<Option<Relay>> {
    if config.crm_connector.telephony.is_none() {
        return Ok(None);
    }
    let session = crm_connector::Telephony::new(instance()?);
    let transport = Transport::Relay(PageLimits::default());
    Ok(node.attach(CONNECTOR, Box::new(session), transport).await?.relay)
}

/// Makes a switch of somebody else's connector.
async fn connector_desk(node: &Node, config: &Config) -> Result<Option<Relay>> {
    let Some(desk) = &config.crm_connector.desk else { return Ok(None) };
    let session = crm_connector::Desk::new(desk.session(), desk.id.clone());
    let session = session.with_context(|| format!("crm_connector.desk {} cannot start", desk.id))?;
    let transport = Transport::Relay(PageLimits::default());
    Ok(node.attach_switch(desk.id.clone(), Box::new(session), transport).await?.relay)
}
