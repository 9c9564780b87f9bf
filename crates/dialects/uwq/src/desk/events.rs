//! What the softphone posts (uwq.md §5), read leniently: any path, any type, one event or several.

use std::net::IpAddr;

use http::{Method, StatusCode};
use model::{CallId, Data, DeviceId, Number, PartyKind};

use super::{DeskSession, EventRequest, HttpResponse, calls::Call};
use crate::wire::{Event, ScreenPop, fault, limits::EVENT_BYTES_MAX, names};

impl DeskSession {
    /// Handles a request and returns the response.
    pub(super) fn posted(&mut self, from: IpAddr, request: &EventRequest) -> HttpResponse {
        let bytes = request.body().len();
        if request.method() != Method::POST {
            return fault(StatusCode::METHOD_NOT_ALLOWED, "an event must be sent with POST");
        }
        if !self.may_send(from) {
            return fault(StatusCode::FORBIDDEN, "events from this address are not accepted");
        }
        if bytes > EVENT_BYTES_MAX {
            let text = format!("the event has {bytes} bytes, at most {EVENT_BYTES_MAX} are allowed");
            return fault(StatusCode::PAYLOAD_TOO_LARGE, &text);
        }
        if self.closing {
            return fault(StatusCode::SERVICE_UNAVAILABLE, "Cordboard is stopping");
        }
        match Event::parse(request.body()) {
            Ok(events) => {
                events.into_iter().for_each(|event| self.take(event));
                HttpResponse::default()
            }
            Err(error) => fault(StatusCode::BAD_REQUEST, &error.to_string()),
        }
    }

    fn may_send(&self, from: IpAddr) -> bool {
        let from = from.to_canonical();
        let host = self.authority.host().trim_start_matches('[').trim_end_matches(']');
        from.is_loopback()
            || host.parse::<IpAddr>().is_ok_and(|host| host.to_canonical() == from)
            || self.config.event_senders.iter().any(|sender| sender.to_canonical() == from)
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::ScreenPop(pop) => self.popped(pop),
            Event::CallEstablished(source) => {
                let events = CallId::new(source).map(|call| self.calls.established(&call));
                events.into_iter().flatten().for_each(|event| self.report(event));
            }
            Event::CallReleased(source) => {
                let events = CallId::new(source).map(|call| self.calls.released(&call));
                events.into_iter().flatten().for_each(|event| self.report(event));
            }
            Event::Error(_) | Event::Other { .. } => {}
        }
    }

    fn popped(&mut self, pop: ScreenPop) {
        let Ok(id) = CallId::new(&pop.source) else { return };
        let again = pop.data.iter().any(|(name, _)| name == names::REANNOUNCE);
        if self.calls.is_known(&id, again) {
            return self.calls.announced_again(&id);
        }
        let Some(device) = self.device_of(&pop) else { return };
        let remote = self.remote(&pop.ani);
        let outgoing = self.take_dial(&device, &remote);
        let Some(dialled) = dialled(&pop, &device, outgoing.then_some(&remote)) else { return };
        if !outgoing {
            self.rings(&device);
        }
        let call = Call::new(device, remote, outgoing, dialled, data(&pop));
        let events = self.calls.popped(id, call);
        events.into_iter().for_each(|event| self.report(event));
    }

    /// The phone of a screen pop. By default `occtDNIS` is the agent's extension. If it is the dialed number, there must be only one agent.
    fn device_of(&self, pop: &ScreenPop) -> Option<DeviceId> {
        let named = self.agents.at(pop.dnis.trim()).map(|(_, agent)| agent);
        let mut registered = self.registered();
        let only = registered.next().filter(|_| registered.next().is_none());
        named.or(only).map(|agent| agent.device.clone())
    }

    fn remote(&self, ani: &str) -> PartyKind {
        let ani = ani.trim();
        match (DeviceId::new(ani), Number::new(ani)) {
            (Ok(device), _) if self.agents.at(ani).is_some() => PartyKind::Device(device),
            (_, Ok(number)) => PartyKind::Outside(number),
            (_, Err(_)) => PartyKind::Withheld,
        }
    }

    /// Whether the call is the last one requested at a phone. The softphone may have added a prefix to the number.
    fn take_dial(&mut self, device: &DeviceId, remote: &PartyKind) -> bool {
        let now = self.out.now();
        let found: String =
            remote.number().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        let matches = |digits: &str| {
            !found.is_empty()
                && !digits.is_empty()
                && (found.ends_with(digits) || digits.ends_with(found.as_str()))
        };
        let is_it = self.dialled.get(device).is_some_and(|(digits, until)| now <= *until && matches(digits));
        is_it && self.dialled.remove(device).is_some()
    }
}

fn dialled(pop: &ScreenPop, device: &DeviceId, to: Option<&PartyKind>) -> Option<Number> {
    let text = to.and_then(PartyKind::number).unwrap_or(&pop.dnis);
    Number::new(text).or_else(|_| Number::new(device.as_str())).ok()
}

/// The data of the call. Pairs above the limit are left out.
fn data(pop: &ScreenPop) -> Data {
    let mut data = Data::new();
    for (name, value) in pop.data.iter().filter(|(name, _)| name != names::REANNOUNCE) {
        if data.set(name, value).is_err() {
            break;
        }
    }
    data
}
