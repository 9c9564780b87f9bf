//! Makes a running node out of a configuration. The one place that knows every switch and every dialect.

mod ari;
mod crm_connector;
mod dialects;
mod failure;
mod floor;
mod harmony;
mod max;
pub(crate) mod signal;
pub(crate) mod tls;

use std::{fs, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use axum::Router;
use clap::Args;
use hub::{
    Handle, Node, Store,
    driver::{Browsers, HttpLimits, Relay},
    http::{HttpConfig, Mount},
};
use model::{AccountName, Principal, Role};
use store::sqlite::Unexpected;

pub(crate) use self::dialects::instance;
use crate::{
    client::{self, TokenFile},
    config::{self, Config},
    floor::Plan,
    web,
};

/// The file of the store within its folder.
const STORE_FILE: &str = "cordboard.db";

/// Whose token the tools of the node's own user have.
const LOCAL_ACCOUNT: &str = "local";

/// How long that token is good: longer than any process runs.
const LOCAL_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

// What to do when the store does not have the journal that was there before. No doc comment: clap would show it as the command's own.
#[derive(Debug, Args)]
pub(crate) struct JournalChoice {
    /// Start although the database is missing, older or another one than at the last start. What is there goes on as a new journal.
    #[arg(long)]
    accept_journal: bool,
}

impl JournalChoice {
    fn unexpected(&self) -> Unexpected {
        if self.accept_journal { Unexpected::Accept } else { Unexpected::Refuse }
    }
}

/// A node that runs.
pub(crate) struct Running {
    node: Node,
    places: Places,
    token: TokenFile,
}

/// Where a node can be reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    /// The native API.
    pub(crate) http: SocketAddr,
    /// Callouts of Oracle EBS.
    pub(crate) uwq: Option<SocketAddr>,
    /// Clients of the first Harmony bridge.
    pub(crate) harmony: Option<SocketAddr>,
}

/// Starts a node. What the plan asks for is there before anybody is served.
pub(crate) async fn start(config: &Config, plan: Option<Plan>, journal: &JournalChoice) -> Result<Running> {
    let node = Node::start(config.limits.node(), open(&config.store, journal)?)?;
    match furnish(&node, config, plan).await {
        Ok((places, token)) => Ok(Running { node, places, token }),
        Err(error) => {
            // The first error is the one to tell.
            drop(node.stop().await);
            Err(error)
        }
    }
}

impl Running {
    /// Where it can be reached.
    pub(crate) fn places(&self) -> Places {
        self.places
    }

    /// Runs until a signal says to stop, or the node fails.
    pub(crate) async fn until_stopped(self) -> Result<()> {
        let Self { node, token, .. } = self;
        let ended = tokio::select! {
            signal = signal::stop() => signal.map(|signal| tracing::info!(signal, "stopping")).map_err(Into::into),
            error = node.failed() => Err(error.into()),
        };
        drop(token);
        let stopped = node.stop().await;
        ended.and(stopped.map_err(Into::into))
    }
}

fn open(store: &config::Store, journal: &JournalChoice) -> Result<Store> {
    let path = &store.path;
    fs::create_dir_all(path).with_context(|| format!("the folder {} cannot be made", path.display()))?;
    let opened = store::sqlite::open_or(&path.join(STORE_FILE), journal.unexpected());
    let opened = opened.map_err(failure::store);
    let (writer, reader) =
        opened.with_context(|| format!("the store in {} cannot be opened", path.display()))?;
    Ok(Store { writer: Box::new(writer), reader: Arc::new(reader) })
}

/// Gives a node its floor, its switches, its dialects, and at last its API.
async fn furnish(node: &Node, config: &Config, plan: Option<Plan>) -> Result<(Places, TokenFile)> {
    let handle = node.handle();
    let floor = floor::take_on(&handle, plan).await?;
    let simulated = dialects::simulated(node, config, &floor).await?;
    let talisma = dialects::talisma_desk(node, config).await?;
    dialects::talisma_telephony(node, config).await?;
    let uwq = dialects::telephony(node, config).await?;
    dialects::desks(node, config).await?;
    let mounts = simulated.into_iter().chain(talisma).collect();
    let harmony = harmony::bridges(node, config).await?;
    harmony::clients(node, config).await?;
    ari::switches(node, config).await?;
    let mut relays = max::relays(node, config).await?;
    relays.extend(crm_connector::relays(node, config).await?);
    let pages = web::pages(handle.clone(), config.crm_connector.hosted(), config.max.origins());
    let http = serve(node, config, mounts, relays, pages).await?;
    let token = token(&handle, http)?;
    Ok((Places { http, uwq, harmony }, token))
}

async fn serve(
    node: &Node,
    config: &Config,
    mounts: Vec<Mount>,
    relays: Vec<(&'static str, Relay)>,
    pages: Router,
) -> Result<SocketAddr> {
    let http = &config.http;
    let limits = HttpLimits {
        policy: config.network.policy(&config.talisma.public_host(), Browsers::default()),
        connections_max: http.connections_max,
        per_peer_max: http.connections_per_peer_max,
        head_within: http.request_timeout.duration(),
        body_within: http.request_timeout.duration(),
        ..HttpLimits::default()
    };
    let origins = http.origins.iter().map(|origin| origin.as_str().to_owned()).collect();
    let served = HttpConfig { limits, origins, mounts, relays, pages: Some(pages) };
    if let Some(tls) = &http.tls {
        serve_over_tls(node, tls, served.clone()).await?;
    }
    let bound = node.serve_http(http.listen.socket(), served).await;
    bound.map_err(|error| failure::listener("http.listen", Some("--http-port"), error))
}

async fn serve_over_tls(node: &Node, http: &config::HttpTls, served: HttpConfig) -> Result<()> {
    let shown = tls::server((Some(&http.certificate), Some(&http.key)), None);
    let Some(shown) = shown.context("http.tls cannot be used")? else { return Ok(()) };
    let bound = node.serve_https(http.listen.socket(), served, shown).await;
    bound.map(drop).map_err(|error| failure::listener("http.tls.listen", None, error))
}

/// A token for the tools of the node's own user.
fn token(handle: &Handle, http: SocketAddr) -> Result<TokenFile> {
    let account = AccountName::new(LOCAL_ACCOUNT)?;
    let token = handle.auth().give(Principal { account, role: Role::Admin, agent: None }, LOCAL_LIFE)?;
    TokenFile::write(&client::Node::at(http), &token.text).context("the token file cannot be written")
}
