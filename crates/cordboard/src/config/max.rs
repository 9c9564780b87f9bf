//! NICE MAX, both ends.

use compact_str::CompactString;
use max::TelephonyConfig;

use crate::file::section::section;

section! {
    /// NICE MAX and its messages by window.postMessage.
    Max {
        /// We are MAX: pages of the floor's that were written for it are told of calls and press its buttons.
        telephony: Telephony = part(),
    }
}

section! {
    /// We are MAX.
    Telephony {
        /// Who we say to be: "MAX"; pages written for CXone Agent expect "CXA".
        issuer: CompactString = default(TelephonyConfig::default().issuer),
        /// The name of a server that every event carries.
        host: CompactString = default(TelephonyConfig::default().host),
        /// The business unit that the agent's session is said to be of.
        business_unit: CompactString = default(TelephonyConfig::default().business_unit),
    }
}

impl Telephony {
    /// As the session takes it.
    pub(crate) fn session(&self) -> TelephonyConfig {
        let Self { issuer, host, business_unit } = self.clone();
        TelephonyConfig { issuer, host, business_unit }
    }
}
