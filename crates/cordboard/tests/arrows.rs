//! Who may depend on whom, and what a pure crate may not reach. See ARCHITECTURE.md.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// Our crates, and which of ours each may depend on. A crate that is not here is refused.
const ALLOWED: &[(&str, &[&str])] = &[
    ("cordboard-model", &[]),
    ("cordboard-wire", &[]),
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

/// What each dialect of the list may depend on.
const ALLOWED_TO_DIALECTS: &[&str] = &[
    "cordboard-model",
    "cordboard-numbers",
    "cordboard-pbx",
    "cordboard-session",
    "cordboard-settings",
    "cordboard-wire",
];

/// Crates that may depend on every other one.
const TOPMOST: &[&str] = &["cordboard", "cordboard-stories", "cordboard-fuzz"];

/// Crates that get time, ids and bytes as arguments, beside the dialects.
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

/// The dialect of docs/adding-a-dialect.md, which is in no list.
const EXAMPLE: &str = "cordboard-toy";

/// The crates of dialects.
fn dialects() -> impl Iterator<Item = &'static str> {
    cordboard::DIALECTS.iter().map(|dialect| dialect.package).chain([EXAMPLE])
}

/// What a crate may depend on; `None` when the list does not know the crate.
fn allowed(name: &str) -> Option<&'static [&'static str]> {
    if dialects().any(|dialect| dialect == name) {
        return Some(ALLOWED_TO_DIALECTS);
    }
    ALLOWED.iter().find(|(known, _)| *known == name).map(|(_, allowed)| *allowed)
}

/// What a pure crate may not reach, however far away: runtimes, sockets, clocks, entropy.
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

/// Crates by name, and others by name.
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_arrow_points_the_right_way() {
    assert_eq!(wrong_arrows(&graph()), Vec::<String>::new());
}

#[test]
fn pure_crates_reach_nothing_impure() {
    assert_eq!(impure_paths(&reach()), Vec::<String>::new());
}

#[test]
fn the_check_fails_when_it_should() {
    let mut graph = graph();
    let core = graph.get_mut("cordboard-core").expect("the core is in the workspace");
    core.insert("cordboard-hub".to_owned());
    assert_eq!(wrong_arrows(&graph), ["cordboard-core depends on cordboard-hub"]);
    graph.insert("cordboard-newcomer".to_owned(), BTreeSet::new());
    assert!(wrong_arrows(&graph).contains(&"cordboard-newcomer has no place in the house".to_owned()));
    let reach = Graph::from([("cordboard-core".to_owned(), reached("cordboard-hub"))]);
    assert!(impure_paths(&reach).contains(&"cordboard-core reaches tokio".to_owned()));
}

fn wrong_arrows(graph: &Graph) -> Vec<String> {
    let ours = |name: &&String| name.as_str() == "cordboard" || name.starts_with("cordboard-");
    let mut wrong = Vec::new();
    for name in graph.keys().filter(ours).filter(|name| !TOPMOST.contains(&name.as_str())) {
        let Some(allowed) = allowed(name) else {
            wrong.push(format!("{name} has no place in the house"));
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

/// What each pure crate reaches to run.
fn reach() -> Graph {
    PURE.iter().copied().chain(dialects()).map(|name| (name.to_owned(), reached(name))).collect()
}

/// What a crate reaches when it is built by itself: in a build of the whole workspace it would have the features that tests of others
/// switch on as well.
fn reached(name: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", name, "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .output()
        .expect("cargo draws the tree");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8_lossy(&tree.stdout);
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// What each crate depends on to run: not what its tests or its build script need.
fn graph() -> Graph {
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo describes the workspace");
    let runs = |package: Package| {
        let normal =
            package.dependencies.into_iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        (package.name.to_string(), normal.map(|dependency| dependency.name).collect())
    };
    metadata.packages.into_iter().map(runs).collect()
}
