//! Judges answers.

use serde_json::Value;

use super::{
    Script,
    post::{Login, Post},
    r,
};
use crate::{
    http::Message,
    soap::{ADDRESSING, Envelope, Node, SECURITY, UTILITY, Version},
    talisma::{clock, contract},
};

/// How far the clocks may differ. Seconds.
const SKEW: i64 = 300;

/// An answer with a result.
pub(super) struct Answer {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// Whether an envelope is the answer of the operation.
pub(super) fn is_result(envelope: &Envelope) -> bool {
    result(envelope).is_some()
}

fn result(envelope: &Envelope) -> Option<&Node> {
    envelope.body.iter().find_map(|node| node.child("PostNotificationResult"))
}

impl Answer {
    /// The text of a member; empty without one.
    pub(super) fn value(&self, name: &str) -> &str {
        result(&self.envelope).map_or("", |result| result.value(name))
    }

    pub(super) fn code(&self) -> Option<i32> {
        self.value("StatusCode").parse().ok()
    }

    /// What JsonString contains.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(self.value("JsonString")).unwrap_or(Value::Null)
    }
}

impl Script<'_> {
    pub(super) fn judge(&mut self, post: &Post, response: &Message, answer: &Answer) {
        let (findings, bytes, envelope) = (&mut self.findings, &answer.bytes, &answer.envelope);
        let typed =
            envelope.version == post.version && post.version.is_typed(response.header("content-type"));
        let of = match post.version {
            Version::Soap11 => r::SOAP_11,
            Version::Soap12 => r::SOAP_12,
        };
        findings.check(of, typed, post.version.content_type(), bytes);
        let service = &self.server.namespaces.service;
        let named = envelope.body.len() == 1
            && envelope.body.iter().all(|node| {
                node.is(service, "PostNotificationResponse")
                    && node.children.iter().all(|node| node.is(service, "PostNotificationResult"))
            });
        findings.check(r::RESPONSE, named, &format!("PostNotificationResponse in {service}"), bytes);
        if let Some(result) = result(envelope) {
            let shape = contract::judge(result, "NotificationResponse", &self.server.namespaces.data);
            let whole = shape.names && shape.values && shape.namespace && answer.code().is_some();
            findings.check(r::MEMBERS, whole, "the members of NotificationResponse", bytes);
            findings.check(r::MEMBER_ORDER, shape.order, "members in ordinal order", bytes);
            findings.check(r::NIL, shape.nils, "null as i:nil", bytes);
        }
        self.judge_headers(post, answer);
    }

    fn judge_headers(&mut self, post: &Post, answer: &Answer) {
        let (findings, bytes, envelope) = (&mut self.findings, &answer.bytes, &answer.envelope);
        let header = |name: &str| envelope.header(ADDRESSING, name).map(|node| node.text.trim());
        match (post.version, &post.message_id) {
            (Version::Soap12, Some(id)) => {
                let relates = header("RelatesTo") == Some(id.as_str()) && header("Action").is_some();
                findings.check(r::RELATES, relates, &format!("Action, and RelatesTo {id}"), bytes);
                let reply = format!("{}Response", contract::action(&self.server.namespaces));
                findings.check(r::REPLY_ACTION, header("Action") == Some(reply.as_str()), &reply, bytes);
            }
            (Version::Soap11, _) => {
                let plain = envelope.headers.iter().all(|node| node.namespace != ADDRESSING);
                findings.check(r::PLAIN_11, plain, "no WS-Addressing", bytes);
            }
            (Version::Soap12, None) => {}
        }
        let security = envelope.header(SECURITY, "Security");
        if let Login::Token(children) = &post.login
            && children.contains("Timestamp")
        {
            let stamp = security.and_then(|security| security.child("Timestamp"));
            let age = |name: &str| stamp.and_then(|stamp| clock::age(stamp.value(name)));
            let valid = stamp.is_some_and(|stamp| stamp.is(UTILITY, "Timestamp"))
                && age("Created").is_some_and(|age| age.abs() <= SKEW)
                && age("Expires").is_some_and(|age| age <= SKEW)
                && age("Created") > age("Expires");
            findings.check(r::TIMESTAMP, valid, "a timestamp that is valid", bytes);
        }
        if let Some(security) = security {
            let free = !security.must_be_understood(envelope.version);
            findings.check(r::FREE, free, "Security without mustUnderstand", bytes);
        }
    }

    pub(super) fn judge_json(&mut self, post: &Post, answer: &Answer) {
        let (findings, bytes, json) = (&mut self.findings, &answer.bytes, answer.json());
        findings.check(r::JSON, json.is_object(), "JSON", bytes);
        let data = &json["NotificationData"];
        let same = json["UserId"].as_i64() == post.user.parse().ok() && json["MediaType"] == 1;
        let named = contract::TYPES[1].1.iter().all(|(name, _)| data.get(name).is_some());
        let whole = same && named && json["CreatedAt"].is_string() && json["Warnings"].is_array();
        findings.check(r::JSON_SHAPE, whole, "the members of the request, CreatedAt and Warnings", bytes);
        let assigned = data["SessionId"].as_i64().is_some_and(|id| id > 0);
        findings.check(r::ASSIGNED, assigned, "a SessionId above 0", bytes);
    }
}
