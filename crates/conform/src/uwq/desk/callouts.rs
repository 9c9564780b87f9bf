//! What EBS sends when the agent does something.

use tokio::{net::TcpStream, time::timeout};

use super::{Judged, Script, r};
use crate::{Requirement, Step};

impl Script<'_> {
    pub(super) async fn signs_in(&mut self) {
        let needs = [r::REGISTER, r::LOGIN, r::ORDER, r::LISTENS, r::ONE_AT_A_TIME];
        if !self.step(Step::SignIn, &needs).await {
            return;
        }
        let Some(judged) = self.expect("Register", r::REGISTER).await else { return };
        self.registers(&judged).await;
        match self.next(self.terms.silence).await {
            None => self.findings.held(r::ONE_AT_A_TIME),
            Some(early) => {
                let expected = "no callout before the response to Register";
                self.findings.check(r::ONE_AT_A_TIME, false, expected, early.bytes());
                early.done().await;
            }
        }
        judged.done().await;
        if let Some(judged) = self.expect("Login", r::ORDER).await {
            self.has_login(r::LOGIN, &judged);
            judged.done().await;
        }
        self.settle().await;
    }

    async fn registers(&mut self, judged: &Judged) {
        self.has_parties(r::REGISTER, judged);
        let value = |name| judged.callout.value(name).unwrap_or_default();
        let port = value("port").parse::<u16>().is_ok_and(|port| port > 0);
        let whole = port && !value("ipAddress").is_empty();
        if !self.findings.check(r::REGISTER, whole, "ipAddress and port", judged.bytes()) {
            return;
        }
        let at = format!("{}:{}", value("ipAddress"), value("port"));
        let connected = timeout(self.terms.timeout, TcpStream::connect(&at)).await;
        if matches!(connected, Ok(Ok(_))) {
            self.findings.held(r::LISTENS);
            self.events_at = Some(at);
        } else {
            self.findings.deviates(r::LISTENS, &format!("a listener at {at}"), "no connection");
        }
    }

    fn has_parties(&mut self, of: &'static Requirement, judged: &Judged) {
        let agent = self.ebs.agent.clone();
        self.has(of, judged, &[("telesetNumber", &agent.extension), ("agentID", &agent.id)]);
    }

    fn has_login(&mut self, of: &'static Requirement, judged: &Judged) {
        let agent = self.ebs.agent.clone();
        self.has_parties(of, judged);
        self.has(of, judged, &[("agentPassword", &agent.password), ("agentQueue", &agent.queue)]);
    }

    pub(super) async fn changes_state(&mut self) {
        if self.step(Step::Ready, &[r::READY, r::LOST, r::NOT_REGISTERED]).await
            && let Some(judged) = self.expect("Ready", r::READY).await
        {
            self.has_parties(r::READY, &judged);
            // The connection ends without a response.
            drop(judged);
            if let Some(judged) = self.expect("Ready", r::LOST).await {
                judged.refuse("NotRegistered").await;
                self.signs_in_again(r::NOT_REGISTERED).await;
            }
        }
        self.settle().await;
        if self.step(Step::NotReady, &[r::NOT_READY, r::NOT_LOGGED_IN]).await
            && let Some(judged) = self.expect("NotReady", r::NOT_READY).await
        {
            self.has_parties(r::NOT_READY, &judged);
            judged.refuse("NotLoggedIn").await;
            if let Some(judged) = self.expect("Login", r::NOT_LOGGED_IN).await {
                judged.done().await;
            }
        }
        self.settle().await;
    }

    /// Expects Register and Login.
    pub(super) async fn signs_in_again(&mut self, of: &'static Requirement) {
        for function in ["Register", "Login"] {
            match self.expect(function, of).await {
                Some(judged) => judged.done().await,
                None => return,
            }
        }
    }

    pub(super) async fn dials(&mut self) {
        if !self.step(Step::Dial, &[r::MAKE_CALL, r::CALL_ONCE]).await {
            return;
        }
        let Some(judged) = self.expect("MakeCall", r::MAKE_CALL).await else { return };
        self.has_parties(r::MAKE_CALL, &judged);
        let dialed = judged.callout.value("dialString").is_some();
        self.findings.check(r::MAKE_CALL, dialed, "dialString", judged.bytes());
        drop(judged);
        // Other callouts are repeated after a second.
        match self.next(self.terms.silence * 2).await {
            Some(judged) if judged.callout.function() == "MakeCall" => {
                self.findings.check(r::CALL_ONCE, false, "no second MakeCall", judged.bytes());
                judged.done().await;
            }
            Some(judged) => {
                self.findings.held(r::CALL_ONCE);
                judged.done().await;
            }
            None => self.findings.held(r::CALL_ONCE),
        }
        self.settle().await;
    }

    pub(super) async fn signs_out(&mut self) {
        if !self.step(Step::SignOut, &[r::LOGOUT, r::UNREGISTER]).await {
            return;
        }
        if let Some(judged) = self.expect("Logout", r::LOGOUT).await {
            self.has_login(r::LOGOUT, &judged);
            judged.done().await;
        }
        if let Some(judged) = self.expect("Unregister", r::UNREGISTER).await {
            self.has_parties(r::UNREGISTER, &judged);
            self.findings.held(r::ORDER);
            judged.done().await;
        }
    }
}
