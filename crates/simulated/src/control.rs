//! The control interface of the simulated world, over HTTP.
//!
//! | method and path | body | answer |
//! |---|---|---|
//! | `POST /calls` | [`Caller`] | 201 `{"call"}` |
//! | `GET /calls` | | 200 `{"items": [`[`CallView`](crate::CallView)`]}` |
//! | `GET /calls/{call}` | | 200 [`CallView`](crate::CallView) |
//! | `DELETE /calls/{call}` | | 204: all parties hang up, the caller first |
//! | `GET /phones` | | 200 `{"items": [`[`PhoneView`](crate::PhoneView)`]}` |
//! | `POST /phones/{device}` | `{"action"}`, a [`PhoneAction`] | 200 [`PhoneView`](crate::PhoneView) |
//! | `POST /outside` | `{"number"}` and a [`Behavior`] | 204 |
//! | `GET /faults` | | 200 [`FaultsView`](crate::FaultsView) |
//! | `PUT /faults` | `{"chances"?, "once"?}`: [`Chances`], [`Fault`]s | 200 [`FaultsView`](crate::FaultsView) |
//!
//! Faults are applied in order until one is rejected. Errors are problems (RFC 9457) with a [`Code`].

use bytes::Bytes;
use http::{Method, Request, Response};
use model::{CallId, Code, DeviceId, Number, Rejection, Timestamp};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Behavior, Caller, Chances, Fault, PhoneAction, Switch,
    answer::{Answer, Refused, created, items, nothing, ok, problem},
    outside::BehaviorText,
};

/// The longest request body, in bytes. Our choice.
const BODY_BYTES_MAX: usize = 1_048_576;

/// Carries out a request.
pub(crate) fn respond(switch: &mut Switch, now: Timestamp, request: &Request<Bytes>) -> Response<Bytes> {
    switch.tick(now);
    route(switch, now, request).unwrap_or_else(|refused| problem(&refused))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhoneBody {
    action: PhoneAction,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutsideBody {
    number: Number,
    #[serde(default)]
    answers_after_ms: Option<u64>,
    #[serde(default)]
    never_answers: bool,
    #[serde(default)]
    busy: bool,
    #[serde(default)]
    invalid: bool,
    #[serde(default)]
    talk_ms: Option<u64>,
}

impl OutsideBody {
    fn parse(self) -> Result<(Number, Behavior), Refused> {
        let Self { number, answers_after_ms, never_answers, busy, invalid: no_number, talk_ms } = self;
        let text = BehaviorText { answers_after_ms, never_answers, busy, invalid: no_number, talk_ms };
        Ok((number, Behavior::try_from(text).map_err(invalid)?))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultsBody {
    #[serde(default)]
    chances: Option<Chances>,
    #[serde(default)]
    once: Vec<Fault>,
}

#[derive(Serialize)]
struct Created {
    call: CallId,
}

fn route(switch: &mut Switch, now: Timestamp, request: &Request<Bytes>) -> Answer {
    let path = request.uri().path();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match segments.as_slice() {
        ["calls"] => calls(switch, now, request),
        ["calls", call] => one_call(switch, now, request, &CallId::new(decode(call)?).map_err(invalid)?),
        ["phones"] => phones(switch, request),
        ["phones", device] => {
            one_phone(switch, now, request, &DeviceId::new(decode(device)?).map_err(invalid)?)
        }
        ["outside"] => outside(switch, request),
        ["faults"] => faults(switch, now, request),
        _ => Err(Rejection::new(Code::NotFound, format!("path {path} does not exist")).into()),
    }
}

fn calls(switch: &mut Switch, now: Timestamp, request: &Request<Bytes>) -> Answer {
    match *request.method() {
        Method::GET => items(switch.calls()),
        Method::POST => created(&Created { call: switch.caller(now, body::<Caller>(request)?)? }),
        _ => Err(Refused::method(request.method(), "GET, POST")),
    }
}

fn one_call(switch: &mut Switch, now: Timestamp, request: &Request<Bytes>, call: &CallId) -> Answer {
    match *request.method() {
        Method::GET => ok(&switch.call(call)?),
        Method::DELETE => {
            switch.end(now, call)?;
            Ok(nothing())
        }
        _ => Err(Refused::method(request.method(), "GET, DELETE")),
    }
}

fn phones(switch: &Switch, request: &Request<Bytes>) -> Answer {
    match *request.method() {
        Method::GET => items(switch.phones()),
        _ => Err(Refused::method(request.method(), "GET")),
    }
}

fn one_phone(switch: &mut Switch, now: Timestamp, request: &Request<Bytes>, device: &DeviceId) -> Answer {
    match *request.method() {
        Method::POST => {
            switch.phone_view(device)?;
            switch.phone(now, device, body::<PhoneBody>(request)?.action)?;
            ok(&switch.phone_view(device)?)
        }
        _ => Err(Refused::method(request.method(), "POST")),
    }
}

fn outside(switch: &mut Switch, request: &Request<Bytes>) -> Answer {
    match *request.method() {
        Method::POST => {
            let (number, behavior) = body::<OutsideBody>(request)?.parse()?;
            switch.behave(number, behavior)?;
            Ok(nothing())
        }
        _ => Err(Refused::method(request.method(), "POST")),
    }
}

fn faults(switch: &mut Switch, now: Timestamp, request: &Request<Bytes>) -> Answer {
    match *request.method() {
        Method::GET => ok(&switch.faults()),
        Method::PUT => {
            let body: FaultsBody = body(request)?;
            if let Some(chances) = body.chances {
                switch.set_chances(chances);
            }
            body.once.into_iter().try_for_each(|fault| switch.fault(now, fault))?;
            ok(&switch.faults())
        }
        _ => Err(Refused::method(request.method(), "GET, PUT")),
    }
}

fn body<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Refused> {
    let bytes = request.body().len();
    if bytes > BODY_BYTES_MAX {
        let text = format!("the body has {bytes} bytes; the maximum is {BODY_BYTES_MAX}");
        return Err(Rejection::new(Code::TooMany, text).into());
    }
    serde_json::from_slice(request.body()).map_err(invalid)
}

fn decode(segment: &str) -> Result<String, Refused> {
    let text = percent_decode_str(segment).decode_utf8().map_err(invalid)?;
    Ok(text.into_owned())
}

fn invalid(error: impl std::fmt::Display) -> Refused {
    Rejection::new(Code::Invalid, error.to_string()).into()
}
