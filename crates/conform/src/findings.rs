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
pub(crate) struct Findings {
    suite: Suite,
    target: String,
    secrets: Vec<String>,
    verdicts: BTreeMap<&'static str, Verdict>,
    transcript: Transcript,
    shows: Option<Shows>,
}

/// Shows a verdict while the run is in progress: the ID of the requirement, and held, deviates or not reached.
type Shows = Box<dyn Fn(&str, &str) + Send + Sync>;

impl Findings {
    /// No verdicts yet. The secrets never appear in the report.
    pub(crate) fn new(suite: Suite, target: &str, secrets: &[&str]) -> Self {
        let secrets = secrets.iter().flat_map(|secret| forms(secret)).collect();
        let (target, verdicts) = (target.to_owned(), BTreeMap::new());
        Self { suite, target, secrets, verdicts, transcript: Transcript::default(), shows: None }
    }

    /// Sets what shows each verdict.
    pub(crate) fn shown_by(&mut self, shows: impl Fn(&str, &str) + Send + Sync + 'static) {
        self.shows = Some(Box::new(shows));
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
        if !matches!(self.verdicts.get(of.id), Some(Verdict::Held | Verdict::Deviates { .. })) {
            self.sets(of, Verdict::Held);
        }
    }

    /// A check that failed.
    pub(crate) fn deviates(&mut self, of: &'static Requirement, expected: &str, came: &str) {
        if !matches!(self.verdicts.get(of.id), Some(Verdict::Deviates { .. })) {
            self.sets(of, Verdict::Deviates { expected: expected.to_owned(), came: came.to_owned() });
        }
    }

    /// Requirements that cannot be checked, with the reason.
    pub(crate) fn not_reached(&mut self, of: &[&'static Requirement], why: &str) {
        for requirement in of {
            if !self.verdicts.contains_key(requirement.id) {
                self.sets(requirement, Verdict::NotReached { why: why.to_owned() });
            }
        }
    }

    fn sets(&mut self, of: &'static Requirement, verdict: Verdict) {
        if let Some(shows) = &self.shows {
            shows(of.id, verdict.name());
        }
        self.verdicts.insert(of.id, verdict);
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
