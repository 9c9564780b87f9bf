//! Calls of a customer, and how their notifications are answered.

use std::time::Duration;

use super::{Script, r, response};
use crate::{
    Requirement, Step,
    http::Arrival,
    soap::{INSTANCE, UTILITY, Version, write},
    talisma::clock,
};

/// The pauses before the first three repetitions (talisma.md §8), with a reserve.
const AGAIN: Duration = Duration::from_secs(6);

impl Script<'_> {
    pub(super) async fn calls(&mut self) {
        // Each part needs a call of its own.
        if self.succeeds().await.is_none() {
            return;
        }
        self.is_unavailable(r::RETRY, "503 Service Unavailable").await;
        self.is_over(r::LOST, Ending::Lost).await;
        self.is_over(r::NEGATIVE, Ending::Negative).await;
        self.is_over(r::FAULT, Ending::Fault).await;
        self.is_unavailable(r::MOVED, "404 Not Found").await;
    }

    /// A call whose notification is answered with success.
    async fn succeeds(&mut self) -> Option<()> {
        let posted = self.rings(r::POST).await?;
        self.judge(&posted.request);
        answer(posted, 0).await;
        self.is_not_repeated(r::ONCE).await;
        self.ends().await;
        Some(())
    }

    /// A call whose notification is answered first with a status that can pass.
    async fn is_unavailable(&mut self, of: &'static Requirement, status: &str) {
        let Some(posted) = self.rings(of).await else { return };
        posted.answer(&response(status, "", "")).await;
        match self.next(AGAIN.max(self.terms.timeout)).await {
            Some(again) => {
                self.judge(&again.request);
                self.findings.held(of);
                answer(again, 0).await;
            }
            None => self.findings.deviates(of, "the same notification", "nothing"),
        }
        self.ends().await;
    }

    /// A call whose notification is not posted again.
    async fn is_over(&mut self, of: &'static Requirement, ending: Ending) {
        let Some(posted) = self.rings(of).await else { return };
        match ending {
            Ending::Lost => drop(posted),
            Ending::Negative => answer(posted, -1).await,
            Ending::Fault => fault(posted).await,
        }
        self.is_not_repeated(of).await;
        self.ends().await;
    }

    /// The notification of a call. Some clients post it when the agent answers.
    async fn rings(&mut self, of: &'static Requirement) -> Option<Arrival> {
        while let Some(old) = self.next(self.terms.silence / 4).await {
            answer(old, 0).await;
        }
        if !self.step(Step::Ring, &[of]).await {
            return None;
        }
        let early = match self.next(self.terms.timeout).await {
            None if self.step(Step::Answer, &[of]).await => self.next(self.terms.timeout).await,
            early => early,
        };
        let Some(posted) = early else {
            let came = format!("nothing within {:?}", self.terms.timeout);
            self.findings.deviates(of, "a notification of the call", &came);
            self.ends().await;
            return None;
        };
        let posted = self.with_credentials(posted).await;
        if posted.is_none() {
            self.ends().await;
        }
        posted
    }

    /// A notification with credentials: without them they are requested once.
    async fn with_credentials(&mut self, posted: Arrival) -> Option<Arrival> {
        let signs_in = posted.request.header("authorization").is_some()
            || String::from_utf8_lossy(&posted.request.body).contains("UsernameToken");
        if signs_in {
            return Some(posted);
        }
        posted
            .answer(&response("401 Unauthorized", "WWW-Authenticate: Basic realm=\"conform\"\r\n", ""))
            .await;
        let again = self.next(self.terms.timeout).await;
        if again.is_none() {
            self.findings.deviates(r::CREDENTIALS, "credentials", "none, also after a 401");
        }
        again
    }

    async fn is_not_repeated(&mut self, of: &'static Requirement) {
        match self.next(self.terms.silence * 3).await {
            None => self.findings.held(of),
            Some(second) => {
                self.findings.check(of, false, "no second notification of the call", &second.request.bytes);
                answer(second, 0).await;
            }
        }
    }

    /// The agent takes the call and hangs up, so that the next one can ring.
    async fn ends(&mut self) {
        self.step(Step::Answer, &[]).await;
        self.step(Step::HangUp, &[]).await;
    }
}

/// What ends a notification.
enum Ending {
    Lost,
    Negative,
    Fault,
}

fn version(posted: &Arrival) -> Version {
    let kind = posted.request.header("content-type").unwrap_or_default();
    if kind.starts_with("application/soap+xml") { Version::Soap12 } else { Version::Soap11 }
}

/// Answers with this `StatusCode`.
async fn answer(posted: Arrival, code: i32) {
    let body = format!(
        "<PostNotificationResponse xmlns=\"http://tempuri.org/\"><PostNotificationResult \
         xmlns:d=\"http://schemas.datacontract.org/2004/07/Talisma.Web.Notification\" xmlns:i=\"{INSTANCE}\">\
         <d:ErrorMessage i:nil=\"true\"/><d:InnerException i:nil=\"true\"/><d:JsonString i:nil=\"true\"/>\
         <d:StatusCode>{code}</d:StatusCode></PostNotificationResult></PostNotificationResponse>"
    );
    send(posted, "200 OK", &body).await;
}

async fn fault(posted: Arrival) {
    let body = match version(&posted) {
        Version::Soap11 => {
            "<s:Fault><faultcode>s:Server</faultcode><faultstring>conform</faultstring></s:Fault>"
        }
        Version::Soap12 => {
            "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en\">conform</s:Text>\
             </s:Reason></s:Fault>"
        }
    };
    send(posted, "500 Internal Server Error", body).await;
}

async fn send(posted: Arrival, status: &str, body: &str) {
    let version = version(&posted);
    let stamp = format!(
        "<o:Security xmlns:o=\"{}\"><u:Timestamp xmlns:u=\"{UTILITY}\"><u:Created>{}</u:Created><u:Expires>{}</u:Expires>\
         </u:Timestamp></o:Security>",
        crate::soap::SECURITY,
        clock::at(0),
        clock::at(300)
    );
    let kind = format!("Content-Type: {}\r\n", version.content_type());
    posted.answer(&response(status, &kind, &write(version, &stamp, body))).await;
}
