//! Tests a client that posts notifications: the run is the notification server.

mod calls;
mod judge;
mod requirement;

use std::{collections::VecDeque, io, pin::pin, time::Duration};

use self::requirement as r;
use super::{Client, PATH, TELEPHONY, contract};
use crate::{
    Report, Requirement, Step, Steps, Terms,
    findings::Findings,
    http::{Arrival, Listener},
};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] = &[Step::Ring, Step::Answer, Step::HangUp];

/// Tests a client that posts notifications.
///
/// # Errors
/// When the run cannot listen.
pub async fn run(client: Client, steps: &Steps, terms: &Terms) -> io::Result<Report> {
    let listener = Listener::bind(client.listen).await?;
    let target = format!("http://{}{PATH}", listener.address);
    let findings = Findings::new(TELEPHONY, &target, &[client.parties.password.as_str()]);
    let mut script = Script { client, steps, terms, findings, listener, waiting: VecDeque::new() };
    script.calls().await;
    Ok(script.findings.report())
}

/// The script and what it has found.
struct Script<'a> {
    client: Client,
    steps: &'a Steps,
    terms: &'a Terms,
    findings: Findings,
    listener: Listener,
    /// Notifications that came while a step was done.
    waiting: VecDeque<Arrival>,
}

impl Script<'_> {
    /// The next notification. Requests for the WSDL are answered.
    async fn next(&mut self, patience: Duration) -> Option<Arrival> {
        if let Some(arrival) = self.waiting.pop_front() {
            return Some(arrival);
        }
        loop {
            let arrival = self.listener.next(patience).await?;
            if let Some(arrival) = self.serve(arrival).await {
                return Some(arrival);
            }
        }
    }

    /// Answers a request that is not a notification, or returns the notification.
    async fn serve(&self, arrival: Arrival) -> Option<Arrival> {
        let start = arrival.request.start.to_ascii_lowercase();
        if !start.starts_with("get ") {
            return Some(arrival);
        }
        if start.contains("?wsdl") || start.contains("?singlewsdl") {
            let host = arrival.request.header("host").unwrap_or_default();
            let wsdl = contract::wsdl(&format!("http://{host}{PATH}"), &self.client.namespaces);
            arrival.answer(&response("200 OK", "Content-Type: text/xml; charset=utf-8\r\n", &wsdl)).await;
        } else {
            arrival.answer(&response("404 Not Found", "", "")).await;
        }
        None
    }

    /// Does a step, while requests are answered. Without it the requirements are not reached.
    async fn step(&mut self, step: Step, of: &[&'static Requirement]) -> bool {
        let mut taken = pin!(self.steps.take(step, self.terms));
        let taken = loop {
            tokio::select! {
                taken = &mut taken => break taken,
                Some(arrival) = self.listener.next(Duration::MAX) => {
                    if let Some(arrival) = self.serve(arrival).await {
                        self.waiting.push_back(arrival);
                    }
                }
            }
        };
        taken.map_err(|why| self.findings.not_reached(of, &why)).is_ok()
    }
}

/// A response of HTTP.
fn response(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}
