//! Allowed dependencies between crates, and dependencies that pure crates must not have. See ARCHITECTURE.md.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// The crates of this workspace, and the other ones that each may depend on. A crate that is missing here fails the test.
const ALLOWED: &[(&str, &[&str])] = &[
    ("cordboard-model", &[]),
    ("cordboard-wire", &[]),
    // An independent judge of the dialects.
    ("cordboard-conform", &[]),
    ("cordboard-numbers", &["cordboard-model"]),
    ("cordboard-core", &["cordboard-model", "cordboard-numbers"]),
    ("cordboard-settings", &["cordboard-model"]),
    ("cordboard-session", &["cordboard-model", "cordboard-settings"]),
    ("cordboard-store", &["cordboard-model", "cordboard-numbers"]),
    ("cordboard-pbx", &["cordboard-model", "cordboard-session"]),
    ("cordboard-scripted-asterisk", &["cordboard-model", "cordboard-session"]),
    (
        "cordboard-hub",
        &[
            "cordboard-model",
            "cordboard-numbers",
            "cordboard-core",
            "cordboard-session",
            "cordboard-settings",
            "cordboard-store",
        ],
    ),
];

/// The crates that each dialect may depend on.
const ALLOWED_TO_DIALECTS: &[&str] = &[
    "cordboard-model",
    "cordboard-numbers",
    "cordboard-pbx",
    "cordboard-session",
    "cordboard-settings",
    "cordboard-wire",
];

/// Crates that may depend on all others.
const TOPMOST: &[&str] = &["cordboard", "cordboard-stories", "cordboard-fuzz"];

/// Pure crates, besides the dialects. They get time, IDs and bytes as arguments.
const PURE: &[&str] = &[
    "cordboard-model",
    "cordboard-numbers",
    "cordboard-wire",
    "cordboard-core",
    "cordboard-session",
    "cordboard-settings",
    "cordboard-pbx",
    "cordboard-scripted-asterisk",
];

/// The dialect of docs/adding-a-dialect.md, which is not in the list of dialects.
const EXAMPLE: &str = "cordboard-toy";

/// The crates of dialects.
fn dialects() -> impl Iterator<Item = &'static str> {
    cordboard::DIALECTS.iter().map(|dialect| dialect.package).chain([EXAMPLE])
}

/// The crates that a crate may depend on; `None` for an unknown crate.
fn allowed(name: &str) -> Option<&'static [&'static str]> {
    if dialects().any(|dialect| dialect == name) {
        return Some(ALLOWED_TO_DIALECTS);
    }
    ALLOWED.iter().find(|(known, _)| *known == name).map(|(_, allowed)| *allowed)
}

/// Crates that a pure crate must not depend on, even indirectly: runtimes, sockets, clocks, random numbers.
const IMPURE: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "mio",
    "socket2",
    "hyper",
    "reqwest",
    "rusqlite",
    "chrono",
    "time",
    "jiff",
    "getrandom",
    "fastrand",
];

/// Crates and their dependencies, by name.
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn all_dependencies_are_allowed() {
    assert_eq!(wrong_arrows(&graph()), Vec::<String>::new());
}

#[test]
fn pure_crates_have_only_pure_dependencies() {
    assert_eq!(impure_paths(&reach()), Vec::<String>::new());
}

#[test]
fn the_checks_find_forbidden_dependencies() {
    let mut graph = graph();
    let core = graph.get_mut("cordboard-core").expect("the core is in the workspace");
    core.insert("cordboard-hub".to_owned());
    assert_eq!(wrong_arrows(&graph), ["cordboard-core depends on cordboard-hub"]);
    graph.insert("cordboard-newcomer".to_owned(), BTreeSet::new());
    assert!(
        wrong_arrows(&graph)
            .contains(&"cordboard-newcomer is not in the list of allowed dependencies".to_owned())
    );
    let reach = Graph::from([("cordboard-core".to_owned(), reached("cordboard-hub"))]);
    assert!(impure_paths(&reach).contains(&"cordboard-core reaches tokio".to_owned()));
}

fn wrong_arrows(graph: &Graph) -> Vec<String> {
    let ours = |name: &&String| name.as_str() == "cordboard" || name.starts_with("cordboard-");
    let mut wrong = Vec::new();
    for name in graph.keys().filter(ours).filter(|name| !TOPMOST.contains(&name.as_str())) {
        let Some(allowed) = allowed(name) else {
            wrong.push(format!("{name} is not in the list of allowed dependencies"));
            continue;
        };
        let others = graph[name].iter().filter(ours).filter(|other| !allowed.contains(&other.as_str()));
        wrong.extend(others.map(|other| format!("{name} depends on {other}")));
    }
    wrong
}

fn impure_paths(reach: &Graph) -> Vec<String> {
    let wrong = reach.iter().flat_map(|(name, reached)| {
        let impure = IMPURE.iter().filter(|impure| reached.contains(**impure));
        impure.map(move |impure| format!("{name} reaches {impure}"))
    });
    wrong.collect()
}

/// The dependencies of each pure crate, direct and indirect.
fn reach() -> Graph {
    PURE.iter().copied().chain(dialects()).map(|name| (name.to_owned(), reached(name))).collect()
}

/// The dependencies of a crate that is built alone. In a build of the whole workspace it would also have the features that tests of other
/// crates enable.
fn reached(name: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", name, "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .output()
        .expect("cargo draws the tree");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8_lossy(&tree.stdout);
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// The dependencies of each crate, without those of its tests and its build script.
fn graph() -> Graph {
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo describes the workspace");
    let runs = |package: Package| {
        let normal =
            package.dependencies.into_iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        (package.name.to_string(), normal.map(|dependency| dependency.name).collect())
    };
    metadata.packages.into_iter().map(runs).collect()
}
