//! Tests a notification server: the run posts notifications.

mod accepts;
mod answer;
mod describes;
mod post;
mod refuses;
mod requirement;

use self::{
    answer::{Answer, is_result},
    post::Post,
    requirement as r,
};
use super::{DESK, Server};
use crate::{
    Report, Requirement, Step, Steps, Terms,
    findings::Findings,
    http::{Message, send},
    soap,
};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] = &[Step::SignIn];

/// Tests a notification server.
pub async fn run(server: Server, steps: &Steps, terms: &Terms) -> Report {
    let findings = Findings::new(DESK, &server.to, &[server.parties.password.as_str()]);
    let plain = server.to.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let (host, path) = plain.split_once('/').unwrap_or((&plain, ""));
    let (host, base) = (host.to_owned(), format!("/{path}"));
    let mut script = Script { server, steps, terms, findings, host, base };
    if script.is_there().await {
        script.describes().await;
        script.refuses_messages().await;
        script.refuses_senders().await;
        script.refuses_notifications().await;
        script.accepts_everything().await;
        script.refuses_password().await;
    }
    script.findings.report()
}

/// The script and what it has found.
struct Script<'a> {
    server: Server,
    steps: &'a Steps,
    terms: &'a Terms,
    findings: Findings,
    host: String,
    base: String,
}

impl Script<'_> {
    /// A valid notification.
    fn valid(&self) -> Post {
        Post::new(&self.server.parties, &self.server.namespaces, self.server.contact)
    }

    async fn is_there(&mut self) -> bool {
        let post = Post { path: "?wsdl".to_owned(), ..self.valid() };
        self.send(r::ANSWERS, &post.get()).await.is_some()
    }

    /// Sends a request. Without a response the requirement deviates.
    async fn send(&mut self, of: &'static Requirement, post: &Post) -> Option<Message> {
        let request = post.bytes(&self.host, &self.base);
        self.findings.sent(&request);
        match send(&self.host, &request, self.terms).await {
            Ok(response) => Some(response),
            Err(why) => {
                self.findings.deviates(of, "a response", &why);
                None
            }
        }
    }

    /// Posts a notification that is answered with a result.
    async fn result(&mut self, of: &'static Requirement, post: &Post) -> Option<Answer> {
        let response = self.send(of, post).await?;
        let Some(envelope) = soap::read(&response.content()).filter(is_result) else {
            self.findings.check(of, false, "200 and an answer of PostNotification", &response.bytes);
            return None;
        };
        let ok = response.status() == 200;
        self.findings.check(r::ANSWERS, ok, "200 and PostNotificationResponse", &response.bytes);
        let answer = Answer { envelope, bytes: response.bytes.clone() };
        self.judge(post, &response, &answer);
        Some(answer)
    }

    /// Posts a notification that is accepted.
    async fn accepted(&mut self, of: &'static Requirement, post: &Post) -> Option<Answer> {
        let answer = self.result(of, post).await?;
        let code = answer.code();
        self.findings.check(of, code == Some(0), "StatusCode 0", &answer.bytes);
        if code == Some(0) {
            self.findings.held(r::SUCCESS);
            self.judge_json(post, &answer);
            return Some(answer);
        }
        if code.is_some_and(|code| code > 0) {
            self.findings.check(r::SUCCESS, false, "StatusCode 0", &answer.bytes);
        }
        None
    }

    /// Posts a notification that is refused with this code.
    async fn refused(&mut self, of: &'static Requirement, post: &Post, code: i32) {
        let Some(answer) = self.result(of, post).await else { return };
        let bytes = &answer.bytes;
        let negative = answer.code().is_some_and(|code| code < 0);
        self.findings.check(of, negative, "a negative StatusCode", bytes);
        self.findings.check(r::NEGATIVE, negative, "a negative StatusCode", bytes);
        if !negative {
            return;
        }
        self.findings.check(r::CODES, answer.code() == Some(code), &format!("StatusCode {code}"), bytes);
        let is_error = !answer.value("ErrorMessage").is_empty();
        self.findings.check(r::REASON, is_error, "ErrorMessage with a text", bytes);
        let nil = answer.value("JsonString").is_empty();
        self.findings.check(r::NO_JSON, nil, "JsonString is nil", bytes);
    }

    /// Posts a message that is a fault with this code.
    async fn fault(&mut self, of: &'static Requirement, post: &Post, codes: &[&str]) {
        let Some(response) = self.send(of, post).await else { return };
        let bytes = &response.bytes;
        let expected = format!("the fault {}", codes.join(" or "));
        let envelope = soap::read(&response.content());
        let Some(fault) = envelope.as_ref().and_then(soap::Envelope::fault) else {
            self.findings.check(of, false, &expected, bytes);
            return;
        };
        self.findings.check(of, codes.contains(&fault.code.as_str()), &expected, bytes);
        let version = post.version;
        let same = envelope.is_some_and(|envelope| envelope.version == version)
            && version.is_typed(response.header("content-type"));
        let whole = same && response.status() == 500;
        self.findings.check(r::FAULT, whole, "500 and an envelope in the version of the request", bytes);
        if let Some(general) = fault.general {
            let known = ["Sender", "Receiver", "MustUnderstand"].contains(&general.as_str());
            self.findings.check(r::SUBCODE, known, "Sender or Receiver", bytes);
        }
    }

    /// Sends a request that is answered with a status and no body.
    async fn status(&mut self, of: &'static Requirement, post: &Post, status: u16) -> Option<Message> {
        let response = self.send(of, post).await?;
        let same = response.status() == status;
        self.findings.check(of, same, &format!("the status {status}"), &response.bytes);
        if same {
            let empty = response.body.is_empty();
            self.findings.check(r::NO_BODY, empty, "no body", &response.bytes);
        }
        Some(response)
    }

    /// Does a step. Without it the requirements are not reached.
    async fn step(&mut self, step: Step, of: &[&'static Requirement]) -> bool {
        let taken = self.steps.take(step, self.terms).await;
        taken.map_err(|why| self.findings.not_reached(of, &why)).is_ok()
    }
}
