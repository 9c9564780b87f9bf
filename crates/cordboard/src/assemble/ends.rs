//! The ends of dialects that a configuration asks for, as sessions of a node.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context as _, Result, anyhow};
use compact_str::CompactString;
use hub::{
    Node,
    driver::{AttachedHttp, PageLimits, Relay},
    http::{EndView, Mount},
};
use model::Floor;
use session::dialect::{BoundSession, Configured, Context, HttpBinding, HttpPath, PageRelay};
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
    /// All ends, for people to see.
    pub(super) ends: Vec<EndView>,
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
        served.attach(node, &config.node.network, configured, floor).await?;
    }
    Ok(served)
}

impl Served {
    async fn attach(
        &mut self,
        node: &Node,
        network: &Network,
        configured: &Configured,
        floor: &Arc<Floor>,
    ) -> Result<()> {
        let end = &configured.end;
        let cannot_start = || format!("{} cannot start", configured.path);
        let context = Context { instance: instance()?, floor: Arc::clone(floor) };
        let plugged =
            end.bind(&context).map_err(|finding| anyhow!(finding.text)).with_context(cannot_start)?;
        let (name, switch) = (configured.name(), end.switch().cloned());
        let address = match plugged {
            BoundSession::Http(way, session) => {
                let how = transport::http(&way, network).with_context(cannot_start)?;
                let attached = node.attach_as(&name, switch, session, how).await;
                attached.map(|attached| self.serve(way, attached))
            }
            BoundSession::Stream(way, session) => {
                let how = transport::stream(way).with_context(cannot_start)?;
                node.attach_as(&name, switch, session, how).await
            }
            BoundSession::WebSocket(client, session) => {
                let how = transport::socket(client);
                node.attach_as(&name, switch, session, how).await.map(|()| None)
            }
            BoundSession::Pages(PageRelay { name: relay, origins }, session) => {
                let attached = node.attach_as(&name, switch, session, PageLimits::default()).await;
                attached.map(|attached| {
                    self.relays.push((relay, attached));
                    self.origins.push((relay, origins));
                    None
                })
            }
        };
        let address = address.map_err(|error| match end.binding().listen() {
            Some(listen) => failure::listener(&format!("{}.{}", configured.section(), listen.key), error),
            None => error.into(),
        })?;
        self.ends.push(shown(configured, address));
        let listening = |address| Listening { configured: configured.clone(), address };
        self.listening.extend(address.map(listening));
        Ok(())
    }

    /// Serves what comes under a path; gives the address of a listener of the end's own.
    fn serve(&mut self, way: HttpBinding, attached: AttachedHttp) -> Option<SocketAddr> {
        if let HttpBinding::Path(HttpPath { path, roles, hosts, .. }) = way {
            self.mounts.push(Mount { path, roles, inlet: attached.inlet });
            self.hosts.extend(hosts);
        }
        attached.address
    }
}

/// An end as people see it; `bound` is where it listens.
pub(crate) fn shown(configured: &Configured, bound: Option<SocketAddr>) -> EndView {
    let (end, way) = (&configured.end, configured.end.binding());
    let address = bound.or_else(|| way.listen().map(|listen| listen.address));
    EndView {
        section: configured.path.clone(),
        product: configured.dialect.product.to_owned(),
        transport: way.kind().to_owned(),
        switch: end.switch().cloned(),
        address: address.map(|address| way.url(address)),
        summary: end.summary(),
    }
}

/// Another one in each process.
pub(crate) fn instance() -> Result<Uuid> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the machine gives no randomness")?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
