//! Starts the configured ends of dialects as sessions of a node.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context as _, Result, anyhow};
use compact_str::CompactString;
use hub::{
    Node,
    driver::{AttachedHttp, PageLimits, Relay},
    http::{EndView, Mount},
};
use model::Floor;
use session::dialect::{Binding, BoundSession, Configured, Context, HttpBinding, HttpPath, PageRelay};
use uuid::Uuid;

use super::{failure, tls::Certificates, transport};
use crate::config::{Config, Network};

/// What the HTTP server of the API serves for the ends, and the listeners of the ends.
#[derive(Default)]
pub(super) struct Served {
    /// Paths of the HTTP server that belong to ends.
    pub(super) mounts: Vec<Mount>,
    /// Relays for pages, with their names.
    pub(super) relays: Vec<(&'static str, Relay)>,
    /// For each relay: the origins that its pages show in frames, or that show its pages.
    pub(super) origins: Vec<(&'static str, Vec<String>)>,
    /// The certificates of listeners and links.
    pub(super) certificates: Certificates,
    /// Listeners of ends.
    pub(super) listening: Vec<Listening>,
    /// All ends, for the API.
    pub(super) ends: Vec<EndView>,
}

/// An end that listens.
#[derive(Debug, Clone)]
pub(crate) struct Listening {
    /// The end.
    pub(crate) configured: Configured,
    /// The address of its listener.
    pub(crate) address: SocketAddr,
}

/// Starts all ends.
pub(super) async fn run(
    node: &Node,
    config: &Config,
    floor: &Arc<Floor>,
    certificates: Certificates,
) -> Result<Served> {
    let mut served = Served { certificates, ..Served::default() };
    for configured in &config.ends {
        served.attach(node, &config.node.network, configured, floor).await?;
    }
    Ok(served)
}

/// Host names that peers of all ends use to reach the server of the API.
pub(super) fn hosts(config: &Config) -> Vec<CompactString> {
    let hosts = config.ends.iter().flat_map(|configured| match configured.end.binding() {
        Binding::Http(HttpBinding::Path(path)) => path.hosts,
        Binding::Http(HttpBinding::Listener(_) | HttpBinding::Client { .. })
        | Binding::Stream(_)
        | Binding::WebSocket(_)
        | Binding::Pages(_) => Vec::new(),
    });
    hosts.collect()
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
                let how =
                    transport::http(&way, network, &mut self.certificates).with_context(cannot_start)?;
                let attached = node.attach_as(&name, switch, session, how).await;
                attached.map(|attached| self.serve(way, attached))
            }
            BoundSession::Stream(way, session) => {
                let how = transport::stream(way, &mut self.certificates).with_context(cannot_start)?;
                node.attach_as(&name, switch, session, how).await
            }
            BoundSession::WebSocket(client, session) => {
                let how = transport::socket(client, &mut self.certificates).with_context(cannot_start)?;
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

    /// Adds an end that has a path of the HTTP server. Returns the address of an end that has its own listener.
    fn serve(&mut self, way: HttpBinding, attached: AttachedHttp) -> Option<SocketAddr> {
        if let HttpBinding::Path(HttpPath { path, any_case, roles, .. }) = way {
            self.mounts.push(Mount { path, any_case, roles, forwarder: attached.forwarder });
        }
        attached.address
    }
}

/// An end for the API. `bound` is the address of its listener.
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

/// A random ID, different in each process.
pub(crate) fn instance() -> Result<Uuid> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the operating system returns no random numbers")?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
