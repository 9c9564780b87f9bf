//! Events that the run sends, and how EBS answers.

use super::{Script, r};
use crate::{
    Requirement,
    http::{Message, send},
    uwq::{
        callout::{Outcome, outcome},
        event::write,
    },
};

/// The most bytes of an event that EBS reads (uwq.md §5.1).
const EVENT_BYTES_MAX: usize = 64 * 1_024;

const XML: &str = "text/xml; charset=UTF-8";

impl Script<'_> {
    pub(super) async fn events(&mut self) {
        let extension = self.ebs.agent.extension.clone();
        let call = format!("conform-{}", std::process::id());
        let source = ("occtSourceID", call.as_str());
        let pop = write("ScreenPop", &[source, ("occtANI", "14155550100"), ("occtDNIS", &extension)]);
        let (established, released) = (write("CallEstablished", &[source]), write("CallReleased", &[source]));
        self.accepts(r::REPEATED, "/", XML, &write("CallEstablished", &[("occtSourceID", "conform-other")]))
            .await;
        self.accepts(r::ACCEPTED, "/", XML, &pop).await;
        self.accepts(r::REPEATED, "/", XML, &pop).await;
        self.accepts(r::ACCEPTED, "/", XML, &established).await;
        self.accepts(r::UNKNOWN, "/", XML, &write("ConformEvent", &[source])).await;
        self.accepts(r::ANY_PATH, "/events", "text/plain", &established).await;
        let spread = established.replace("><", ">\n  <").replace('"', "'");
        self.accepts(r::LAYOUT, "/", XML, &format!("<?xml version='1.0' encoding='UTF-8'?>\n{spread}\n"))
            .await;
        let several = released.replace("</CCTSDK>", &released.replace("<CCTSDK>", ""));
        self.accepts(r::SEVERAL, "/", XML, &several).await;
        self.accepts(r::ACCEPTED, "/", XML, &released).await;
        self.rejects(r::MALFORMED, "POST", "<CCTSDK><event", 400).await;
        let dtd = format!("<!DOCTYPE CCTSDK [<!ENTITY a \"b\">]>{established}");
        self.rejects(r::DTD, "POST", &dtd, 400).await;
        self.rejects(r::METHOD, "PUT", &established, 405).await;
        let large = "x".repeat(EVENT_BYTES_MAX);
        self.rejects(r::TOO_LARGE, "POST", &write("ScreenPop", &[source, ("large", &large)]), 413).await;
        self.settle().await;
    }

    async fn accepts(&mut self, of: &'static Requirement, path: &str, kind: &str, body: &str) {
        let Some(response) = self.post(of, "POST", path, kind, body).await else { return };
        let accepted = response.status() == 200 && response.body.is_empty();
        self.findings.check(of, accepted, "200 and an empty body", &response.bytes);
    }

    async fn rejects(&mut self, of: &'static Requirement, method: &str, body: &str, status: u16) {
        let Some(response) = self.post(of, method, "/", XML, body).await else { return };
        self.findings.check(of, response.status() == status, &format!("status {status}"), &response.bytes);
        let is_error = matches!(outcome(&response), Outcome::Error(_));
        self.findings.check(r::FAULT, is_error, "an error document", &response.bytes);
    }

    async fn post(
        &mut self,
        of: &'static Requirement,
        method: &str,
        path: &str,
        kind: &str,
        body: &str,
    ) -> Option<Message> {
        let at = self.events_at.clone()?;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {at}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        );
        self.findings.sent(request.as_bytes());
        match send(&at, request.as_bytes(), self.terms).await {
            Ok(response) => {
                let expected = format!("Content-Length: {}", response.body.len());
                self.findings.check(r::FRAMED, response.is_framed(), &expected, &response.bytes);
                Some(response)
            }
            Err(why) => {
                self.findings.deviates(of, "a response", &why);
                None
            }
        }
    }
}
