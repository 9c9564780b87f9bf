//! What is refused.

use super::{
    Script,
    post::{Login, Post, digest, plain, stamp, token},
    r,
};
use crate::{Step, soap::Version};

/// The fault of a message that cannot be read.
const UNREADABLE: &[&str] = &["DeserializationFailed"];

/// The faults of an invalid security header.
const INVALID: &[&str] = &["InvalidSecurity"];

/// More elements inside each other than are read (talisma.md §3.8).
const DEPTH: usize = 40;

impl Script<'_> {
    /// Messages that are wrong for every sender.
    pub(super) async fn refuses_messages(&mut self) {
        let valid = self.valid();
        self.status(r::NOT_XML, &valid.clone().changed(|_| "nothing".to_owned()), 400).await;
        let half = |envelope: String| envelope[..envelope.len() / 2].to_owned();
        self.status(r::NOT_XML, &valid.clone().changed(half), 400).await;
        let other = Version::Soap12.content_type().to_owned();
        self.status(r::OTHER_VERSION, &Post { content_type: Some(other), ..valid.clone() }, 400).await;
        let dtd = |envelope: String| format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{envelope}");
        self.status(r::DTD, &valid.clone().changed(dtd), 400).await;
        let deep = |envelope: String| {
            let nested = format!("<s:Body>{}{}", "<x>".repeat(DEPTH), "</x>".repeat(DEPTH));
            envelope.replace("<s:Body>", &nested)
        };
        self.status(r::DEPTH, &valid.clone().changed(deep), 400).await;
        for kind in [None, Some("text/html"), Some("application/json")] {
            let post = Post { content_type: kind.map(str::to_owned), ..valid.clone() };
            self.status(r::CONTENT_TYPE, &post, 415).await;
        }
        let latin = Some("text/xml; charset=iso-8859-1".to_owned());
        self.status(r::CHARSET, &Post { content_type: latin, ..valid.clone() }, 415).await;
        let declared =
            |envelope: String| format!("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>{envelope}");
        self.status(r::CHARSET, &valid.clone().changed(declared), 400).await;
        let large = valid.clone().with("CustomList", &custom("Key", &"x".repeat(70_000)));
        self.status(r::TOO_LARGE, &large, 413).await;
        self.status(r::PATH, &Post { path: "/conform".to_owned(), ..valid.clone() }, 404).await;
        if let Some(response) = self.status(r::METHOD, &Post { method: "PUT", ..valid }, 405).await {
            let allow = response.header("allow").unwrap_or_default().replace(' ', "");
            let both = allow == "GET,POST" || allow == "POST,GET";
            self.findings.check(r::METHOD, both, "Allow: GET, POST", &response.bytes);
        }
    }

    /// Wrong credentials, and wrong contents behind the right ones.
    pub(super) async fn refuses_senders(&mut self) {
        let valid = self.valid();
        let parties = self.server.parties.clone();
        let (account, password) = (parties.account.as_str(), parties.password.as_str());
        let right = || token(account, password, &plain(), "");
        let post = |children: String| valid.clone().secured(children);
        let unknown = post(stamp(0, 300) + &token("conform-nobody", password, &plain(), ""));
        self.fault(r::FAILED, &unknown, &["FailedAuthentication"]).await;
        self.fault(r::STALE, &post(stamp(-3_600, -3_300) + &right()), INVALID).await;
        self.fault(r::REVERSED, &post(stamp(200, 100) + &right()), INVALID).await;
        self.fault(r::TWO_TOKENS, &post(right() + &right()), INVALID).await;
        let made =
            format!("<o:Nonce>Y29uZm9ybQ==</o:Nonce><u:Created>{}</u:Created>", crate::talisma::clock::at(0));
        let wrong = token("conform-nobody", "Y29uZm9ybQ==", &digest(), &made);
        let refused = &["InvalidSecurity", "FailedAuthentication"];
        self.fault(r::DIGEST, &post(wrong), refused).await;
        if let Some(response) =
            self.status(r::CHALLENGES_BASIC, &Post { login: Login::None, ..valid.clone() }, 401).await
        {
            let has_challenge =
                response.header("www-authenticate").is_some_and(|value| value.starts_with("Basic"));
            self.findings.check(
                r::CHALLENGES_BASIC,
                has_challenge,
                "WWW-Authenticate: Basic",
                &response.bytes,
            );
        }
        self.refuses_contents().await;
    }

    /// A wrong password. It comes last, because a server may refuse the account for some time after it.
    pub(super) async fn refuses_password(&mut self) {
        let wrong = token(&self.server.parties.account, "conform-wrong", &plain(), "");
        let post = self.valid().secured(wrong);
        self.fault(r::FAILED, &post, &["FailedAuthentication"]).await;
    }

    async fn refuses_contents(&mut self) {
        let valid = self.valid();
        for post in [valid.clone(), valid.clone().soap_12()] {
            let other = Some("http://tempuri.org/IPostNotification/Conform".to_owned());
            self.fault(r::ACTION, &Post { action: other, ..post.clone() }, &["ActionNotSupported"]).await;
            let headers = "<c:C xmlns:c=\"urn:conform\" s:mustUnderstand=\"1\"/>".to_owned();
            self.fault(r::MUST_UNDERSTAND, &Post { headers, ..post.clone() }, &["MustUnderstand"]).await;
            self.fault(r::VALUE, &post.with("ObjectId", "seven"), UNREADABLE).await;
        }
        self.fault(r::NESTED, &valid.clone().with("ObjectId", "<d:x>7</d:x>"), UNREADABLE).await;
        let twice = |envelope: String| envelope.replace("<d:CaseId>", "<d:CaseId>1</d:CaseId><d:CaseId>");
        self.fault(r::TWICE, &valid.clone().changed(twice), UNREADABLE).await;
        let operations = |envelope: String| envelope.replace("</s:Body>", "<x/></s:Body>");
        self.fault(r::TWO, &valid.clone().changed(operations), UNREADABLE).await;
        let bodies = |envelope: String| envelope.replace("</s:Envelope>", "<s:Body/></s:Envelope>");
        self.fault(r::TWO, &valid.changed(bodies), UNREADABLE).await;
    }

    /// Notifications that are read and refused.
    pub(super) async fn refuses_notifications(&mut self) {
        let valid = self.valid();
        self.refused(r::MEDIA, &Post { media: "2".to_owned(), ..valid.clone() }, -3).await;
        self.refused(r::NO_DATA, &Post { data: None, ..valid.clone() }, -2).await;
        self.refused(r::NO_USER, &Post { user: "2000000001".to_owned(), ..valid.clone() }, -4).await;
        self.refused(r::SIGNED_OUT, &valid, -5).await;
    }

    /// Notifications for an agent who is signed in that are refused.
    pub(super) async fn refuses_records(&mut self) {
        let valid = self.valid();
        self.refused(r::NO_RECORD, &valid.clone().with("ObjectType", "2"), -6).await;
        self.refused(r::NO_RECORD, &valid.clone().with("ObjectType", "7"), -6).await;
        self.refused(r::FINDS, &valid.clone().with("ObjectType", "0").with("ObjectId", "-1"), -6).await;
        self.refused(r::PAYLOAD, &valid.clone().with("PayLoad", &payload("8", "100", "x")), -6).await;
        self.refused(r::PAYLOAD, &valid.with("PayLoad", &payload("26", "0", "x")), -2).await;
    }

    pub(super) async fn signs_in(&mut self) -> bool {
        let of = [
            r::SUCCESS,
            r::JSON,
            r::JSON_SHAPE,
            r::ASSIGNED,
            r::NO_RECORD,
            r::RECORDS,
            r::FINDS,
            r::PAYLOAD,
            r::REPEATED,
            r::WARNS,
        ];
        self.step(Step::SignIn, &of).await
    }
}

/// The XML of a CustomList with one entry.
pub(super) fn custom(key: &str, value: &str) -> String {
    format!("<d:CustomData><d:Key>{key}</d:Key><d:Value>{value}</d:Value></d:CustomData>")
}

/// The XML of a PayLoad with one property.
pub(super) fn payload(object: &str, property: &str, value: &str) -> String {
    format!(
        "<d:PayLoadData><d:ObjectType>{object}</d:ObjectType><d:PropertyDataList><d:PropertyData>\
         <d:PropertyId>{property}</d:PropertyId><d:PropertyValue>{value}</d:PropertyValue></d:PropertyData>\
         </d:PropertyDataList></d:PayLoadData>"
    )
}
