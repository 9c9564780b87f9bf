//! Tests a page of a CRM: the run is the connector in it.

mod calls;
mod requirement;
mod session;

use std::io;

use self::requirement as r;
use super::{
    DESK, FROM_PAGE, Page,
    talk::{Each, Talk},
};
use crate::{
    Report, Step, Steps, Terms,
    page::{Message, Run, Tested},
};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] = &[Step::SignIn, Step::Dial];

const EACH: Each = Each {
    kind: "ClientAppMessage",
    own: "CRMConnectMessage",
    actions: &FROM_PAGE,
    object: r::OBJECT,
    kind_is: r::TYPE,
    known: r::ACTION,
};

/// Tests a page of a CRM.
///
/// # Errors
/// When the run cannot listen.
pub async fn run(page: Page, steps: &Steps, terms: &Terms) -> io::Result<Report> {
    let run = Run::open(DESK, Tested::Around, page.browser, steps, terms).await?;
    let mut script = Script { customer: page.customer, talk: Talk::new(run, EACH), extended: false };
    script.everything().await;
    Ok(script.talk.run.report().await)
}

/// The script.
struct Script<'a> {
    customer: String,
    talk: Talk<'a>,
    /// Whether the page knows the extension `interactionEvents`.
    extended: bool,
}

impl Script<'_> {
    async fn everything(&mut self) -> Option<()> {
        self.greets().await?;
        let directory = self.expect_data_request().await?;
        self.ignores().await;
        self.expect_fields_request().await;
        if directory {
            self.expect_directory_request().await;
        } else {
            let why = "capabilities.directoryAvailable is not true";
            self.talk.run.findings.not_reached(&[r::DIRECTORY, r::PERSON], why);
        }
        // The page may have an agent who has to sign in before it can dial.
        let _ = self.talk.run.takes(Step::SignIn).await;
        self.clicks().await;
        self.takes_a_call().await;
        self.clicks_are_off().await;
        Some(())
    }

    /// Everything that comes for a while. Notifications are checked, and the others are returned.
    async fn rest(&mut self) -> Vec<Message> {
        let (notices, others): (Vec<Message>, Vec<Message>) = self
            .talk
            .rest()
            .await
            .into_iter()
            .partition(|message| message.text("/action") == "displayErrorNotification");
        notices.iter().for_each(|notice| self.judge_notice(notice));
        others
    }
}
