//! Queries to the CRM: its directory and the definitions of custom fields (crm-connector.md §4.3, §4.10).

use session::Page;

use super::{TelephonySession, connector_page::UserRequest, page_messages::ToOwnPage};
use crate::wire::{
    ConnectorMessage, CustomFields, Directory,
    limits::{DIRECTORY_WITHIN, FIELDS_WITHIN},
};

impl TelephonySession {
    /// The agent has opened the address book. The CRM is queried each time.
    pub(super) fn request_directory(&mut self, page: Page) {
        if self.is_repeated(page, UserRequest::Directory) {
            return;
        }
        let until = self.out.now() + DIRECTORY_WITHIN;
        let Some(connector_page) =
            self.pages.get_mut(&page).filter(|connector_page| connector_page.is_active())
        else {
            return;
        };
        if !connector_page.crm.has_directory {
            return self.send(page, &ToOwnPage::Directory { answered: false, entries: &[] });
        }
        connector_page.directory_until = Some(until);
        connector_page.directory_requested = true;
        self.post(page, &ConnectorMessage::RequestGetCrmDirectory);
    }

    /// Handles the directory, also one that comes late. Ignores one that was not requested.
    pub(super) fn directory(&mut self, page: Page, directory: &Directory) {
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        connector_page.directory_until = None;
        if std::mem::take(&mut connector_page.directory_requested) {
            self.send(page, &ToOwnPage::Directory { answered: true, entries: &directory.0 });
        }
    }

    /// Requests the definitions of the configured custom fields, if there are any.
    pub(super) fn request_fields(&mut self, page: Page) {
        let until = self.out.now() + FIELDS_WITHIN;
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        let log = &connector_page.crm.settings.log;
        let (voice, digital) = (log.voice_fields.clone(), log.digital_fields.clone());
        if !log.enabled || voice.is_empty() && digital.is_empty() {
            return;
        }
        connector_page.fields_until = Some(until);
        connector_page.fields_requested = true;
        self.post(page, &ConnectorMessage::RequestCustomFieldsValues { voice, digital });
    }

    /// Handles the definitions, also ones that come late. An invalid answer counts as no fields.
    pub(super) fn fields(&mut self, page: Page, fields: Option<&CustomFields>) {
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        connector_page.fields_until = None;
        if std::mem::take(&mut connector_page.fields_requested) {
            self.send(page, &ToOwnPage::Fields(fields.unwrap_or(&CustomFields::default())));
        }
    }

    /// Shows the CRM's reports.
    pub(super) fn reports(&mut self, page: Page) {
        if self.is_repeated(page, UserRequest::Reports) {
            return;
        }
        let connector_page = self.pages.get(&page).filter(|connector_page| connector_page.is_active());
        if connector_page.is_some_and(|connector_page| connector_page.crm.settings.softphone.reports) {
            self.post(page, &ConnectorMessage::RequestOpenReports);
        }
    }

    /// Continues without the answers that are overdue.
    pub(super) fn queries_due(&mut self, page: Page) {
        let now = self.out.now();
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        if connector_page.directory_until.take_if(|until| *until <= now).is_some() {
            self.send(page, &ToOwnPage::Directory { answered: false, entries: &[] });
        }
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        if connector_page.fields_until.take_if(|until| *until <= now).is_some() {
            self.send(page, &ToOwnPage::Fields(&CustomFields::default()));
        }
    }
}
