//! The two ends of Harmony's processor bridge that a configuration asks for.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use harmony::{Desk, Telephony};
use hub::{
    Node,
    driver::{ClientTls, LinkLimits, ServerTls, Transport},
};

use super::{dialects::instance, failure, read};
use crate::config::{Config, HarmonyDesk, HarmonyTelephony};

/// Makes switches of CTI clients that connect to bridges of ours; says where the first bridge listens.
pub(super) async fn bridges(node: &Node, config: &Config) -> Result<Option<SocketAddr>> {
    let mut first = None;
    for desk in &config.harmony.desk {
        let context = || format!("harmony.desk {} cannot start", desk.id);
        let session = Desk::new(desk.session(), desk.id.clone(), instance()?).with_context(context)?;
        let tls = server_tls(desk).with_context(context)?;
        let transport = Transport::Accept { address: desk.listener(), limits: LinkLimits::default(), tls };
        let attached = node.attach_switch(desk.id.clone(), Box::new(session), transport).await;
        let attached = attached
            .map_err(|error| failure::listener("harmony.desk.listen", Some("--harmony-port"), error))?;
        first = first.or(attached.address);
    }
    Ok(first)
}

/// Is the CTI client of Harmony servers.
pub(super) async fn clients(node: &Node, config: &Config) -> Result<()> {
    for end in &config.harmony.telephony {
        let context = || format!("harmony.telephony {} cannot start", end.processor);
        let session = Telephony::new(end.session(), instance()?).with_context(context)?;
        let tls = client_tls(end).with_context(context)?;
        let transport = Transport::Dial { limits: LinkLimits::default(), tls };
        node.attach(&format!("harmony-{}", end.processor), Box::new(session), transport).await?;
    }
    Ok(())
}

fn server_tls(desk: &HarmonyDesk) -> Result<Option<ServerTls>> {
    let Some((chain, key)) = desk.tls_certificate.as_deref().zip(desk.tls_key.as_deref()) else {
        return Ok(None);
    };
    let client_ca = desk.tls_client_ca.as_deref().map(read).transpose()?;
    Ok(Some(ServerTls::new(&read(chain)?, &read(key)?, client_ca.as_deref())?))
}

fn client_tls(end: &HarmonyTelephony) -> Result<Option<ClientTls>> {
    let Some(ca) = end.tls_ca.as_deref() else { return Ok(None) };
    let own = end.tls_certificate.as_deref().zip(end.tls_key.as_deref());
    let own = own.map(|(chain, key)| anyhow::Ok((read(chain)?, read(key)?))).transpose()?;
    let own = own.as_ref().map(|(chain, key)| (chain.as_slice(), key.as_slice()));
    Ok(Some(ClientTls::new(&read(ca)?, own)?))
}
