//! What can be configured.

use compact_str::CompactString;
use model::{SwitchId, WebAddress};
use session::dialect::{Context, Declaration, Dialect, End, Finding, PageRelay, made};
use settings::section;

use crate::{Desk, Telephony};

/// The dialect as programs configure and run it.
pub const DIALECT: Dialect = Dialect {
    name: "crm_connector",
    product: "CRM Connector",
    docs: "crm-connector.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::once::<TelephonyConfig>(
            "telephony",
            &[
                "We are the connector: pages of the floor's crm_origins may show /connector/ of http.listen in a frame.",
            ],
        ),
        Declaration::once::<DeskConfig>(
            "desk",
            &["Cordboard is the CRM page. A third-party connector is a switch on the floor."],
        ),
    ],
};

section! {
    /// The telephony end: we are the connector in pages of CRMs.
    pub TelephonyConfig {
        /// How many pages may be open at once.
        pages_max: usize = default(16_384),
    }
}

section! {
    /// The desk end: we are the CRM page, at /connector-desk/ of http.listen.
    pub DeskConfig {
        /// The connector's name on the floor, as a switch.
        id: SwitchId = required("\"connector\""),
        /// Where the connector is, as the frame shows it.
        url: CompactString = required("\"https://workspaces.example.com/sfdc-workspaces/?tenantId=ABCDEF\""),
        /// What the connector is told the CRM is called.
        name: CompactString = default("Cordboard".into()),
    }
}

impl End for TelephonyConfig {
    type Session = Telephony;

    fn binding(&self) -> PageRelay {
        PageRelay { name: "connector", origins: Vec::new() }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        Ok(Telephony::new(context.instance, self.pages_max))
    }

    fn summary(&self) -> String {
        "the softphone at /connector/, in frames of the floor's crm_origins".to_owned()
    }
}

impl End for DeskConfig {
    type Session = Desk;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> PageRelay {
        let origins = WebAddress::new(&self.url).iter().map(WebAddress::origin).collect();
        PageRelay { name: "connector-desk", origins }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("url", Desk::new(self.clone(), self.id.clone(), context.instance))
    }

    fn summary(&self) -> String {
        format!("the connector {} at {}", self.id, self.url)
    }
}
