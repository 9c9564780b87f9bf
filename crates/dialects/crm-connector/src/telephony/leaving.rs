//! Leaving the page signs the agent out, where the configuration wants that.

use model::Verb;
use session::Page;

use super::Telephony;
use crate::{ID_PREFIX, wire::limits::LEAVE_AFTER};

impl Telephony {
    /// A page is gone. A CRM that shows another page of its own loads the connector anew, so the agent is given a while.
    pub(super) fn closed(&mut self, page: Page) {
        let Some(booth) = self.booths.remove(&page) else { return };
        let stays = self.booths.values().any(|other| other.agent == booth.agent);
        if booth.is_active() && booth.crm.settings.softphone.signs_out && !stays && !self.closing {
            self.leaving.insert(booth.agent, (self.out.now() + LEAVE_AFTER, booth.by));
        }
    }

    /// Signs out who did not come back.
    pub(super) fn leave_due(&mut self) {
        let now = self.out.now();
        for (agent, (_, by)) in self.leaving.extract_if(.., |_, (at, _)| *at <= now) {
            let id = self.out.command_id(ID_PREFIX, self.instance);
            self.out.command(id, by, agent, None, Verb::SignOut { reason: None });
        }
    }
}
