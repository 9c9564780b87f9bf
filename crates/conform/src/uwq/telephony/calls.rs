//! Calls, and the events that EBS gets about them.

use std::{io, time::Duration};

use super::{Events, Script, r};
use crate::{Step, http::Listener};

/// How long the listener refuses connections. The softphone tries again after 0.5, 1 and 2 s (uwq.md §5.6).
const DOWN: Duration = Duration::from_millis(800);

impl Script<'_> {
    pub(super) async fn calls(&mut self) -> io::Result<()> {
        self.answered_call().await;
        self.settle().await;
        self.unanswered_call().await;
        self.settle().await;
        self.call_that_moves().await?;
        self.settle().await;
        self.call_with_a_broken_listener().await?;
        self.settle().await;
        self.dialed_calls().await;
        self.settle().await;
        Ok(())
    }

    async fn ready(&mut self) -> bool {
        let ready = self.agents("Ready", &[]);
        self.done(r::DONE, &ready).await
    }

    async fn answered_call(&mut self) {
        let needs = [r::UNREADY, r::POP, r::ONE_AT_A_TIME, r::ESTABLISHED, r::GOES_ON, r::RELEASED];
        if !self.step(Step::Ring, &needs).await {
            return;
        }
        self.silent(r::UNREADY, "no event before Ready").await;
        if !self.ready().await {
            return;
        }
        let Some(pop) = self.pop().await else { return };
        let source = pop.event.source().to_owned();
        let answered = self.step(Step::Answer, &[r::ONE_AT_A_TIME, r::ESTABLISHED, r::GOES_ON]).await;
        if answered {
            self.silent(r::ONE_AT_A_TIME, "no event before the response to ScreenPop").await;
        }
        pop.accept().await;
        if answered && self.follows("CallEstablished", r::ESTABLISHED, &source).await {
            let not_ready = self.agents("NotReady", &[]);
            self.done(r::GOES_ON, &not_ready).await;
            self.silent(r::GOES_ON, "no event after NotReady").await;
        }
        if self.step(Step::HangUp, &[r::RELEASED]).await {
            self.follows("CallReleased", r::RELEASED, &source).await;
        }
    }

    async fn unanswered_call(&mut self) {
        if !self.ready().await || !self.step(Step::GiveUp, &[r::UNANSWERED]).await {
            return;
        }
        let Some(pop) = self.pop().await else { return };
        let source = pop.accept().await.source().to_owned();
        self.follows("CallReleased", r::UNANSWERED, &source).await;
    }

    /// A call that is announced again at another listener.
    async fn call_that_moves(&mut self) -> io::Result<()> {
        let needs = [r::BLOCKED, r::REANNOUNCED, r::OLD_RELEASED];
        // The call before has made the agent not ready.
        if !self.step(Step::Ring, &needs).await {
            return Ok(());
        }
        self.silent(r::BLOCKED, "no ScreenPop before Ready").await;
        if !self.ready().await {
            return Ok(());
        }
        let Some(pop) = self.pop().await else { return Ok(()) };
        let source = pop.accept().await.source().to_owned();
        if self.step(Step::Answer, &needs).await
            && self.follows("CallEstablished", r::ESTABLISHED, &source).await
        {
            self.moves(&source).await?;
        }
        self.step(Step::HangUp, &needs).await;
        Ok(())
    }

    async fn moves(&mut self, source: &str) -> io::Result<()> {
        let elsewhere = Listener::bind((self.softphone.listen.ip(), 0).into()).await?;
        let old = std::mem::replace(&mut self.events, Events::new(elsewhere));
        let (register, login) = (self.register(self.events.port()), self.login("Login"));
        if !self.done(r::AGAIN, &register).await || !self.done(r::DONE, &login).await {
            return Ok(());
        }
        if let Some(judged) = self.event("ScreenPop", r::REANNOUNCED).await {
            let event = judged.accept().await;
            let same = event.source() == source && event.value("reannounce") == Some("true");
            let expected = format!("occtSourceID = {source} and reannounce = true");
            self.findings.check(r::REANNOUNCED, same, &expected, format!("{event:?}").as_bytes());
            self.follows("CallEstablished", r::REANNOUNCED, source).await;
        }
        let here = std::mem::replace(&mut self.events, old);
        self.follows("CallReleased", r::OLD_RELEASED, source).await;
        self.events = here;
        Ok(())
    }

    async fn call_with_a_broken_listener(&mut self) -> io::Result<()> {
        let needs = [r::RETRY, r::NOT_AGAIN, r::DROPPED];
        if !self.ready().await {
            return Ok(());
        }
        self.events.close().await;
        let rings = self.step(Step::Ring, &needs).await;
        tokio::time::sleep(DOWN).await;
        self.events.open().await?;
        if !rings {
            return Ok(());
        }
        if let Some(pop) = self.event("ScreenPop", r::RETRY).await {
            pop.fail().await;
            self.silent(r::NOT_AGAIN, "no second ScreenPop after the status 500").await;
            if self.step(Step::Answer, &[r::DROPPED]).await {
                self.silent(r::DROPPED, "no CallEstablished after a failed ScreenPop").await;
            }
        }
        self.step(Step::HangUp, &[r::DROPPED]).await;
        Ok(())
    }

    async fn dialed_calls(&mut self) {
        let number = self.softphone.agent.number.clone();
        let make_call = self.make_call();
        self.dialed(r::DIALED, &make_call, &number).await;
        self.settle().await;
        let parts = [("countryCode", "1"), ("areaCode", "415"), ("phoneNumber", "5550123")];
        let canonical = self.agents("DialCanonical", &parts);
        self.dialed(r::CANONICAL, &canonical, "14155550123").await;
    }

    /// A call to this number, from the callout to its end.
    async fn dialed(&mut self, of: &'static crate::Requirement, callout: &str, number: &str) {
        if self.steps.lacks(Step::HangUp) {
            // A call that nobody can end would be left behind.
            self.step(Step::HangUp, &[of]).await;
            return;
        }
        if !self.done(of, callout).await {
            return;
        }
        if let Some(pop) = self.pop().await {
            let event = pop.accept().await;
            let ani = event.value("occtANI").unwrap_or_default().to_owned();
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            let same = !ani.is_empty() && (ani.ends_with(&digits) || digits.ends_with(&ani));
            let expected = format!("occtANI = {digits}");
            self.findings.check(of, same, &expected, format!("occtANI = {ani}").as_bytes());
        }
        self.settle().await;
        self.step(Step::HangUp, &[of]).await;
    }
}
