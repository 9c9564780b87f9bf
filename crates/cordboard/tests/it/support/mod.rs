//! A separate demo for each test, the commands for it, and an EBS listener.

#![allow(
    clippy::unwrap_used,
    dead_code,
    unused_imports,
    reason = "tests may fail; each file uses a part of this"
)]

mod desk;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{
        atomic::{AtomicU16, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) use self::desk::Desk;

/// How long to wait for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The folder of one test, with the data and the token files of its nodes.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The program with its own home folder.
    pub(crate) fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_cordboard"));
        program.env_clear().env("XDG_RUNTIME_DIR", self.path()).stdin(Stdio::null());
        // The file in which an instrumented program stores its coverage.
        program.envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)));
        program
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.program().args(arguments).output().unwrap()
    }

    /// A demo on these ports; 0 chooses free ones. It has no wrap-up, so that calls are complete immediately.
    pub(crate) fn demo(&self, ports: (u16, u16)) -> Demo<'_> {
        self.demo_with(ports, &[])
    }

    /// A node with this configuration and its API on this port.
    pub(crate) fn serve(&self, port: u16, config: &str) -> Node {
        let (file, http) = (self.path().join("cordboard.toml"), SocketAddr::from(([127, 0, 0, 1], port)));
        std::fs::write(&file, format!("http.listen = \"{http}\"\n{config}")).unwrap();
        let log = std::fs::File::create(self.path().join("node.log")).unwrap();
        let mut program = self.program();
        let child = program.arg("serve").arg("--config").arg(file).stderr(log).spawn().unwrap();
        let node = Node { child, http };
        until("node", || get(http, "/readyz").is_some_and(|answer| answer.starts_with("HTTP/1.1 200")));
        node
    }

    /// A demo whose configuration is overridden by variables.
    pub(crate) fn demo_with(&self, ports: (u16, u16), variables: &[(&str, &str)]) -> Demo<'_> {
        let (http, uwq) = (ports.0.to_string(), ports.1.to_string());
        let arguments = [
            "--json",
            "demo",
            "--http-port",
            &http,
            "--uwq-port",
            &uwq,
            "--harmony-port",
            "0",
            "--crm-port",
            "0",
            "--wrap-up",
            "0s",
            "--data",
        ];
        let log = std::fs::File::create(self.path().join("demo.log")).unwrap();
        let mut program = self.program();
        program.envs(variables.iter().copied());
        program.args(arguments).arg(self.path().join("data")).stdout(Stdio::piped()).stderr(log);
        let mut child = program.spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let addresses: Value =
            serde_json::from_str(&first).unwrap_or_else(|_| panic!("the demo wrote {first:?}"));
        let address = |name: &str| addresses[name].as_str().unwrap().parse().unwrap();
        Demo { home: self, child, http: address("http"), uwq: address("uwq"), harmony: address("harmony") }
    }
}

/// The whole answer to a request without a token; `None` when there is none.
pub(crate) fn get(at: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(at).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// A running node. Dropping this kills it.
pub(crate) struct Node {
    child: Child,
    pub(crate) http: SocketAddr,
}

impl Drop for Node {
    fn drop(&mut self) {
        // It does not matter if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running demo. Dropping this kills it.
pub(crate) struct Demo<'a> {
    home: &'a Home,
    child: Child,
    pub(crate) http: SocketAddr,
    pub(crate) uwq: SocketAddr,
    pub(crate) harmony: SocketAddr,
}

impl Demo<'_> {
    /// Runs a command for this demo.
    pub(crate) fn tool(&self, arguments: &[&str]) -> Output {
        let mut program = self.home.program();
        program.env("CORDBOARD_URL", format!("http://{}", self.http)).args(arguments).output().unwrap()
    }

    /// The JSON values that a command writes. The command must succeed.
    pub(crate) fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.tool(&[&["--json"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Sends a callout as EBS does, and repeats it while the node starts. Returns the status and the body of the answer.
    pub(crate) fn callout(&self, query: &str) -> (u16, String) {
        let host = format!("localhost:{}", self.uwq.port());
        loop {
            let answer = self.send(format!("GET /?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
            if answer.0 != 503 {
                return answer;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends bytes to the listener for callouts. Returns the status and the body of the answer.
    pub(crate) fn send(&self, request: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.uwq).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = text(&answer);
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    /// Sends a callout that must succeed.
    pub(crate) fn done(&self, query: &str) {
        assert_eq!(self.callout(query), (200, String::new()), "{query}");
    }

    /// The resident memory. Bytes.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() * 1_024
    }

    /// Waits until the output of a command fulfills a condition.
    pub(crate) fn until(&self, arguments: &[&str], fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let began = Instant::now();
        loop {
            let values = self.json(arguments);
            if fits(&values) {
                return values;
            }
            assert!(began.elapsed() < PATIENCE, "{arguments:?}: {values:?}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Kills the process.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Demo<'_> {
    fn drop(&mut self) {
        // It does not matter if it was killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// EBS's listener: the events in the order in which they arrive.
pub(crate) struct Listener {
    pub(crate) port: u16,
    events: Receiver<String>,
}

impl Listener {
    pub(crate) fn new() -> Self {
        Self::at(0)
    }

    /// A listener on a port; 0 chooses a free one.
    pub(crate) fn at(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let (port, (events_in, events)) = (listener.local_addr().unwrap().port(), channel());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if events_in.send(take_post(stream.unwrap())).is_err() {
                    return;
                }
            }
        });
        Self { port, events }
    }

    /// The next event: its name and its pairs.
    pub(crate) fn next(&self) -> (String, Vec<(String, String)>) {
        let body = self.events.recv_timeout(PATIENCE).expect("no event came");
        let mut quoted = body.split('"').skip(1).step_by(2).map(str::to_owned);
        let name = quoted.next().unwrap();
        let rest: Vec<String> = quoted.collect();
        (name, rest.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect())
    }

    /// Whether no event arrives for a moment.
    pub(crate) fn is_silent(&self) -> bool {
        self.events.recv_timeout(Duration::from_millis(300)).is_err()
    }
}

fn take_post(mut stream: TcpStream) -> String {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    text(&body)
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Waits until a condition is true.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A free port outside the range from which the system chooses, so that it can be closed and opened again.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        // Each test runs in its own process and starts far from the others. The system chooses ports from 32768.
        let place = (std::process::id() * 509 + u32::from(NEXT.fetch_add(1, Ordering::Relaxed))) % 10_000;
        let port = 20_000 + u16::try_from(place).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
