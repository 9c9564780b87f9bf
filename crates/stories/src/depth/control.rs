//! The simulated switch's control interface, as a story uses it.

use bytes::Bytes;
use http::{Method, Request, Response};
use model::{CallId, DeviceId};
use serde_json::{Value, json};
use simulated::{Caller, Chances, Fault, PhoneAction};

use super::Trouble;

/// Asks for a call to come in.
pub(crate) fn caller(caller: &Caller) -> Request<Bytes> {
    request(Method::POST, "/calls", &json!(caller))
}

/// Has the caller of a call hang up.
pub(crate) fn hang_up(call: &CallId) -> Request<Bytes> {
    request(Method::DELETE, &format!("/calls/{call}"), &Value::Null)
}

/// Has a hand do something at a phone.
pub(crate) fn phone(device: &DeviceId, action: PhoneAction) -> Request<Bytes> {
    request(Method::POST, &format!("/phones/{device}"), &json!({ "action": action }))
}

/// Has something go wrong.
pub(crate) fn fault(fault: &Fault) -> Request<Bytes> {
    request(Method::PUT, "/faults", &json!({ "once": [fault] }))
}

/// Has things go wrong by these chances.
pub(crate) fn chances(chances: &Chances) -> Request<Bytes> {
    request(Method::PUT, "/faults", &json!({ "chances": chances }))
}

/// Asks for all calls.
pub(crate) fn calls() -> Request<Bytes> {
    request(Method::GET, "/calls", &Value::Null)
}

/// The call that a [`caller`] has made.
pub(crate) fn made(answer: Value) -> Result<CallId, Trouble> {
    serde_json::from_value(answer["call"].clone()).map_err(|error| error.to_string())
}

/// The list that [`calls`] has given.
pub(crate) fn items(answer: &Value) -> Vec<Value> {
    answer["items"].as_array().cloned().unwrap_or_default()
}

/// The body of an answer; trouble when it is a refusal.
pub(crate) fn body(response: &Response<Bytes>) -> Result<Value, Trouble> {
    let bytes = response.body();
    let body = if bytes.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(bytes) };
    let body: Value = body.map_err(|error| format!("the control interface said no JSON: {error}"))?;
    match response.status().is_success() {
        true => Ok(body),
        false => Err(format!("the control interface refused: {body}")),
    }
}

fn request(method: Method, path: &str, body: &Value) -> Request<Bytes> {
    let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let mut request = Request::new(bytes);
    *request.method_mut() = method;
    // Ids of stories are plain letters and digits.
    *request.uri_mut() = path.parse().expect("a path of plain letters");
    request
}
