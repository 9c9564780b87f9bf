//! What is accepted.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{
    Script,
    post::{Login, Post, plain, stamp, token},
    r,
    refuses::{custom, payload},
};
use crate::{Requirement, talisma::clock};

/// The most values of a SessionId that is different in each run.
const SESSIONS: u128 = 1_000_000_000;

impl Script<'_> {
    /// Everything that an agent who is signed in is shown.
    pub(super) async fn accepts_everything(&mut self) {
        if !self.signs_in().await {
            return;
        }
        self.refuses_records().await;
        self.accepts_senders().await;
        self.accepts_forms().await;
        self.accepts_records().await;
        self.repeats().await;
        self.warns().await;
    }

    async fn accepts_senders(&mut self) {
        let valid = self.valid();
        let parties = self.server.parties.clone();
        let credentials = |kind: &str, more: &str| token(&parties.account, &parties.password, kind, more);
        let post = |children: String| valid.clone().secured(children);
        self.accepted(r::NO_TYPE, &post(stamp(0, 300) + &credentials("", ""))).await;
        self.accepted(r::NO_TYPE, &post(stamp(0, 300) + &credentials(" Type=\"\"", ""))).await;
        self.accepted(r::NO_STAMP, &post(credentials(&plain(), ""))).await;
        let unknown = credentials(&plain(), "") + "<o:Conform/>" + &stamp(0, 300);
        self.accepted(r::CHILDREN, &post(unknown)).await;
        self.accepted(r::BASIC, &Post { login: Login::Basic, ..valid.clone() }).await;
        let nonce = BASE64_STANDARD.encode(clock::unique().to_be_bytes());
        let nonce = format!("<o:Nonce>{nonce}</o:Nonce><u:Created>{}</u:Created>", clock::at(0));
        let once = post(credentials(&plain(), &nonce));
        if self.accepted(r::NONCE, &once).await.is_some() {
            self.fault(r::NONCE, &once, &["InvalidSecurity"]).await;
        }
    }

    async fn accepts_forms(&mut self) {
        let valid = self.valid();
        self.accepted(r::SOAP_12, &valid.clone().soap_12()).await;
        let addressed = Post { message_id: Some("urn:conform:1".to_owned()), ..valid.clone() };
        self.accepted(r::PLAIN_11, &addressed).await;
        self.accepted(r::NO_ACTION, &Post { action: None, ..valid.clone() }).await;
        let elsewhere =
            "<c:C xmlns:c=\"urn:conform\" s:mustUnderstand=\"1\" s:actor=\"urn:other\"/>".to_owned();
        self.accepted(r::ACTOR, &Post { headers: elsewhere, ..valid.clone() }).await;
        let unknown = |envelope: String| envelope.replace("<d:CaseId>", "<d:Conform>1</d:Conform><d:CaseId>");
        self.accepted(r::UNKNOWN, &valid.clone().changed(unknown)).await;
        let base = self.base.clone();
        self.base = base.to_ascii_uppercase();
        self.accepted(r::LETTER_CASE, &valid.clone()).await;
        self.base = base;
        let mut few = valid.clone();
        if let Some(data) = &mut few.data {
            data.retain(|name, _| ["ObjectId", "ObjectType"].contains(name));
        }
        self.accepted(r::MISSING, &few).await;
        let other = |envelope: String| {
            let moved = envelope.replace("<d:MediaType>1</d:MediaType>", "");
            moved.replace(
                "</notificationRequest>",
                "<x:MediaType xmlns:x=\"urn:x\">1</x:MediaType></notificationRequest>",
            )
        };
        self.accepted(r::ANY_ORDER, &valid.changed(other)).await;
    }

    async fn accepts_records(&mut self) {
        let valid = self.valid();
        let none = |post: Post| post.with("ObjectId", "-1");
        let account = none(valid.clone()).with("ObjectType", "2").with("AccountId", "12");
        self.accepted(r::RECORDS, &account).await;
        let case = none(valid.clone()).with("ObjectType", "7").with("CaseId", "12");
        self.accepted(r::RECORDS, &case).await;
        self.accepted(r::RECORDS, &valid).await;
        let list = custom("Phone", "+14155550100");
        self.accepted(r::FINDS, &none(valid.clone()).with("CustomList", &list)).await;
        self.accepted(r::FINDS, &none(valid.clone()).with("ObjectType", "0").with("CustomList", &list)).await;
        let text = payload("26", "2000104", "ANI - 101");
        self.accepted(r::ANY_TEXT, &valid.with("PayLoad", &text)).await;
    }

    async fn repeats(&mut self) {
        let session = 1 + clock::unique() % SESSIONS;
        let post = self.valid().with("SessionId", &session.to_string());
        let Some(first) = self.accepted(r::REPEATED, &post).await else { return };
        let Some(again) = self.accepted(r::REPEATED, &post).await else { return };
        let same = first.json() == again.json();
        self.findings.check(r::REPEATED, same, &first.json().to_string(), &again.bytes);
    }

    async fn warns(&mut self) {
        let account = self.valid().with("ObjectType", "2").with("AccountId", "12");
        self.has_warning(r::WARNS, &account).await;
        let mode = self.valid().with("SessionMode", "5");
        self.has_warning(r::WARNS, &mode).await;
    }

    async fn has_warning(&mut self, of: &'static Requirement, post: &Post) {
        let Some(answer) = self.accepted(of, post).await else { return };
        let json = answer.json();
        let warned =
            json["Warnings"].as_array().is_some_and(|warnings| warnings.iter().any(Value::is_string));
        self.findings.check(of, warned, "a warning", &answer.bytes);
    }
}
