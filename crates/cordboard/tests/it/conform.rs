//! The conformance run: both ends of this program hold every requirement, and deliberate mistakes are found.

use crate::support;

mod conversations;
mod crm_connector;
mod harmony_faults;
mod max;
mod pages;
mod talisma_ends;
mod talisma_faults;
mod uwq_desk_faults;
mod uwq_faults;

use std::{collections::BTreeSet, fs, net::SocketAddr, time::Duration};

use conform::{Action, Report, SUITES, Step, Steps, Terms, Verdict, harmony, uwq};
use serde_json::{Value, json};
use support::{Demo, Desk, Home, Node, free_port, text};

/// Runs a script, with waits for a busy machine.
pub(crate) fn run<T>(script: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(script)
}

pub(crate) fn terms() -> Terms {
    Terms { timeout: Duration::from_secs(10), silence: Duration::from_millis(400) }
}

/// The IDs of the requirements from which an end deviates.
pub(crate) fn deviations(report: &Report) -> BTreeSet<&'static str> {
    report.deviations().map(|outcome| outcome.requirement.id).collect()
}

/// Whether a run found the mistakes of a peer. On a busy machine a late answer is one more deviation; without mistakes there must be none.
pub(crate) fn is_found(mistakes: &[&str], report: &Report) -> bool {
    let came = deviations(report);
    mistakes.iter().all(|id| came.contains(id)) && (!mistakes.is_empty() || came.is_empty())
}

/// Plays a peer with mistakes, and checks that exactly these are found. A busy machine answers late, and then more is found: that run is
/// repeated once.
pub(crate) fn finds_exactly(mistakes: &[&str], play: impl Fn() -> Report) -> Result<(), String> {
    let expected: BTreeSet<&str> = mistakes.iter().copied().collect();
    let mut report = play();
    if expected != deviations(&report) && expected.is_subset(&deviations(&report)) {
        report = play();
    }
    let came = deviations(&report);
    if came == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, came {came:?}: {}", report.text()))
    }
}

/// The transport refuses a body that is too large before EBS reads it, without an error document.
const KNOWN: &[&str] = &["UWQ-D-32"];

/// Every requirement is held, and every one is reached.
pub(crate) fn holds_all(report: &Report) {
    let found: Vec<&str> = deviations(report).into_iter().filter(|id| !KNOWN.contains(id)).collect();
    assert_eq!(found, Vec::<&str>::new(), "{}", report.text());
    let missed = report.outcomes.iter().filter(|one| matches!(one.verdict, Verdict::NotReached { .. }));
    let missed: Vec<&str> = missed.map(|one| one.requirement.id).collect();
    assert_eq!(missed, Vec::<&str>::new(), "{}", report.text());
}

pub(crate) fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn agent(extension: &str, id: &str) -> uwq::Agent {
    let [extension, id, password, queue, number] =
        [extension, id, "demo", "7700", "(415) 555-0123"].map(str::to_owned);
    uwq::Agent { extension, id, password, queue, number }
}

/// A softphone with the demo's agent 1001 at this address.
pub(crate) fn softphone(to: SocketAddr) -> uwq::Softphone {
    uwq::Softphone { to: to.to_string(), listen: loopback(0), agent: agent("1001", "7001") }
}

/// The steps at the demo, as commands of the shell.
pub(crate) fn commands(home: &Home, demo: &Demo<'_>) -> Vec<(Step, String)> {
    let program = env!("CARGO_BIN_EXE_cordboard");
    let (folder, url) = (home.path().display(), demo.http);
    let line = |rest: &str| format!("XDG_RUNTIME_DIR={folder} {program} {rest} --url http://{url}");
    vec![
        (Step::Ring, line("call --from +14155550100 --to 7700 --patience 2m")),
        (Step::GiveUp, line("call --from +14155550100 --to 7700 --patience 1s")),
        (Step::Answer, line("phone 1001 answer")),
        (Step::HangUp, line("phone 1001 hang-up")),
    ]
}

pub(crate) fn steps(commands: &[(Step, String)]) -> Steps {
    commands
        .iter()
        .cloned()
        .fold(Steps::default(), |steps, (step, line)| steps.with(step, Action::command(line)))
}

#[test]
fn the_uwq_telephony_end_holds_every_requirement() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let steps = steps(&commands(&home, &demo));
    let report = run(uwq::telephony(softphone(demo.uwq), &steps, &terms())).unwrap();
    holds_all(&report);
    conversations::is_on_its_page(&report);
}

#[test]
fn the_command_reports_as_text_json_and_junit() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let (to, junit) = (demo.uwq.to_string(), home.path().join("junit.xml"));
    let run = |more: &[&str]| {
        let arguments = ["conform", "uwq", "--end", "telephony", "--silence", "100ms", "--to", &to];
        home.run(&[&arguments, more].concat())
    };
    let output = run(&["--junit", junit.to_str().unwrap()]);
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{printed}{}", text(&output.stderr));
    assert!(printed.contains("held         UWQ-T-01  uwq.md \u{a7}4.1, documented"), "{printed}");
    assert!(printed.contains("needs the step ring: give --do ring=COMMAND, or --ask"), "{printed}");
    assert_eq!(printed.lines().find(|line| line.chars().count() > 80), None);
    let xml = fs::read_to_string(junit).unwrap();
    assert!(xml.contains("<testsuite name=\"uwq telephony\"") && xml.contains("<skipped"), "{xml}");
    let output = run(&["--json", "--password", "top-secret", "--basis", "documented"]);
    assert_eq!((output.status.code(), text(&output.stderr).starts_with("error: ")), (Some(0), false));
    let output = run(&["--json", "--password", "top-secret"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("deviates from"), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["dialect"], &report["end"]), (&json!("uwq"), &json!("telephony")));
    let done = report["outcomes"].as_array().unwrap().iter().find(|one| one["id"] == "UWQ-T-02").unwrap();
    assert_eq!((&done["verdict"], &done["section"]), (&json!("deviates"), &json!("4.3")));
    assert!(done["came"].as_str().unwrap().contains("LoginFailed: "), "{done}");
    assert!(!text(&output.stdout).contains("top-secret"));
}

pub(crate) const FLOOR: &str = r#"
country = "US"

[[queues]]
id = "7700"
name = "support"

[[agents]]
id = "1001"
name = "Ada"
switch = "softphone"
queues = ["7700"]
acd_id = "7001"
password = "demo"
"#;

/// A node with a desk that sends its callouts to this port.
pub(crate) fn uwq_desk(home: &Home, callouts: u16) -> Node {
    let (http, events) = (free_port(), free_port());
    fs::write(home.path().join("floor.toml"), FLOOR).unwrap();
    let config = format!(
        "[floor]\nfile = \"floor.toml\"\n[[uwq.desk]]\nid = \"softphone\"\n\
         url = \"http://127.0.0.1:{callouts}\"\nlistener = \"127.0.0.1:{events}\"\nstatus_period = \"5s\"\n\
         [[uwq.desk.agents]]\nacd_id = \"7001\"\npassword = \"demo\"\nqueue = \"7700\"\n"
    );
    home.serve(http, &config)
}

/// What the agent does at a desk.
fn at_desk(at: SocketAddr, agent: &'static str, switch: &'static str, verb: Value) -> Action {
    Action::new(move || {
        let desk = Desk::new(at, agent);
        desk.until_switch(switch, true);
        desk.command(&verb);
        Ok(())
    })
}

pub(crate) fn uwq_desk_steps(at: SocketAddr) -> Steps {
    let verb = |verb: Value| at_desk(at, "1001", "softphone", verb);
    Steps::default()
        .with(Step::SignIn, verb(json!({ "verb": "sign-in" })))
        .with(Step::Ready, verb(json!({ "verb": "ready" })))
        .with(Step::NotReady, verb(json!({ "verb": "not-ready" })))
        .with(Step::Dial, verb(json!({ "verb": "dial", "to": "+14155550123" })))
        .with(Step::SignOut, verb(json!({ "verb": "sign-out" })))
}

/// An EBS whose callouts come to this port.
pub(crate) fn ebs(callouts: u16) -> uwq::Ebs {
    let status_period = Duration::from_secs(5);
    uwq::Ebs { listen: loopback(callouts), status_period, agent: agent("1001", "7001") }
}

#[test]
fn the_uwq_desk_end_holds_every_requirement() {
    let (home, callouts) = (Home::new(), free_port());
    let node = uwq_desk(&home, callouts);
    holds_all(&run(uwq::desk(ebs(callouts), &uwq_desk_steps(node.http), &terms())).unwrap());
}

/// A floor with one agent at a switch.
fn floor(switch: &str) -> String {
    FLOOR.replace("\"softphone\"", &format!("{switch:?}")).replace("1001", "1101").replace("7001", "7101")
        + ACCOUNTS
}

const ACCOUNTS: &str = "\n[[reasons]]\ncode = \"lunch\"\nname = \"Lunch\"\n\n[[accounts]]\nname = \"integration\"\nrole = \"integration\"\npassword = \"demo\"\n";

/// The agent of the floor at a CTI client.
pub(crate) fn harmony_agent() -> harmony::Agent {
    let [processor, extension, id, password, number] =
        ["DEMO", "1101", "7101", "demo", "+14155550100"].map(str::to_owned);
    harmony::Agent { processor, extension, id, password, number }
}

/// A node with phones whose CTI client connects to this port.
pub(crate) fn harmony_phones(home: &Home, bridge: u16) -> Node {
    fs::write(home.path().join("floor.toml"), floor("simulated")).unwrap();
    let config = format!(
        "[floor]\nfile = \"floor.toml\"\n[simulated]\noutside_answers_after = \"100ms\"\n\
         [[harmony.telephony]]\nprocessor = \"DEMO\"\nserver = \"127.0.0.1:{bridge}\"\n"
    );
    home.serve(free_port(), &config)
}

/// A customer's call at a node with phones.
pub(crate) fn harmony_ring(at: SocketAddr) -> Steps {
    let ring = move || {
        let call = json!({ "from": "+14155550199", "to": "7700", "data": { "AccountCode": "A-1" } });
        Desk::new(at, "integration").request("POST", "/api/v1/simulated/calls", &call);
        Ok(())
    };
    Steps::default().with(Step::Ring, Action::new(ring))
}

#[test]
fn the_harmony_telephony_end_holds_every_requirement() {
    let (home, bridge) = (Home::new(), free_port());
    let node = harmony_phones(&home, bridge);
    let steps = harmony_ring(node.http);
    let client = harmony::Client { listen: loopback(bridge), agent: harmony_agent() };
    let report = run(harmony::telephony(client, &steps, &terms())).unwrap();
    holds_all(&report);
    conversations::is_on_its_page(&report);
}

/// A node with a desk that is the bridge at this port.
pub(crate) fn harmony_desk(home: &Home, bridge: u16) -> Node {
    fs::write(home.path().join("floor.toml"), floor("harmony")).unwrap();
    home.serve(free_port(), &format!(
        "[floor]\nfile = \"floor.toml\"\n[[harmony.desk]]\nid = \"harmony\"\nlisten = \"127.0.0.1:{bridge}\"\n\
         agents = [{{ acd_id = \"7101\", password = \"demo\" }}]\n"
    ))
}

pub(crate) fn harmony_desk_steps(at: SocketAddr) -> Steps {
    let steps = [
        (Step::SignIn, json!({ "verb": "sign-in" })),
        (Step::Ready, json!({ "verb": "ready" })),
        (Step::NotReady, json!({ "verb": "not-ready", "reason": "lunch" })),
        (Step::Answer, json!({ "verb": "answer" })),
        (Step::HangUp, json!({ "verb": "hang-up" })),
        (Step::Dial, json!({ "verb": "dial", "to": "+14155550123" })),
        (Step::SignOut, json!({ "verb": "sign-out" })),
    ];
    let add = |steps: Steps, (step, verb)| steps.with(step, at_desk(at, "1101", "harmony", verb));
    steps.into_iter().fold(Steps::default(), add)
}

#[test]
fn the_harmony_desk_end_holds_every_requirement() {
    let (home, bridge) = (Home::new(), free_port());
    let node = harmony_desk(&home, bridge);
    let tested = harmony::Bridge { to: format!("127.0.0.1:{bridge}"), agent: harmony_agent() };
    holds_all(&run(harmony::desk(tested, &harmony_desk_steps(node.http), &terms())));
}

/// IDs are unique, and each section exists on the dialect's page.
#[test]
fn every_requirement_has_an_id_and_a_section() {
    let mut ids = BTreeSet::new();
    for suite in SUITES {
        let page = format!("{}/../../docs/protocols/{}.md", env!("CARGO_MANIFEST_DIR"), suite.dialect);
        let page = fs::read_to_string(page).unwrap();
        let is_section = |line: &str, number: &str| {
            let title = line.trim_start_matches('#');
            line.starts_with('#')
                && title
                    .trim_start()
                    .trim_end_matches('.')
                    .split(' ')
                    .next()
                    .is_some_and(|word| word.trim_end_matches('.') == number)
        };
        for one in suite.requirements {
            assert!(ids.insert(one.id), "{} is there twice", one.id);
            assert!(page.lines().any(|line| is_section(line, one.section)), "{}: {}", one.id, one.section);
        }
    }
}
