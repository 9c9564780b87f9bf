//! What the CRM knows and we ask for: its directory, and what its custom fields are (crm-connector.md §4.3, §4.10).

use session::Page;

use super::{Telephony, words::ToOurs};
use crate::wire::{
    ConnectorMessage, CustomFields, Directory,
    limits::{DIRECTORY_WITHIN, FIELDS_WITHIN},
};

impl Telephony {
    /// The address book was opened. Each time the CRM is asked anew.
    pub(super) fn ask_directory(&mut self, page: Page) {
        let until = self.out.now() + DIRECTORY_WITHIN;
        let Some(booth) = self.booths.get_mut(&page).filter(|booth| booth.is_active()) else { return };
        if !booth.crm.has_directory {
            return self.tell(page, &ToOurs::Directory { answered: false, entries: &[] });
        }
        booth.directory_until = Some(until);
        self.post(page, &ConnectorMessage::RequestGetCrmDirectory);
    }

    /// The directory came; one that was not asked for is passed over.
    pub(super) fn directory(&mut self, page: Page, directory: &Directory) {
        let asked = self.booths.get_mut(&page).is_some_and(|booth| booth.directory_until.take().is_some());
        if asked {
            self.tell(page, &ToOurs::Directory { answered: true, entries: &directory.0 });
        }
    }

    /// Asks what the configured fields are, where there are any.
    pub(super) fn ask_fields(&mut self, page: Page) {
        let until = self.out.now() + FIELDS_WITHIN;
        let Some(booth) = self.booths.get_mut(&page) else { return };
        let log = &booth.crm.settings.log;
        let (voice, digital) = (log.voice_fields.clone(), log.digital_fields.clone());
        if !log.enabled || voice.is_empty() && digital.is_empty() {
            return;
        }
        booth.fields_until = Some(until);
        self.post(page, &ConnectorMessage::RequestCustomFieldsValues { voice, digital });
    }

    /// The fields came, or what came cannot be read: then there are none.
    pub(super) fn fields(&mut self, page: Page, fields: Option<&CustomFields>) {
        let asked = self.booths.get_mut(&page).is_some_and(|booth| booth.fields_until.take().is_some());
        if asked {
            self.tell(page, &ToOurs::Fields(fields.unwrap_or(&CustomFields::default())));
        }
    }

    /// The CRM's page of reports is to be shown.
    pub(super) fn reports(&mut self, page: Page) {
        let booth = self.booths.get(&page).filter(|booth| booth.is_active());
        if booth.is_some_and(|booth| booth.crm.settings.softphone.reports) {
            self.post(page, &ConnectorMessage::RequestOpenReports);
        }
    }

    /// Nobody answered in time.
    pub(super) fn asks_due(&mut self, page: Page) {
        let now = self.out.now();
        let Some(booth) = self.booths.get_mut(&page) else { return };
        if booth.directory_until.take_if(|until| *until <= now).is_some() {
            self.tell(page, &ToOurs::Directory { answered: false, entries: &[] });
        }
        let Some(booth) = self.booths.get_mut(&page) else { return };
        if booth.fields_until.take_if(|until| *until <= now).is_some() {
            self.tell(page, &ToOurs::Fields(&CustomFields::default()));
        }
    }
}
