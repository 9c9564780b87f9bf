//! The two ends of the CRM Connector that a configuration asks for, each with the name by which pages of ours reach it.

use anyhow::{Context, Result};
use crm_connector::{Desk, Telephony};
use hub::{
    Node,
    driver::{PageLimits, Relay, Transport},
};

use super::dialects::instance;
use crate::config::Config;

/// By this name the connector's page reaches us.
const CONNECTOR: &str = "connector";
/// By this name the page that hosts somebody else's connector reaches us.
const CONNECTOR_DESK: &str = "connector-desk";

/// Runs both.
pub(super) async fn relays(node: &Node, config: &Config) -> Result<Vec<(&'static str, Relay)>> {
    let connector = connector(node, config).await?.map(|relay| (CONNECTOR, relay));
    let host = connector_desk(node, config).await?.map(|relay| (CONNECTOR_DESK, relay));
    Ok(connector.into_iter().chain(host).collect())
}

/// Is the connector in CRM pages.
async fn connector(node: &Node, config: &Config) -> Result<Option<Relay>> {
    let Some(end) = &config.crm_connector.telephony else { return Ok(None) };
    let session = Telephony::new(instance()?, end.pages_max);
    let transport = Transport::Relay(PageLimits::default());
    Ok(node.attach(CONNECTOR, Box::new(session), transport).await?.relay)
}

/// Makes a switch of somebody else's connector.
async fn connector_desk(node: &Node, config: &Config) -> Result<Option<Relay>> {
    let Some(desk) = &config.crm_connector.desk else { return Ok(None) };
    let session = Desk::new(desk.session(), desk.id.clone(), instance()?);
    let session = session.with_context(|| format!("crm_connector.desk {} cannot start", desk.id))?;
    let transport = Transport::Relay(PageLimits::default());
    Ok(node.attach_switch(desk.id.clone(), Box::new(session), transport).await?.relay)
}
