//! Starts a node from a configuration.

mod ends;
mod failure;
mod floor;
pub(crate) mod signal;
pub(crate) mod tls;
mod transport;

use std::{fs, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use clap::Args;
use hub::{
    Handle, Node, Store,
    driver::{Browsers, HttpLimits},
    http::HttpConfig,
};
use model::{AccountName, Principal, Role};
use session::dialect::TlsFiles;
use store::sqlite::Unexpected;

use self::ends::Served;
pub(crate) use self::ends::{Listening, instance, shown};
use crate::{
    client::{self, TokenFile},
    config::{self, Config, NodeSettings},
    floor::Plan,
    web,
};

/// The name of the database in its folder.
const STORE_FILE: &str = "cordboard.db";

/// The account of commands that run as the same user as the node.
const LOCAL_ACCOUNT: &str = "local";

/// How long the token of that account is valid: longer than any process runs.
const LOCAL_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

// What to do when the database does not have the journal of the last start. No doc comment: clap would show it as the command's description.
#[derive(Debug, Args)]
pub(crate) struct JournalChoice {
    /// Start even if the database is missing, older than at the last start, or another one. It continues with a new journal.
    #[arg(long)]
    accept_journal: bool,
}

impl JournalChoice {
    fn unexpected(&self) -> Unexpected {
        if self.accept_journal { Unexpected::Accept } else { Unexpected::Refuse }
    }
}

/// A running node.
pub(crate) struct Running {
    node: Node,
    places: Places,
    token: TokenFile,
}

/// The addresses of a node.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The native API.
    pub(crate) http: SocketAddr,
    /// The listeners of ends.
    pub(crate) ends: Vec<Listening>,
}

/// Starts a node. It applies the plan before it accepts connections.
pub(crate) async fn start(config: &Config, plan: Option<Plan>, journal: &JournalChoice) -> Result<Running> {
    let node = Node::start(config.node.limits.node(), open(&config.node.store, journal)?)?;
    match furnish(&node, config, plan).await {
        Ok((places, token)) => Ok(Running { node, places, token }),
        Err(error) => {
            // The first error is the one to report.
            drop(node.stop().await);
            Err(error)
        }
    }
}

impl Running {
    /// The addresses of the node.
    pub(crate) fn places(&self) -> &Places {
        &self.places
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
    fs::create_dir_all(path).with_context(|| format!("cannot create the folder {}", path.display()))?;
    let opened = store::sqlite::open_or(&path.join(STORE_FILE), journal.unexpected());
    let opened = opened.map_err(failure::store);
    let (writer, reader) =
        opened.with_context(|| format!("cannot open the database in {}", path.display()))?;
    Ok(Store { writer: Box::new(writer), reader: Arc::new(reader) })
}

/// Applies the floor, starts the ends, and finally the API.
async fn furnish(node: &Node, config: &Config, plan: Option<Plan>) -> Result<(Places, TokenFile)> {
    let handle = node.handle();
    let floor = floor::apply(&handle, plan).await?;
    let mut served = ends::run(node, config, &floor).await?;
    let ends = std::mem::take(&mut served.listening);
    let http = serve(node, &config.node, served).await?;
    let token = token(&handle, http)?;
    Ok((Places { http, ends }, token))
}

async fn serve(node: &Node, config: &NodeSettings, ends: Served) -> Result<SocketAddr> {
    let http = &config.http;
    let limits = HttpLimits {
        policy: config.network.policy(&ends.hosts, Browsers::default()),
        connections_max: http.connections_max,
        per_peer_max: http.connections_per_peer_max,
        head_within: http.request_timeout.duration(),
        body_within: http.request_timeout.duration(),
        ..HttpLimits::default()
    };
    let origins = http.origins.iter().map(|origin| origin.as_str().to_owned()).collect();
    let pages = Some(web::pages(node.handle(), ends.origins.iter().cloned().collect()));
    let Served { mounts, relays, ends, .. } = ends;
    let served = HttpConfig { limits, origins, mounts, relays, ends, pages };
    if let Some(tls) = &http.tls {
        serve_over_tls(node, tls, served.clone()).await?;
    }
    let bound = node.serve_http(http.listen.socket(), served).await;
    bound.map_err(|error| failure::listener("http.listen", error))
}

async fn serve_over_tls(node: &Node, http: &config::HttpTls, served: HttpConfig) -> Result<()> {
    let (certificate, key) = (Some(http.certificate.clone()), Some(http.key.clone()));
    let shown = tls::server(&TlsFiles { certificate, key, authority: None });
    let Some(shown) = shown.context("http.tls is not usable")? else { return Ok(()) };
    let bound = node.serve_https(http.listen.socket(), served, shown).await;
    bound.map(drop).map_err(|error| failure::listener("http.tls.listen", error))
}

/// Writes a token for commands that run as the same user as the node.
fn token(handle: &Handle, http: SocketAddr) -> Result<TokenFile> {
    let account = AccountName::new(LOCAL_ACCOUNT)?;
    let token = handle.auth().give(Principal { account, role: Role::Admin, agent: None }, LOCAL_LIFE)?;
    TokenFile::write(&client::Node::at(http), &token.text).context("cannot write the token file")
}
