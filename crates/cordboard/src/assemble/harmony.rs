//! The two ends of Harmony's processor bridge that a configuration asks for.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use harmony::{Desk, Telephony};
use hub::{
    Node,
    driver::{LinkLimits, Transport},
};

use super::{dialects::instance, failure, tls};
use crate::config::Config;

/// Makes switches of CTI clients that connect to bridges of ours; says where the first bridge listens.
pub(super) async fn bridges(node: &Node, config: &Config) -> Result<Option<SocketAddr>> {
    let mut first = None;
    for desk in &config.harmony.desk {
        let context = || format!("harmony.desk {} cannot start", desk.id);
        let session = Desk::new(desk.session(), desk.id.clone(), instance()?).with_context(context)?;
        let shown = (desk.tls_certificate.as_ref(), desk.tls_key.as_ref());
        let tls = tls::server(shown, desk.tls_client_ca.as_ref()).with_context(context)?;
        let allow = desk.allow.clone();
        let limits = LinkLimits { allow, ..LinkLimits::default() };
        let transport = Transport::Accept { address: desk.listener(), limits, tls };
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
        let shown = (end.tls_certificate.as_ref(), end.tls_key.as_ref());
        let tls = tls::client(end.tls_ca.as_ref(), shown).with_context(context)?;
        let transport = Transport::Dial { limits: LinkLimits::default(), tls };
        node.attach(&format!("harmony-{}", end.processor), Box::new(session), transport).await?;
    }
    Ok(())
}
