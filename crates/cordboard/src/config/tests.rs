//! Tests of the configuration and its checks.

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
fn an_empty_configuration_is_valid() {
    let config = with("", &[]).unwrap();
    assert_eq!(config.node.http.listen.socket(), "127.0.0.1:8080".parse().unwrap());
    assert_eq!(config.node.store.path, Path::new("/srv/data"));
}

#[test]
fn an_unknown_key_is_reported_with_its_line_and_a_suggestion() {
    insta::assert_snapshot!(problems("[http]\nlistne = \"127.0.0.1:8080\"\n\n[strore]\npath = \"x\"\n", &[]), @r#"
    cordboard.toml:2: http.listne: unknown key; did you mean "listen"?
    cordboard.toml:4: strore: unknown key; did you mean "store"?
    "#);
}

#[test]
fn for_a_key_that_is_similar_to_none_all_keys_are_listed() {
    insta::assert_snapshot!(problems("[store]\nzzz = 1\n", &[]), @r#"cordboard.toml:2: store.zzz: unknown key; expected one of "path", "low_bytes""#);
}

#[test]
fn all_problems_are_reported_together() {
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
    cordboard.toml:1: http.listen: "127.0.0.1:70000" is not an address; expected an IP address and a port, such as "127.0.0.1:8080" or "[::1]:8080"
    cordboard.toml:2: http.origins: "https://crm.example.com/" is not an origin; expected scheme and host in lower case and nothing after them, such as "https://crm.example.com"
    cordboard.toml:3: http.connections_max: invalid value: integer `-1`, expected a whole number of 0 or more
    cordboard.toml:4: http.request_timeout: "soon" is not a time; expected a whole number and a unit, such as 250ms, 30s, 5m, 8h or 7d
    cordboard.toml:5: store: is a section; expected [store]
    cordboard.toml:7: log.format: "xml" is not valid; expected "text" or "json"
    cordboard.toml:8: log.level: invalid type: integer `3`, expected a string
    "#);
}

#[test]
fn a_file_that_is_not_toml_is_reported_with_its_line() {
    insta::assert_snapshot!(problems("[http]\nlisten = 127.0.0.1\n", &[]), @"cordboard.toml:2: invalid float, expected nothing");
}

#[test]
fn environment_variables_override_the_file() {
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
fn a_wrong_variable_is_reported_by_its_name() {
    let variables = [("CORDBOARD_HTTP__LISTNE", "x"), ("CORDBOARD_LOG__FORMAT", "xml")];
    insta::assert_snapshot!(problems("", &variables), @r#"
    CORDBOARD_HTTP__LISTNE: http.listne: unknown key; did you mean "listen"?
    CORDBOARD_LOG__FORMAT: log.format: "xml" is not valid; expected "text" or "json"
    "#);
}

#[test]
fn a_secret_can_be_in_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    fs::write(&file, "s3cret\n").unwrap();
    let desk = "[[uwq.desk]]\nid = \"softphone\"\n[[uwq.desk.agents]]\nacd_id = \"7001\"\n";
    let variable = ("CORDBOARD_UWQ__DESK__0__AGENTS__0__PASSWORD_FILE", file.to_str().unwrap());
    let config = with(desk, &[variable]).unwrap();
    assert_eq!(config.ends[0].path, "uwq.desk.0");
    insta::assert_snapshot!(problems(desk, &[]), @"cordboard.toml:3: uwq.desk.0.agents.0.password: is required; give password or password_file");
}

#[test]
fn contradictions_are_reported() {
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
    cordboard.toml:3: uwq.telephony.listen: 0.0.0.0:8080 is already used by http.listen; choose another port
    cordboard.toml:4: uwq.telephony.mapping: the mapping sends Ani as occtANI, which only EBS or Cordboard itself may set; choose another name
    cordboard.toml:6: uwq.desk.0.id: "simulated" is already used by simulated.id; choose another ID
    cordboard.toml:7: uwq.desk.0.url: url "http://softphone:3107/path" is not of the form http://host:port or https://host:port
    "#);
}

#[test]
fn incomplete_tls_settings_are_reported() {
    let text = "\
[uwq.telephony]
tls_certificate = \"a.pem\"
[[uwq.desk]]
id = \"softphone\"
url = \"https://softphone:3107\"
tls_client_ca = \"ca.pem\"
[[ari]]
id = \"asterisk\"
password = \"x\"
tls_certificate = \"a.pem\"
tls_key = \"a.key\"
";
    insta::assert_snapshot!(problems(text, &[]), @r#"
    cordboard.toml:1: uwq.telephony: tls_certificate and tls_key must be set together
    cordboard.toml:3: uwq.desk.0: tls_client_ca has no effect without tls_certificate; set both or neither
    cordboard.toml:5: uwq.desk.0.url: an https address needs tls_ca
    cordboard.toml:7: ari.0: tls_certificate has no effect without tls_ca; set both or neither
    "#);
}

#[test]
fn an_agent_on_an_unknown_switch_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let floor = "[[agents]]\nid = \"1001\"\nname = \"Ann\"\nswitch = \"simulatd\"\n";
    fs::write(folder.path().join("floor.toml"), floor).unwrap();
    let text = "floor.file = \"floor.toml\"\nsimulated = {}\n";
    let problems = read("cordboard.toml", text, folder.path(), []).unwrap_err().to_string();
    insta::assert_snapshot!(problems, @r#"cordboard.toml:1: floor.file: agent 1001 is on switch "simulatd", which is not configured; did you mean "simulated"?"#);
}

#[test]
fn an_invalid_log_level_is_reported() {
    insta::assert_snapshot!(problems("[log]\nlevel = \"loud=very\"\n", &[]), @r#"cordboard.toml:2: log.level: "loud=very" is not a log level: error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5"#);
}

#[test]
fn problems_of_the_floor_file_are_reported_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("floor.toml"), "[[queues]]\nid = \"7700\"\n").unwrap();
    let text = "[floor]\nfile = \"floor.toml\"\n";
    let problems = read("cordboard.toml", text, folder.path(), []).unwrap_err().to_string();
    let problems = problems.replace(&folder.path().display().to_string(), "FOLDER");
    insta::assert_snapshot!(problems, @r#"cordboard.toml:2: floor.file: FOLDER/floor.toml:1: queues.0.name: is required, for example name = "support""#);
}

#[test]
fn a_bridge_that_accepts_any_machine_is_reported() {
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
    insta::assert_snapshot!(problems(&bridge("allow = [\"10.1\"]\n"), &[]), @r#"cordboard.toml:4: harmony.desk.0.allow: "10.1" is not an IP address or a network; expected a value such as "10.1.2.3" or "10.1.0.0/16""#);
}

#[test]
fn a_max_without_an_origin_is_reported() {
    insta::assert_snapshot!(problems("[max.desk]\nid = \"max\"\norigins = []\n", &[]), @"cordboard.toml:1: max.desk: origins is empty, so all messages would be ignored; list the origins of MAX");
}

const COMMITTED: &str = include_str!("../../../../cordboard.example.toml");

#[test]
fn the_committed_example_is_the_generated_one() {
    let hint = "run `cargo run -p cordboard -- config example > cordboard.example.toml`";
    assert_eq!(COMMITTED, example(DIALECTS), "{hint}");
}

/// The example without its comment marks. Lines with a space after the # are explanations.
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
