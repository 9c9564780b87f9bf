//! The log lines when an agent's login moves to another client.

use crate::support;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use cordboard_uwq::TelephonyConfig;

use support::{LOGIN, REGISTER, Softphone};

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

fn logged(act: impl FnOnce(&mut Softphone)) -> Vec<String> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        act(&mut Softphone::logged_in(TelephonyConfig::default()));
    });
    let written = log.0.lock().unwrap().clone();
    String::from_utf8(written).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn who_takes_a_login_over_is_named_with_both_addresses() {
    let lines = logged(|phone| {
        phone.from = "10.0.0.9:1".parse().unwrap();
        phone.get(&REGISTER.replace("127.0.0.1", "10.0.0.9"));
        phone.get(LOGIN);
    });
    let warnings: Vec<&String> = lines.iter().filter(|line| line.contains(" WARN ")).collect();
    assert_eq!(warnings.len(), 1, "{lines:?}");
    for part in ["agent=\"7001\"", "from_client=127.0.0.1", "to_client=10.0.0.9", "from=127.0.0.1:8888"] {
        assert!(warnings[0].contains(part), "{part} in {warnings:?}");
    }
}

#[test]
fn a_client_that_was_started_again_is_no_warning() {
    let lines = logged(|phone| {
        phone.get(&REGISTER.replace("8888", "9999"));
        phone.get(LOGIN);
    });
    assert!(lines.iter().all(|line| !line.contains(" WARN ")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("to=127.0.0.1:9999")), "{lines:?}");
}
