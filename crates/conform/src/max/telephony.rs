//! Tests MAX: the run is a page in it.

mod calls;
mod filters;
mod register;
mod requirement;
mod session;
mod talk;

use std::io;

use self::{requirement as r, talk::Talk};
use super::{Max, TELEPHONY};
use crate::{
    Report, Step, Steps, Terms,
    page::{Run, Tested},
};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] = &[Step::SignIn, Step::Ready, Step::Ring, Step::SignOut];

/// Tests MAX.
///
/// # Errors
/// When the run cannot listen.
pub async fn run(max: Max, steps: &Steps, terms: &Terms) -> io::Result<Report> {
    let run = Run::open(TELEPHONY, Tested::Around, max.browser, steps, terms).await?;
    let mut script = Script { customer: max.customer, talk: Talk::new(run, max.issuer) };
    script.everything().await;
    Ok(script.talk.run.report().await)
}

/// The script.
struct Script<'a> {
    customer: Option<String>,
    talk: Talk<'a>,
}

impl Script<'_> {
    async fn everything(&mut self) -> Option<()> {
        self.signs_in().await?;
        self.registers_twice().await;
        self.types().await;
        self.errors().await;
        self.contact_ids().await;
        self.ignores().await;
        self.takes_a_call().await;
        self.refuses().await;
        self.signs_out().await;
        Some(())
    }
}
