//! Requests to Asterisk. Personal data goes into bodies, because URLs may be logged.

use bytes::Bytes;
use compact_str::CompactString;
use http::{Method, Request, StatusCode, header};
use model::{Cause, Digits, Secret};
use serde_json::{Value, json};

use super::{cause::reason, event::WANTED};

/// The channel variable with the note.
pub const VARIABLE: &str = "CORDBOARD";

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Sets the events that the application gets.
    Filter(CompactString),
    /// Checks that Asterisk is running.
    Ping,
    /// Reads the endpoints of a technology, such as PJSIP.
    Endpoints(CompactString),
    /// Lists all channels.
    Channels,
    /// Lists all bridges.
    Bridges,
    /// Reads the note of a channel.
    ReadNote(CompactString),
    /// Reads the state of a recording.
    ReadRecording(CompactString),
    /// Writes the note of a channel.
    Note(CompactString, String),
    /// Answers an incoming channel.
    Answer(CompactString),
    /// Makes a call.
    Originate(Box<Originate>),
    /// Hangs up a channel.
    Hangup(CompactString, Cause),
    /// Creates a bridge whose parties hear each other.
    Mix(CompactString),
    /// Creates a bridge whose parties hear nobody.
    Park(CompactString),
    /// Removes a bridge.
    Drop(CompactString),
    /// Moves a channel into a bridge.
    Join(CompactString, CompactString),
    /// Removes a channel from a bridge.
    Leave(CompactString, CompactString),
    /// Plays music in a bridge.
    Music(CompactString),
    /// Starts or stops the ringing tone on a channel.
    Ring(CompactString, bool),
    /// Plays media to a channel, one after the other.
    Play(CompactString, Vec<CompactString>),
    /// Sends tones to a channel.
    Tones(CompactString, Digits),
    /// Mutes or unmutes a channel.
    Mute(CompactString, bool),
    /// Records a bridge.
    Record {
        /// The bridge.
        bridge: CompactString,
        /// The name of the recording.
        name: CompactString,
        /// The format of the recording.
        format: CompactString,
    },
    /// Pauses or resumes a recording.
    Pause(CompactString, bool),
}

/// A call to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Originate {
    /// The ID of the new channel.
    pub channel: CompactString,
    /// The endpoint to call.
    pub endpoint: String,
    /// The application that gets the channel when it is answered.
    pub app: CompactString,
    /// The caller ID: a number, or empty.
    pub caller: String,
    /// How long the endpoint may ring. Seconds.
    pub ring_s: u64,
    /// The channel on whose behalf the call is made.
    pub originator: Option<CompactString>,
    /// The note on the new channel.
    pub note: String,
    /// Whether the phone should answer automatically.
    pub answers_itself: bool,
}

impl Op {
    /// The HTTP request to the ARI at `base`, such as `http://127.0.0.1:8088`.
    pub fn request(&self, base: &str, authorization: &Secret) -> Request<Bytes> {
        let (method, path, body) = self.parts();
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let request = Request::builder()
            .method(method)
            .uri(format!("{base}/ari{path}"))
            .header(header::AUTHORIZATION, authorization.reveal())
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        request.unwrap_or_else(|_| unreachable!("the server was checked and path segments are encoded"))
    }

    fn parts(&self) -> (Method, String, Option<Value>) {
        let post = |path: String, body: Value| (Method::POST, path, Some(body));
        let bare = |method: Method, path: String| (method, path, None);
        match self {
            Self::Filter(app) => {
                let allowed: Vec<Value> = WANTED.iter().map(|name| json!({ "type": name })).collect();
                (Method::PUT, format!("/applications/{app}/eventFilter"), Some(json!({ "allowed": allowed })))
            }
            Self::Ping => bare(Method::GET, "/asterisk/ping".into()),
            Self::Endpoints(technology) => bare(Method::GET, format!("/endpoints/{technology}")),
            Self::Channels => bare(Method::GET, "/channels".into()),
            Self::Bridges => bare(Method::GET, "/bridges".into()),
            Self::ReadNote(id) => bare(Method::GET, format!("{}/variable?variable={VARIABLE}", channel(id))),
            Self::ReadRecording(name) => bare(Method::GET, recording(name)),
            Self::Note(id, note) => {
                post(format!("{}/variable", channel(id)), json!({ "variable": VARIABLE, "value": note }))
            }
            Self::Answer(id) => bare(Method::POST, format!("{}/answer", channel(id))),
            Self::Originate(originate) => post(channel(&originate.channel), originate.body()),
            Self::Hangup(id, cause) => {
                bare(Method::DELETE, format!("{}?reason={}", channel(id), reason(*cause)))
            }
            Self::Mix(id) => post(bridge(id), json!({ "type": "mixing", "name": id })),
            Self::Park(id) => post(bridge(id), json!({ "type": "holding", "name": id })),
            Self::Drop(id) => bare(Method::DELETE, bridge(id)),
            Self::Join(id, who) => post(format!("{}/addChannel", bridge(id)), json!({ "channel": [who] })),
            Self::Leave(id, who) => {
                post(format!("{}/removeChannel", bridge(id)), json!({ "channel": [who] }))
            }
            Self::Music(id) => bare(Method::POST, format!("{}/moh", bridge(id))),
            Self::Ring(id, on) => bare(on_or_off(*on), format!("{}/ring", channel(id))),
            Self::Play(id, media) => post(format!("{}/play", channel(id)), json!({ "media": media })),
            Self::Tones(id, tones) => {
                post(format!("{}/dtmf", channel(id)), json!({ "dtmf": tones.as_str() }))
            }
            Self::Mute(id, on) => bare(on_or_off(*on), format!("{}/mute?direction=in", channel(id))),
            Self::Record { bridge: id, name, format } => post(
                format!("{}/record", bridge(id)),
                json!({ "name": name, "format": format, "ifExists": "append" }),
            ),
            Self::Pause(name, on) => bare(on_or_off(*on), format!("{}/pause", recording(name))),
        }
    }

    /// Whether a status means that the request has taken effect, or that its object is gone.
    pub fn is_done(&self, status: StatusCode) -> bool {
        if status.is_success() {
            return true;
        }
        match self {
            Self::Hangup(..) | Self::Drop(_) | Self::Note(..) | Self::Ring(..) => {
                status == StatusCode::NOT_FOUND || status == StatusCode::CONFLICT
            }
            // The object may have been hung up. Events report that.
            Self::Leave(..) | Self::Play(..) => status.is_client_error(),
            Self::Mix(_) | Self::Park(_) => status == StatusCode::CONFLICT,
            Self::Filter(_)
            | Self::Ping
            | Self::Endpoints(_)
            | Self::Channels
            | Self::Bridges
            | Self::ReadNote(_)
            | Self::ReadRecording(_)
            | Self::Answer(_)
            | Self::Originate(_)
            | Self::Join(..)
            | Self::Music(_)
            | Self::Tones(..)
            | Self::Mute(..)
            | Self::Record { .. }
            | Self::Pause(..) => false,
        }
    }
}

impl Originate {
    fn body(&self) -> Value {
        let mut variables = json!({ VARIABLE: self.note });
        if self.answers_itself {
            // Two headers for automatic answer: RFC 5373's, and the older one that most desk phones support.
            variables["PJSIP_HEADER(add,Answer-Mode)"] = "Auto".into();
            variables["PJSIP_HEADER(add,Call-Info)"] = "<sip:cordboard>;answer-after=0".into();
        }
        let mut body = json!({
            "endpoint": self.endpoint,
            "app": self.app,
            "appArgs": "leg",
            "callerId": self.caller,
            "timeout": self.ring_s,
            "variables": variables,
        });
        if let Some(originator) = &self.originator {
            body["originator"] = originator.as_str().into();
        }
        body
    }
}

fn on_or_off(on: bool) -> Method {
    if on { Method::POST } else { Method::DELETE }
}

fn channel(id: &str) -> String {
    format!("/channels/{}", encoded(id))
}

fn bridge(id: &str) -> String {
    format!("/bridges/{}", encoded(id))
}

fn recording(name: &str) -> String {
    format!("/recordings/live/{}", encoded(name))
}

/// A text as one segment of a path (RFC 3986 §2.3).
fn encoded(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => path.push(byte.into()),
            _ => path.push_str(&format!("%{byte:02X}")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(op: &Op) -> String {
        let request = op.request("http://127.0.0.1:8088", &Secret::new("Basic x"));
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        format!("{} {} {body}", request.method(), request.uri().path_and_query().unwrap())
    }

    #[test]
    fn requests_match_the_descriptions() {
        let seen = shown(&Op::Join("cordboard-held".into(), "1795235092.0".into()));
        assert_eq!(seen, r#"POST /ari/bridges/cordboard-held/addChannel {"channel":["1795235092.0"]}"#);
        let seen = shown(&Op::Hangup("1.0".into(), Cause::NoAnswer));
        assert_eq!(seen, "DELETE /ari/channels/1.0?reason=no_answer ");
        assert_eq!(shown(&Op::Mute("1.0".into(), false)), "DELETE /ari/channels/1.0/mute?direction=in ");
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_path() {
        assert_eq!(shown(&Op::Answer("../a?b#c d".into())), "POST /ari/channels/..%2Fa%3Fb%23c%20d/answer ");
    }

    #[test]
    fn no_number_and_no_tone_is_in_an_address() {
        let op = Op::Tones("1.0".into(), Digits::new("4111").unwrap());
        assert!(!format!("{op:?}").contains("4111"));
        let tones = shown(&op);
        assert!(!tones.split(' ').nth(1).unwrap().contains("4111"));
    }
}
