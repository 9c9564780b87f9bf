//! Fuzz targets for sessions: a script of messages from peers and the hub. The session suite checks the contract of sessions after each
//! line.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use model::{
    Accepted, AccountName, AgentId, Code, Event, InteractionId, Principal, Record, Rejection, RequestId,
    Role, Secret, Seq, Snapshot, SwitchId, SwitchRequest, Timestamp,
};
use serde::Deserialize;
use serde_json::Value;
use session::{
    Failure, Frame, FrameContext, FromHub, FromPage,
    suite::{self, Step},
};
use uuid::Uuid;

use crate::{Named, script};

/// The targets of sessions.
pub(crate) const TARGETS: &[Named] = &[
    ("talisma-desk", |script| suite::check(talisma_desk, talisma::DeskSession::held, 17, &steps(script))),
    ("talisma-telephony", |script| {
        suite::check(talisma_telephony, talisma::TelephonySession::held, 64, &steps(script))
    }),
    ("uwq-desk", |script| suite::check(uwq_desk, uwq::DeskSession::held, 2_000, &steps(script))),
    ("uwq-telephony", |script| {
        suite::check(uwq_telephony, uwq::TelephonySession::held, 2_000, &steps(script))
    }),
    ("harmony-desk", |script| suite::check(harmony_desk, harmony::DeskSession::held, 10_000, &steps(script))),
    ("harmony-telephony", |script| {
        suite::check(harmony_telephony, harmony::TelephonySession::held, 10_000, &steps(script))
    }),
    ("max-desk", |script| suite::check(max_desk, max::DeskSession::held, 4_000, &steps(script))),
    ("max-telephony", |script| {
        suite::check(max_telephony, max::TelephonySession::held, 2_000, &steps(script))
    }),
    ("crm-connector-desk", |script| {
        suite::check(crm_desk, crm_connector::DeskSession::held, 4_000, &steps(script))
    }),
    ("crm-connector-telephony", |script| {
        suite::check(crm_telephony, crm_connector::TelephonySession::held, 4_000, &steps(script));
    }),
    ("ari-desk", |script| suite::check(ari_desk, ari::DeskSession::held, 10_000, &steps(script))),
    ("simulated", |script| suite::check(simulated_switch, |_| 0, 0, &steps(script))),
];

/// One line of a script. `which` selects one of the open items; a number that is too large starts again at the first.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Peer(Peer),
    Page(OfPage),
    Hub(Hub),
}

/// Messages of the peer over HTTP or a byte stream, and time that passes.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Peer {
    /// Milliseconds that pass.
    Pass(u64),
    Request {
        method: String,
        target: String,
        headers: Vec<(String, String)>,
        body: String,
    },
    Respond {
        which: usize,
        status: u16,
        body: String,
    },
    Fail {
        which: usize,
        sent: bool,
    },
    Stray {
        number: u64,
        status: u16,
        body: String,
    },
    Connect,
    Connected {
        which: usize,
        there: bool,
    },
    Receive {
        which: usize,
        text: String,
    },
    /// A frame of Harmony.
    ReceiveFrame {
        which: usize,
        text: String,
    },
    ReceiveBytes {
        which: usize,
        bytes: Vec<u8>,
    },
    Disconnect(usize),
    StrayBytes {
        number: u64,
        text: String,
    },
}

/// Messages of a Cordboard page.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OfPage {
    OpenPage(AgentId),
    FrameOpened {
        which: usize,
        frame: u64,
        place: String,
        interaction: Option<InteractionId>,
        kept: Option<Value>,
    },
    FrameLoaded {
        which: usize,
        frame: u64,
    },
    FrameClosed {
        which: usize,
        frame: u64,
    },
    Posted {
        which: usize,
        frame: u64,
        origin: String,
        message: Value,
    },
    #[serde(rename = "said")]
    Message {
        which: usize,
        message: Value,
    },
    PageClosed(usize),
}

/// Messages of the hub.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Hub {
    #[serde(rename = "told")]
    Subscribed,
    Snapshot {
        snapshot: Box<Snapshot>,
        resync: bool,
    },
    Event(Box<Event>),
    #[serde(rename = "asked")]
    Requested {
        request: u64,
        #[serde(rename = "asked")]
        requested: SwitchRequest,
    },
    Answer {
        which: usize,
        refused: Option<Code>,
    },
    Authenticated {
        which: usize,
        agent: Option<AgentId>,
    },
    Closing,
}

/// The inputs that a driver would give for the script. Lines that no driver would send are left out.
fn steps(script: &[u8]) -> Vec<Step> {
    let step = |line| match line {
        Line::Peer(message) => of_peer(message),
        Line::Page(message) => of_page(message),
        Line::Hub(message) => Some(of_hub(message)),
    };
    script::lines(script).filter_map(step).collect()
}

fn of_peer(message: Peer) -> Option<Step> {
    let from = ([127, 0, 0, 1], 5_060).into();
    Some(match message {
        Peer::Pass(ms) => Step::Pass(Duration::from_millis(script::span_ms(ms))),
        Peer::Request { method, target, headers, body } => {
            let request = http::Request::builder().method(method.as_str()).uri(target);
            let request =
                headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
            Step::Request(from, request.body(body.into()).ok()?)
        }
        Peer::Respond { which, status, body } => Step::Respond(which, response(status, body)?),
        Peer::Fail { which, sent: true } => Step::Fail(which, Failure::NoAnswer("reset".into())),
        Peer::Fail { which, sent: false } => Step::Fail(which, Failure::NotSent("refused".into())),
        Peer::Stray { number, status, body } => Step::Stray(number, response(status, body)?),
        Peer::Connect => Step::Connect(from),
        Peer::Connected { which, there: true } => Step::Connected(which, Ok(from)),
        Peer::Connected { which, there: false } => Step::Connected(which, Err("refused".into())),
        Peer::Receive { which, text } => Step::Receive(which, text.into()),
        Peer::ReceiveFrame { which, text } => {
            let format = harmony::WireConfig::default().format();
            Step::Receive(which, wire::frame::encode(format, text.as_bytes()).ok()?)
        }
        Peer::ReceiveBytes { which, bytes } => Step::Receive(which, bytes.into()),
        Peer::Disconnect(which) => Step::Disconnect(which),
        Peer::StrayBytes { number, text } => Step::StrayBytes(number, text.into()),
    })
}

fn of_page(message: OfPage) -> Option<Step> {
    let (which, message) = match message {
        OfPage::OpenPage(agent) => return Some(Step::OpenPage(authenticated(Some(agent)).ok()?)),
        OfPage::FrameOpened { which, frame, place, interaction, kept } => {
            let about = FrameContext { place: place.into(), interaction };
            (which, FromPage::FrameOpened { frame: Frame(frame), about, kept })
        }
        OfPage::FrameLoaded { which, frame } => (which, FromPage::FrameLoaded { frame: Frame(frame) }),
        OfPage::FrameClosed { which, frame } => (which, FromPage::FrameClosed { frame: Frame(frame) }),
        OfPage::Posted { which, frame, origin, message } => {
            (which, FromPage::Posted { frame: Frame(frame), origin, message })
        }
        OfPage::Message { which, message } => (which, FromPage::Message { message }),
        OfPage::PageClosed(which) => (which, FromPage::Closed { why: "the window was closed".into() }),
    };
    Some(Step::Page(which, message))
}

fn of_hub(message: Hub) -> Step {
    Step::Hub(match message {
        Hub::Subscribed => suite::hub_snapshot(),
        Hub::Snapshot { snapshot, resync } => {
            FromHub::Snapshot { snapshot: Arc::new(*snapshot), floor: Arc::new(suite::floor()), resync }
        }
        Hub::Event(event) => {
            FromHub::Event(Arc::new(Record { seq: Seq(1), at: Timestamp(1), origin: None, event: *event }))
        }
        Hub::Requested { request, requested } => {
            FromHub::Requested { request: RequestId(request), requested }
        }
        Hub::Answer { which, refused } => return Step::Answer(which, answer(refused)),
        Hub::Authenticated { which, agent } => return Step::Authenticated(which, authenticated(agent)),
        Hub::Closing => FromHub::Closing,
    })
}

fn response(status: u16, body: String) -> Option<http::Response<Bytes>> {
    http::Response::builder().status(status).body(body.into()).ok()
}

fn answer(refused: Option<Code>) -> Result<Accepted, Rejection> {
    match refused {
        None => Ok(Accepted { seq: Seq(1), interaction: None }),
        Some(code) => Err(Rejection::new(code, "refused by the script")),
    }
}

fn authenticated(agent: Option<AgentId>) -> Result<Principal, Rejection> {
    let wrong = || Rejection::new(Code::Unauthenticated, "wrong password");
    let agent = agent.ok_or_else(wrong)?;
    let account = AccountName::new(agent.as_str()).map_err(|_| wrong())?;
    Ok(Principal { account, role: Role::Agent, agent: Some(agent) })
}

fn pbx() -> SwitchId {
    SwitchId::new("pbx").expect("a short text is an id")
}

fn talisma_desk() -> talisma::DeskSession {
    let config = talisma::DeskConfig { open_max: 16, ..Default::default() };
    talisma::DeskSession::new(config, Uuid::from_u128(1)).expect("the configuration is right")
}

fn talisma_telephony() -> talisma::TelephonySession {
    let config = talisma::TelephonyConfig {
        user: Some("a".into()),
        password: Some(Secret::new("b")),
        waiting_max: 4,
        ..Default::default()
    };
    talisma::TelephonySession::new(config, Uuid::from_u128(1)).expect("the configuration is right")
}

fn uwq_desk() -> uwq::DeskSession {
    let agents = (1..=4).map(|index| uwq::Credentials {
        acd_id: format!("700{index}").into(),
        password: Secret::new("1234"),
        queue: Some("7700".into()),
    });
    let agents = agents.collect();
    uwq::DeskSession::new(uwq::DeskConfig { agents, ..Default::default() }, pbx())
        .expect("the configuration is right")
}

fn uwq_telephony() -> uwq::TelephonySession {
    uwq::TelephonySession::new(Default::default(), Uuid::nil()).expect("the configuration is right")
}

fn harmony_desk() -> harmony::DeskSession {
    let credentials =
        |index| harmony::Credentials { acd_id: format!("700{index}").into(), password: Secret::new("demo") };
    let config = harmony::DeskConfig { agents: (1..=4).map(credentials).collect(), ..Default::default() };
    harmony::DeskSession::new(config, pbx(), Uuid::from_u128(8 << 64)).expect("the configuration is right")
}

fn harmony_telephony() -> harmony::TelephonySession {
    harmony::TelephonySession::new(Default::default(), Uuid::from_u128(7 << 64))
        .expect("the configuration is right")
}

fn max_desk() -> max::DeskSession {
    let origin = "https://pages.example".to_owned().try_into().expect("an origin");
    let config = max::DeskConfig { origins: vec![origin], ..Default::default() };
    max::DeskSession::new(config, pbx(), Uuid::nil()).expect("the configuration is right")
}

fn max_telephony() -> max::TelephonySession {
    max::TelephonySession::new(Default::default(), Uuid::nil())
}

fn crm_desk() -> crm_connector::DeskSession {
    let config = crm_connector::DeskConfig {
        id: pbx(),
        url: "https://pages.example/connector/".into(),
        ..crm_connector::DeskConfig::default()
    };
    crm_connector::DeskSession::new(config, pbx(), Uuid::from_u128(8)).expect("the configuration is right")
}

fn crm_telephony() -> crm_connector::TelephonySession {
    crm_connector::TelephonySession::new(Uuid::from_u128(7), 8)
}

fn ari_desk() -> ari::DeskSession {
    let trunk = Some("PJSIP/{number}@trunk".to_owned());
    let config = ari::DeskConfig { trunk, ..ari::DeskConfig::new("127.0.0.1:8088", Secret::new("x")) };
    ari::DeskSession::new(config, pbx(), Uuid::from_u128(9 << 64)).expect("the configuration is right")
}

/// A simulated switch with phones 70001 to 70004, as on the suite's floor.
fn simulated_switch() -> simulated::SwitchSession {
    let devices =
        (1..=4).map(|index| format!("7000{index}").parse().expect("a short text is an id")).collect();
    let queues = vec!["7700".parse().expect("a short text is an id")];
    simulated::SwitchSession::new(simulated::Config { devices, queues, ..Default::default() })
        .expect("it is right")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_is_read() {
        let script = r#"{"pass":500}
{"request":{"method":"POST","target":"/x?y=z","headers":[["host","a"]],"body":"<a/>"}}
{"respond":{"which":0,"status":200,"body":""}}
{"fail":{"which":0,"sent":true}}
{"stray":{"number":3,"status":500,"body":""}}
"connect"
{"connected":{"which":0,"there":false}}
{"receive":{"which":0,"text":"x"}}
{"receive-frame":{"which":0,"text":"{}"}}
{"receive-bytes":{"which":0,"bytes":[0,255]}}
{"disconnect":0}
{"stray-bytes":{"number":0,"text":"x"}}
{"open-page":"1001"}
{"frame-opened":{"which":0,"frame":2,"place":"kb","interaction":"00000000-0000-0000-0000-000000000001","kept":null}}
{"frame-loaded":{"which":0,"frame":2}}
{"frame-closed":{"which":0,"frame":2}}
{"posted":{"which":0,"frame":2,"origin":"https://pages.example","message":{"type":"x","count":[1,2.5,null]}}}
{"said":{"which":0,"message":7}}
{"page-closed":0}
"told"
{"snapshot":{"snapshot":{"seq":1,"at":1,"agents":[],"interactions":[],"queues":[],"switches":[]},"resync":true}}
{"event":{"type":"agent-signed-in","agent":"1003","device":"70001","queues":["7700"],"switch":"pbx"}}
{"asked":{"request":4,"asked":{"service":"answer-call","call":"c","device":"70001"}}}
{"answer":{"which":0,"refused":"unavailable"}}
{"authenticated":{"which":0,"agent":null}}
"closing""#;
        for line in script.lines() {
            assert_eq!(steps(line.as_bytes()).len(), 1, "{line}");
        }
    }
}
