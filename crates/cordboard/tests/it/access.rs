//! `docs/access.md`, generated from the code: who may use which route and verb, how peers of dialects are admitted, and what they can send.

use std::{
    collections::BTreeSet,
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use cordboard::DIALECTS;
use hub::http::{Access, ROUTES, TOKEN_ROUTES};
use model::{AccountName, AgentId, Principal, Role, Scope, VerbName, authorize};
use session::dialect::{Binding, HttpBinding, StreamBinding};

const HEAD: &str = "\
# Who may do what

This page is generated from the code. `UPDATE_ACCESS=1 cargo test -p cordboard --test it access` writes it, and the same test fails when the code
and the page differ. So a change of a permission is seen in review.

A route that is not listed is refused, and so is a verb for which there is no ✓.
";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Agent => "agent",
        Role::Supervisor => "supervisor",
        Role::Admin => "admin",
        Role::Integration => "integration",
    }
}

fn table(page: &mut String, head: &[&str]) {
    writeln!(page, "\n| {} |\n|{}", head.join(" | "), "---|".repeat(head.len())).unwrap();
}

fn row(page: &mut String, cells: &[String]) {
    writeln!(page, "| {} |", cells.join(" | ").replace("|  |", "| |")).unwrap();
}

fn routes(page: &mut String) {
    page.push_str("\n## Routes of the API\n\nA route may narrow what it answers to the agent of the account: see [The native API](api.md).\n");
    table(page, &["method", "route", "agent", "supervisor", "admin", "integration"]);
    for (method, path, access) in ROUTES {
        let cell = |role: Role| match access {
            Access::Public => "anyone",
            Access::Message => "token in the request or the first message",
            Access::Roles(roles) if roles.contains(&role) => "✓",
            Access::Roles(_) => "–",
        };
        let cells = Role::ALL.map(|role| cell(role).to_owned());
        row(page, &[vec![method.to_owned(), format!("`{path}`")], cells.to_vec()].concat());
    }
}

/// Routes that an API token can use, by scope.
fn scopes(page: &mut String) {
    page.push_str("\n## Scopes of API tokens\n\nAn API token needs the scope of a route, and its role must have a ✓ above. Routes that are not listed here are refused: an API token\ncannot manage accounts, the floor, tokens, sessions or the audit trail. The paths of the simulated switch need `commands`.\n");
    table(page, &["scope", "routes"]);
    for scope in Scope::ALL {
        let routes = TOKEN_ROUTES.iter().filter(|(_, _, needs)| *needs == scope);
        let routes: Vec<String> = routes.map(|(method, path, _)| format!("{method} `{path}`")).collect();
        row(page, &[format!("`{}`", scope.as_str()), routes.join("<br>")]);
    }
}

/// For which agents a role may send a verb.
fn reach(role: Role, verb: VerbName) -> &'static str {
    let agent = |id: &str| AgentId::new(id).unwrap();
    let account = AccountName::new("somebody").unwrap();
    let by = Principal { account, role, agent: Some(agent("1001")) };
    let may = |other: &str| authorize(&by, verb, &agent(other)).is_ok();
    match (may("1001"), may("1002")) {
        (true, true) => "✓",
        (true, false) => "own",
        (false, true) => "others",
        (false, false) => "–",
    }
}

fn verbs(page: &mut String) {
    page.push_str("\n## Verbs\n\n✓: for every agent. own: for the agent of the account. The rules are the same for every dialect and for the API.\n");
    table(page, &["verb", "agent", "supervisor", "admin", "integration"]);
    for verb in VerbName::ALL {
        let cells = Role::ALL.map(|role| reach(role, verb).to_owned());
        row(page, &[vec![format!("`{}`", verb.as_str())], cells.to_vec()].concat());
    }
}

/// How peers reach an end, and what admits them.
fn admission(binding: &Binding) -> (&'static str, String) {
    let by_session = || "the session, by its protocol".to_owned();
    match binding {
        Binding::Http(HttpBinding::Path(path)) => match path.roles {
            Some(roles) => (
                "path of the API",
                format!("a token: {}", roles.iter().map(|one| role(*one)).collect::<Vec<_>>().join(", ")),
            ),
            None => ("path of the API", by_session()),
        },
        Binding::Http(HttpBinding::Listener(_)) => (
            "own HTTP listener, TLS possible",
            format!("a client certificate if configured, {}", by_session()),
        ),
        Binding::Http(HttpBinding::Client { .. }) => {
            ("requests of the node", "the peer is chosen by the configuration".to_owned())
        }
        Binding::Stream(StreamBinding::Listener { .. }) => (
            "own listener, TLS possible",
            format!("`allow`, a client certificate if configured, {}", by_session()),
        ),
        Binding::Stream(StreamBinding::Client { .. }) => {
            ("connection of the node, TLS possible", "the peer is chosen by the configuration".to_owned())
        }
        Binding::WebSocket(_) => {
            ("connection of the node, TLS possible", "the peer is chosen by the configuration".to_owned())
        }
        Binding::Pages(_) => ("WebSocket of the API", "a token, and the origins of the floor".to_owned()),
    }
}

fn ends(page: &mut String) {
    page.push_str("\n## Ends of dialects\n");
    table(page, &["section", "product", "how its peers connect", "what admits them", "is a switch"]);
    for dialect in DIALECTS {
        for declaration in dialect.ends {
            let end = declaration.example();
            let (way, admits) = admission(&end.binding());
            let switch = if end.switch().is_some() { "yes" } else { "no" };
            let section = format!("`{}`", declaration.section(dialect));
            row(page, &[section, dialect.product.to_owned(), way.to_owned(), admits, switch.to_owned()]);
        }
    }
}

/// All Rust files below a folder, without tests.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            sources(&path, found);
        } else if name.ends_with(".rs") && !name.contains("test") {
            found.push(path);
        }
    }
}

/// The verbs that the code of a dialect names, and whether it acts as an integration.
fn named(folder: &Path) -> (BTreeSet<VerbName>, bool) {
    let (mut files, mut verbs, mut acts_for_all) = (Vec::new(), BTreeSet::new(), false);
    sources(folder, &mut files);
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        acts_for_all |= code.contains("Role::Integration");
        for verb in VerbName::ALL {
            let name = format!("{verb:?}");
            let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric());
            let is_named = code
                .match_indices(&format!("Verb::{name}"))
                .any(|(at, whole)| ends(&code[at + whole.len()..]));
            if is_named {
                verbs.insert(verb);
            }
        }
    }
    (verbs, acts_for_all)
}

fn dialects(page: &mut String) {
    page.push_str("\n## Verbs that a dialect can send\n\nThe verbs that the code of the dialect names. A dialect acts with the account of its peer, or, for all agents, as an integration.\n");
    table(page, &["dialect", "as an integration", "verbs"]);
    for dialect in DIALECTS {
        let folder = root().join("crates/dialects").join(dialect.name.replace('_', "-"));
        let folder = if folder.exists() { folder } else { root().join("crates").join(dialect.name) };
        let (verbs, acts_for_all) = named(&folder.join("src"));
        let verbs: Vec<String> = verbs.iter().map(|verb| format!("`{}`", verb.as_str())).collect();
        let verbs = if verbs.is_empty() { "none".to_owned() } else { verbs.join(" ") };
        let acts = if acts_for_all { "yes" } else { "no" };
        row(page, &[dialect.name.to_owned(), acts.to_owned(), verbs]);
    }
}

#[test]
fn the_table_of_permissions_is_the_one_of_the_code() {
    let mut page = HEAD.to_owned();
    routes(&mut page);
    scopes(&mut page);
    verbs(&mut page);
    ends(&mut page);
    dialects(&mut page);
    let path = root().join("docs/access.md");
    if env::var_os("UPDATE_ACCESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/access.md is stale: run this test with UPDATE_ACCESS=1 and look at the difference"
    );
}
