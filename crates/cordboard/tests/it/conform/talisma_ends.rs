//! Both ends of Talisma hold every requirement.

use std::{collections::BTreeSet, net::SocketAddr};

use conform::{Action, Report, Step, Steps, Verdict, talisma};
use serde_json::json;

use super::{
    FLOOR, conversations, deviations, holds_all, loopback, run,
    support::{Desk, Home, Node, free_port},
    terms,
};

const CUSTOMER: &str = "+14155550199";

pub(crate) fn parties(user: i32) -> talisma::Parties {
    talisma::Parties { account: "integration".to_owned(), password: "demo".to_owned(), user }
}

/// A node with phones that posts its calls to this port.
pub(crate) fn phones(home: &Home, server: u16, more: &str) -> Node {
    let floor = FLOOR.replace("switch = \"softphone\"", "switch = \"simulated\"\npeer_ids.talisma = \"2\"")
        + "\n[[accounts]]\nname = \"integration\"\nrole = \"integration\"\npassword = \"demo\"\n";
    std::fs::write(home.path().join("floor.toml"), floor).unwrap();
    let config = format!(
        "[floor]\nfile = \"floor.toml\"\n[simulated]\n[talisma.telephony]\n\
         url = \"http://127.0.0.1:{server}{}\"\nuser = \"integration\"\npassword = \"demo\"\n{more}",
        talisma::PATH
    );
    let node = home.serve(free_port(), &config);
    let desk = Desk::new(node.http, "1001");
    desk.command(&json!({ "verb": "sign-in" }));
    desk.command(&json!({ "verb": "ready" }));
    node
}

/// The steps at the node, with at most this many calls.
pub(crate) fn calls(at: SocketAddr, calls_max: usize) -> Steps {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let ring = move || {
        if count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= calls_max {
            return Err("no further calls".to_owned());
        }
        Desk::new(at, "1001").until_agent(|agent| agent["state"] == "ready");
        let call = json!({ "from": CUSTOMER, "to": "7700", "data": {} });
        Desk::new(at, "integration").request("POST", "/api/v1/simulated/calls", &call);
        Ok(())
    };
    let does = |verb: &'static str, state: &'static str| {
        Action::new(move || {
            let desk = Desk::new(at, "1001");
            desk.until(|one| one["primary"]["state"] == state);
            desk.command(&json!({ "verb": verb }));
            Ok(())
        })
    };
    Steps::default()
        .with(Step::Ring, Action::new(ring))
        .with(Step::Answer, does("answer", "alerting"))
        .with(Step::HangUp, does("hang-up", "talking"))
}

/// Tests the node that posts to this port.
pub(crate) fn tested(listen: SocketAddr) -> talisma::Client {
    talisma::Client {
        listen,
        parties: parties(2),
        namespaces: talisma::Namespaces::default(),
        customer: Some(CUSTOMER.to_owned()),
    }
}

#[test]
fn the_talisma_telephony_end_holds_every_requirement() {
    let reports = ["", "soap = \"1.2\"\nauth = \"basic\"\n"].map(|more| {
        let (home, server) = (Home::new(), free_port());
        let node = phones(&home, server, more);
        run(talisma::telephony(tested(loopback(server)), &calls(node.http, 99), &terms())).unwrap()
    });
    let held = |report: &Report| -> BTreeSet<&str> {
        let held = report.outcomes.iter().filter(|one| one.verdict == Verdict::Held);
        held.map(|one| one.requirement.id).collect()
    };
    for report in &reports {
        assert_eq!(deviations(report), BTreeSet::new(), "{}", report.text());
    }
    // Each version of SOAP has requirements of its own, and so has each way to sign in.
    let all: BTreeSet<&str> = reports.iter().flat_map(held).collect();
    assert_eq!(
        all.len(),
        talisma::TELEPHONY.requirements.len(),
        "{}{}",
        reports[0].text(),
        reports[1].text()
    );
}

/// A notification server with this user, whose agent signs in as a step.
pub(crate) fn server(to: SocketAddr, user: i32) -> talisma::Server {
    talisma::Server {
        to: format!("http://{to}{}", talisma::PATH),
        parties: parties(user),
        namespaces: talisma::Namespaces::default(),
        contact: 57,
    }
}

/// The agent's signing in at a demo.
pub(crate) fn signs_in(at: SocketAddr, agent: &'static str) -> Steps {
    let sign_in = move || {
        Desk::new(at, agent).command(&json!({ "verb": "sign-in" }));
        Ok(())
    };
    Steps::default().with(Step::SignIn, Action::new(sign_in))
}

#[test]
fn the_talisma_desk_end_holds_every_requirement() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let steps = signs_in(demo.http, "1001");
    let report = run(talisma::desk(server(demo.http, 2), &steps, &terms()));
    holds_all(&report);
    conversations::is_on_its_page(&report);
}
