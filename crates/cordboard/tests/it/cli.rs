//! The commands: their output, errors and exit codes.

use crate::support;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use support::{Desk, Home, free_port, text};

#[test]
fn without_a_node_a_command_explains_what_to_do() {
    let home = Home::new();
    let port = free_port();
    let output = home.run(&["agents", "--url", &format!("http://127.0.0.1:{port}")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    let printed = text(&output.stderr);
    assert!(
        printed.starts_with(&format!("error: no node of this user runs at http://127.0.0.1:{port}: ")),
        "{printed}"
    );
    let output = home
        .program()
        .env("CORDBOARD_TOKEN", "x")
        .args(["agents", "--url", &format!("http://127.0.0.1:{port}")])
        .output();
    let printed = text(&output.unwrap().stderr);
    assert!(
        printed.contains("start one with `cordboard demo`, or name another node with --url"),
        "{printed}"
    );
}

#[test]
fn invalid_arguments_exit_with_two() {
    let home = Home::new();
    for arguments in [
        &["fly"][..],
        &["phone", "1001", "fly"],
        &["call", "--to", "abc"],
        &["demo", "--port-base", "65533"],
        &["demo", "--url", "http://127.0.0.1:8080"],
    ] {
        assert_eq!(home.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn every_command_has_help() {
    let home = Home::new();
    let commands = commands(&home);
    assert!(commands.len() > 10, "{commands:?}");
    let nothing = home.run(&[]);
    assert!(nothing.status.success() && text(&nothing.stdout).contains("cordboard demo"), "{nothing:?}");
    for command in commands {
        let output = home.run(&[&command, "--help"]);
        assert!(output.status.success() && text(&output.stdout).contains("Usage: "), "{command}");
    }
}

/// The names of all commands, as the help lists them.
fn commands(home: &Home) -> Vec<String> {
    let help = text(&home.run(&["--help"]).stdout);
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let first = |line: &str| line.split_whitespace().next().unwrap().to_owned();
    // Continued lines are indented.
    lines.filter(|line| !line.starts_with("   ")).map(first).collect()
}

#[test]
fn every_command_has_completions_and_a_manual_page() {
    let home = Home::new();
    let folder = home.path().join("man1");
    let missing = home.run(&["man", folder.to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("cannot write manual pages to "), "{missing:?}");
    fs::create_dir(&folder).unwrap();
    assert!(home.run(&["man", folder.to_str().unwrap()]).status.success());
    let main = text(&home.run(&["man"]).stdout);
    assert_eq!(main, fs::read_to_string(folder.join("cordboard.1")).unwrap());
    let scripts = ["bash", "fish", "zsh"].map(|shell| text(&home.run(&["completions", shell]).stdout));
    for command in commands(&home) {
        let page = fs::read_to_string(folder.join(format!("cordboard-{command}.1"))).unwrap();
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{page}");
        for script in &scripts {
            assert!(script.contains(&command), "{command}: {script}");
        }
    }
    let syntax = home.path().join("cordboard.bash");
    fs::write(&syntax, &scripts[0]).unwrap();
    assert!(Command::new("bash").arg("-n").arg(syntax).status().unwrap().success());
}

#[test]
fn a_port_in_use_is_reported_with_the_option_for_it() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let output = home.run(&["demo", "--uwq-port", "0", "--http-port", &address.port().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output.stderr);
    let printed = printed.lines().find(|line| line.starts_with("error: ")).unwrap();
    assert!(printed.contains(&address.to_string()) && printed.contains("--http-port"), "{printed}");
}

#[test]
fn check_reports_all_mistakes_and_fails() {
    let home = Home::new();
    let file = home.path().join("cordboard.toml");
    fs::write(&file, "[http]\nlistne = 1\n[log]\nformat = \"xml\"\n").unwrap();
    let output = home.run(&["check", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr).lines().count(), 2);
    assert!(text(&output.stderr).contains(":2: http.listne: unknown key; did you mean \"listen\"?"));
    fs::write(&file, text(&home.run(&["config", "example"]).stdout)).unwrap();
    assert!(home.run(&["check", file.to_str().unwrap()]).status.success());
}

#[test]
fn check_shows_what_agents_may_dial_and_warns() {
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
fn dial_check_explains_for_a_file_a_configuration_and_a_running_node() {
    let home = Home::new();
    let (file, floor) = (home.path().join("cordboard.toml"), home.path().join("floor.toml"));
    fs::write(&file, "[floor]\nfile = \"floor.toml\"\n[simulated]\n").unwrap();
    fs::write(&floor, "country = \"GB\"\n[[agents]]\nid = \"1001\"\nname = \"A\"\nswitch = \"simulated\"\n")
        .unwrap();
    let floor = ["--floor", floor.to_str().unwrap()];
    let allowed = home.run(&[&["dial-check", "020 7946 0000", "--agent", "1001"][..], &floor].concat());
    assert!(allowed.status.success());
    assert_eq!(
        text(&allowed.stdout),
        "02079460000: allowed\nclass: national\ncountry: GB\nrule: it is in GB, the floor's country\n\
         limit: agent 1001 may dial 30 numbers a minute\n"
    );
    let denied = home.run(&["dial-check", "+14155550100", "--config", file.to_str().unwrap()]);
    assert_eq!(denied.status.code(), Some(1));
    assert!(text(&denied.stdout).contains("class: international\ncountry: US\nrule: the dial policy denies"));
    let unknown = home.run(&[&["dial-check", "1", "--agent", "9"][..], &floor].concat());
    assert!(text(&unknown.stderr).contains("agent 9 is not on the floor"));

    let demo = home.demo((0, 0));
    let decision = &demo.json(&["dial-check", "911"])[0];
    assert_eq!((&decision["class"], &decision["is_allowed"]), (&"emergency".into(), &true.into()));
    assert_eq!(decision["per_minute_max"], Value::Null);
}

#[test]
fn apply_shows_the_changes_and_applies_them() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let floor =
        include_str!("../../src/demo/floor.toml").replace("name = \"support\"", "name = \"help desk\"");
    // The tests' demo has no wrap-up, and the port of the sample CRM is not in the file.
    let floor = floor.replace("wrap_up = \"30s\"", "wrap_up = \"0s\"");
    let has = Desk::new(demo.http, "admin").request("GET", "/api/v1/floor", &Value::Null);
    let floor = format!("crm_origins = {}\n{floor}", has["crm_origins"]);
    let file = home.path().join("floor.toml");
    fs::write(&file, floor).unwrap();
    let file = file.to_str().unwrap();
    let shown = "~ queue 7700 name: \"support\" → \"help desk\"\n~ passwords of 26 accounts: updated where they differ\n";

    let looked = demo.tool(&["apply", file, "--dry-run"]);
    assert_eq!(text(&looked.stdout), format!("{shown}nothing was applied\n"));
    let unconfirmed = demo.tool(&["apply", file]);
    assert_eq!(unconfirmed.status.code(), Some(1));
    assert!(text(&unconfirmed.stderr).contains("use --yes"));
    let agent = Desk::new(demo.http, "1001");
    let done = demo.tool(&["apply", file, "--yes"]);
    assert!(text(&done.stdout).starts_with(&format!("{shown}applied; the last event is #")), "{done:?}");
    let again = demo.json(&["apply", file, "--dry-run"]);
    assert_eq!(again, [serde_json::json!({ "change": "passwords-set", "accounts": 26 })]);
    // Unchanged passwords sign nobody out.
    assert_eq!(agent.request("GET", "/api/v1/me", &Value::Null)["agent"], "1001");
    assert_eq!(demo.json(&["agents"]).len(), 24);
}

#[test]
fn a_missing_database_is_not_replaced_silently() {
    let home = Home::new();
    let data = home.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("cordboard.db.journal"), "journal 9f86d081-884c-4d65-9a2f-eaa0c55ad015\nseq 17\n")
        .unwrap();
    let ports = ["--http-port", "0", "--uwq-port", "0", "--harmony-port", "0", "--crm-port", "0"];
    let arguments = [&["demo", "--data", data.to_str().unwrap()], ports.as_slice()].concat();
    let output = home.run(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output.stderr);
    assert!(printed.contains("17 events") && printed.contains("--accept-journal"), "{printed}");
    assert!(!data.join("cordboard.db").exists());
}

fn hash(home: &Home, password: &str) -> Output {
    let mut program = home.program();
    let program =
        program.arg("hash-password").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = program.spawn().unwrap();
    running.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
    running.wait_with_output().unwrap()
}

#[test]
fn a_hashed_password_fits_a_floor_file_and_signs_in() {
    let home = Home::new();
    let empty = hash(&home, "\n");
    assert_eq!((empty.status.code(), text(&empty.stdout).as_str()), (Some(1), ""));
    assert!(text(&empty.stderr).contains("the password is empty"));

    let hash = text(&hash(&home, "demo\n").stdout);
    let (config, floor) = (home.path().join("node.toml"), home.path().join("floor.toml"));
    let account =
        format!("[[accounts]]\nname = \"boss\"\nrole = \"admin\"\npassword_hash = {:?}\n", hash.trim());
    fs::write(&floor, format!("country = \"US\"\n{account}")).unwrap();
    fs::write(&config, "floor.file = \"floor.toml\"\n").unwrap();
    let checked = home.run(&["check", config.to_str().unwrap()]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    let node = home.serve(free_port(), "floor.file = \"floor.toml\"\n");
    // Desk::new signs in with the password demo.
    assert_eq!(Desk::new(node.http, "boss").request("GET", "/api/v1/me", &Value::Null)["role"], "admin");
}

#[test]
fn the_example_of_a_floor_file_is_a_valid_floor_file() {
    let home = Home::new();
    let example = home.run(&["config", "example", "--floor"]);
    fs::write(home.path().join("floor.toml"), &example.stdout).unwrap();
    let config = home.path().join("cordboard.toml");
    fs::write(&config, "floor.file = \"floor.toml\"\n").unwrap();
    let checked = home.run(&["check", config.to_str().unwrap()]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    for key in ["#wrap_up = ", "#priority = ", "#agent = ", "[[accounts]]", "[dial_policy]"] {
        assert!(text(&example.stdout).contains(key), "{key}");
    }
}

#[test]
fn the_demo_starts_without_log_lines() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    assert!(demo.tool(&["status"]).status.success());
    assert_eq!(fs::read_to_string(home.path().join("demo.log")).unwrap(), "");
}

#[test]
fn a_call_without_a_ready_agent_is_explained() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let url = format!("http://{}", demo.http);
    let call = || demo.tool(&["call", "--from", "+14155550100", "--to", "7700", "--patience", "1m"]);
    let nobody = text(&call().stderr);
    assert!(nobody.starts_with("Nobody is ready in queue 7700; the caller waits up to 1m.\n"), "{nobody}");
    assert!(
        nobody.contains(&format!("Sign in at {url} as an agent of this queue, for example 1001")),
        "{nobody}"
    );

    let desk = Desk::new(demo.http, "1001");
    desk.command(&serde_json::json!({ "verb": "sign-in" }));
    let signed_in = text(&call().stderr);
    assert!(
        signed_in.contains("Agent 1001 is not-ready") && signed_in.contains("agent 1001 ready"),
        "{signed_in}"
    );
    let ready = demo.tool(&["agent", "1001", "ready"]);
    assert!(text(&ready.stdout).starts_with("agent 1001 is "), "{ready:?}");
    desk.until(|interaction| interaction["state"] == "alerting");
    let answered = text(&demo.tool(&["phone", "1001", "answer"]).stdout);
    assert!(answered.starts_with("phone 1001: answered; calls: sim-"), "{answered}");
    assert!(text(&call().stderr).contains("Agent 1001 is busy; the call waits"));
    let hung_up = text(&demo.tool(&["phone", "1001", "hang-up"]).stdout);
    assert!(hung_up.starts_with("phone 1001: hung up"), "{hung_up}");
}

#[test]
fn a_call_to_a_phone_without_an_agent_is_explained() {
    let home = Home::new();
    let listen = format!("127.0.0.1:{}", free_port());
    let mut person = home.program();
    person.args(["peer", "uwq", "--end", "telephony", "--listen", &listen]);
    let mut person =
        person.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    person.stdin.as_mut().unwrap().write_all(b"direct\n").unwrap();
    let mut printed = BufReader::new(person.stderr.take().unwrap()).lines().map_while(Result::ok);
    let why = printed.find(|line| line.contains("nobody is signed in at"));
    person.kill().unwrap();
    person.wait().unwrap();
    assert!(why.is_some_and(|line| line.contains("the call was not made")));
}

#[test]
fn a_sample_notification_without_a_node_fails_in_plain_words() {
    let home = Home::new();
    let url = format!("http://127.0.0.1:{}/x", free_port());
    let output = home.run(&["peer", "talisma", "--end", "telephony", "--to", &url]);
    let printed = text(&output.stderr);
    assert!(
        printed.contains(&format!("error: cannot connect to {url}: ")) && printed.contains("--to"),
        "{printed}"
    );
    assert!(!printed.contains("NotSent") && !printed.contains("os error"), "{printed}");
}

#[test]
fn commands_use_tls_and_trust_the_file_of_ca_only() {
    let (home, other) = (Home::new(), Home::new());
    let (port, tls_port) = (free_port(), free_port());
    let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, key) = (home.path().join("node.pem"), home.path().join("node.key"));
    fs::write(&chain, certificate.cert.pem()).unwrap();
    fs::write(&key, certificate.signing_key.serialize_pem()).unwrap();
    fs::write(
        home.path().join("floor.toml"),
        "country = \"US\"\n[[accounts]]\nname = \"boss\"\nrole = \"admin\"\npassword = \"demo\"\n",
    )
    .unwrap();
    let config = format!(
        "floor.file = \"floor.toml\"\n[http.tls]\nlisten = \"127.0.0.1:{tls_port}\"\ncertificate = {chain:?}\nkey = {key:?}\n"
    );
    let node = home.serve(port, &config);
    let token = Desk::new(node.http, "boss").token;
    let url = format!("https://localhost:{tls_port}");
    let run = |arguments: &[&str]| {
        let mut program = other.program();
        program.env("CORDBOARD_TOKEN", &token).env("CORDBOARD_URL", &url).args(arguments).output().unwrap()
    };
    let ca = chain.to_str().unwrap();
    let trusted = run(&["status", "--ca", ca]);
    assert!(trusted.status.success(), "{}", text(&trusted.stderr));
    assert_eq!(text(&trusted.stderr), "");
    // The events go over a WebSocket with TLS.
    let mut tail = other.program();
    tail.env("CORDBOARD_TOKEN", &token).env("CORDBOARD_URL", &url).env("CORDBOARD_CA", ca);
    let tail = tail.args(["tail", "--after", "0", "--limit", "1"]).output().unwrap();
    assert!(tail.status.success() && text(&tail.stdout).contains("#1 "), "{tail:?}");
    let untrusted = text(&run(&["status"]).stderr);
    assert!(untrusted.contains("is not trusted") && untrusted.contains("--ca"), "{untrusted}");
    let plain = text(&run(&["status", "--ca", ca, "--url", &format!("https://127.0.0.1:{port}")]).stderr);
    assert!(plain.contains("does not use TLS"), "{plain}");
}

#[test]
fn a_token_in_plain_text_to_another_machine_is_warned_of() {
    let home = Home::new();
    let mut program = home.program();
    let program = program.env("CORDBOARD_TOKEN", "x").args(["status", "--url", "http://cordboard.invalid"]);
    let printed = text(&program.output().unwrap().stderr);
    assert!(printed.starts_with("warning: http://cordboard.invalid:80 is not encrypted"), "{printed}");
}
