//! Requests to the simulated switch's control interface.

use bytes::Bytes;
use http::{Method, Request, Response};
use model::{CallId, DeviceId};
use serde_json::{Value, json};
use simulated::{Caller, Chances, Fault, PhoneAction};

use super::ActionError;

/// Starts a call from outside.
pub(crate) fn caller(caller: &Caller) -> Request<Bytes> {
    request(Method::POST, "/calls", &json!(caller))
}

/// Makes the caller of a call hang up.
pub(crate) fn hang_up(call: &CallId) -> Request<Bytes> {
    request(Method::DELETE, &format!("/calls/{call}"), &Value::Null)
}

/// Performs an action at a phone, as a person's hand does.
pub(crate) fn phone(device: &DeviceId, action: PhoneAction) -> Request<Bytes> {
    request(Method::POST, &format!("/phones/{device}"), &json!({ "action": action }))
}

/// Causes a fault once.
pub(crate) fn fault(fault: &Fault) -> Request<Bytes> {
    request(Method::PUT, "/faults", &json!({ "once": [fault] }))
}

/// Sets the probabilities of random faults.
pub(crate) fn chances(chances: &Chances) -> Request<Bytes> {
    request(Method::PUT, "/faults", &json!({ "chances": chances }))
}

/// Requests all calls.
pub(crate) fn calls() -> Request<Bytes> {
    request(Method::GET, "/calls", &Value::Null)
}

/// The call that a [`caller`] request created.
pub(crate) fn made(answer: Value) -> Result<CallId, ActionError> {
    serde_json::from_value(answer["call"].clone()).map_err(|error| error.to_string())
}

/// The list in the answer to [`calls`].
pub(crate) fn items(answer: &Value) -> Vec<Value> {
    answer["items"].as_array().cloned().unwrap_or_default()
}

/// The body of an answer, or an error if the request was refused.
pub(crate) fn body(response: &Response<Bytes>) -> Result<Value, ActionError> {
    let bytes = response.body();
    let body = if bytes.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(bytes) };
    let body: Value = body.map_err(|error| format!("the control interface's answer is not JSON: {error}"))?;
    match response.status().is_success() {
        true => Ok(body),
        false => Err(format!("the control interface refused the request: {body}")),
    }
}

fn request(method: Method, path: &str, body: &Value) -> Request<Bytes> {
    let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let mut request = Request::new(bytes);
    *request.method_mut() = method;
    // The IDs in stories consist of plain letters and digits.
    *request.uri_mut() = path.parse().expect("a path of plain letters");
    request
}
