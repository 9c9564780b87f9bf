//! Starts a node from a configuration.

mod audit;
mod disk;
mod ends;
mod failure;
pub(crate) mod files;
mod floor;
mod reload;
mod service;
pub(crate) mod signal;
pub(crate) mod tls;
mod transport;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use clap::Args;
use hub::{
    Handle, Node, Store,
    auth::oidc::{Oidc, OidcConfig},
    driver::{Browsers, HttpLimits},
    http::{ApiListener, HttpConfig},
};
use model::{AccountName, Principal, Role};
use session::dialect::TlsFiles;
use store::{Credential, SignInOrigin, sqlite::Unexpected};

use self::{ends::Served, tls::Certificates};
pub(crate) use self::{
    ends::{Listening, instance, shown},
    reload::Reload,
};
use crate::{
    client::{self, TokenFile},
    config::{self, Config},
    floor::Plan,
    web,
};

/// The name of the database in its folder.
pub(crate) const STORE_FILE: &str = "cordboard.db";

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
    certificates: Certificates,
    store: config::Store,
    drain: Duration,
}

/// The addresses of a node.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The native API.
    pub(crate) http: SocketAddr,
    /// The listeners of ends.
    pub(crate) ends: Vec<Listening>,
}

/// Starts a node. Its API listens first, and answers that the node is starting until the plan is applied.
pub(crate) async fn start(config: &Config, plan: Option<Plan>, journal: &JournalChoice) -> Result<Running> {
    service::starting();
    files::raise_limit(config.node.http.connections_max);
    let node = Node::start(config.node.node(), open(&config.node.store, journal)?)?;
    config::exposed(config).iter().for_each(|risk| tracing::warn!("{risk}"));
    match furnish(&node, config, plan).await {
        Ok(Furnished { places, token, certificates }) => {
            let (store, drain) = (config.node.store.clone(), config.node.limits.drain.duration());
            Ok(Running { node, places, token, certificates, store, drain })
        }
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

    /// Runs until a signal says to stop, or the node fails. `reload` is what SIGHUP reads again besides certificates.
    pub(crate) async fn until_stopped(self, mut reload: Option<Reload>) -> Result<()> {
        let Self { node, places, token, certificates, store, drain } = self;
        let handle = node.handle();
        // The answer passes through the core, the store and the fan-out.
        let answers = async || handle.floor().await.is_ok();
        let ended: Result<&str> = tokio::select! {
            // Signals are caught before the service manager is notified.
            biased;
            signal = signal::stop() => signal.map_err(Into::into),
            error = node.failed() => Err(error.into()),
            error = signal::hang_ups(async || {
                audit::reloaded(&handle).await;
                reload::hang_up(&certificates, reload.as_mut());
            }) => Err(error.into()),
            never = service::run(&places, answers) => match never {},
            never = disk::watch(node.handle(), store.path, store.low_bytes) => match never {},
        };
        service::stopping(&ended);
        if let Ok(signal) = ended {
            tracing::info!(signal, "stopping");
            until_drained(&node, drain).await;
        }
        drop(handle);
        drop(token);
        let stopped = node.stop().await;
        ended.and(stopped.map_err(Into::into))
    }
}

/// Continues to work for a while, and announces the end at `/readyz`, so that a load balancer sends clients to another node.
async fn until_drained(node: &Node, within: Duration) {
    if within.is_zero() {
        return;
    }
    node.drain();
    tracing::info!(?within, "draining; another signal stops the node immediately");
    tokio::select! {
        () = tokio::time::sleep(within) => {}
        _ = signal::stop() => {}
        _ = node.failed() => {}
    }
}

fn open(store: &config::Store, journal: &JournalChoice) -> Result<Store> {
    let path = &store.path;
    files::private_folder(path)?;
    let opened = store::sqlite::open_or(&path.join(STORE_FILE), journal.unexpected());
    let opened = opened.map_err(failure::store);
    let (writer, reader) =
        opened.with_context(|| format!("cannot open the database in {}", path.display()))?;
    Ok(Store { writer: Box::new(writer), reader: Arc::new(reader) })
}

/// The parts of a running node besides the node itself.
struct Furnished {
    places: Places,
    token: TokenFile,
    certificates: Certificates,
}

/// Opens the API, applies the floor, starts the ends, and finally serves the API.
async fn furnish(node: &Node, config: &Config, plan: Option<Plan>) -> Result<Furnished> {
    let handle = node.handle();
    let mut certificates = Certificates::default();
    let opened = OpenedApi::open(node, config, &mut certificates).await?;
    audit::loaded(&handle, &config.given).await?;
    let floor = floor::apply(&handle, plan).await?;
    let mut served = ends::run(node, config, &floor, certificates).await?;
    let (ends, certificates) =
        (std::mem::take(&mut served.listening), std::mem::take(&mut served.certificates));
    let http = opened.serve(node, served);
    let token = token(&handle, http)?;
    Ok(Furnished { places: Places { http, ends }, token, certificates })
}

/// The listeners of the API before it is served.
struct OpenedApi {
    config: HttpConfig,
    plain: ApiListener,
    tls: Option<ApiListener>,
}

impl OpenedApi {
    async fn open(node: &Node, config: &Config, certificates: &mut Certificates) -> Result<Self> {
        let http = &config.node.http;
        let oidc = config.node.oidc.as_ref().map(oidc).transpose()?;
        if let Some(oidc) = &oidc {
            node.handle().accept_persons(oidc.config()).await?;
        }
        let config = HttpConfig { oidc, ..http_config(config) };
        let tls = match &http.tls {
            Some(tls) => open_tls(node, tls, &config, certificates).await?,
            None => None,
        };
        let plain = node.open_http(http.listen.socket(), &config, None).await;
        let plain = plain.map_err(|error| failure::listener("http.listen", error))?;
        Ok(Self { config, plain, tls })
    }

    /// Serves the API with the ends. Returns the address without TLS.
    fn serve(self, node: &Node, ends: Served) -> SocketAddr {
        let pages = Some(web::pages(node.handle(), ends.origins.iter().cloned().collect()));
        let Served { mounts, relays, ends, .. } = ends;
        let served = HttpConfig { mounts, relays, ends, pages, ..self.config };
        if let Some(tls) = self.tls {
            tls.serve(served.clone());
        }
        self.plain.serve(served)
    }
}

/// The settings of the API that do not depend on running ends.
fn http_config(config: &Config) -> HttpConfig {
    let http = &config.node.http;
    let limits = HttpLimits {
        policy: config.node.network.policy(&ends::hosts(config), Browsers::default()),
        connections_max: http.connections_max,
        per_peer_max: http.connections_per_peer_max,
        head_within: http.request_timeout.duration(),
        body_within: http.request_timeout.duration(),
        ..HttpLimits::default()
    };
    let origins = http.origins.iter().map(|origin| origin.as_str().to_owned()).collect();
    HttpConfig { limits, origins, ..HttpConfig::default() }
}

/// Sign-in through the provider, with the authorities to trust.
fn oidc(settings: &config::Oidc) -> Result<Arc<Oidc>> {
    let trusted = match &settings.tls_ca {
        Some(_) => tls::client(&TlsFiles { authority: settings.tls_ca.clone(), ..TlsFiles::default() }),
        None => tls::of_the_system().map(Some),
    };
    let trusted = trusted.context("oidc.tls_ca is not usable")?;
    Ok(Arc::new(Oidc::new(OidcConfig { tls: trusted, ..settings.settings() })))
}

async fn open_tls(
    node: &Node,
    http: &config::HttpTls,
    config: &HttpConfig,
    certificates: &mut Certificates,
) -> Result<Option<ApiListener>> {
    let shown = certificates.server(&http.files());
    let Some(shown) = shown.context("http.tls is not usable")? else { return Ok(None) };
    let opened = node.open_http(http.listen.socket(), config, Some(shown)).await;
    opened.map(Some).map_err(|error| failure::listener("http.tls.listen", error))
}

/// Writes a token for commands that run as the same user as the node.
fn token(handle: &Handle, http: SocketAddr) -> Result<TokenFile> {
    let account = AccountName::new(LOCAL_ACCOUNT)?;
    let principal = Principal { account, role: Role::Admin, agent: None };
    let origin =
        SignInOrigin { since: handle.now(), credential: Credential::Local, ..SignInOrigin::default() };
    let token = handle.auth().give(principal, origin, LOCAL_LIFE)?;
    TokenFile::write(&client::Node::at(http), &token.text).context("cannot write the token file")
}
