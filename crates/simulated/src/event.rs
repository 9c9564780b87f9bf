//! The calls of an event.

use model::{CallId, SwitchEvent};

/// The calls that an event is about, without the call that another call grew out of.
pub(crate) fn calls_of(event: &SwitchEvent) -> impl Iterator<Item = &CallId> {
    let (first, second) = match event {
        SwitchEvent::LinkUp { .. }
        | SwitchEvent::PhonesListed { .. }
        | SwitchEvent::LinkDown { .. }
        | SwitchEvent::AgentRefused { .. } => (None, None),
        SwitchEvent::Queued { call, .. }
        | SwitchEvent::Originated { call, .. }
        | SwitchEvent::Established { call, .. }
        | SwitchEvent::Held { call, .. }
        | SwitchEvent::Retrieved { call, .. }
        | SwitchEvent::ConnectionCleared { call, .. }
        | SwitchEvent::Failed { call, .. }
        | SwitchEvent::RecordingStarted { call, .. }
        | SwitchEvent::CallInformation { call, .. } => (Some(call), None),
        SwitchEvent::Offered(delivery) | SwitchEvent::Delivered(delivery) => (Some(&delivery.call), None),
        SwitchEvent::Transferred { primary, consult, .. } => (Some(primary), consult.as_ref()),
        SwitchEvent::Conferenced { primary, consult, .. } => (Some(primary), Some(consult)),
    };
    first.into_iter().chain(second)
}
