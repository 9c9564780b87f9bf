//! The report as text.

use std::fmt::Write;

use super::{Outcome, Report, Verdict};

/// The width of a line. Columns.
const WIDTH: usize = 80;

/// Where the sentences begin. Columns.
const INDENT: usize = 13;

pub(super) fn write(report: &Report) -> String {
    let [held, deviates, not_reached] = report.counts();
    let (dialect, end) = (report.dialect, report.end.name());
    let mut text = format!("{dialect}, {end} end at {}\n\n", report.target);
    for outcome in &report.outcomes {
        one(&mut text, outcome, dialect);
    }
    let _ = write!(text, "\n{held} held, {deviates} deviate, {not_reached} not reached");
    text
}

fn one(text: &mut String, outcome: &Outcome, dialect: &str) {
    let name = outcome.verdict.name();
    let word = match outcome.verdict {
        Verdict::Deviates { .. } => name.to_uppercase(),
        Verdict::Held | Verdict::NotReached { .. } => name.to_owned(),
    };
    let requirement = outcome.requirement;
    let (citation, basis) = (outcome.citation(dialect), requirement.basis.name());
    let _ = writeln!(text, "{word:<INDENT$}{}  {citation}, {basis}", requirement.id);
    paragraph(text, requirement.text, 0);
    match &outcome.verdict {
        Verdict::Held => {}
        Verdict::Deviates { expected, came } => {
            labeled(text, "expected", expected);
            labeled(text, "came", came);
        }
        Verdict::NotReached { why } => labeled(text, "because", why),
    }
}

/// A label with its text below it, line by line.
fn labeled(text: &mut String, label: &str, content: &str) {
    let _ = writeln!(text, "{:INDENT$}{label}:", "");
    content.lines().for_each(|line| paragraph(text, line, 2));
}

/// A paragraph in lines of limited width. A word that is longer than a line is cut into several.
fn paragraph(text: &mut String, content: &str, extra: usize) {
    let (indent, mut line) = (INDENT + extra, String::new());
    let width = WIDTH - indent;
    let mut flush = |line: &mut String| {
        if !line.is_empty() {
            let _ = writeln!(text, "{:indent$}{line}", "");
            line.clear();
        }
    };
    for word in content.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            flush(&mut line);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for one in word.chars() {
            if line.chars().count() == width {
                flush(&mut line);
            }
            line.push(one);
        }
    }
    flush(&mut line);
}
