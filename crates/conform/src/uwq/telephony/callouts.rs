//! Callouts in each state of the phone.

use super::{Script, outcome, r, shown};
use crate::{
    Requirement,
    http::{Message, send},
    uwq::callout::{Outcome, query, request},
};

/// A port that no listener has.
const BAD_PORTS: [&str; 3] = ["", "0", "70000"];

/// An address of a network that exists only in documentation (RFC 5737).
const ELSEWHERE: &str = "192.0.2.1";

/// The length of a target that is too long. Bytes.
const TOO_LONG: usize = 10_000;

impl Script<'_> {
    /// Everything before the first call. At its end the agent is signed in and not ready.
    pub(super) async fn callouts(&mut self) {
        self.faults().await;
        self.unregistered().await;
        self.registers().await;
        self.signs_in().await;
    }

    async fn faults(&mut self) {
        let long = format!("/?FunctionName={}", "x".repeat(TOO_LONG));
        self.fault(r::NO_FUNCTION, "GET", "/?telesetNumber=1", 400).await;
        self.fault(r::OTHER_PATH, "GET", "/other?FunctionName=CheckStatus", 404).await;
        self.fault(r::TOO_LONG, "GET", &long, 414).await;
        let Some(response) = self.fault(r::OTHER_METHOD, "PUT", "/?FunctionName=CheckStatus", 405).await
        else {
            return;
        };
        let allows = response.header("allow").is_some_and(|methods| methods.contains("GET"));
        self.findings.check(r::OTHER_METHOD, allows, "Allow: GET", &response.bytes);
    }

    /// Sends a request that is answered with this status.
    async fn fault(
        &mut self,
        of: &'static Requirement,
        method: &str,
        target: &str,
        status: u16,
    ) -> Option<Message> {
        let to = self.softphone.to.clone();
        let request = request(method, target, &to);
        self.findings.sent(&request);
        match send(&to, &request, self.terms).await {
            Ok(response) => {
                self.check_form(&response);
                let expected = format!("status {status}");
                self.findings.check(of, response.status() == status, &expected, &response.bytes);
                let is_error = matches!(outcome(&response), Outcome::Error(_));
                self.findings.check(r::FAULT, is_error, "an error document", &response.bytes);
                Some(response)
            }
            Err(why) => {
                self.findings.deviates(of, &format!("status {status}"), &why);
                None
            }
        }
    }

    async fn unregistered(&mut self) {
        self.done(r::EARLY_UNREGISTER, &self.agents("Unregister", &[])).await;
        self.refused(r::NOBODY, &query("CheckStatus", &[]), "NotRegistered").await;
        self.refused(r::UNKNOWN, &self.agents("Dance", &[]), "UnknownFunction").await;
        for callout in [
            self.login("Login"),
            self.agents("Ready", &[]),
            self.agents("NotReady", &[]),
            self.make_call(),
            self.login("Logout"),
        ] {
            self.refused(r::UNREGISTERED, &callout, "NotRegistered").await;
        }
    }

    async fn registers(&mut self) {
        for port in BAD_PORTS {
            let callout = self.agents("Register", &[("ipAddress", "127.0.0.1"), ("port", port)]);
            self.refused(r::BAD_PORT, &callout, "InvalidParameter").await;
        }
        let port = self.events.port().to_string();
        let elsewhere = self.agents("Register", &[("ipAddress", ELSEWHERE), ("port", &port)]);
        self.refused(r::ELSEWHERE, &elsewhere, "NotAllowed").await;
        // The one published sample, with its slip.
        let glued = format!("{} telesetNumber=1&", self.register(self.events.port()));
        self.done(r::GLUED, &glued).await;
        self.done(r::AGAIN, &self.register(self.events.port())).await;
        self.done(r::STATUS, &query("CheckStatus", &[])).await;
        for callout in [self.agents("Ready", &[]), self.agents("NotReady", &[]), self.make_call()] {
            self.refused(r::NOT_LOGGED_IN, &callout, "NotLoggedIn").await;
        }
        self.done(r::EARLY_LOGOUT, &self.login("Logout")).await;
        let [extension, agent] = self.parties().map(|(_, value)| value);
        let only_agent = query("Ready", &[("agentID", &agent)]);
        self.refused(r::NO_EXTENSION, &only_agent, "ExtensionNotSpecified").await;
        self.refused(
            r::NO_AGENT,
            &query("Ready", &[("telesetNumber", &extension)]),
            "AgentACDIdNotSpecified",
        )
        .await;
        let empty = query("Ready", &[("telesetNumber", &extension), ("agentID", "")]);
        self.refused(r::EMPTY, &empty, "AgentACDIdNotSpecified").await;
        let other = query("Ready", &[("telesetNumber", &extension), ("agentID", "conform-other")]);
        self.refused(r::MISMATCH, &other, "AgentMismatch").await;
    }

    async fn signs_in(&mut self) {
        let agent = self.softphone.agent.clone();
        let wrong = self.agents("Login", &[("agentPassword", "conform-wrong"), ("agentQueue", &agent.queue)]);
        self.refused(r::BAD_PASSWORD, &wrong, "LoginFailed").await;
        let wrong =
            self.agents("Login", &[("agentPassword", &agent.password), ("agentQueue", "conform-none")]);
        self.refused(r::BAD_QUEUE, &wrong, "LoginFailed").await;
        if self.done(r::DONE, &self.login("Login")).await {
            self.done(r::AGAIN, &self.login("Login")).await;
        }
        let nothing = self.agents("MakeCall", &[]);
        self.refused(r::NO_NUMBER, &nothing, "InvalidParameter").await;
        let backward = query(
            "NotReady",
            &[("conform", "1"), ("agentID", &agent.id), ("telesetNumber", &agent.extension)],
        );
        self.done(r::ORDER, &backward).await;
        self.done(r::AGAIN, &self.agents("NotReady", &[])).await;
        let letters = query("NOTREADY", &[("TelesetNumber", &agent.extension), ("AGENTID", &agent.id)]);
        self.done(r::LETTERS, &letters).await;
    }

    /// Signs the agent out and removes the registration.
    pub(super) async fn leaves(&mut self) {
        self.done(r::DONE, &self.login("Logout")).await;
        self.refused(r::LOGOUT, &self.agents("Ready", &[]), "NotLoggedIn").await;
        if self.done(r::DONE, &self.login("Login")).await {
            self.done(r::DONE, &self.agents("Unregister", &[])).await;
            self.refused(r::UNREGISTER, &self.login("Login"), "NotRegistered").await;
        } else {
            self.findings
                .not_reached(&[r::UNREGISTER], &format!("{} was not done", shown(&self.login("Login"))));
        }
    }

    pub(super) fn make_call(&self) -> String {
        self.agents("MakeCall", &[("dialString", &self.softphone.agent.number)])
    }
}
