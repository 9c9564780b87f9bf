//! Maps places of the call engine to bridges of Asterisk.

use compact_str::CompactString;
use model::{CallId, QueueId};
use pbx::Place;

use super::OWN;

/// The bridge for parties on hold.
const HELD: &str = "cordboard-held";

/// The bridge of a place.
pub(super) fn bridge(place: &Place) -> Option<CompactString> {
    match place {
        Place::Alone | Place::Ringback => None,
        Place::Call(call) => Some(call_bridge(call)),
        Place::Queue(queue) => Some(format!("{OWN}queue-{queue}").into()),
        Place::Hold => Some(HELD.into()),
    }
}

/// The place of a bridge.
pub(super) fn place_in(bridge: &str) -> Place {
    let own = bridge.strip_prefix(OWN).unwrap_or_default();
    let queue = own.strip_prefix("queue-").and_then(|queue| QueueId::new(queue).ok()).map(Place::Queue);
    let call = call_of(bridge).map(Place::Call);
    let held = (bridge == HELD).then_some(Place::Hold);
    queue.or(call).or(held).unwrap_or(Place::Alone)
}

/// The call that a bridge belongs to.
pub(super) fn call_of(bridge: &str) -> Option<CallId> {
    CallId::new(bridge.strip_prefix(OWN)?.strip_prefix("call-")?).ok()
}

/// The bridge that connects the parties of a call.
pub(super) fn call_bridge(call: &CallId) -> CompactString {
    format!("{OWN}call-{call}").into()
}
