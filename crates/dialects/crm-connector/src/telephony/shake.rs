//! How connector and page around find each other (crm-connector.md §3).

use model::Timestamp;
use session::Page;

use super::{Telephony, booth::Phase, words::ToOurs};
use crate::wire::{
    ConnectorMessage, CrmData,
    limits::{CRM_DATA_ASKS, CRM_DATA_WITHIN, PING_EVERY, PING_FAST_FOR, PING_SLOW_EVERY},
};

impl Telephony {
    /// Our page says where it stands. One of the floor's pages is greeted.
    pub(super) fn stands_in(&mut self, page: Page, origin: &str, offset_min: i32) {
        let allowed = self.allowed();
        let Some(booth) = self.booths.get_mut(&page) else { return };
        booth.offset_min = offset_min.clamp(-24 * 60, 24 * 60);
        if !booth.framed || !allowed.iter().any(|allowed| allowed == origin) {
            booth.phase = Phase::Refused;
            self.tell(page, &ToOurs::OriginRefused { origin, allowed });
            return self.tell_phase(page);
        }
        booth.around = Some(origin.into());
        self.greet(page);
    }

    /// Origins of the pages that may host the connector.
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
        if let Some(booth) = self.booths.get_mut(&page) {
            booth.phase = Phase::Pinging { since, next: now + every };
            booth.pings = booth.pings.saturating_add(1);
        }
        self.post(page, &ConnectorMessage::Ready);
    }

    /// The page around is there. One `ready` may come for each of ours; one more means that it began anew.
    pub(super) fn client_ready(&mut self, page: Page) {
        let Some(booth) = self.booths.get_mut(&page) else { return };
        let answers_ours = booth.pings > 0;
        booth.pings = booth.pings.saturating_sub(1);
        match booth.phase {
            Phase::Pinging { .. } => self.ask_configuration(page, 1),
            Phase::Active if !answers_ours => self.ask_configuration(page, 1),
            Phase::Opened | Phase::Refused | Phase::Asking { .. } | Phase::Active => {}
        }
    }

    fn ask_configuration(&mut self, page: Page, times: u32) {
        let until = self.out.now() + CRM_DATA_WITHIN;
        self.enter(page, Phase::Asking { times, until });
        self.post(page, &ConnectorMessage::RequestCrmData);
    }

    /// The configuration came, asked for or not.
    pub(super) fn configured(&mut self, page: Page, crm: CrmData) {
        let Some(booth) = self.booths.get(&page) else { return };
        match booth.phase {
            Phase::Asking { .. } | Phase::Active => {
                self.activate(page, crm);
            }
            Phase::Opened | Phase::Refused | Phase::Pinging { .. } => {}
        }
    }

    fn activate(&mut self, page: Page, crm: CrmData) {
        let Some(booth) = self.booths.get_mut(&page) else { return };
        booth.crm = crm;
        booth.clicks_enabled = None;
        self.enter(page, Phase::Active);
        self.tell_settings(page);
        self.start_work(page);
        self.settle_clicks(page);
        self.ask_fields(page);
        self.tell_all_progress(page);
        self.show_records(page);
    }

    /// What is overdue: greets again, asks again, or goes on without a configuration.
    pub(super) fn shake_due(&mut self, page: Page) {
        let now = self.out.now();
        let Some(phase) = self.booths.get(&page).map(|booth| booth.phase) else { return };
        match phase {
            Phase::Pinging { since, next } if next <= now => self.ping(page, since),
            Phase::Asking { times, until } if until <= now && times < CRM_DATA_ASKS => {
                self.ask_configuration(page, times + 1)
            }
            Phase::Asking { until, .. } if until <= now => self.do_without(page),
            Phase::Opened | Phase::Refused | Phase::Pinging { .. } | Phase::Asking { .. } | Phase::Active => {
            }
        }
    }

    /// What was said before stays; else the defaults do.
    fn do_without(&mut self, page: Page) {
        let text = "the CRM page did not send its configuration; the defaults are used";
        self.tell(page, &ToOurs::Notice { text });
        let before = self.booths.get(&page).map(|booth| booth.crm.clone()).unwrap_or_default();
        self.activate(page, before);
    }

    fn enter(&mut self, page: Page, phase: Phase) {
        if let Some(booth) = self.booths.get_mut(&page) {
            booth.phase = phase;
            self.tell_phase(page);
        }
    }

    fn tell_phase(&mut self, page: Page) {
        if let Some(phase) = self.booths.get(&page).map(|booth| booth.phase.word()) {
            self.tell(page, &ToOurs::Phase { phase });
        }
    }

    fn tell_settings(&mut self, page: Page) {
        let Some(booth) = self.booths.get(&page) else { return };
        let CrmData { settings, user, crm_name, has_directory, reloads, extensions: _ } = booth.crm.clone();
        self.tell(
            page,
            &ToOurs::Settings {
                settings: &settings,
                user: &user,
                crm_name: &crm_name,
                has_directory,
                reloads,
            },
        );
    }
}
