//! Tests a connector: the run is the page of a CRM.

mod calls;
mod log;
mod requirement;
mod session;

use std::io;

use self::requirement as r;
use super::{
    Connector, FROM_CONNECTOR, TELEPHONY,
    talk::{Each, Talk},
};
use crate::{
    Report, Step, Steps, Terms,
    page::{Run, Tested},
};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] =
    &[Step::SignIn, Step::Ready, Step::Ring, Step::GiveUp, Step::Answer, Step::HangUp];

const EACH: Each = Each {
    kind: "CRMConnectMessage",
    own: "ClientAppMessage",
    actions: &FROM_CONNECTOR,
    object: r::OBJECT,
    kind_is: r::TYPE,
    known: r::ACTION,
};

/// Tests a connector.
///
/// # Errors
/// When the run cannot listen.
pub async fn run(connector: Connector, steps: &Steps, terms: &Terms) -> io::Result<Report> {
    let tested = Tested::Frame(connector.to.clone());
    let run = Run::open(TELEPHONY, tested, connector.browser, steps, terms).await?;
    let mut script = Script { connector, talk: Talk::new(run, EACH), signed_in: false };
    script.everything().await;
    Ok(script.talk.run.report().await)
}

/// The script.
struct Script<'a> {
    connector: Connector,
    talk: Talk<'a>,
    /// Whether the agent is signed in.
    signed_in: bool,
}

impl Script<'_> {
    async fn everything(&mut self) -> Option<()> {
        self.greets().await?;
        self.is_configured().await?;
        self.suppresses().await;
        self.is_configured_again().await;
        self.takes_a_call().await;
        self.takes_none().await;
        self.clicks().await;
        self.ignores().await;
        self.restarts().await
    }
}
