//! What a page requires.

use serde::Serialize;

/// One requirement that can be observed from outside.
#[derive(Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The ID. It never changes its meaning.
    pub id: &'static str,
    /// The section of the dialect's page.
    pub section: &'static str,
    /// Where the requirement comes from.
    pub basis: Basis,
    /// What an implementation does.
    pub text: &'static str,
}

/// Where a requirement comes from. The order is from the strongest to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A published description says it.
    Documented,
    /// It follows from a published description.
    Inferred,
    /// No source says it: Cordboard's choice.
    Choice,
}

impl Basis {
    /// The name in the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Inferred => "inferred",
            Self::Choice => "choice",
        }
    }
}

/// Declares the requirements of one end, each with a constant, and the list of all.
macro_rules! requirements {
    ($($name:ident = $id:literal, $section:literal, $basis:ident, $text:literal;)+) => {
        $(pub(super) const $name: &$crate::Requirement = &$crate::Requirement {
            id: $id, section: $section, basis: $crate::Basis::$basis, text: $text,
        };)+
        /// All requirements of this end.
        pub(crate) const ALL: &[&$crate::Requirement] = &[$($name),+];
    };
}

pub(crate) use requirements;
