//! Messages (harmony.md §2.2).

use serde_json::{Map, Value, json};

/// A message as it came.
#[derive(Debug, Clone, Default)]
pub(super) struct Message {
    /// The bytes of the frame, without its length.
    pub(super) bytes: Vec<u8>,
    /// The header; empty when the bytes are not a message.
    pub(super) header: Map<String, Value>,
    /// The body.
    pub(super) body: Value,
}

impl Message {
    pub(super) fn read(bytes: Vec<u8>) -> Self {
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let header = value["header"].as_object().cloned().unwrap_or_default();
        Self { header, body: value["body"].clone(), bytes }
    }

    /// A text of the header.
    pub(super) fn text(&self, key: &str) -> &str {
        self.header.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn kind(&self) -> &str {
        self.text("type")
    }

    pub(super) fn name(&self) -> &str {
        self.text("name")
    }

    pub(super) fn target(&self) -> &str {
        self.text("target")
    }

    pub(super) fn request_id(&self) -> &str {
        self.text("requestId")
    }

    /// Whether a response reports success.
    pub(super) fn succeeded(&self) -> bool {
        self.text("result").eq_ignore_ascii_case("SUCCESS")
    }

    /// A text of the body.
    pub(super) fn value(&self, key: &str) -> &str {
        self.body[key].as_str().unwrap_or_default()
    }
}

/// A query or a request of the bridge.
pub(super) fn request_frame(kind: &str, name: &str, target: &str, id: &str, body: &Value) -> Vec<u8> {
    let header = json!({ "type": kind, "name": name, "target": target, "requestId": id });
    json!({ "header": header, "body": body }).to_string().into_bytes()
}

/// An event of the client.
pub(super) fn event(name: &str, target: &str, body: &Value) -> Vec<u8> {
    let header = json!({ "type": "cti.event", "name": name, "target": target });
    json!({ "header": header, "body": body }).to_string().into_bytes()
}

/// A response of the client.
pub(super) fn response(to: &Message, body: &Value) -> Vec<u8> {
    respond(to, json!({ "type": "cti.response", "result": "SUCCESS" }), body)
}

/// A response of the client that refuses.
pub(super) fn refusal(to: &Message, why: &str) -> Vec<u8> {
    respond(to, json!({ "type": "cti.response", "result": "FAILURE", "errorMessage": why }), &json!({}))
}

fn respond(to: &Message, mut header: Value, body: &Value) -> Vec<u8> {
    for key in ["name", "target", "requestId"] {
        header[key] = to.header.get(key).cloned().unwrap_or_default();
    }
    json!({ "header": header, "body": body }).to_string().into_bytes()
}

/// Whether a text is a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.chars().all(|one| one == '-' || one.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_written_and_read() {
        let id = "00000000-0000-0008-0000-000000000001";
        let request = Message::read(request_frame(
            "cti.request",
            "control.request.status",
            "DEMO.CONTROL",
            id,
            &json!({}),
        ));
        assert_eq!(
            (request.kind(), request.name(), request.target()),
            ("cti.request", "control.request.status", "DEMO.CONTROL")
        );
        assert!(is_guid(request.request_id()) && !is_guid("1-2"));
        let answer = Message::read(response(&request, &json!({ "nativeid": "x" })));
        assert_eq!((answer.request_id(), answer.value("nativeid")), (id, "x"));
        assert!(answer.succeeded());
        assert!(Message::read(b"nothing".to_vec()).header.is_empty());
        assert_eq!(Message::read(event("control.status", "DEMO.CONTROL", &json!({}))).kind(), "cti.event");
    }
}
