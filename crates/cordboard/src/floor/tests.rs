//! Tests of reading, checking and comparing floor files.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use argon2::{Argon2, PasswordVerifier, password_hash::phc::PasswordHash};
use model::{AgentId, Role};
use serde_json::json;

use super::{Plan, State, compare, hash_all, read};

const SMALL: &str = r#"
[[agents]]
id = "1001"
name = "Ann"
switch = "simulated"
queues = ["7700"]
acd_id = "7001"
password = "demo"

[[queues]]
id = "7700"
name = "support"

[[accounts]]
name = "integration"
role = "integration"
password = "demo"

[[contacts]]
id = "C-1"
name = "Carla"
numbers = ["+1 415 555 0100"]
data = { AccountCode = "A-100" }
"#;

fn plan(text: &str) -> Plan {
    read("floor.toml", text, Path::new("")).unwrap()
}

fn problems(text: &str) -> String {
    read("floor.toml", text, Path::new("")).unwrap_err().to_string()
}

/// The state of a node that has applied a plan.
fn applied(plan: &Plan) -> State {
    let shown = |account: &super::PlannedAccount| match &account.agent {
        Some(agent) => json!({ "name": account.name, "role": account.role, "agent": agent }),
        None => json!({ "name": account.name, "role": account.role }),
    };
    let accounts = plan.accounts.iter().map(shown).collect();
    State { floor: plan.floor.clone(), accounts, contacts: plan.contacts.clone() }
}

fn changes(current: &State, plan: &Plan) -> String {
    compare(current, plan).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_floor_file_is_read() {
    let plan = plan(SMALL);
    assert_eq!(plan.floor.check(), Ok(()));
    let agent = plan.floor.agent(&AgentId::new("1001").unwrap()).unwrap();
    assert_eq!((agent.device.as_str(), agent.acd_id.as_deref()), ("1001", Some("7001")));
    assert_eq!(plan.floor.queues[0].ring_ms, 20_000);
    let accounts: Vec<_> =
        plan.accounts.iter().map(|account| (account.name.as_str(), account.role)).collect();
    assert_eq!(accounts, [("1001", Role::Agent), ("integration", Role::Integration)]);
    assert_eq!(plan.contacts[0].numbers[0].as_str(), "+14155550100");
    assert_eq!(plan.contacts[0].data.get("AccountCode"), Some("A-100"));
}

const PAGES: &str = r##"
[[scripts]]
name = "greeting"
title = "Greeting"
markdown = "# Hello"

[[records]]
type = "Contact"
title = "Contact"
url = "https://crm.example/contacts/{id}"

[[pages]]
id = "crm"
title = "CRM"
url = "https://CRM.example:443/panel"
place = "contact-panel"
queues = ["7700"]
allow = ["clipboard-write"]
"##;

#[test]
fn scripts_and_pages_are_read_and_compared() {
    let (small, with_pages) = (plan(SMALL), plan(&format!("{SMALL}{PAGES}")));
    assert_eq!(with_pages.floor.check(), Ok(()));
    assert_eq!(with_pages.floor.pages[0].url.origin(), "https://crm.example");
    let changes = changes(&applied(&small), &with_pages);
    assert!(changes.starts_with("+ script greeting\n+ record page Contact\n+ page crm\n"), "{changes}");
}

#[test]
fn problems_of_pages_have_their_place() {
    let wrong = PAGES.replace("{id}", "{Id}").replace("7700", "7701").replace("https://CRM", "crm");
    let problems = problems(&format!("{SMALL}{wrong}"));
    for part in
        ["records.0.url: the address contains {Id}", "pages.0.url: the address \"crm.example:443/pane\""]
    {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    let twice = PAGES.replace("7700", "7701");
    let problems = self::problems(&format!("{SMALL}{PAGES}{twice}"));
    for part in [
        "script \"greeting\" is defined twice",
        "page \"crm\" is defined twice",
        "record type \"Contact\" is defined twice",
        "queue \"7701\" is not defined",
    ] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
}

#[test]
fn problems_of_origins_have_their_place() {
    let origins = "image_origins = [\"https://cdn.example\", \"cdn.example\"]\nframe_origins = [\"https://*.sso.example\"]\n";
    let problems = problems(&format!("{origins}{SMALL}"));
    for part in [
        "floor.toml:1: image_origins: the address \"cdn.example\" does not begin with https:// or http://",
        "floor.toml:2: frame_origins: the address has the host \"*.sso.example\"",
    ] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
}

#[test]
fn all_problems_are_reported_together() {
    let text = r#"
[[agents]]
id = "1001"
name = "Ann"
switch = "simulated"
queues = ["7701"]
password = "demo"
password_hash = "x"

[[agents]]
id = "1001"
naem = "Bob"
name = "Bob"
switch = "simulated"

[[queues]]
id = "7700"
name = "support"
ring = "soon"

[[accounts]]
name = "1001"
role = "boss"
"#;
    insta::assert_snapshot!(problems(text), @r#"
    floor.toml:12: agents.1.naem: unknown key; did you mean "name"?
    floor.toml:19: queues.0.ring: "soon" is not a time; expected a whole number and a unit, such as 250ms, 30s, 5m, 8h or 7d
    floor.toml:23: accounts.0.role: "boss" is not valid; expected one of "agent", "supervisor", "admin", "integration"
    "#);
}

#[test]
fn contradictions_are_reported() {
    let text = r#"
[[agents]]
id = "1001"
name = "Ann"
switch = "simulated"
queues = ["7701"]
acd_id = "7001"
password = "demo"
password_hash = "x"

[[agents]]
id = "1001"
name = "Bob"
switch = "simulated"
acd_id = "7001"

[[queues]]
id = "7700"
name = "support"

[[queues]]
id = "1001"
name = "sales"

[[queues]]
id = "help"
name = "help"

[[accounts]]
name = "1001"
role = "agent"

[[accounts]]
name = "boss"
role = "supervisor"
agent = "1003"
password = "demo"
"#;
    insta::assert_snapshot!(problems(text), @r#"
    floor.toml:6: agents.0.queues: queue "7701" is not defined; did you mean "7700"?
    floor.toml:9: agents.0.password_hash: is not an argon2id hash ($argon2id$v=19$m=…,t=…,p=…$salt$hash); make one with `cordboard hash-password`
    floor.toml:9: agents.0.password_hash: password is given too; delete one of them
    floor.toml:12: agents.1.id: agent "1001" is defined twice; the first is agents.0.id
    floor.toml:15: agents.1.acd_id: ACD id "7001" is defined twice; the first is agents.0.acd_id
    floor.toml:22: queues.1.id: is also the phone of agent 1001; choose another number for the queue
    floor.toml:26: queues.2.id: is not a number that callers can dial: number contains 'h'; allowed are 0-9 * # and a leading +
    floor.toml:29: accounts.0.agent: is required for an account with the role "agent"
    floor.toml:29: accounts.0.password: is required; give password, password_file or password_hash
    floor.toml:30: accounts.0.name: account "1001" is defined twice; the first is agents.0.id
    floor.toml:36: accounts.1.agent: agent "1003" is not defined; did you mean "1001"?
    "#);
}

#[test]
fn an_empty_node_gets_everything() {
    insta::assert_snapshot!(changes(&State::default(), &plan(SMALL)), @r"
    + queue 7700
    + agent 1001
    + account 1001
    + account integration
    ~ passwords of 2 accounts: updated where they differ
    + contact C-1
    ");
}

#[test]
fn without_changes_only_passwords_are_compared() {
    let plan = plan(SMALL);
    insta::assert_snapshot!(changes(&applied(&plan), &plan), @"~ passwords of 2 accounts: updated where they differ");
}

#[test]
fn changes_are_listed_field_by_field() {
    let other =
        SMALL.replace("queues = [\"7700\"]", "queues = []").replace("name = \"Ann\"", "name = \"Anna\"");
    let other = other
        .replace("7700", "7710")
        .replace("C-1", "C-2")
        .replace("role = \"integration\"", "role = \"admin\"");
    insta::assert_snapshot!(changes(&applied(&plan(SMALL)), &plan(&other)), @r#"
    - queue 7700
    + queue 7710
    ~ agent 1001 name: "Ann" → "Anna"
    ~ agent 1001 queues: ["7700"] → []
    ~ account integration role: "integration" → "admin"
    ~ passwords of 2 accounts: updated where they differ
    + contact C-2
    "#);
}

#[test]
fn accounts_stay_where_a_file_has_none() {
    let none = SMALL
        .replace("password = \"demo\"\n", "")
        .replace("[[accounts]]\nname = \"integration\"\nrole = \"integration\"\n", "");
    let plan_without = plan(&none);
    assert!(plan_without.accounts.is_empty());
    assert_eq!(changes(&applied(&plan(SMALL)), &plan_without), "");
}

#[test]
fn passwords_are_hashed_each_with_its_own_salt() {
    let accounts = hash_all(plan(SMALL).accounts, &[]).unwrap();
    assert_eq!(accounts.len(), 2);
    assert_ne!(accounts[0].password_hash, accounts[1].password_hash);
    let hash = PasswordHash::new(&accounts[0].password_hash).unwrap();
    assert!(Argon2::default().verify_password(b"demo", &hash).is_ok());
    assert!(Argon2::default().verify_password(b"demi", &hash).is_err());
}

#[test]
fn an_unchanged_password_keeps_its_hash() {
    let before = hash_all(plan(SMALL).accounts, &[]).unwrap();
    assert_eq!(hash_all(plan(SMALL).accounts, &before).unwrap(), before);
    let other = plan(&SMALL.replace("demo", "other")).accounts;
    let after = hash_all(other, &before).unwrap();
    assert!(after.iter().zip(&before).all(|(after, before)| after.password_hash != before.password_hash));
}

#[test]
fn a_password_can_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password"), "from the file\n").unwrap();
    let text = "[[accounts]]\nname = \"a\"\nrole = \"admin\"\npassword_file = \"password\"\n";
    let plan = read("floor.toml", text, folder.path()).unwrap();
    let hashed = hash_all(plan.accounts, &[]).unwrap();
    let hash = PasswordHash::new(&hashed[0].password_hash).unwrap();
    assert!(Argon2::default().verify_password(b"from the file", &hash).is_ok());
}

#[test]
fn a_missing_password_file_is_reported() {
    let text = "[[accounts]]\nname = \"a\"\nrole = \"admin\"\npassword_file = \"/nowhere/password\"\n";
    insta::assert_snapshot!(problems(text), @"floor.toml:4: accounts.0.password_file: /nowhere/password cannot be read: No such file or directory (os error 2)");
}

/// The time grows with the size of the file. If it grew with the square, this would take minutes.
#[test]
fn a_large_floor_is_read_in_time() {
    let hash = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let agent = |id: usize| {
        format!("[[agents]]\nid = \"a{id}\"\nname = \"A\"\nswitch = \"s\"\npassword_hash = \"{hash}\"\n")
    };
    let text: String = (0..10_000).map(agent).collect();
    let begun = Instant::now();
    assert_eq!(read("floor.toml", &text, Path::new("")).unwrap().floor.agents.len(), 10_000);
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

/// The example without its comment marks. Lines with a space after the # are explanations.
fn uncommented_example() -> String {
    let example = super::example();
    let lines = example
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line));
    // Of the two forms of a password an account can have only one, and the example's hash is shortened.
    lines.filter(|line| !line.starts_with("password_hash")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_is_a_valid_floor_file() {
    let plan = plan(&uncommented_example());
    assert_eq!(plan.floor.check(), Ok(()));
    assert_eq!((plan.floor.agents.len(), plan.accounts.len(), plan.contacts.len()), (1, 2, 1));
    assert_eq!(read("floor.toml", &super::example(), Path::new("")).unwrap().floor.agents, Vec::new());
}

/// The fields of the API's floor that a file does not have: they are the state of a node.
const NOT_IN_FILES: [&str; 1] = ["retiring"];

#[test]
fn the_example_has_every_field_of_a_floor() {
    let plan = plan(&uncommented_example());
    let example = super::example();
    let floor = serde_json::to_value(&plan.floor).unwrap();
    let contact = serde_json::to_value(&plan.contacts[0]).unwrap();
    let mut missing = Vec::new();
    let mut look = |fields: &serde_json::Value| {
        for (name, value) in fields.as_object().unwrap() {
            // `use` of a reason has another name in files.
            let key = if name == "use" { "used_for" } else { name.trim_end_matches("_ms") };
            let is_there = [format!("#{key} = "), format!("[{key}]"), format!("[[{key}]]")];
            if !NOT_IN_FILES.contains(&key) && !is_there.iter().any(|key| example.contains(key)) {
                missing.push(format!("{key} = {value}"));
            }
        }
    };
    look(&floor);
    look(&contact);
    look(&floor["dial_policy"]);
    let lists = ["agents", "queues", "reasons", "dispositions", "scripts", "records", "pages"];
    lists.iter().for_each(|list| look(&floor[list][0]));
    assert_eq!(missing, Vec::<String>::new());
}
