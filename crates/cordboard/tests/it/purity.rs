//! Every crate is pure, or is listed here as impure, and the lint for pure crates works. See ARCHITECTURE.md.

use crate::tree;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cargo_metadata::MetadataCommand;

/// The crates that may use clocks, threads, sockets, files and random numbers.
const RIM: &[&str] = &[
    "cordboard",
    "cordboard-conform",
    "cordboard-fuzz",
    "cordboard-hub",
    "cordboard-store",
    "cordboard-stories",
];

/// Statements that are forbidden in a pure crate, one of each kind.
const IMPURE: &[&str] = &[
    // Clocks.
    "let _ = std::time::Instant::now();",
    "let _ = std::time::SystemTime::now();",
    "let _ = std::time::SystemTime::UNIX_EPOCH.elapsed();",
    "let clock = std::time::Instant::now; let _ = clock();",
    // Threads.
    "let _ = std::thread::spawn(|| ());",
    "std::thread::scope(|_| ());",
    "std::thread::sleep(std::time::Duration::ZERO);",
    "let _ = std::thread::Builder::new();",
    "let _ = std::process::Command::new(\"true\");",
    // Sockets.
    "let _ = std::net::TcpStream::connect(\"[::1]:1\");",
    "let _ = std::net::TcpListener::bind(\"[::1]:1\");",
    "let _ = std::net::UdpSocket::bind(\"[::1]:1\");",
    "let _ = std::os::unix::net::UnixStream::connect(\"x\");",
    "let _ = std::os::unix::net::UnixListener::bind(\"x\");",
    // Files.
    "let _ = std::fs::File::open(\"x\");",
    "let _ = std::fs::OpenOptions::new();",
    "let _ = std::fs::read(\"x\");",
    "let _ = std::fs::read_to_string(\"x\");",
    "let _ = std::fs::write(\"x\", \"\");",
    "let _ = std::fs::read_dir(\"x\");",
    "let _ = std::fs::create_dir_all(\"x\");",
    "let _ = std::fs::remove_file(\"x\");",
    "let _ = std::fs::rename(\"x\", \"y\");",
    // The environment.
    "let _ = std::env::var(\"x\");",
    "let _ = std::env::var_os(\"x\");",
    "let _ = std::env::vars();",
    "let _ = std::env::args();",
    // Random numbers, and an order that differs from run to run.
    "let _ = std::collections::hash_map::RandomState::new();",
    "let _ = std::hash::RandomState::new();",
    "let _ = std::collections::HashMap::<u8, u8>::new().iter();",
    "let _ = std::collections::HashMap::<u8, u8>::new().keys();",
    "let _ = std::collections::HashMap::<u8, u8>::new().values();",
    "std::collections::HashMap::<u8, u8>::new().retain(|_, _| true);",
];

#[test]
fn every_crate_is_pure_or_at_the_rim() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let lint = fs::read_to_string(pure_lint()).unwrap();
    let mut wrong = Vec::new();
    for package in metadata.packages {
        let folder = package.manifest_path.parent().unwrap().as_std_path();
        let file =
            folder.ancestors().map(|folder| folder.join("clippy.toml")).find(|file| file.exists()).unwrap();
        let pure = fs::read_to_string(&file).unwrap() == lint;
        if pure == RIM.contains(&package.name.as_str()) {
            wrong.push(format!("{}: its lint is {}", package.name, file.display()));
        }
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        // The entry point of libFuzzer cannot use the lints of the workspace. All other crates do.
        if !manifest.contains("[lints]\nworkspace = true") && package.name != "cordboard-fuzz" {
            wrong.push(format!("{}: it does not take the workspace's lints", package.name));
        }
    }
    assert_eq!(
        wrong,
        Vec::<String>::new(),
        "a crate that may be impure is listed in RIM and has a clippy.toml of its own"
    );
}

#[test]
fn the_lint_finds_everything_impure() {
    let crate_folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("impure");
    fs::create_dir_all(crate_folder.join("src")).unwrap();
    fs::copy(pure_lint(), crate_folder.join("clippy.toml")).unwrap();
    let manifest = "[package]\nname = \"impure\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(crate_folder.join("Cargo.toml"), manifest).unwrap();
    let functions =
        IMPURE.iter().enumerate().map(|(index, code)| format!("pub fn f{index}() {{ {code} }}\n"));
    fs::write(crate_folder.join("src/lib.rs"), functions.collect::<String>()).unwrap();
    let clippy = Command::new(env!("CARGO"))
        .args(["clippy", "--quiet", "--message-format", "short"])
        .current_dir(&crate_folder)
        .env("CARGO_TARGET_DIR", crate_folder.join("target"))
        .output()
        .unwrap();
    let found = String::from_utf8_lossy(&clippy.stderr);
    let is_found = |line: usize| {
        let place = format!("src/lib.rs:{line}:");
        found.lines().any(|message| message.starts_with(&place) && message.contains("use of a disallowed"))
    };
    let missed: Vec<&str> =
        IMPURE.iter().enumerate().filter(|(index, _)| !is_found(index + 1)).map(|(_, code)| *code).collect();
    assert_eq!(missed, Vec::<&str>::new(), "clippy said:\n{found}");
    assert!(!found.contains("clippy.toml"), "the lint names something that is not there:\n{found}");
}

/// Paths of impure libraries and of the rest of the hub.
const IMPURE_WORDS: &[&str] = &[
    "tokio", "thread::", "time::", "Mutex", "RwLock", "atomic", "fs::", "Tcp", "Udp", "env::", "rand",
    "crate::",
];

/// Checks the engine of the hub, which is pure although its crate is not: it also runs with a virtual clock.
#[test]
fn the_engine_of_the_hub_names_nothing_impure() {
    let mut wrong = Vec::new();
    for file in tree::files(&tree::root().join("crates/hub/src/engine")) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<String>();
        let found = IMPURE_WORDS.iter().filter(|word| code.contains(**word));
        wrong.extend(found.map(|word| format!("{}: {word}", file.display())));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The lint for pure crates.
fn pure_lint() -> PathBuf {
    tree::root().join("crates/clippy.toml")
}
