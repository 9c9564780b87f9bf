//! Tests an EBS: the run is the softphone.

mod callouts;
mod events;
mod requirement;
mod silence;

use std::{collections::VecDeque, io, pin::pin, time::Duration};

use self::requirement as r;
use super::{
    DESK, Ebs,
    callout::{self, Callout},
    event,
};
use crate::{
    Report, Requirement, Step, Steps, Terms,
    findings::Findings,
    http::{Arrival, Listener},
};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] = &[Step::SignIn, Step::Ready, Step::NotReady, Step::Dial, Step::SignOut];

/// The functions that EBS may send.
const FUNCTIONS: [&str; 9] = [
    "Register",
    "Login",
    "Ready",
    "NotReady",
    "MakeCall",
    "DialCanonical",
    "CheckStatus",
    "Logout",
    "Unregister",
];

/// The response to a callout that was done.
const DONE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Tests an EBS.
///
/// # Errors
/// When the run cannot listen for callouts.
pub async fn run(ebs: Ebs, steps: &Steps, terms: &Terms) -> io::Result<Report> {
    let listener = Listener::bind(ebs.listen).await?;
    let target = format!("http://{}", listener.address);
    let findings = Findings::new(DESK, &target, &[ebs.agent.password.as_str()]);
    let mut script =
        Script { ebs, steps, terms, findings, listener, waiting: VecDeque::new(), events_at: None };
    script.signs_in().await;
    if script.events_at.is_some() {
        script.events().await;
        script.changes_state().await;
        script.dials().await;
        script.is_silent().await;
        script.signs_out().await;
    }
    Ok(script.findings.report())
}

/// The script and what it has found.
struct Script<'a> {
    ebs: Ebs,
    steps: &'a Steps,
    terms: &'a Terms,
    findings: Findings,
    listener: Listener,
    /// Callouts that came while a step was done.
    waiting: VecDeque<Arrival>,
    /// Host and port of `Register`.
    events_at: Option<String>,
}

/// A callout that waits for its response.
struct Judged {
    callout: Callout,
    arrival: Arrival,
}

impl Judged {
    async fn done(self) {
        self.arrival.answer(DONE).await;
    }

    /// Answers with an error document.
    async fn refuse(self, token: &str) {
        let body = event::write("Error", &[("occtErrorMsg", &format!("{token}: conform"))]);
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=UTF-8\r\nConnection: close\r\n";
        self.arrival.answer(&format!("{head}Content-Length: {length}\r\n\r\n{body}")).await;
    }

    /// Answers with a status that says that the softphone does not work.
    async fn fail(self) {
        let head = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        self.arrival.answer(head).await;
    }

    fn bytes(&self) -> &[u8] {
        &self.arrival.request.bytes
    }
}

impl Script<'_> {
    /// The next callout, whatever it is.
    async fn any(&mut self, patience: Duration) -> Option<Judged> {
        let arrival = match self.waiting.pop_front() {
            Some(arrival) => arrival,
            None => self.listener.next(patience).await?,
        };
        let callout = callout::read(&arrival.request);
        let bytes = &arrival.request.bytes;
        let first = callout.pairs.first().is_some_and(|(name, _)| name == "FunctionName");
        let form = callout.method == "GET" && callout.path == "/" && first;
        self.findings.check(r::FORM, form, "GET /?FunctionName=…", bytes);
        self.findings.check(r::ENCODED, callout.is_clean, "a target without blanks", bytes);
        self.findings.check(r::NAMES, FUNCTIONS.contains(&callout.function()), &FUNCTIONS.join(", "), bytes);
        Some(Judged { callout, arrival })
    }

    /// The next callout besides CheckStatus, which is done.
    async fn next(&mut self, patience: Duration) -> Option<Judged> {
        loop {
            let judged = self.any(patience).await?;
            if judged.callout.function() != "CheckStatus" {
                return Some(judged);
            }
            judged.done().await;
        }
    }

    /// A callout of this function, with these parameters.
    async fn expect(&mut self, function: &str, of: &'static Requirement) -> Option<Judged> {
        let Some(judged) = self.next(self.terms.timeout).await else {
            let nothing = format!("nothing within {:?}", self.terms.timeout);
            self.findings.deviates(of, &format!("the callout {function}"), &nothing);
            return None;
        };
        let is = judged.callout.function() == function;
        if self.findings.check(of, is, &format!("the callout {function}"), judged.bytes()) {
            return Some(judged);
        }
        judged.done().await;
        None
    }

    /// Checks that a callout has these values.
    fn has(&mut self, of: &'static Requirement, judged: &Judged, pairs: &[(&str, &str)]) {
        for (name, value) in pairs {
            let holds = judged.callout.value(name) == Some(value);
            let expected = if *name == "agentPassword" {
                "the agent's agentPassword".to_owned()
            } else {
                format!("{name}={value}")
            };
            self.findings.check(of, holds, &expected, judged.bytes());
        }
    }

    /// Does everything that EBS requests, until it is silent.
    async fn settle(&mut self) {
        while let Some(judged) = self.next(self.terms.silence).await {
            judged.done().await;
        }
    }

    /// Does a step. Without it the requirements are not reached.
    async fn step(&mut self, step: Step, of: &[&'static Requirement]) -> bool {
        let mut taken = pin!(self.steps.take(step, self.terms));
        // EBS may require that the softphone works, before the agent can do anything.
        let taken = loop {
            tokio::select! {
                taken = &mut taken => break taken,
                Some(arrival) = self.listener.next(Duration::MAX) => {
                    match callout::read(&arrival.request).function() {
                        "CheckStatus" => arrival.answer(DONE).await,
                        _ => self.waiting.push_back(arrival),
                    }
                }
            }
        };
        taken.map_err(|why| self.findings.not_reached(of, &why)).is_ok()
    }
}
