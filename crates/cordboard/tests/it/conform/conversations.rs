//! The conversations on the protocols' pages are those of the runs.

use std::{env, fs};

use conform::Report;

/// How the heading of the section ends.
const HEADING: &str = "Conversation with the conformance run";

/// The fewest digits that make a word different in each run: times, IDs, ports.
const DIGITS_MIN: usize = 4;

/// Checks that the messages on the dialect's page came in this order, each with its requirements. With `CONVERSATIONS=FOLDER` the whole
/// conversation is written to a file there.
pub(crate) fn is_on_its_page(report: &Report) {
    if let Ok(folder) = env::var("CONVERSATIONS") {
        fs::write(format!("{folder}/{}.txt", report.dialect), &report.transcript).unwrap();
    }
    let page = format!("{}/../../docs/protocols/{}.md", env!("CARGO_MANIFEST_DIR"), report.dialect);
    let page = fs::read_to_string(page).unwrap();
    let (_, section) = page.split_once(HEADING).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let printed: String = section.split("```").skip(1).step_by(2).map(|block| &block[4..]).collect();
    assert!(messages(&printed).len() > 10, "{printed}");
    let all = messages(&report.transcript);
    let mut rest = all.iter();
    for message in messages(&printed) {
        let found = rest.any(|one| *one == message);
        assert!(found, "not in this place of the run: {message}\n{}", report.transcript);
    }
}

/// The messages of a conversation, each with its requirements, without what differs in each run.
fn messages(text: &str) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match messages.last_mut() {
            Some(last) if line.starts_with("  ") => last.push_str(line),
            Some(_) | None => messages.push(stable(line)),
        }
    }
    messages
}

/// Replaces what has many digits, and Talisma's session, which is a position in the journal.
fn stable(line: &str) -> String {
    let mut parts = line.split("\"SessionId\":");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.trim_start_matches(|one: char| one.is_ascii_digit()));
    without_long_numbers(&rest.fold(first, |line, part| line + "\"SessionId\":#" + part))
}

fn without_long_numbers(line: &str) -> String {
    let is_part = |one: char| one.is_ascii_hexdigit() || "-:.TZ".contains(one);
    let (mut stable, mut part) = (String::new(), String::new());
    for one in line.chars().chain(['\n']) {
        if is_part(one) {
            part.push(one);
            continue;
        }
        let digits = part.chars().filter(char::is_ascii_digit).count();
        stable.push_str(if digits < DIGITS_MIN { &part } else { "#" });
        part.clear();
        stable.push(one);
    }
    stable
}

#[test]
fn what_differs_in_each_run_is_not_compared() {
    assert_eq!(stable("> GET /?port=41234&agentID=7001"), stable("> GET /?port=50000&agentID=7002"));
    assert_ne!(stable("< 200 OK"), stable("< 404 Not Found"));
    assert_eq!(stable(r#"< {"SessionId":17,"ScriptId":-1}"#), stable(r#"< {"SessionId":9,"ScriptId":-1}"#));
    assert_eq!(messages("> a\n< b\n  X-1\n").len(), 2);
}
