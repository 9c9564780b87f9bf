//! What holds for every notification.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{PATH, Script, r};
use crate::{
    http::Message,
    soap::{ADDRESSING, Envelope, Node, SECURITY, UTILITY, Version, read},
    talisma::{clock, contract},
};

/// The most bytes of a request (talisma.md §3.8).
const BYTES_MAX: usize = 65_536;

/// How long a message is valid, with the allowed difference of clocks (talisma.md §3.6). Seconds.
const AGE_MAX: i64 = 600;

impl Script<'_> {
    pub(super) fn judge(&mut self, request: &Message) {
        let bytes = &request.bytes;
        let mut words = request.start.split(' ');
        let (method, path) = (words.next(), words.next().unwrap_or_default());
        let base = path.trim_end_matches("/ws");
        let aimed = method == Some("POST") && base.eq_ignore_ascii_case(PATH);
        self.findings.check(r::POST, aimed, &format!("POST {PATH}"), bytes);
        self.findings.check(r::SIZE, request.body.len() <= BYTES_MAX, "at most 65,536 bytes", bytes);
        let Some(envelope) = read(&request.content()) else {
            self.findings.check(r::XML, false, "an envelope in UTF-8", bytes);
            return;
        };
        self.findings.check(r::XML, !envelope.doctype, "no document type", bytes);
        self.judge_head(request, &envelope);
        self.judge_credentials(request, &envelope);
        let service = self.client.namespaces.service.clone();
        let one = envelope.body.len() == 1;
        let body = envelope.body.first().filter(|body| one && body.is(&service, "PostNotification"));
        let expected = format!("PostNotification in {service}");
        self.findings.check(r::BODY, body.is_some(), &expected, bytes);
        let parameter = body.and_then(|body| body.child("notificationRequest"));
        self.findings.check(r::PARAMETER, parameter.is_some(), "notificationRequest", bytes);
        if let Some(parameter) = parameter {
            self.judge_request(parameter, bytes);
        }
    }

    fn judge_head(&mut self, request: &Message, envelope: &Envelope) {
        let (bytes, action) = (&request.bytes, contract::action(&self.client.namespaces));
        let findings = &mut self.findings;
        let version = envelope.version;
        let typed = version.is_typed(request.header("content-type"));
        match version {
            Version::Soap11 => {
                findings.check(r::TYPE_11, typed, version.content_type(), bytes);
                let quoted = format!("\"{action}\"");
                let named = request.header("soapaction") == Some(quoted.as_str());
                findings.check(r::ACTION_11, named, &format!("SOAPAction: {quoted}"), bytes);
            }
            Version::Soap12 => {
                findings.check(r::TYPE_12, typed, version.content_type(), bytes);
                let header =
                    |name: &str| envelope.header(ADDRESSING, name).map_or("", |node| node.text.trim());
                let whole = header("Action") == action && !header("To").is_empty();
                let expected = format!("Action {action}, To and MessageID");
                findings.check(r::ACTION_12, whole && !header("MessageID").is_empty(), &expected, bytes);
            }
        }
        let known = |node: &&Node| node.namespace == ADDRESSING || node.is(SECURITY, "Security");
        let foreign =
            envelope.headers.iter().filter(|node| node.must_be_understood(version)).all(|node| known(&node));
        findings.check(r::UNDERSTOOD, foreign, "no other header with mustUnderstand", bytes);
    }

    fn judge_credentials(&mut self, request: &Message, envelope: &Envelope) {
        let bytes = &request.bytes;
        let (account, password) = (self.client.parties.account.clone(), self.client.parties.password.clone());
        let expected = "the name and the password of the account";
        if let Some(security) = envelope.header(SECURITY, "Security") {
            let (token, stamp) = (security.child("UsernameToken"), security.child("Timestamp"));
            let whole = token.is_some() && stamp.is_some_and(|stamp| stamp.is(UTILITY, "Timestamp"));
            self.findings.check(r::TOKEN, whole, "Timestamp and UsernameToken", bytes);
            if let Some(token) = token {
                let same = token.value("Username") == account && token.value("Password") == password;
                self.findings.check(r::CREDENTIALS, same, expected, bytes);
                let kind =
                    token.child("Password").and_then(|node| node.attribute("", "Type")).unwrap_or_default();
                let plain = kind.is_empty() || kind.ends_with("#PasswordText");
                self.findings.check(r::PASSWORD, plain, "no type, or PasswordText", bytes);
            }
            if let Some(stamp) = stamp {
                let (created, expires) =
                    (clock::age(stamp.value("Created")), clock::age(stamp.value("Expires")));
                let valid = created.zip(expires).is_some_and(|(created, expires)| {
                    created > expires && created.abs() <= AGE_MAX && expires <= AGE_MAX / 2
                });
                self.findings.check(r::TIMESTAMP, valid, "Created before Expires, and valid", bytes);
            }
        }
        let basic = request.header("authorization");
        if let Some(basic) = basic {
            let right = BASE64_STANDARD.encode(format!("{account}:{password}"));
            let same = basic.strip_prefix("Basic ") == Some(right.as_str());
            self.findings.check(r::BASIC, same, expected, b"another value of Authorization");
            self.findings.check(r::CREDENTIALS, same, expected, b"another value of Authorization");
        }
    }

    fn judge_request(&mut self, request: &Node, bytes: &[u8]) {
        let findings = &mut self.findings;
        let shape = contract::judge(request, "NotificationRequest", &self.client.namespaces.data);
        findings.check(r::NAMES, shape.names, "members of the contract", bytes);
        findings.check(r::ORDER, shape.order, "members in ordinal order", bytes);
        let expected = format!("members in {}", self.client.namespaces.data);
        findings.check(r::NAMESPACE, shape.namespace, &expected, bytes);
        findings.check(r::VALUES, shape.values, "values of the contract's types", bytes);
        findings.check(r::NIL, shape.nils, "i:nil where null is allowed, nothing empty", bytes);
        let user = self.client.parties.user.to_string();
        findings.check(r::USER, request.value("UserId") == user, &format!("UserId {user}"), bytes);
        findings.check(r::MEDIA, request.value("MediaType") == "1", "MediaType 1", bytes);
        let data = request.child("NotificationData");
        findings.check(r::NAMES, data.is_some(), "NotificationData", bytes);
        if let Some(data) = data {
            self.judge_data(data, bytes);
        }
    }

    fn judge_data(&mut self, data: &Node, bytes: &[u8]) {
        let findings = &mut self.findings;
        let number = |name: &str| data.value(name).parse::<i32>().unwrap_or(0);
        let [kind, object, account, case] = ["ObjectType", "ObjectId", "AccountId", "CaseId"].map(number);
        let placed = match kind {
            2 => account > 0 && object == -1,
            7 => case > 0 && object == -1,
            _ => account <= 0 && case <= 0,
        };
        findings.check(r::RECORD, placed, "the ID in the member of the type", bytes);
        let list = data.child("CustomList").map_or(&[][..], |list| &list.children);
        if kind == 3 && object <= 0 {
            let whole = !list.is_empty() && list.iter().all(|one| !one.value("Key").is_empty());
            findings.check(r::FINDS, whole, "a CustomList with keys", bytes);
        }
        findings.check(r::SESSION, data.value("SessionId") == "-1", "SessionId -1", bytes);
        let internal = |name: &str| matches!(data.value(name), "" | "-1");
        let unset = matches!(data.value("SessionMode"), "" | "-1" | "0");
        let whole = unset && internal("ChangeInteractionNotes") && internal("CreatePreview");
        findings.check(r::INTERNAL, whole, "-1 or nil", bytes);
        let script = number("ScriptId");
        findings.check(r::SCRIPT, script == -1 || script > 0, "-1 or an ID", bytes);
        self.judge_payload(data, bytes);
    }

    fn judge_payload(&mut self, data: &Node, bytes: &[u8]) {
        let findings = &mut self.findings;
        let objects = data.child("PayLoad").map_or(&[][..], |list| &list.children);
        let known = objects.iter().all(|object| matches!(object.value("ObjectType"), "7" | "26"));
        findings.check(r::PAYLOAD, known, "ObjectType 7 or 26", bytes);
        let of =
            |object: &Node| object.child("PropertyDataList").map_or(Vec::new(), |list| list.children.clone());
        let properties: Vec<Node> = objects.iter().flat_map(of).collect();
        let above = |one: &Node| one.value("PropertyId").parse::<i32>().is_ok_and(|id| id > 0);
        findings.check(r::PROPERTY, properties.iter().all(above), "a PropertyId above 0", bytes);
        let messages = objects.iter().filter(|object| object.value("ObjectType") == "26");
        let properties: Vec<Node> = messages.flat_map(of).collect();
        let value = |id: &str| {
            let found = properties.iter().find(|one| one.value("PropertyId") == id);
            found.map_or("", |one| one.value("PropertyValue")).to_owned()
        };
        let (ani, dni) = (digits(&value("2000104")), value("2000105"));
        let customer = digits(self.client.customer.as_deref().unwrap_or_default());
        // Numbers can be written with and without a country: the last digits are the same.
        let end = &customer[customer.len().saturating_sub(7)..];
        let expected = format!("2000104 with the calling number {customer}");
        findings.check(r::ANI, !ani.is_empty() && ani.ends_with(end), &expected, bytes);
        findings.check(r::DNI, !dni.is_empty(), "2000105 with the dialed number", bytes);
    }
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}
