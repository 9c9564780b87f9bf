//! Who may depend on whom, and what a pure crate may not reach. See ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand, PackageId};

/// Our crates, and which of ours each may depend on. A crate that is not here is refused.
const ALLOWED: &[(&str, &[&str])] = &[
    ("cordboard-model", &[]),
    ("cordboard-wire", &[]),
    ("cordboard-core", &["cordboard-model"]),
    ("cordboard-session", &["cordboard-model"]),
    ("cordboard-store", &["cordboard-model"]),
    ("cordboard-harmony", &["cordboard-model", "cordboard-session", "cordboard-wire"]),
    ("cordboard-uwq", &["cordboard-model", "cordboard-session", "cordboard-wire"]),
    ("cordboard-simulated", &["cordboard-model", "cordboard-session"]),
    ("cordboard-hub", &["cordboard-model", "cordboard-core", "cordboard-session", "cordboard-store"]),
    ("cordboard", EVERYTHING),
    ("cordboard-stories", EVERYTHING),
];

const EVERYTHING: &[&str] = &[
    "cordboard-model",
    "cordboard-wire",
    "cordboard-core",
    "cordboard-session",
    "cordboard-store",
    "cordboard-harmony",
    "cordboard-uwq",
    "cordboard-simulated",
    "cordboard-hub",
];

/// Crates that get time, ids and bytes as arguments.
const PURE: &[&str] = &[
    "cordboard-model",
    "cordboard-wire",
    "cordboard-core",
    "cordboard-session",
    "cordboard-harmony",
    "cordboard-uwq",
    "cordboard-simulated",
];

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

/// Crates by name, and what each depends on to run.
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_arrow_points_the_right_way() {
    assert_eq!(wrong_arrows(&graph()), Vec::<String>::new());
}

#[test]
fn pure_crates_reach_nothing_impure() {
    assert_eq!(impure_paths(&graph()), Vec::<String>::new());
}

#[test]
fn the_check_fails_when_it_should() {
    let mut graph = graph();
    let core = graph.get_mut("cordboard-core").expect("the core is in the workspace");
    core.insert("cordboard-hub".to_owned());
    assert_eq!(wrong_arrows(&graph), ["cordboard-core depends on cordboard-hub"]);
    assert!(impure_paths(&graph).iter().any(|path| path.starts_with("cordboard-core reaches tokio")));
    graph.insert("cordboard-newcomer".to_owned(), BTreeSet::new());
    assert!(wrong_arrows(&graph).contains(&"cordboard-newcomer has no place in the house".to_owned()));
}

fn wrong_arrows(graph: &Graph) -> Vec<String> {
    let ours = |name: &&String| name.as_str() == "cordboard" || name.starts_with("cordboard-");
    let mut wrong = Vec::new();
    for name in graph.keys().filter(ours) {
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| known == name) else {
            wrong.push(format!("{name} has no place in the house"));
            continue;
        };
        let others = graph[name].iter().filter(ours).filter(|other| !allowed.contains(&other.as_str()));
        wrong.extend(others.map(|other| format!("{name} depends on {other}")));
    }
    wrong
}

fn impure_paths(graph: &Graph) -> Vec<String> {
    let reached = PURE.iter().map(|name| (name, reach(graph, name)));
    let wrong = reached.flat_map(|(name, reached)| {
        let impure = IMPURE.iter().filter(move |impure| reached.contains(**impure));
        impure.map(move |impure| format!("{name} reaches {impure}"))
    });
    wrong.collect()
}

fn reach(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(name) = open.pop() {
        let next = graph.get(&name).into_iter().flatten();
        open.extend(next.filter(|name| reached.insert((*name).clone())).cloned());
    }
    reached
}

/// What each crate depends on to run: not what its tests or its build script need.
fn graph() -> Graph {
    let metadata = MetadataCommand::new().exec().expect("cargo describes the workspace");
    let names: BTreeMap<&PackageId, String> =
        metadata.packages.iter().map(|package| (&package.id, package.name.to_string())).collect();
    let resolve = metadata.resolve.as_ref().expect("cargo resolves the workspace");
    let depends = |node: &cargo_metadata::Node| {
        let runs = node
            .deps
            .iter()
            .filter(|dep| dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
        runs.map(|dep| names[&dep.pkg].clone()).collect::<BTreeSet<_>>()
    };
    let mut graph = Graph::new();
    for node in &resolve.nodes {
        graph.entry(names[&node.id].clone()).or_default().extend(depends(node));
    }
    graph
}
