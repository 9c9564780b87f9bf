//! Tests a softphone: the run is EBS.

mod callouts;
mod calls;
mod events;
mod requirement;

use std::{io, time::Duration};

use self::{events::Events, requirement as r};
use super::{
    Softphone, TELEPHONY,
    callout::{Outcome, outcome, query, request},
};
use crate::{
    Report, Requirement, Step, Steps, Terms,
    findings::Findings,
    http::{Listener, Message, send},
};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] = &[Step::Ring, Step::GiveUp, Step::Answer, Step::HangUp];

/// How often a callout is sent while the softphone starts, and the pause between.
const STARTING: (usize, Duration) = (50, Duration::from_millis(100));

/// Tests a softphone.
///
/// # Errors
/// When the run cannot listen for events.
pub async fn run(softphone: Softphone, steps: &Steps, terms: &Terms) -> io::Result<Report> {
    let listener = Listener::bind(softphone.listen).await?;
    let secrets = [softphone.agent.password.as_str()];
    let findings = Findings::new(TELEPHONY, &format!("http://{}", softphone.to), &secrets);
    let mut script = Script { softphone, steps, terms, findings, events: Events::new(listener) };
    if script.starts().await {
        script.callouts().await;
        script.calls().await?;
        script.leaves().await;
    }
    Ok(script.findings.report())
}

/// The script and what it has found.
struct Script<'a> {
    softphone: Softphone,
    steps: &'a Steps,
    terms: &'a Terms,
    findings: Findings,
    events: Events,
}

impl Script<'_> {
    /// Waits until the softphone answers something else than 503.
    async fn starts(&mut self) -> bool {
        let mut last = String::new();
        for _ in 0..STARTING.0 {
            match self.send(&query("CheckStatus", &[])).await {
                Ok(response) if response.status() != 503 => {
                    let holds = response.start.starts_with("HTTP/1.");
                    return self.findings.check(r::CALLOUT, holds, "a response of HTTP/1.1", &response.bytes);
                }
                Ok(response) => last = response.start,
                Err(why) => last = why,
            }
            tokio::time::sleep(STARTING.1).await;
        }
        self.findings.deviates(r::CALLOUT, "a response to CheckStatus", &last);
        false
    }

    async fn send(&mut self, query: &str) -> Result<Message, String> {
        let to = &self.softphone.to;
        let request = request("GET", &format!("/?{query}"), to);
        self.findings.sent(&request);
        send(to, &request, self.terms).await
    }

    /// Sends a callout and checks the form of the response.
    async fn callout(&mut self, query: &str) -> Option<Message> {
        match self.send(query).await {
            Ok(response) => {
                self.check_form(&response);
                Some(response)
            }
            Err(why) => {
                self.findings.deviates(r::CALLOUT, &format!("a response to {}", shown(query)), &why);
                None
            }
        }
    }

    fn check_form(&mut self, response: &Message) {
        let length = format!("Content-Length: {}", response.body.len());
        self.findings.check(r::FRAMED, response.is_framed(), &length, &response.bytes);
        let closes = response.closed || !response.has_connection_close();
        self.findings.check(r::CLOSED, closes, "the end of the connection", &response.bytes);
    }

    /// Sends a callout that is done.
    async fn done(&mut self, of: &'static Requirement, query: &str) -> bool {
        let Some(response) = self.callout(query).await else { return false };
        let done = outcome(&response) == Outcome::Done && (200..300).contains(&response.status());
        let expected = format!("{} to be done: 200 and an empty body", shown(query));
        self.findings.check(r::DONE, done, &expected, &response.bytes);
        self.findings.check(of, done, &expected, &response.bytes)
    }

    /// Sends a callout that is refused with this token.
    async fn refused(&mut self, of: &'static Requirement, query: &str, token: &str) {
        let Some(response) = self.callout(query).await else { return };
        let name = shown(query);
        let Outcome::Error(text) = outcome(&response) else {
            let expected = format!("{name} to be refused with an error document: {token}: …");
            self.findings.check(of, false, &expected, &response.bytes);
            if outcome(&response) == Outcome::Nothing {
                self.findings.check(r::ERROR, false, &expected, &response.bytes);
            }
            return;
        };
        self.findings.held(r::ERROR);
        let type_holds = response.header("content-type").is_some_and(is_xml_utf8);
        let expected = "200 and Content-Type: text/xml; charset=UTF-8";
        self.findings.check(r::REFUSED, response.status() == 200 && type_holds, expected, &response.bytes);
        let found = text.split_once(':').map(|(token, _)| token).filter(|token| !token.contains(' '));
        self.findings.check(r::TOKEN, found.is_some(), "Token: text", &response.bytes);
        let expected = format!("{name} to be refused with {token}");
        self.findings.check(of, found == Some(token), &expected, &response.bytes);
    }

    /// The pairs that name phone and agent.
    fn parties(&self) -> [(&'static str, String); 2] {
        let agent = &self.softphone.agent;
        [("telesetNumber", agent.extension.clone()), ("agentID", agent.id.clone())]
    }

    /// A callout of the agent with further pairs.
    fn agents(&self, function: &str, more: &[(&str, &str)]) -> String {
        let parties = self.parties();
        let mut pairs: Vec<(&str, &str)> =
            parties.iter().map(|(name, value)| (*name, value.as_str())).collect();
        pairs.extend_from_slice(more);
        query(function, &pairs)
    }

    fn register(&self, port: u16) -> String {
        let ip = self.softphone.listen.ip().to_string();
        self.agents("Register", &[("ipAddress", &ip), ("port", &port.to_string())])
    }

    /// `Login` or `Logout`.
    fn login(&self, function: &str) -> String {
        let agent = &self.softphone.agent;
        self.agents(function, &[("agentPassword", &agent.password), ("agentQueue", &agent.queue)])
    }

    /// Does a step. Without it the requirements are not reached.
    async fn step(&mut self, step: Step, of: &[&'static Requirement]) -> bool {
        let taken = self.steps.take(step, self.terms).await;
        taken.map_err(|why| self.findings.not_reached(of, &why)).is_ok()
    }
}

/// A query as a report names it: without values.
fn shown(query: &str) -> String {
    query.split('&').next().unwrap_or_default().replace("FunctionName=", "")
}

/// Whether a content type is XML in UTF-8.
fn is_xml_utf8(value: &str) -> bool {
    value.replace(' ', "").eq_ignore_ascii_case("text/xml;charset=utf-8")
}
