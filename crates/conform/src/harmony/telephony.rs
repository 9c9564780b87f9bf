//! Tests a CTI client: the run is the bridge.

mod calls;
mod peer;
mod requirement;
mod session;

use std::{collections::BTreeSet, io, time::Duration};

use tokio::{net::TcpListener, time::timeout};

use self::{peer::Peer, requirement as r};
use super::{Client, TELEPHONY, connection::Connection};
use crate::{Report, Requirement, Step, Steps, Terms, findings::Findings};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] = &[Step::Ring];

/// How long a client may wait before it connects again (harmony.md §5.3), with a reserve.
const CONNECT: Duration = Duration::from_secs(40);

/// Tests a CTI client.
///
/// # Errors
/// When the run cannot listen.
pub async fn run(client: Client, steps: &Steps, terms: &Terms) -> io::Result<Report> {
    let listener = TcpListener::bind(client.listen).await?;
    let target = listener.local_addr()?.to_string();
    let mut findings = Findings::new(TELEPHONY, &target, &[client.agent.password.as_str()]);
    let Ok(Ok((stream, _))) = timeout(CONNECT, listener.accept()).await else {
        let came = format!("no connection within {CONNECT:?}");
        findings.deviates(r::CONNECTS, &format!("a connection to {target}"), &came);
        return Ok(findings.report());
    };
    findings.held(r::CONNECTS);
    let peer = Peer::new(Connection::new(stream), terms.clone());
    let mut script = Script { client, steps, terms, findings, peer };
    // Every part needs the objects of the part before.
    script.everything().await;
    script.peer.judge_rest(&mut script.findings).await;
    Ok(script.findings.report())
}

/// The script and what it has found.
struct Script<'a> {
    client: Client,
    steps: &'a Steps,
    terms: &'a Terms,
    findings: Findings,
    peer: Peer,
}

impl Script<'_> {
    async fn everything(&mut self) -> Option<()> {
        self.greets().await?;
        let session = self.signs_in().await?;
        let channel = self.opens_channel(&session).await?;
        self.changes_state(&channel).await?;
        self.takes_a_call(&channel).await;
        self.makes_a_call(&channel).await;
        self.signs_out(&session).await
    }

    /// Does a step. Without it the requirements are not reached.
    async fn step(&mut self, step: Step, of: &[&'static Requirement]) -> bool {
        let taken = self.steps.take(step, self.terms).await;
        taken.map_err(|why| self.findings.not_reached(of, &why)).is_ok()
    }
}

/// Names that have been used, for the rule of first queries.
type Targets = BTreeSet<String>;
