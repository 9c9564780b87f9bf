//! Events of switches. The switch is authoritative for calls: its events are never rejected. When an event does not
//! match the known state, the hub requests the complete state.

mod answer;
mod arrive;
mod connect;
mod join;
mod leave;
mod link;
mod recording;

use model::{SwitchEvent, SwitchId, SwitchRequest};

pub(crate) use answer::answered;
pub(crate) use link::{lost, mark_links_down};

use crate::{agent, turn::Turn};

/// Handles an event of a switch.
pub(crate) fn handle_event(turn: &mut Turn, switch: &SwitchId, event: SwitchEvent) {
    match event {
        SwitchEvent::LinkUp { features, calls } => link::up(turn, switch, features, calls),
        SwitchEvent::PhonesListed { phones } => link::phones_listed(turn, switch, phones),
        SwitchEvent::LinkDown { why } => link::down(turn, switch, &why),
        SwitchEvent::Queued { .. } => arrive::queued(turn, switch, event),
        SwitchEvent::Originated { call, device, to, linked, data } => {
            arrive::originated(turn, switch, arrive::Origination { call, device, to, linked, data });
        }
        SwitchEvent::Offered(delivery) | SwitchEvent::Delivered(delivery) => {
            arrive::delivered(turn, switch, delivery)
        }
        SwitchEvent::Established { call, at } => connect::established(turn, switch, &call, &at),
        SwitchEvent::Held { call, device } => connect::held(turn, switch, &call, &device),
        SwitchEvent::Retrieved { call, device } => connect::retrieved(turn, switch, &call, &device),
        SwitchEvent::Transferred { device, primary, consult, into, parties } => {
            join::transferred(turn, switch, &device, &join::Join { primary, consult, into, parties });
        }
        SwitchEvent::Conferenced { device, primary, consult, into, parties } => {
            let consult = Some(consult);
            join::conferenced(turn, switch, &device, &join::Join { primary, consult, into, parties });
        }
        SwitchEvent::ConnectionCleared { call, at, cause } => leave::cleared(turn, switch, &call, &at, cause),
        SwitchEvent::Failed { call, device, cause } => leave::failed(turn, switch, &call, &device, cause),
        SwitchEvent::RecordingStarted { call, name } => recording::started(turn, switch, &call, &name),
        SwitchEvent::AgentRefused { agent, text } => agent::refused(turn, switch, &agent, &text),
        SwitchEvent::CallInformation { call, data } => arrive::informed(turn, switch, &call, &data),
    }
}

/// Asks for the complete state because an event does not match the known state.
pub(crate) fn request_snapshot(turn: &mut Turn, switch: &SwitchId) {
    turn.request(switch, None, None, SwitchRequest::Snapshot);
}
