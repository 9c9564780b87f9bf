//! The report of a run: as text, JSON or JUnit.

mod junit;
mod text;

use serde::{Serialize, Serializer};

use crate::{Basis, End, Requirement};

/// What a run found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The dialect.
    pub dialect: &'static str,
    /// The end that was tested.
    pub end: End,
    /// The address of the tested end.
    pub target: String,
    /// Every requirement with its verdict.
    pub outcomes: Vec<Outcome>,
    /// The messages in their order, as text: `>` is a message of the run, `<` one of the tested end, followed by a line with the
    /// requirements that it was checked against.
    #[serde(skip)]
    pub transcript: String,
}

/// A requirement and whether it is held.
#[derive(Debug)]
pub struct Outcome {
    /// The requirement.
    pub requirement: &'static Requirement,
    /// Whether it is held.
    pub verdict: Verdict,
}

/// Whether a requirement is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// Every check held.
    Held,
    /// A check failed.
    Deviates {
        /// What the requirement demands in this place.
        expected: String,
        /// What came: bytes without secrets, or a sentence.
        came: String,
    },
    /// The requirement was not checked.
    NotReached {
        /// Why not.
        why: String,
    },
}

impl Verdict {
    /// Its name in reports.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Deviates { .. } => "deviates",
            Self::NotReached { .. } => "not reached",
        }
    }
}

impl Report {
    /// Leaves out requirements with a weaker basis.
    #[must_use]
    pub fn at_least(mut self, basis: Basis) -> Self {
        self.outcomes.retain(|outcome| outcome.requirement.basis <= basis);
        self
    }

    /// Whether the tested end deviates from a requirement.
    pub fn deviates(&self) -> bool {
        self.deviations().next().is_some()
    }

    /// The requirements from which the tested end deviates.
    pub fn deviations(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|outcome| matches!(outcome.verdict, Verdict::Deviates { .. }))
    }

    /// How many requirements are held, deviate, and were not reached.
    pub fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for outcome in &self.outcomes {
            let place = match outcome.verdict {
                Verdict::Held => 0,
                Verdict::Deviates { .. } => 1,
                Verdict::NotReached { .. } => 2,
            };
            counts[place] += 1;
        }
        counts
    }

    /// The report for people, at most 80 columns wide.
    pub fn text(&self) -> String {
        text::write(self)
    }

    /// The report for continuous integration, as an XML document of JUnit.
    pub fn junit(&self) -> String {
        junit::write(self)
    }
}

impl Outcome {
    /// The page and the section of the requirement.
    fn citation(&self, dialect: &str) -> String {
        format!("{dialect}.md \u{a7}{}", self.requirement.section)
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'a> {
            id: &'a str,
            section: &'a str,
            basis: Basis,
            text: &'a str,
            #[serde(flatten)]
            verdict: &'a Verdict,
        }
        let Requirement { id, section, basis, text } = self.requirement;
        Flat { id, section, basis: *basis, text, verdict: &self.verdict }.serialize(serializer)
    }
}
