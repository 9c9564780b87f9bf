//! Signs the agent out after the page was closed, if the configuration says so.

use model::Verb;
use session::Page;

use super::TelephonySession;
use crate::{ID_PREFIX, wire::limits::LEAVE_AFTER};

impl TelephonySession {
    /// A page was closed. Navigation in the CRM reloads the connector, so the agent has some time to come back.
    pub(super) fn closed(&mut self, page: Page) {
        let Some(connector_page) = self.pages.remove(&page) else { return };
        let stays = self.pages.values().any(|other| other.agent == connector_page.agent);
        if connector_page.is_active()
            && connector_page.crm.settings.softphone.signs_out
            && !stays
            && !self.closing
        {
            self.leaving.insert(connector_page.agent, (self.out.now() + LEAVE_AFTER, connector_page.by));
        }
    }

    /// Signs out the agents who did not come back in time.
    pub(super) fn leave_due(&mut self) {
        let now = self.out.now();
        for (agent, (_, by)) in self.leaving.extract_if(.., |_, (at, _)| *at <= now) {
            let id = self.out.command_id(ID_PREFIX, self.instance);
            self.out.command(id, by, agent, None, Verb::SignOut { reason: None });
        }
    }
}
