//! The report as an XML document of JUnit.

use std::fmt::Write;

use quick_xml::escape::escape;

use super::{Outcome, Report, Verdict};

pub(super) fn write(report: &Report) -> String {
    let [_, deviates, not_reached] = report.counts();
    let name = format!("{} {}", report.dialect, report.end.name());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuite name=\"{name}\" tests=\"{}\" failures=\"{deviates}\" skipped=\"{not_reached}\">",
        report.outcomes.len()
    );
    report.outcomes.iter().for_each(|outcome| case(&mut xml, outcome, &name, report.dialect));
    xml.push_str("</testsuite>\n");
    xml
}

fn case(xml: &mut String, outcome: &Outcome, suite: &str, dialect: &str) {
    let requirement = outcome.requirement;
    let title = format!("{} {} ({})", requirement.id, requirement.text, outcome.citation(dialect));
    let _ = write!(xml, "  <testcase classname=\"{suite}\" name=\"{}\"", escape(&title));
    let inner = match &outcome.verdict {
        Verdict::Held => None,
        Verdict::Deviates { expected, came } => Some(format!(
            "<failure message=\"{}\">{}</failure>",
            escape(format!("expected: {expected}")),
            escape(format!("came: {came}"))
        )),
        Verdict::NotReached { why } => Some(format!("<skipped message=\"{}\"/>", escape(why))),
    };
    let _ = match inner {
        None => writeln!(xml, "/>"),
        Some(inner) => writeln!(xml, ">{inner}</testcase>"),
    };
}
