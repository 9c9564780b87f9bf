//! Asterisk's phones: its endpoints that have the form of an agent's phone.

use http::StatusCode;
use model::{DeviceId, SwitchEvent};
use serde::Deserialize;

use super::{DeskSession, effects::Purpose, picture::read};
use crate::wire::{Op, limits::PHONES_EVERY};

/// An endpoint (`rest-api/api-docs/endpoints.json` of Asterisk 22).
#[derive(Debug, Deserialize)]
struct Endpoint {
    technology: String,
    resource: String,
}

impl DeskSession {
    /// Requests the phones, unless the configuration states that Asterisk does not list them all.
    pub(super) fn read_phones(&mut self) {
        let Some(technology) = self.phone.listed_technology().filter(|_| self.config.list_phones) else {
            return;
        };
        self.phones_at = self.out.now() + PHONES_EVERY;
        self.send(Op::Endpoints(technology.into()), Purpose::Phones);
    }

    /// Reports the phones. An Asterisk that lists none does not know which phones exist.
    pub(super) fn phones_received(&mut self, status: StatusCode, body: &[u8]) {
        let endpoints = read::<Vec<Endpoint>>(status, body).unwrap_or_default();
        let phones: Vec<DeviceId> = endpoints.iter().filter_map(|endpoint| self.phone_at(endpoint)).collect();
        if self.is_up() && !phones.is_empty() {
            self.report(SwitchEvent::PhonesListed { phones });
        }
    }

    fn phone_at(&self, Endpoint { technology, resource }: &Endpoint) -> Option<DeviceId> {
        let endpoint = format!("{technology}/{resource}");
        DeviceId::new(self.phone.read(&endpoint)?).ok()
    }
}
