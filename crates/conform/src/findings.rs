//! What a script finds, requirement by requirement.

use std::collections::BTreeMap;

use crate::{
    Requirement, Suite,
    bytes::{forms, show},
    report::{Outcome, Report, Verdict},
    transcript::Transcript,
};

/// The verdicts of a run that is in progress.
///
/// A requirement can be checked several times. It deviates when one of the checks fails, and the first failure is reported.
#[derive(Debug)]
pub(crate) struct Findings {
    suite: Suite,
    target: String,
    secrets: Vec<String>,
    verdicts: BTreeMap<&'static str, Verdict>,
    transcript: Transcript,
}

impl Findings {
    /// No verdicts yet. The secrets never appear in the report.
    pub(crate) fn new(suite: Suite, target: &str, secrets: &[&str]) -> Self {
        let secrets = secrets.iter().flat_map(|secret| forms(secret)).collect();
        let (target, verdicts) = (target.to_owned(), BTreeMap::new());
        Self { suite, target, secrets, verdicts, transcript: Transcript::default() }
    }

    /// Adds a message of the run to the transcript.
    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        self.transcript.sent(bytes);
    }

    /// Checks a requirement against the bytes that came. Returns whether they hold it.
    pub(crate) fn check(
        &mut self,
        of: &'static Requirement,
        holds: bool,
        expected: &str,
        came: &[u8],
    ) -> bool {
        self.transcript.checked(came, of.id);
        if holds {
            self.held(of);
        } else {
            let came = show(came, &self.secrets);
            self.deviates(of, expected, &came);
        }
        holds
    }

    /// A check that held.
    pub(crate) fn held(&mut self, of: &'static Requirement) {
        let verdict = self.verdicts.entry(of.id).or_insert(Verdict::Held);
        if matches!(verdict, Verdict::NotReached { .. }) {
            *verdict = Verdict::Held;
        }
    }

    /// A check that failed.
    pub(crate) fn deviates(&mut self, of: &'static Requirement, expected: &str, came: &str) {
        let deviates = Verdict::Deviates { expected: expected.to_owned(), came: came.to_owned() };
        let verdict = self.verdicts.entry(of.id).or_insert_with(|| deviates.clone());
        if !matches!(verdict, Verdict::Deviates { .. }) {
            *verdict = deviates;
        }
    }

    /// Requirements that cannot be checked, with the reason.
    pub(crate) fn not_reached(&mut self, of: &[&'static Requirement], why: &str) {
        for requirement in of {
            let why = why.to_owned();
            self.verdicts.entry(requirement.id).or_insert(Verdict::NotReached { why });
        }
    }

    /// The report. Requirements without a verdict were not reached.
    pub(crate) fn report(mut self) -> Report {
        let outcome = |requirement: &&'static Requirement| {
            let unreached = || Verdict::NotReached { why: "the run did not come to it".to_owned() };
            let verdict = self.verdicts.remove(requirement.id).unwrap_or_else(unreached);
            Outcome { requirement, verdict }
        };
        let outcomes = self.suite.requirements.iter().map(outcome).collect();
        let transcript = self.transcript.write(&self.secrets);
        Report { dialect: self.suite.dialect, end: self.suite.end, target: self.target, outcomes, transcript }
    }
}
