//! The sessions that a configuration asks for.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use hub::{
    Node,
    driver::{Browsers, HttpLimits, RequestPolicy, Transport},
    http::Mount,
};
use model::{Floor, Role};
use simulated::SwitchSession;
use uuid::Uuid;
use uwq::{Desk, Telephony};

use super::{failure, tls};
use crate::config::Config;

/// Under which path of the API the simulated switch is handled, and by whom.
const SIMULATED_PATH: &str = "/api/v1/simulated";
const SIMULATED_ROLES: &[Role] = &[Role::Admin, Role::Supervisor, Role::Integration];

/// Under which path of the API's server the notification server is (talisma.md §2.1).
const TALISMA_PATH: &str = "/TalismaWebNotificationServer";

/// The longest notification: one byte more than the session reads, so that it is the session that refuses. Bytes.
const TALISMA_BODY_BYTES_MAX: usize = 64 * 1024 + 1;

/// The longest callout, and the longest event of a softphone. Bytes.
const UWQ_BODY_BYTES_MAX: usize = 64 * 1024;

/// The longest request target that reaches the dialect; it refuses what is longer than its own limit, in its own words. Bytes.
const UWQ_TARGET_BYTES_MAX: usize = 4 * uwq::wire::limits::TARGET_BYTES_MAX;

/// Runs the simulated switch.
pub(super) async fn simulated(node: &Node, config: &Config, floor: &Floor) -> Result<Option<Mount>> {
    let Some(simulated) = &config.simulated else { return Ok(None) };
    let session = SwitchSession::new(simulated.switch(floor)).context("the simulated switch cannot start")?;
    let transport = Transport::Inlet(HttpLimits::default());
    let attached = node.attach_switch(simulated.id.clone(), Box::new(session), transport).await?;
    Ok(Some(Mount { path: SIMULATED_PATH, roles: Some(SIMULATED_ROLES), inlet: attached.inlet }))
}

/// Takes notifications meant for a Talisma Web Notification Server.
pub(super) async fn talisma_desk(node: &Node, config: &Config) -> Result<Option<Mount>> {
    let Some(desk) = &config.talisma.desk else { return Ok(None) };
    let session = talisma::Desk::new(desk.session(), instance()?).context("talisma.desk cannot start")?;
    let limits = HttpLimits { body_bytes_max: TALISMA_BODY_BYTES_MAX, ..HttpLimits::default() };
    let attached = node.attach("talisma-desk", Box::new(session), Transport::Inlet(limits)).await?;
    Ok(Some(Mount { path: TALISMA_PATH, roles: None, inlet: attached.inlet }))
}

/// Posts calls to a real Talisma Web Notification Server.
pub(super) async fn talisma_telephony(node: &Node, config: &Config) -> Result<()> {
    let Some(telephony) = &config.talisma.telephony else { return Ok(()) };
    let session = talisma::Telephony::new(telephony.session(), instance()?);
    let session = session.context("talisma.telephony cannot start")?;
    let tls = tls::client(telephony.tls_ca.as_ref(), (None, None));
    let transport = Transport::Ask { tls: tls.context("talisma.telephony cannot start")? };
    node.attach("talisma-telephony", Box::new(session), transport).await?;
    Ok(())
}

/// Takes callouts of Oracle EBS.
pub(super) async fn telephony(node: &Node, config: &Config) -> Result<Option<SocketAddr>> {
    let Some(telephony) = &config.uwq.telephony else { return Ok(None) };
    let session = Telephony::new(telephony.session(), instance()?).context("uwq.telephony cannot start")?;
    let policy = config.network.policy(&telephony.hosts, browsers(telephony.cross_origin));
    let transport = Transport::Listen { address: telephony.listen.socket(), limits: uwq_limits(policy) };
    let attached = node.attach("uwq-telephony", Box::new(session), transport).await;
    let attached =
        attached.map_err(|error| failure::listener("uwq.telephony.listen", Some("--uwq-port"), error))?;
    Ok(attached.address)
}

/// Makes switches of softphones that take callouts of ours.
pub(super) async fn desks(node: &Node, config: &Config) -> Result<()> {
    for desk in &config.uwq.desk {
        let context = || format!("uwq.desk {} cannot start", desk.id);
        let session = Desk::new(desk.session(), desk.id.clone()).with_context(context)?;
        let policy = config.network.policy(&[], browsers(desk.cross_origin));
        let transport = Transport::Listen { address: desk.listener(), limits: uwq_limits(policy) };
        let attached = node.attach_switch(desk.id.clone(), Box::new(session), transport).await;
        attached.map_err(|error| failure::listener("uwq.desk.listener", None, error))?;
    }
    Ok(())
}

/// Another one in each process.
pub(crate) fn instance() -> Result<Uuid> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the machine gives no randomness")?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// A callout is a `GET`, and an event a `POST` that any page could have sent.
fn browsers(cross_origin: bool) -> Browsers {
    if cross_origin { Browsers::Accepted } else { Browsers::Refused }
}

fn uwq_limits(policy: RequestPolicy) -> HttpLimits {
    HttpLimits {
        policy,
        body_bytes_max: UWQ_BODY_BYTES_MAX,
        target_bytes_max: UWQ_TARGET_BYTES_MAX,
        lenient_targets: true,
        ..HttpLimits::default()
    }
}
