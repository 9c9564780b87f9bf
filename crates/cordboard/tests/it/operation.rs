//! A node that an operator runs: its start, its signals, its files and its log.

use crate::support;

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt},
        net::UnixDatagram,
    },
    process::{Child, Command, Stdio},
};

use support::{Home, PATIENCE, free_port, get, until};

/// A node that was started and may not be ready. Dropping this kills it.
pub(crate) struct Started {
    pub(crate) child: Child,
    pub(crate) at: SocketAddr,
}

impl Started {
    /// Starts a node whose configuration has these lines, by a shell that runs `before` first.
    pub(crate) fn new(home: &Home, before: &str, config: &str) -> Self {
        let at = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let file = home.path().join("cordboard.toml");
        fs::write(&file, format!("http.listen = \"{at}\"\n{config}")).unwrap();
        let log = fs::File::create(home.path().join("node.log")).unwrap();
        let mut shell = Command::new("sh");
        let script = format!("{before}; exec \"$0\" serve --config \"$1\"");
        shell.env("XDG_RUNTIME_DIR", home.path()).stdin(Stdio::null()).stderr(log);
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_cordboard")]).arg(file);
        Self { child: shell.spawn().unwrap(), at }
    }

    pub(crate) fn answer(&self, path: &str) -> String {
        get(self.at, path).unwrap_or_default()
    }

    pub(crate) fn until_ready(&self) {
        until("node", || self.answer("/readyz").starts_with("HTTP/1.1 200"));
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It does not matter if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn log(home: &Home) -> String {
    fs::read_to_string(home.path().join("node.log")).unwrap()
}

/// A floor with this many agents, each with a plain password.
fn floor(agents: usize) -> String {
    let agent = |index: usize| {
        format!(
            "[[agents]]\nid = \"{index}\"\nname = \"A\"\ndevice = \"{index}\"\nswitch = \"simulated\"\n\
             [[accounts]]\nname = \"{index}\"\nrole = \"agent\"\nagent = \"{index}\"\npassword = \"a plain password\"\n"
        )
    };
    (1_000..1_000 + agents).map(agent).collect()
}

#[test]
fn while_a_node_starts_its_port_is_open_and_reports_it() {
    let home = Home::new();
    fs::write(home.path().join("floor.toml"), floor(60)).unwrap();
    let node = Started::new(&home, ":", "floor.file = \"floor.toml\"\nsimulated = {}\n");
    until("port", || TcpStream::connect(node.at).is_ok());
    let starting = node.answer("/api/v1/me");
    assert!(starting.starts_with("HTTP/1.1 503"), "{starting}");
    assert!(starting.to_lowercase().contains("retry-after") && starting.contains("starting"), "{starting}");
    assert!(node.answer("/healthz").starts_with("HTTP/1.1 200"));
    node.until_ready();
    assert!(node.answer("/api/v1/me").starts_with("HTTP/1.1 401"));
}

#[test]
fn a_hang_up_reads_certificates_again_and_does_not_kill() {
    let home = Home::new();
    let write = || {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(home.path().join("cti.pem"), made.cert.pem()).unwrap();
        fs::write(home.path().join("cti.key"), made.signing_key.serialize_pem()).unwrap();
    };
    write();
    let tls = "http.tls = { listen = \"127.0.0.1:0\", certificate = \"cti.pem\", key = \"cti.key\" }\n";
    let node = Started::new(&home, ":", tls);
    node.until_ready();
    write();
    node.signal("-HUP");
    until("certificate", || log(&home).contains("certificate read again"));
    fs::write(home.path().join("cti.pem"), "broken").unwrap();
    node.signal("-HUP");
    until("refusal", || log(&home).contains("certificate not usable; the earlier one stays"));
    node.until_ready();
}

#[test]
fn a_hang_up_names_changed_settings_and_applies_the_log_level_and_shows_no_secret() {
    let home = Home::new();
    let ari = |password: &str| {
        format!("[[ari]]\nid = \"asterisk\"\nserver = \"127.0.0.1:1\"\npassword = \"{password}\"\n")
    };
    let node = Started::new(&home, ":", &ari("secret-one"));
    node.until_ready();
    let file = home.path().join("cordboard.toml");
    let listen = format!("http.listen = \"{}\"\n", node.at);
    let reread = |text: String| {
        fs::write(&file, format!("{listen}{text}")).unwrap();
        node.signal("-HUP");
    };
    reread(ari("secret-one"));
    until("reading", || log(&home).contains("configuration read again; it has not changed"));
    reread(format!("log.level = \"debug\"\nstore.low_bytes = 5\n{}", ari("secret-two")));
    until("warning", || log(&home).contains("they need a restart"));
    let lines = log(&home);
    assert!(lines.contains("keys=\"ari.0.password, store.low_bytes\""), "{lines}");
    assert!(lines.contains("settings applied keys=\"log.level\""), "{lines}");
    assert!(!lines.contains("secret-"), "{lines}");
    until("lines of the new level", || {
        // A connection that ends with an error is logged at DEBUG.
        TcpStream::connect(node.at).unwrap().write_all(b"no request\r\n\r\n").unwrap();
        log(&home).contains("DEBUG")
    });
    reread("http.listne = 1\n".to_owned());
    until("refusal", || log(&home).contains("configuration not usable; the earlier one stays"));
    assert!(log(&home).contains("did you mean"));
    node.until_ready();
}

#[test]
fn a_node_that_drains_announces_it_first_and_works_until_it_stops() {
    let home = Home::new();
    let mut node = Started::new(&home, ":", "limits.drain = \"1m\"\n");
    node.until_ready();
    node.signal("-TERM");
    until("announcement", || node.answer("/readyz").contains("draining"));
    assert!(node.answer("/readyz").starts_with("HTTP/1.1 503"));
    assert!(node.answer("/healthz").starts_with("HTTP/1.1 200"));
    assert!(node.answer("/api/v1/me").starts_with("HTTP/1.1 401"), "requests are still answered");
    node.signal("-TERM");
    assert!(node.child.wait().unwrap().success(), "a second signal ends the wait");
    assert!(log(&home).contains("draining"), "{}", log(&home));
}

#[test]
fn a_disk_that_is_nearly_full_is_announced_before_it_is_full() {
    let home = Home::new();
    let low = i64::MAX;
    let node = Started::new(&home, ":", &format!("store.low_bytes = {low}\n"));
    node.until_ready();
    until("warning", || node.answer("/readyz").contains("the disk of the data is nearly full"));
    assert!(node.answer("/readyz").starts_with("HTTP/1.1 200"), "the node works");
    assert!(log(&home).contains("the disk is nearly full"), "{}", log(&home));
    let metrics = node.answer("/metrics");
    let value = |name: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name}")).parse::<f64>().unwrap()
    };
    assert!(value("cordboard_disk_free_bytes") > 0.0);
    assert!(value("cordboard_disk_size_bytes") >= value("cordboard_disk_free_bytes"));
    assert!(value("process_resident_memory_bytes") > 1e6);
    assert!(value("process_open_fds") > 5.0 && value("process_open_fds") < value("process_max_fds"));
    assert!(value("process_cpu_seconds_total") > 0.0 && value("process_start_time_seconds") > 1.7e9);
    drop(node);
    let node = Started::new(&home, ":", "store.low_bytes = 1\n");
    node.until_ready();
    assert!(!node.answer("/readyz").contains("warnings"));
}

#[test]
fn the_data_is_private_whatever_the_umask_is_and_an_open_folder_is_reported() {
    let home = Home::new();
    let node = Started::new(&home, "umask 000", "");
    node.until_ready();
    let mode = |path: &str| fs::metadata(home.path().join(path)).unwrap().mode() & 0o777;
    assert_eq!(mode("data"), 0o700);
    let files: Vec<_> = fs::read_dir(home.path().join("data")).unwrap().map(Result::unwrap).collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600, "{file:?}");
    }
    assert!(!log(&home).contains("other users may read"), "{}", log(&home));
    drop(node);

    let home = Home::new();
    fs::DirBuilder::new().mode(0o755).create(home.path().join("data")).unwrap();
    let node = Started::new(&home, "umask 022", "");
    node.until_ready();
    assert!(log(&home).contains("other users may read"), "{}", log(&home));
}

#[test]
fn a_service_manager_is_notified_of_start_readiness_life_and_stop() {
    let home = Home::new();
    fs::write(home.path().join("floor.toml"), floor(100)).unwrap();
    let path = home.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let next = || {
        let mut bytes = [0; 1024];
        let length = manager.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    };
    let before = format!("export NOTIFY_SOCKET={} WATCHDOG_USEC=400000", path.display());
    let mut node = Started::new(&home, &before, "floor.file = \"floor.toml\"\nsimulated = {}\n");
    assert_eq!(next(), "STATUS=starting\n");
    until("port", || TcpStream::connect(node.at).is_ok());
    assert!(node.answer("/readyz").starts_with("HTTP/1.1 503"), "notified too early");
    let ready = next();
    assert!(node.answer("/readyz").starts_with("HTTP/1.1 200"), "ready too early: {ready}");
    assert_eq!(ready, format!("READY=1\nSTATUS=ready; API at {}, listeners of ends: 0\n", node.at));
    assert_eq!([next(), next(), next()], ["WATCHDOG=1\n"; 3]);
    node.signal("-TERM");
    let last = std::iter::repeat_with(next).find(|state| state != "WATCHDOG=1\n").unwrap();
    assert_eq!(last, "STOPPING=1\nSTATUS=stopping: terminate\n");
    assert!(node.child.wait().unwrap().success());
}

/// A masked text frame of a WebSocket.
fn frame(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    [&[0x81, 0x80 | 126][..], &length, &[0; 4], text.as_bytes()].concat()
}

#[test]
fn no_token_is_in_the_log_at_any_level() {
    let home = Home::new();
    let node = Started::new(&home, ":", "log.level = \"trace\"\n");
    node.until_ready();
    let token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let mut stream = TcpStream::connect(node.at).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let upgrade = format!(
        "GET /api/v1/events HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        node.at
    );
    stream.write_all(upgrade.as_bytes()).unwrap();
    let mut head = [0; 512];
    let read = stream.read(&mut head).unwrap();
    assert!(head[..read].starts_with(b"HTTP/1.1 101"));
    let subscribe = format!(r#"{{"type":"subscribe","token":"{token}","after":null,"can":false}}"#);
    stream.write_all(&frame(&subscribe)).unwrap();
    // The token is unknown, so the node closes the socket after it has read it.
    stream.read_to_end(&mut Vec::new()).ok();
    let log = log(&home);
    assert!(log.contains("api served"), "{log}");
    assert!(!log.contains(token), "{log}");
}

#[test]
fn a_check_warns_of_listeners_without_encryption() {
    let home = Home::new();
    let file = home.path().join("cordboard.toml");
    let checked = |text: &str| {
        fs::write(&file, text).unwrap();
        String::from_utf8(home.run(&["check", file.to_str().unwrap()]).stdout).unwrap()
    };
    let open = checked("http.listen = \"0.0.0.0:8080\"\n");
    assert!(open.contains("warning: http.listen is 0.0.0.0:8080, without TLS"), "{open}");
    let uwq = checked("uwq.telephony.listen = \"0.0.0.0:3107\"\n");
    assert!(uwq.contains("warning: uwq.telephony.listen is 0.0.0.0:3107, without TLS"), "{uwq}");
    assert!(!checked("").contains("warning"));
}

#[test]
fn a_stopped_node_has_a_store_without_damage_and_a_running_one_is_not_checked() {
    let home = Home::new();
    let mut node = Started::new(&home, ":", "");
    node.until_ready();
    let data = home.path().join("data");
    let check = || home.run(&["store", "check", data.to_str().unwrap()]);
    let running = check();
    assert!(!running.status.success());
    assert!(String::from_utf8(running.stderr).unwrap().contains("stop it first"));
    node.signal("-TERM");
    assert!(node.child.wait().unwrap().success());
    let log = fs::metadata(data.join("cordboard.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "the log is empty after a stop");
    let stopped = check();
    assert!(stopped.status.success(), "{stopped:?}");
    assert_eq!(String::from_utf8(stopped.stdout).unwrap(), "no damage found\n");
}

#[test]
fn the_audit_trail_is_verified_while_the_node_runs_and_after_it_is_stopped() {
    let home = Home::new();
    let mut node = Started::new(&home, ":", "log.level = \"info\"\n");
    node.until_ready();
    let (data, url) = (home.path().join("data"), format!("http://{}", node.at));
    let run = |arguments: &[&str]| {
        let output = home.run(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), text, String::from_utf8(output.stderr).unwrap())
    };
    let listed = run(&["audit", "list", "--url", &url, "--json"]).1;
    assert!(listed.contains("configuration-loaded") && listed.contains("http.listen"), "{listed}");
    let head = run(&["audit", "head", "--url", &url]).1;
    let hash = head.trim().split_once(' ').unwrap().1;
    let verify = |head: &str| run(&["audit", "verify", data.to_str().unwrap(), "--head", head]);
    let running = verify(hash);
    assert_eq!(running.0, Some(0), "{}", running.2);
    assert!(running.1.contains("no fault; the given hash is the one of entry 2"), "{}", running.1);
    node.signal("-HUP");
    until("reload", || run(&["audit", "list", "--url", &url]).1.contains("configuration-reloaded"));
    node.signal("-TERM");
    assert!(node.child.wait().unwrap().success());
    assert_eq!(verify(hash).0, Some(0));
    assert!(log(&home).contains("head of the audit trail"));
    let other = verify(&"ab".repeat(32));
    assert_eq!(other.0, Some(1));
    assert!(other.2.contains("entries were deleted at the end"), "{}", other.2);
    let text = fs::read(data.join("cordboard.db")).unwrap();
    let at = text.windows(20).position(|bytes| bytes == b"configuration-loaded").unwrap();
    let mut changed = text;
    changed[at..at + 20].copy_from_slice(b"configuration-loadee");
    fs::write(data.join("cordboard.db"), changed).unwrap();
    let found = verify(hash);
    assert_eq!(found.0, Some(1));
    assert!(found.2.contains("entry 1 of the audit trail"), "{}", found.2);
}

#[test]
fn a_token_is_created_used_by_commands_and_revoked() {
    let home = Home::new();
    let node = Started::new(&home, ":", "");
    node.until_ready();
    let url = format!("http://{}", node.at);
    let create = ["token", "create", "wallboard", "--role", "supervisor", "--scope", "read", "--url", &url];
    let created = home.run(&create);
    let token = String::from_utf8(created.stdout).unwrap().trim().to_owned();
    assert!(token.starts_with("cordboard_"), "{token} {}", String::from_utf8_lossy(&created.stderr));
    let with_token = |arguments: &[&str]| {
        home.program().env("CORDBOARD_TOKEN", &token).args(arguments).args(["--url", &url]).output().unwrap()
    };
    assert!(with_token(&["agents"]).status.success());
    let refused = with_token(&["history"]);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("does not have the scope history"));
    let listed = String::from_utf8(home.run(&["token", "list", "--url", &url]).stdout).unwrap();
    assert!(listed.contains("wallboard") && !listed.contains(&token), "{listed}");
    let sessions = String::from_utf8(home.run(&["sessions", "--url", &url]).stdout).unwrap();
    assert_eq!(sessions, "no account is signed in\n");
    assert!(home.run(&["token", "revoke", "wallboard", "--url", &url]).status.success());
    assert!(!with_token(&["agents"]).status.success());
}

#[test]
fn an_operator_enrolls_and_removes_a_second_factor() {
    let home = Home::new();
    let hash = hub::auth::hash_password(&model::Secret::new("demo"));
    let account = format!("[[accounts]]\nname = \"boss\"\nrole = \"admin\"\npassword_hash = \"{hash}\"\n");
    fs::write(home.path().join("floor.toml"), format!("country = \"US\"\n{account}")).unwrap();
    let config = "floor.file = \"floor.toml\"\nsign_in.second_factor_required = true\n";
    let node = Started::new(&home, ":", config);
    node.until_ready();
    let url = format!("http://{}", node.at);
    let run = |arguments: &[&str]| {
        let output = home.run(&[&["second-factor"], arguments, &["--url", &url]].concat());
        let written = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(written).unwrap())
    };
    let enrolled = run(&["enroll", "boss"]).1;
    assert!(enrolled.contains("otpauth://totp/Cordboard:boss?secret="), "{enrolled}");
    assert!(run(&["list"]).1.contains("waits for its first code"));
    assert!(!run(&["confirm", "boss", "12345"]).0);
    assert!(run(&["enroll", "nobody"]).1.contains("there is no account nobody"));
    assert_eq!(run(&["remove", "boss"]), (true, "account boss has no second factor now\n".to_owned()));
    assert_eq!(run(&["list"]).1, "no account has a second factor\n");
}
