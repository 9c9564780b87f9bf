//! The CRM Connector, both ends.

use compact_str::CompactString;
use crm_connector::DeskConfig;
use model::{SwitchId, WebAddress};

use settings::section;

section! {
    /// The CRM Connector: a softphone in a frame of a CRM's page.
    pub(crate) CrmConnector {
        /// We are the connector: pages of the floor's crm_origins may show /connector/ of http.listen in a frame.
        telephony: Telephony = part(),
        /// We are the CRM page: somebody else's connector is a switch of ours.
        desk: Desk = part(),
    }
}

section! {
    /// We are the connector.
    pub(crate) Telephony {
        /// How many pages may be open at once.
        pages_max: usize = default(16_384),
    }
}

section! {
    /// We are the CRM page, at /connector-desk/ of http.listen.
    pub(crate) Desk {
        /// The connector's name on the floor, as a switch.
        id: SwitchId = required("\"connector\""),
        /// Where the connector is, as the frame shows it.
        url: CompactString = required("\"https://workspaces.example.com/sfdc-workspaces/?tenantId=ABCDEF\""),
        /// What the connector is told the CRM is called.
        name: CompactString = default("Cordboard".into()),
    }
}

impl CrmConnector {
    /// The origin of the connector that a page of ours hosts.
    pub(crate) fn hosted(&self) -> Option<String> {
        let desk = self.desk.as_ref()?;
        WebAddress::new(&desk.url).ok().map(|url| url.origin())
    }
}

impl Desk {
    /// As the session takes it.
    pub(crate) fn session(&self) -> DeskConfig {
        DeskConfig { url: self.url.clone(), name: self.name.clone() }
    }
}
