//! What `check` says.

use std::{fs, path::Path};

use settings::{Problem, Problems};

use super::{Config, example};
use crate::DIALECTS;

fn read(
    name: &str,
    text: &str,
    folder: &Path,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Problems> {
    super::read(DIALECTS, name, text, folder, variables)
}

fn with(text: &str, variables: &[(&str, &str)]) -> Result<Config, Problems> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    read("cordboard.toml", text, Path::new("/srv"), variables)
}

fn problems(text: &str, variables: &[(&str, &str)]) -> String {
    with(text, variables).unwrap_err().to_string()
}

#[test]
fn nothing_is_a_good_configuration() {
    let config = with("", &[]).unwrap();
    assert_eq!(config.node.http.listen.socket(), "127.0.0.1:8080".parse().unwrap());
    assert_eq!(config.node.store.path, Path::new("/srv/data"));
}

#[test]
fn a_wrong_key_is_told_with_its_line_and_the_nearest_right_one() {
    insta::assert_snapshot!(problems("[http]\nlistne = \"127.0.0.1:8080\"\n\n[strore]\npath = \"x\"\n", &[]), @r#"
    cordboard.toml:2: http.listne: there is no such key; did you mean "listen"?
    cordboard.toml:4: strore: there is no such key; did you mean "store"?
    "#);
}

#[test]
fn a_key_that_resembles_none_is_told_with_all_there_are() {
    insta::assert_snapshot!(problems("[store]\nzzz = 1\n", &[]), @r"cordboard.toml:2: store.zzz: there is no such key; there are path");
}

#[test]
fn everything_wrong_is_told_at_once() {
    let text = "\
http.listen = \"127.0.0.1:70000\"
http.origins = [\"https://crm.example.com/\", 7]
http.connections_max = -1
http.request_timeout = \"soon\"
store = \"data\"
[log]
format = \"xml\"
level = 3
";
    insta::assert_snapshot!(problems(text, &[]), @r#"
    cordboard.toml:1: http.listen: "127.0.0.1:70000" is no IP address with a port from 0 to 65535; write it like "127.0.0.1:8080" or "[::1]:8080"
    cordboard.toml:2: http.origins: "https://crm.example.com/" is no origin; write scheme and host in small letters and nothing after, such as "https://crm.example.com"
    cordboard.toml:3: http.connections_max: invalid value: integer `-1`, expected usize
    cordboard.toml:4: http.request_timeout: "soon" is no span of time; write a whole number and a unit, such as 250ms, 30s, 5m, 8h or 7d
    cordboard.toml:5: store: is a section: [store]
    cordboard.toml:7: log.format: unknown variant `xml`, expected `text` or `json`
    cordboard.toml:8: log.level: invalid type: integer `3`, expected a string
    "#);
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line() {
    insta::assert_snapshot!(problems("[http]\nlisten = 127.0.0.1\n", &[]), @"cordboard.toml:2: invalid float, expected nothing");
}

#[test]
fn the_environment_goes_before_the_file() {
    let variables = [
        ("CORDBOARD_HTTP__LISTEN", "127.0.0.1:9000"),
        ("CORDBOARD_HTTP__CONNECTIONS_MAX", "7"),
        ("CORDBOARD_HTTP__ORIGINS", "[\"https://crm.example.com\"]"),
        ("CORDBOARD_URL", "http://127.0.0.1:9000"),
        ("HOME", "/home/ann"),
    ];
    let config = with("[http]\nlisten = \"127.0.0.1:8000\"\n", &variables).unwrap();
    assert_eq!(config.node.http.listen.socket().port(), 9000);
    assert_eq!(config.node.http.connections_max, 7);
    assert_eq!(config.node.http.origins[0].as_str(), "https://crm.example.com");
}

#[test]
fn a_wrong_variable_is_told_by_its_name() {
    let variables = [("CORDBOARD_HTTP__LISTNE", "x"), ("CORDBOARD_LOG__FORMAT", "xml")];
    insta::assert_snapshot!(problems("", &variables), @r#"
    CORDBOARD_HTTP__LISTNE: http.listne: there is no such key; did you mean "listen"?
    CORDBOARD_LOG__FORMAT: log.format: unknown variant `xml`, expected `text` or `json`
    "#);
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    fs::write(&file, "s3cret\n").unwrap();
    let desk = "[[uwq.desk]]\nid = \"softphone\"\n[[uwq.desk.agents]]\nacd_id = \"7001\"\n";
    let variable = ("CORDBOARD_UWQ__DESK__0__AGENTS__0__PASSWORD_FILE", file.to_str().unwrap());
    let config = with(desk, &[variable]).unwrap();
    assert_eq!(config.ends[0].path, "uwq.desk.0");
    insta::assert_snapshot!(problems(desk, &[]), @"cordboard.toml:3: uwq.desk.0.agents.0.password: must be given, or password_file");
}

#[test]
fn what_cannot_go_together_is_told() {
    let text = "\
[simulated]
[uwq.telephony]
listen = \"0.0.0.0:8080\"
mapping = [{ from = \"Ani\", to = \"occtANI\" }]
[[uwq.desk]]
id = \"simulated\"
url = \"http://softphone:3107/path\"
";
    insta::assert_snapshot!(problems(text, &[]), @r#"
    cordboard.toml:3: uwq.telephony.listen: 0.0.0.0:8080 is taken by http.listen; give it another port
    cordboard.toml:4: uwq.telephony.mapping: the mapping sends Ani as occtANI, which only EBS or Cordboard itself may set; choose another name
    cordboard.toml:6: uwq.desk.0.id: "simulated" is the name of simulated.id; give it another
    cordboard.toml:7: uwq.desk.0.url: url "http://softphone:3107/path" is not of the form http://host:port
    "#);
}

#[test]
fn an_agent_on_a_switch_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let floor = "[[agents]]\nid = \"1001\"\nname = \"Ann\"\nswitch = \"simulatd\"\n";
    fs::write(folder.path().join("floor.toml"), floor).unwrap();
    let text = "floor.file = \"floor.toml\"\nsimulated = {}\n";
    let problems = read("cordboard.toml", text, folder.path(), []).unwrap_err().to_string();
    insta::assert_snapshot!(problems, @r#"cordboard.toml:1: floor.file: agent 1001 is on the switch "simulatd", which is not configured; did you mean "simulated"?"#);
}

#[test]
fn a_wrong_log_level_is_told() {
    insta::assert_snapshot!(problems("[log]\nlevel = \"loud=very\"\n", &[]), @r#"cordboard.toml:2: log.level: "loud=very" is no log level: error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5"#);
}

#[test]
fn the_problems_of_the_floor_file_are_told_as_well() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("floor.toml"), "[[queues]]\nid = \"7700\"\n").unwrap();
    let text = "[floor]\nfile = \"floor.toml\"\n";
    let problems = read("cordboard.toml", text, folder.path(), []).unwrap_err().to_string();
    let problems = problems.replace(&folder.path().display().to_string(), "FOLDER");
    insta::assert_snapshot!(problems, @r#"cordboard.toml:2: floor.file: FOLDER/floor.toml:1: queues.0.name: must be given, such as name = "support""#);
}

#[test]
fn a_bridge_that_believes_any_machine_is_told() {
    let bridge = |more: &str| format!("[[harmony.desk]]\nid = \"bridge\"\nlisten = \"0.0.0.0:7850\"\n{more}");
    insta::assert_snapshot!(problems(&bridge(""), &[]), @"cordboard.toml:3: harmony.desk.0.listen: other machines reach 0.0.0.0:7850, and clients get the agents' passwords; give tls_certificate, tls_key and tls_client_ca so that clients show certificates, or list in allow from where they may connect, or listen on 127.0.0.1");
    let tls = "tls_certificate = \"a.pem\"\ntls_key = \"a.key\"\n";
    assert!(
        problems(&bridge(tls), &[]).contains("tls_client_ca"),
        "a server certificate does not authenticate clients"
    );
    with(&bridge(&format!("{tls}tls_client_ca = \"clients.pem\"\n")), &[]).unwrap();
    with(&bridge("allow = [\"10.1.2.3\", \"2001:db8::/32\"]\n"), &[]).unwrap();
    with(&bridge("").replace("0.0.0.0", "127.0.0.1"), &[]).unwrap();
    insta::assert_snapshot!(problems(&bridge("allow = [\"10.1\"]\n"), &[]), @r#"cordboard.toml:4: harmony.desk.0.allow: "10.1" is no IP address and no network; write it like "10.1.2.3" or "10.1.0.0/16""#);
}

#[test]
fn a_max_without_an_origin_is_told() {
    insta::assert_snapshot!(problems("[max.desk]\nid = \"max\"\norigins = []\n", &[]), @"cordboard.toml:1: max.desk: origins is empty, so all messages would be ignored; list the origins of MAX");
}

const COMMITTED: &str = include_str!("../../../../cordboard.example.toml");

#[test]
fn the_committed_example_is_the_generated_one() {
    let hint = "run `cargo run -p cordboard -- config example > cordboard.example.toml`";
    assert_eq!(COMMITTED, example(DIALECTS), "{hint}");
}

/// Takes the single # away from what is no sentence.
fn uncommented() -> String {
    let lines = example(DIALECTS);
    let lines = lines
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_key_of_the_example_is_known() {
    let problems = match read("example", &uncommented(), Path::new("/nowhere"), []) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.list,
    };
    let wrong: Vec<_> = problems.iter().filter(|problem| !problem.key.ends_with("file")).collect();
    assert_eq!(wrong, Vec::<&Problem>::new());
}

#[test]
fn the_example_shows_the_defaults() {
    let bare = read("bare", "", Path::new(""), []).unwrap();
    let as_it_is = read("example", &example(DIALECTS), Path::new(""), []).unwrap();
    assert_eq!(bare.node, as_it_is.node);
    assert!(bare.ends.is_empty() && as_it_is.ends.is_empty());
}
