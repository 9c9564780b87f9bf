//! The tools: what they say, where, and with which exit code.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

mod support;

use std::{fs, net::TcpListener};

use serde_json::Value;
use support::{Desk, Home, free_port, text};

#[test]
fn without_a_node_a_tool_says_what_to_try() {
    let home = Home::new();
    let port = free_port();
    let output = home.run(&["agents", "--url", &format!("http://127.0.0.1:{port}")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    let said = text(&output.stderr);
    assert!(
        said.starts_with(&format!("error: no node of yours runs at http://127.0.0.1:{port}: ")),
        "{said}"
    );
    let output = home
        .program()
        .env("CORDBOARD_TOKEN", "x")
        .args(["agents", "--url", &format!("http://127.0.0.1:{port}")])
        .output();
    let said = text(&output.unwrap().stderr);
    assert!(said.contains("start one with `cordboard demo`, or name another with --url"), "{said}");
}

#[test]
fn wrong_usage_is_two() {
    let home = Home::new();
    for arguments in
        [&["fly"][..], &["phone", "1001", "fly"], &["call", "--to", "abc"], &["demo", "--port-base", "65533"]]
    {
        assert_eq!(home.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn every_tool_explains_itself() {
    let home = Home::new();
    let help = text(&home.run(&["--help"]).stdout);
    let commands =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // Lines that go on stand further in.
    let commands = commands.filter(|line| !line.starts_with("   "));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 10, "{help}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let output = home.run(&[command, "--help"]);
        assert!(output.status.success() && text(&output.stdout).contains("Usage: "), "{command}");
    }
}

#[test]
fn a_port_that_is_taken_is_named_with_the_flag_that_moves_it() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let output = home.run(&["demo", "--uwq-port", "0", "--http-port", &address.port().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    let said = said.lines().find(|line| line.starts_with("error: ")).unwrap();
    assert!(said.contains(&address.to_string()) && said.contains("--http-port"), "{said}");
}

#[test]
fn check_tells_everything_wrong_and_fails() {
    let home = Home::new();
    let file = home.path().join("cordboard.toml");
    fs::write(&file, "[http]\nlistne = 1\n[log]\nformat = \"xml\"\n").unwrap();
    let output = home.run(&["check", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr).lines().count(), 2);
    assert!(text(&output.stderr).contains(":2: http.listne: there is no such key; did you mean \"listen\"?"));
    fs::write(&file, text(&home.run(&["config", "example"]).stdout)).unwrap();
    assert!(home.run(&["check", file.to_str().unwrap()]).status.success());
}

#[test]
fn check_says_what_may_be_dialed_and_warns() {
    let home = Home::new();
    let (file, floor) = (home.path().join("cordboard.toml"), home.path().join("floor.toml"));
    fs::write(&file, "[floor]\nfile = \"floor.toml\"\n[simulated]\n").unwrap();
    let check = |policy: &str| {
        fs::write(&floor, policy).unwrap();
        text(&home.run(&["check", file.to_str().unwrap()]).stdout)
    };
    let good = check("country = \"US\"\n");
    let line =
        "may be dialed: emergency numbers, extensions, numbers in US; at most 30 a minute for each agent";
    assert_eq!(good.lines().skip(1).collect::<Vec<_>>(), [line]);
    let open = check("[dial_policy]\nallow = [\"+!\"]\nclasses = [\"premium\"]\nper_minute_max = 0\n");
    for key in ["country", "dial_policy.classes", "dial_policy.allow", "dial_policy.per_minute_max"] {
        let warning = format!("warning: {}: {key}: ", floor.display());
        assert!(open.contains(&warning), "{open}");
    }
    let wrong = check("country = \"UK\"\n");
    assert_eq!(wrong, "");
}

#[test]
fn apply_shows_the_difference_and_makes_it() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let floor = include_str!("../src/demo/floor.toml").replace("name = \"support\"", "name = \"help desk\"");
    // The demo's CRM is at a port that no file knows.
    let has = Desk::new(demo.http, "admin").ask("GET", "/api/v1/floor", &Value::Null);
    let floor = format!("crm_origins = {}\n{floor}", has["crm_origins"]);
    let file = home.path().join("floor.toml");
    fs::write(&file, floor).unwrap();
    let file = file.to_str().unwrap();
    let shown = "~ queue 7700 name: \"support\" → \"help desk\"\n~ passwords of 26 accounts are set where they differ\n";

    let looked = demo.tool(&["apply", file, "--dry-run"]);
    assert_eq!(text(&looked.stdout), format!("{shown}nothing was changed\n"));
    let unasked = demo.tool(&["apply", file]);
    assert_eq!(unasked.status.code(), Some(1));
    assert!(text(&unasked.stderr).contains("say --yes"));
    let agent = Desk::new(demo.http, "1001");
    let done = demo.tool(&["apply", file, "--yes"]);
    assert!(text(&done.stdout).starts_with(&format!("{shown}applied; the journal is at #")), "{done:?}");
    let again = demo.json(&["apply", file, "--dry-run"]);
    assert_eq!(again, [serde_json::json!({ "change": "passwords-set", "accounts": 26 })]);
    // Passwords that stay the same sign nobody out.
    assert_eq!(agent.ask("GET", "/api/v1/me", &Value::Null)["agent"], "1001");
    assert_eq!(demo.json(&["agents"]).len(), 24);
}

#[test]
fn a_database_that_is_gone_is_not_taken_for_a_new_one() {
    let home = Home::new();
    let data = home.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("cordboard.db.journal"), "journal 9f86d081-884c-4d65-9a2f-eaa0c55ad015\nseq 17\n")
        .unwrap();
    let ports = ["--http-port", "0", "--uwq-port", "0", "--harmony-port", "0", "--crm-port", "0"];
    let arguments = [&["demo", "--data", data.to_str().unwrap()], ports.as_slice()].concat();
    let output = home.run(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("17 events") && said.contains("--accept-journal"), "{said}");
    assert!(!data.join("cordboard.db").exists());
}
