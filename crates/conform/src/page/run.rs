//! A run with a page: the script's side.

use std::{collections::VecDeque, io, net::SocketAddr, pin::pin, time::Duration};

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::{
    Browser, Tested,
    message::Came,
    server::{Server, Task},
};
use crate::{Report, Requirement, Step, Steps, Suite, Terms, findings::Findings};

/// How long the page has to show the end of the run.
const SHOWING: Duration = Duration::from_millis(300);

/// A run that is in progress.
pub(crate) struct Run<'a> {
    pub(crate) findings: Findings,
    pub(crate) terms: &'a Terms,
    pub(crate) browser: Browser,
    server: Server,
    steps: &'a Steps,
    /// What came while a step was done.
    waiting: VecDeque<Came>,
}

impl<'a> Run<'a> {
    /// Serves the page, and tells a person what to do with its address.
    pub(crate) async fn open(
        suite: Suite,
        tested: Tested,
        browser: Browser,
        steps: &'a Steps,
        terms: &'a Terms,
    ) -> io::Result<Self> {
        let title = format!("{}, {} end", suite.dialect, suite.end.name());
        let requirement = |one: &&'static Requirement| json!({ "id": one.id, "text": one.text });
        let requirements: Vec<Value> = suite.requirements.iter().map(requirement).collect();
        let about = json!({ "title": title, "requirements": requirements });
        let server = Server::bind(browser.listen, &tested, about).await?;
        let address = page_address(server.address);
        let (target, instruction) = match tested {
            Tested::Frame(to) => (to, format!("Open {address} in a browser.")),
            Tested::Around => {
                (format!("the page around {address}"), format!("Let the tested page embed {address}"))
            }
        };
        (browser.instruct)(&instruction);
        let tasks = server.tasks.clone();
        let mut findings = Findings::new(suite, &target, &[]);
        findings.shown_by(move |id, verdict| {
            // The page may be gone.
            let _ = tasks.send(Task::All(json!({ "finding": { "id": id, "verdict": verdict } })));
        });
        Ok(Self { findings, terms, browser, server, steps, waiting: VecDeque::new() })
    }

    /// What comes next, in time.
    pub(crate) async fn next(&mut self, patience: Duration) -> Option<Came> {
        if let Some(came) = self.waiting.pop_front() {
            return Some(came);
        }
        timeout(patience, self.server.came.recv()).await.ok().flatten()
    }

    /// Posts a message to the tested end.
    pub(crate) fn post(&mut self, document: usize, message: &Value) {
        self.findings.sent(message.to_string().as_bytes());
        self.does(document, json!({ "post": message }));
    }

    /// Posts a message to the tested end from a window of another origin.
    pub(crate) fn post_as_stranger(&mut self, document: usize, message: &Value) {
        self.does(document, json!({ "stranger": message }));
    }

    /// Loads the document in the frame again.
    pub(crate) fn reloads(&self, document: usize) {
        self.does(document, json!({ "reload": true }));
    }

    fn does(&self, document: usize, task: Value) {
        // Without the page the script comes to its end by its limits.
        let _ = self.server.tasks.send(Task::One { document, task });
    }

    /// Shows a person what to do, at the page and at the terminal. An empty text removes it from the page.
    pub(crate) fn instruct(&self, what: &str) {
        if !what.is_empty() {
            (self.browser.instruct)(what);
        }
        self.shows(what);
    }

    fn shows(&self, what: &str) {
        let _ = self.server.tasks.send(Task::All(json!({ "instruction": what })));
    }

    /// Whether nobody has said how this step is done.
    pub(crate) fn lacks(&self, step: Step) -> bool {
        self.steps.lacks(step)
    }

    /// Does a step, while messages wait. Without it the requirements are not reached.
    pub(crate) async fn step(&mut self, step: Step, of: &[&'static Requirement]) -> bool {
        match self.takes(step).await {
            Ok(()) => true,
            Err(why) => {
                self.findings.not_reached(of, &why);
                false
            }
        }
    }

    /// Does a step, and returns why it was not done.
    pub(crate) async fn takes(&mut self, step: Step) -> Result<(), String> {
        if !self.steps.lacks(step) {
            self.shows(step.instruction());
        }
        let mut taken = pin!(self.steps.take(step, self.terms));
        let taken = loop {
            tokio::select! {
                taken = &mut taken => break taken,
                Some(came) = self.server.came.recv() => self.waiting.push_back(came),
            }
        };
        self.shows("");
        taken
    }

    /// Shows the end of the run, and returns the report.
    pub(crate) async fn report(self) -> Report {
        let report = self.findings.report();
        let [held, deviate, not_reached] = report.counts();
        let ended = format!("The run has ended: {held} held, {deviate} deviate, {not_reached} not reached.");
        let _ = self.server.tasks.send(Task::All(json!({ "ended": ended })));
        sleep(SHOWING).await;
        report
    }
}

/// The address of the page.
fn page_address(listen: SocketAddr) -> String {
    format!("http://{listen}/")
}
