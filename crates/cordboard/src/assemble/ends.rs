//! The ends of dialects that a configuration asks for, as sessions of a node.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context as _, Result, anyhow};
use compact_str::CompactString;
use hub::{
    Node,
    driver::{Attached, Relay},
    http::Mount,
};
use model::Floor;
use session::dialect::{Configured, Context, HttpPath, Transport};
use uuid::Uuid;

use super::{failure, transport};
use crate::config::{Config, Network};

/// What the API's server serves for the ends, and where the others listen.
#[derive(Default)]
pub(super) struct Served {
    /// Paths.
    pub(super) mounts: Vec<Mount>,
    /// Relays of pages, by name.
    pub(super) relays: Vec<(&'static str, Relay)>,
    /// Origins that the pages of a relay show, or that show them.
    pub(super) origins: Vec<(&'static str, Vec<String>)>,
    /// Names by which peers address the server.
    pub(super) hosts: Vec<CompactString>,
    /// Listeners.
    pub(super) listening: Vec<Listening>,
}

/// An end that listens.
#[derive(Debug, Clone)]
pub(crate) struct Listening {
    /// Which.
    pub(crate) configured: Configured,
    /// Where.
    pub(crate) address: SocketAddr,
}

/// Runs every end.
pub(super) async fn run(node: &Node, config: &Config, floor: &Arc<Floor>) -> Result<Served> {
    let mut served = Served::default();
    for configured in &config.ends {
        let attached = attach(node, &config.node.network, configured, floor).await?;
        served.add(configured, attached);
    }
    Ok(served)
}

async fn attach(
    node: &Node,
    network: &Network,
    configured: &Configured,
    floor: &Arc<Floor>,
) -> Result<Attached> {
    let end = &configured.end;
    let cannot_start = || format!("{} cannot start", configured.path);
    let context = Context { instance: instance()?, floor: Arc::clone(floor) };
    let session =
        end.session(&context).map_err(|finding| anyhow!(finding.text)).with_context(cannot_start)?;
    let declared = end.transport();
    let listen = declared.listen();
    let transport = transport::of(declared, network).with_context(cannot_start)?;
    let attached = match end.switch() {
        Some(switch) => node.attach_switch(switch.clone(), session, transport).await,
        None => node.attach(&configured.name(), session, transport).await,
    };
    attached.map_err(|error| match listen {
        Some(listen) => failure::listener(&format!("{}.{}", configured.section(), listen.key), error),
        None => error.into(),
    })
}

impl Served {
    fn add(&mut self, configured: &Configured, attached: Attached) {
        let transport = configured.end.transport();
        if let Transport::HttpPath(HttpPath { path, roles, hosts, .. }) = transport {
            self.mounts.push(Mount { path, roles, inlet: attached.inlet });
            self.hosts.extend(hosts);
        } else if let Transport::PageRelay { name, origins } = transport {
            self.relays.extend(attached.relay.map(|relay| (name, relay)));
            self.origins.push((name, origins));
        }
        let listening = |address| Listening { configured: configured.clone(), address };
        self.listening.extend(attached.address.map(listening));
    }
}

/// Another one in each process.
pub(crate) fn instance() -> Result<Uuid> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the machine gives no randomness")?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
