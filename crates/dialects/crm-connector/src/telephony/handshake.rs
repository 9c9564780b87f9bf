//! The handshake between connector and CRM page (crm-connector.md §3).

use model::Timestamp;
use session::Page;

use super::{TelephonySession, connector_page::Phase, page_messages::ToOwnPage};
use crate::wire::{
    ConnectorMessage, CrmData,
    limits::{CRM_DATA_REQUESTS, CRM_DATA_WITHIN, PING_EVERY, PING_FAST_FOR, PING_SLOW_EVERY},
};

impl TelephonySession {
    /// The connector page has reported its place. If it is allowed, the handshake starts.
    pub(super) fn page_located(&mut self, page: Page, origin: &str, offset_min: i32) {
        let allowed = self.allowed();
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        connector_page.offset_min = offset_min.clamp(-24 * 60, 24 * 60);
        if !connector_page.framed || !allowed.iter().any(|allowed| allowed == origin) {
            connector_page.phase = Phase::Refused;
            self.send(page, &ToOwnPage::OriginRefused { origin, allowed });
            return self.send_phase(page);
        }
        connector_page.around = Some(origin.into());
        self.greet(page);
    }

    /// The origins of the pages that may host the connector.
    fn allowed(&self) -> Vec<String> {
        self.projection.floor.crm_origins.iter().map(model::WebAddress::origin).collect()
    }

    fn greet(&mut self, page: Page) {
        let now = self.out.now();
        self.enter(page, Phase::Pinging { since: now, next: now });
        self.ping(page, now);
    }

    fn ping(&mut self, page: Page, since: Timestamp) {
        let now = self.out.now();
        let every = if now.since(since) < PING_FAST_FOR { PING_EVERY } else { PING_SLOW_EVERY };
        if let Some(connector_page) = self.pages.get_mut(&page) {
            connector_page.phase = Phase::Pinging { since, next: now + every };
            connector_page.pings = connector_page.pings.saturating_add(1);
        }
        self.post(page, &ConnectorMessage::Ready);
    }

    /// Handles `ready` from the CRM page. One answers each of the connector's; an extra one means that the CRM page has reloaded.
    pub(super) fn client_ready(&mut self, page: Page) {
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        let answers_ours = connector_page.pings > 0;
        connector_page.pings = connector_page.pings.saturating_sub(1);
        match connector_page.phase {
            Phase::Pinging { .. } => self.request_configuration(page, 1),
            Phase::Active if !answers_ours => self.request_configuration(page, 1),
            Phase::Opened | Phase::Refused | Phase::Requesting { .. } | Phase::Active => {}
        }
    }

    fn request_configuration(&mut self, page: Page, times: u32) {
        let until = self.out.now() + CRM_DATA_WITHIN;
        self.enter(page, Phase::Requesting { times, until });
        self.post(page, &ConnectorMessage::RequestCrmData);
    }

    /// Handles the configuration, requested or not.
    pub(super) fn configured(&mut self, page: Page, crm: CrmData) {
        let Some(connector_page) = self.pages.get(&page) else { return };
        match connector_page.phase {
            Phase::Requesting { .. } | Phase::Active => {
                self.activate(page, crm);
            }
            Phase::Opened | Phase::Refused | Phase::Pinging { .. } => {}
        }
    }

    fn activate(&mut self, page: Page, crm: CrmData) {
        let Some(connector_page) = self.pages.get_mut(&page) else { return };
        connector_page.crm = crm;
        connector_page.clicks_enabled = None;
        self.enter(page, Phase::Active);
        self.send_settings(page);
        self.start_work(page);
        self.update_click_to_dial(page);
        self.request_fields(page);
        self.send_all_progress(page);
        self.show_records(page);
    }

    /// Repeats overdue messages, or continues without a configuration.
    pub(super) fn handshake_due(&mut self, page: Page) {
        let now = self.out.now();
        let Some(phase) = self.pages.get(&page).map(|connector_page| connector_page.phase) else { return };
        match phase {
            Phase::Pinging { since, next } if next <= now => self.ping(page, since),
            Phase::Requesting { times, until } if until <= now && times < CRM_DATA_REQUESTS => {
                self.request_configuration(page, times + 1)
            }
            Phase::Requesting { until, .. } if until <= now => self.use_default_settings(page),
            Phase::Opened
            | Phase::Refused
            | Phase::Pinging { .. }
            | Phase::Requesting { .. }
            | Phase::Active => {}
        }
    }

    /// Continues with the previous configuration, or with the defaults.
    fn use_default_settings(&mut self, page: Page) {
        let text = "the CRM page did not send its configuration; defaults are used";
        self.send(page, &ToOwnPage::Notice { text });
        let before =
            self.pages.get(&page).map(|connector_page| connector_page.crm.clone()).unwrap_or_default();
        self.activate(page, before);
    }

    fn enter(&mut self, page: Page, phase: Phase) {
        if let Some(connector_page) = self.pages.get_mut(&page) {
            connector_page.phase = phase;
            self.send_phase(page);
        }
    }

    fn send_phase(&mut self, page: Page) {
        if let Some(phase) = self.pages.get(&page).map(|connector_page| connector_page.phase.as_str()) {
            self.send(page, &ToOwnPage::Phase { phase });
        }
    }

    fn send_settings(&mut self, page: Page) {
        let Some(connector_page) = self.pages.get(&page) else { return };
        let CrmData { settings, user, crm_name, has_directory, reloads, extensions: _ } =
            connector_page.crm.clone();
        self.send(
            page,
            &ToOwnPage::Settings {
                settings: &settings,
                user: &user,
                crm_name: &crm_name,
                has_directory,
                reloads,
            },
        );
    }
}
