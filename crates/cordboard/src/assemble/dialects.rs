//! The sessions that a configuration asks for.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use hub::{
    Node,
    driver::{HttpLimits, Transport},
    http::Mount,
};
use model::{Floor, Role};
use simulated::SwitchSession;
use uuid::Uuid;
use uwq::{Desk, Telephony};

use super::failure;
use crate::config::Config;

/// Under which path of the API the simulated switch is handled, and by whom.
const SIMULATED_PATH: &str = "/api/v1/simulated";
const SIMULATED_ROLES: &[Role] = &[Role::Admin, Role::Supervisor, Role::Integration];

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
    Ok(Some(Mount { path: SIMULATED_PATH, roles: SIMULATED_ROLES, inlet: attached.inlet }))
}

/// Takes callouts of Oracle EBS.
pub(super) async fn telephony(node: &Node, config: &Config) -> Result<Option<SocketAddr>> {
    let Some(telephony) = &config.uwq.telephony else { return Ok(None) };
    let session = Telephony::new(telephony.session(), instance()?).context("uwq.telephony cannot start")?;
    let transport = Transport::Listen { address: telephony.listen.socket(), limits: uwq_limits() };
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
        let transport = Transport::Listen { address: desk.listener(), limits: uwq_limits() };
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

fn uwq_limits() -> HttpLimits {
    HttpLimits {
        body_bytes_max: UWQ_BODY_BYTES_MAX,
        target_bytes_max: UWQ_TARGET_BYTES_MAX,
        lenient_targets: true,
        ..HttpLimits::default()
    }
}
