//! The settings of the dialect.

use compact_str::CompactString;
use model::{SwitchId, WebAddress};
use session::dialect::{
    Context, Declaration, Dialect, End, Finding, PageRelay,
    calls::{Limit, Step},
    made,
};
use settings::section;

use crate::{DeskSession, TelephonySession};

/// The description of the dialect.
pub const DIALECT: Dialect = Dialect {
    name: "crm_connector",
    product: "CRM Connector",
    docs: "crm-connector.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::once::<TelephonyConfig>(
            "telephony",
            &[
                "Cordboard is the connector. CRM pages with an origin in the floor's crm_origins may show /connector/ of http.listen in a frame.",
            ],
        )
        .desk("CRM page", &DESK_LIMITS),
        Declaration::once::<DeskConfig>(
            "desk",
            &["Cordboard is the CRM page. A third-party connector is a switch on the floor."],
        )
        .phones("Avaya connector", &PHONES_LIMITS),
    ],
};

/// What a CRM page cannot request from a connector: it can only report clicks on numbers (crm-connector.md §4.4).
const DESK_LIMITS: [Limit; 1] = [Limit {
    steps: &[
        Step::Answer,
        Step::Hold,
        Step::BlindTransfer,
        Step::WarmTransfer,
        Step::Conference,
        Step::HangUp,
    ],
    why: "A CRM page can only report clicks on numbers. The agent does this in the connector, which is a page of Cordboard in a frame of the CRM page.",
}];

/// What a connector cannot be asked for. A click during a call starts a consultation only if the connector is configured for it.
const PHONES_LIMITS: [Limit; 2] = [
    Limit {
        steps: &[Step::Data],
        why: "The connector sends the data when the call is answered, after the desk has shown the call.",
    },
    Limit {
        steps: &[
            Step::Answer,
            Step::Hold,
            Step::BlindTransfer,
            Step::Consult,
            Step::WarmTransfer,
            Step::Conference,
            Step::HangUp,
        ],
        why: "A connector accepts clicks on numbers and nothing else. The agent does this in the connector.",
    },
];

section! {
    /// The telephony end: Cordboard is the connector in CRM pages.
    pub TelephonyConfig {
        /// The most connector pages that may be open.
        pages_max: usize = default(16_384),
        /// Whether the prefixes in the DialingOptions of CRM pages are dialed. If not, a clicked number is dialed as
        /// +14155550100: it gets no outside prefix, and a national one gets dialCountryCode.
        dial_prefixes: bool = default(false),
    }
}

section! {
    /// The desk end: Cordboard is the CRM page, at /connector-desk/ of http.listen.
    pub DeskConfig {
        /// The ID of the connector as a switch on the floor.
        id: SwitchId = required("\"connector\""),
        /// The address of the connector, which the page shows in a frame.
        url: CompactString = required("\"https://workspaces.example.com/sfdc-workspaces/?tenantId=ABCDEF\""),
        /// The name of the CRM that is sent to the connector.
        name: CompactString = default("Cordboard".into()),
        /// Names of call data that the connector sends with a record (customParam1 to customParam10). Up to 10.
        custom_params: Vec<CompactString> = default(Vec::new()),
        /// Whether an agent who signs in to the connector is also signed in at Cordboard.
        sign_in: bool = default(true),
    }
}

impl End for TelephonyConfig {
    type Session = TelephonySession;

    fn binding(&self) -> PageRelay {
        PageRelay { name: "connector", origins: Vec::new() }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        Ok(TelephonySession::new(context.instance, self.pages_max).with_dial_prefixes(self.dial_prefixes))
    }

    fn summary(&self) -> String {
        "the softphone at /connector/, in frames of pages at the floor's crm_origins".to_owned()
    }
}

impl End for DeskConfig {
    type Session = DeskSession;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> PageRelay {
        let origins = WebAddress::new(&self.url).iter().map(WebAddress::origin).collect();
        PageRelay { name: "connector-desk", origins }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("url", DeskSession::new(self.clone(), self.id.clone(), context.instance))
    }

    fn summary(&self) -> String {
        format!("connector {} at {}", self.id, self.url)
    }
}
