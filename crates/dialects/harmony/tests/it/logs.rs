//! The log lines about a faulty client.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use cordboard_harmony::{
    DeskConfig, DeskSession, WireConfig,
    wire::{Envelope, MessageKind},
};
use model::SwitchId;
use serde_json::{Value, json};
use session::{Output, ToStream, suite::TestBench};
use uuid::Uuid;

/// The log output.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn framed(contents: &[u8]) -> Bytes {
    wire::frame::encode(WireConfig::default().format(), contents).unwrap()
}

fn message(kind: &str, name: &str, target: &str, id: Option<&str>) -> Bytes {
    let mut header = json!({ "type": kind, "name": name, "target": target });
    if let Some(id) = id {
        header["requestId"] = id.into();
        header["result"] = "SUCCESS".into();
    }
    framed(json!({ "header": header, "body": Value::Null }).to_string().as_bytes())
}

/// Answers the requests to the client.
fn answer(bench: &mut TestBench<DeskSession>, link: session::Link) {
    for output in bench.take() {
        let Output::Peer(ToStream::Send { bytes, .. }) = output else { continue };
        let request = Envelope::parse(&bytes[4..]).unwrap();
        let MessageKind::Request { id, .. } = &request.kind else { panic!("{request:?}") };
        bench.receive(link, message("cti.response", &request.name, &request.target, Some(id)));
    }
}

/// The log lines of a desk end whose client sends this.
fn logged(steps: impl FnOnce(&mut TestBench<DeskSession>, session::Link)) -> Vec<String> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        let session =
            DeskSession::new(DeskConfig::default(), SwitchId::new("pbx").unwrap(), Uuid::from_u128(1 << 64));
        let mut bench = TestBench::start(session.unwrap());
        let link = bench.connect("10.0.0.1:5000".parse().unwrap());
        answer(&mut bench, link);
        steps(&mut bench, link);
    });
    let written = log.0.lock().unwrap().clone();
    String::from_utf8(written).unwrap().lines().map(str::to_owned).collect()
}

fn warning(steps: Bytes) -> String {
    let lines = logged(|bench, link| bench.receive(link, steps));
    let mut warnings = lines.into_iter().filter(|line| line.contains(" WARN "));
    let first = warnings.next().unwrap();
    assert_eq!(warnings.next(), None);
    first
}

#[test]
fn whoever_is_sent_away_is_named_with_the_reason() {
    let four_gigabytes = warning(Bytes::from_static(&[0xff; 4]));
    assert!(four_gigabytes.contains("client connection closed"), "{four_gigabytes}");
    assert!(four_gigabytes.contains("a frame has 4294967295 bytes"), "{four_gigabytes}");
    assert!(warning(framed(b"{\"header\":{\"type\":\"\xff\"}}")).contains("not a JSON object"));
    let deep =
        r#"{"header":{"type":"cti.event","name":"n","target":"t"},"body":"#.to_owned() + &"[".repeat(200_000);
    assert!(warning(framed(deep.as_bytes())).contains("recursion limit"));
    assert!(
        warning(framed(br#"{"header":{"type":1,"name":"n","target":"t"}}"#))
            .contains("client connection closed")
    );
}

#[test]
fn a_second_client_is_logged() {
    let lines = logged(|bench, first| {
        let second = bench.connect("10.0.0.2:5000".parse().unwrap());
        answer(bench, second);
        answer(bench, first);
    });
    let sent = |line: &&String| line.contains(" WARN ") && line.contains("another client is connected");
    assert_eq!(lines.iter().filter(sent).count(), 1, "{lines:?}");
}

#[test]
fn a_slip_is_a_warning() {
    let response = warning(message("cti.response", "x", "DEMO.CONTROL", Some("never asked")));
    assert!(
        response.contains("response to no open request") && response.contains("processor=\"DEMO\""),
        "{response}"
    );
    let event = warning(message("cti.event", "none.at.all", "DEMO.CONTROL", None));
    assert!(event.contains("unknown event") && event.contains("none.at.all"), "{event}");
    let early = warning(message("cti.event", "channel.ready", "DEMO.s9.g9.c9", None));
    assert!(early.contains("event of an unknown object") && early.contains("DEMO.s9.g9.c9"), "{early}");
}

#[test]
fn a_client_that_errs_on_does_not_fill_the_log() {
    let lines = logged(|bench, link| {
        (0..100).for_each(|_| bench.receive(link, message("cti.event", "none.at.all", "DEMO.CONTROL", None)));
    });
    assert_eq!(lines.iter().filter(|line| line.contains("none.at.all")).count(), 1, "{lines:?}");
}
