//! Both ends of Harmony in two nodes, over TCP and over TLS: actions at the desk of one node appear at the phones of the other.

use crate::support;

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
};

use rcgen::generate_simple_self_signed;
use serde_json::{Value, json};
use support::{Demo, Desk, Home, Node, free_port};

const CUSTOMER: &str = "+14155550199";
/// A number outside that answers immediately.
const FRIEND: &str = "+14155550100";

const FLOOR: &str = r#"
country = "US"

[[queues]]
id = "7700"
name = "support"

[[reasons]]
code = "lunch"
name = "Lunch"

[[agents]]
id = "1101"
name = "Uma Vance"
switch = "simulated"
queues = ["7700"]
acd_id = "7101"
password = "demo"

[[accounts]]
name = "integration"
role = "integration"
password = "demo"
"#;

/// One agent at two nodes: the bridge has her desk, the other node has her phone.
struct Ends {
    desk: Desk,
    phone: Desk,
    switch: Desk,
}

impl Ends {
    fn new(bridge: &Demo<'_>, phones: &Node) -> Self {
        let ends = Self {
            desk: Desk::new(bridge.http, "1101"),
            phone: Desk::new(phones.http, "1101"),
            switch: Desk::new(phones.http, "integration"),
        };
        ends.desk.until_switch("harmony", true);
        ends
    }

    fn command(&self, verb: &Value) {
        self.desk.command(verb);
    }

    fn call(&self) {
        let call = json!({ "from": CUSTOMER, "to": "7700", "data": { "AccountCode": "A-1" } });
        self.switch.request("POST", "/api/v1/simulated/calls", &call);
        self.are("alerting", "");
    }

    /// Starts a call and waits for the answer.
    fn talk(&self) {
        self.call();
        self.command(&json!({ "verb": "answer" }));
        self.are("talking", "");
    }

    /// Starts a call, and a consultation after the answer.
    fn consult(&self) {
        self.talk();
        self.command(&json!({ "verb": "consult", "to": FRIEND }));
        self.are("held", "talking");
    }

    /// Waits until the legs have these states at both ends. An empty word means that there is no leg.
    fn are(&self, primary: &str, consult: &str) {
        for end in [&self.desk, &self.phone] {
            let leg = |one: &Value, leg: &str| one[leg]["state"].as_str().unwrap_or_default().to_owned();
            end.until(|one| leg(one, "primary") == primary && leg(one, "consult") == consult);
        }
    }

    /// Waits until the agent has this state at both ends.
    fn is(&self, state: &str, reason: Option<&str>) {
        for end in [&self.desk, &self.phone] {
            end.until_agent(|agent| agent["state"] == state && agent["reason"].as_str() == reason);
        }
    }

    fn does_everything(&self) {
        self.command(&json!({ "verb": "sign-in" }));
        self.command(&json!({ "verb": "ready" }));
        self.is("ready", None);
        self.takes_a_call_with_data_and_tones();
        self.dials();
        self.consults();
        self.sends_on();
        self.refuses_and_rests();
    }

    fn takes_a_call_with_data_and_tones(&self) {
        self.talk();
        assert_eq!(self.desk.until(Value::is_object)["data"]["AccountCode"], "A-1");
        self.command(&json!({ "verb": "set-data", "set": { "Name": "Ada" } }));
        self.phone.until(|one| one["data"]["Name"] == "Ada");
        self.phone.command(&json!({ "verb": "set-data", "set": { "Name": "Grace" } }));
        self.desk.until(|one| one["data"]["Name"] == "Grace");
        self.command(&json!({ "verb": "send-digits", "digits": "12#" }));
        self.command(&json!({ "verb": "hang-up" }));
        self.are("", "");
    }

    fn dials(&self) {
        self.command(&json!({ "verb": "dial", "to": FRIEND }));
        self.are("talking", "");
        self.command(&json!({ "verb": "hang-up" }));
        self.are("", "");
    }

    fn consults(&self) {
        self.consult();
        self.command(&json!({ "verb": "complete-transfer" }));
        self.are("", "");
        self.consult();
        self.command(&json!({ "verb": "merge" }));
        self.are("talking", "");
        self.command(&json!({ "verb": "hang-up" }));
        self.are("", "");
        self.consult();
        self.command(&json!({ "verb": "alternate" }));
        self.are("talking", "held");
        self.command(&json!({ "verb": "alternate" }));
        self.are("held", "talking");
        self.command(&json!({ "verb": "cancel-consult" }));
        self.are("talking", "");
        self.command(&json!({ "verb": "hang-up" }));
        self.are("", "");
    }

    fn sends_on(&self) {
        self.talk();
        self.command(&json!({ "verb": "transfer", "to": FRIEND }));
        self.are("", "");
    }

    fn refuses_and_rests(&self) {
        self.call();
        self.command(&json!({ "verb": "reject" }));
        self.are("", "");
        self.phone.until_agent(|agent| agent["reason"] == "rejected");
        self.desk.until_agent(|agent| agent["state"] == "not-ready");
        self.command(&json!({ "verb": "ready" }));
        // The rejected call waits in the queue and is offered again.
        self.are("alerting", "");
        self.command(&json!({ "verb": "answer" }));
        self.are("talking", "");
        self.command(&json!({ "verb": "hang-up" }));
        self.are("", "");
        self.command(&json!({ "verb": "not-ready", "reason": "lunch" }));
        self.is("not-ready", Some("lunch"));
        self.command(&json!({ "verb": "sign-out" }));
        self.is("signed-out", None);
    }
}

/// A node with phones that is the client of a bridge.
fn phones(home: &Home, server: &str, tls: &str) -> Node {
    fs::write(home.path().join("floor.toml"), FLOOR).unwrap();
    home.serve(
        free_port(),
        &format!(
            "[floor]\nfile = \"floor.toml\"\n[simulated]\noutside_answers_after = \"100ms\"\n\
         [[harmony.telephony]]\nprocessor = \"DEMO\"\nserver = \"{server}\"\n{tls}"
        ),
    )
}

/// Two files: a self-signed certificate of a bridge at `localhost`, and its key.
fn certificate(home: &Home) -> (String, String) {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let write = |name: &str, pem: String| {
        let file = home.path().join(name);
        fs::write(&file, pem).unwrap();
        file.to_str().unwrap().to_owned()
    };
    (write("chain.pem", made.cert.pem()), write("key.pem", made.signing_key.serialize_pem()))
}

#[test]
fn both_ends_do_everything_over_tcp() {
    let (bridge_home, phones_home) = (Home::new(), Home::new());
    let bridge = bridge_home.demo((0, 0));
    let phones = phones(&phones_home, &bridge.harmony.to_string(), "");
    Ends::new(&bridge, &phones).does_everything();
}

#[test]
fn both_ends_do_everything_over_tls() {
    let (bridge_home, phones_home) = (Home::new(), Home::new());
    let (certificate, key) = certificate(&bridge_home);
    let bridge = bridge_home.demo_with(
        (0, 0),
        &[
            ("CORDBOARD_HARMONY__DESK__0__TLS_CERTIFICATE", certificate.as_str()),
            ("CORDBOARD_HARMONY__DESK__0__TLS_KEY", key.as_str()),
        ],
    );
    let server = format!("localhost:{}", bridge.harmony.port());
    let phones = phones(&phones_home, &server, &format!("tls_ca = {certificate:?}\n"));
    Ends::new(&bridge, &phones).does_everything();
}

#[test]
fn a_person_at_the_terminal_speaks_tls_and_the_words_of_the_other_end() {
    let (bridge_home, person_home) = (Home::new(), Home::new());
    let (certificate, key) = certificate(&bridge_home);
    let (http, port) = (free_port(), free_port());
    fs::write(bridge_home.path().join("floor.toml"), FLOOR.replace("simulated", "harmony")).unwrap();
    let bridge = bridge_home.serve(http, &format!(
        "[floor]\nfile = \"floor.toml\"\n[[harmony.desk]]\nid = \"harmony\"\nlisten = \"127.0.0.1:{port}\"\n\
         tls_certificate = {certificate:?}\ntls_key = {key:?}\nagents = [{{ acd_id = \"7101\", password = \"demo\" }}]\n\
         words = [{{ slot = \"channel.request.activate\", text = \"channel.request.login\" }}]\n"
    ));
    let server = format!("localhost:{port}");
    let mut person = person_home.program();
    person.args(["peer", "harmony", "--end", "telephony", "--to", &server, "--tls-ca", &certificate]);
    person.args(["--word", "channel.request.activate=channel.request.login"]);
    let mut person = person.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let output = person.stdout.take().unwrap();
    let desk = Desk::new(bridge.http, "1101");
    desk.until_switch("harmony", true);
    desk.command(&json!({ "verb": "sign-in" }));
    desk.command(&json!({ "verb": "ready" }));
    desk.until_agent(|agent| agent["state"] == "ready");
    // The client reports this only for an agent who is logged in there. Others are shown as signed out.
    assert!(BufReader::new(output).lines().any(|line| line.unwrap().contains("channel.ready")));
    desk.until_agent(|agent| agent["state"] == "ready");
    person.kill().unwrap();
    person.wait().unwrap();
}
