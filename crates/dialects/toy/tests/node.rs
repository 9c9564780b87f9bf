//! A program with the toy in its list of dialects; its `main` is all the code it needs. Without a command it runs the trials below, which
//! start it again as a node.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may panic, and starts a node"
)]

use std::{
    env, fs,
    io::{BufRead, BufReader, Lines, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStderr, Command, ExitCode, Output, Stdio},
    time::Duration,
};

use libtest_mimic::{Arguments, Failed, Trial};

/// The dialects of the program.
const DIALECTS: cordboard::Dialects = &[&simulated::DIALECT, &cordboard_toy::DIALECT];

/// How long a board waits for a line before the trial fails.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("serve" | "check" | "config") => cordboard::main(DIALECTS),
        Some(_) | None => {
            let trials = vec![
                Trial::test("a_node_serves_the_toy", || report(a_node_serves_the_toy)),
                Trial::test("wrong_settings_are_reported_with_their_line", || {
                    report(wrong_settings_are_reported)
                }),
                Trial::test("the_example_has_the_settings", || report(the_example_has_the_settings)),
                Trial::test("the_page_shows_this_code", || report(the_page_shows_this_code)),
            ];
            libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
        }
    }
}

fn report(trial: fn()) -> Result<(), Failed> {
    trial();
    Ok(())
}

fn a_node_serves_the_toy() {
    let folder = tempfile::tempdir().unwrap();
    let [http, toy] = free_ports();
    let floor = "[[agents]]\nid = \"1001\"\nname = \"Ann\"\nswitch = \"simulated\"\npassword = \"demo\"\n";
    fs::write(folder.path().join("floor.toml"), floor).unwrap();
    let config = format!(
        "http.listen = \"127.0.0.1:{http}\"\nfloor.file = \"floor.toml\"\nsimulated = {{}}\n\
         [toy.telephony]\nlisten = \"127.0.0.1:{toy}\"\ngreeting = \"good morning\"\n"
    );
    let _node = Node::serve(folder.path(), &config);
    let board = TcpStream::connect(("127.0.0.1", toy)).unwrap();
    board.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut lines = BufReader::new(board.try_clone().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), "good morning");
    assert_eq!(lines.next().unwrap(), "1001 signed-out");
    let send = |line: &str| (&board).write_all(format!("{line}\n").as_bytes()).unwrap();
    send("1001 wrong sign-in");
    assert!(lines.next().unwrap().starts_with("refused: "));
    send("1001 demo sign-in");
    let mut wanted = vec!["done", "1001 not-ready"];
    while !wanted.is_empty() {
        let line = lines.next().unwrap();
        wanted.retain(|wanted| *wanted != line);
    }
}

fn wrong_settings_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[toy.telephony]\nlisten = \"127.0.0.1:8080\"\ngreeting = \"a\\nb\"\n";
    let output = program(folder.path(), &["check", "toy.toml"], config).output().unwrap();
    assert_eq!(
        text(output.stderr),
        "toy.toml:2: toy.telephony.listen: 127.0.0.1:8080 is already used by http.listen; choose another port\n\
         toy.toml:3: toy.telephony.greeting: \"a\\nb\" is not a single line\n"
    );
}

fn the_example_has_the_settings() {
    let Output { stdout, .. } = program(Path::new("."), &["config", "example"], "").output().unwrap();
    let expected = "# Boards connect here and show what each agent is doing.\n#[toy.telephony]\n# The address that boards connect to.\n#listen = \"127.0.0.1:7999\"\n";
    let example = text(stdout);
    assert!(example.contains(expected), "{example}");
}

/// Each piece of code in the documentation is also in a file of this crate.
fn the_page_shows_this_code() {
    let code = [
        include_str!("../src/lib.rs"),
        include_str!("../src/board.rs"),
        include_str!("contract.rs"),
        include_str!("node.rs"),
    ];
    let page = include_str!("../../../../docs/adding-a-dialect.md");
    let pieces: Vec<&str> =
        page.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!pieces.is_empty());
    for piece in pieces {
        assert!(code.iter().any(|file| file.contains(piece)), "the page shows what is nowhere:\n{piece}");
    }
}

/// A node of this program; killed when dropped.
struct Node {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
}

impl Node {
    /// Starts it and waits until it reports that it runs.
    fn serve(folder: &Path, config: &str) -> Self {
        let mut program = program(folder, &["serve", "--config", "toy.toml"], config);
        let mut child = program.stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut node = Self { child, log };
        let mut lines = node.log.by_ref().map(Result::unwrap).inspect(|line| println!("{line}"));
        assert!(lines.any(|line| line.contains("node started")), "the node ended");
        node
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It is no error if the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program(folder: &Path, arguments: &[&str], config: &str) -> Command {
    if !config.is_empty() {
        fs::write(folder.join("toy.toml"), config).unwrap();
    }
    let mut program = Command::new(env::current_exe().unwrap());
    program.args(arguments).current_dir(folder).env("XDG_RUNTIME_DIR", folder);
    program
}

fn free_ports() -> [u16; 2] {
    [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap()).map(|free| free.local_addr().unwrap().port())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}
