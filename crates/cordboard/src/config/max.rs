//! NICE MAX, both ends.

use compact_str::CompactString;
use max::{DeskConfig, TelephonyConfig};
use model::SwitchId;

use settings::{Origin, section};

section! {
    /// NICE MAX and its messages by window.postMessage.
    pub(crate) Max {
        /// We are MAX: pages of the floor's that were written for it are told of calls and press its buttons.
        telephony: Telephony = part(),
        /// A real MAX is a switch of ours: a page of ours that stands in it tells of its agent and calls, and presses its buttons.
        desk: Desk = part(),
    }
}

section! {
    /// We are MAX.
    pub(crate) Telephony {
        /// Who we say to be: "MAX"; pages written for CXone Agent expect "CXA".
        issuer: CompactString = default(TelephonyConfig::default().issuer),
        /// The name of a server that every event carries.
        host: CompactString = default(TelephonyConfig::default().host),
        /// The business unit that the agent's session is said to be of.
        business_unit: CompactString = default(TelephonyConfig::default().business_unit),
    }
}

section! {
    /// A real MAX is our peer.
    pub(crate) Desk {
        /// Its name on the floor, as a switch: agents whose phones are there open our page in their MAX.
        id: SwitchId = required("\"max\""),
        /// Origins at which MAX is: nobody else around our page is heard.
        origins: Vec<Origin> = required("[\"https://max.niceincontact.com\"]"),
        /// Who it says to be: "MAX"; CXone Agent says "CXA".
        issuers: Vec<CompactString> = default(DeskConfig::default().issuers),
        /// Who our page says to be.
        issuer: CompactString = default(DeskConfig::default().issuer),
    }
}

impl Max {
    /// Where the MAX is in which a page of ours stands.
    pub(crate) fn origins(&self) -> Vec<String> {
        let origins = self.desk.iter().flat_map(|desk| &desk.origins);
        origins.map(|origin| origin.as_str().to_owned()).collect()
    }
}

impl Telephony {
    /// As the session takes it.
    pub(crate) fn session(&self) -> TelephonyConfig {
        let Self { issuer, host, business_unit } = self.clone();
        TelephonyConfig { issuer, host, business_unit }
    }
}

impl Desk {
    /// As the session takes it.
    pub(crate) fn session(&self) -> DeskConfig {
        let origins = self.origins.iter().map(|origin| origin.as_str().into()).collect();
        DeskConfig { issuers: self.issuers.clone(), origins, issuer: self.issuer.clone() }
    }
}
