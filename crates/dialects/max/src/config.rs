//! What can be configured.

use compact_str::CompactString;
use model::SwitchId;
use session::dialect::{Context, Declaration, Dialect, End, Finding, PageRelay, made};
use settings::{Origin, section};

use crate::{Desk, Error, Telephony};

/// The dialect as programs configure and run it.
pub const DIALECT: Dialect = Dialect {
    name: "max",
    product: "NICE MAX",
    docs: "max.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::once::<TelephonyConfig>(
            "telephony",
            &[
                "We are MAX: pages of the floor's that were written for it are told of calls and press its buttons.",
            ],
        ),
        Declaration::once::<DeskConfig>(
            "desk",
            &[
                "A real MAX is a switch on the floor. A page from Cordboard, embedded in it, reports its agent and calls and presses its buttons.",
            ],
        ),
    ],
};

section! {
    /// The telephony end: pages written for MAX are our peers.
    pub TelephonyConfig {
        /// Who we say to be: "MAX"; pages written for CXone Agent expect "CXA".
        // Source: max.md §5.
        issuer: CompactString = default("MAX".into()),
        /// The name of a server that every event carries.
        // `IISHost` and `VCHost`; ours (max.md §6.1).
        host: CompactString = default("cordboard".into()),
        /// The business unit that the agent's session is said to be of.
        // `BusNo` (max.md §7.1); ours: there is one.
        business_unit: CompactString = default("1".into()),
    }
}

section! {
    /// The desk end: a real MAX is the peer.
    pub DeskConfig {
        /// Its name on the floor, as a switch: agents whose phones are there open our page in their MAX.
        id: SwitchId = required("\"max\""),
        /// Origins at which MAX is: nobody else around our page is heard.
        origins: Vec<Origin> = required("[\"https://max.niceincontact.com\"]"),
        /// Who it says to be: "MAX"; CXone Agent says "CXA".
        // Source: max.md §5.
        issuers: Vec<CompactString> = default(vec!["MAX".into()]),
        /// Who our page says to be.
        // Ours (max.md §2.1).
        issuer: CompactString = default("Cordboard".into()),
    }
}

impl End for TelephonyConfig {
    type Session = Telephony;

    fn binding(&self) -> PageRelay {
        PageRelay { name: "max", origins: Vec::new() }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        Ok(Telephony::new(self.clone(), context.instance))
    }

    fn summary(&self) -> String {
        format!("says to be {}", self.issuer)
    }
}

impl End for DeskConfig {
    type Session = Desk;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> PageRelay {
        let origins = self.origins.iter().map(|origin| origin.as_str().to_owned()).collect();
        PageRelay { name: "max-desk", origins }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", Desk::new(self.clone(), self.id.clone(), context.instance))
    }

    fn summary(&self) -> String {
        let origins: Vec<_> = self.origins.iter().map(Origin::as_str).collect();
        format!("{} at {}", self.id, origins.join(", "))
    }
}

impl DeskConfig {
    /// Checks that somebody could be the peer.
    pub(crate) fn check_peer(&self) -> Result<(), Error> {
        if self.issuers.is_empty() {
            return Err(Error::NoIssuers);
        }
        if self.origins.is_empty() { Err(Error::NoOrigins) } else { Ok(()) }
    }
}
