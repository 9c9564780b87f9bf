//! Tests a bridge: the run is the CTI client.

mod calls;
mod peer;
mod requirement;
mod session;

use std::pin::pin;

use serde_json::json;
use tokio::{net::TcpStream, time::timeout};

use self::{peer::Peer, requirement as r};
use super::{
    Bridge, DESK,
    connection::{Came, Connection},
};
use crate::{Report, Requirement, Step, Steps, Terms, findings::Findings};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] =
    &[Step::SignIn, Step::Ready, Step::NotReady, Step::Answer, Step::HangUp, Step::Dial, Step::SignOut];

/// Tests a bridge.
pub async fn run(bridge: Bridge, steps: &Steps, terms: &Terms) -> Report {
    let mut findings = Findings::new(DESK, &bridge.to, &[bridge.agent.password.as_str()]);
    let Some(connection) = connect(&bridge.to, &mut findings, terms).await else {
        return findings.report();
    };
    let peer = Peer::new(connection, terms.clone(), bridge.agent.processor.clone());
    let mut script = Script { bridge, steps, terms, findings, peer };
    script.everything().await;
    script.breaks().await;
    script.findings.report()
}

async fn connect(to: &str, findings: &mut Findings, terms: &Terms) -> Option<Connection> {
    match timeout(terms.timeout, TcpStream::connect(to)).await {
        Ok(Ok(stream)) => {
            findings.held(r::ACCEPTS);
            return Some(Connection::new(stream));
        }
        Ok(Err(error)) => findings.deviates(r::ACCEPTS, "a connection", &error.to_string()),
        Err(_) => findings.deviates(r::ACCEPTS, "a connection", "none in time"),
    }
    None
}

/// The script and what it has found.
struct Script<'a> {
    bridge: Bridge,
    steps: &'a Steps,
    terms: &'a Terms,
    findings: Findings,
    peer: Peer,
}

impl Script<'_> {
    async fn everything(&mut self) -> Option<()> {
        self.greets().await?;
        if !self.step(Step::SignIn, &[r::VALIDATES, r::INFO, r::SESSION, r::ORDER]).await {
            return None;
        }
        let session = self.signs_in().await?;
        let channel = self.opens_channel(&session).await?;
        self.changes_state(&channel).await;
        self.takes_a_call(&channel).await;
        self.dials().await;
        self.restarts().await?;
        if self.step(Step::SignOut, &[r::LOGOUT]).await {
            self.peer.expect(&mut self.findings, r::LOGOUT, "session.request.logout").await;
        }
        Some(())
    }

    /// Does a step, while requests are answered. Without it the requirements are not reached.
    async fn step(&mut self, step: Step, of: &[&'static Requirement]) -> bool {
        let mut taken = pin!(self.steps.take(step, self.terms));
        let taken = loop {
            tokio::select! {
                taken = &mut taken => break taken,
                () = self.peer.collect() => {}
            }
        };
        taken.map_err(|why| self.findings.not_reached(of, &why)).is_ok()
    }

    /// What ends the connection.
    async fn breaks(&mut self) {
        let too_long = (2_u32 * 1_048_576).to_be_bytes().to_vec();
        self.ends(r::TOO_LONG, &too_long).await;
        let text = b"nothing";
        self.ends(r::NOT_JSON, &[&7_u32.to_be_bytes()[..], text].concat()).await;
    }

    /// Sends bytes on a connection of their own, which ends by that.
    async fn ends(&mut self, of: &'static Requirement, bytes: &[u8]) {
        let Some(mut connection) = connect(&self.bridge.to, &mut self.findings, self.terms).await else {
            return;
        };
        // The connection may have ended already.
        let _ = connection.bytes(bytes).await;
        loop {
            match connection.next(self.terms.timeout).await {
                Some(Came::Message(_)) => {}
                Some(Came::End | Came::NoFrame(_)) => return self.findings.held(of),
                None => {
                    let came = format!("nothing within {:?}", self.terms.timeout);
                    return self.findings.deviates(of, "the end of the connection", &came);
                }
            }
        }
    }

    /// The status of the client.
    async fn send_status(&mut self, status: &str) {
        let control = self.control();
        self.peer.event("control.status", &control, json!({ "status": status })).await;
    }

    fn control(&self) -> String {
        format!("{}.CONTROL", self.bridge.agent.processor)
    }
}
