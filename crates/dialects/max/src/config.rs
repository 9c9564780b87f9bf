//! The settings of the dialect.

use compact_str::CompactString;
use model::SwitchId;
use session::dialect::{
    Context, Declaration, Dialect, End, Finding, PageRelay,
    calls::{Limit, Step},
    made,
};
use settings::{Origin, section};

use crate::{DeskSession, Error, TelephonySession};

/// The description of the dialect.
pub const DIALECT: Dialect = Dialect {
    name: "max",
    product: "NICE MAX",
    docs: "max.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::once::<TelephonyConfig>(
            "telephony",
            &[
                "Cordboard is MAX. Pages of the floor that were written for MAX get its events and use its buttons.",
            ],
        )
        .desk("MAX page", &DESK_LIMITS),
        Declaration::once::<DeskConfig>(
            "desk",
            &[
                "A real MAX is a switch on the floor. A page from Cordboard, embedded in it, reports its agent and calls and presses its buttons.",
            ],
        )
        .phones("NICE MAX", &PHONES_LIMITS),
    ],
};

/// The steps for which MAX has no button that a page can press (max.md §2.5).
const WITHOUT_BUTTON: &[Step] =
    &[Step::Dial, Step::BlindTransfer, Step::Consult, Step::WarmTransfer, Step::Conference];

/// What a page cannot request.
const DESK_LIMITS: [Limit; 1] = [Limit {
    steps: WITHOUT_BUTTON,
    why: "MAX has no button for this that a page can press. The agent does this in Cordboard's desktop, which shows the page.",
}];

/// What MAX cannot be asked for.
const PHONES_LIMITS: [Limit; 1] = [Limit {
    steps: WITHOUT_BUTTON,
    why: "MAX has no button for this that a page can press. The agent does this in MAX.",
}];

section! {
    /// The telephony end: Cordboard is MAX, and pages written for it are the peers.
    pub TelephonyConfig {
        /// The issuer in messages to pages: "MAX". Pages written for CXone Agent expect "CXA".
        // Source: max.md §5.
        issuer: CompactString = default("MAX".into()),
        /// The server name in every event.
        // `IISHost` and `VCHost`; our choice (max.md §6.1).
        host: CompactString = default("cordboard".into()),
        /// The business unit in the agent's session.
        // `BusNo` (max.md §7.1); our choice: there is one.
        business_unit: CompactString = default("1".into()),
    }
}

section! {
    /// The desk end: the peer is a real MAX.
    pub DeskConfig {
        /// The ID of MAX as a switch on the floor. Agents with phones there open Cordboard's page in their MAX.
        id: SwitchId = required("\"max\""),
        /// The origins of MAX. Messages from other origins are ignored.
        origins: Vec<Origin> = required("[\"https://max.niceincontact.com\"]"),
        /// The accepted issuers of messages: "MAX". CXone Agent uses "CXA".
        // Source: max.md §5.
        issuers: Vec<CompactString> = default(vec!["MAX".into()]),
        /// The issuer in messages to MAX.
        // Our choice (max.md §2.1).
        issuer: CompactString = default("Cordboard".into()),
    }
}

impl End for TelephonyConfig {
    type Session = TelephonySession;

    fn binding(&self) -> PageRelay {
        PageRelay { name: "max", origins: Vec::new() }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        Ok(TelephonySession::new(self.clone(), context.instance))
    }

    fn summary(&self) -> String {
        format!("issuer {}", self.issuer)
    }
}

impl End for DeskConfig {
    type Session = DeskSession;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> PageRelay {
        let origins = self.origins.iter().map(|origin| origin.as_str().to_owned()).collect();
        PageRelay { name: "max-desk", origins }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", DeskSession::new(self.clone(), self.id.clone(), context.instance))
    }

    fn summary(&self) -> String {
        let origins: Vec<_> = self.origins.iter().map(Origin::as_str).collect();
        format!("{} at {}", self.id, origins.join(", "))
    }
}

impl DeskConfig {
    /// Checks that messages of some peer can be accepted.
    pub(crate) fn check_peer(&self) -> Result<(), Error> {
        if self.issuers.is_empty() {
            return Err(Error::NoIssuers);
        }
        if self.origins.is_empty() { Err(Error::NoOrigins) } else { Ok(()) }
    }
}
